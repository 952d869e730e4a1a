"""The whole article: a name established once is found everywhere in it, in its short form too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from extractors.entities.company_known import bounded
from extractors.entities.company_new import FIRM, NewName
from extractors.lexicons.english_words import is_common, is_first_name
from extractors.lexicons.name_words import chinese, english

# A name with more unheld mentions than this for each held one is dropped, unless it stands firm.
CHANCE = 3


@lru_cache(maxsize=1 << 12)
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


def over_the_article(folded: str, new: Sequence[NewName], known: Iterable[tuple[int, int]]) -> list[NewName]:
    """The new names and their further mentions, full and short, outside the known spans, in no order.

    A name that stands firm somewhere, or holds twice, is found everywhere. One that holds only here and there among
    many mentions was a chance hit, and is dropped.
    """
    if not new:
        return []
    new = _apart(new)
    full = {short: name.name for name in new if (short := short_form(name.name)) is not None}
    held: dict[str, list[NewName]] = {}
    for name in new:
        # The short form is the same company, also where it was found by itself.
        whole = full.get(name.name, name.name)
        held.setdefault(whole, []).append(name._replace(name=whole))
    forms = {written: written for written in held} | {short: whole for short, whole in full.items() if whole in held}
    used = {i for start, end in known for i in range(start, end)}
    used.update(i for n in new for i in range(n.start, n.end))
    patterns = list(forms)
    more: dict[str, list[NewName]] = {}
    # Built for one text and a few names: of all kinds this one is built the quickest.
    kind = Implementation.NoncontiguousNFA
    automaton = AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest, implementation=kind)
    for pattern, start, end in automaton.find_matches_as_indexes(folded):
        if used.isdisjoint(range(start, end)) and bounded(folded, start, end):
            whole = forms[patterns[pattern]]
            more.setdefault(whole, []).append(held[whole][0]._replace(start=start, end=end))
    found: list[NewName] = []
    for whole, mentions in held.items():
        others = more.get(whole, [])
        firm = max(m.score for m in mentions) >= FIRM
        if not firm and len(others) > CHANCE * len(mentions):
            continue
        found += mentions
        if firm or len(mentions) > 1:
            found += others
    return found


def _apart(new: Sequence[NewName]) -> list[NewName]:
    """The names without those that overlap one of a better score."""
    taken: set[int] = set()
    kept = []
    for name in sorted(new, key=lambda n: (-n.score, n.start - n.end)):
        if taken.isdisjoint(range(name.start, name.end)):
            taken.update(range(name.start, name.end))
            kept.append(name)
    return sorted(kept, key=lambda n: n.start)
