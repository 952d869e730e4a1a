"""Which of many sketched texts overlap: an inverted index from sampled shingles to texts, in sorted arrays.

Texts come in batches, numbered on; each batch is one sorted array of (hash, number), 8 bytes a sampled shingle. A new
batch is looked up in all earlier ones and in itself. A shingle that many texts share (a reprinted story, a site's
standing footer) leads only to the first few of them, so that work stays linear.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pipelines.stories.sketches import LEVELS, Hashes, sizes

FIRST: Final = 8
"""Texts of one batch that a shared shingle leads to: the first that had it."""
LEAST: Final = 4
"""Sampled shingles that two texts must share before they count as overlapping at all."""

Numbers = npt.NDArray[np.int64]
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


class Overlaps(NamedTuple):
    """Pairs of texts, the later first, and the share of the smaller that stands in the other too."""

    later: Numbers
    earlier: Numbers
    share: npt.NDArray[np.float64]


class OverlapIndex:
    """Texts by number, in order of `add`. Memory: 8 bytes a sampled shingle and 16 a text."""

    def __init__(self) -> None:
        self._postings: list[Hashes] = []
        self._sizes: list[npt.NDArray[np.uint16]] = []
        self._count = 0

    def add(self, sketches: Sequence[Hashes], least_share: float | None) -> Overlaps:
        """Number these texts on, and say which earlier ones, also of this batch, each overlaps by `least_share`.

        `None` compares nothing: for texts that were compared before.
        """
        start, self._count = self._count, self._count + len(sketches)
        counts = np.array([len(one) for one in sketches], dtype=np.int64)
        numbers = np.repeat(np.arange(start, self._count, dtype=np.uint64), counts)
        hashes = np.concatenate([*sketches, np.zeros(0, dtype=np.uint64)])
        # 32 bits of the hash find the text; by chance two of ten million shingles agree in them, and LEAST of a text's
        # 256 never do.
        batch = np.sort(((hashes & _LOW) << _HALF) | numbers)
        self._sizes.append(np.array([sizes(one) for one in sketches], dtype=np.uint16).reshape(len(sketches), LEVELS))
        self._postings.append(batch)
        compared = [] if least_share is None else self._postings
        pairs = [_shared(batch, earlier) for earlier in compared]
        return self._measured(np.concatenate([*pairs, np.zeros(0, dtype=np.uint64)]), least_share or 0.0)

    def _measured(self, pairs: Hashes, least_share: float) -> Overlaps:
        found, shared = np.unique(pairs, return_counts=True)
        enough = shared >= LEAST
        found, shared = found[enough], shared[enough]
        later, earlier = (found >> _HALF).astype(np.int64), (found & _LOW).astype(np.int64)
        if len(self._sizes) > 1:
            self._sizes = [np.concatenate(self._sizes)]
        sizes_ = self._sizes[0]
        # Both counted at the level of the one that is sampled more thinly.
        levels = (sizes_ == sizes_[:, :1]).sum(axis=1) - 1
        level = np.maximum(levels[later], levels[earlier])
        share = shared / np.maximum(1, np.minimum(sizes_[later, level], sizes_[earlier, level]))
        kept = share >= least_share
        return Overlaps(later[kept], earlier[kept], np.minimum(1.0, share[kept]))


def _shared(batch: Hashes, earlier: Hashes) -> Hashes:
    """A pair (later << 32 | earlier) for each hash of the batch and each of the first texts of `earlier` with it."""
    starts = np.searchsorted(earlier, batch & ~_LOW)
    pairs = []
    for place in range(FIRST):
        at = starts + place
        inside = at < len(earlier)
        found = earlier[at[inside]]
        own = batch[inside]
        match = ((found ^ own) >> _HALF == 0) & ((found & _LOW) < (own & _LOW))
        if not match.any():
            break
        pairs.append(((own[match] & _LOW) << _HALF) | (found[match] & _LOW))
    return np.concatenate(pairs) if pairs else np.zeros(0, dtype=np.uint64)
