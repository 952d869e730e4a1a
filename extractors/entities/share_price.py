"""Whether an amount is the price of a share where no word says so: 涨5%，报54.35港元; closed at $115.50."""

from __future__ import annotations

import re
from decimal import Decimal

from extractors.model import Lang

_CEILING = Decimal(1_000_000)
_REACH = 120
_SENTENCE_END: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(r"[。!?\n]"),
    "en": re.compile(r"[!?\n]|\.(?=\s|$)(?<![A-Z]\.)(?<!Inc\.)(?<!Corp\.)(?<!Ltd\.)(?<!Co\.)"),
}
# What puts a price directly before the amount.
_QUOTED: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(
        "(?:(?<![申填上])报|报收|收报|现报|(?<![回吸接])收|收于|收在|收至|[升涨跌]至|[升涨跌]到|下跌至|上涨至"
        "|回落至|反弹至|回升至|拉升至"
        "|攀升至|高见|低见|升见|跌见|重上|站上|站稳|升穿|跌穿|跌破|突破|失守|触及|上探|下探|最高见"
        "|最低见)(?:了)?(?:约|近|过)?$"
    ),
    "en": re.compile(
        r"\b(?:(?:clos|open|debut|trad|pric|end|start)(?:ed|ing|s|es)?|finish(?:ed|es)?|(?:began|begin"
        r"|chang(?:ed|ing) hands))\b"
        r"[^.,;!?\n$€£¥0-9]{0,40} at(?: about| around| just (?:over|under))?(?: an?)? $"
        r"|\b(?:IPO|offer(?:ing)?|listing|issue|closing|opening|reference|strike|conversion) price (?:of|was"
        r"|at|to|is)(?: about| around)? $"
        r"|\btarget (?:on [A-Za-z]+ |for [A-Za-z]+ )?(?:was |is )?(?:raised|lifted|cut|lowered|hiked|boosted"
        r"|trimmed)[^.;!?\n$0-9]{0,24} (?:to|from) $"
        r"|\b(?:raises|raised|lifts|lifted|cuts|cut|hikes|hiked|trims|trimmed|boosts) (?:its "
        r"|the )?[^.;!?\n$0-9]{0,24}target[^.;!?\n$0-9]{0,24} (?:to|from) $"
        r"|[0-9](?:%| percent| per cent)[^.;!?\n$€£¥0-9]{0,30}\b(?:to|at)(?: a record| an all-time high of"
        r"| a record high of| about| around| near)? $",
        re.I,
    ),
}
# What says, within the sentence, that a share is traded.
_TRADED: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(
        r"股价|港股|美股|[ABH]股|股份|个股|股票|台股|韩股|日股|盘前|盘后|盘中|早盘|午盘|午后|尾盘|早段|收盘"
        r"|开盘|开市|收市|涨停|跌停|挂牌"
        r"|上市首日|首日|复牌|停牌|新股|股王|[涨跌升]幅|[涨跌升挫][超逾近约了]?[0-9.]+%|[(][0-9]{4,6}"
        r"|[0-9]\.(?:HK|SH|SZ|US|TW)"
    ),
    "en": re.compile(
        r"\b(?:shares?|stocks?|IPO|initial public offering|public offering|listing|debut|first day"
        r"|pre-?market|after-hours|after hours"
        r"|extended trading|intraday|Nasdaq|NYSE|Hong Kong trading|Tokyo trading|New York trading|ADRs?"
        r"|ticker|market close|the close"
        r"|closed|the session|range|price target|target)\b|(?-i:[A-Z])[A-Za-z&.]+ (?:slid|slumped|plunged"
        r"|surged|gained|rallied|climbed|tumbled"
        r"|jumped|sank|soared|shed|lost|dropped|fell|rose|added|advanced|dipped|slipped|popped"
        r"|spiked)(?: [a-z]+){0,3} [0-9.]+(?:%| percent)|\([A-Z]{1,5}\)|\((?:[A-Za-z]+): ?[A-Z0-9.]+\)",
        re.I,
    ),
}
# What is priced instead, and no share.
_OTHER: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(
        r"金价|油价|原油|期货|现货|黄金|白银|伦铜|碳酸锂|每桶|每吨|每盎司|比特币|以太|币价|合约|运费|票价"
        r"|房价|售价|价格|均价|零售|金饰"
        r"|汇率|电价|气价|煤价|钢价|租金|时租|月租|起拍|拍卖|债券|预算|工资|薪|单价|报价"
    ),
    "en": re.compile(
        r"\b(?:oil|crude|brent|WTI|gold|silver|copper|bitcoin|ether(?:eum)?|barrel|ounce|gallon|gas|revenues?"
        r"|sales|income|profits?|earnings"
        r"|rents?|rental|subscriptions?|plans?|ARPU|futures|tuition|wages?|salar(?:y|ies)|dues|costs?|bills?"
        r"|tickets?|tons?|homes?|rooms?"
        r"|auction|bidding|budget|assets|debt|tokens?|coins?|valuation|market cap(?:italization)?"
        r"|(?<!share )(?<!stock )(?<!IPO )(?<!ing )(?<!offer )(?<!issue )prices?(?! range)|bonds?|notes?"
        r"|platinum|palladium|wheat|corn|uranium|coffee|cocoa)\b",
        re.I,
    ),
}
_NAMED_AFTER: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile("的?(?:发行价|收盘价|开盘价|股价|目标价|招股价|配售价|认购价|转股价|行权价)"),
    "en": re.compile(r" (?:IPO|offering|closing|opening|share|target|strike) price\b|-a-share\b|(?: price)? target\b"),
}
_SCALED: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile("[百千万亿兆]"),
    "en": re.compile("illion|[0-9] ?[kKmMbBtT]|[bt]n\\b|crore|lakh"),
}


def is_share_price(folded: str, start: int, end: int, lang: Lang, low: Decimal) -> bool:
    """Whether `folded[start:end]` is quoted as a share's price by the words around it.

    >>> def asks(text, amount):
    ...     at = text.index(amount)
    ...     return is_share_price(text, at, at + len(amount), "en", Decimal(38))
    >>> asks("Acme (ACME) fell 12% to $38.44 after hours.", "$38.44"), asks("Crude fell 12% to $38.44.", "$38.44")
    (True, False)
    """
    if not 0 < low < _CEILING or _SCALED[lang].search(folded, start, end):
        return False
    if _NAMED_AFTER[lang].match(folded, end):
        return True
    left = max(0, start - _REACH)
    if not _QUOTED[lang].search(folded, max(left, start - 72), start):
        return False
    for stop in _SENTENCE_END[lang].finditer(folded, left, start):
        left = stop.end()
    if _OTHER[lang].search(folded, left, start):
        return False
    if _TRADED[lang].search(folded, left, start):
        return True
    # "to $38.44 in premarket trading": the words of the exchange may follow.
    right = min(len(folded), end + 60)
    stop_after = _SENTENCE_END[lang].search(folded, end, right)
    return _TRADED[lang].search(folded, end, stop_after.start() if stop_after else right) is not None
