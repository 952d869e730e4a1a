"""The adverts behind a farm's shards, and with them all readings of an article's suspicious places."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from itertools import pairwise

from extractors.pages.shard_repeats import repeated
from extractors.pages.shard_text import Candidate, ShardText, pieces_of_headline

_TRADES = (
    *(
        "有限责任公司",
        "有限公司",
        "集团",
        "公司",
        "中心",
        "工作室",
        "学校",
        "经营部",
        "事务所",
        "厂",
        "店",
        "门市部",
        "服务部",
    ),
    *("协会", "学院", "医院", "商行", "诊所", "旅行社", "俱乐部", "律师"),
)
_TRADE = "|".join(_TRADES)
_CONTACT = (
    r"(?:电话|热线|微信|联系|手机|加?QQ|咨询|V信|薇信)[A-Za-z:号]{0,6}[A-Za-z\d_-]{5,16}|(?:https?://|www\.)[A-Za-z0-9./-]{4,40}"
    r"|1[3-9]\d{9}|0\d{2,3}-\d{7,8}|400-?\d{3}-?\d{3,4}|[a-z0-9-]{3,20}\.(?:com|cn|net|org|top|cc|xyz|info|vip)\b"
)
# A name has none of the words that hold a sentence together.
_AD = re.compile(
    rf"(?:(?:(?![的了是在和与于为被把将及或对从到也就都而这那有不])[\u4e00-\u9fff]){{3,18}}?(?:{_TRADE}))?(?:{_CONTACT})?"
)
_EN_AD = re.compile(
    r" (?:(?:[A-Z][\w&.-]+ ){0,4}"
    r"(?:Ltd|LLC|Inc|Corp|Center|Centre|Agency|Group|Company|Services?|Store|Shop|School|Clinic|Co)\b\.?)?"
    r"(?: ?(?:(?:call|tel|phone|contact|text|whatsapp)[: ]{1,2}[+\d()-][\d() -]{5,16}\d|\+?\d[\d-]{7,14}\d"
    r"|(?:https?://|www\.)[A-Za-z0-9./-]{4,40}|[a-z0-9-]{3,20}\.(?:com|net|org|info|xyz|top)\b))?"
)
_EN_END = re.compile(r"[\w.](?=\s|$)")
_SOLD_AT = re.compile(rf"{_TRADE}")
_SOLD = re.compile(
    rf"(?:{_TRADE}|[\d-]{{6,}}|\.(?:com|cn|net|org|top|cc|xyz|info|vip)[A-Za-z0-9/]*"
    r"|\b(?:Ltd|LLC|Inc|Corp|Center|Centre|Agency|Group|Company|Services?|Store|Shop|School|Clinic|Co)\.?)$"
)
_TAIL = 48
"""Characters behind a shard that are looked at for an advert."""


def candidates(text: ShardText) -> list[Candidate]:
    """Every place that could be the farm's, in the order of the text."""
    return complete(text, pieces_of_headline(text))


def complete(text: ShardText, pieces: list[Candidate]) -> list[Candidate]:
    """The pieces of the headline, and with them the strings that come back and the readings with an advert."""
    found = [*pieces, *repeated(text, {c.unit for c in pieces})]
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for c in found:
        groups[c.unit].append(c)
    for group in groups.values():
        found += _with_adverts(text, group)
    found.sort(key=lambda c: (c.paragraph, c.start, c.end))
    return found


def _with_adverts(text: ShardText, group: list[Candidate]) -> list[Candidate]:
    """The places of one shard at which an advert follows it, as candidates of their own."""
    ends: dict[tuple[int, int], bool] = {}
    again: set[int] = set()
    tails = []
    for k, c in enumerate(group):
        part = text.body[c.paragraph]
        e = part.ends[c.shard - 1]
        tails.append((part.text[e : e + _TAIL], k, e))
    tails.sort()
    stop = ',。、;!?“”()"' if text.lang == "zh" else ',;!?“”()"'
    for (x, k, e), (y, m, f) in pairwise(tails):
        n = 0
        while n < min(len(x), len(y)) and x[n] == y[n] and x[n] not in stop:
            n += 1
        if n < 4 or (text.lang == "en" and n < 8):
            continue
        if text.lang == "en":
            # What words have in common behind a shard is mostly the author's; an advert ends as one does.
            lengths = {w.end() for w in _EN_END.finditer(x, 0, n) if _SOLD.search(x[: w.end()])}
        else:
            lengths = {n, *(s.end() for s in _SOLD_AT.finditer(x, 0, n) if s.end() >= max(4, n - 6))}
        if lengths:
            again.update((k, m))
        for length in lengths:
            ends[k, e + length] = True
            ends[m, f + length] = True
    pattern = _AD if text.lang == "zh" else _EN_AD
    for _, k, e in tails:
        if k not in again and (m2 := pattern.match(text.body[group[k].paragraph].text, e)) and m2.end() - e >= 4:
            ends[k, m2.end()] = False
    out = []
    for (k, offset), twice in ends.items():
        c = group[k]
        part = text.body[c.paragraph]
        end = bisect_left(part.ends, offset)
        if text.lang == "en" and (end >= len(part.ends) or part.ends[end] != offset):
            end -= 1
        end = min(end + 1, len(part.ends))
        if end <= c.shard:
            continue
        if _SOLD.search(part.text[part.starts[c.shard] : part.ends[end - 1]]):
            c.followed = True
        out.append(Candidate(c.paragraph, c.start, c.shard, end, c.unit, c.begin, c.stop, c.flaw, twice))
    return out


def advert(text: ShardText, c: Candidate) -> tuple[str, bool]:
    """The advert behind a candidate's shard, and whether it names a business or a way to reach one."""
    part = text.body[c.paragraph]
    ad = part.text[part.starts[c.shard] : part.ends[c.end - 1]] if c.end > c.shard else ""
    return ad, bool(ad) and _SOLD.search(ad) is not None
