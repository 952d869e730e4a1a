"""Sketches of texts: a small sample of a text's shingles, from which the overlap of any two texts is estimated.

Shingles are runs of 5 characters in Chinese and of 3 words in English, hashed. A MinHash signature estimates how alike
two sets are as wholes (Jaccard), and that is small for an article and the long page that contains it, or for a copy cut
to a third. What reprints share is containment: most of the shorter text stands in the longer. So the sample here is
that of modulo MinHash (Broder's "mod m" sketch, FracMinHash in genomics): the hashes below a bound that is the same for
all texts of one size. Which shingles are sampled does not depend on the text around them, so the sample of a part is
the part of the sample, and containment is read off directly. `tests/bench/stories.py` measures it beside MinHash.
"""

from __future__ import annotations

import re
import zlib
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

_WORD = re.compile(r"[^\W_]+")
_NO_LETTER = re.compile(r"[\W_]+")
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
    folded = fold(text).lower()
    if rules_of(lang) == "zh":
        letters = _NO_LETTER.sub("", folded).encode("utf-32-le", "surrogatepass")
        units = np.frombuffer(letters, dtype=np.uint32).astype(np.uint64)
    else:
        words = [word.encode("utf-8", "surrogatepass") for word in _WORD.findall(folded)]
        units = np.fromiter(map(zlib.crc32, words), dtype=np.uint64, count=len(words))
    length = _SHINGLE[rules_of(lang)]
    count = len(units) - length + 1
    if count <= 0:
        return np.zeros(0, dtype=np.uint64)
    rolled = np.zeros(count, dtype=np.uint64)
    for place in range(length):
        rolled = rolled * _MULTIPLIER + units[place : place + count]
    return np.unique(_mixed(rolled))


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
