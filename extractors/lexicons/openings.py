"""With which characters a match of a regular expression can begin, to ask it only where it has a chance.

A list of a hundred cues is tried at every candidate and rarely matches; a look at two or three characters, remembered,
tells most places where it can't.

>>> cues = Openings([re.compile("(?:has )?announced?"), re.compile(r"[(]NYSE|\\s?(?i:ceo)")], 2)
>>> cues["an"], cues["ha"], cues["(N"], cues[" c"], cues["Ce"], cues["he"], cues["h"]
(1, 1, 2, 2, 2, 0, 0)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Final, TypeVar

from extractors.lexicons.backwards import ATOM, GROUP, QUANTIFIER, unknown

_Verdict = TypeVar("_Verdict")
_Prefixes = set[tuple[str, ...]]
"""Sequences of one-character patterns, as short as the whole match or as long as was asked for."""
_EDGE = re.compile(r"\\[bB]")
_ESCAPED = re.compile(r"\\[^\w\s]")
_MOST: Final = 1 << 15
"""How many strings are remembered, some 3 MB of them; then all are forgotten."""


class Remembered(dict[str, _Verdict]):
    """What was once found out about a string; `find` finds it out."""

    def find(self, key: str) -> _Verdict:
        raise NotImplementedError

    def __missing__(self, key: str) -> _Verdict:
        verdict = self.find(key)
        if len(self) >= _MOST:
            self.clear()
        self[key] = verdict
        return verdict


class Openings(Remembered[int]):
    """For the first `length` characters of a text: bit `i` says that a match of `patterns[i]` can begin with them.

    A shorter key stands for a text that ends there. Patterns are of the kind that `backwards` turns round, and `\\b`.
    """

    def __init__(self, patterns: Sequence[re.Pattern[str]], length: int) -> None:
        super().__init__()
        self._length = length
        self._tests = [_test(pattern, length) for pattern in patterns]

    def find(self, key: str) -> int:
        opening = key[: self._length]
        return sum(can_open(opening) << i for i, can_open in enumerate(self._tests))


def _test(pattern: re.Pattern[str], length: int) -> Callable[[str], bool]:
    prefixes, end = _alternatives(pattern.pattern, 0, length, ignore_case=bool(pattern.flags & re.I))
    if end < len(pattern.pattern):
        raise unknown(pattern.pattern, end)
    plain: set[str] = set()
    others: set[str] = set()
    for atoms in prefixes:
        characters = [_character(atom) for atom in atoms]
        if None in characters:
            others.add("".join(atoms))
        else:
            plain.add("".join(c for c in characters if c is not None))
    other = re.compile("|".join(sorted(others)) or "(?!)")

    def can_open(text: str) -> bool:
        return any(text[:n] in plain for n in range(len(text) + 1)) or other.match(text) is not None

    return can_open


def _character(atom: str) -> str | None:
    """The one character that an atom stands for."""
    return atom if len(atom) == 1 and atom != "." else atom[1] if _ESCAPED.fullmatch(atom) else None


def _alternatives(pattern: str, at: int, length: int, *, ignore_case: bool) -> tuple[_Prefixes, int]:
    """How the alternatives from `at` to the end of their group begin, and where that is."""
    found: _Prefixes = set()
    begun: _Prefixes = {()}
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "|":
            found |= begun
            begun = {()}
            at += 1
            continue
        if edge := _EDGE.match(pattern, at):
            at = edge.end()
            continue
        if group := GROUP.match(pattern, at):
            part, end = _alternatives(pattern, group.end(), length, ignore_case=ignore_case or "i" in group[0])
            if end == len(pattern) or "-" in group[0]:
                raise unknown(pattern, at)
            at = end + 1
        elif atom := ATOM.match(pattern, at):
            part, at = {(f"(?i:{atom[0]})" if ignore_case else atom[0],)}, atom.end()
        else:
            raise unknown(pattern, at)
        if quantifier := QUANTIFIER.match(pattern, at):
            part, at = _repeated(part, quantifier[0], length), quantifier.end()
        begun = _joined(begun, part, length)
    return found | begun, at


def _joined(begun: _Prefixes, part: _Prefixes, length: int) -> _Prefixes:
    return {(a + b)[:length] for a, b in product(begun, part)} if any(len(a) < length for a in begun) else begun


def _repeated(part: _Prefixes, quantifier: str, length: int) -> _Prefixes:
    least, most = _times(quantifier, length)
    found: _Prefixes = set()
    for n, begun in enumerate(_powers(part, length)):
        if n >= least:
            found |= begun
        if n >= max(most, least):
            break
    return found


def _powers(part: _Prefixes, length: int) -> Iterator[_Prefixes]:
    begun: _Prefixes = {()}
    while True:
        yield begun
        begun = _joined(begun, part, length)


def _times(quantifier: str, length: int) -> tuple[int, int]:
    """How often something is repeated; more than `length` times tells no more of how it begins."""
    sign = quantifier[0]
    if sign != "{":
        return int(sign == "+"), 1 if sign == "?" else length
    low, _, high = quantifier.rstrip("?").strip("{}").partition(",")
    least = int(low or 0)
    most = least if "," not in quantifier else int(high) if high else length
    return min(least, length), min(most, length)
