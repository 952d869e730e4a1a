"""Whose 元 a bare 元 is: the mainland's, unless its own sentence or the place of the text says otherwise."""

from __future__ import annotations

import re
from functools import cached_property

from extractors.entities.passage import Passage
from extractors.numbers.shared import Atom

_CURRENCIES = {
    "港": "HKD",
    "H": "HKD",
    "新": "TWD",
    "台": "TWD",
    "N": "TWD",
    "T": "TWD",
    "人": "CNY",
    "R": "CNY",
    "C": "CNY",
}
_NAMED = re.compile(r"港元|港币|港圆|HK\$|HKD|新?台币|NT\$|TWD|人民币|RMB|CNY")
# (人民币,下同), (单位:港元): said once for the whole text. The folded comma is a half-width one.
_DECLARED = re.compile(
    r"(?:单位均?[为是:]|以下均以)(港元|港币|新台币|人民币)"
    r"|[((](港元|港币|新台币|人民币)[,;](?:下同|如无)"
)
_TAIWAN = re.compile(
    "台湾|全台|台股|台北|台中市|高雄|新竹|桃园|台南|立院|立委|法说会|三大法人|外资买超|行政院|立法院|经济部"
    "|财政部|卫福部|国发会"
    "|金管会|证交所|柜买|加权指数|双北|竹科|南科|中科管|新台币|台币|NT\\$|健保|劳保|长照|全联|-KY|国科会"
    "|国网中心|中研院|工研院|数位部|台厂|台商|台系|经长|投信|自营商|年增|月增|季增|配息|台积电|联发科|鸿海"
    "|广达|纬创|纬颖|华硕|联电|日月光|台达电|英业达|和硕|技嘉|微星|奇𬭎|双鸿|南亚科|群创|友达|联咏|瑞昱|金像电|欣兴|大立光"
    "|国巨|远传|中华电信|智邦|世芯|数发部|纯益|法说|上修|下修|兆元"
)
_HONG_KONG = re.compile(
    "香港|本港|港股|港交所|恒指|恒生|港府|立法会|金管局|积金局|数码港|科学园|港铁|财政司|施政报告|港元|港币"
    "|HK\\$|九龙|新界|港岛|港人|北部都会区|收报|大市|股东应占|溢利|中环|按年|按季|作价|集资|港仙|呎|电讯盈科|中资股"
)
# A page that is typeset in traditional characters has several of these within its first lines.
_TRADITIONAL = re.compile(
    "[們這個來為會學國發對時現實與後說將過還進從無點報開關問間電話產業務億萬圓幣臺灣當該應訊號機構經濟買賣價錢線級"
    "資營額達數調聯頭書長東車馬體區處導戰權樹歲師員單場變讓據連運選遠適鐘門難風飛創標]"
)
_SAMPLE = 1500
_END = re.compile("[。!?;\n]")
_REACH = 160
_PRICE_CEILING = 10_000
# What is counted at an exchange in the exchange's own currency.
_TRADED = re.compile("成交额?|成交金额|净买入|净卖出|净流入|净流出|沽空额?|市值")
_SCALED = re.compile("[千万亿兆]")


def _code(name: str) -> str:
    return _CURRENCIES[name[0]]


class Yuan:
    """The currencies of one passage's bare 元; what the whole text says is looked up once, and only if asked.

    >>> from extractors.entities.passage import Passage
    >>> def read(text): p = Passage.of(text, "zh"); return [Yuan(p).of(q) for q in p.numbers]
    >>> read("收于521港元。营收1800亿元"), read("新台币160亿元，净利50亿元"), read("立院今天審查，扣除額為12萬元")
    (['HKD', 'CNY'], ['TWD', 'TWD'], ['TWD'])
    """

    def __init__(self, passage: Passage) -> None:
        self._text, self._folded = passage.text, passage.folded

    @cached_property
    def _others(self) -> bool:
        """Whether the text names a currency at all: most do not."""
        return _NAMED.search(self._folded) is not None

    @cached_property
    def _declared(self) -> str | None:
        hit = _DECLARED.search(self._folded) if self._others else None
        return _code(hit[1] or hit[2]) if hit else None

    @cached_property
    def _home(self) -> str:
        """The currency of the place that the text was written for."""
        sample = self._text[:_SAMPLE]
        if len(_TRADITIONAL.findall(sample)) * 25 < len(sample):
            return "CNY"
        taiwan, hong_kong = len(_TAIWAN.findall(self._folded)), len(_HONG_KONG.findall(self._folded))
        return "TWD" if taiwan > hong_kong else "HKD" if hong_kong else "CNY"

    def of(self, q: Atom) -> str:
        """The currency of the 元 behind `q`."""
        if self._declared is not None:
            return self._declared
        near = self._in_sentence(q) if self._others else None
        return near or self._home

    def _in_sentence(self, q: Atom) -> str | None:
        """The currency that the sentence of `q` names nearest to it, the one before it first."""
        folded = self._folded
        left, right = max(0, q.start - _REACH), min(len(folded), q.end + _REACH)
        for stop in _END.finditer(folded, left, q.start):
            left = stop.end()
        stop_after = _END.search(folded, q.end, right)
        if stop_after is not None:
            right = stop_after.start()
        named = list(_NAMED.finditer(folded, left, right))
        if not named:
            return None
        before = [hit for hit in named if hit.start() < q.start]
        code = _code((before[-1] if before else named[0])[0])
        if code == "HKD" and self._home == "CNY":
            # A mainland report gives a share's price in 港元 and the revenue beside it in its own 元.
            if _SCALED.search(folded, q.start, q.end + 1):
                traded = _TRADED.search(folded, max(left, q.start - 8), q.start) is not None
            else:
                traded = q.low < _PRICE_CEILING
            return "HKD" if traded and all(_code(hit[0]) == "HKD" for hit in named) else None
        return code
