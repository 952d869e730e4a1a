"""Per what an amount of money is said: share, hour, month, year, 1M tokens, or another unit."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from extractors.model import Lang


class Per(NamedTuple):
    name: str | None
    end: int
    """Where the words of rate end behind the amount, or the amount's own end: 30元/吨左右 has its 左右 there."""


# Things that a price is said of, as classifiers or nouns.
_THINGS_ZH = (
    "公斤|千克|公吨|吨|克|斤|盎司|加仑|升|毫升|桶|平方米|平方英尺|平方公里|平米|平方|平|亩|公顷|度|千瓦时|兆瓦时|千瓦|兆瓦|公里|千米|英里|米|立方米"
    "|套|台|瓶|部|辆|架|枚|张|颗|块|片|个(?!月|小时)|件|只|头|箱|袋|包|盒|杯|次|条|人|位|户|家|篇|字|章|本|册|份|支|根|双|把|间|座|艘|客户|用户|席位|席|座位"
    "|单|笔|手|芯片|卡|GPU|晚|场|注|例|题|单位|单元|机架|节点|千字|万字|万次|千次|百次|请求|查询|调用|任务|订单|词|样本|条目|分钟|秒|股票|票|车|房|柜|机柜|碗|顿|局|关|期"
    "|[A-Za-z]+"
)
_NOT_RATES = "天|日|周|星期|季|季度|分钟|晚"
_AFTER_ZH = re.compile(
    r"[ ]?(?:"
    r"(?P<share>/[ ]?每?股|每股|一股)"
    r"|(?P<tokens>(?:/|每|一)[ ]?(?:1[ ]?)?(?:百万|100万|1M|M|Million|million)[ ]?(?:个[ ]?)?(?:输入|输出|input|output)?[ ]?(?:[Tt]okens?|词元|[Tt]ok))"
    r"|(?P<hour>(?:/|每|一)[ ]?(?:个[ ]?)?(?:GPU[ ]?|卡[ ]?)?(?:小时|时(?!代|候)|[Hh]our|hr(?![A-Za-z])|h(?![A-Za-z])))"
    r"|(?P<month>(?:/|每|一)[ ]?(?:(?:个|人|用户|席位|座)[ ]?/?[ ]?)?(?:月(?!份)|[Mm]onth|mo(?![A-Za-z])))"
    r"|(?P<year>(?:/|每|一)[ ]?(?:(?:人|用户)/)?(?:年(?!级|代)|[Yy]ear|yr(?![A-Za-z])))"
    rf"|(?P<none>(?:/|每|一)[ ]?(?:{_NOT_RATES}))"
    rf"|(?P<unit>/[ ]?每?(?![A-Z]{{1,3}}[$]|(?:USD|EUR|GBP|RMB|CNY|HKD|JPY|TWD)(?![A-Za-z]))(?:{_THINGS_ZH}|[\u4e00-\u9fff]{{1,4}})|每(?:{_THINGS_ZH})|一(?:台|块|张|颗|片|个|瓶|套|部|辆|斤|吨|枚|只|件|杯|次|张|盒|支|条|平))"
    r")"
)
_CLAUSE = r"[^,。;!?\n]"
_BEFORE_ZH: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "share",
        re.compile(
            rf"(?:每股|每ADS|目标价|目标股价|股价|发行价|收盘价|开盘价|行使价|配售价|收报|现报|招股价|认购价|发售价|收于|收在|报收于?|上市价){_CLAUSE}{{0,14}}$"
        ),
    ),
    (
        "tokens",
        re.compile(
            rf"(?:百万|1M|每M|100万)[ ]?个?[ ]?(?:输入|输出|input|output)?[ ]?(?:的[ ]?)?(?:[Tt]okens?|词元){_CLAUSE}{{0,12}}$"
        ),
    ),
    ("hour", re.compile(rf"(?:每个?(?:GPU|卡)?小时|时薪|每小时){_CLAUSE}{{0,12}}$")),
    ("month", re.compile(rf"(?:每个?月|月薪|月均|月费|月租|每人每月|月付|月入|月收入|月供|包月){_CLAUSE}{{0,14}}$")),
    (
        "year",
        re.compile(
            r"(?:每一?年,?|年薪|年费|年均|年租金|(?<![0-9一二三四五六七八九十〇零去今明前后近当全半几多数同两单首])年(?=投入|损|省|租|付|支出|耗|亏))"
            rf"{_CLAUSE}{{0,16}}$"
        ),
    ),
    (
        "unit",
        re.compile(
            rf"(?:每(?:一)?(?:{_THINGS_ZH})|单价|客单价|人均|一(?:颗|块|张|枚|片|台)(?:{_CLAUSE}{{0,10}})(?:成本|价格|售价|单价|卖到|卖)){_CLAUSE}{{0,12}}$"
        ),
    ),
)
_SHARE_KIND = r"(?:(?:diluted|ordinary|common|basic|adjusted|outstanding|class [AB]) )*"
_TOKENS = r"(?:1 ?M|1 million|one million|million|a million|1,000,000|MM|M)[ -]?(?:(?:input|output|cached|prompt|completion|input and output)[ -]?)?"
_AFTER_EN = re.compile(
    r"[ -]?(?:"
    rf"(?P<share>(?:/ ?|(?:per|a|each|for each|for every)[ -]){_SHARE_KIND}(?:share|ADS|ADR|American depositary share)s?\b)"
    rf"|(?P<tokens>(?:/ ?|per |for |a |each |every |-per-){_TOKENS} ?(?:tok(?:en)?s?\b|inp\b|outp\b|input|output|in\b|out\b)|/ ?M ?[Tt]ok)"
    r"|(?P<hour>(?:/ ?|per |an |each |every |-an-|-per-)(?:(?:GPU|chip|H100|card|node|instance)[ -]?/?)?(?:hour|hr\b|h\b)|hourly\b|ph\b)"
    r"|(?P<month>(?:/ ?|per |a |each |every |-a-|-per-)(?:month|mo\b)|monthly\b|pcm\b)"
    r"|(?P<year>(?:/ ?|per |a |each |every |-a-|-per-)(?:year|yr\b|annum)|annually\b|yearly\b|p\.a\.|pa\b)"
    r"|(?P<none>(?:/ ?|per |a |each |every |-a-)(?:day|week|quarter|night|decade|minute|second)s?\b|daily\b|weekly\b|quarterly\b)"
    r"|(?P<unit>/ ?(?![A-Z]{1,3}[$]|(?:USD|EUR|GBP|RMB|CNY|HKD|JPY|TWD|Rs|US)\b)[A-Za-z]+|per (?!cent\b|capita income)[A-Za-z0-9]+|each\b(?! (?:year|month|other|in\b|for\b|of\b|from\b|by\b))|apiece\b|a pop\b"
    r"|an? (?:barrel|ton|tonne|pound|lb|ounce|oz|gallon|litre|liter|kilogram|kilo|kg|unit|piece|bottle|head|person|seat|chip|GPU|gram|mile|bushel|kilowatt-hour|megawatt-hour|kWh|MWh|watt|ticket|user|plate|cup|copy|square (?:foot|meter|metre)|bitcoin|card|acre|day pass)\b)"
    r")"
)
# per user per month: the time counts.
_TWICE_EN = re.compile(
    r" ?(?:per|/) ?[A-Za-z]+(?:, | |/)(?:per |/|a |each |every )?(?P<period>month(?:ly)?|mo\b|year(?:ly)?|yr\b|annum|annually|hour|hr\b|hourly)"
)
_PERIODS = {
    "mo": "month",
    "monthly": "month",
    "yr": "year",
    "yearly": "year",
    "annum": "year",
    "annually": "year",
    "hr": "hour",
    "hourly": "hour",
}
_ANNUAL_AFTER = re.compile(
    r" (?:annual|annual-|yearly|per-year) ?(?:fee|subscription|plan|pass|salary|membership|price|charge|rent|dues)?\b"
)
_ANNUAL_REVENUE = re.compile(
    r" annual(?:i[sz]ed)? (?:revenue|recurring|run|sales|profit|income|turnover|loss|earnings|budget|capex|capital)"
)
_SPAN_EN = r"[^.;!?\n]"
_BEFORE_EN: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "share",
        re.compile(
            r"(?:\bper[ -]share|\bEPS\b|\ba share\b|\bshares? (?:price|closed|ended|traded|trading|rose|fell|were|was|is|at|are|gained|lost|jumped|dropped|climbed|opened)"
            rf"|\bstock (?:price|closed|ended|was|is|rose|fell|traded|trading|at|gained|jumped|dropped|opened)|\bprice target|\btarget price){_SPAN_EN}{{0,44}}$",
            re.I,
        ),
    ),
    (
        "year",
        re.compile(
            r"\b(?:annual (?:salary|fee|subscription|rent|cost|price)|per year|yearly|each year|every year)[^.;,!?\n]{0,16}$",
            re.I,
        ),
    ),
    ("month", re.compile(r"\b(?:per month|monthly|each month|every month)[^.;,!?\n]{0,18}$", re.I)),
    ("hour", re.compile(r"\b(?:per hour|hourly|each hour|per GPU[- ]hour)[^.;,!?\n]{0,16}$", re.I)),
    ("tokens", re.compile(rf"\b(?:per|for) {_TOKENS}tokens[^.;!?\n]{{0,20}}$", re.I)),
    (
        "unit",
        re.compile(r"\b(?:unit price|price per [a-z]+|cost per [a-z]+|per-unit (?:cost|price))[^.;,!?\n]{0,12}$", re.I),
    ),
)
_MILLION = 1_000_000
_SHARE_LIMIT = 1_000_000
_EACH = re.compile(r",? ?(?:each|apiece)")


def per_of(folded: str, start: int, end: int, lang: Lang, low: Decimal) -> Per:
    """What the amount at `start:end` is said per; `name` is `None` when it is no rate."""
    hit = _AFTER_EN.match(folded, end) if lang == "en" else _AFTER_ZH.match(folded, end) or _AFTER_EN.match(folded, end)
    twice = _TWICE_EN.match(folded, end)
    if twice is not None:
        return Per(_PERIODS.get(twice["period"], twice["period"]), twice.end())
    if hit is not None:
        name = hit.lastgroup
        if name == "unit" and low >= _MILLION and _EACH.match(folded, end):
            # "$75bn each": what several parties spend, and no price of a thing.
            return Per(None, end)
        return Per(None if name == "none" else "1M tokens" if name == "tokens" else name, hit.end())
    if lang == "en" and _ANNUAL_AFTER.match(folded, end) and not _ANNUAL_REVENUE.match(folded, end):
        return Per("year", end)
    near = folded[max(0, start - (28 if lang == "zh" else 64)) : start]
    for name, pattern in _BEFORE_ZH if lang == "zh" else _BEFORE_EN:
        if pattern.search(near) and not (name == "share" and low >= _SHARE_LIMIT):
            return Per("1M tokens" if name == "tokens" else name, end)
    return Per(None, end)


_COMPARED: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(
        rf"{_CLAUSE}{{0,6}}(?:降至|降到|升至|升到|涨至|涨到|跌至|跌到|调至|上调至|下调至|提高到|提高至|增至|增加到|砍至|大砍至|调整为|调整至|变为|改为|,?(?:与|较|比|高于|低于|而)?{_CLAUSE}{{0,10}}(?:同期|此前|之前|去年|上年|目前|现在)的?) ?$"
    ),
    "en": re.compile(
        r"[^.;!?\n0-9]{0,16}\b(?:to|from|compared (?:with|to)|versus|vs\.?|instead of|against|and)\b(?: (?:about|around|over|just|more than|nearly|only|a|loss|profit|of|as|high|low))* ?$",
        re.I,
    ),
}


def compares(folded: str, last_end: int, start: int, lang: Lang) -> bool:
    """Whether the words between two amounts set one against the other, so that the rate of the first holds for both."""
    return start - last_end <= 48 and _COMPARED[lang].fullmatch(folded, last_end, start) is not None
