"""How far each word of a Chinese text looks like a part of a name, by jieba's dictionary and its counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from extractors.entities.company_known import LONGEST_WORD
from extractors.language.zh import Cutter, Word, modern_words
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

_HAN = re.compile(r"[\u3400-\u9fff]+")
_NUMBER = re.compile(r"[\d\s万亿千百十多余几数]")


@lru_cache(maxsize=1 << 16)
def word_weight(text: str, tag: str, segmenter: Cutter) -> float:
    """How far a word looks like a part of a name, from CLOSED to UNKNOWN; 0 for a word of middling frequency."""
    lists = chinese()
    if len(text) > LONGEST_WORD or not _HAN.fullmatch(text) or text in lists.stop:
        return CLOSED
    if len(text) == 1:
        if tag in STOP_TAGS or text in lists.function:
            return FUNCTION
        return {"n": 0.2, "a": 0.0, "b": 0.0}.get(tag, NAMED)
    if not lists.function.isdisjoint(text):
        return FUNCTION
    if not segmenter.has_word(text):
        return UNKNOWN
    if text in modern_words() or text in lists.plain or tag in _COMMON_TAGS:
        return PLAIN
    count = segmenter.suggest_freq(text)
    if count < RARE:
        return SCARCE
    if tag in NAME_TAGS:
        return NAMED
    return 0.0 if count < COMMON else PLAIN


class HanWords:
    """The words of a folded text with their weights, and which of them starts where."""

    def __init__(self, folded: str, words: Sequence[Word], segmenter: Cutter) -> None:
        self.words = _unglued(folded, words, segmenter)
        self.weights = [word_weight(w.text, w.tag, segmenter) for w in self.words]
        self.starts = {w.start: i for i, w in enumerate(self.words)}
        self.starts[len(folded)] = len(self.words)


def _unglued(folded: str, words: Sequence[Word], segmenter: Cutter) -> list[Word]:
    """The words, with function characters taken off those that only the HMM made up (向英, 用潞)."""
    lists = chinese()
    found: list[Word] = []
    for word in words:
        start, _, text, tag = word
        if text in lists.measures and start and _NUMBER.match(folded, start - 1):
            found.append(word._replace(tag="q"))
            continue
        if (
            1 < len(text) <= LONGEST_WORD
            and (
                text[0] in lists.function
                or text[-1] in lists.function
                or (text[0] in lists.measures and start and _NUMBER.match(folded, start - 1))
            )
            and not segmenter.has_word(text)
        ):
            while len(text) > 1 and (
                text[0] in lists.function or (text[0] in lists.measures and start and _NUMBER.match(folded, start - 1))
            ):
                found.append(Word(start, start + 1, text[0], "p"))
                start, text = start + 1, text[1:]
            if len(text) > 2 and text[-1] in lists.function:
                found.append(Word(start, start + len(text) - 1, text[:-1], tag))
                start, text = start + len(text) - 1, text[-1]
            found.append(Word(start, start + len(text), text, tag))
        else:
            found.append(word)
    return found
