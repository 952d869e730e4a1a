"""Numbers in Chinese text: Arabic and Chinese numerals and their mixtures.

One regular expression finds the runs, a run is then read by hand. Texts are folded, so traditional forms are gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from extractors.lexicons.trie import trie
from extractors.model import Bound, Quantity
from extractors.numbers.shared import (
    DIGITS,
    EXPONENT,
    MAX_DIGITS,
    ONE,
    SCALE,
    Atom,
    arabic,
    join,
    raised,
    scale,
    signed,
    stands_free,
    to_quantities,
    words,
    worths,
)

_DIGIT = worths("zh", "digits")
_TENS = worths("zh", "tens")
_SMALL = worths("zh", "small")
_LARGE = worths("zh", "large")
_D = "".join(_DIGIT)
_U = "".join((*_SMALL, *_LARGE))
_N = _D + "".join(_TENS) + _U

_AFTER_POINT = _D.replace("两", "")
# What begins with a numeral and counts nothing: the words of the lexicon, and what only its neighbours can tell.
_BEFORE = "".join(words("zh", "before"))
_FINANCIAL = "壹贰叁参肆伍陆柒捌玖拾佰仟"
_NOT = (
    rf"{trie(words('zh', 'words'))}|一点(?![{_D}十])|[十百]分(?!钟)|三星(?!期)|二手(?![0-9])|万一(?![千百十万亿])"
    rf"|零点(?![一二三四五六七八九零])|[{_FINANCIAL}](?![{_N}元圆角分整张块])"
)
# A mixed number goes on: 5千 in 3万5千, 零3百, or a last digit as in 3万5.
_REST = (
    rf"(?:零?[{_D}][{_U}])+[{_D}]?"
    rf"|(?:[ ]?零?[0-9]{{1,{MAX_DIGITS}}}[ ]?[{_U}]+)*(?:零?[0-9]{{1,{MAX_DIGITS}}}(?![0-9.,%A-Za-z{_U}]))?"
)
# Spaces inside stand only between a digit and its unit, or where a new unit follows.
_HAN = (
    rf"[{_N}]+(?:[ ](?=[{_U}])[{_N}]+|(?<=[{_U}])[ ](?=[{_D}][ ]?[{_U}])[{_N}]+)*"
    rf"(?:[ ]?点[ ]?[{_AFTER_POINT}]+[{_U}]*)?"
)
_NUMBER = re.compile(
    rf"""
    (?P<digits>{DIGITS})(?:
        (?P<power>{EXPONENT})
      | (?P<scale>[ ]?{SCALE})
      | (?P<more>[多余几来]?)(?:[ ]{{1,2}}(?=[{_U}]+(?![科达豪兴象物度货])))?
        (?P<units>(?:[{_U}](?!慕大))+)(?P<rest>{_REST})
    )?
    (?P<plus>\+|[多余](?![0-9A-Za-z]|布拉|米尼加))?
    |
    数以(?P<by>[十百千万亿]+)计 | 成(?P<up>[百千])上[千万]
    |
    (?:
        (?P<vague>[数几]|(?<![以之路网线云])上)(?=[十百千万亿兆])
      | (?P<half>半)(?=个?[百千万亿])
      | (?<![{_BEFORE}])(?!{_NOT})
    )
    (?P<han>{_HAN})
    (?:[ ]?(?P<more2>[多余几来])[ ]?(?P<units2>[十百千万亿]+))?
    (?P<plus2>[多余](?![0-9A-Za-z])|几(?![十百千万亿]))?
    """,
    re.X,
)
# Where a number may begin. Every branch begins with a plain character, so that `re` skips what lies between in C.
_CANDIDATE = re.compile(
    "|".join(
        (
            *(f"{d}(?<![0-9]{d})" for d in "0123456789"),
            r"\.(?=[0-9])",
            *(c for c in _N if c != "一"),
            "一(?![些切直致般旦样起定并向再度同律带贯味经举])",
            *(f"{c}(?=[{_U}])" for c in "数几上"),
            "数以(?=[百千万亿十])",
            f"半(?=个?[{_U}])",
            "成(?=[百千]上)",
        )
    )
)
_GAP = re.compile(r" ?(?:-{1,4}|–|—{1,2}|~|至|到|或|或者|、|乃至|甚至|,甚至|甚至是|以至|至多|,乃至|,或|到甚至) ?")


def _section(text: str) -> int | None:
    """A numeral of Chinese digits and units; `None` when its parts are in no order.

    >>> _section("三千五百"), _section("一亿二千万"), _section("二〇二四"), _section("三万五"), _section("百")
    (3500, 120000000, 2024, 35000, 100)
    >>> _section("一二百三"), _section("万亿"), _section("两千零三十万")
    (None, 1000000000000, 20300000)
    """
    if len(text) > MAX_DIGITS:
        return None
    if all(c in _DIGIT for c in text):
        # 二〇二四 is read digit by digit; a bare pair (两两, 三五) is no number.
        plain = len(text) != 2 or text[0] in "零〇" or text[1] in "零〇"
        return int("".join(str(_DIGIT[c]) for c in text)) if plain else None
    total = section = digit = 0
    pending = False
    last_unit = 1
    for char in text:
        if char in _DIGIT:
            if pending and digit:
                return None
            digit, pending = _DIGIT[char], True
        elif char in _TENS:
            section, pending, last_unit = section + _TENS[char], False, 10
        elif char in _SMALL:
            unit = _SMALL[char]
            if section and unit >= last_unit:
                return None
            section += (digit if pending and digit else 1) * unit
            digit, pending, last_unit = 0, False, unit
        else:
            unit = _LARGE[char]
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


def _units(text: str) -> int:
    product = 1
    for char in text:
        product *= _SMALL.get(char) or _LARGE[char]
    return product


def _atoms(folded: str) -> Iterator[Atom]:
    end = 0
    for place in _CANDIDATE.finditer(folded):
        start = place.start()
        if start < end:
            continue
        hit = _NUMBER.match(folded, start)
        if hit is None:
            continue
        end = hit.end()
        if hit["digits"]:
            for atom in _arabic(folded, hit):
                yield atom
                end = atom.end
        else:
            spelled = _chinese(folded, hit)
            if spelled is not None:
                yield spelled


def _arabic(folded: str, hit: re.Match[str]) -> Iterator[Atom]:
    token, scaled, units, rest = hit.group("digits", "scale", "units", "rest")
    start = hit.start()
    power = hit["power"]
    if not stands_free(
        folded,
        start,
        hit.end() if power else hit.end("scale") if scaled else hit.end("units") if units else hit.end("digits"),
    ):
        return
    factor = scale(scaled) if scaled else Decimal(_units(units)) if units else ONE
    value = arabic(token)
    if value is None or ("," in token and value != value.to_integral() and "." not in token):
        # The commas make no number: a list (2024,500), each piece of which counts for itself.
        for piece in token.split(",")[:-1]:
            number = arabic(piece)
            if number is not None:
                yield Atom(start, start + len(piece), number, number, "exact", ONE)
            start += len(piece) + 1
        value = arabic(token.rpartition(",")[2])
        if value is None:
            return
    if power:
        value = raised(value, power)
    low = high = value * factor
    more = hit["more"]
    bound: Bound = "min" if more in ("多", "余") or hit["plus"] else "exact"
    if more == "几":
        bound, high = "vague", low + 10 * factor - 1
    elif more == "来":
        bound = "about"
    if rest:
        whole = _mixed(value, units, rest)
        if whole is None:
            yield Atom(start, hit.end("units"), low, high, bound, factor)
            return
        low = high = whole
        factor = ONE
    if signed(folded, start) or (start and folded[start - 1] == "负"):
        start, low, high = start - 1, -low, -high
    yield Atom(start, hit.end(), low, high, bound, factor)


_PART = re.compile(rf"([零0-9]+) ?([{_U}]*)")


def _mixed(value: Decimal, units: str, rest: str) -> Decimal | None:
    """Digits and units in turn: 3万5千, 1亿2000万, 2千零30万, 3万5 (35,000); `None` when their order makes no number.

    >>> _mixed(Decimal(3), "万", "5千"), _mixed(Decimal(2), "千", "零30万"), _mixed(Decimal(3), "万", "5")
    (Decimal('35000'), Decimal('20300000'), Decimal('35000'))
    """
    if not any(c.isascii() for c in rest):
        below = _section(rest)
        whole = value * _units(units)
        return None if below is None or below >= _units(units) else whole + below
    total = section = Decimal(0)
    last = 0
    for digits, unit in [(value, units), *((d, u) for d, u in _PART.findall(rest))]:
        number = Decimal(str(digits).lstrip("零") or "0")
        if not unit and last >= 100 and len(str(digits)) == 1:
            number *= last // 10
        small = unit.rstrip("万亿兆")
        large = unit[len(small) :]
        section += number * _units(small)
        if large:
            if total and _units(large) >= last > 0:
                return None
            total += section * _units(large)
            section = Decimal(0)
            last = _units(large)
        elif unit:
            last = _units(small)
    return total + section


def _chinese(folded: str, hit: re.Match[str]) -> Atom | None:
    start, end = hit.span()
    open_ended = hit["by"] or hit["up"]
    if open_ended:
        low = Decimal(_units(open_ended))
        return Atom(start, end, low, None, "vague", low)
    text, vague = hit["han"].replace(" ", ""), hit["vague"]
    if folded.startswith("分之", hit.end("han")) or folded.endswith("分之", 0, start):
        return None
    if vague:
        units = re.match(f"[{_U}]+", text)
        if units is None or units.end() != len(text):
            return None
        factor = Decimal(_units(text))
        return Atom(start, hit.end("han"), factor, None if vague == "上" else factor * 10 - 1, "vague", factor)
    if hit["half"]:
        if any(c not in _U for c in text):
            return None
        half = Decimal(_units(text)) / 2
        return Atom(start, end, half, half, "exact", ONE)
    return _plain(folded, hit, start, end, text)


def _plain(folded: str, hit: re.Match[str], start: int, end: int, text: str) -> Atom | None:
    whole, point, part = text.partition("点")
    factor = ONE
    base = _section(whole)
    if base is None and point and all(c in _DIGIT for c in whole):
        base = int("".join(str(_DIGIT[c]) for c in whole))
    bound: Bound = "exact"
    if base is None:
        pair = _pair(whole)
        if pair is None or point:
            return None
        low, high = pair
        bound = "about"
    else:
        low = high = Decimal(base)
    if point:
        digits = part.rstrip(_U)
        factor = Decimal(_units(part[len(digits) :]))
        low = high = (low + Decimal("0." + "".join(str(_DIGIT[c]) for c in digits))) * factor
    else:
        large = whole[len(whole.rstrip("万亿兆")) :]
        if large and len(large) < len(whole):
            factor = Decimal(_units(large))
    more, plus = hit["more2"], hit["plus2"]
    if more:
        factor = Decimal(_units(hit["units2"]))
        low, high, bound = low * factor, high * factor, "min"
        if more == "几":
            bound, high = "vague", low * 2 - 1 if text == "十" else low + 10 * factor - 1
        elif more == "来":
            bound = "about"
    elif plus == "几":
        if text[-1] not in _SMALL:
            end = hit.end("han")
        else:
            low, high, bound = low + 1, low + _SMALL[text[-1]] - 1, "vague"
    elif plus:
        bound = "min"
    if folded.startswith("打", end) and folded[end + 1 : end + 2] not in _STRIKE:
        end, low, high, factor = end + 1, low * 12, high * 12, ONE
    if start and folded[start - 1] == "负":
        start, low, high = start - 1, -low, -high
    return Atom(start, end, low, high, bound, factor)


# What 打 begins when it is no dozen.
_STRIKE = frozenset(words("zh", "not_dozen"))


_PAIR = re.compile(rf"([{_D}])([{_D}])([{_U}]+)")


def _pair(text: str) -> tuple[Decimal, Decimal] | None:
    """Two neighbouring digits for one place: 七八百 is 700 to 800, 三四十万 300,000 to 400,000."""
    found = _PAIR.fullmatch(text)
    if found is None:
        return None
    a, b, unit = _DIGIT[found[1]], _DIGIT[found[2]], _units(found[3])
    return (Decimal(a * unit), Decimal(b * unit)) if b == a + 1 else None


def find(folded: str) -> list[Quantity]:
    """The numbers of a folded Chinese text, in order."""
    return to_quantities(join(_atoms(folded), folded, _GAP, {}), folded, "zh")
