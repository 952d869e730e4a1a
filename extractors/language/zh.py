"""Chinese words: jieba's cut, by the Rust jieba where it is installed, by jieba itself where not.

Both know the same dictionary and the same HMM, and both are taught the names of companies.csv. rjieba differs only in
Latin words, which it keeps whole (`Grok-2`). Traditional text is cut in its simplified form.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from itertools import accumulate, pairwise
from typing import NamedTuple, Protocol

from extractors.language.sentences import Cut
from extractors.lexicons.companies import segmenter_words


class Word(NamedTuple):
    """A word of a folded text. `tag` is jieba's part of speech; that of a word outside its dictionary is a guess."""

    start: int
    end: int
    text: str
    tag: str


class Cutter(Protocol):
    """What both jiebas offer.

    `cut` gives words without gaps, `tag` the same ones with their parts of speech; `suggest_freq` of a word of the
    dictionary is how often it was counted there, so that a rare one can be told from a common one.
    """

    def __hash__(self) -> int: ...

    def cut(self, text: str) -> list[str]: ...

    def tag(self, text: str) -> list[tuple[str, str]]: ...

    def has_word(self, word: str) -> bool: ...

    def suggest_freq(self, segment: str) -> int: ...


class JiebaCutter:
    """jieba itself: the reference, and what runs where rjieba has no wheel."""

    def __init__(self, words: list[str]) -> None:
        import jieba

        jieba.setLogLevel("WARNING")
        self._jieba = jieba.Tokenizer()
        self._jieba.initialize()
        self._known = frozenset(words)
        for word in (*modern_words(), *words):
            if word not in self._jieba.FREQ:
                self._jieba.add_word(word)
        self._tags: dict[str, str] = dict.fromkeys(modern_words(), "n")
        with jieba.get_module_res("dict.txt") as dictionary:
            for line in dictionary:
                word, _, tag = line.decode("utf-8").split()
                self._tags[word] = tag

    def cut(self, text: str) -> list[str]:
        return list(self._jieba.cut(text))

    def tag(self, text: str) -> list[tuple[str, str]]:
        return [(word, self._tag(word)) for word in self._jieba.cut(text)]

    def _tag(self, word: str) -> str:
        if found := self._tags.get(word):
            return found
        if word in self._known:
            return "nz"
        if word.isascii():
            return "m" if word[0].isdigit() else "eng" if word[0].isalpha() else "x"
        return "x"

    def has_word(self, word: str) -> bool:
        return bool(self._jieba.FREQ.get(word))

    def suggest_freq(self, segment: str) -> int:
        return int(self._jieba.suggest_freq(segment))


@cache
def modern_words() -> dict[str, None]:
    """Common words that jieba's dictionary is too old for, in the order of their file; a dict for quick look-ups."""
    text = files("extractors.lexicons").joinpath("modern_zh.txt").read_text("utf-8")
    return dict.fromkeys(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def rust_cutter(words: list[str]) -> Cutter | None:
    """rjieba with its own copy of the dictionary, or `None` where it is not installed."""
    try:
        import rjieba
    except ImportError:
        return None
    jieba = rjieba.Jieba()
    for tag, new in (("n", list(modern_words())), ("nz", words)):
        for word in new:
            if not jieba.has_word(word):
                jieba.add_word(word, None, tag)
    cutter: Cutter = jieba
    return cutter


def new_cutter(words: list[str]) -> Cutter:
    """A segmenter that knows some folded words beside jieba's dictionary."""
    return rust_cutter(words) or JiebaCutter(words)


@cache
def cutter() -> Cutter:
    """The segmenter that knows the names of companies.csv; built once."""
    return new_cutter(segmenter_words())


def words(folded: str, segmenter: Cutter | None = None) -> list[Word]:
    """All words of a folded text, white space and punctuation too, in order and without gaps.

    >>> [(w.text, w.tag) for w in words("在空旷视野里的英伟达")]
    [('在', 'p'), ('空旷', 'nr'), ('视野', 'n'), ('里', 'f'), ('的', 'uj'), ('英伟达', 'nz')]
    """
    found = []
    start = 0
    for word, tag in (segmenter or cutter()).tag(folded):
        end = start + len(word)
        found.append(Word(start, end, word, tag))
        start = end
    return found


def columns(text: str, folded: str, spans: Iterable[tuple[int, int]], words: Sequence[str]) -> list[Cut]:
    """The sentences at `spans`, with their share of the words of the folded text."""
    tokens = list(words)
    starts = list(accumulate(map(len, tokens), initial=0))
    if folded != text:
        tokens = [text[start:end] for start, end in pairwise(starts)]
    found = []
    first = 0
    for start, end in spans:
        # Both end at marks and white space, so the text can be cut once and its words dealt out.
        first = bisect_left(starts, start, first)
        behind = bisect_left(starts, end, first)
        own, places = tokens[first:behind], starts[first:behind]
        if any(map(str.isspace, own)):
            visible = [(token, place) for token, place in zip(own, places, strict=True) if not token.isspace()]
            own, places = [token for token, _ in visible], [place for _, place in visible]
        found.append(Cut(start, end, own, places))
        first = behind
    return found
