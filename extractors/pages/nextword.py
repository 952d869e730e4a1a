"""How likely one English word follows another, word by word, as next_words_en.txt has it.

`wordpairs` knows kinds of words, marks, and what no dictionary has; this knows what people say. Marks inside a sentence
are passed over, since the words were counted in speech.

>>> cost("according", "to") < 0.5 < cost("according", "the")
True
>>> before(["said", ",", "the"], 2), behind(["the", "(", "new", "."], 1), behind(["fell", "."], 1), before(["a"], 0)
('said', 'new', '</s>', '<s>')
>>> cost("zorbing", "to") == cost("zzz", "to"), cost("to", "zorbing")  # unknown words: the second by itself
(True, 9.0)
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, TypeAlias

from extractors.errors import LexiconError

_FILE = "next_words_en.txt"
UNKNOWN: Final = 9.0
"""Cost of a word that the table does not have, in nats."""
_MOST = 18.0
_SHARE = 5.0
"""What codes of shares are moved by, as some are below zero."""
_SOFT = frozenset(",;:“”\"()'’‘—–-[]s")
"""Cells that are passed over: marks, and the s of a genitive."""
_ENDS = frozenset(".!?…")


_Row: TypeAlias = "tuple[float, float, str, str]"
"""A word's own cost, what is added to that of one that does not follow it, what does, and the codes of that. A plain
tuple: the garbage collector, which would go through twenty thousand rows every time, leaves those alone."""


@cache
def _table() -> tuple[dict[str, _Row], dict[str, str]]:
    """The row of each word, and the character that stands for it among followers."""
    rows, letters = {}, {}
    text = files("extractors.lexicons").joinpath(_FILE).read_text("utf-8")
    for number, line in enumerate(text.rstrip("\n").split("\n")):
        word, own, followers, codes = line.split("\t")
        if len(own) != 2 or len(followers) != len(codes):
            raise LexiconError("a row needs two codes, and a code for each follower", file=_FILE, line=number + 1)
        rows[word] = ((ord(own[0]) - 33) / 5, (ord(own[1]) - 33) / 5 - _SHARE, followers, codes)
        letters[word] = chr(0x4E00 + number)
    return rows, letters


@lru_cache(maxsize=1 << 14)
def cost(first: str, second: str) -> float:
    """Negative log probability (nats) that `second` follows `first`; `<s>` and `</s>` are a sentence's ends."""
    rows, letters = _table()
    letter = letters.get(second)
    if letter is None:
        return UNKNOWN
    row = rows.get(first)
    own = rows[second][0]
    if row is None:
        return own
    _, share, followers, codes = row
    at = followers.find(letter)
    return (ord(codes[at]) - 33) / 5 if at >= 0 else min(_MOST, own + share)


def before(names: Sequence[str], i: int) -> str:
    """The word before cell `i`."""
    while i > 0:
        i -= 1
        if names[i] in _ENDS:
            return "<s>"
        if names[i] not in _SOFT:
            return names[i]
    return "<s>"


def spoken(names: Sequence[str]) -> list[str]:
    """The words among cells.

    >>> spoken(["the", "gpu", "s", ",", "price"])
    ['the', 'gpu', 'price']
    """
    return [name for name in names if name not in _SOFT]


def behind(names: Sequence[str], i: int) -> str:
    """The word from cell `i` on."""
    while i < len(names) and names[i] not in _ENDS:
        if names[i] not in _SOFT:
            return names[i]
        i += 1
    return "</s>"
