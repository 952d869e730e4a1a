"""Per what an amount of money is said: share, hour, month, year, 1M tokens, or another unit."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from extractors.entities.share_price import is_share_price
from extractors.lexicons.trie import trie
from extractors.model import Lang


class Per(NamedTuple):
    name: str | None
    end: int
    """Where the words of rate end behind the amount, or the amount's own end: 30元/吨左右 has its 左右 there."""


@dataclass(frozen=True, slots=True)
class _Rates:
    after: re.Pattern[str]
    """Directly behind the amount; the group that matched names the rate."""
    before: tuple[tuple[str, re.Pattern[str]], ...]
    """Anywhere in the clause before it."""
    reach: int


_TOKENS = "1M tokens"
# A currency behind a slash is the next amount: 90欧元/80美元, €90/US$80.
_NO_CURRENCY = r"(?![A-Z]{1,3}[$]|(?:USD|EUR|GBP|RMB|CNY|HKD|JPY|TWD|Rs|US)(?![A-Za-z]))"
_CLAUSE_ZH = r"[^,。;!?\n]"
_MILLION_ZH = (
    r"(?:1 ?)?(?:百万|100万|1M|M|[Mm]illion) ?(?:个 ?)?(?:输入|输出|input|output)? ?(?:[Tt]okens?|词元|[Tt]ok)"
)
_SENTENCE_EN = r"(?:[^.;!?\n]|\.(?=[0-9]))"
_MILLION_EN = (
    r"(?:1 ?M|1 million|one million|million|a million|1,000,000|MM|M)[ -]?"
    r"(?:(?:input|output|cached|prompt|completion|input and output)[ -]?)?"
)
_SHARE_EN = r"(?:(?:diluted|ordinary|common|basic|adjusted|outstanding|class [AB]) )*(?:share|ADS|ADR)s?\b"
# $8 million a year ago says when.
_NOT_TIME = r"(?! (?:ago|earlier|before|prior|previously|later|old|hence|from now|after|into|since))"
# Directly behind an amount, the words are that amount's rate.
_FREE = r"(?<![0-9] )(?<![0-9][kKmMbB] )(?<!illion )(?<!dollars )(?<!cents )"
_EVERY = r"(?:/ ?|per |an? |each |every |-an?-|-per-)"


# 3斤10元: so much of a thing for the sum.
_PURCHASE = (
    "(?<![0-9.第])(?:[0-9]{1,3}|[一两二三四五六七八九十半]{1,2})[ ]?(?:公斤|斤|克|两|盒|瓶|袋|箱|杯|串|碗|根|升|打)[ ]?"
)


@cache
def _rates(lang: Lang) -> _Rates:
    words = tomllib.loads(files("extractors.lexicons").joinpath("rates.toml").read_text("utf-8"))[lang]
    return _rates_zh(words) if lang == "zh" else _rates_en(words)


def _rates_zh(words: dict[str, list[str]]) -> _Rates:
    things = trie(words["things"])
    every = "(?:/|每|一)[ ]?"
    after = (
        r"[ ]?(?:(?P<share>/[ ]?每?股|每股|一股)"
        rf"|(?P<tokens>{every}{_MILLION_ZH})"
        rf"|(?P<hour>{every}(?:个[ ]?)?(?:GPU[ ]?|卡[ ]?)?/?(?:小时|时(?!代|候)|[Hh]our|hr?(?![A-Za-z])))"
        rf"|(?P<month>{every}(?:(?:个|人|用户|席位|座)[ ]?/?[ ]?)?(?:月(?![份前后内来以])|[Mm]onth|mo(?![A-Za-z])))"
        rf"|(?P<year>{every}(?:(?:人|用户)/)?(?:年(?![级代前后内来以])|[Yy]ear|yr(?![A-Za-z])))"
        rf"|(?P<none>{every}(?:{'|'.join(words['no_rate'])}))"
        rf"|(?P<unit>/[ ]?每?{_NO_CURRENCY}(?:{things}|[\u4e00-\u9fff]{{1,4}}|[A-Za-z]+)"
        rf"|每(?:{things})|一(?:{things})(?!月|年|小时)))"
    )
    one = f"一(?:{'|'.join(words['one_thing'])}){_CLAUSE_ZH}{{0,12}}(?:{'|'.join(words['costs'])})"
    near = _CLAUSE_ZH + "{0,14}$"
    before = (
        ("unit", rf"每(?:{things})(?!月|年|小时|时)[^,。;!?\n每]{{0,4}}$"),
        ("share", rf"{trie(words['share_before'])}{near}"),
        ("tokens", rf"{_MILLION_ZH}{near}"),
        ("hour", rf"{trie(words['hour_before'])}{near}"),
        ("month", rf"(?:每个?月|(?<!个){trie(words['month_before'])}){near}"),
        (
            "year",
            rf"(?:每年,?|{trie(words['year_before'])}|(?<![0-9一二三四五六七八九十〇零去今明前后近当全半几多数同两单首财学])年"
            rf"(?=[了约近超达仅]?(?:{'|'.join(words['year_verbs'])}))){_CLAUSE_ZH}{{0,16}}$",
        ),
        ("unit", rf"(?:每(?:{things})(?!月|年|小时)|{trie(words['unit_before'])}|{one}){near}"),
        ("unit", rf"{_PURCHASE}(?:只要|仅|仅售|卖|售|售价|不到|约)?$"),
    )
    return _Rates(re.compile(after), tuple((name, re.compile(p)) for name, p in before), 28)


def _rates_en(words: dict[str, list[str]]) -> _Rates:
    after = (
        rf"[ -]?(?:(?P<share>(?:/ ?|(?:per|a|each|for each|for every)[ -]|-a-){_SHARE_EN})"
        rf"|(?P<tokens>(?:/ ?|per |for |a |each |every |-per-){_MILLION_EN} ?"
        r"(?:tok(?:en)?s?\b|inp\b|outp\b|input|output|in\b|out\b)"
        r"|/ ?M ?[Tt]ok)"
        rf"|(?P<hour>{_EVERY}(?:(?:GPU|chip|H100|card|node|instance)[ -]?/?(?:per )?)?(?:hour|hr\b|h\b){_NOT_TIME}"
        r"|hourly\b)"
        rf"|(?P<month>{_EVERY}(?:month|mo\b){_NOT_TIME}|monthly\b|pcm\b)"
        rf"|(?P<year>{_EVERY}(?:year|yr\b|annum){_NOT_TIME}|annually\b|yearly\b|p\.a\."
        rf"|(?:annual|yearly)(?= {trie(words['annual_things'])}\b))"
        rf"|(?P<none>{_EVERY}(?:day|week|quarter|night|decade|minute|second)s?\b|daily\b|weekly\b|quarterly\b)"
        rf"|(?P<unit>/ ?{_NO_CURRENCY}[A-Za-z]+|per (?!cent\b|capita income)[A-Za-z0-9]+"
        r"|each\b(?! (?:year|month|other|in\b|for\b|of\b|from\b|by\b))|apiece\b"
        rf"|an? {trie(words['things'])}\b))"
    )
    verbs = "|".join(words["share_verbs"])
    costs = "|".join(words["year_costs"])
    before = (
        (
            "share",
            rf"\b(?:per[ -](?:(?:diluted|basic|adjusted|ordinary|common) )?share|EPS|a share|price target|target price"
            rf"|(?:shares?|stock)\b{_SENTENCE_EN}{{0,60}}?\b(?:{verbs}))\b{_SENTENCE_EN}{{0,32}}$"
            r"|\bshares? at (?:between |about |around |from |an? (?:average )?price of |an average of )?$",
        ),
        ("year", rf"\b(?:annual (?:{costs})|{_FREE}(?:per year|yearly|each year|every year))[^.;,!?\n]{{0,16}}$"),
        ("month", rf"\b{_FREE}(?:per month|monthly|each month|every month)[^.;,!?\n]{{0,18}}$"),
        ("hour", rf"\b{_FREE}(?:per hour|hourly|each hour|per GPU[- ]hour)[^.;,!?\n]{{0,16}}$"),
        ("tokens", rf"\b(?:per|for) {_MILLION_EN}tokens{_SENTENCE_EN}{{0,20}}$"),
        ("unit", r"\b(?:unit price|price per [a-z]+|cost per [a-z]+|per-unit (?:cost|price))[^.;,!?\n]{0,12}$"),
    )
    return _Rates(re.compile(after), tuple((name, re.compile(p, re.I)) for name, p in before), 110)


# per user per month: the time counts.
_TWICE = re.compile(
    r" ?(?:per|/) ?[A-Za-z]+(?:, | |/)(?:per |/|a |each |every )?"
    r"(?P<period>month(?:ly)?|mo\b|year(?:ly)?|yr\b|annum|annually|hour(?:ly)?|hr\b)"
)
_TWICE_ZH = re.compile(r" ?(?:/|每) ?[A-Za-z\u4e00-\u9fff]{1,4}? ?(?:/|每) ?个?(?P<period>月|年|小时)")
_PERIODS = {
    "月": "month",
    "年": "year",
    "小时": "hour",
    "mo": "month",
    "monthly": "month",
    "yr": "year",
    "yearly": "year",
    "annum": "year",
    "annually": "year",
    "hr": "hour",
    "hourly": "hour",
}
_CUES_EN = {
    "share": ("share", "stock", "eps", "target"),
    "year": ("year", "annual"),
    "month": ("month",),
    "hour": ("hour",),
    "tokens": ("token",),
    "unit": ("price", "cost"),
}
_MILLION = 1_000_000
_EACH = re.compile(r",? ?(?:each|apiece)")


def per_of(folded: str, start: int, end: int, lang: Lang, low: Decimal) -> Per:
    """What the amount at `start:end` is said per; `name` is `None` when it is no rate."""
    twice = _TWICE.match(folded, end) or _TWICE_ZH.match(folded, end)
    if twice is not None:
        return Per(_PERIODS.get(twice["period"], twice["period"]), twice.end())
    rates = _rates(lang)
    hit = rates.after.match(folded, end) or (_rates("en").after.match(folded, end) if lang == "zh" else None)
    if hit is not None:
        name = hit.lastgroup
        each = name == "unit" and _EACH.match(folded, end) is not None
        if each and low >= _MILLION:
            # "$75bn each": what several parties spend, and no price of a thing.
            return Per(None, end)
        if each and folded.endswith(("shares at ", "share at "), 0, start):
            name = "share"
        return Per(_named(name), hit.end())
    near = folded[max(0, start - rates.reach) : start]
    lower = near.lower()
    for name, pattern in rates.before:
        # A look for a word that the pattern needs is a hundred times cheaper than the pattern.
        if lang == "en" and not any(cue in lower for cue in _CUES_EN[name]):
            continue
        # What a market is worth is said near its share price, but is no price of a share.
        if pattern.search(near) and not (name == "share" and low >= _MILLION):
            return Per(_named(name), end)
    return Per("share" if is_share_price(folded, start, end, lang, low) else None, end)


def _named(group: str | None) -> str | None:
    return None if group == "none" else _TOKENS if group == "tokens" else group


_COMPARED: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(
        rf"{_CLAUSE_ZH}{{0,6}}(?:(?:降|升|涨|跌|调|上调|下调|提高|增|增加|砍|大砍|调整)[至到]|调整为|变为|改为"
        rf"|,?(?:与|较|比|高于|低于|而)?{_CLAUSE_ZH}{{0,10}}(?:同期|此前|之前|去年|上年|目前|现在)的?) ?$"
    ),
    "en": re.compile(
        r"[^.;!?\n0-9]{0,16}\b(?:to|from|compared (?:with|to)|versus|vs\.?|instead of|against|and)\b"
        r"(?: (?:about|around|over|just|more than|nearly|only|a|loss|profit|of|as|high|low))* ?$",
        re.I,
    ),
}
# 每百万tokens输入1元，输出2元
_OUTPUT = re.compile(r"[^。;!?\n]{0,12}(?:输出|输入|缓存|命中|output|input|cached?)[^。;!?\n]{0,12}", re.I)


# Words that compare and nothing else may stand further off: "$2.39 an hour for an H100, against $1.99".
_AGAINST = re.compile(
    r"(?:[^.;!?\n0-9$€£¥]|[A-Z]{1,2}[0-9]+){0,48}?,? (?:against|versus|vs\.?|compared (?:with|to)|instead of"
    r"|down from|up from)"
    r"(?: (?:about|around|just|only|a))? ?$"
)


def compares(folded: str, last_end: int, start: int, lang: Lang, per: str) -> bool:
    """Whether the words between two amounts set one against the other, so that the rate of the first holds for both."""
    if _COMPARED[lang].fullmatch(folded, last_end, start) is not None:
        return True
    if lang == "en" and _AGAINST.fullmatch(folded, last_end, start) is not None:
        return True
    return per == _TOKENS and _OUTPUT.fullmatch(folded, last_end, start) is not None
