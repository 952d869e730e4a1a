"""Sentences and tokens of a text: zh by jieba, en by spaCy."""

from __future__ import annotations

from extractors.model import Lang, Sentence


def segment(text: str, lang: Lang) -> list[Sentence]:
    """Sentences in order, with their tokens; offsets into `text`. A line break always ends a sentence."""
    raise NotImplementedError
