"""How likely one kind of word follows another in English, as pairs_en.txt has it.

>>> cost("the", "company") < cost("the", "the"), cost("of", "which") < cost("of", "is")
(True, True)
>>> kind("running"), kind("7,000"), kind("gpu"), kind("the")
('-ing', '0', '-x', 'the')
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from extractors.errors import LexiconError

_ENDINGS = ("ing", "ed", "ly", "s")


@cache
def _table() -> tuple[dict[str, int], dict[str, tuple[int, ...]]]:
    """Kind to its column, and kind to its own cost and the costs of what follows it, in tenths of a nat."""
    first, *lines = files("extractors.lexicons").joinpath("pairs_en.txt").read_text("utf-8").rstrip("\n").split("\n")
    columns = {name: i for i, name in enumerate(first.split(" "), start=1)}
    rows: dict[str, tuple[int, ...]] = {}
    for number, line in enumerate(lines, start=2):
        name, *costs = line.split(" ")
        if len(costs) != len(columns) + 1:
            raise LexiconError("a row needs a cost for each kind", file="pairs_en.txt", line=number)
        rows[name] = tuple(map(int, costs))
    return columns, rows


@lru_cache(maxsize=8192)
def kind(word: str) -> str:
    """The kind of a word in lower case, of a mark, or of a paragraph's end (`^`, `$`)."""
    if word == "$":
        return "$$"
    if word in _table()[0]:
        return word
    if word[:1].isdigit():
        return "0"
    if not word[:1].isalnum():
        return ","
    return next((f"-{e}" for e in _ENDINGS if len(word) > len(e) + 2 and word.endswith(e)), "-x")


def cost(first: str, second: str) -> float:
    """Negative log probability (nats) that a word of the second's kind follows one of the first's."""
    columns, rows = _table()
    return rows[kind(first)][columns[kind(second)]] / 10


def alone(word: str) -> float:
    """Negative log probability (nats) of the word's kind when nothing is known of the one before."""
    return _table()[1][kind(word)][0] / 10
