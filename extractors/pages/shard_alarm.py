"""A quick look that spares clean articles the search for shards.

It reads only the places where farms like to drop something in (extractors/pages/shard_signs.py) and weighs what it sees
there. It may be wrong in one direction only: a false alarm costs time, no text.
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from operator import mul

from extractors.errors import LexiconError
from extractors.model import Lang
from extractors.pages.shard_signs import ARTICLE, PLACE, Sign, signs_en, signs_zh, together

AGAIN = ("order", "densest", "all_log", "strings_rare", "long")
"""What is also seen in a Chinese article without a headline: there the strings that come back are all there is."""

LONGEST = {"zh": 60_000, "en": 60_000}
"""Characters of an article. Farms copy news, and news is shorter; a book or a flood is not searched."""
_LONGEST_TITLE = 250
_LEAST = {"zh_headline": -1.3, "zh_none": -0.6, "en_headline": -0.7, "en_none": -0.5}
"""Log odds from which an article is searched. Without a headline more clean articles have them: a farm's shards and
the author's own words differ less where it is not known what was cut up."""
_FILE = "shard_look.toml"
_WINDOW = 800
"""Characters of the part of an article in which the most signs stand: farms begin with zeal."""
_LONG = 7.0
"""The logarithm of the characters from which an article is long; it has strings that come back without any farm."""


def alarming(title: str | None, paragraphs: Sequence[str], lang: Lang) -> bool:
    """Whether the article should be searched for shards."""
    size = sum(map(len, paragraphs))
    if not size or size > LONGEST[lang] or (title and len(title) > _LONGEST_TITLE):
        return False
    return odds(title, paragraphs, lang) >= _LEAST[f"{lang}_{'headline' if title else 'none'}"]


def odds(title: str | None, paragraphs: Sequence[str], lang: Lang) -> float:
    """Log odds that a farm was at the article, as far as a quick look tells."""
    seen = signs_zh(title, paragraphs) if lang == "zh" else signs_en(title, paragraphs)
    if len(seen) < 2:
        return -math.inf
    name = f"{lang}_{'headline' if title else 'none'}"
    place, article = weights(name)
    total: float = sum(map(mul, article, seen_in(name, seen, place, sum(map(len, paragraphs)))))
    return total


def article_names(name: str) -> tuple[str, ...]:
    """The numbers of an article of a language with or without a headline, as `zh_none`."""
    return ARTICLE + AGAIN if name == "zh_none" else ARTICLE


def seen_in(name: str, signs: Sequence[Sign], place: Sequence[float], size: int) -> list[float]:
    """The numbers of `article_names`; `place` are the weights of a sign's numbers, `size` the article's characters."""
    scores = [sum(map(mul, place, s.numbers)) for s in signs]
    numbers = together(signs, scores, size)
    return numbers + _coming_back(signs, scores, size) if name == "zh_none" else numbers


def _coming_back(signs: Sequence[Sign], scores: Sequence[float], size: int) -> list[float]:
    """The numbers named in `AGAIN`."""
    spots = sorted((i, s.unit, x + 1) for s, x in zip(signs, scores, strict=True) if x > -1 for i in s.places)
    pairs = Counter((a[1], b[1]) for a, b in pairwise(spots) if a[1] != b[1])
    densest = near = 0.0
    first = 0
    for at, _, weight in spots:
        near += weight
        while at - spots[first][0] > _WINDOW:
            near -= spots[first][2]
            first += 1
        densest = max(densest, near)
    length = math.log(size + 1.0)
    all_ = sum(max(0.0, x + 1) for x in scores)
    return [
        min(10, pairs.total() - len(pairs)), math.log(1 + densest), math.log(1 + all_),
        math.log(1 + len(signs)) - length, max(0.0, length - _LONG),
    ]  # fmt: skip


@cache
def weights(name: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The weights of `PLACE` and `article_names` for a language with or without a headline, as `zh_none`."""
    table = tomllib.loads(files("extractors.lexicons").joinpath(_FILE).read_text("utf-8"))[name]
    names = PLACE[name[:2]]
    for stage, wanted in (("place", names), ("article", article_names(name))):
        if table[stage].keys() != set(wanted):
            raise LexiconError(
                f"{sorted(table[stage].keys() ^ set(wanted))} do not match the signs", file=_FILE, line=0
            )
    return tuple(float(table["place"][n]) for n in names), tuple(
        float(table["article"][n]) for n in article_names(name)
    )
