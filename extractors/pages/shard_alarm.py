"""A quick look that spares clean articles the search for shards.

It reads only the places where farms like to drop something in (extractors/pages/shard_signs.py) and weighs what it sees
there. It may be wrong in one direction only: a false alarm costs time, no text.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from operator import mul

from extractors.errors import LexiconError
from extractors.model import Lang
from extractors.pages.shard_signs import ARTICLE, PLACE, signs_en, signs_zh, together

LONGEST = {"zh": 60_000, "en": 60_000}
"""Characters of an article. Farms copy news, and news is shorter; a book or a flood is not searched."""
_LONGEST_TITLE = 250
_LEAST = {"zh_headline": -1.3, "zh_none": 0.0, "en_headline": -0.7, "en_none": -0.5}
"""Log odds from which an article is searched. Without a headline more clean articles have them: a farm's shards and
the author's own words differ less where it is not known what was cut up."""
_FILE = "shard_look.toml"


def alarming(title: str | None, paragraphs: Sequence[str], lang: Lang) -> bool:
    """Whether the article should be searched for shards."""
    size = sum(map(len, paragraphs))
    if not size or size > LONGEST[lang] or (title and len(title) > _LONGEST_TITLE):
        return False
    seen = signs_zh(title, paragraphs) if lang == "zh" else signs_en(title, paragraphs)
    if len(seen) < 2:
        return False
    name = f"{lang}_{'headline' if title else 'none'}"
    place, article = weights(name)
    scores = [sum(map(mul, place, s.numbers)) for s in seen]
    odds: float = sum(map(mul, article, together(seen, scores, size)))
    return odds >= _LEAST[name]


@cache
def weights(name: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The weights of `PLACE` and `ARTICLE` for a language with or without a headline, as `zh_none`."""
    table = tomllib.loads(files("extractors.lexicons").joinpath(_FILE).read_text("utf-8"))[name]
    names = PLACE[name[:2]]
    for stage, wanted in (("place", names), ("article", ARTICLE)):
        if table[stage].keys() != set(wanted):
            raise LexiconError(
                f"{sorted(table[stage].keys() ^ set(wanted))} do not match the signs", file=_FILE, line=0
            )
    return tuple(float(table["place"][n]) for n in names), tuple(float(table["article"][n]) for n in ARTICLE)
