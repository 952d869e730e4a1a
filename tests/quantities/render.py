"""Numerals written out for the property tests, by code that shares nothing with the extractors."""

from __future__ import annotations

_ZH_DIGITS = "零一二三四五六七八九"
_ZH_UNITS = ("", "十", "百", "千")
_ZH_LARGE = ("", "万", "亿", "万亿")
FINANCIAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_EN_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_EN_TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_EN_LARGE = ("", "thousand", "million", "billion", "trillion")


def _zh_group(n: int) -> str:
    out = ""
    gap = False
    for place in (3, 2, 1, 0):
        digit = n // 10**place % 10
        if digit:
            out += ("零" if gap and out else "") + _ZH_DIGITS[digit] + _ZH_UNITS[place]
            gap = False
        else:
            gap = True
    return out


def zh(n: int) -> str:
    """A whole number below 10**16 in Chinese numerals, with 零 where places are skipped."""
    if n == 0:
        return "零"
    groups = []
    while n:
        groups.append(n % 10_000)
        n //= 10_000
    out = ""
    skipped = False
    for i in reversed(range(len(groups))):
        if not groups[i]:
            skipped = True
            continue
        if out and (skipped or groups[i] < 1000):
            out += "零"
        out += _zh_group(groups[i]) + _ZH_LARGE[i]
        skipped = False
    return out


def _en_group(n: int, joint: str) -> str:
    parts = []
    if n >= 100:
        parts.append(f"{_EN_ONES[n // 100]} hundred")
        n %= 100
    if n >= 20:
        parts.append(_EN_TENS[n // 10] + (f"-{_EN_ONES[n % 10]}" if n % 10 else ""))
    elif n:
        parts.append(_EN_ONES[n])
    return joint.join(parts)


def en(n: int, joint: str = " ") -> str:
    """A whole number below 10**15 in English words; `joint` stands between hundreds and tens (` ` or ` and `)."""
    if n == 0:
        return "zero"
    parts = []
    for power in reversed(range(5)):
        group = n // 1000**power % 1000
        if group:
            parts.append(f"{_en_group(group, joint)} {_EN_LARGE[power]}".strip())
    return " ".join(parts)
