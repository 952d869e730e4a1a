"""MONEY: a quantity with a currency before or after it, ranges of two, and brackets that repeat it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from extractors.entities.passage import Passage
from extractors.entities.per import per_of
from extractors.lexicons.bounds import bound_after, bound_around, bound_before
from extractors.lexicons.currencies import load_currencies
from extractors.lexicons.trie import trie
from extractors.model import Bound, Lang, Money, Quantity
from extractors.numbers.shared import SCALE

_ONE = Decimal(1)
# Signs and words of several currencies: the first unless the text says one of the others.
_SHARED = {"¥": ("CNY", "JPY"), "元": ("CNY", "TWD", "HKD"), "圆": ("CNY", "JPY"), "块": ("CNY", "TWD")}
_CUES = {
    "JPY": re.compile(r"日元|日圆|日本|\byen\b|japan|tokyo|softbank|sony|nintendo|トヨタ|円", re.I),
    "CNY": re.compile(r"人民币|\byuan\b|\bRMB\b|renminbi|china|chinese|beijing|shanghai|shenzhen|CNY", re.I),
    "TWD": re.compile(r"新台币|台币|NT\$"),
    "HKD": re.compile(r"港元|港币|HK\$"),
}


@dataclass(frozen=True, slots=True)
class _Words:
    before: re.Pattern[str]
    """Matches reversed text from the number leftwards."""
    after: re.Pattern[str]
    worth: dict[str, tuple[str, Decimal]]


@dataclass(frozen=True, slots=True)
class _Amount:
    """Money with the parts that ranges and brackets need."""

    start: int
    end: int
    low: Decimal
    high: Decimal | None
    bound: Bound
    currency: str
    prefixed: bool
    suffixed: bool
    quantity: Quantity


@cache
def _words(lang: Lang) -> _Words:
    worth: dict[str, tuple[str, Decimal]] = {}
    symbols: list[str] = ["¥"]
    words: list[str] = []
    zh: list[str] = ["元", "圆", "块钱", "块"]
    minor: list[str] = []
    for c in load_currencies():
        for word in (*c.symbols, *c.zh):
            worth[word] = (c.code, _ONE)
        for word in c.names:
            worth[word] = (c.code, _ONE)
        for word, value in c.minor:
            worth[word] = (c.code, value)
        symbols += c.symbols
        words += c.names
        zh += c.zh
        minor += [w for w, _ in c.minor]
    minor_zh = [w for w in minor if not w.isascii()]
    minor_en = [w for w in minor if w.isascii()]
    for word in _SHARED:
        worth.setdefault(word, (_SHARED[word][0], _ONE))
    worth["¢"] = ("USD", Decimal("0.01"))
    sign = [s for s in symbols if not s[-1].isalpha()]
    code = [s for s in symbols if s[-1].isalpha()]
    zh_before = [w for w in zh if len(w) > 1 and w not in ("块钱", "美刀")]
    before = re.compile(
        rf" {{0,2}}(?:{trie(s[::-1] for s in sign)}|{trie(s[::-1] for s in code)}|{trie(w[::-1] for w in zh_before)})(?<![A-Za-z])"
        if False
        else rf"[ :]{{0,2}}({trie(s[::-1] for s in sign)}|{trie(s[::-1] for s in code)}(?![A-Za-z])|{trie(w[::-1] for w in zh_before)})"
    )
    signs_after = [s for s in sign if s not in ("Rs.", "K.D.", "S/", "S/.", "B/.")]
    after = re.compile(
        rf"[ -]?(?:({trie([*zh, *minor_zh])}|{trie([*signs_after, '¢'])})"
        rf"|((?i:{trie([*words, *minor_en])})(?![A-Za-z])|{trie(code)}(?![A-Za-z0-9])))"
    )
    return _Words(before, after, worth)


def _squeeze(word: str) -> str:
    return " ".join(word.lower().split())


def _worth(words: _Words, surface: str) -> tuple[str, Decimal]:
    return words.worth.get(surface) or words.worth.get(_squeeze(surface)) or words.worth[surface.replace(" ", "")]


def _shared(sign: str, passage: Passage) -> str:
    options = _SHARED[sign]
    if sign == "¥" and passage.lang == "en":
        options = ("JPY", "CNY")
    for code in options[1:]:
        if _CUES[code].search(passage.folded) and not _CUES[options[0]].search(passage.folded):
            return code
    return options[0]


_NOT_MONEY_AFTER = re.compile(
    r"刀(?=[具片锋法客剪工枪])|元(?=[素旦宇件首年老宝组音器祖勋智气人]|宇宙)|(?:pounds?|won)\b", re.I
)
_WEIGHT = re.compile(r" (?:of (?!cash|money|fine)|in weight|per square|heavier|lighter)", re.I)
_WON_VERB = re.compile(r" (?:the|a|an|in|at|by|his|her|their|its|first|gold)\b", re.I)
_CHIP_NEXT = re.compile(r"块(?![钱])")
_PRICE_CUE = re.compile(
    r"(?:卖|花|价|只要|仅需|仅|收|给|付|赚|亏|涨|降|便宜|贵|补贴|罚|才|不到|省|打折|单价|售价|近|要)[了到至为约]{0,2}$"
)


def _reads_as_money(folded: str, q: Quantity, at: int, word: str) -> bool:
    """Whether an ambiguous word after the number really means money."""
    if word == "块":
        rest = folded[at + 1 : at + 2]
        if rest and rest not in ",。;;!?、))/的多左每一起以就":
            return False
        return q.low != q.low.to_integral() or bool(_PRICE_CUE.search(folded[max(0, q.start - 4) : q.start]))
    hit = _NOT_MONEY_AFTER.match(folded, at)
    if hit is None:
        return True
    lower = hit[0].lower()
    if lower.startswith("pound"):
        return _WEIGHT.match(folded, hit.end()) is None
    if lower == "won":
        return q.low >= 100 and _WON_VERB.match(folded, hit.end()) is None
    return False


def _amount(passage: Passage, q: Quantity, words: _Words) -> _Amount | None:
    folded = passage.folded
    start, end = q.start, q.end
    currency: str | None = None
    factor = _ONE
    left = words.before.match(folded[max(0, start - 12) : start][::-1])
    if left is not None:
        sign = left[1][::-1]
        currency = _shared(sign, passage) if sign in _SHARED else _worth(words, sign)[0]
        start -= left.end()
    right = words.after.match(folded, end)
    if right is not None:
        word = right[1] or right[2]
        if _reads_as_money(folded, q, right.end() - len(word), word):
            code, worth = _worth(words, word)
            shared = word in _SHARED
            if currency is None:
                currency, factor, end = (_shared(word, passage) if shared else code), worth, right.end()
            elif shared or code == currency or (left is not None and left[1] in ("$", "¥", "£", "元", "圆")):
                currency, end = (currency if shared else code), right.end()
    if currency is None:
        return None
    high = q.high
    if high is not None and q.bound == "vague":
        high = high * factor if factor != 1 else high
    elif high is not None:
        high = high * factor
    return _Amount(start, end, q.low * factor, high, q.bound, currency, left is not None, end > q.end, q)


_RANGE = {
    "zh": re.compile(r" ?(?:-+|–|—+|~+|～|至|到|或|、|乃至|甚至) ?"),
    "en": re.compile(r" ?(?:-|–|—|~|to|and|or) ?"),
}
_MOVES = re.compile(
    r"(?:from|rose|fell|up|down|gained|lost|climbed|dropped|slipped|jumped|by|increased|decreased|cut|raised|lowered|slashed) (?:[a-z]+ )?$",
    re.I,
)
_SPREADS = re.compile(r"(?:rang\w+|vary\w*|anywhere|priced|costs?|costing|prices?|between) (?:from )?$", re.I)
_SCALE_END = re.compile(rf"(?:{SCALE}|[十百千万亿兆])\+?$")


def _factor(folded: str, q: Quantity) -> Decimal:
    """The scale that closes the quantity's surface, read from its value."""
    surface = folded[q.start : q.end]
    digits = re.match(r"[0-9.,']+", surface)
    if digits is None or digits.end() == len(surface) or not q.low:
        return _ONE
    value = Decimal(digits[0].replace(",", "").replace("'", "").rstrip(".") or "1")
    return q.low / value if value else _ONE


def _ranged(passage: Passage, a: _Amount, b: _Amount) -> _Amount | None:
    """`$20 billion to $30 billion`, `8000万元-1亿元`, `$60-$70B`, `between $5 million and $10 million`."""
    folded = passage.folded
    gap = _RANGE[passage.lang].fullmatch(folded, a.end, b.start)
    if gap is None or a.high is None:
        return None
    if a.currency != b.currency:
        return None
    word = gap[0].strip()
    before = folded[max(0, a.start - 24) : a.start]
    if passage.lang == "en":
        if word == "and" and not before.rstrip().lower().endswith("between"):
            return None
        if word == "to" and _MOVES.search(before) and not _SPREADS.search(before):
            return None
    elif word in ("、", "或") and a.suffixed and b.suffixed and not a.quantity.end == a.end:
        return None
    low = a.low
    factor = _factor(folded, b.quantity)
    if (
        _factor(folded, a.quantity) == 1
        and factor > 1
        and a.low < b.low / factor
        and not (a.suffixed and a.low >= 1000)
    ):
        low = a.low * factor
    if b.high is None or not low < b.high:
        return None
    bound: Bound = "vague" if "vague" in (a.bound, b.bound) else (a.bound if a.bound != "exact" else b.bound)
    return _Amount(a.start, b.end, low, b.high, bound, b.currency, a.prefixed, b.suffixed, b.quantity)


def _bound(passage: Passage, amount: _Amount) -> Bound:
    if amount.bound in ("vague", "min", "max"):
        return amount.bound
    if amount.bound == "about":
        after = bound_after(passage.folded, amount.end, passage.lang)
        return after if after in ("min", "max") else "about"
    if amount.prefixed:
        return bound_around(passage.folded, amount.start, amount.end, passage.lang)
    return bound_after(passage.folded, amount.end, passage.lang)


_OPENS = {
    "zh": re.compile(r" ?(?:左右|/[^((]{1,4})? ?[((](?:约|大约)?(?:合|折合|为)?(?:约)? ?"),
    "en": re.compile(
        r"(?:/[a-z]+)? ?\((?:about|around|or|roughly|approx\.?|approximately|nearly|~|≈|equivalent to|worth|some|appr\.)? ?"
    ),
}
_APART = re.compile(r" ?[/,、;] ?")


def find_money(passage: Passage) -> list[Money]:
    """The amounts of money in a passage, in order of start."""
    if not passage.quantities:
        return []
    words = _words(passage.lang)
    amounts: list[_Amount] = []
    for q in passage.quantities:
        amount = _amount(passage, q, words)
        if amount is None:
            continue
        if amounts:
            last = amounts[-1]
            if last.end > amount.start:
                continue
            merged = _ranged(passage, last, amount)
            if merged is not None:
                amounts[-1] = merged
                continue
            sub = _summed(passage, last, amount)
            if sub is not None:
                amounts[-1] = sub
                continue
        amounts.append(amount)
    return _finished(passage, amounts)


_MINOR_GAP = {"zh": re.compile(" ?"), "en": re.compile(" and | ")}


def _summed(passage: Passage, a: _Amount, b: _Amount) -> _Amount | None:
    """3元5角, 5 dollars and 20 cents."""
    if (
        b.low == b.quantity.low
        or a.low != a.quantity.low
        or a.currency != b.currency
        or a.high is None
        or b.high is None
    ):
        return None
    if b.low >= 1 or _MINOR_GAP[passage.lang].fullmatch(passage.folded, a.end, b.start) is None:
        return None
    return replace(a, end=b.end, low=a.low + b.low, high=a.high + b.high, suffixed=True)


def _finished(passage: Passage, amounts: list[_Amount]) -> list[Money]:
    out: list[Money] = []
    for amount in amounts:
        bound = _bound(passage, amount)
        per = per_of(passage.folded, amount.start, amount.end, passage.lang)
        if out and amount.start - out[-1].end <= 16:
            last = out[-1]
            repeats = _OPENS[passage.lang].fullmatch(passage.folded, last.end, amount.start)
            if repeats and last.currency != amount.currency:
                if bound == "exact":
                    bound = last.bound if last.bound != "vague" else bound
                per = per or last.per
        out.append(
            Money(
                amount.start,
                amount.end,
                passage.text[amount.start : amount.end],
                amount.low,
                amount.high,
                bound,
                amount.currency,
                per,
            )
        )
    return out
