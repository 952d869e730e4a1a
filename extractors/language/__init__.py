"""Sentences and tokens of a text: zh by jieba, en by spaCy.

>>> [[t.text for t in s.tokens] for s in segment("英伟达发布新芯片。股价上涨3.5%！", "zh")]
[['英伟达', '发布', '新', '芯片', '。'], ['股价', '上涨', '3.5%', '！']]
>>> [s.start for s in segment("Snap Inc. paid $1.5bn. It was cheap.", "en")]
[0, 23]
>>> segment("", "en")
[]
"""

from __future__ import annotations

from extractors.language.reading import columns, read
from extractors.language.sentences import Cut
from extractors.model import Lang, Sentence, Token


def segment(text: str, lang: Lang) -> list[Sentence]:
    """Sentences in order, with their tokens; offsets into `text`. A line break always ends a sentence.

    Sentences start and end with something visible; white space is no token. Token text is as written, traditional
    characters and full-width forms included.
    """
    return [
        Sentence(
            start,
            end,
            tuple(Token(at, at + len(token), token) for token, at in zip(tokens, starts, strict=True)),
        )
        for start, end, tokens, starts in cut(text, lang)
    ]


def cut(text: str, lang: Lang) -> list[Cut]:
    """The same as plain columns, for whoever makes tables: records of a page's thousand tokens cost as much again."""
    return columns(read(text, lang), 0, len(text))
