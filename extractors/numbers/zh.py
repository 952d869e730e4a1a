"""Numbers in Chinese text: Arabic and Chinese numerals and their mixtures.

One regular expression finds the runs; a run is then read by hand. Texts are folded, so traditional forms are gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from extractors.model import Bound, Quantity
from extractors.numbers.shared import DIGITS, ONE, SCALE, Atom, arabic, join, scale, stands_free, to_quantities

_DIGIT = dict(
    zip(
        "零〇一二两三四五六七八九壹贰叁参肆伍陆柒捌玖",
        (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 3, 4, 5, 6, 7, 8, 9),
        strict=True,
    )
)
_TENS = {"廿": 20, "卅": 30, "卌": 40}
_SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8, "兆": 10**12}
_D = "".join(_DIGIT)
_N = _D + "".join(_TENS) + "".join(_SMALL) + "".join(_LARGE)
_UNIT = "[十百千万亿兆]"

_NUMBER = re.compile(
    rf"""
    (?P<digits>{DIGITS})
    (?: (?P<scale>[ ]?{SCALE})
      | (?P<more>[多余几来]?)[ ]?(?P<units>{_UNIT}+)(?P<rest>(?:[0-9]+[十百千万亿]+)*(?:[0-9]+(?![0-9.,%A-Za-z十百千万亿]))?)
    )?
    (?P<plus>\+|[多余](?=[^\W0-9A-Za-z]|[ ]))?
    |
    (?:数以(?P<by>[十百千万亿]+)计 | 成(?P<up>[百千])上[千万])
    |
    (?P<vague>(?:好几|[数几上])?)
    (?P<han>[{_N}]+(?:点[{_D}]+[十百千万亿兆]*)?)
    (?: (?P<more2>[多余几来])(?P<units2>[十百千万亿]+) )?
    (?P<plus2>[多余几](?=[^\W0-9A-Za-z]|[ ]))?
    """,
    re.X,
)
_GAP = re.compile(r" ?(?:-{1,4}|–|—+|~|～|至|到|或|或者|、|乃至|甚至|,?甚至是|到甚至|/) ?")
_NEEDS: dict[str, str] = {}
# Words that begin or end with a numeral and count nothing.
_NOT_AFTER = re.compile(
    r"一(?:[些切直致般旦样起定边并向再度同律带贯味经举线体众番连面旁齐共刻时方]|下子|会儿|点(?![零一二两三四五六七八九])|系列)|十分|万(?:一(?![千百万亿])|物|能|科|达|众|国|象)|千(?:万(?=别|不|要)|问|帆|禧)|百(?:度|货|姓|川|分之|科)|三(?:星|体|一重工)|四川|九江|五(?:粮液|金|菱)|七(?:牛|夕)|亿(?:纬|欧|联)|二(?:维|手|次元)"
)
_NOT_BEFORE = frozenset("第初统唯专周某逐")


def _section(text: str) -> int | None:
    """A numeral of Chinese digits and units: 三千五百, 一亿二千万, 二〇二四, 三万五 (35,000).

    >>> _section("三千五百"), _section("一亿二千万"), _section("二〇二四"), _section("三万五"), _section("百")
    (3500, 120000000, 2024, 35000, 100)
    """
    if all(c in _DIGIT for c in text):
        return int("".join(str(_DIGIT[c]) for c in text)) if len(text) < 40 else None
    total = section = digit = 0
    seen = False
    last_unit = 1
    for i, char in enumerate(text):
        if char in _DIGIT:
            if seen and digit and _DIGIT[char]:
                return None
            digit, seen = _DIGIT[char], True
            if digit == 0:
                last_unit = 10
        elif char in _TENS:
            section, digit, seen, last_unit = section + _TENS[char], 0, False, 10
        elif char in _SMALL:
            unit = _SMALL[char]
            if seen:
                section += digit * unit
            elif i and text[i - 1] in _SMALL and section:
                section *= unit
            else:
                section += unit
            digit, seen, last_unit = 0, False, unit
        else:
            unit = _LARGE[char]
            section += digit
            if section == 0 and not seen and total == 0:
                section = 1
            if section == 0 and total:
                total *= unit
            elif total and total < unit:
                total = (total + section) * unit
            else:
                total += section * unit
            section, digit, seen, last_unit = 0, 0, False, unit
    if seen and digit and last_unit >= 100 and text[-2] not in "零〇":
        digit *= last_unit // 10
    return total + section + digit


def _units(text: str) -> int:
    product = 1
    for char in text:
        product *= _SMALL.get(char) or _LARGE[char]
    return product


def _atoms(folded: str) -> Iterator[Atom]:
    for hit in _NUMBER.finditer(folded):
        atom = _arabic(folded, hit) if hit["digits"] else _chinese(folded, hit)
        if isinstance(atom, Atom):
            yield atom
        elif atom:
            yield from atom


def _arabic(folded: str, hit: re.Match[str]) -> Atom | list[Atom] | None:
    start, end = hit.span()
    token = hit["digits"]
    value = arabic(token)
    if value is None:
        return _pieces(folded, hit)
    if hit["scale"]:
        factor = scale(hit["scale"])
        if not stands_free(folded, start, hit.end("scale")):
            return None
    elif hit["units"]:
        factor = Decimal(_units(hit["units"]))
        if not stands_free(folded, start, hit.end("units")):
            return None
    else:
        factor = ONE
        if not stands_free(folded, start, hit.end("digits")):
            return None
    low = value * factor
    bound: Bound = "min" if hit["plus"] or hit["more"] else "exact"
    high = low
    if hit["more"] == "几":
        bound, high = "vague", low + 10 * factor - 1
    if hit["rest"]:
        last = factor
        for digits, units in re.findall(r"([0-9]+)([十百千万亿]*)", hit["rest"]):
            unit = Decimal(_units(units)) if units else (last / 10 if len(digits) == 1 and last >= 1000 else ONE)
            low += Decimal(digits) * unit
            last = unit
        high, factor = low, ONE
    return Atom(start, end, low, high, bound, factor)


def _pieces(folded: str, hit: re.Match[str]) -> list[Atom]:
    """Digits whose commas make no number are a list (2024,500): each piece counts for itself."""
    start = hit.start("digits")
    out: list[Atom] = []
    for piece in hit["digits"].split(","):
        end = start + len(piece)
        value = arabic(piece)
        if value is not None:
            last = end == hit.end("digits")
            factor = (scale(hit["scale"]) if hit["scale"] else Decimal(_units(hit["units"] or ""))) if last else ONE
            out.append(Atom(start, hit.end() if last else end, value * factor, value * factor, "exact", factor))
        start = end + 1
    return out


def _chinese(folded: str, hit: re.Match[str]) -> Atom | None:
    start, end = hit.span()
    if open_ended := hit["by"] or hit["up"]:
        low = Decimal(_units(open_ended))
        return Atom(start, end, low, None, "vague", low)
    text, vague = hit["han"], hit["vague"]
    if start and folded[start - 1] in _NOT_BEFORE:
        return None
    if not vague and _NOT_AFTER.match(folded, start):
        return None
    if folded.startswith("分之", hit.end("han")) or (start > 1 and folded[start - 2 : start] == "分之"):
        return None
    if vague:
        if any(c in _DIGIT for c in text):
            return None
        factor = Decimal(_units(text)) if all(c in "十百千万亿兆" for c in text) else None
        if factor is None:
            return None
        if vague == "上":
            return None if start and folded[start - 1] in "以之" else Atom(start, end, factor, None, "vague", factor)
        return Atom(start, end, factor, factor * 10 - 1, "vague", factor)
    return _plain(folded, hit, start, end, text)


def _plain(folded: str, hit: re.Match[str], start: int, end: int, text: str) -> Atom | None:
    whole, _, part = text.partition("点")
    factor = ONE
    tail = re.search(r"[十百千万亿兆]+$", whole if not part else part)
    if part:
        digits = part.rstrip("十百千万亿兆")
        base = _section(whole)
        if base is None:
            return None
        factor = Decimal(_units(part[len(digits) :]))
        value = (Decimal(base) + Decimal("0." + "".join(str(_DIGIT[c]) for c in digits))) * factor
    else:
        pair = _pair(text)
        if pair is not None:
            low, high = pair
            return Atom(start, end, low, high, "about", ONE)
        section = _section(whole)
        if section is None:
            return None
        value = Decimal(section)
        if tail and len(tail[0]) < len(whole):
            large = tail[0].lstrip("十百千")
            factor = Decimal(_units(large)) if large else ONE
    bound: Bound = "exact"
    high = value
    if hit["units2"]:
        factor = Decimal(_units(hit["units2"]))
        value, high = value * factor, value * factor
        bound = "min"
        if hit["more2"] == "几":
            bound, high = "vague", value * 2 - 1 if text == "十" else value + 10 * factor - 1
    elif hit["plus2"]:
        if hit["plus2"] == "几":
            if text[-1] not in "十百千":
                return Atom(start, hit.end("han"), value, value, bound, factor)
            bound, high = "vague", value + _SMALL[text[-1]] - 1
            value += 1
        else:
            bound = "min"
    return Atom(start, end, value, high, bound, factor)


def _pair(text: str) -> tuple[Decimal, Decimal] | None:
    """Two neighbouring digits for one place: 七八百 is 700 to 800, 三四十万 300,000 to 400,000."""
    found = re.fullmatch(rf"([{_D}])([{_D}])([十百千万亿]+)", text)
    if found is None:
        return None
    a, b, unit = _DIGIT[found[1]], _DIGIT[found[2]], _units(found[3])
    return (Decimal(a * unit), Decimal(b * unit)) if b == a + 1 else None


def find(folded: str) -> list[Quantity]:
    """The numbers of a folded Chinese text, in order."""
    return to_quantities(join(_atoms(folded), folded, _GAP, _NEEDS), folded, "zh")
