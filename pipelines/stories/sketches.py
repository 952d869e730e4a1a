"""Sketches of texts: a small sample of a text's shingles, from which the overlap of any two texts is estimated.

Shingles are runs of 5 characters in Chinese and of 3 words in English, hashed. A MinHash signature estimates how alike
two sets are as wholes (Jaccard), and that is small for an article and the long page that contains it, or for a copy cut
to a third. What reprints share is containment: most of the shorter text stands in the longer. So the sample here is
that of modulo MinHash (Broder's "mod m" sketch, FracMinHash in genomics): the hashes below a bound that is the same for
all texts of one size. Which shingles are sampled does not depend on the text around them, so the sample of a part is
the part of the sample, and containment is read off directly.

That is why no library does this: datasketch and rensa index Jaccard, and neither knows numbers or heads. At the Jaccard
that such copies need (0.1, bands of two), datasketch takes 18 GB for a million articles and rensa 6, this 2
(`tests/bench/story_peers.py`).

A hash comes from the shingle with its digits blotted out, and its lowest bits say what two sketches need to know beside
that: which digits they were, for today's market report is yesterday's with other numbers; and whether the shingle
stands at the head of the text, for a copy keeps the head, while a quotation or a site's footer stands anywhere.

    63 ............................ 6 5 ...... 1 0
    hash, decides on being sampled    digits     head
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
HEAD_BITS: Final = 1
DIGIT_BITS: Final = 5
MARKS: Final = HEAD_BITS + DIGIT_BITS
"""Lowest bits of a hash, which are not the shingle's own."""
_SHINGLE: Final = {"zh": 5, "en": 3}
_HEAD: Final = {"zh": 250, "en": 100}
"""Shingles that begin within so many characters or words stand at the head."""

_PLANE: Final = 0x10000
_BLOT: Final = 10
"""What stands for any digit once it is blotted out."""
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MARKED = np.uint64((1 << MARKS) - 1)
_ONE = np.uint64(1)
_FIRST = np.array([True])


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
    >>> [one >> MARKS for one in shingles("ends at 3,021", "en").tolist()] == [
    ...     one >> MARKS for one in shingles("Ends at 4,876", "en").tolist()
    ... ]
    True
    """
    return _shingles(text, lang, thinly=False)


def sketch(text: str, lang: str) -> Hashes:
    """The sample of a text's shingles: all of a short text's, about 128 to 256 of a longer one's; sorted."""
    return _shingles(text, lang, thinly=True)


def _shingles(text: str, lang: str, *, thinly: bool) -> Hashes:
    units, numbers = _units(text, lang)
    of = rules_of(lang)
    length = _SHINGLE[of]
    count = len(units) - length + 1
    if count <= 0:
        return np.zeros(0, dtype=np.uint64)
    hashes = units[:count].copy()
    for place in range(1, length):
        hashes *= _MULTIPLIER
        hashes += units[place : place + count]
    hashes = _mixed(hashes)
    at = np.flatnonzero(hashes <= _bound(level_of(count))) if thinly else np.arange(count)
    # The head's mark is turned round while sorting, so that of two equal shingles the one at the head comes first.
    marked = (hashes[at] & ~_MARKED) | _number_marks(numbers, at, length) | (at >= _HEAD[of])
    marked.sort()
    marked = marked[np.concatenate([_FIRST, marked[1:] ^ marked[:-1] > _ONE])] if len(marked) else marked
    # A shingle that stands with several numbers says nothing of any.
    again = np.flatnonzero((marked[1:] ^ marked[:-1]) <= _MARKED)
    if len(again):
        marked = np.delete(marked, np.concatenate([again, again + 1]))
    return marked ^ _ONE


def _number_marks(numbers: npt.NDArray[np.uint64], at: npt.NDArray[np.int64], length: int) -> Hashes:
    """The bits for the digits of the runs of units that begin there: 0 without any."""
    marks = np.zeros(len(at), dtype=np.uint64)
    if numbers.any():
        # Most texts have few.
        for place in range(length):
            marks = marks * _MULTIPLIER + numbers[at + place]
        spelt = np.flatnonzero(marks)
        marks[spelt] = (_ONE + (_mixed(marks[spelt]) >> _ONE) % np.uint64(2**DIGIT_BITS - 1)) << np.uint64(HEAD_BITS)
    return marks


def _units(text: str, lang: str) -> tuple[Hashes, Hashes]:
    """What shingles are runs of, a number for each character or word without its digits; and one for its digits.

    Digits inside an English word are letters of it: "H100" is a name.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    letters = np.where(codes < _PLANE, _folding()[np.minimum(codes, _PLANE - 1)], codes)
    at = np.flatnonzero(letters)
    letters = letters[at].astype(np.uint64)
    digit = np.flatnonzero(letters <= _BLOT)
    if rules_of(lang) == "zh" or not len(at):
        numbers = np.zeros(len(letters), dtype=np.uint64)
        numbers[digit] = letters[digit]
        letters[digit] = _BLOT
        return letters, numbers
    first = np.flatnonzero(np.concatenate([_FIRST, at[1:] - at[:-1] > 1]))
    word = np.searchsorted(first, digit, side="right") - 1
    in_number = letters[first[word]] <= _BLOT
    digit, word = digit[in_number], word[in_number]
    # A word is the sum of what each letter gives at its place.
    place = (at - np.repeat(at[first], np.diff(first, append=len(at)))).astype(np.uint64) << np.uint64(32)
    numbers = np.zeros(len(first), dtype=np.uint64)
    np.add.at(numbers, word, _mixed(letters[digit] | place[digit]))
    letters[digit] = _BLOT
    return np.add.reduceat(_mixed(letters | place), first), numbers


@cache
def _folding() -> npt.NDArray[np.uint32]:
    """Code points of the basic plane, folded and in lower case; digits are 1 to 10, and 0 is no letter or digit."""
    lower = (fold(chr(code)).lower() for code in range(_PLANE))
    digits = {str(digit): digit + 1 for digit in range(_BLOT)}
    return np.array([digits.get(c, ord(c)) if len(c) == 1 and c.isalnum() else 0 for c in lower], dtype=np.uint32)


def level_of(size: int) -> int:
    """How thinly a text of that many shingles is sampled.

    >>> level_of(256), level_of(257), level_of(10**9)
    (0, 1, 6)
    """
    return min(LEVELS - 1, max(0, (size - 1) // LARGEST).bit_length())


def _bound(level: int) -> np.uint64:
    """Hashes below it are sampled at that level."""
    return np.uint64(2 ** (64 - level) - 1)


_BOUNDS = np.array([_bound(level) for level in range(LEVELS)], dtype=np.uint64)


def sizes(found: Hashes) -> npt.NDArray[np.uint16]:
    """How many hashes of a sketch are left at each level, in all and at the head (2 rows); all at levels below its own.

    >>> sizes(sketch("The chips are sold out.", "en")).shape
    (2, 7)
    """
    ends = np.searchsorted(found, _BOUNDS)
    heads = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(found & _ONE)])
    return np.stack([ends, heads[ends].astype(np.int64)]).astype(np.uint16)
