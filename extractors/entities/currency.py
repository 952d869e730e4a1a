"""Which currency stands before or after a number, also where a sign has several."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from extractors.entities.passage import Passage
from extractors.entities.yuan import Yuan
from extractors.lexicons.currencies import load_currencies
from extractors.lexicons.trie import trie
from extractors.model import Lang
from extractors.numbers.shared import SCALE, Atom, scale

_ONE = Decimal(1)
_WINDOW = 16

# Signs and words of several currencies: the first, unless the text names another of them and not the first. Whose 元
# is, yuan.py tells.
_SHARED: dict[Lang, dict[str, tuple[str, ...]]] = {
    "zh": {
        "¥": ("CNY", "JPY"),
        "元": ("CNY",),
        "圆": ("CNY", "JPY"),
        "块": ("CNY",),
        "元整": ("CNY",),
    },
    "en": {"¥": ("JPY", "CNY"), "元": ("CNY",), "圆": ("CNY", "JPY"), "块": ("CNY",), "元整": ("CNY",)},
}
_CUES = {
    "JPY": re.compile(r"日元|日圆|日币|日本|东京|\byen\b|japan|tokyo|softbank|nikkei|円", re.I),
    "CNY": re.compile(
        r"人民币|\byuan\b|\brmb\b|renminbi|\bchina\b|chinese|beijing|shanghai|shenzhen|hangzhou|\bCNY\b", re.I
    ),
}
# Whose they are, yuan.py tells.
_YUAN = frozenset(("元", "块", "块钱", "元整"))
_GENERIC = frozenset(("$", "¥", "£", "元", "圆", "dollar", "dollars", "pound", "pounds"))


@dataclass(frozen=True, slots=True)
class Denomination:
    """The currency of a quantity and the stretch that quantity and currency words cover together."""

    start: int
    end: int
    currency: str
    unit: Decimal
    """What one of the word is worth: 0.01 for cents."""
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class _Words:
    before: re.Pattern[str]
    """Matches reversed text from the number leftwards."""
    after: re.Pattern[str]
    worth: dict[str, tuple[str, Decimal]]
    shy: dict[str, re.Pattern[str]]
    """What the text must say besides, by symbol."""
    first: frozenset[str]
    last: frozenset[str]

    def lookup(self, surface: str) -> tuple[str, Decimal]:
        """The currency and worth of a surface that a pattern matched, whatever its case and inner spaces."""
        known = self.worth.get(surface)
        if known is None:
            for form in (" ".join(surface.lower().split()), surface.upper(), _squeezed(surface)):
                if form in self.worth:
                    return self.worth[form]
        return known or self.worth[surface.replace(" ", "")]


def _squeezed(surface: str) -> str:
    return surface.replace(" ", "").lower()


@cache
def _words(lang: Lang) -> _Words:
    worth: dict[str, tuple[str, Decimal]] = {}
    shy: dict[str, re.Pattern[str]] = {}
    left: list[str] = ["¥"]
    signs: list[str] = ["¢"]
    codes: list[str] = []
    english: list[str] = []
    chinese: list[str] = [*_SHARED[lang], "块钱"]
    for c in load_currencies():
        for word in (*c.symbols, *c.shy, *c.zh, *c.names):
            worth[word] = (c.code, _ONE)
        worth |= {word: (c.code, value) for word, value in c.minor}
        # Nordic papers write MSEK for a million kronor.
        worth[f"M{c.code}"] = (c.code, Decimal(10**6))
        named = [re.escape(n) for n in (*c.names, *c.zh, *c.adjectives) if len(n) > 2]
        shy |= {s: re.compile(rf"(?<![A-Za-z])(?:{'|'.join(named)})", re.I) for s in c.shy}
        left += [*c.symbols, *c.shy, f"M{c.code}", *(w for w in c.zh if len(w) > 1 and not w.startswith(("元", "块")))]
        codes.append(f"M{c.code}")
        for symbol in (*c.symbols, *c.shy):
            (codes if symbol[-1].isalpha() else signs).append(symbol)
        english += [*c.names, *(w for w, _ in c.minor if w.isascii())]
        chinese += [*c.zh, *(w for w, _ in c.minor if not w.isascii())]
    worth |= {"¢": ("USD", Decimal("0.01")), "块钱": ("CNY", _ONE)}
    for word, options in _SHARED[lang].items():
        worth.setdefault(word, (options[0], _ONE))
    # Tokenised text has spaces inside: hk $ 10.
    left += [f"{w[:-1]} $" for w in left if w.endswith("$") and w[:2].isalpha() and len(w) > 2]
    worth |= {_squeezed(w): value for w, value in worth.items() if _squeezed(w) not in worth}
    letters = [w for w in left if w[0].isascii() and w[0].isalpha()]
    others = [w for w in left if w not in set(letters)]
    lower = [w.lower() for w in letters if len(w) >= 3 and w not in shy]
    before = rf"[ :]{{0,2}}({trie(w[::-1] for w in (*letters, *lower))}(?![A-Za-z])|{trie(w[::-1] for w in others)})"
    after_signs = [s for s in signs if s not in ("K.D.", "S/", "B/.", "د.")]
    lower_codes = [c.lower() for c in codes if len(c) == 3 and c.isupper() and c not in shy]
    coded = rf"{trie([*codes, *lower_codes])}(?![A-Za-z0-9\u00c0-\u024f])"
    after = (
        rf"(?:(?: |(?<=计)的)?({trie(chinese)}|{trie(after_signs)}(?![0-9]))"
        rf"|(?:[ -]| of )?((?i:{trie(english)})(?![A-Za-z])|{coded}))"
    )
    firsts = [*chinese, *signs, *english, *codes, *lower_codes]
    return _Words(
        re.compile(before),
        re.compile(after),
        worth,
        shy,
        frozenset(c for w in firsts for c in (w[0], w[0].upper())) | frozenset(" -的"),
        frozenset(c for w in left for c in (w[-1], w[-1].lower())) | frozenset(" :"),
    )


class CurrencyReader:
    """Reads the currencies of one passage; what its text says about ambiguous signs is looked up once."""

    def __init__(self, passage: Passage) -> None:
        self._folded = passage.folded
        self._words = _words(passage.lang)
        self._options = _SHARED[passage.lang]
        self._shared: dict[str, str] = {}
        self._named: dict[str, bool] = {}
        self._yuan = Yuan(passage)

    def at(self, q: Atom, floor: int = 0) -> Denomination | None:
        """The currency that stands at `q`, no further left than `floor`, or `None`.

        Where both sides name one, the more telling wins: `$52B USD`, `$1200 AUD`, `人民币15元`.
        """
        folded, words = self._folded, self._words
        start, end = q.start, q.end
        currency: str | None = None
        unit = _ONE
        sign = ""
        if start > floor and folded[start - 1] in words.last:
            hit = words.before.match(folded[max(floor, start - _WINDOW) : start][::-1])
            if hit is not None:
                sign = hit[1][::-1]
                currency = self._code(q, sign)
                if currency is not None:
                    start -= hit.end()
                    unit = words.lookup(sign)[1] if sign[0] == "M" else _ONE
        followed = False
        if end < len(folded) and folded[end] in words.first:
            hit = words.after.match(folded, end)
            if hit is not None:
                word = hit[1] or hit[2]
                code = self._code(q, word) if _is_money(folded, q, hit.end() - len(word), word) else None
                if code is not None:
                    shared = word in self._options
                    if currency is None:
                        currency, followed, end = code, True, hit.end()
                        unit = words.lookup(word)[1]
                        if word.isupper() and (million := _SCALE_AFTER.match(folded, end)):
                            unit, end = unit * scale(million[0]), million.end()
                    elif word[0] in "$€£¥":
                        pass  # The sign of the next amount.
                    elif shared or code == currency or sign in _GENERIC:
                        currency, followed, end = (currency if shared else code), True, hit.end()
        if currency is None:
            return None
        return Denomination(start, end, currency, unit, start < q.start, followed)

    def _code(self, q: Atom, surface: str) -> str | None:
        if surface in _YUAN:
            return self._yuan.of(q)
        if surface in self._options:
            if surface not in self._shared:
                self._shared[surface] = self._choose(self._options[surface])
            return self._shared[surface]
        cue = self._words.shy.get(surface)
        if cue is not None:
            if surface not in self._named:
                self._named[surface] = cue.search(self._folded) is not None
            if not (self._named[surface] or _bare(self._folded, q, surface)):
                return None
        return self._words.lookup(surface)[0]

    def _choose(self, options: tuple[str, ...]) -> str:
        others = [code for code in options[1:] if _CUES[code].search(self._folded)]
        return others[0] if others and not _CUES[options[0]].search(self._folded) else options[0]


# 75 USD million
_SCALE_AFTER = re.compile(rf" {SCALE}")
_CENTS = re.compile(r"[0-9](?:\.[0-9]{2}|,[0-9]{3})$")


def _bare(folded: str, q: Atom, surface: str) -> bool:
    """Whether a shy symbol is sure by itself: beside cents (R273.00), or in a text that holds nothing else."""
    cents = len(surface) <= 2 and _CENTS.search(folded[q.start : q.end]) is not None
    return cents or len(folded) <= q.end - q.start + len(surface) + 2


_KNIFE = frozenset("具片锋法客剪工枪切两口背刃")
_YUAN_WORDS = re.compile("元(?:素|旦|宇宙|件|首|老|年|宝(?!兑)|组|器|祖|勋|智|气|人|数据|模型|学习|性|启)")
# 二元关系, 三元锂: the number of members, said in Chinese numerals.
_MEMBERS = re.compile(
    "元(?:关系|期权|论|方程|一次|分类|对立|结构|乙丙|催化|前驱|锂|材料|电池|正极|化|主义|里|悖论|系|桥|股份|食品)"
)
_WEIGHT = re.compile(
    r" (?:of (?!cash|money|fine|investment|funding|debt|revenue)|in weight|per square|heavier|lighter|each of)", re.I
)
_POUND_DEAL = re.compile(r" (?:fine|note|bill|deal|bonus|fee|grant|investment|fund|ticket|phone|charge|price)")
_MONEY_NEAR = re.compile(
    r"£|sterling|pence|british|\bUK\b|london|\b(?:pa(?:y|id|ying|ys)|costs?|costing|priced?|prices|worth|fined?|fund\w*|invest\w*|raised?|raising"
    r"|spen[dt]\w*|salary|salaries|earn\w*|budget|debt|loans?|tax\w*|bought|sold|sells?|revenue|profit|loss(?:es)?|value[ds]?|fee|bill|cash|charge[ds]?)\b",
    re.I,
)
_WON_VERB = re.compile(r" (?:the|a|an|in|at|by|his|her|their|its|first|gold|over|out|back)\b", re.I)
_PRICE = re.compile(
    r"(?:卖|花|价|均|要|需|仅|收|给|付|赚|亏|涨|降|便宜|贵|补贴|罚|才|不到|省|近|额|费|钱|为|至|到|我)[了到至为约费]{0,2}$"
    r"|[付花卖买钱费][^,。;!?、0-9]{1,6}$"
)
_DIGIT = "0-9一二两三四五六七八九"
_PIECE = re.compile(
    rf"块(?:$|[{_DIGIT}](?:[毛角]|[{_DIGIT}](?![{_DIGIT}])|$|[^\w])|[,。;!?、)/的多左每一起以就吧啊呢])"
)
# 花一千多块淘来: what the money did follows.
_SPENT = re.compile("(?:花了?|花掉|花费|掏了?|卖了?|赚了?|亏了?|付了?|罚了?|才|只要|售价|标价|一共)$")
_THEN = re.compile("块(?:[淘买就入拿收请吃坐打租换修做办去,。;!?、)]|$)")
_MANY_PIECES = 10_000
_GROWN = re.compile("(?:扩大?|扩展|扩充|扩容|增加?|规模|部署|采购|追加)[到至为达了]{0,2}(?:约|近|超过?)?$")
_CARDS_NEAR = re.compile("GPU|TPU|显卡|芯片|加速卡|算力卡|智算|算力|[AHB][1-9]00|H20|昇腾|万卡")
_TENTHS = re.compile(rf"块[{_DIGIT}](?:[毛角]|(?![\w.%]))")
_COMMON = frozenset(("real", "sum", "all", "sol", "mark", "marks", "colon", "rand", "lev", "lek", "som"))


def _counts_cards(folded: str, q: Atom, at: int) -> bool:
    """GPU规模从10万块扩大到20万块: the noun that 块 counts was said before."""
    if not _CARDS_NEAR.search(folded, max(0, q.start - 40), at + 24):
        return False
    if q.low < _MANY_PIECES and not _GROWN.search(folded, max(0, q.start - 8), q.start):
        return False
    return _SPENT.search(folded, max(0, q.start - 4), q.start) is None


def _is_money(folded: str, q: Atom, at: int, word: str) -> bool:
    """Whether a word behind a number means money, where it could mean something else."""
    if word == "块":
        # A piece of something, unless a price is being said.
        spent = _SPENT.search(folded, max(0, q.start - 4), q.start) is not None and _THEN.match(folded, at) is not None
        if not (spent or _PIECE.match(folded[at : at + 4])):
            return False
        if not spent and _counts_cards(folded, q, at):
            return False
        tenths = _TENTHS.match(folded, at) is not None or q.low != q.low.to_integral()
        return tenths or _PRICE.search(folded, max(0, q.start - 12), q.start) is not None
    if word == "刀":
        return folded[q.start].isdigit() and folded[at + 1 : at + 2] not in _KNIFE
    if word == "元":
        return _YUAN_WORDS.match(folded, at) is None and (
            folded[q.start].isascii() or _MEMBERS.match(folded, at) is None
        )
    lower, end = word.lower(), at + len(word)
    if lower in ("pound", "pounds"):
        if _WEIGHT.match(folded, end) or (
            folded[at - 1] == "-" and q.low < 1000 and not _POUND_DEAL.match(folded, end)
        ):
            return False
        # A weight, unless it is large or the sentence is about money.
        near = _MONEY_NEAR.search(folded, max(0, q.start - 80), end + 60)
        return near is not None or len(folded) < 40 or q.low >= 100_000
    if lower == "won":
        return q.low >= 1_000_000 or (q.low >= 100 and _WON_VERB.match(folded, end) is None)
    if lower in _COMMON:
        return (q.low >= 1000 and not folded.startswith("-", end)) or len(folded) <= end + 1
    return True
