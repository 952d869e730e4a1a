"""The signs of a farm that a quick look sees: strings where farms drop something in, as numbers.

A sign is a string that stands where a clause or a paragraph begins, or after 的 or a little English word: with a
headline one of its pieces, without one a string that comes back there. `PLACE` names the numbers of one string,
`ARTICLE` those of all of them together.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from extractors.pages import charpairs, wordpairs
from extractors.text import fold

PLACE = {
    "zh": (
        "bias", "jump", "after", "bridge", "lead", "mean", "worst", "slots", "free", "begins", "foreign", "cut_left",
        "cut_right", "two", "four", "de", "end", "mark", "inner", "seam", "length", "followers",
        "advert", "long_advert",
    ),
    "en": (
        "bias", "jump", "after", "bridge", "lead", "mean", "worst", "slots", "free", "begins", "two", "three", "opener",
        "end", "fresh", "lower_begins", "upper_inside", "upper_known", "upper_follows", "runs_on", "rare", "length",
        "followers", "lower_follows",
    ),
}  # fmt: skip
ARTICLE = ("bias", "best_four", "all", "likely", "sure", "links", "length", "strings", "repeated")
_TRIED = 6
"""Places of one string that are looked at."""
_LETTER = "\u3400-\u9fffA-Za-z0-9"
_MARKS = ",。、;:!?”),，；：！？）"
_SLOT = re.compile(rf"[{_MARKS}的\n]([{_LETTER}]{{2}})")
_OPENERS = frozenset(_MARKS + "的\n")
_ADVERT = 4
"""Characters from which what comes back behind a string may be an advert."""
_NO_LETTER = re.compile(rf"[^{_LETTER}]+")
_EN_HEAD = re.compile(r"[^\s,.;:!?\"“”‘’()\[\]—–|]+")
_EN_MARKS = tuple(',.;:!?”"')
_EN_STOPS = tuple('.!?”"')
_SMALL = ("the", "of", "and", "to", "a", "an", "in", "for", "on", "with", "as", "is", "it", "its", "at", "by")
_EN_COMMON = frozenset([*_SMALL, *(word.capitalize() for word in _SMALL), "-", "&"])
_EN_OPENERS = frozenset(["the", "of", "and", "to", "a"])


@dataclass(frozen=True, slots=True)
class Sign:
    """One string: where it stands, its cells `begin:stop` in the headline (-1 for none), and its numbers."""

    unit: str
    places: list[int]
    """Offsets in the paragraphs joined by line ends, one before the first (Chinese); numbers of words (English)."""
    begin: int
    stop: int
    numbers: list[float]


def signs_zh(title: str | None, paragraphs: Sequence[str]) -> list[Sign]:
    """The signs in a Chinese article; none where there are too few for a farm."""
    text = "\n" + "\n".join(paragraphs) + "\n"
    head = _NO_LETTER.sub("", title) if title else ""
    ours = frozenset(head)
    if head:
        wanted = {p for p in set(_SLOT.findall(text)) if p[0] in ours and (p[1] in ours or p[1].isascii())}
    else:
        wanted = {p for p, n in Counter(_SLOT.findall(text)).items() if n > 1}
    if len(wanted) < 2:
        return []
    length = math.log(len(text) / 1000 + 0.2)
    out = []
    for pair in sorted(wanted):
        at = head.find(pair)
        places = []
        i = text.find(pair)
        while i >= 0:
            if text[i - 1] in _OPENERS:
                places.append(i)
            i = text.find(pair, i + 2)
        readings = [_read_on(text, i, head, ours, at) for i in places[:_TRIED]]
        best = max(readings, default=None)
        if best is None:
            continue
        tail = _tail(text, places, best.cells) if len(places) > 1 else 0
        if best.jump > 0 or tail >= _ADVERT:
            out.append(_sign_zh(text, head, places, readings, best, tail, length))
    return out


class _Reading(NamedTuple):
    """A string at one place, at its best length: how much likelier the text reads on without it, in nats."""

    jump: float
    cells: int
    after: float
    """Cost of what follows, after the string."""
    bridge: float
    """Cost of what follows, after what stands before the string."""
    place: int


@lru_cache(maxsize=1 << 15)
def _cost(first: str, second: str) -> float:
    """The cost of a pair as it is written: folding the little that is read would cost more than all the rest."""
    return charpairs.cost(fold(first), fold(second))


def _read_on(text: str, i: int, head: str, ours: frozenset[str], h: int) -> _Reading:
    window = text[i - 1 : i + 8]
    before = "^" if window[0] == "\n" else window[0]
    best = _Reading(-99.0, 2, 0.0, 0.0, i)
    for n in range(2, min(6, len(window) - 2) + 1):
        if n > 2:
            if h >= 0:
                if window[n] != head[h + n - 1 : h + n]:
                    break
            elif n > 4 or window[n] == "\n" or (ours and window[n] not in ours):
                break
        follows = window[n + 1]
        if follows == "\n":
            follows = "$"
        after, bridge = _cost(window[n], follows), _cost(before, follows)
        if after - bridge > best.jump:
            best = _Reading(after - bridge, n, after, bridge, i)
    return best


def _tail(text: str, places: list[int], cells: int) -> int:
    """The most characters that two places of a string have in common behind it, up to a mark: an advert's, perhaps."""
    tails = sorted(text[i + cells : i + cells + 24] for i in places[: 2 * _TRIED])
    most = 0
    for x, y in pairwise(tails):
        n = 0
        while n < min(len(x), len(y)) and x[n] == y[n] and x[n] not in _OPENERS:
            n += 1
        most = max(most, n)
    return most


def _sign_zh(
    text: str, head: str, places: list[int], readings: list[_Reading], best: _Reading, tail: int, length: float
) -> Sign:
    i, n = best.place, best.cells
    unit = text[i : i + n]
    follows = text[i + n]
    begin = head.find(unit) if head else -1
    stop = begin + n if begin >= 0 else -1
    cut_left = min(8.0, _cost(head[begin - 1], head[begin])) if begin > 0 else 8.0
    cut_right = min(8.0, _cost(head[stop - 1], head[stop])) if 0 <= stop < len(head) else 8.0
    before = text[i - 1]
    jumps = [r.jump for r in readings]
    seam = text.count(unit[-1] + follows) - 1 if follows != "\n" else 0
    return Sign(unit, places, begin, stop, [
        1.0, min(8.0, best.jump), min(12.0, best.after), min(12.0, best.bridge),
        min(10.0, _cost("^" if before == "\n" else before, unit[0])),
        max(-6.0, min(6.0, sum(jumps) / len(jumps))), max(-6.0, min(jumps)), math.log(len(places)),
        math.log(1 + max(0, text.count(unit) - len(places))), begin == 0, begin < 0, cut_left, cut_right, n == 2,
        n >= 4, before == "的", follows == "\n", follows in _MARKS,
        min(8.0, sum(map(_cost, unit, unit[1:]))), math.log(1 + max(0, seam)), length,
        len({text[p + n : p + n + 1] for p in places[:_TRIED]}) / len(readings),
        tail >= _ADVERT, max(0, tail - _ADVERT),
    ])  # fmt: skip


def signs_en(title: str | None, paragraphs: Sequence[str]) -> list[Sign]:
    """The signs in an English article; none where there are too few for a farm."""
    words = f"^ {' ^ '.join(paragraphs)} ^".split()
    head = _EN_HEAD.findall(title or "")
    at: dict[str, list[int]] = {}
    for h, word in enumerate(head):
        if word != "^":  # stands between paragraphs
            at.setdefault(word, []).append(h)
    where: dict[tuple[str, ...], list[int]] = {}
    begins: dict[tuple[str, ...], int] = {}
    free: Counter[tuple[str, ...]] = Counter()
    if head:
        # The words in common, and a little one only where another of them follows.
        spots = [i for i, word in enumerate(words) if word in at and (word not in _EN_COMMON or words[i + 1] in at)]
        for i in spots:
            m, begin = 0, -1
            for h in at[words[i]][:4]:
                if h and words[i - 1] == head[h - 1]:
                    continue
                n = 1
                while n < 4 and h + n < len(head) and words[i + n] == head[h + n]:
                    n += 1
                if n > m:
                    m, begin = n, h
            if not m or (m == 1 and words[i] in _EN_COMMON):
                continue
            unit = tuple(words[i : i + m])
            before = words[i - 1]
            if before in _EN_OPENERS or before == "^" or words[i + m] == "^" or before.endswith(_EN_MARKS):
                where.setdefault(unit, []).append(i)
                begins[unit] = begin
            else:
                free[unit] += 1
    else:
        where = _come_back(words)
    if len(where) < 2:
        return []
    known = {word.lower() for unit in where for word in unit}.intersection(words)
    length = math.log(len(words) / 500 + 0.2)
    return [_sign_en(words, known, unit, places, begins.get(unit, -1), free[unit], length)
            for unit, places in where.items()]  # fmt: skip


def _come_back(words: list[str]) -> dict[tuple[str, ...], list[int]]:
    """The strings that come back where something could have been dropped in, each at its longest."""
    slots = [
        i + 1
        for i, word in enumerate(words[:-1])
        if (word[-1] in ',.;:!?”"^' or word in _EN_OPENERS)
        and words[i + 1] != "^"
        and words[i + 1][-1] not in ',.;:!?”"'
    ]
    firsts = Counter(words[i] for i in slots)
    slots = [i for i in slots if firsts[words[i]] > 1]
    where: dict[tuple[str, ...], list[int]] = {}
    for n in (1, 2, 3):
        units: dict[tuple[str, ...], list[int]] = {}
        for i in slots:
            if i + n < len(words) and words[i + n - 1] != "^" and words[i + n - 1][-1] not in ',.;:!?”"':
                units.setdefault(tuple(words[i : i + n]), []).append(i)
        units = {u: places for u, places in units.items() if len(places) > 1}
        for u in units:
            shorter = where.get(u[:-1])
            if shorter is not None and len(shorter) == len(units[u]):
                del where[u[:-1]]
        where.update(units)
        slots = [i for places in units.values() for i in places]
    return {u: places for u, places in where.items() if len(u) > 1 or u[0] not in _EN_COMMON}


def _sign_en(
    words: list[str], known: set[str], unit: tuple[str, ...], places: list[int], begin: int, free: int, length: float
) -> Sign:
    n = len(unit)
    last = unit[-1].lower()
    jumps: list[float] = []
    best = (-99.0, 0.0, 0.0, 0)
    for i in places[:_TRIED]:
        before, follows = words[i - 1], words[i + n]
        if before != "^" and before.endswith(_EN_MARKS):
            before = before[-1]
        if follows == "^":
            follows = "$"
        after = wordpairs.cost(last, follows.lower())
        bridge = wordpairs.cost(before.lower(), follows.lower())
        jump = after - bridge
        if (before == "^" or before in _EN_STOPS) and follows[0].isupper():
            jump += 1.5  # a new sentence does not begin twice
        jumps.append(jump)
        best = max(best, (jump, after, bridge, i))
    jump, after, bridge, i = best
    before, follows = words[i - 1], words[i + n]
    fresh = before == "^" or before.endswith(_EN_STOPS)
    upper = [w[0].isupper() for w in unit]
    lead = before[-1] if before.endswith(_EN_MARKS) else before
    return Sign(" ".join(unit), places, begin, begin + n if begin >= 0 else -1, [
        1.0, jump, after, bridge, wordpairs.cost(lead.lower(), unit[0].lower()),
        max(-6.0, min(6.0, sum(jumps) / len(jumps))), min(jumps), math.log(len(places)), math.log(1 + free),
        begin == 0, n == 2, n >= 3, before in _EN_OPENERS, follows == "^", fresh, fresh and not upper[0],
        not fresh and upper[0], sum(u and w.lower() in known for u, w in zip(upper, unit, strict=True)) * (not fresh),
        fresh and follows[0].isupper(), follows == "^" and fresh,
        sum(w not in _EN_COMMON and wordpairs.kind(w.lower()) == "-x" for w in unit), length,
        len({words[p + n] for p in places[:_TRIED]}) / len(jumps), not fresh and follows[0].islower(),
    ])  # fmt: skip


def together(signs: Sequence[Sign], scores: Sequence[float], size: int) -> list[float]:
    """The numbers named in `ARTICLE`: `scores` are the log odds of the signs, `size` the article's characters."""
    spots = sorted((i, s.begin, s.stop) for s in signs if s.begin >= 0 for i in s.places)
    ordered = sorted(scores, reverse=True)
    return [
        1.0, sum(max(0.0, x + 2) for x in ordered[:4]), sum(max(0.0, x + 1) for x in scores),
        sum(x > 0 for x in scores), sum(x > 2 for x in scores),
        min(10, sum(a[2] == b[1] for a, b in pairwise(spots))), math.log(size + 1.0), len(signs),
        sum(len(s.places) > 1 for s in signs),
    ]  # fmt: skip
