"""Contaminates clean articles the way content farms do, and remembers where.

A farm cuts the headline into shards and drops them into the article, in a fixed cycle or shuffled, some with an
advertised name behind, after punctuation, after 的, between words or at the end of a paragraph. `recipe` draws the
details from a seed, widely, so that a rule that fits one habit only shows.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

_HAN = re.compile("[\u3400-\u9fff]")
_PIECE = re.compile("[\u3400-\u9fff]|[A-Za-z0-9]")
_WORD = re.compile(r"[^\s,.;:!?\"“”‘’()\[\]—–|]+")


@dataclass(frozen=True, slots=True)
class Recipe:
    """One farm's habits. `lengths` are characters (Chinese) or words (English) a shard."""

    seed: int
    cut: str
    """`even`: consecutive pieces; `skip`: pieces that leave characters out; `overlay`: a piece and one from further on;
    `any`: overlapping pieces from anywhere; `whole`: letters of Latin words stay together."""
    lengths: tuple[int, ...]
    order: str
    """`cycle`, `shuffle` (each round in an order of its own), or `random`."""
    most: int
    """Insertions a paragraph, 1 to 3."""
    decay: str
    """`flat`, `fade` (density falls to nothing), or `stop` (the first part only)."""
    slots: str
    """`clause`, `clause+de`, `words`, `ends`, or `mixed`."""
    adverts: int
    """How many shards carry an advertised name."""
    shards: int
    """The most different shards of one article."""
    headline: bool
    """Whether the reader is shown the headline."""
    junk: bool
    """Whether some shards have a foreign letter inside."""


@dataclass(frozen=True, slots=True)
class Injection:
    paragraph: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Contaminated:
    title: str | None
    paragraphs: tuple[str, ...]
    injections: tuple[Injection, ...]


def recipe(seed: int) -> Recipe:
    rng = random.Random(seed)
    return Recipe(
        seed=seed,
        cut=rng.choice(["even", "even", "even", "even", "whole", "whole", "skip", "overlay", "any"]),
        lengths=rng.choice([(2,), (2, 3), (2, 3, 4), (2, 3, 4), (1, 2, 3), (2, 2, 3, 5), (3, 4), (1, 2, 2, 4)]),
        order=rng.choice(["cycle", "cycle", "cycle", "shuffle", "random"]),
        most=rng.choice([1, 2, 2, 3, 3]),
        decay=rng.choice(["flat", "flat", "fade", "stop"]),
        slots=rng.choice(["clause", "clause+de", "clause+de", "mixed", "mixed", "words", "ends"]),
        adverts=rng.choice([0, 0, 1, 1, 2]),
        shards=rng.choice([4, 6, 6, 8, 12]),
        headline=rng.random() < 0.75,
        junk=rng.random() < 0.25,
    )


def _pieces(title: str, chinese: bool, whole: bool) -> list[str]:
    if not chinese:
        return _WORD.findall(title)
    pattern = re.compile("[\u3400-\u9fff]|[A-Za-z0-9.-]+") if whole else _PIECE
    return pattern.findall(title)


def cut(title: str, how: Recipe, rng: random.Random) -> list[str]:
    """The shards, in the headline's order."""
    chinese = _HAN.search(title) is not None
    pieces = _pieces(title, chinese, how.cut == "whole")
    join = "" if chinese else " "
    lengths = how.lengths if chinese else tuple(min(3, max(1, n - 1)) for n in how.lengths)
    shards: list[str] = []
    if how.cut == "any":
        for _ in range(how.shards):
            n = rng.choice(lengths)
            at = rng.randrange(max(1, len(pieces) - n + 1))
            shards.append(join.join(pieces[at : at + n]))
    else:
        at = rng.choice([0, 0, 0, 1, 2])
        while at < len(pieces):
            n = rng.choice(lengths)
            part = pieces[at : at + n]
            if how.cut == "skip" and len(part) > 1 and rng.random() < 0.4:
                at += 1
                part = [pieces[at - 1], *pieces[at + 1 : at + n]]
            if how.cut == "overlay" and rng.random() < 0.4 and len(pieces) > 8:
                far = rng.randrange(len(pieces) - 2)
                part = part[: rng.choice([1, 2])] + pieces[far : far + 2]
            shards.append(join.join(part))
            at += n
            if how.cut == "skip" and rng.random() < 0.2:
                at += 1
    shards = [s for s in dict.fromkeys(shards) if s]
    if len(shards) > how.shards:
        first = rng.randrange(len(shards) - how.shards + 1)
        shards = shards[first : first + how.shards]
    if how.junk and chinese:
        shards = [s[:1] + rng.choice("IlOXVTaoe") + s[1:] if len(s) > 1 and rng.random() < 0.3 else s for s in shards]
    return shards


_PLACES = ["云州市", "北河", "临江市", "东岭县", "青石", "海陵市", "长汀区", "南浦"]
_NAMES = ["某某", "鑫达", "恒远", "百川通", "万家乐", "启航", "博雅", "金桥"]
_TRADES = ["投资管理", "教育咨询", "装饰工程", "网络科技", "商贸", "货运代理", "翻译", "家政服务", "建材"]
_FORMS = ["有限公司", "中心", "公司", "有限责任公司", "工作室", "培训学校", "集团", "经营部", "事务所", "厂"]
_EN_NAMES = ["Acme", "Brightline", "Northgate", "Silver Fern", "Oakwell", "Kestrel"]
_EN_TRADES = ["Consulting", "Loans", "Removals", "Education", "Plumbing", "Freight"]
_EN_FORMS = ["Ltd", "LLC", "Center", "Agency", "Group", "Co."]


def advert(chinese: bool, rng: random.Random) -> str:
    digits = "".join(rng.choice("0123456789") for _ in range(8))
    site = (
        "www."
        + "".join(rng.choice("abcdehkmnostxz") for _ in range(rng.randint(5, 9)))
        + rng.choice([".com", ".cn", ".net"])
    )
    style = rng.random()
    if chinese:
        name = rng.choice(_PLACES) + rng.choice(_NAMES) + rng.choice(_TRADES) + rng.choice(_FORMS)
        if style < 0.65:
            return name
        contact = rng.choice(["电话13", "热线400", "微信wx", "QQ:", "联系13"]) + digits
        return contact if style < 0.75 else site if style < 0.85 else name + rng.choice([contact, site])
    name = f"{rng.choice(_EN_NAMES)} {rng.choice(_EN_TRADES)} {rng.choice(_EN_FORMS)}"
    return name if style < 0.65 else f"call 1-{digits[:3]}-{digits[3:7]}" if style < 0.8 else site


def _slots(text: str, kind: str, chinese: bool) -> list[tuple[int, float]]:
    """Places for a shard and their weights."""
    if chinese:
        clause = [m.end() for m in re.finditer("[，。、；：！？,;:!?”]", text)]
        words = [
            m.end() for m in re.finditer("(?:而不是|是|在|和|与|了|对|将|被|有|[a-z]\\b)(?=[\u3400-\u9fff])", text)
        ]
        after_de = [m.end() for m in re.finditer("的", text)]
    else:
        clause = [m.end() for m in re.finditer(r"[,.;:!?”] ", text)]
        words = [m.end() for m in re.finditer(r"[a-z] (?=[a-z])", text)]
        after_de = [m.end() for m in re.finditer(r"\b(?:the|of|and|to|a) ", text)]
    clause = [i for i in clause if i < len(text)] + [len(text)]
    wanted: dict[str, list[tuple[list[int], float]]] = {
        "clause": [(clause, 1)],
        "clause+de": [(clause, 1), (after_de, 1)],
        "words": [(clause, 1), (after_de, 0.5), (words, 0.4)],
        "ends": [([len(text)], 3), (clause, 1)],
        "mixed": [(clause, 2), (after_de, 2), (words, 0.3), ([len(text)], 1), ([0], 1)],
    }
    return [(i, w) for places, w in wanted[kind] for i in places]


def contaminate(title: str, paragraphs: Sequence[str], how: Recipe) -> Contaminated:
    """The article as the farm would show it. A title too short to cut gives it back unchanged."""
    rng = random.Random(how.seed)
    chinese = _HAN.search(title) is not None
    shards = cut(title, how, rng)
    shown = title if how.headline else None
    if len(shards) < 3:
        return Contaminated(shown, tuple(paragraphs), ())
    ads = {rng.randrange(len(shards)): advert(chinese, rng) for _ in range(how.adverts)}
    queue: list[int] = []
    out: list[str] = []
    injections: list[Injection] = []
    stop = rng.uniform(0.3, 0.7)
    for number, text in enumerate(paragraphs):
        far = number / max(1, len(paragraphs))
        odds = {"flat": 0.85, "fade": 1 - far, "stop": 0.95 * (far < stop or number < 3)}[how.decay]
        places = _slots(text, how.slots, chinese)
        count = rng.randint(1, how.most) if rng.random() < odds else 0
        count = min(count, 1 + len(text) // 25)
        chosen: set[int] = set()
        for _ in range(count):
            chosen.add(rng.choices([i for i, _ in places], [w for _, w in places])[0])
        made = ""
        at = 0
        for i in sorted(chosen):
            if not queue:
                queue = list(range(len(shards)))
                if how.order == "shuffle":
                    rng.shuffle(queue)
                elif how.order == "random":
                    queue = [rng.randrange(len(shards)) for _ in shards]
            pick = queue.pop(0)
            unit = shards[pick] + (("" if chinese else " ") + ads[pick] if pick in ads else "")
            if not chinese:
                unit = " " + unit if i == len(text) else unit + " "
            made += text[at:i]
            injections.append(Injection(number, len(made), len(made) + len(unit)))
            made += unit
            at = i
        out.append(made + text[at:])
    return Contaminated(shown, tuple(out), tuple(injections))
