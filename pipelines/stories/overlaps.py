"""Which of many sketched texts overlap: an inverted index from sampled shingles to texts, in sorted arrays.

Texts come in batches, numbered on; each batch is one sorted array of 8 bytes a sampled shingle. A new batch is looked
up in all earlier ones and in itself. A shingle that many texts share (a reprinted story, a site's standing footer)
leads only to the first few of them, so that work stays linear.

    63 ............... 32 31 .............. 6 5 ...... 1 0
    a part of the hash    number of the text  digits     head
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pipelines.stories.sketches import DIGIT_BITS, HEAD_BITS, LEVELS, MARKS, Hashes, sizes

FIRST: Final = 8
"""Texts of one batch that a shared shingle leads to: the first that had it."""
LEAST: Final = 4
"""Sampled shingles that two texts must share before they count as overlapping at all."""
MOST: Final = 1 << (32 - MARKS)
"""Texts that an index can number."""

Numbers = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_MARKS = np.uint64(MARKS)
_NUMBER_BITS = np.uint64(32 - MARKS)
_NUMBER = np.uint64(MOST - 1)
_DIGITS = np.uint64(((1 << DIGIT_BITS) - 1) << HEAD_BITS)
_HEAD = np.uint64(1)
_BLOCK: Final = 10_000


class Overlaps(NamedTuple):
    """Pairs of texts, the later first, each pair with what their sketches have in common.

    `share` is the part of the smaller text that stands in the other too, `head` the part of the smaller head that
    stands in the other head, from 0 to 1. `kept` and `changed` count shared sampled shingles with digits: with the
    same ones, and with others.
    """

    later: Numbers
    earlier: Numbers
    share: Shares
    head: Shares
    kept: Numbers
    changed: Numbers


class OverlapIndex:
    """Texts by number, in order of `add`. Memory: 8 bytes a sampled shingle and 28 a text."""

    def __init__(self) -> None:
        self._postings: list[Hashes] = []
        self._sizes: list[npt.NDArray[np.uint16]] = []
        self._count = 0

    def add(self, sketches: Sequence[Hashes], least_share: float | None) -> Overlaps:
        """Number these texts on, and say which earlier ones, also of this batch, each overlaps by `least_share`.

        `None` compares nothing: for texts that were compared before. Raises `OverflowError` after `MOST` texts.
        """
        start, self._count = self._count, self._count + len(sketches)
        if self._count > MOST:
            raise OverflowError(f"more than {MOST:,} articles in the window of stories")
        batch = _postings(sketches, start)
        self._sizes.append(
            np.array([sizes(one) for one in sketches], dtype=np.uint16).reshape(len(sketches), 2, LEVELS)
        )
        self._postings.append(batch)
        compared = [] if least_share is None else self._postings
        pairs = [_shared(batch, earlier) for earlier in compared]
        return self._measured(np.concatenate([*pairs, np.zeros(0, dtype=np.uint64)]), least_share or 0.0)

    def _measured(self, met: Hashes, least_share: float) -> Overlaps:
        met.sort()
        pairs = met >> _MET
        first = np.flatnonzero(np.concatenate([[True], pairs[1:] != pairs[:-1]])) if len(pairs) else np.zeros(0, int)
        found = pairs[first]

        def count(which: npt.NDArray[np.bool_]) -> Numbers:
            return np.add.reduceat(which, first, dtype=np.int64) if len(first) else np.zeros(0, dtype=np.int64)

        changed, kept = count(met & _CHANGED > 0), count(met & _KEPT > 0)
        shared = count(met & _CHANGED == 0)
        heads = count(met & (_CHANGED | _BOTH_HEADS) == _BOTH_HEADS)
        enough = shared >= LEAST
        found, shared, heads, kept, changed = (x[enough] for x in (found, shared, heads, kept, changed))
        later, earlier = (found >> _NUMBER_BITS).astype(np.int64), (found & _NUMBER).astype(np.int64)
        if len(self._sizes) > 1:
            self._sizes = [np.concatenate(self._sizes)]
        sizes_ = self._sizes[0]
        # Both counted at the level of the one that is sampled more thinly.
        levels = (sizes_[:, 0] == sizes_[:, 0, :1]).sum(axis=1) - 1
        level = np.maximum(levels[later], levels[earlier])
        share, head = (
            np.minimum(1.0, part / np.maximum(1, np.minimum(sizes_[later, row, level], sizes_[earlier, row, level])))
            for row, part in enumerate((shared, heads))
        )
        enough = share >= least_share
        return Overlaps(*(x[enough] for x in (later, earlier, share, head, kept, changed)))


def _postings(sketches: Sequence[Hashes], start: int) -> Hashes:
    """Their hashes with the numbers from `start` on, sorted. Made block by block, to be held in memory only once."""
    ends = np.cumsum([0, *(len(one) for one in sketches)])
    batch = np.empty(ends[-1], dtype=np.uint64)
    for first in range(0, len(sketches), _BLOCK):
        block = sketches[first : first + _BLOCK]
        hashes = np.concatenate(block)
        numbers = np.arange(start + first, start + first + len(block), dtype=np.uint64) << _MARKS
        numbers = np.repeat(numbers, np.diff(ends[first : first + len(block) + 1]))
        # 32 bits of the hash find the text; by chance two of ten million shingles agree in them, and LEAST of a text's
        # few hundred never do.
        marked = ((hashes >> _MARKS) << _HALF) | numbers | (hashes & (_DIGITS | _HEAD))
        batch[ends[first] : ends[first] + len(hashes)] = marked
    batch.sort()
    return batch


_MET = np.uint64(3)
_CHANGED, _KEPT, _BOTH_HEADS = np.uint64(4), np.uint64(2), np.uint64(1)


def _shared(batch: Hashes, earlier: Hashes) -> Hashes:
    """What each hash of the batch met among the first texts of `earlier` with it.

    Numbers later and earlier, then three bits: other digits, the same digits, both at the head.
    """
    starts = np.searchsorted(earlier, batch & ~_LOW)
    found = []
    for place in range(FIRST):
        at = starts + place
        inside = at < len(earlier)
        theirs, own = earlier[at[inside]], batch[inside]
        match = ((theirs ^ own) >> _HALF == 0) & ((theirs & _LOW) >> _MARKS < (own & _LOW) >> _MARKS)
        if not match.any():
            break
        theirs, own = theirs[match], own[match]
        changed = np.where((theirs ^ own) & _DIGITS > 0, _CHANGED, np.where(own & _DIGITS > 0, _KEPT, np.uint64(0)))
        pair = ((own >> _MARKS) & _NUMBER) << _NUMBER_BITS | ((theirs >> _MARKS) & _NUMBER)
        found.append(pair << _MET | changed | (own & theirs & _HEAD))
    return np.concatenate(found) if found else np.zeros(0, dtype=np.uint64)
