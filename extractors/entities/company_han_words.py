"""How far each word of a Chinese text looks like a part of a name, by jieba's dictionary and its counts."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import accumulate

from extractors.entities.company_known import LONGEST_WORD, Segmented
from extractors.language.zh import Cutter, modern_words
from extractors.lexicons.name_words import chinese

# Tags of jieba's dictionary: those of names, of function words and verbs, and of other common words.
NAME_TAGS = frozenset(("nz", "nt", "nr", "nrt", "nrfg", "nrf", "j", "x"))
STOP_TAGS = frozenset(("p", "c", "u", "uj", "ul", "ud", "uv", "uz", "ug", "d", "r", "m", "mq", "q", "t", "f", "y", "e"))
STOP_TAGS |= {"v", "vd", "ad"}
_COMMON_TAGS = STOP_TAGS | {"ns", "vn", "i", "l", "b", "z", "an", "s"}
# Counts in the dictionary below and above which a word is rare, and common.
RARE = 60
COMMON = 3000
# Weights: what no name contains, function words, common words, names and rare words, unknown words.
CLOSED, FUNCTION, PLAIN, NAMED, SCARCE, UNKNOWN = -2.0, -1.0, -0.5, 0.5, 0.8, 1.0
# No weight: one that is to be found out.
_OPEN = -9.0

# How many weights of words are kept.
_KEPT = 1 << 16
_HAN = re.compile(r"[\u3400-\u9fff]+")
_NUMBER = re.compile(r"[\d\s万亿千百十多余几数]")


def word_weight(text: str, tag: Callable[[], str], segmenter: Cutter) -> float:
    """How far a word looks like a part of a name, from CLOSED to UNKNOWN; 0 for a word of middling frequency.

    `tag` finds out its part of speech, which most words need not be asked for.
    """
    lists = chinese()
    if len(text) > LONGEST_WORD or not _HAN.fullmatch(text) or text in lists.stop:
        return CLOSED
    if len(text) == 1:
        if text in lists.function or (part := tag()) in STOP_TAGS:
            return FUNCTION
        return {"n": 0.2, "a": 0.0, "b": 0.0}.get(part, NAMED)
    if not lists.function.isdisjoint(text):
        return FUNCTION
    if not segmenter.has_word(text):
        return UNKNOWN
    if text in modern_words() or text in lists.plain or (part := tag()) in _COMMON_TAGS:
        return PLAIN
    count = segmenter.suggest_freq(text)
    if count < RARE:
        return SCARCE
    if part in NAME_TAGS:
        return NAMED
    return 0.0 if count < COMMON else PLAIN


class _Weights(dict[str, float]):
    """Weights of words, each found out once; `_OPEN` for those that their neighbours may change."""

    def __init__(self, segmenter: Cutter) -> None:
        super().__init__()
        self._segmenter = segmenter
        self._tagged: dict[tuple[str, str], float] = {}

    def learn(self, text: str, start: int, cut: Segmented) -> float:
        """The weight of a word that is not known yet; it stands at `start`, where the segmenter tagged it."""
        if len(text) > LONGEST_WORD:
            return CLOSED
        loose = self._is_loose(text)
        weight = _OPEN if loose else word_weight(text, lambda: cut.tag(text, start), self._segmenter)
        if len(self) >= _KEPT:
            self.clear()
        self[text] = weight
        return weight

    def tagged(self, text: str, tag: str) -> float:
        """The weight of a word of the given part of speech."""
        weight = self._tagged.get((text, tag))
        if weight is None:
            if len(self._tagged) >= _KEPT:
                self._tagged.clear()
            weight = self._tagged[text, tag] = word_weight(text, lambda: tag, self._segmenter)
        return weight

    def _is_loose(self, text: str) -> bool:
        """Whether a word may have to be read otherwise than the segmenter did, by the characters at its edges."""
        lists = chinese()
        if len(text) < 2:
            return text in lists.measures
        edges = text[0] in lists.function or text[-1] in lists.function or text[0] in lists.measures
        return edges and not self._segmenter.has_word(text)


@lru_cache(maxsize=4)
def _weights(segmenter: Cutter) -> _Weights:
    return _Weights(segmenter)


class HanWords:
    """The words of a folded text as in `Segmented`, where each starts, and their weights."""

    def __init__(self, folded: str, cut: Segmented) -> None:
        self._cut = cut
        self._tags: dict[int, str] = {}
        known = _weights(cut.segmenter)
        weights: list[float] = []
        self.texts, self.order = cut.texts, cut.order
        found = [known.get(text, _OPEN) for text in cut.texts]
        texts: list[str] = []
        done = 0
        for i in _places(found, _OPEN):
            text, start = cut.texts[i], cut.order[i]
            weight = known.get(text)
            if weight is None:
                weight = known.learn(text, start, cut)
            if weight != _OPEN:
                found[i] = weight
                continue
            parts = list(_parts(folded, start, text, cut.tag(text, start)))
            if len(parts) == 1:
                self._tags[start] = parts[0][1]
                found[i] = known.tagged(*parts[0])
                continue
            texts += cut.texts[done:i]
            weights += found[done:i]
            for part, tag in parts:
                self._tags[start] = tag
                start += len(part)
                texts.append(part)
                weights.append(known.tagged(part, tag))
            done = i + 1
        if done:
            self.texts = texts + cut.texts[done:]
            self.order = list(accumulate(map(len, self.texts), initial=0))
        self.weights: list[float] = weights + found[done:]

    def tag(self, i: int) -> str:
        """The part of speech of a word."""
        start = self.order[i]
        return self._tags.get(start) or self._cut.tag(self.texts[i], start)

    def at(self, offset: int) -> int | None:
        """Which word starts at an offset, the end of the text included."""
        i = bisect_left(self.order, offset)
        return i if i < len(self.order) and self.order[i] == offset else None

    def within(self, start: int, end: int) -> range:
        """The words that begin in a stretch of the text."""
        return range(bisect_left(self.order, start), bisect_left(self.order, end))


def _places(weights: list[float], wanted: float) -> Iterator[int]:
    """Where a weight stands; those that were passed may change meanwhile."""
    at = -1
    for _ in range(weights.count(wanted)):
        at = weights.index(wanted, at + 1)
        yield at


def _is_counted(folded: str, start: int) -> bool:
    """Whether a number stands directly before an offset."""
    return start > 0 and _NUMBER.match(folded, start - 1) is not None


def _parts(folded: str, start: int, text: str, tag: str) -> Iterator[tuple[str, str]]:
    """The texts and tags of a word without the function characters at its edges, and of those (向英, 用潞)."""
    lists = chinese()
    if text in lists.measures:
        yield text, "q" if _is_counted(folded, start) else tag
        return
    while len(text) > 1 and (text[0] in lists.function or (text[0] in lists.measures and _is_counted(folded, start))):
        yield text[0], "p"
        start, text = start + 1, text[1:]
    if len(text) > 2 and text[-1] in lists.function:
        yield text[:-1], tag
        text = text[-1]
    yield text, tag
