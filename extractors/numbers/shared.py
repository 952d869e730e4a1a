"""What the number rules of both languages share: digits, letters of scale, signs, and numbers joined to one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from extractors.errors import LexiconError
from extractors.lexicons.bounds import bound_around
from extractors.lexicons.currencies import load_currencies
from extractors.lexicons.trie import trie
from extractors.model import Bound, Lang

ONE = Decimal(1)
MAX_DIGITS = 40
"""A longer run of digits is a serial number or an attack, and no number."""


class Atom(NamedTuple):
    """One numeral, before ranges and words of estimate are seen."""

    start: int
    end: int
    low: Decimal
    high: Decimal | None
    bound: Bound
    """What the numeral itself says: `exact`, `min` (多, 几, +), `about` (百来张) or `vague` (数万, millions)."""
    factor: Decimal
    """The scale that closes the numeral (亿 in 3.5亿, k in 15k); 1 where none does."""


@cache
def _numerals() -> dict[str, dict[str, dict[str, int] | list[str] | str]]:
    return tomllib.loads(files("extractors.lexicons").joinpath("numerals.toml").read_text("utf-8"))


def worths(lang: Lang, table: str) -> dict[str, int]:
    """What each word of a table of numerals.toml is worth."""
    rows = _numerals()[lang][table]
    if not isinstance(rows, dict):
        raise LexiconError(f"[{lang}] {table} must be a table", file="numerals.toml", line=1)
    return rows


def words(lang: Lang, name: str) -> list[str]:
    """The words of a list of numerals.toml, or the characters of a text."""
    rows = _numerals()[lang][name]
    if isinstance(rows, dict):
        raise LexiconError(f"[{lang}] {name} must be a list", file="numerals.toml", line=1)
    return list(rows)


_LETTERS = worths("en", "letters")
_WRITTEN = {word.lower(): worth for word, worth in worths("en", "written").items()}
DIGITS = (
    rf"(?:[0-9]{{1,{MAX_DIGITS}}}(?![0-9])(?:[.,'][0-9]{{1,{MAX_DIGITS}}}(?![0-9]))*"
    rf"|(?<![0-9A-Za-z.])\.[0-9]{{1,{MAX_DIGITS}}}(?![0-9.]))"
)
# Lower and title case of each word, and capitals; "mm" is a length and "MM" a million.
_CASES = {c for w in worths("en", "written") for c in ((w, w.title(), w.upper()) if w != "MM" else (w,))}
SCALE = rf"(?:(?:[ -]?{trie(_CASES)}(?![A-Za-z0-9]))+|[kKmMbBtT](?![A-Za-z0-9_\u00c0-\u024f]))"
"""Words of scale behind digits, or one letter that touches them."""
_SCALE_WORD = re.compile("[A-Za-z]+")
_GROUPED = re.compile(
    r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"  # 1,234,567.8
    r"|[0-9]{1,4}(?:,[0-9]{4})+(?:\.[0-9]+)?"  # 1,2345 by ten thousands
    r"|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?"  # 12,34,567 in India
    r"|[0-9]{1,3}(?:'[0-9]{3})+(?:\.[0-9]+)?"  # 1'234'567
)
_EUROPEAN = re.compile(r"[0-9]{1,3}(?:[.'][0-9]{3})+,[0-9]{1,2}|[0-9]{1,3}(?:\.[0-9]{3}){2,}|[0-9]{1,3},[0-9]{1,2}")


def scale(text: str) -> Decimal:
    """The factor of letters or words of scale.

    >>> scale(" million"), scale("k"), scale(" lakh crore"), scale(" dozen")
    (Decimal('1000000'), Decimal('1000'), Decimal('1000000000000'), Decimal('12'))
    """
    factor = 1
    for word in _SCALE_WORD.findall(text.lower()):
        factor *= _LETTERS[word] if len(word) == 1 else _WRITTEN[word]
    return Decimal(factor)


EXPONENT = r"(?:[eE][+-]?[0-9]{1,2}|[xX×]10\^[+-]?[0-9]{1,2}|\^[+-]{0,2}[0-9]{1,2})(?![0-9A-Za-z.])"
"""What makes a number a power: 1.3e6, 2x10^25, 2^5."""


def raised(value: Decimal, exponent: str) -> Decimal:
    """`value` with an `EXPONENT` behind it.

    >>> raised(Decimal("1.3"), "e6"), raised(Decimal(2), "x10^25"), raised(Decimal(2), "^5")
    (Decimal('1300000'), Decimal('20000000000000000000000000'), Decimal('32'))
    """
    power = int(exponent.rpartition("^")[2].lstrip("eE").replace("--", ""))
    if exponent[0] == "^":
        return value**power if value else value
    return Decimal(format(value.scaleb(power), "f"))


def arabic(token: str) -> Decimal | None:
    """The value of a run of digits with separators; `None` when the separators make no number.

    >>> arabic("1,234.5"), arabic("1,1000"), arabic("12,34,567"), arabic("1.234,56"), arabic("29,90")
    (Decimal('1234.5'), Decimal('11000'), Decimal('1234567'), Decimal('1234.56'), Decimal('29.90'))
    >>> arabic("192.168.1.2"), arabic("2024,500"), arabic("1.2,3")
    (None, None, None)
    """
    if token.isdigit() or token.replace(".", "", 1).isdigit():
        return Decimal(token)
    if _GROUPED.fullmatch(token):
        return Decimal(token.replace(",", "").replace("'", ""))
    if _EUROPEAN.fullmatch(token):
        return Decimal(token.replace(".", "").replace("'", "").replace(",", "."))
    return None


@cache
def _touching() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Reversed letters that may touch a number from the left, and letters that may touch it from the right."""
    symbols = [s for c in load_currencies() for s in c.symbols]
    lettered = [s for s in symbols if s[0].isalpha()]
    names = [n for c in load_currencies() for n in (*c.names, *(w for w, _ in c.minor)) if n.isascii() and " " not in n]
    before = re.compile(trie(s[::-1].lower() for s in symbols if s[-1].isalpha()) + "(?![A-Za-z])", re.I)
    after = re.compile(
        rf"[xX](?![a-z])|[GTNLXP]PUs?(?![A-Za-z])|(?:{trie(lettered)}|{trie(names)})(?![A-Za-z])"
        rf"|{trie(c.code.lower() for c in load_currencies() if c.code in c.symbols)}(?![A-Za-z])"
    )
    return before, after


def stands_free(folded: str, start: int, end: int) -> bool:
    """Whether `start:end` is a number of its own and no part of a name (H100, GPT-4, A16Z, 7nm, 10.0.0.1).

    >>> stands_free("RMB300", 3, 6), stands_free("H100", 1, 4), stands_free("7nm", 0, 1), stands_free("8XH100", 0, 1)
    (True, False, False, True)
    """
    if start:
        left = folded[start - 1]
        if left.isascii() and not left.isspace():
            if left in "xX" and (start == 1 or folded[start - 2] == " "):
                pass  # H100 x8
            elif left.isalpha() or left == "_":
                if _touching()[0].match(folded[max(0, start - 6) : start][::-1]) is None:
                    # ARR100亿 is an amount, A100万卡 is not.
                    # So is one behind a word (tokens2元), not one behind a model's letters.
                    if folded[end - 1] in "万亿":
                        return _WORD.search(folded, max(0, start - 3), start) is not None
                    return (
                        folded[end : end + 1] > "\u3000" and _LOWER.search(folded, max(0, start - 3), start) is not None
                    )
            elif left == "#" or (left == "/" and _OTHER_NAME.search(folded, max(0, start - 8), start)):
                return False
            elif left in "-.'" and start > 1:
                further = folded[start - 2]
                if further.isascii() and (further.isdigit() if left == "." else further.isalpha()):
                    # GPT-4, but 200k-300k.
                    return left == "-" and _SCALED.search(folded, max(0, start - 4), start - 1) is not None
    if end < len(folded) and folded[end - 1] < "\u3000":
        right = folded[end]
        if right.isascii() and (right.isalpha() or right == "_"):
            return _touching()[1].match(folded, end) is not None
    return True


# B200/300: the second half of a pair of names.
_OTHER_NAME = re.compile(r"[A-Za-z][0-9]+[A-Za-z]?/$")
_WORD = re.compile(r"[A-Za-z]{3}$")
_LOWER = re.compile(r"[a-z]{3}$")
_SCALED = re.compile(r"[0-9](?:[kKmMbBtT]|[bmt]n)$")
_BEFORE_SIGN = frozenset(" (:,~\n\t为是约至到=/$€£¥")


def signed(folded: str, start: int) -> bool:
    """Whether the `-` before `start` is a minus: it touches the number and nothing before it."""
    return start > 0 and folded[start - 1] in "-−" and (start == 1 or folded[start - 2] in _BEFORE_SIGN)


def join(
    atoms: Iterable[Atom],
    folded: str,
    gap: re.Pattern[str],
    needs: Mapping[str, re.Pattern[str]],
    apart: Callable[[str, Atom, Atom, str], bool] | None = None,
) -> list[Atom]:
    """Neighbours that `gap` connects become one: ranges, and lists with their ends, with scale shared backwards.

    `needs` maps a connecting word to what must end before the first number (`and` needs `between`); `apart` tells of
    two numbers and the word between them that they are no range.
    """
    out: list[Atom] = []
    for atom in atoms:
        if out:
            last = out[-1]
            if atom.start - last.end <= 12:
                hit = gap.fullmatch(folded, last.end, atom.start)
                if (
                    hit is not None
                    and _may_join(folded, last, atom, hit[0].strip(), needs)
                    and not (apart and apart(folded, last, atom, hit[0].strip()))
                ):
                    merged = _merged(last, atom)
                    if merged is not None:
                        out[-1] = merged
                        continue
        out.append(atom)
    return out


def _may_join(folded: str, a: Atom, b: Atom, word: str, needs: Mapping[str, re.Pattern[str]]) -> bool:
    need = needs.get(word)
    if need is not None:
        return need.search(folded, max(0, a.start - 16), a.start) is not None
    if word[:1] in "-/" and a.factor == 1:
        # A date or a telephone number has more parts.
        before, after = folded[max(0, a.start - 2) : a.start], folded[b.end : b.end + 2]
        return not (
            (len(before) == 2 and before[1] in "-/" and before[0].isdigit())
            or (len(after) == 2 and after[0] in "-/" and after[1].isdigit())
        )
    return True


def _merged(a: Atom, b: Atom) -> Atom | None:
    low = a.low
    if a.factor == 1 and b.factor > 1 and a.high is not None and a.high < b.low / b.factor:
        low = a.low * b.factor
    if b.low <= low or (b.high is not None and b.high <= low):
        return None
    bound: Bound = "vague" if "vague" in (a.bound, b.bound) else b.bound
    return Atom(a.start, b.end, low, b.high, bound, b.factor)


def bound_of(atom: Atom, folded: str, lang: Lang) -> Bound:
    """The bound that a numeral has by itself or, where it has none, by the words around it."""
    return atom.bound if atom.bound != "exact" else bound_around(folded, atom.start, atom.end, lang)
