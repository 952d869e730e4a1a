"""How likely one kind of word follows another in English, as pairs_en.txt has it; pair_kinds_en.txt says the kinds.

>>> cost("the", "company") < cost("the", "the"), cost("of", "which") < cost("of", "is")
(True, True)
>>> kind("zorbing"), kind("7,000"), kind("gpu"), kind("the")
('-ing', '0', '-x', 'the')
>>> kind("monday") == kind("tuesday") != kind("said")
True
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from extractors.errors import LexiconError

_ENDINGS = ("ing", "ed", "ly", "s")
_PAIRS, _KINDS = "pairs_en.txt", "pair_kinds_en.txt"


@cache
def _table() -> tuple[dict[str, int], dict[str, tuple[float, ...]]]:
    """Kind to its column, and kind to its own cost and the costs of what follows it."""
    first, *lines = files("extractors.lexicons").joinpath(_PAIRS).read_text("utf-8").rstrip("\n").split("\n")
    columns = {name: i for i, name in enumerate(first.split(" "), start=1)}
    rows: dict[str, tuple[float, ...]] = {}
    for number, line in enumerate(lines, start=2):
        name, _, costs = line.partition(" ")
        if name not in columns or len(costs) != len(columns) + 1:
            raise LexiconError("a row needs a cost for each kind", file=_PAIRS, line=number)
        rows[name] = tuple((ord(c) - 33) / 5 for c in costs)
    return columns, rows


@cache
def _classes() -> dict[str, str]:
    """Word to its class."""
    out = {}
    for line in files("extractors.lexicons").joinpath(_KINDS).read_text("utf-8").splitlines():
        name, *words = line.split(" ")
        out.update(dict.fromkeys(words, name))
    return out


@lru_cache(maxsize=8192)
def kind(word: str) -> str:
    """The kind of a word in lower case, of a mark, or of a paragraph's end (`^`, `$`)."""
    if word == "$":
        return "$$"
    if (known := _classes().get(word)) is not None:
        return known
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
    return rows[kind(first)][columns[kind(second)]]


def alone(word: str) -> float:
    """Negative log probability (nats) of the word's kind when nothing is known of the one before."""
    return _table()[1][kind(word)][0]
