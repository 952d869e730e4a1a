"""Known surfaces: every surface of companies.csv in one pass, at word boundaries and in a fitting letter case."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from extractors.entities.passage import Passage
from extractors.language.zh import Cutter, cutter
from extractors.lexicons.companies import CompanyIndex, Fitting, Sense
from extractors.lexicons.english_words import is_common

# What stands inside an address is no mention.
_ADDRESS = re.compile(r"https?://[^\s\u4e00-\u9fff]+|www\.[^\s\u4e00-\u9fff]+|(?<![\w.+-])[\w.+-]++@[\w-]+\.[\w.-]+")
_DOMAIN_GOES_ON = re.compile(r"\.[a-z]{2,}")
LONGEST_WORD = 16
_HEAD = frozenset("\n，。、；：！？,;:!?“「《（( ")
# What stands beside most mentions, and leaves nothing to ask.
_OPEN = frozenset("\n ()[]\"':;!?“”‘—，。、：；！？（）《》「」")
_SMALL_COMPOUND = re.compile(r"-[a-z]")
_COMPANY_COMPOUND = re.compile(
    r"-(?:backed|owned|led|based|made|funded|run|designed|developed|style|built|powered|like)"
)
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A surface found: `senses` are the rows that it may mean, `sure` whether it needs no context to be a company."""

    start: int
    end: int
    senses: tuple[Sense, ...]
    sure: bool


# How many tags of words are kept, and how many surfaces in the letter case of texts.
_KEPT = 1 << 16


@lru_cache(maxsize=4)
def _tags(segmenter: Cutter) -> dict[str, str]:
    """The tags of words that were asked for: the segmenter gives a word the same one wherever it stands."""
    return {}


class Segmented:
    """jieba's cut of a passage: the `texts` of its words without gaps, and in `order` where each starts.

    A word ends where the next one starts; the last of `order` is the end of the text. `words`, where they are known
    already, are those that the segmenter cuts `folded` into.
    """

    def __init__(self, folded: str, segmenter: Cutter | None = None, words: list[str] | None = None) -> None:
        self.segmenter = segmenter or cutter()
        self.texts: list[str] = self.segmenter.cut(folded) if words is None else words
        self.order: list[int] = list(accumulate(map(len, self.texts), initial=0))
        self._folded = folded
        self._tags = _tags(self.segmenter)

    def tag(self, text: str, start: int) -> str:
        """The part of speech of the word `text` at an offset; few are asked for, and tags cost as much as cuts."""
        tag = self._tags.get(text)
        if tag is None:
            # By itself most words stay whole; the others are asked for in their line, which is cut by itself as it is
            # cut in the text.
            learnt = dict(self.segmenter.tag(text))
            if text not in learnt:
                line = self._folded.rfind("\n", 0, start) + 1
                end = self._folded.find("\n", start + len(text))
                learnt = dict(self.segmenter.tag(self._folded[line : end if end >= 0 else None]))
            if len(self._tags) >= _KEPT:
                self._tags.clear()
            self._tags.update(learnt)
            tag = learnt[text]
        return tag

    def covering(self, offset: int) -> int | None:
        """Which word goes across an offset; `None` where a word begins."""
        i = bisect_right(self.order, offset) - 1
        return None if self.order[i] == offset else i

    def in_dictionary(self, i: int) -> bool:
        """Whether the dictionary has a word; none is longer than LONGEST_WORD, though the segmenter may find some."""
        text = self.texts[i]
        return len(text) <= LONGEST_WORD and self.segmenter.has_word(text)


def is_latin(char: str) -> bool:
    """Whether a character is part of Latin words or of numbers."""
    return char < "\u3040" and char.isalnum()


def _splits_a_word(folded: str, cut: Segmented, start: int, end: int) -> bool:
    """Whether a surface begins or ends inside a word of the dictionary.

    Words that only the HMM made up are no evidence, unless both edges lie in one. A word that is the name with its
    suffix (微软公司) is none either.
    """
    left, right = cut.covering(start), cut.covering(end)
    if left is not None and (left == right or end - start < 2 or cut.in_dictionary(left)):
        return True
    if right is None or not cut.in_dictionary(right):
        return False
    begins, stops = cut.order[right], cut.order[right + 1]
    if begins == start and folded[end:stops] in ("公司", "集团"):
        return False
    # 鸿海|上调 reads as well as 鸿|海上|调: at the head of a clause the name has it, if a word follows.
    if left is None and stops - begins == 2 and (not start or folded[start - 1] in _HEAD):
        following = cut.segmenter.tag(folded[end : end + 4])
        return not (following and len(following[0][0]) > 1 and cut.segmenter.has_word(following[0][0]))
    return True


def bounded(folded: str, start: int, end: int) -> bool:
    """Whether Latin edges of a span have no Latin neighbours."""
    before = folded[start - 1] if start else " "
    after = folded[end] if end < len(folded) else " "
    if before in _OPEN and after in _OPEN:
        return True
    # "2.3M", "$3M": the digits are part of a number.
    if folded[start].isdigit() and (
        before in "$€£¥₹" or (before in ".," and start > 1 and folded[start - 2].isdigit())
    ):
        return False
    if is_latin(folded[start]) and (is_latin(before) or before in "_@"):
        return False
    if is_latin(folded[end - 1]):
        if is_latin(after) or after == "_":
            return False
        if after == "." and _DOMAIN_GOES_ON.match(folded, end) and folded[start:end].islower():
            return False
    return True


def _case_fits(surface: str, sense: Sense, ambiguous: bool) -> bool:
    written = sense.written
    if not surface.isascii() and not any(c.isascii() and c.isalpha() for c in surface):
        return True
    if surface == written:
        return True
    if sense.ticker:
        return False
    letters = [c for c in surface if c.isalpha()]
    if all(c.isupper() for c in letters):
        return len(letters) > 3 or any(_HAN.match(c) for c in letters)
    # A short abbreviation is only itself in capitals.
    if written.isupper() and len(written) <= 4:
        return False
    if surface[0].isupper() or _HAN.match(surface[0]):
        return all(
            w[0].isupper() or v[:1].islower() or not w[0].isalpha()
            for w, v in zip(surface.split(), written.split(), strict=False)
        )
    if ambiguous or len(surface) < 5 or " " in surface.strip():
        return False
    return not is_common(surface)


def _fitting(index: CompanyIndex, surface: str, senses: tuple[Sense, ...]) -> Fitting:
    ambiguous = len(senses) > 1 or senses[0].ambiguous
    fitting = tuple([s for s in senses if _case_fits(surface, s, ambiguous)])
    found = Fitting(fitting, ambiguous, not any(s.ambiguous or s.ticker for s in fitting))
    if len(index.fitting) >= _KEPT:
        index.fitting.clear()
    index.fitting[surface] = found
    return found


def _addresses(folded: str) -> list[tuple[int, int]]:
    """The spans of addresses. Most texts have none, which three looks for a literal tell quickly."""
    plain = folded.encode("ascii", "replace")
    if b"@" not in plain and b"://" not in plain and b"www." not in plain:
        return []
    return [m.span() for m in _ADDRESS.finditer(folded)]


def _lies_in(spans: Sequence[tuple[int, int]], at: int) -> bool:
    if not spans:
        return False
    before = bisect_right(spans, (at, spans[-1][1]))
    return before > 0 and at < spans[before - 1][1]


def find_known(passage: Passage, index: CompanyIndex, cut: Segmented | None) -> list[Mention]:
    """Mentions in order of their start, without overlaps; `cut` is needed where the text has Han characters."""
    folded = passage.folded
    addresses = _addresses(folded)
    found: list[Mention] = []
    for start, end, senses in index.hits(folded):
        surface = folded[start:end]
        # Most words that spell a surface do so in small letters, and are none: they are refused first.
        fitting = index.fitting.get(surface) or _fitting(index, surface, senses)
        if not fitting.senses or not bounded(folded, start, end) or _lies_in(addresses, start):
            continue
        if cut is not None and not surface.isascii() and _splits_a_word(folded, cut, start, end):
            continue
        if fitting.ambiguous and _SMALL_COMPOUND.match(folded, end) and not _COMPANY_COMPOUND.match(folded, end):
            continue
        found.append(Mention(start, end, fitting.senses, fitting.sure))
    return longest(found)


def longest(mentions: Sequence[Mention]) -> list[Mention]:
    """The longest mention at each place; of two that overlap the longer, of equal ones the first.

    >>> a, b, c = Mention(0, 2, (), True), Mention(0, 5, (), True), Mention(4, 6, (), True)
    >>> longest([a, b, c]) == [b]
    True
    """
    ordered = sorted(mentions, key=lambda m: m.start)
    if all(a.end <= b.start for a, b in pairwise(ordered)):
        return ordered
    taken: list[Mention] = []
    ends: set[int] = set()
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.start)):
        if ends.isdisjoint(range(mention.start, mention.end)):
            ends.update(range(mention.start, mention.end))
            taken.append(mention)
    taken.sort(key=lambda m: m.start)
    assert all(a.end <= b.start for a, b in pairwise(taken))
    return taken
