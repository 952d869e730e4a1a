"""Sketches of texts: a small sample of a text's shingles, from which the overlap of any two texts is estimated.

Shingles are runs of 5 characters in Chinese and of 3 words in English, hashed. A MinHash signature estimates how alike
two sets are as wholes (Jaccard), and that is small for an article and the long page that contains it, or for a copy cut
to a third. What reprints share is containment: most of the shorter text stands in the longer. So the sample here is
that of modulo MinHash (Broder's "mod m" sketch, FracMinHash in genomics): the hashes below a bound that is the same for
all texts of one size. Which shingles are sampled does not depend on the text around them, so the sample of a part is
the part of the sample, and containment is read off directly. `tests/bench/stories.py` measures it beside MinHash.
"""

from __future__ import annotations

from functools import cache
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from extractors.text import fold

Hashes: TypeAlias = npt.NDArray[np.uint64]

LEVELS: Final = 7
"""At level n one shingle of 2ⁿ is sampled; longer texts are sampled more thinly."""
LARGEST: Final = 256
"""Shingles in a sketch: at most this many, and more than half as many, for texts of 256 to 16,384 shingles."""
_SHINGLE: Final = {"zh": 5, "en": 3}

_PLANE: Final = 0x10000
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def rules_of(lang: str) -> str:
    """`zh` or `en`: articles are compared within one of these.

    >>> rules_of("zh-Hant")
    'zh'
    """
    return "zh" if lang.startswith("zh") else "en"


def _mixed(values: Hashes) -> Hashes:
    """Hashes whose every bit depends on every bit of the value (the finaliser of MurmurHash3)."""
    shift = np.uint64(33)
    values = (values ^ (values >> shift)) * np.uint64(0xFF51AFD7ED558CCD)
    values = (values ^ (values >> shift)) * np.uint64(0xC4CEB9FE1A85EC53)
    return values ^ (values >> shift)


def shingles(text: str, lang: str) -> Hashes:
    """Hashes of the text's shingles, each once, sorted; case, width, script variant and punctuation do not count.

    >>> len(shingles("The chips are sold out.", "en"))
    3
    >>> shingles("輝達ＧＰＵ售罄", "zh").tolist() == shingles("辉达，gpu 售罄！", "zh").tolist()
    True
    >>> len(shingles("售罄", "zh"))
    0
    """
    letters = _letters(text)
    units = letters[letters > 0].astype(np.uint64) if rules_of(lang) == "zh" else _words(letters)
    length = _SHINGLE[rules_of(lang)]
    count = len(units) - length + 1
    if count <= 0:
        return np.zeros(0, dtype=np.uint64)
    rolled = np.zeros(count, dtype=np.uint64)
    for place in range(length):
        rolled = rolled * _MULTIPLIER + units[place : place + count]
    # Sorting beats numpy's unique, which hashes.
    found = np.sort(_mixed(rolled))
    distinct: Hashes = found[np.concatenate([[True], found[1:] != found[:-1]])]
    return distinct


def _letters(text: str) -> npt.NDArray[np.uint32]:
    """The text's code points folded and in lower case; 0 for what is no letter or digit."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return np.where(codes < _PLANE, _folding()[np.minimum(codes, _PLANE - 1)], codes)


@cache
def _folding() -> npt.NDArray[np.uint32]:
    """What `_letters` makes of each code point of the basic plane."""
    lower = (fold(chr(code)).lower() for code in range(_PLANE))
    return np.array([ord(c) if len(c) == 1 and c.isalnum() else 0 for c in lower], dtype=np.uint32)


def _words(letters: npt.NDArray[np.uint32]) -> Hashes:
    """A hash of each run of letters: the sum of what each letter gives at its place in the word."""
    at = np.flatnonzero(letters)
    if not len(at):
        return np.zeros(0, dtype=np.uint64)
    first = np.flatnonzero(np.diff(at, prepend=-2) > 1)
    place = at - np.repeat(at[first], np.diff(first, append=len(at)))
    given = _mixed(letters[at].astype(np.uint64) | (place.astype(np.uint64) << np.uint64(32)))
    return np.add.reduceat(given, first)


def level_of(size: int) -> int:
    """How thinly a text of that many shingles is sampled.

    >>> level_of(256), level_of(257), level_of(10**9)
    (0, 1, 6)
    """
    return min(LEVELS - 1, max(0, (size - 1) // LARGEST).bit_length())


def sketch(text: str, lang: str) -> Hashes:
    """The sample of a text's shingles: all of a short text's, about 128 to 256 of a longer one's; sorted."""
    found = shingles(text, lang)
    # The smallest hashes are those whose leading bits are zero, and the array is sorted.
    return found[: np.searchsorted(found, _bound(level_of(len(found))))]


def _bound(level: int) -> np.uint64:
    """Hashes below it are sampled at that level."""
    return np.uint64(2 ** (64 - level) - 1)


def sizes(found: Hashes) -> npt.NDArray[np.uint16]:
    """How many hashes of a sketch are left at each level; at levels finer than its own, all of them."""
    bounds = np.array([_bound(level) for level in range(LEVELS)], dtype=np.uint64)
    return np.searchsorted(found, bounds).astype(np.uint16)
