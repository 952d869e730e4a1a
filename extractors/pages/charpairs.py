"""How likely one character follows another in Chinese news: what tells a sentence from one that was broken into.

>>> cost("公", "司") < cost("公", "破")
True
>>> cost("7", "8"), cost("x", "A")  # numbers and Latin words are one character each
(0.0, 0.0)
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from extractors.errors import LexiconError

_UNKNOWN = 11.0
"""Cost of a character that the table does not have, in nats."""


@cache
def _rows() -> dict[str, tuple[str, str, float]]:
    """Character to its followers, their codes, and the cost of a follower that is not among them."""
    rows = {}
    text = files("extractors.lexicons").joinpath("pairs_zh.txt").read_text("utf-8")
    for number, line in enumerate(text.rstrip("\n").split("\n"), start=1):
        first, own, followers, codes = line.split("\t")
        if len(first) != 1 or len(own) != 2 or len(followers) != len(codes):
            raise LexiconError(
                "a row needs a character, two codes, and a code for each follower", file="pairs_zh.txt", line=number
            )
        rows[first] = (followers, codes, (ord(own[1]) - 33) / 5)
    return rows


@cache
def _own() -> dict[str, float]:
    text = files("extractors.lexicons").joinpath("pairs_zh.txt").read_text("utf-8")
    return {line[0]: (ord(line[2]) - 33) / 5 for line in text.rstrip("\n").split("\n")}


def kind(c: str) -> str:
    """The character as the table knows it."""
    if c.isascii():
        return "0" if c.isdigit() else "A" if c.isalpha() else c
    return c


def alone(c: str) -> float:
    """Negative log probability (nats) that a character comes next when nothing is known of the one before."""
    return _own().get(kind(c), _UNKNOWN)


@lru_cache(maxsize=1 << 15)
def cost(first: str, second: str) -> float:
    """Negative log probability (nats) that `second` follows `first`; `^` and `$` are a paragraph's ends."""
    a, b = kind(first), kind(second)
    if a == b and a in "0A":
        return 0.0
    row = _rows().get(a)
    if row is None:
        return _own().get(b, _UNKNOWN)
    at = row[0].find(b)
    return (ord(row[1][at]) - 33) / 5 if at >= 0 else min(18.0, row[2] + _own().get(b, _UNKNOWN))
