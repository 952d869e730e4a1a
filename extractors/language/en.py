"""English words by spaCy's rule tokenizer, asked once for each word; no model is loaded.

spaCy tokenizes what stands between two blanks by itself, so what it once said of a word is remembered. One thing looks
across blanks: after all words are cut, spaCy puts tokens together (or apart) that spell one of its exceptions. Of two
such places that overlap it takes the longer, and a place across a blank, though it changes nothing, can so keep one
inside a word from being mended (`foo: ):x`). A sentence with a word that was mended that way is given to spaCy whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from threading import Lock
from typing import Final

import spacy
from spacy.symbols import ORTH
from spacy.tokenizer import Tokenizer
from spacy.vocab import Vocab

from extractors.language.sentences import Cut

# spaCy peels punctuation off a word in quadratic time; no word is this long, and longer runs are cut here.
_LONGEST = 100
_LONG_RUN = re.compile(rf"\S{{{_LONGEST}}}(?=\S)")

MOST_WORDS: Final = 100_000
"""Words that are remembered, about 25 MB of them; then all are forgotten. News of a month hold 60,000."""

_MARK: Final = "§"
"""Stands between the words of one question; it is a token of its own, and in no exception."""
_FENCE: Final = f" {_MARK} "
_APART = re.compile(rf"[\s{_MARK}]")

_Tokens = tuple[tuple[str, ...], tuple[int, ...]]
"""The tokens of a word, and where each starts in it."""


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for run in _LONG_RUN.finditer(text, start, end):
        yield start, run.end()
        start = run.end()
    yield start, end


class _English:
    """spaCy's tokenizer with a memory; `None` stands for a word whose tokens depend on the words beside it."""

    def __init__(self) -> None:
        english: Tokenizer = spacy.blank("en").tokenizer
        # A vocabulary that works out nothing about a word (its shape, whether it looks like an address) but itself.
        self._vocab = Vocab()
        self._rules = english.rules
        self._tokenizer = self._ruled(english, english.rules)
        # Affixes alone, to tell what the exceptions do to a word.
        self._bare = self._ruled(english, {})
        self._mended = frozenset(
            token
            for word, tokens in self._rules.items()
            if self._affixed(word) and [t.text for t in self._bare(word)] != [t[ORTH] for t in tokens]
            for token in (t[ORTH] for t in tokens)
        )
        self._known: dict[str, _Tokens | None] = {}
        self._lock = Lock()

    def _ruled(self, like: Tokenizer, rules: Mapping[str, Sequence[Mapping[int, str]]]) -> Tokenizer:
        return Tokenizer(
            self._vocab,
            rules=rules,
            prefix_search=like.prefix_search,
            suffix_search=like.suffix_search,
            infix_finditer=like.infix_finditer,
            token_match=like.token_match,
            url_match=like.url_match,
        )

    def _affixed(self, word: str) -> bool:
        """Whether spaCy looks for this exception among the tokens too, as it does where affix rules would cut it."""
        rules = self._tokenizer
        return bool(rules.find_prefix(word) or rules.find_infix(word) or rules.find_suffix(word))

    def cut(self, text: str, spans: Sequence[tuple[int, int]]) -> list[Cut]:
        """The sentences at `spans`."""
        split = [text[start:end].split(" ") for start, end in spans]
        known = self._known
        if unknown := {word for words in split for word in words if word not in known}:
            self._learn(unknown)
        return [self._sentence(text, start, end, words) for (start, end), words in zip(spans, split, strict=True)]

    def _sentence(self, text: str, start: int, end: int, words: Sequence[str]) -> Cut:
        known = self._known
        tokens: list[str] = []
        starts: list[int] = []
        at = start
        for word in words:
            # Not remembered, or forgotten meanwhile for another thread: the sentence is asked for as a whole, too.
            found = known.get(word)
            if found is None:
                return self._whole(text, start, end)
            texts, places = found
            if len(texts) == 1:
                tokens.append(texts[0])
                starts.append(at + places[0])
            else:
                tokens += texts
                starts += [at + place for place in places]
            at += len(word) + 1
        return Cut(start, end, tokens, starts)

    def _learn(self, words: Iterable[str]) -> None:
        # Words of no sane length are not remembered: they would fill the memory, and are not met again.
        short = [word for word in words if len(word) <= _LONGEST]
        plain = [word for word in short if word and not _APART.search(word)]
        rest = set(short).difference(plain)
        # What spaCy keeps of a word it has met it keeps for good, unless it meets it in a memory zone; those exclude
        # each other.
        with self._lock, self._vocab.memory_zone():
            answers = {word: self._asked(word, 0, len(word)) for word in rest}
            answers |= zip(plain, self._asked_together(plain), strict=True)
            learnt = {word: None if self._depends(word, found[0]) else found for word, found in answers.items()}
        if len(self._known) + len(learnt) > MOST_WORDS:
            self._known.clear()
        self._known.update(learnt)

    def _asked_together(self, words: Sequence[str]) -> Iterator[_Tokens]:
        """One question for many words: a document costs spaCy as much as twenty words in it."""
        at = 0
        tokens: list[str] = []
        places: list[int] = []
        for token in self._tokenizer(_FENCE.join(words)):
            if token.text != _MARK:
                tokens.append(token.text)
                places.append(token.idx - at)
                continue
            yield tuple(tokens), tuple(places)
            tokens, places = [], []
            at = token.idx + len(_MARK) + 1
        if tokens:
            yield tuple(tokens), tuple(places)

    def _depends(self, word: str, tokens: tuple[str, ...]) -> bool:
        """Whether exceptions were found among the word's tokens, and not only as the whole word or behind affixes."""
        if word in self._rules or self._mended.isdisjoint(tokens):
            return False
        return tokens != tuple(t.text for t in self._bare(word) if not t.text.isspace())

    def _whole(self, text: str, start: int, end: int) -> Cut:
        with self._lock, self._vocab.memory_zone():
            tokens, starts = self._asked(text, start, end)
        return Cut(start, end, list(tokens), list(starts))

    def _asked(self, text: str, start: int, end: int) -> _Tokens:
        found = [
            (t.text, piece + t.idx)
            for piece, stop in _pieces(text, start, end)
            for t in self._tokenizer(text[piece:stop])
            if not t.text.isspace()
        ]
        return tuple(token for token, _ in found), tuple(place for _, place in found)


@cache
def _english() -> _English:
    return _English()


def columns(text: str, spans: Sequence[tuple[int, int]]) -> list[Cut]:
    """The sentences at `spans`, with their tokens."""
    return _english().cut(text, spans)
