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
from itertools import accumulate, chain, pairwise
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
"""Words that are remembered, about 25 MB of them; then all are forgotten. News of a month hold 60,000."""

_MARK: Final = "§"
"""Stands between the words of one question; it is a token of its own, and in no exception."""
_FENCE: Final = f" {_MARK} "
_APART = re.compile(rf"[\s{_MARK}]")
_Tokens = tuple[tuple[str, ...], tuple[int, ...]]
"""The tokens of a word, and where each starts in it."""
_SINGLE: Final = tuple((length + 1,) for length in range(_LONGEST + 1))
"""The steps of words of one token, by their length."""


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
        self._known: dict[str, tuple[str, ...]] = {}
        """The tokens of a word that begins with one."""
        self._steps: dict[str, tuple[int, ...]] = {}
        """How far it is from each token of such a word to the next, and from the last to the word behind one blank."""
        self._odd: dict[str, _Answer] = {}
        """The other words: those that begin with white space or are empty, and those whose neighbours matter."""
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
            words = {word for sentence in missing for word in sentence.split(" ")}
            self._learn(words.difference(self._known, self._odd))
        # Not remembered, or forgotten meanwhile for another thread: spaCy is asked for the whole sentence.
        return [
            cut or self._sentence(text, start, end) or self._whole(text, start, end)
            for (start, end), cut in zip(spans, found, strict=True)
        ]

    def _sentence(self, text: str, start: int, end: int) -> Cut | None:
        """The tokens of a sentence by its words; `None` if those of a word are not known."""
        words = text[start:end].split(" ")
        try:
            # No line of Python is run for a word: a rerun over a month of news meets millions of them.
            tokens = list(chain.from_iterable(map(self._known.__getitem__, words)))
            starts = list(accumulate(chain.from_iterable(map(self._steps.__getitem__, words)), initial=start))
        except KeyError:
            return self._odd_sentence(words, start, end)
        starts.pop()
        return Cut(start, end, tokens, starts)

    def _odd_sentence(self, words: Sequence[str], start: int, end: int) -> Cut | None:
        """The same for a sentence with a word that is none of the usual."""
        tokens: list[str] = []
        starts: list[int] = []
        at = start
        for i, word in enumerate(words):
            texts, steps = self._known.get(word), self._steps.get(word)
            if texts is not None and steps is not None:
                tokens += texts
                starts += accumulate(steps[:-1], initial=at)
            else:
                odd = self._odd.get(word)
                if odd is None or (odd.mended and self._joined(words, i)):
                    return None
                tokens += odd.tokens
                starts += [at + place for place in odd.places]
            at += len(word) + 1
        return Cut(start, end, tokens, starts)

    def _joined(self, words: Sequence[str], i: int) -> bool:
        """Whether an exception may lie across an edge of a word, and so change what is mended inside it."""
        # Behind two blanks stands a token of white space, for which spaCy is asked.
        return any(
            not left or not right or (left[-1], right[0]) in self._joints
            for left, right in pairwise(words[max(0, i - 1) : i + 2])
        )

    def _learn(self, words: Iterable[str]) -> None:
        learnt: dict[str, tuple[str, ...]] = {}
        steps: dict[str, tuple[int, ...]] = {}
        odd: dict[str, _Answer] = {}
        asked = []
        for word in words:
            # Words of no sane length are not remembered: they would fill the memory, and are not met again.
            if len(word) > _LONGEST:
                continue
            if (tokens := tokens_of(word, self._rules, self._mended_pairs)) is None:
                asked.append(word)
            else:
                learnt[word] = tokens
                steps[word] = _SINGLE[len(word)] if len(tokens) == 1 else (*map(len, tokens[:-1]), len(tokens[-1]) + 1)
        for word, answer in self._answers(asked).items():
            if answer.mended or answer.places[:1] != (0,):
                odd[word] = answer
            else:
                learnt[word] = answer.tokens
                steps[word] = tuple([b - a for a, b in pairwise((*answer.places, len(word) + 1))])
        if len(self._known) + len(self._odd) + len(learnt) + len(odd) > MOST_WORDS:
            for memory in (self._known, self._steps, self._odd):
                memory.clear()
        self._known.update(learnt)
        self._steps.update(steps)
        self._odd.update(odd)

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
