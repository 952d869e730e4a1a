"""MONEY: a quantity with a currency before or after it, ranges of two, and brackets that repeat it.

>>> [(m.text, m.low, m.currency, m.per) for m in find_money(Passage.of("报140.68美元/股，融资60亿美元"))]
[('140.68美元', Decimal('140.68'), 'USD', 'share'), ('60亿美元', Decimal('6000000000'), 'USD', None)]
>>> find_money(Passage.of("10万块英伟达H100，5 pounds of sugar, 36氪"))
[]
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from extractors.entities.currency import CurrencyReader
from extractors.entities.passage import Passage
from extractors.entities.per import compares, per_of
from extractors.lexicons.bounds import bound_after, bound_around
from extractors.model import Bound, Lang, Money
from extractors.numbers.moves import moves
from extractors.numbers.shared import Atom, bound_of


@dataclass(frozen=True, slots=True)
class _Amount:
    """An amount with the parts that ranges, sums and brackets need."""

    start: int
    end: int
    low: Decimal
    high: Decimal | None
    bound: Bound
    """Of the quantity: the words around the whole amount are read at the end."""
    currency: str
    before: bool
    after: bool
    minor: bool
    quantity: Atom
    """The last one, whose scale a range shares."""


_RANGE: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(r" ?(?:-+|–|—+|~+|至|到|或|、|乃至|甚至|to) ?"),
    "en": re.compile(r" ?(?:-|–|—|~|to|and|or|up to|through) ?|-to-"),
}
# 上调2500元至8.9万元: a step and the level that it led to, told from a range by their sizes.
_STEP_ZH = re.compile("(?:上调|下调|上涨|下跌|调涨|调降|[涨跌升降]|提高|提价|降价|涨价|增加|减少|下降|上升)了?约?$")
_BETWEEN = re.compile(r"\bbetween (?:about |around |roughly |approximately )?$", re.I)
_MINOR_GAP = re.compile(r" ?(?:and |又|零)?")
_BRACKET: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(
        r" ?(?:左右|多)?(?:/ ?[^((]{1,6}|每[^((]{1,4})? ?[((](?:即|或)?(?:大?约)?(?:折?合|折算)?(?:为|约)? ?"
    ),
    "en": re.compile(
        r"(?:/[a-z]+| a [a-z]+| per [a-z]+)? ?\((?:about|around|or|or about|roughly|approx\.?|approximately|nearly|~|≈"
        r"|equivalent to|equal to|worth|some|appr\.|just over|just under)? ?"
    ),
}


def find_money(passage: Passage) -> list[Money]:
    """The amounts of money in a passage, in order of start, without overlap."""
    amounts: list[_Amount] = []
    currency = CurrencyReader(passage)
    for q in passage.numbers:
        found = currency.at(q, amounts[-1].end if amounts else 0)
        if found is None:
            if amounts and (cents := _said_cents(passage, amounts[-1], q)):
                amounts[-1] = cents
            continue
        if amounts and found.start < amounts[-1].end:
            continue
        high = None if q.high is None else q.high * found.unit
        amount = _Amount(
            found.start,
            found.end,
            q.low * found.unit,
            high,
            bound_of(q, passage.folded, passage.lang),
            found.currency,
            found.before,
            found.after,
            found.unit < 1,
            q,
        )
        if amounts:
            joined = _range(passage, amounts[-1], amount) or _sum(passage, amounts[-1], amount)
            if joined is not None:
                amounts[-1] = joined
                continue
        amounts.append(_with_change(passage, _negative(passage, amount)))
    return _finished(passage, amounts)


def _negative(passage: Passage, amount: _Amount) -> _Amount:
    """-$5 million, ($-99.99): a minus before the sign."""
    at = amount.start - 1
    folded = passage.folded
    if not amount.before or amount.low < 0 or at < 0 or folded[at] not in "-−" or (at and folded[at - 1] not in " (:~"):
        return amount
    high = None if amount.high is None else -amount.high
    return replace(amount, start=at, low=-amount.low, high=high)


_CHANGE = re.compile(
    r"([0-9一二两三四五六七八九壹贰叁肆伍陆柒捌玖])(?:[角毛](?:([0-9一二两三四五六七八九壹贰叁肆伍陆柒捌玖])分?)?钱?|(?<=块.)(?![0-9\w]))"
)
_DIGITS = dict(
    zip("0123456789一二三四五六七八九壹贰叁肆伍陆柒捌玖两", (*range(10), *range(1, 10), *range(1, 10), 2), strict=True)
)


def _with_change(passage: Passage, amount: _Amount) -> _Amount:
    """15元3角1分, 三块五: what follows yuan in tenths and hundredths."""
    if amount.currency != "CNY" or not amount.after or amount.high is None:
        return amount
    hit = _CHANGE.match(passage.folded, amount.end)
    if hit is None:
        return amount
    change = Decimal(_DIGITS[hit[1]]) / 10 + Decimal(_DIGITS[hit[2]] if hit[2] else 0) / 100
    return replace(amount, end=hit.end(), low=amount.low + change, high=amount.high + change)


def _scale(folded: str, q: Atom) -> Decimal:
    """The factor of the words of scale in a quantity's surface."""
    digits = re.match(r"[0-9.,']+", folded[q.start : q.end])
    if digits is None or digits.end() == q.end - q.start:
        return Decimal(1)
    plain = digits[0].replace(",", "").replace("'", "").rstrip(".")
    return q.low / Decimal(plain) if plain.replace(".", "", 1).isdigit() and Decimal(plain) else Decimal(1)


def _range(passage: Passage, a: _Amount, b: _Amount) -> _Amount | None:
    """`$20 billion to $30 billion`, `8000万元-1亿元`, `$60-$70B`, `between $5 million and $10 million`."""
    if b.start - a.end > 8 or a.currency != b.currency or a.high is None or a.minor != b.minor:
        return None
    folded = passage.folded
    gap = _RANGE[passage.lang].fullmatch(folded, a.end, b.start)
    if gap is None:
        return None
    word = gap[0].strip()
    before = folded[max(0, a.start - 28) : a.start]
    if word == "and" and not _BETWEEN.search(before):
        return None
    step = not folded.endswith("by ", 0, a.start) or b.low >= 3 * a.high
    if word == "to" and step and moves(folded, a.start):
        return None
    if word in ("至", "到") and b.low >= 3 * a.high and _STEP_ZH.search(folded, max(0, a.start - 6), a.start):
        return None
    if word in ("、", "or", "或") and _scale(folded, b.quantity) == 1:
        return None
    low = a.low
    factor = _scale(folded, b.quantity)
    if factor > 1 and _scale(folded, a.quantity) == 1 and a.high < b.low / factor:
        low = a.low * factor
    if low < 0 and b.low < low and b.high is not None:
        return _Amount(a.start, b.end, b.low, a.high, a.bound, b.currency, a.before, b.after, b.minor, b.quantity)
    if b.low <= low:
        return None
    bound: Bound = "vague" if "vague" in (a.bound, b.bound) else a.bound if a.bound != "exact" else b.bound
    return _Amount(a.start, b.end, low, b.high, bound, b.currency, a.before, b.after, b.minor, b.quantity)


def _sum(passage: Passage, a: _Amount, b: _Amount) -> _Amount | None:
    """3元5角, 5 dollars and 20 cents."""
    if not b.minor or b.start - a.end > 5 or a.currency != b.currency or a.high is None or b.high is None:
        return None
    if b.before or not a.after or _MINOR_GAP.fullmatch(passage.folded, a.end, b.start) is None or b.low >= 1:
        return None
    return replace(a, end=b.end, low=a.low + b.low, high=a.high + b.high)


def _said_cents(passage: Passage, a: _Amount, q: Atom) -> _Amount | None:
    """15 dollars 50, thirteen dollars and forty five: a part without its word, at the end of a clause."""
    folded = passage.folded
    if not a.after or a.before or a.minor or a.high != a.low or a.low != a.low.to_integral() or a.low >= 1000:
        return None
    if folded[a.end : q.start].strip() not in ("", "and") or not folded.startswith(" ", a.end) or q.start - a.end > 5:
        return None
    if q.high != q.low or not 10 <= q.low < 100 or q.low != q.low.to_integral() or passage.lang != "en":
        return None
    if q.end < len(folded) and folded[q.end] not in ".,;!?":
        return None
    return replace(a, end=q.end, low=a.low + q.low / 100, high=a.low + q.low / 100)


def _bound(passage: Passage, amount: _Amount, rate_end: int) -> Bound:
    if amount.bound == "exact" and amount.before:
        return bound_around(passage.folded, amount.start, rate_end, passage.lang)
    if amount.bound in ("exact", "about"):
        after = bound_after(passage.folded, rate_end, passage.lang)
        return after if amount.bound == "exact" or after in ("min", "max") else amount.bound
    return amount.bound


# What no share costs or earns.
_NO_SHARE = 1_000_000


def _finished(passage: Passage, amounts: list[_Amount]) -> list[Money]:
    out: list[Money] = []
    for amount in amounts:
        per, rate_end = per_of(passage.folded, amount.start, amount.end, passage.lang, amount.low)
        bound = _bound(passage, amount, rate_end)
        last = out[-1] if out else None
        if last is not None and amount.start - last.end <= 48:
            if last.currency == amount.currency:
                if (
                    per is None
                    and last.per is not None
                    and not (last.per == "share" and amount.low >= _NO_SHARE)
                    and compares(passage.folded, last.end, amount.start, passage.lang, last.per)
                ):
                    per = last.per
            elif _BRACKET[passage.lang].fullmatch(passage.folded, last.end, amount.start):
                bound = last.bound if bound == "exact" and last.bound != "vague" else bound
                per = per or last.per
        text = passage.text[amount.start : amount.end]
        out.append(Money(amount.start, amount.end, text, amount.low, amount.high, bound, amount.currency, per))
    return out
