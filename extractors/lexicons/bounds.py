"""Words of estimate, from bounds.toml, and the bound that they give a stretch of text.

>>> bound_around("预计超过10万块左右", 4, 8, "zh")
'min'
>>> bound_around("up to about 8 GPUs", 12, 13, "en"), bound_around("8 GPUs", 0, 1, "en")
('max', 'exact')
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from extractors.errors import LexiconError
from extractors.lexicons.trie import trie
from extractors.model import Bound, Lang

_KINDS: tuple[Bound, ...] = ("about", "min", "max")
_WINDOW = 30
# What may stand between a word of estimate and the number, written backwards.
_FILLER = {
    "zh": r" {0,2}(?:[年月日天周时股吨升台人户题次] ?每 ?)?(?:[的了是为达有共需要] ?){0,2}",
    "en": r" {0,2}(?:(?:a|na|eht|sti|rieht|ylno|tsuj|rehtona|lanoitidda|latot a) )?",
}
# 过 is "more than" before a round number in words (过亿); before digits it ends a verb (花过100元).
_ROUND = frozenset("十百千万亿兆半数")
# What a word of estimate does not reach across: the end of its clause, or another number.
_STOP = r",。;!?、()「」“”\"\n:0-9"


@dataclass(frozen=True, slots=True)
class _Words:
    before: re.Pattern[str]
    """Matches reversed text from the number leftwards."""
    after: re.Pattern[str]
    kinds_before: dict[str, Bound | None]
    kinds_after: dict[str, Bound | None]
    reach: re.Pattern[str] | None
    kinds_reach: dict[str, Bound]
    reach_chars: int
    capacity: re.Pattern[str] | None
    last: frozenset[str]
    """The characters that a word of estimate or a filler ends with, to look no further at most numbers."""
    first: frozenset[str]


def _key(word: str) -> str:
    return word.lower().replace(" ", "")


def _pattern(words: Iterable[str]) -> str:
    """Any of the words; one that ends in a Latin letter must end there."""
    words = list(words)
    latin = [w for w in words if w[-1].isascii() and w[-1].isalpha()]
    other = [w for w in words if w not in latin]
    return "|".join(([trie(latin) + "(?![A-Za-z])"] if latin else []) + ([trie(other)] if other else []))


def _capacity(table: dict[str, list[str]]) -> re.Pattern[str] | None:
    """`支持多达` is a limit, `成本高达` is not."""
    if "capacity" not in table:
        return None
    cues, words = "|".join(table["capacity_cues"]), "|".join(table["capacity"])
    return re.compile(rf"(?:{cues})[^,。;!?]{{0,20}}?(?:{words})了? ?$")


@cache
def _words(lang: Lang) -> _Words:
    table = tomllib.loads(files("extractors.lexicons").joinpath("bounds.toml").read_text("utf-8"))[lang]
    before: dict[str, Bound | None] = {}
    after: dict[str, Bound | None] = {}
    reach: dict[str, Bound] = {}
    surfaces: dict[str, list[str]] = {"before": list(table["neutral"]), "after": list(table["neutral"])}
    for kind in _KINDS:
        for place, words in (("before", before), ("after", after)):
            surfaces[place] += table[kind][place]
            for word in table[kind][place]:
                if words.setdefault(_key(word), kind) != kind:
                    raise LexiconError(f"{word!r} is {words[_key(word)]} and {kind}", file="bounds.toml", line=1)
        reach |= dict.fromkeys(table[kind].get("reach", ()), kind)
    for word in table["neutral"]:
        before.setdefault(_key(word), None)
        after.setdefault(_key(word), None)
    return _Words(
        re.compile(_FILLER[lang] + "(" + _pattern(w[::-1] for w in surfaces["before"]) + ")", re.I),
        re.compile("[ -]?(" + _pattern(surfaces["after"]) + ")", re.I),
        before,
        after,
        re.compile(f"({trie(reach)})(?![价点峰值时院法检人纪记分气位])[^{_STOP}]*$") if reach else None,
        reach,
        table["reach_chars"],
        _capacity(table["max"]),
        frozenset(c for w in before for c in (w[-1], w[-1].upper()))
        | frozenset(" 的了是为达有共需要年月日天周时股吨升台人户题次"),
        frozenset(c for w in after for c in (w[0], w[0].upper())) | frozenset(" -"),
    )


def bound_before(folded: str, start: int, lang: Lang) -> Bound:
    """The bound that the words before `start` give; `min` and `max` win over an `about` inside them."""
    words = _words(lang)
    found: Bound = "exact"
    if start and folded[start - 1] in words.last:
        window = folded[max(0, start - _WINDOW) : start][::-1]
        at = 0
        for _ in range(3):
            hit = words.before.match(window, at)
            if hit is None:
                break
            kind = words.kinds_before[_key(hit[1][::-1])]
            if hit[1] == "过" and folded[start] not in _ROUND:
                return found
            if kind != "about":
                return kind or found
            found = kind
            at = hit.end()
    capacity = words.capacity if "达" in folded[max(0, start - 3) : start] else None
    if capacity and capacity.search(folded, max(0, start - _WINDOW), start):
        return "max"
    if words.reach and found == "exact":
        hit = words.reach.search(folded, max(0, start - words.reach_chars), start)
        if hit is not None:
            return words.kinds_reach[hit[1]]
    return found


def bound_after(folded: str, end: int, lang: Lang) -> Bound:
    """The bound that the words after `end` give."""
    words = _words(lang)
    if end >= len(folded) or folded[end] not in words.first:
        return "exact"
    hit = words.after.match(folded, end)
    return (words.kinds_after[_key(hit[1])] if hit else None) or "exact"


def bound_around(folded: str, start: int, end: int, lang: Lang) -> Bound:
    """The bound of `folded[start:end]` from the words on both sides; `min` and `max` win over `about`."""
    before = bound_before(folded, start, lang)
    if before in ("min", "max"):
        return before
    after = bound_after(folded, end, lang)
    return after if after != "exact" else before
