"""Per what an amount of money is said: share, hour, month, year, 1M tokens, or another unit."""

from __future__ import annotations

import re
from decimal import Decimal

from extractors.model import Lang

_UNITS_ZH = "公斤|千克|吨|克|斤|两|盎司|升|毫升|桶|平方米|平米|平方|亩|公顷|度|千瓦时|千瓦|公里|千米|英里|米|套|台|瓶|部|辆|架|枚|张|颗|块|片|个|件|只|只鸡|头|斤|箱|袋|包|盒|杯|次|条|人|位|户|家|篇|字|章|本|册|册|份|支|根|双|把|间|座|艘|客户|用户|席|座位|吨位|单|笔|手|芯片|卡|GPU|kWh|[Gg][Bb]|晚|场|注|例|题|单位|单元|席位|机架|节点|千字|万次|千次|GPU小时"
_AFTER_ZH = re.compile(
    rf"""[ ]?(?:
      (?P<share>/[ ]?(?:每)?股|每股|一股)
    | (?P<tokens>[/每][ ]?(?:每)?[ ]?(?:1[ ]?)?(?:百万|1M|M)[ ]?(?:个[ ]?)?(?:输入|输出)?[ ]?(?:[Tt]okens?|token|词元)|/[ ]?M[Tt]ok)
    | (?P<hour>(?:/|每|一|[ ]?per[ ])[ ]?(?:个)?(?:小时|[Hh]our|hr|h(?![A-Za-z])))
    | (?P<month>(?:/|每|一)[ ]?(?:个|人)?[ ]?/?[ ]?(?:月|[Mm]onth|mo(?![A-Za-z])))
    | (?P<year>(?:/|每|一)[ ]?(?:年|[Yy]ear|yr(?![A-Za-z])))
    | (?P<unit>(?:/|每|一)[ ]?(?:{_UNITS_ZH}))
    )""",
    re.X,
)
_GAP_ZH = r"[^,。;;!?:\n]"
_BEFORE_ZH = (
    (
        "share",
        re.compile(
            rf"(?:每股|目标价|股价|发行价|收盘价|开盘价|行使价|配售价|收报|报收|现报|招股价|认购价){_GAP_ZH}{{0,14}}$"
        ),
    ),
    ("tokens", re.compile(rf"(?:百万|1M|每M)[ ]?(?:个)?(?:输入|输出)?[ ]?(?:[Tt]okens?|词元){_GAP_ZH}{{0,12}}$")),
    ("hour", re.compile(rf"(?:每(?:个)?小时|时薪|每GPU小时){_GAP_ZH}{{0,12}}$")),
    ("month", re.compile(rf"(?:每(?:个)?月|月薪|月均|月费|月租|每人每月|月付|月入|月收入){_GAP_ZH}{{0,12}}$")),
    (
        "year",
        re.compile(
            rf"(?:每年,?|年薪|年费|年均|(?<![0-9一二三四五六七八九十〇零去今明前后近当全半几多数])年(?=投入|损|省|入|租|付)|每一年){_GAP_ZH}{{0,14}}$"
        ),
    ),
    (
        "unit",
        re.compile(
            rf"(?:每(?:{_UNITS_ZH})|单价|均价每|客单价|一(?:颗|块|张|枚|片|台){_GAP_ZH}{{0,10}}(?:成本|价格|售价)){_GAP_ZH}{{0,10}}$"
        ),
    ),
)
_THINGS_EN = r"[A-Za-z][A-Za-z\-]*"
_AFTER_EN = re.compile(
    r"""[ -]?(?:
      (?P<share>(?:/|(?:per|a|each|for[ ]each)[ ])(?:diluted[ ]|ordinary[ ]|common[ ]|basic[ ]|adjusted[ ])*(?:share|ADS|ADR)|-a-share|apiece[ ]share)
    | (?P<tokens>(?:/|per[ ]|for[ ]|a[ ])[ ]?(?:each[ ]|every[ ])?(?:1[ ]?M|1[ ]million|one[ ]million|million|a[ ]million|M)[ -]?(?:input|output|inp|outp|in|out|cached|prompt|completion)?[ ]?(?:tok(?:en)?s?\b|inp|outp|input|output)|/[ ]?M[Tt]ok)
    | (?P<hour>(?:/|per[ ]|an[ ]|each[ ]|every[ ]|-an-)(?:GPU[ -])?(?:hour|hr\b|h\b|H100-hour)|hourly)
    | (?P<month>(?:/|per[ ]|a[ ]|each[ ]|every[ ]|-a-|per[ ][a-z]+[ ]per[ ]|/[a-z]+/)(?:month|mo\b)|monthly|per[ ]user[ ]per[ ]month|/[a-z]+/mo)
    | (?P<year>(?:/|per[ ]|a[ ]|each[ ]|every[ ]|-a-)(?:year|yr\b|annum)|annually|yearly|p\.a\.)
    | (?P<none>(?:/|per[ ]|a[ ]|each[ ]|every[ ])(?:day|week|quarter|minute|second|night)s?\b|daily|weekly)
    | (?P<unit>/[ ]?(?![A-Z]{1,3}[$]|(?:USD|EUR|GBP|RMB|CNY|HKD|JPY|Rs)(?![A-Za-z]))[A-Za-z]+|per[ ](?!cent\b)[A-Za-z]+|each\b(?![ ]year|[ ]month)|apiece|a[ ](?:barrel|ton|tonne|pound|ounce|gallon|litre|liter|kilogram|kilo|unit|piece|bottle|head|person|pop|seat|chip|gram|mile|bushel)\b|an[ ](?:ounce|acre)\b)
    )""",
    re.X,
)
_USER_MONTH = re.compile(
    r"[ ]?(?:per|/)[ ]?(?:user|seat|person|member|employee|developer|head|GPU)[ ]?(?:,[ ])?(?:per[ ]|/|a[ ])[ ]?(?P<p>month|mo\b|year|yr\b|hour)"
)
_BEFORE_EN = (
    (
        "share",
        re.compile(
            r"(?:per[ -]share|a share|shares? (?:price|closed|ended|traded|trading|rose|fell|were|was|is|at)|stock (?:price|closed|ended|was|is|rose|fell)|price target|target price)[^.;!?\n]{0,40}$",
            re.I,
        ),
    ),
    ("year", re.compile(r"(?:annual salary|per year|a year|each year|annual fee)[^.;,!?\n]{0,16}$", re.I)),
    ("month", re.compile(r"(?:per month|monthly fee|monthly|each month)[^.;,!?\n]{0,16}$", re.I)),
    ("hour", re.compile(r"(?:per hour|hourly|each hour)[^.;,!?\n]{0,16}$", re.I)),
)
_ANNUAL_AFTER = re.compile(r"[ ](?:annual|yearly)[ ](?:fee|subscription|plan|pass|salary|membership)")
_MONTHLY_AFTER = re.compile(r"[ ]monthly")


_MILLION = 1_000_000
_EACH = re.compile(r",? ?(?:each|apiece)")


def per_of(folded: str, start: int, end: int, lang: Lang, low: Decimal) -> str | None:
    """`share`, `hour`, `month`, `year`, `1M tokens`, `unit` or `None` for the amount at `start:end`."""
    per = _zh(folded, start, end) if lang == "zh" else _en(folded, start, end)
    # "$75bn each": what several parties spend, and no price of a thing.
    return None if per == "unit" and low >= _MILLION and _EACH.match(folded, end) else per


def _name(kind: str | None) -> str | None:
    return "1M tokens" if kind == "tokens" else None if kind == "none" else kind


def _zh(folded: str, start: int, end: int) -> str | None:
    hit = _AFTER_ZH.match(folded, end) or _AFTER_EN.match(folded, end)
    if hit is not None:
        return _name(hit.lastgroup)
    near = folded[max(0, start - 24) : start]
    for kind, pattern in _BEFORE_ZH:
        if pattern.search(near):
            return _name(kind)
    return None


def _en(folded: str, start: int, end: int) -> str | None:
    twice = _USER_MONTH.match(folded, end)
    if twice is not None:
        return {"mo": "month", "yr": "year"}.get(twice["p"], twice["p"])
    hit = _AFTER_EN.match(folded, end)
    if hit is not None:
        return _name(hit.lastgroup)
    if _ANNUAL_AFTER.match(folded, end):
        return "year"
    near = folded[max(0, start - 60) : start]
    for kind, pattern in _BEFORE_EN:
        if pattern.search(near):
            return kind
    return None
