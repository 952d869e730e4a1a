"""Pairs of texts for tests/bench/stories.py: copies that were made, and unrelated texts that look alike.

`COPIES` change a page's text as copying sites do. `unrelated` are pairs of different pages of one language that stand
on one site, or whose texts are nearest by topic; pages that the measuring material itself holds twice are left out
(they share half of the shorter text or more, or their heads). `DOUBLES` make these pairs harder: both quote one
paragraph, stand above one footer or below one box, of up to 0.3 of the shorter text. `serials` are market reports of
invented days, by one template.
"""

from __future__ import annotations

import json
import random
import re
import sys
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from extractors.pages.repair import repair
from pipelines.stories.sketches import MARKS, Hashes, shingles
from tests.pages.contaminate import contaminate, recipe

PAGES = Path(__file__).parents[3] / "shared" / "pages"
SENTENCE = {"zh": re.compile(r"[^。！？\n]*[。！？\n]?"), "en": re.compile(r".*?(?:[.!?](?=\s)|\n|$)", re.DOTALL)}
NOTE = {
    "zh": "编者按：本文经授权转载，内容略有删改，仅供参考。\n",
    "en": "Editor's note: this story was first published elsewhere and has been updated.\n",
}
LEAST = 200
"""Characters of the shortest page."""


class Text(NamedTuple):
    site: str
    lang: str
    text: str


Pair = tuple[str, str]
Change = Callable[[Text, list[Text], random.Random], str]


def load(lang: str, half: int | None) -> list[Text]:
    """Pages of half 0 (thresholds are chosen on it) or 1 (what is reported), or all."""
    texts = []
    for line in (PAGES / "manifest.jsonl").read_text().splitlines():
        entry = json.loads(line)
        mine = half is None or zlib.crc32(entry["id"].encode()) % 2 == half
        text = (PAGES / entry["lang"] / f"{entry['id']}.txt").read_text()
        if mine and entry["lang"] == lang and len(text) >= LEAST:
            site = re.sub(r"^daniel-\d+-|-[0-9a-f]+$|-\d+$", "", entry["id"])
            texts.append(Text(site if site else entry["origin"], lang, text))
    return texts


def cut(one: Text, others: list[Text], rng: random.Random) -> str:
    return one.text[: int(len(one.text) * rng.uniform(0.4, 0.9))]


def headed(one: Text, others: list[Text], rng: random.Random) -> str:
    return f"{rng.choice(others).text[:30]}\n{NOTE[one.lang]}{one.text}"


def edited(one: Text, others: list[Text], rng: random.Random) -> str:
    """One sentence of twelve dropped, one word of twenty or character of thirty-three another."""
    text = "".join(s for s in SENTENCE[one.lang].findall(one.text) if rng.random() > 0.08)
    glue, share = (" ", 0.05) if one.lang == "en" else ("", 0.03)
    units = text.split(" ") if one.lang == "en" else list(text)
    return NOTE[one.lang] + glue.join(rng.choice(units) if rng.random() < share else unit for unit in units)


def contaminated(one: Text, others: list[Text], rng: random.Random) -> str:
    """A shard of another headline every few sentences, teasers of three stories behind."""
    shard = rng.choice(others).text[:20]
    step = rng.randrange(100, 250) if one.lang == "zh" else rng.randrange(250, 600)
    pieces = [one.text[at : at + step] for at in range(0, len(one.text), step)]
    teasers = [rng.choice(others).text[: rng.randrange(80, 300)] for _ in range(3)]
    return shard.join(pieces) + "\n" + "\n".join(teasers)


def merged(one: Text, others: list[Text], rng: random.Random) -> str:
    other = rng.choice(others).text[: int(len(one.text) * rng.uniform(0.5, 2))]
    return "\n".join([one.text, other] if rng.random() < 0.5 else [other, one.text])


def everything(one: Text, others: list[Text], rng: random.Random) -> str:
    text = one._replace(text=cut(one, others, rng))
    return contaminated(text._replace(text=edited(text, others, rng)), others, rng)


def updated(one: Text, others: list[Text], rng: random.Random) -> str:
    """As news agencies go on with a story: a new beginning, most of the old text behind it, edited, its end cut."""
    new = rng.choice(others).text[: int(len(one.text) * rng.uniform(0.1, 0.4))]
    old = one.text[int(len(one.text) * rng.uniform(0, 0.2)) : int(len(one.text) * rng.uniform(0.7, 1))]
    return f"{new}\n{edited(one._replace(text=old), others, rng)}"


def farmed(one: Text, others: list[Text], rng: random.Random) -> str:
    """Shards of the article's own headline in its sentences, as tests/pages/contaminate.py makes them."""
    return "\n".join(_farmed(one, rng)[1])


def farmed_everything(one: Text, others: list[Text], rng: random.Random) -> str:
    return farmed(one._replace(text=everything(one, others, rng)), others, rng)


def repaired(one: Text, others: list[Text], rng: random.Random) -> str:
    """The same after `repair`, as the tables would have it."""
    return "\n".join(repair(*_farmed(one._replace(text=everything(one, others, rng)), rng)).paragraphs)


def _farmed(one: Text, rng: random.Random) -> tuple[str | None, tuple[str, ...]]:
    title, *paragraphs = [line for line in one.text.split("\n") if line.strip()]
    if len(title) > (45 if one.lang == "zh" else 120) or not paragraphs:
        title, paragraphs = title[: 20 if one.lang == "zh" else 60], [title, *paragraphs]
    found = contaminate(title, paragraphs, recipe(rng.randrange(10**9)))
    return found.title, found.paragraphs


COPIES: tuple[Change, ...] = (
    cut,
    headed,
    edited,
    contaminated,
    merged,
    everything,
    updated,
    farmed,
    farmed_everything,
    repaired,
)


def copies(of: list[Text], change: Change, rng: random.Random) -> list[Pair]:
    return [(one.text, change(one, [other for other in of if other is not one], rng)) for one in of]


def exact(first: str, second: str, lang: str) -> float:
    """Share of the shorter text's shingles that stand in the other too."""
    a, b = _plain(first, lang), _plain(second, lang)
    return len(np.intersect1d(a, b)) / max(1, min(len(a), len(b)))


@cache
def _plain(text: str, lang: str) -> Hashes:
    return shingles(text, lang) >> np.uint64(MARKS)


def unrelated(of: list[Text]) -> list[tuple[Text, Text]]:
    """Pairs of one site, and each text with the five that share most words with it; without what is one story."""
    words = [set(re.findall(r"\w\w" if one.lang == "zh" else r"\w{4,}", one.text.lower())) for one in of]
    pairs = {(i, j) for i in range(len(of)) for j in range(i) if of[i].site == of[j].site}
    for i in range(len(of)):
        near = sorted(range(len(of)), key=lambda j: -len(words[i] & words[j]) / len(words[i] | words[j]))[1:6]
        pairs |= {(max(i, j), min(i, j)) for j in near if i != j}
    found = [(of[i], of[j]) for i, j in sorted(pairs)]
    return [(a, b) for a, b in found if exact(a.text, b.text, a.lang) < 0.5]


def doubled(of: list[Text], kind: str, rng: random.Random, count: int) -> list[Pair]:
    """Unrelated pairs that both hold a third text's paragraph: `quote` anywhere, `footer` behind, `box` before."""
    pairs = unrelated(of)
    made = []
    for a, b in rng.sample(pairs, min(count, len(pairs))):
        third = rng.choice([other for other in of if other is not a and other is not b])
        unit = 1 if a.lang == "zh" else 3
        most = min((120 if kind == "box" else 300) * unit, int(0.3 * min(len(a.text), len(b.text))))
        start = rng.randrange(max(1, len(third.text) - most))
        piece = third.text[start : start + rng.randrange(most // 2, most + 1)]
        made.append((_with(a, piece, kind, rng), _with(b, piece, kind, rng)))
    return made


DOUBLES = ("quote", "footer", "box")


def _with(one: Text, piece: str, kind: str, rng: random.Random) -> str:
    sentences = SENTENCE[one.lang].findall(one.text)
    at = {"box": 0, "footer": len(sentences), "quote": rng.randrange(len(sentences) + 1)}[kind]
    return "".join([*sentences[:at], "\n", piece, "\n", *sentences[at:]])


SECTORS = {
    "zh": [
        "半导体",
        "白酒",
        "锂电",
        "光伏",
        "医药",
        "券商",
        "银行",
        "煤炭",
        "军工",
        "传媒",
        "地产",
        "汽车",
        "通信",
        "液冷",
        "机器人",
        "黄金",
        "稀土",
    ],
    "en": [
        "chip makers",
        "banks",
        "utilities",
        "oil producers",
        "retailers",
        "software firms",
        "miners",
        "airlines",
        "insurers",
    ],
}
SHARES = {
    "zh": ["甲木科技", "乙山股份", "丙水电子", "丁火能源", "戊土材料", "己金通信", "庚石软件", "辛竹光电", "壬林智能"],
    "en": ["Acme", "Bolt Micro", "Crane Energy", "Elm Retail", "Forge Cloud", "Grand Air", "Hart Bank", "Ivory Pharma"],
}
REPORT = {
    "zh": (
        "{day}，市场三大指数涨跌互现，截至收盘，沪指{move}，报{points}点；深成指{move}，报{points}点；创业板指{move}，"
        "报{points}点。两市成交额{volume}亿元，较上一个交易日变动{small}亿元。",
        "盘面上，{sectors}板块涨幅居前，{sectors}板块跌幅居前。上涨的股票有{volume}只，{small}只涨停，其中{shares}封板。",
        "资金方面，北向资金全天净流入{small}.{small}亿元，沪股通净流入{small}.{small}亿元，深股通净流入{small}亿元。",
        "港股方面，恒生指数{move}，报{points}点，恒生科技指数{move}，报{points}点，全日成交{volume}亿港元。",
        "公司方面，{shares}公告称，拟投资{small}亿元建设新的项目，预计在{volume}天内投产。",
        "以上内容仅供参考，不构成投资建议，据此操作风险自担。",
    ),
    "en": (
        "Stocks ended mixed on {day}. The Dow industrials {move} to {points}, the S&P 500 {move} to {points} and the "
        "Nasdaq Composite {move} to {points}. Volume on the exchanges was {small}.{small} billion shares.",
        "Among sectors, {sectors} led the gains, while {sectors} were the weakest of the session.",
        "Shares of {shares} {move} after the company reported quarterly revenue of ${small}.{small} billion, and those "
        "of {shares} {move} after it cut its outlook for the year.",
        "Advancing issues outnumbered decliners by a ratio of {small} to {small} on the New York exchange, where there "
        "were {volume} new highs and {small} new lows.",
        "The yield on the 10-year note {move} to {small}.{small}%. Crude settled at ${small}.{small} a barrel.",
        "This report is for information only and is not investment advice.",
    ),
}


def serials(lang: str, count: int, rng: random.Random) -> list[Pair]:
    """Pairs of reports of different days; a day leaves out one paragraph of six at most."""
    days = "星期一 星期二 星期三 星期四 星期五" if lang == "zh" else "Monday Tuesday Wednesday Thursday Friday"
    moves = ("涨", "跌") if lang == "zh" else ("rose ", "fell ")

    def filled(match: re.Match[str]) -> str:
        glue = "、" if lang == "zh" else " and "
        return {
            "day": lambda: rng.choice(days.split()),
            "move": lambda: f"{rng.choice(moves)}{rng.uniform(0.01, 4):.2f}%",
            "points": lambda: f"{rng.uniform(1_000, 40_000):.2f}",
            "volume": lambda: str(rng.randrange(100, 20_000)),
            "small": lambda: str(rng.randrange(1, 100)),
            "sectors": lambda: glue.join(rng.sample(SECTORS[lang], rng.randint(1, 3))),
            "shares": lambda: rng.choice(SHARES[lang]),
        }[match[1]]()

    def report() -> str:
        parts = list(REPORT[lang])
        if rng.random() < 0.5:
            del parts[rng.randrange(1, len(parts))]
        return "\n".join(re.sub(r"\{(\w+)\}", filled, part) for part in parts)

    return [(report(), report()) for _ in range(count)]
