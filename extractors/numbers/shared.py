"""What the number rules of both languages share: digits, letters of scale, and numbers joined to one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from extractors.lexicons.bounds import bound_around
from extractors.lexicons.currencies import load_currencies
from extractors.lexicons.trie import trie
from extractors.model import Bound, Lang, Quantity

ONE = Decimal(1)


class Atom(NamedTuple):
    """One numeral, before ranges and words of estimate are seen."""

    start: int
    end: int
    low: Decimal
    high: Decimal | None
    bound: Bound
    """What the numeral itself says: `exact`, `min` (多, +) or `vague` (数万, millions)."""
    factor: Decimal
    """The scale that closes the numeral (亿 in 3.5亿, k in 15k); 1 where none does."""


# Letters and words of scale behind digits. Single letters must touch the digits.
_SHORT = {"k": 3, "m": 6, "b": 9, "t": 12}
_LONG = {
    "hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "quadrillion": 15,
    "thousands": 3, "millions": 6, "billions": 9, "trillions": 12,
    "mn": 6, "mln": 6, "mil": 6, "mio": 6, "mm": 6, "bn": 9, "bln": 9, "bil": 9, "tn": 12, "trn": 12, "tril": 12,
    "lakh": 5, "lakhs": 5, "lac": 5, "lacs": 5, "crore": 7, "crores": 7, "cr": 7,
}  # fmt: skip
DIGITS = r"[0-9]+(?:[.,'][0-9]+)*"
_LONG_PATTERN = r"(?:[Hh]undred|[Tt]housands?|THOUSAND|[Mm]illions?|MILLION|[Bb]illions?|BILLION|[Tt]rillions?|TRILLION|[Qq]uadrillion|[Mm]n|MN|[Mm]ln|MLN|[Mm]il|[Mm]io|MM|[Bb]n|BN|[Bb]ln|BLN|[Bb]il|[Tt]n|TN|[Tt]rn|[Tt]ril|[Ll]akhs?|[Ll]acs?|[Cc]rores?|[Cc]r)"
SCALE = rf"(?:(?:[ -]?{_LONG_PATTERN}(?![A-Za-z]))+|[kKmMbBtT](?![A-Za-z0-9_]))"
_SCALE_WORD = re.compile("[A-Za-z]+")
_FOUR = re.compile(r"\d{1,4}(?:,\d{4})+(?:\.\d+)?")
_THREE = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?")
_APOSTROPHE = re.compile(r"\d{1,3}(?:'\d{3})+(?:[.,]\d+)?")
_EUROPEAN = re.compile(r"\d{1,3}(?:\.\d{3})+,\d{1,2}|\d{1,3}(?:\.\d{3}){2,}")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")


def scale(text: str) -> Decimal:
    """The factor of letters or words of scale.

    >>> scale(" million"), scale("k"), scale(" lakh crore")
    (Decimal('1000000'), Decimal('1000'), Decimal('1000000000000'))
    """
    power = 0
    for word in _SCALE_WORD.findall(text.lower()):
        power += _SHORT[word] if len(word) == 1 else _LONG[word]
    return Decimal(10**power)


def arabic(token: str) -> Decimal | None:
    """The value of a run of digits with separators; `None` when the separators make no number.

    >>> arabic("1,234.5"), arabic("1,1000"), arabic("12,34,567"), arabic("1.234,56")
    (Decimal('1234.5'), Decimal('11000'), Decimal('1234567'), Decimal('1234.56'))
    >>> arabic("192.168.1.2"), arabic("2024,500")
    (None, None)
    """
    if token.isdigit() or _PLAIN.fullmatch(token):
        return Decimal(token)
    if _THREE.fullmatch(token) or _FOUR.fullmatch(token) or _INDIAN.fullmatch(token):
        return Decimal(token.replace(",", ""))
    if _APOSTROPHE.fullmatch(token):
        return Decimal(token.replace("'", "").replace(",", "."))
    if _EUROPEAN.fullmatch(token):
        return Decimal(token.replace(".", "").replace(",", "."))
    return None


@cache
def _currency_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Reversed symbols and codes that may touch a number from the left, and what may touch it from the right."""
    symbols = [s for c in load_currencies() for s in c.symbols]
    letters = [s for s in symbols if s[-1].isalpha() or s[-1] == "."]
    words = [n for c in load_currencies() for n in c.names if " " not in n]
    before = re.compile(trie(s[::-1] for s in letters) + r"(?![A-Za-z])")
    after = re.compile(
        rf"[xX](?![a-z])|[GTNLX]PUs?(?![A-Za-z])|(?:{trie(s for s in symbols if s[0].isalpha())}|{trie(words)})(?![A-Za-z])"
    )
    return before, after


def stands_free(folded: str, start: int, end: int) -> bool:
    """Whether the digits at `start:end` are a number of their own and no part of a name (H100, GPT-4, A16Z, 7nm)."""
    before, after = _currency_patterns()
    if start:
        left = folded[start - 1]
        if left.isascii():
            if left.isalpha() or left == "_":
                # RMB300 is money, H100 a name; 8XH100 is read from its 8.
                if before.match(folded[max(0, start - 6) : start][::-1]) is None:
                    return False
            elif left == "-" and start > 1 and folded[start - 2].isascii() and folded[start - 2].isalpha():
                return False
            elif left in ".,'" and start > 1 and folded[start - 2].isdigit():
                return False
            elif left == "#":
                return False
    if end < len(folded):
        right = folded[end]
        if right.isascii() and (right.isalpha() or right == "_"):
            return after.match(folded, end) is not None
    return True


def join(atoms: Iterable[Atom], folded: str, gap: re.Pattern[str], needs: dict[str, str]) -> list[Atom]:
    """Neighbours that `gap` connects become one: ranges, and lists with their ends, with scale shared backwards.

    `needs` maps a connecting word to the word that must stand before the first number (`and` needs `between`).
    """
    out: list[Atom] = []
    for atom in atoms:
        last = out[-1] if out else None
        if last is not None and 0 <= atom.start - last.end <= 12:
            hit = gap.fullmatch(folded, last.end, atom.start)
            if hit is not None and _may_join(folded, last, atom, hit[0].strip(), needs):
                merged = _merged(last, atom)
                if merged is not None:
                    out[-1] = merged
                    continue
        out.append(atom)
    return out


def _may_join(folded: str, a: Atom, b: Atom, word: str, needs: dict[str, str]) -> bool:
    need = needs.get(word)
    if need is not None and not folded[max(0, a.start - len(need) - 1) : a.start].rstrip().lower().endswith(need):
        return False
    if word[:1] in "-/" and a.factor == 1:
        # A date or a telephone number has more parts.
        before, after = folded[max(0, a.start - 2) : a.start], folded[b.end : b.end + 2]
        return not (
            (len(before) == 2 and before[1] in "-/" and before[0].isdigit())
            or (len(after) == 2 and after[0] in "-/" and after[1].isdigit())
        )
    return True


def _merged(a: Atom, b: Atom) -> Atom | None:
    low, high = a.low, a.high
    if a.factor == 1 and b.factor > 1 and high is not None and high < b.low / b.factor:
        low, high = low * b.factor, high * b.factor
    if b.high is not None and not low < b.high:
        return None
    if b.low < low:
        return None
    bound: Bound = "vague" if "vague" in (a.bound, b.bound) else b.bound
    return Atom(a.start, b.end, low, b.high, bound, b.factor)


def to_quantities(atoms: Iterable[Atom], folded: str, lang: Lang) -> list[Quantity]:
    """The atoms with the bound of the words around them."""
    out = []
    for start, end, low, high, bound, _ in atoms:
        said = bound if bound != "exact" else bound_around(folded, start, end, lang)
        out.append(Quantity(start, end, low, high, said))
    return out
