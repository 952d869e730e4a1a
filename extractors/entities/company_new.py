"""What new names of both scripts share: their record, their threshold, and what known companies beside them say."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence, Set
from itertools import accumulate
from typing import NamedTuple

from extractors.model import Kind

THRESHOLD = 1.3
# From which score on a name stands firm: it vouches for its neighbours in a list and for itself elsewhere.
FIRM = 1.7
# What known companies on no, one and both sides in a list add, and what one in brackets adds.
SIBLING = (0.0, 0.6, 1.0)
GLOSS = 1.2

_LIST_AFTER = re.compile(r"(?:[、/]|, (?:and |or )?| and | & | or |\s?[和与及]\s?|以及)(?:the )?")
_LIST_BEFORE = re.compile(r"(?:[、/]|, (?:and |or )?| and | & | or |\s?[和与及]\s?|以及)(?:the )?$")
# No word of a list with its spaces is longer.
_LIST_REACH = 12


class NewName(NamedTuple):
    """A name that no row knows; `name` is `text` without its legal form."""

    start: int
    end: int
    name: str
    kind: Kind
    score: float


class Spans:
    """Stretches of a text, and whether another one overlaps them.

    >>> known = Spans([(9, 12), (2, 4)])
    >>> known.overlap(0, 2), known.overlap(3, 9), known.overlap(4, 9), sorted(known.ends)
    (False, True, False, [4, 12])
    """

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self.spans = sorted(spans)
        self.starts = {start for start, _ in spans}
        self.ends = {end for _, end in spans}
        self._order = [start for start, _ in self.spans]
        self._reached = list(accumulate((end for _, end in self.spans), max))

    def overlap(self, start: int, end: int) -> bool:
        before = bisect_left(self._order, end)
        return before > 0 and self._reached[before - 1] > start


class Beside:
    """Where known companies start and end, to tell whether one stands next to a name in a list or in brackets.

    >>> companies = Beside({20}, {4}, 30)
    >>> companies.near(6, 9), companies.near(4, 8), companies.near(17, 20), companies.near(17, 19)
    (True, False, False, True)
    """

    def __init__(self, starts: Set[int], ends: Set[int], length: int) -> None:
        # One byte an offset of the text: many names are asked about, and few companies are known.
        self._before, self._behind = bytearray(length + 1), bytearray(length + 1)
        for start in starts:
            low = max(0, start - _LIST_REACH + 1)
            self._behind[low:start] = b"\1" * (start - low)
        for end in ends:
            high = min(length, end + _LIST_REACH) + 1
            self._before[end + 1 : high] = b"\1" * (high - end - 1)

    def near(self, start: int, end: int) -> bool:
        """Whether one starts behind a name, or ends before it, as near as lists and brackets have them."""
        return self._behind[end] == 1 or self._before[start] == 1


def count_siblings(folded: str, start: int, end: int, starts: Set[int], ends: Set[int]) -> int:
    """On how many sides a known company is the neighbour in a list; they start and end at the given offsets."""
    found = 0
    # Few names have a known one near, and a look at the offsets is quicker than one at the text.
    if not starts.isdisjoint(range(end + 1, end + _LIST_REACH)):
        after = _LIST_AFTER.match(folded, end)
        found += after is not None and after.end() in starts
    if not ends.isdisjoint(range(start - _LIST_REACH, start)):
        before = _LIST_BEFORE.search(folded, max(0, start - _LIST_REACH), start)
        found += before is not None and before.start() in ends
    return found


def glosses(folded: str, start: int, end: int, starts: Set[int], ends: Set[int]) -> bool:
    """Whether a name is the other name of a known company in brackets: 博通（Broadcom）, or has one behind it."""
    if folded[start - 1 : start] == "(" and folded[end : end + 1] == ")":
        return start - 1 in ends or (folded[start - 2 : start - 1] == " " and start - 2 in ends)
    behind = end + 1 if folded[end : end + 1] == " " else end
    return folded[behind : behind + 1] == "(" and behind + 1 in starts
