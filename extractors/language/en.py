"""English words by spaCy's rule tokenizer, asked once for each word; no model is loaded.

spaCy tokenizes what stands between two blanks by itself, so what it once said of a word is remembered. One thing looks
across blanks: after all words are cut, spaCy puts tokens together (or apart) that spell one of its exceptions. Of two
such places that overlap it takes the longer, and a place across a blank, though it changes nothing, can so keep one
inside a word from being mended (`foo: ):x`). A sentence where such a place may lie beside a word that was mended that
way is given to spaCy whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate, pairwise
from threading import Lock
from typing import Final, NamedTuple

import spacy
from spacy.symbols import ORTH
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.vocab import Vocab

from extractors.language.en_words import tokens_of
from extractors.language.sentences import Cut

# spaCy peels punctuation off a word in quadratic time; no word is this long, and longer runs are cut here.
_LONGEST = 100
_LONG_RUN = re.compile(rf"\S{{{_LONGEST}}}(?=\S)")

MOST_WORDS: Final = 100_000
"""Words that are remembered, about 25 MB of them; then all are forgotten. News of a month hold some 35,000."""

_MARK: Final = "§"
"""Stands between the words of one question; it is a token of its own, and in no exception."""
_FENCE: Final = f" {_MARK} "
_APART = re.compile(rf"[\s{_MARK}]")
_Tokens = tuple[tuple[str, ...], tuple[int, ...]]
"""The tokens of a word, and where each starts in it."""


class _Answer(NamedTuple):
    """What spaCy says of a word by itself."""

    tokens: tuple[str, ...]
    places: tuple[int, ...]
    mended: bool
    """Whether exceptions were found among its tokens, so that the words beside it can matter."""


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for run in _LONG_RUN.finditer(text, start, end):
        yield start, run.end()
        start = run.end()
    yield start, end


class _English:
    """spaCy's tokenizer with a memory."""

    def __init__(self) -> None:
        english: Tokenizer = spacy.blank("en").tokenizer
        # A vocabulary that works out nothing about a word (its shape, whether it looks like an address) but itself.
        self._vocab = Vocab()
        self._rules = english.rules
        self._tokenizer = self._ruled(english, english.rules)
        # Affixes alone, to tell what the exceptions do to a word.
        self._bare = self._ruled(english, {})
        mended = {
            word: tuple(t.text for t in self._bare(word))
            for word, tokens in self._rules.items()
            if self._affixed(word) and [t.text for t in self._bare(word)] != [t[ORTH] for t in tokens]
        }
        self._mended = frozenset(token[ORTH] for word in mended for token in self._rules[word])
        self._mended_pairs = frozenset(tokens[:2] for tokens in mended.values())
        self._joints = frozenset(
            (left[-1], right[0])
            for word in self._rules
            if self._affixed(word)
            for left, right in pairwise([t.text for t in self._bare(word)])
        )
        """The characters on both sides of each cut in an exception that spaCy looks for among the tokens."""
        # Plain words, most of all, are their own token: no memory is asked for them. It is too large for the
        # processor's own, so that each look into it costs as much as several steps of the loop.
        self._not_plain = frozenset(word for word in self._rules if word.isascii() and word.isalpha())
        self._known: dict[str, _Tokens] = {}
        self._mended_words: dict[str, _Tokens] = {}
        """The words among whose tokens exceptions were found, so that the words beside them can matter."""
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
        found = [self._sentence(text, start, end) for start, end in spans]
        missing = [text[start:end] for (start, end), cut in zip(spans, found, strict=True) if cut is None]
        if missing:
            words = {word for sentence in missing for word in sentence.split(" ") if not self._is_plain(word)}
            self._learn(words.difference(self._known, self._mended_words))
        # Not remembered, or forgotten meanwhile for another thread: spaCy is asked for the whole sentence.
        return [
            cut or self._sentence(text, start, end) or self._whole(text, start, end)
            for (start, end), cut in zip(spans, found, strict=True)
        ]

    def _is_plain(self, word: str) -> bool:
        return word.isalpha() and word.isascii() and len(word) <= _LONGEST and word not in self._not_plain

    def _sentence(self, text: str, start: int, end: int) -> Cut | None:
        """The tokens of a sentence by its words; `None` if those of a word are not known."""
        known, not_plain = self._known.get, self._not_plain
        tokens: list[str] = []
        starts: list[int] = []
        at = start
        words = text[start:end].split(" ")
        for word in words:
            length = len(word)
            # `_is_plain`, whose call would cost more than all the rest.
            if word.isalpha() and word.isascii() and length <= _LONGEST and word not in not_plain:
                tokens.append(word)
                starts.append(at)
            elif found := known(word) or self._if_apart(word, words):
                texts, places = found
                tokens += texts
                starts += [at + place for place in places]
            else:
                return None
            at += length + 1
        return Cut(start, end, tokens, starts)

    def _if_apart(self, word: str, words: Sequence[str]) -> _Tokens | None:
        """The tokens of a mended word among the words of its sentence, if no exception lies across a blank there."""
        found = self._mended_words.get(word)
        if found is None:
            return None
        # Between two blanks stands a token of white space, for which spaCy is asked.
        joined = any(not a or not b or (a[-1], b[0]) in self._joints for a, b in pairwise(words))
        return None if joined else found

    def _learn(self, words: Iterable[str]) -> None:
        learnt: dict[str, _Tokens] = {}
        asked = []
        for word in words:
            # Words of no sane length are not remembered: they would fill the memory, and are not met again.
            if len(word) > _LONGEST:
                continue
            if (tokens := tokens_of(word, self._rules, self._mended_pairs)) is None:
                asked.append(word)
            else:
                learnt[word] = tokens, tuple(accumulate(map(len, tokens[:-1]), initial=0))
        mended: dict[str, _Tokens] = {}
        for word, answer in self._answers(asked).items():
            (mended if answer.mended else learnt)[word] = answer.tokens, answer.places
        if len(self._known) + len(self._mended_words) + len(learnt) + len(mended) > MOST_WORDS:
            self._known.clear()
            self._mended_words.clear()
        self._known.update(learnt)
        self._mended_words.update(mended)

    def _answers(self, words: Sequence[str]) -> dict[str, _Answer]:
        """What spaCy says of each word. One question for many: a document costs it as much as twenty words do."""
        alike = [word for word in words if word and not _APART.search(word)]
        answers: dict[str, _Answer] = {}
        # What spaCy keeps of a word it has met it keeps for good, unless it meets it in a memory zone; those exclude
        # each other.
        with self._lock, self._vocab.memory_zone():
            said = _dealt(self._tokenizer(_FENCE.join(alike)))
            answers |= {word: _Answer(*found, False) for word, found in zip(alike, said, strict=True)}
            doubted = [word for word in alike if self._doubted(word, answers[word].tokens)]
            bare = _dealt(self._bare(_FENCE.join(doubted)))
            for word, found in zip(doubted, bare, strict=True):
                answers[word] = answers[word]._replace(mended=found != answers[word][:2])
            for word in set(words).difference(alike):
                asked = self._asked(word, 0, len(word))
                answers[word] = _Answer(*asked, self._doubted(word, asked[0]))
        return answers

    def _doubted(self, word: str, tokens: Sequence[str]) -> bool:
        """Whether exceptions may have been found among a word's tokens, and not only as the word, or behind affixes."""
        return word not in self._rules and not self._mended.isdisjoint(tokens)

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


def _dealt(doc: Doc) -> Iterator[_Tokens]:
    """The tokens of each word between fences."""
    at = 0
    tokens: list[str] = []
    places: list[int] = []
    for token in doc:
        text = token.text
        if text != _MARK:
            tokens.append(text)
            places.append(token.idx - at)
            continue
        yield tuple(tokens), tuple(places)
        tokens, places = [], []
        at = token.idx + len(_MARK) + 1
    if tokens:
        yield tuple(tokens), tuple(places)


@cache
def _english() -> _English:
    return _English()


def columns(text: str, spans: Sequence[tuple[int, int]]) -> list[Cut]:
    """The sentences at `spans`, with their tokens."""
    return _english().cut(text, spans)
