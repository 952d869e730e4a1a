"""English words by spaCy's rule tokenizer; no model is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import spacy
from spacy.language import Language

from extractors.language.sentences import sentences_en
from extractors.model import Sentence, Token

# spaCy peels punctuation off a word in quadratic time; no word is this long, and longer runs are cut here.
_LONGEST = 100
_LONG_RUN = re.compile(rf"\S{{{_LONGEST}}}(?=\S)")


@cache
def _english() -> Language:
    return spacy.blank("en")


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for run in _LONG_RUN.finditer(text, start, end):
        yield start, run.end()
        start = run.end()
    yield start, end


def segment_en(text: str) -> list[Sentence]:
    tokenizer = _english().tokenizer
    return [
        Sentence(
            start,
            end,
            tuple(
                Token(piece + t.idx, piece + t.idx + len(t.text), t.text)
                for piece, stop in _pieces(text, start, end)
                for t in tokenizer(text[piece:stop])
                if not t.is_space
            ),
        )
        for start, end in sentences_en(text)
    ]
