"""What Chinese numerals are worth, once a run of them is cut out."""

from __future__ import annotations

import re
from decimal import Decimal

from extractors.numbers.shared import MAX_DIGITS, worths

DIGIT = worths("zh", "digits")
TENS = worths("zh", "tens")
SMALL = worths("zh", "small")
LARGE = worths("zh", "large")
DIGITS_ZH = "".join(DIGIT)
UNITS = "".join((*SMALL, *LARGE))
NUMERALS = DIGITS_ZH + "".join(TENS) + UNITS


def numeral(text: str) -> int | None:
    """A numeral of Chinese digits and units; `None` when its parts are in no order.

    >>> numeral("三千五百"), numeral("一亿二千万"), numeral("二〇二四"), numeral("三万五"), numeral("百")
    (3500, 120000000, 2024, 35000, 100)
    >>> numeral("一二百三"), numeral("万亿"), numeral("两千零三十万")
    (None, 1000000000000, 20300000)
    """
    if len(text) > MAX_DIGITS:
        return None
    if all(c in DIGIT for c in text):
        # 二〇二四 is read digit by digit; a bare pair (两两, 三五) is no number.
        plain = len(text) != 2 or text[0] in "零〇" or text[1] in "零〇"
        return int("".join(str(DIGIT[c]) for c in text)) if plain else None
    total = section = digit = 0
    pending = False
    last_unit = 1
    for char in text:
        if char in DIGIT:
            if pending and digit:
                return None
            digit, pending = DIGIT[char], True
        elif char in TENS:
            section, pending, last_unit = section + TENS[char], False, 10
        elif char in SMALL:
            unit = SMALL[char]
            if section and unit >= last_unit:
                return None
            section += (digit if pending and digit else 1) * unit
            digit, pending, last_unit = 0, False, unit
        else:
            unit = LARGE[char]
            section += digit
            if section == 0:
                total = (total or 1) * unit
            elif total and total < unit:
                total = (total + section) * unit
            else:
                total += section * unit
            section, digit, pending, last_unit = 0, 0, False, unit
    if pending and digit and last_unit >= 100 and text[-2] not in "零〇":
        digit *= last_unit // 10
    return total + section + digit


def product(text: str) -> int:
    product = 1
    for char in text:
        product *= SMALL.get(char) or LARGE[char]
    return product


_PART = re.compile(rf"([零0-9]+) ?([{UNITS}]*)")


def mixed(value: Decimal, units: str, rest: str) -> Decimal | None:
    """Digits and units in turn: 3万5千, 1亿2000万, 2千零30万, 3万5 (35,000); `None` when their order makes no number.

    >>> mixed(Decimal(3), "万", "5千"), mixed(Decimal(2), "千", "零30万"), mixed(Decimal(3), "万", "5")
    (Decimal('35000'), Decimal('20300000'), Decimal('35000'))
    """
    if not any(c.isascii() for c in rest):
        below = numeral(rest)
        whole = value * product(units)
        return None if below is None or below >= product(units) else whole + below
    total = section = Decimal(0)
    last = 0
    for digits, unit in [(value, units), *((d, u) for d, u in _PART.findall(rest))]:
        number = Decimal(str(digits).lstrip("零") or "0")
        if not unit and last >= 100 and len(str(digits)) == 1:
            number *= last // 10
        small = unit.rstrip("万亿兆")
        large = unit[len(small) :]
        section += number * product(small)
        if large:
            if total and product(large) >= last > 0:
                return None
            total += section * product(large)
            section = Decimal(0)
            last = product(large)
        elif unit:
            last = product(small)
    return total + section


_PAIR = re.compile(rf"([{DIGITS_ZH}])([{DIGITS_ZH}])([{UNITS}]*)")


def neighbours(text: str, counted: bool = False) -> tuple[Decimal, Decimal] | None:
    """Two neighbouring digits for one place: 七八百 is 700 to 800, 三四十万 300,000 to 400,000.

    Without a unit (三五, 一两) they are a number only where a counted thing follows.

    >>> neighbours("三五"), neighbours("三五", counted=True), neighbours("两两", counted=True)
    (None, (Decimal('3'), Decimal('5')), None)
    """
    found = _PAIR.fullmatch(text)
    if found is None or not (found[3] or counted):
        return None
    a, b, unit = DIGIT[found[1]], DIGIT[found[2]], product(found[3])
    return (Decimal(a * unit), Decimal(b * unit)) if b == a + 1 or (a, b) == (3, 5) else None
