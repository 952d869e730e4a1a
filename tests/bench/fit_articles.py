"""The articles that the weights for shards are fitted on: clean ones, what farms make of them, and variants of both.

A few hundred articles have few headlines, few names that nobody has heard of, and few of them are short.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from extractors.model import Lang
from tests.bench.repair_corpus import Clean
from tests.pages.contaminate import Injection, contaminate, recipe

LONGEST = {"zh": 4000, "en": 30000}
"""Characters of an article that is contaminated; longer ones are shown clean only."""


def articles(
    lang: Lang, clean: Sequence[Clean], farms: int, head: bool
) -> Iterator[tuple[str | None, tuple[str, ...], tuple[Injection, ...]]]:
    for number, article in enumerate(a for a in clean if a.fit_to_cut):
        if sum(map(len, article.paragraphs)) < LONGEST[lang]:
            for seed in range(farms):
                title, paragraphs = article.title, article.paragraphs
                if lang == "zh" and seed % 2:
                    title, paragraphs = variant(article, random.Random(seed * 1000 + number + 500))
                # A name is taken for a shard where it stands in the headline; without one fewer are enough.
                if lang == "zh" and seed % (3 if head else 2):
                    title, paragraphs = alias(title, paragraphs, random.Random(seed * 1000 + number))
                    yield title, paragraphs, ()
                dirty = contaminate(title, paragraphs, recipe(1000 * seed + number))
                yield dirty.title, dirty.paragraphs, dirty.injections
        yield article.title, article.paragraphs, ()
        if lang == "zh" or number % 2:
            yield None, article.paragraphs, ()
    # What no farm would cut has headlines of its own kind.
    for article in clean if lang == "zh" else ():
        if not article.fit_to_cut:
            yield article.title, article.paragraphs, ()
            yield None, article.paragraphs, ()


_SENTENCE = re.compile("(?<=[。，！？])[^。，！？：；（）“”]{9,28}[。，！？]")
"""What could be a headline."""


def variant(article: Clean, rng: random.Random) -> tuple[str, tuple[str, ...]]:
    """Another article made of one: a part of it, one of its sentences for its headline, or both.

    A few hundred articles have few headlines, and few of them are short.
    """
    title, paragraphs = article.title, article.paragraphs
    if rng.random() < 0.5 and len(paragraphs) > 4:
        size = rng.randint(3, min(12, len(paragraphs) - 1))
        at = rng.choice([0, 0, rng.randrange(len(paragraphs) - size + 1)])
        paragraphs = paragraphs[at : at + size]
    if rng.random() < 0.5:
        spots = [(n, m) for n, p in enumerate(paragraphs) for m in _SENTENCE.finditer(p)]
        if spots:
            n, m = rng.choice(spots)
            title = m.group()[:-1]
            rest = paragraphs[n][: m.start()] + paragraphs[n][m.end() :]
            paragraphs = (*paragraphs[:n], rest, *paragraphs[n + 1 :])
    return title, paragraphs


_NAME_CHARACTERS = (
    "星桥云湖石榴北屿昆仑壁仞澜启曜芯擎睿鲲澄钛弦朗岚砺翎渊锐歌禾泓晟羽衡麓璟拓淼珞辰昇恺荷黛奥莱斯克姆尔维卡洛伊"
)
_NAME_ENDINGS = ("科技", "智能", "数据", "集团", "", "", "", "电子", "汽车")


def alias(title: str, paragraphs: Sequence[str], rng: random.Random) -> tuple[str, tuple[str, ...]]:
    """The article with one or two of the headline's recurring words turned into names that nobody has heard of.

    News is full of them, and the character pairs know none: a fit on old articles alone would take them for shards.
    """
    body = "\n".join(paragraphs)
    for _ in range(rng.choice([1, 1, 2])):
        words = {title[i : i + n] for n in (2, 3, 4) for i in range(len(title) - n + 1)}
        words = {w for w in words if all("\u4e00" <= c <= "\u9fff" for c in w) and body.count(w) >= 2}
        if not words:
            break
        word = max(sorted(words), key=lambda w: (body.count(w) * (len(w) - 1), rng.random()))
        name = "".join(rng.choice(_NAME_CHARACTERS) for _ in range(rng.choice([2, 2, 3, 4]))) + rng.choice(
            _NAME_ENDINGS
        )
        title, body = title.replace(word, name), body.replace(word, name)
        if rng.random() < 0.4 and not title.startswith(name):
            title = name + title
        # Names begin sentences.
        parts = re.split("(?<=[。，])", body)
        for i in rng.sample(range(len(parts)), min(len(parts), rng.choice([0, 1, 2, 3]))):
            if len(parts[i]) > 12 and not parts[i].startswith(name):
                verb = rng.choice(
                    ["表示，", "称，", "方面", "的", "在", "将", "已经", "首席执行官", "认为", "计划", "宣布"]
                )
                parts[i] = name + verb + parts[i]
        body = "".join(parts)
    return title, tuple(body.split("\n"))
