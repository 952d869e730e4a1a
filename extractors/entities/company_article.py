"""The whole article: a name established once is found everywhere in it, in its short form too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ahocorasick_rs import AhoCorasick, MatchKind

from extractors.entities.company_known import bounded
from extractors.entities.company_new_latin import NewName
from extractors.lexicons.english_words import is_common, is_first_name
from extractors.lexicons.name_words import chinese, english


def short_form(name: str) -> str | None:
    """What an article calls a firm after its full name; `None` where nothing shorter is safe.

    >>> short_form("Zephyra Robotics"), short_form("燧明科技"), short_form("Big Machine"), short_form("Zephyra")
    ('Zephyra', '燧明', None, None)
    """
    if name.isascii():
        first, _, rest = name.partition(" ")
        lower = first.lower()
        safe = len(first) >= 4 and not is_common(first) and not is_first_name(first) and lower not in english().places
        last = rest.rpartition(" ")[2].lower()
        known_ending = last in english().trade or last in english().investor or last in english().legal
        return first if rest and safe and known_ending else None
    lists = chinese()
    for ending in (*lists.investor, *lists.trade):
        core = name.removesuffix(ending)
        if core != name and 2 <= len(core) <= 3 and core not in lists.plain:
            return core
    return None


def repeated(folded: str, new: Sequence[NewName], taken: Iterable[tuple[int, int]]) -> list[NewName]:
    """The further mentions of new names, full and short, outside the spans that are taken."""
    forms: dict[str, NewName] = {}
    for name in new:
        forms.setdefault(name.name, name)
        if (short := short_form(name.name)) is not None:
            forms.setdefault(short, name)
    if not forms:
        return []
    used = {i for start, end in taken for i in range(start, end)}
    patterns = list(forms)
    automaton = AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest)
    found = []
    for pattern, start, end in automaton.find_matches_as_indexes(folded):
        if used.isdisjoint(range(start, end)) and bounded(folded, start, end):
            first = forms[patterns[pattern]]
            found.append(NewName(start, end, first.name, first.kind, first.score))
    return found
