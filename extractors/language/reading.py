"""A text read once for all who need its sentences and words: the tables, and the rules for entities.

>>> whole = read("芯片涨价\\n英伟达发布新芯片。", "zh")
>>> whole.spans
[(0, 4), (5, 14)]
>>> [cut.tokens for cut in columns(whole, 5, 14)], [cut.starts for cut in columns(whole, 5, 14)]
([['英伟达', '发布', '新', '芯片', '。']], [[0, 3, 5, 6, 8]])
"""

from __future__ import annotations

from dataclasses import dataclass

from extractors.language import zh
from extractors.language.sentences import Cut, sentences_en, sentences_zh
from extractors.model import Lang
from extractors.text import fold


@dataclass(frozen=True, slots=True)
class Reading:
    """`text` as written; `folded` of equal length; `spans` of its sentences, which are told by the folded text."""

    text: str
    folded: str
    lang: Lang
    spans: list[tuple[int, int]]
    words: list[str] | None
    """The words of `folded` without gaps, white space included; `None` in English, whose words need no dictionary."""


def read(text: str, lang: Lang) -> Reading:
    """A text with what is the same for everyone who reads it."""
    folded = fold(text)
    if lang == "zh":
        return Reading(text, folded, lang, list(sentences_zh(folded)), zh.cutter().cut(folded))
    return Reading(text, folded, lang, list(sentences_en(folded)), None)


def columns(reading: Reading, start: int, end: int) -> list[Cut]:
    """The sentences of a part of a text with their tokens; offsets count from `start`.

    A line break must stand before the part and behind it, or the end of the text.
    """
    text = reading.text[start:end]
    spans = [(low - start, high - start) for low, high in reading.spans if start <= low < end]
    if reading.words is not None:
        folded = reading.folded[start:end]
        return zh.columns(text, folded, spans, _words_of(reading.words, folded, start, end, len(reading.folded)))
    # spaCy takes a second to import, which a Chinese text need not wait for.
    from extractors.language.en import columns as english

    return english(text, spans)


def _words_of(words: list[str], folded: str, start: int, end: int, length: int) -> list[str]:
    """The words of a part; a word that goes across its edge (a line break of two characters) has it cut anew."""
    at = first = 0
    while at < start and first < len(words):
        at += len(words[first])
        first += 1
    if at != start:
        return zh.cutter().cut(folded)
    if end >= length:
        return words[first:]
    behind = first
    while at < end and behind < len(words):
        at += len(words[behind])
        behind += 1
    return words[first:behind] if at == end else zh.cutter().cut(folded)
