"""Numbers in Chinese text: Arabic and Chinese numerals and their mixtures.

One regular expression finds the runs, a run is then read by hand. Texts are folded, so traditional forms are gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from extractors.lexicons.trie import trie
from extractors.model import Bound
from extractors.numbers.han import DIGIT, DIGITS_ZH, NUMERALS, SMALL, UNITS, mixed, neighbours, numeral, product
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
    words,
)

_AFTER_POINT = DIGITS_ZH.replace("两", "")
# What begins with a numeral and counts nothing: the words of the lexicon, and what only its neighbours can tell.
_BEFORE = "".join(words("zh", "before"))
_FINANCIAL = "壹贰叁参肆伍陆柒捌玖拾佰仟"
_NOT = (
    rf"{trie(words('zh', 'words'))}|一点(?![{DIGITS_ZH}十])|[十百]分(?!钟)|三星(?!期)|二手(?![0-9])"
    rf"|万一(?![千百十万亿])|零点(?![一二三四五六七八九零])|[{_FINANCIAL}](?![{NUMERALS}元圆角分整张块])"
)
# A mixed number goes on: 5千 in 3万5千, 零3百, or a last digit as in 3万5.
_REST = (
    rf"(?:零?[{DIGITS_ZH}][{UNITS}])+[{DIGITS_ZH}]?"
    rf"|(?:[ ]?零?[0-9]{{1,{MAX_DIGITS}}}[ ]?[{UNITS}]+)*(?:零?[0-9]{{1,{MAX_DIGITS}}}(?![0-9.,%A-Za-z{UNITS}]))?"
)
# Spaces inside stand only between a digit and its unit, or where a new unit follows.
_HAN = (
    rf"[{NUMERALS}]+(?:[ ](?=[{UNITS}])[{NUMERALS}]+|(?<=[{UNITS}])[ ](?=[{DIGITS_ZH}][ ]?[{UNITS}])[{NUMERALS}]+)*"
    rf"(?:[ ]?点[ ]?[{_AFTER_POINT}]+[{UNITS}]*)?"
)
_NUMBER = re.compile(
    rf"""
    (?P<digits>{DIGITS})(?:
        (?P<power>{EXPONENT})
      | (?P<scale>[ ]?{SCALE})
      | (?P<more>[多余几来]?)(?:[ ]{{1,2}}(?=[{UNITS}]+(?![科达豪兴象物度货])))?
        (?P<units>(?:[{UNITS}](?!慕大))+)(?P<rest>{_REST})
    )?
    (?P<plus>\+|[多余](?![0-9A-Za-z]|布拉|米尼加))?
    |
    数以(?P<by>[十百千万亿]+)计 | 成(?P<up>[百千])上[千万]
    |
    (?:
        (?P<vague>[数几]|(?<![以之路网线云站])上)(?=[十百千万亿兆])
      | (?P<half>半)(?=个?[百千万亿])
      | (?<![{_BEFORE}])(?!{_NOT})
    )
    (?P<han>{_HAN})
    (?:[ ]?(?P<more2>[多余几来])[ ]?(?P<units2>[十百千万亿]+))?
    (?P<plus2>[多余](?![0-9A-Za-z])|几(?![十百千万亿])|(?<=[十百千万])来(?=[张块颗枚片个台只家人名件辆位套元美]))?
    """,
    re.X,
)
# Where a number may begin. Every branch begins with a plain character, so that `re` skips what lies between in C.
_CANDIDATE = re.compile(
    "|".join(
        (
            *(f"{d}(?<![0-9]{d})" for d in "0123456789"),
            r"\.(?=[0-9])",
            *(c for c in NUMERALS if c != "一"),
            "一(?![些切直致般旦样起定并向再度同律带贯味经举])",
            *(f"{c}(?=[{UNITS}])" for c in "数几上"),
            "数以(?=[百千万亿十])",
            f"半(?=个?[{UNITS}])",
            "成(?=[百千]上)",
        )
    )
)
_GAP = re.compile(r" ?(?:-{1,4}|–|—{1,2}|~|至|到|或|或者|、|乃至|甚至|,甚至|甚至是|以至|至多|,乃至|,或|到甚至) ?")


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
    factor = scale(scaled) if scaled else Decimal(product(units)) if units else ONE
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
    bound: Bound = "min" if more in ("多", "余", "几") or hit["plus"] else "exact"
    if more == "来":
        bound = "about"
    if rest:
        whole = mixed(value, units, rest)
        if whole is None:
            yield Atom(start, hit.end("units"), low, high, bound, factor)
            return
        low = high = whole
        factor = ONE
    if signed(folded, start) or (start and folded[start - 1] == "负"):
        start, low, high = start - 1, -low, -high
    yield Atom(start, hit.end(), low, high, bound, factor)


def _chinese(folded: str, hit: re.Match[str]) -> Atom | None:
    start, end = hit.span()
    open_ended = hit["by"] or hit["up"]
    if open_ended:
        low = Decimal(product(open_ended))
        return Atom(start, end, low, None, "vague", low)
    text, vague = hit["han"].replace(" ", ""), hit["vague"]
    if folded.startswith("分之", hit.end("han")) or folded.endswith("分之", 0, start):
        return None
    if vague:
        units = re.match(f"[{UNITS}]+", text)
        if units is None or units.end() != len(text):
            return None
        factor = Decimal(product(text))
        return Atom(start, hit.end("han"), factor, None if vague == "上" else factor * 10 - 1, "vague", factor)
    if hit["half"]:
        if any(c not in UNITS for c in text):
            return None
        half = Decimal(product(text)) / 2
        return Atom(start, end, half, half, "exact", ONE)
    return _plain(folded, hit, start, end, text)


def _plain(folded: str, hit: re.Match[str], start: int, end: int, text: str) -> Atom | None:
    whole, point, part = text.partition("点")
    factor = ONE
    base = numeral(whole)
    if base is None and point and all(c in DIGIT for c in whole):
        base = int("".join(str(DIGIT[c]) for c in whole))
    bound: Bound = "exact"
    if base is None:
        pair = neighbours(whole, counted=folded[end : end + 1] in _COUNTERS)
        if pair is None or point:
            return None
        low, high = pair
    else:
        low = high = Decimal(base)
    if point:
        digits = part.rstrip(UNITS)
        factor = Decimal(product(part[len(digits) :]))
        low = high = (low + Decimal("0." + "".join(str(DIGIT[c]) for c in digits))) * factor
    else:
        large = whole[len(whole.rstrip("万亿兆")) :]
        if large and len(large) < len(whole):
            factor = Decimal(product(large))
    more, plus = hit["more2"], hit["plus2"]
    if more:
        factor = Decimal(product(hit["units2"]))
        low, high, bound = low * factor, high * factor, "min"
        if more == "来":
            bound = "about"
    elif plus == "几":
        if text[-1] not in SMALL:
            end = hit.end("han")
        else:
            bound = "min"
    elif plus:
        bound = "about" if plus == "来" else "min"
    if folded.startswith("打", end) and folded[end + 1 : end + 2] not in _STRIKE:
        end, low, high, factor = end + 1, low * 12, high * 12, ONE
    if start and folded[start - 1] == "负":
        start, low, high = start - 1, -low, -high
    return Atom(start, end, low, high, bound, factor)


# Behind a pair of digits, what makes it a count: 一两张, 三五块.
_COUNTERS = frozenset("张块颗枚片个台只家套台座")
# What 打 begins when it is no dozen.
_STRIKE = frozenset(words("zh", "not_dozen"))


def find(folded: str) -> list[Atom]:
    """The numbers of a folded Chinese text, in order."""
    return join(_atoms(folded), folded, _GAP, {})
