"""What it costs to write a run of Han characters: the best way to cut it into words that follow each other in texts.

>>> cost("公司发布了") < cost("公发司布了")
True
>>> cost("我们认为", "^") < cost("我们认为")  # a clause begins like this
True
>>> cost("")
0.0
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from importlib.resources import files

from extractors.errors import LexiconError

LONGEST = 5
"""Characters of the longest word."""
_UNKNOWN = 18.4
"""Cost of a character that is no word, in nats."""
_FILE = "words_zh.txt"


@cache
def _rows() -> dict[str, str]:
    """A word to the rest of its line: its codes, what follows it, and the codes of that."""
    text = files("extractors.lexicons").joinpath(_FILE).read_text("utf-8")
    rows = dict([line.split("\t", 1) for line in text.rstrip("\n").split("\n")])
    for number, (word, rest) in enumerate(rows.items(), start=1):
        if len(word) > LONGEST or rest[2:3] != "\t":
            raise LexiconError("a row needs a word, two codes, and a code for each follower", file=_FILE, line=number)
    return rows


@lru_cache(maxsize=1 << 15)
def _next(before: str, word: str) -> float:
    """Negative log probability (nats) of a word behind another one; behind `` nothing is known of what came before."""
    rows = _rows()
    row = rows.get(word)
    own = _UNKNOWN if row is None else (ord(row[0]) - 33) / 5
    row = rows.get(before)
    if row is None:
        return own
    codes, followers, costs = row.split("\t")
    at = f"{followers} ".find(f" {word} ")
    return (ord(costs[followers.count(" ", 0, at)]) - 33) / 5 if at >= 0 else own + (ord(codes[1]) - 33) / 5


@lru_cache(maxsize=1 << 14)
def cost(run: str, before: str = "") -> float:
    """The cost in nats of a run behind the word `before`, which is `^` where a clause begins."""
    rows = _rows()
    size = len(run)
    best: list[dict[str, float]] = [{} for _ in range(size + 1)]
    best[0][before] = 0.0
    for i in range(size):
        reached = best[i]
        if not reached:
            continue
        for j in range(i + 1, min(size, i + LONGEST) + 1):
            word = run[i:j]
            if j > i + 1 and word not in rows:
                continue
            best[j][word] = min([c + _next(last, word) for last, c in reached.items()])
    return min(best[size].values(), default=math.inf)
