"""Numbers in English text: digits with scales, spelled numerals, vague amounts.

One regular expression finds digits and runs of number words, a run is then read by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from extractors.lexicons.currencies import load_currencies
from extractors.lexicons.trie import trie
from extractors.model import Bound, Quantity
from extractors.numbers.shared import (
    DIGITS,
    EXPONENT,
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
    worths,
)

_ONES = worths("en", "ones")
_TENS = worths("en", "tens")
_SCALES = worths("en", "scales")
_PLURALS = {"tens": 10} | {w + "s": v for w, v in _SCALES.items()}
_SMALL = {**_ONES, **_TENS}
_WORD = rf"{trie([*_SMALL, *_SCALES, *_PLURALS])}(?![a-z])"
_SCALE_WORD = rf"{trie(_SCALES)}(?![a-z])"
_LEAD = (
    rf"half(?:[ -]an?)?[ -](?={_SCALE_WORD})"
    rf"|(?:an? |one |three )?quarters?(?: of an?| of)?[ -](?={_SCALE_WORD})"
    rf"|(?:an? )?(?:few|couple)(?: of)? (?={_SCALE_WORD})"
    rf"|several[ -](?={_SCALE_WORD})|many (?={_WORD})|multi-?(?={_SCALE_WORD})|an? (?={_SCALE_WORD})"
    r"|(?:minus|negative) (?=[a-z])"
)
# Spaces may be doubled between words of number.
_SPELLED = (
    rf"(?:{_LEAD}){{0,2}}{_WORD}(?:(?: and an? | and | of an? | of |, |-| )(?:half a )?{_WORD})*"
    rf"(?: point(?: {trie(_ONES)}(?![a-z]))+(?: {_SCALE_WORD})*)?"
    rf"(?: and a (?:half|quarter)(?![a-z])(?: {_SCALE_WORD})?)?"
)
_NUMBER = re.compile(
    rf"(?P<digits>{DIGITS})"
    r"(?P<half> (?:[0-9]/[0-9](?![0-9/])|and a (?:half|quarter)(?![a-z]))|[¼½¾])?"
    rf"(?P<power>{EXPONENT})?(?P<plus>\+)?(?P<scale>{SCALE})?(?P<tail> and a (?:half|quarter)(?![a-z]))?"
    r"(?P<plus2>\+|-plus(?![A-Za-z])| plus(?=[,.;)]|$))?"
    rf"|(?<![A-Za-z0-9])(?i:{_SPELLED.replace(' ', ' {1,2}').replace('[ {1,2}-]', '[ -]')})"
)


def _candidate() -> str:
    """Where a number may begin; every branch begins with a plain character, so that `re` skips the rest in C."""
    scales = "|".join(_SCALES)
    words = [
        *_SMALL,
        *_SCALES,
        *_PLURALS,
        *("half", "quarter", "several", "few", "couple", "many", "multi", "minus", "negative"),
    ]
    leads = {"a": rf"n?[ ](?:few|couple|quarter|{scales})(?![a-z])"}
    for word in words:
        leads[word[0]] = "|".join(filter(None, (leads.get(word[0]), word[1:])))
    branches = [f"{c}(?<![A-Za-z0-9]{c})(?:{rest})" for c, rest in leads.items()]
    branches += [f"{c.upper()}(?<![A-Za-z0-9]{c.upper()})(?i:{rest})" for c, rest in leads.items()]
    return "|".join((*(f"{d}(?<![0-9]{d})" for d in "0123456789"), r"\.(?=[0-9])", *branches))


_CANDIDATE = re.compile(_candidate())
_GAP = re.compile(
    r" ?(?:-|–|—|~|to|or|and|through|to as (?:many|much) as|or even|to (?:more than|over|about|around)) ?"
    r"|-to-|-or-|- (?:or|to) "
)
_LIST = re.compile(r"-?, (?:or |and |or even |and even )?")
_NEEDS = {"and": re.compile(r"\bbetween (?:[a-z]+ )?$", re.I)}
_BARE_NEXT = re.compile(
    r"[ -]\+? ?(?:dollar|euro|pound|yuan|yen|rupee|won|GPU|TPU|NPU|chip|card|accelerator|H100)", re.I
)
_QUARTERS = re.compile(rf"(?:one |three )?quarters? (?={_SCALE_WORD})")
_TOKEN = re.compile(r"[a-z]+")
_HALVES = {
    "half": Decimal("0.5"),
    "quarter": Decimal("0.25"),
    "½": Decimal("0.5"),
    "¼": Decimal("0.25"),
    "¾": Decimal("0.75"),
}


def _atoms(folded: str) -> Iterator[Atom]:
    end = 0
    for place in _CANDIDATE.finditer(folded):
        if place.start() < end:
            continue
        hit = _NUMBER.match(folded, place.start())
        if hit is None:
            continue
        end = hit.end()
        for atom in _arabic(folded, hit) if hit["digits"] else _spelled(folded, hit):
            yield atom
            end = atom.end


def _arabic(folded: str, hit: re.Match[str]) -> Iterator[Atom]:
    token, half, scaled = hit.group("digits", "half", "scale")
    start, end = hit.span()
    if not scaled and (spaced := _SPACED.match(folded, start)) and _priced(folded, start, spaced):
        token, end, half = _unspaced(spaced[0]), spaced.end(), None
    if not stands_free(
        folded, start, max(hit.end("digits"), hit.end("scale"), hit.end("power"), end if end > hit.end() else 0)
    ):
        return
    value = arabic(token)
    if hit["power"] and value is not None:
        value = raised(value, hit["power"])
    if value is None:
        # The commas make no number: a list (2024,500), each piece of which counts for itself.
        *pieces, token = token.split(",")
        for piece in pieces:
            number = arabic(piece)
            if number is not None:
                yield Atom(start, start + len(piece), number, number, "exact", ONE)
            start += len(piece) + 1
        value = arabic(token)
        if value is None:
            return
    factor = scale(scaled) if scaled else ONE
    if half:
        value += _fraction(half)
    if hit["tail"]:
        value += _fraction(hit["tail"])
    if (
        not scaled
        and end == hit.end("digits")
        and start
        and folded[start - 1] in "$€£¥₹"
        and _PRICE_SCALE.match(folded, end)
    ):
        factor, end = scale(folded[end + 1]), end + 2
    value *= factor
    if signed(folded, start):
        start, value = start - 1, -value
    elif minus := _MINUS.search(folded, max(0, start - 9), start):
        start, value = minus.start(), -value
    bound: Bound = "min" if hit["plus"] or hit["plus2"] else "exact"
    yield Atom(start, end, value, value, bound, factor)


_MINUS = re.compile(r"(?<![A-Za-z])(?:minus|negative) $", re.I)
# 10 000 dollars, € 1 720,00: spaces between groups of three, where a price or the groups themselves make it sure.
_SPACED = re.compile(r"[0-9]{1,3}(?: [0-9]{3}){1,9}(?:[.,][0-9]{1,2})?(?![0-9]|[.,][0-9])")
_SURE = re.compile(r"[0-9]{1,3}(?: [0-9]{3}){2,}|[0-9]{1,3} 000$")
_PRICE_SCALE = re.compile(r" [MBTK](?![\w'-])")
_CURRENCY_LEFT = re.compile(r"(?:[$€£¥₹₽₩]|[A-Z]{3}) ?$")
_NAMES = {n for c in load_currencies() for n in (*c.symbols, *c.shy, *c.names) if " " not in n}
_CURRENCY_RIGHT = re.compile(rf" ?{trie(_NAMES)}(?![A-Za-z])")


def _unspaced(token: str) -> str:
    whole, comma, cents = token.replace(" ", "").partition(",")
    return f"{whole}.{cents}" if comma else whole


def _priced(folded: str, start: int, spaced: re.Match[str]) -> bool:
    return bool(
        _SURE.match(spaced[0])
        or _CURRENCY_LEFT.search(folded, max(0, start - 4), start)
        or _CURRENCY_RIGHT.match(folded, spaced.end())
    )


def _fraction(text: str) -> Decimal:
    above, slash, below = text.strip().partition("/")
    if slash:
        return Decimal(above) / Decimal(below) if 0 < int(above) < int(below) else Decimal(0)
    return _HALVES[text.split()[-1]]


def _cardinal(words: list[str]) -> Decimal | None:
    """Words of number in their usual order; `None` for words that are several numbers.

    >>> _cardinal("three hundred and five thousand".split()), _cardinal(["two", "dozen"]), _cardinal(["twenty", "one"])
    (Decimal('305000'), Decimal('24'), Decimal('21'))
    >>> _cardinal(["one", "two"])
    """
    total = group = 0
    open_for = 1000
    for word in words:
        if word in _SMALL:
            value = _SMALL[word]
            if value >= open_for or (open_for == 10 and value == 0):
                return None
            group += value
            open_for = 10 if word in _TENS else 0
        elif word in ("hundred", "dozen"):
            group = (group or 1) * _SCALES[word]
            open_for = 100
        elif word in _SCALES:
            factor = _SCALES[word]
            if total and total < factor and not group:
                total *= factor
            elif total and total < factor:
                total = (total + group) * factor
            else:
                total += (group or 1) * factor
            group, open_for = 0, 1000
    return Decimal(total + group)


def _spelled(folded: str, hit: re.Match[str]) -> Iterator[Atom]:
    atom = _one(folded, hit.start(), hit.end(), hit[0])
    if atom is not None:
        yield atom
        return
    if _FRACTION_NEXT.match(folded, hit.end()) or hit[0].lower() == "one":
        return
    # The run is several numbers (two and three): each word counts for itself.
    for word in _TOKEN.finditer(hit[0].lower()):
        value = _SMALL.get(word[0])
        if value is not None:
            at = hit.start() + word.start()
            yield Atom(at, at + len(word[0]), Decimal(value), Decimal(value), "exact", ONE)


# two thirds are no two; the one, this one count nothing.
_FRACTION_NEXT = re.compile(
    r"[ -](?:half|halves|thirds?|quarters?|fourths?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?|twelfths?"
    r"|hundredths?|thousandths?"
    r"|millionths?|billionths?|trillionths?|[a-z]+ieths?)(?![a-z])"
)
_PRONOUN = re.compile(r"(?<![A-Za-z])(?:the|this|that|which|every|any|each|no|another|such|good|only) $", re.I)


def _one(folded: str, start: int, end: int, text: str) -> Atom | None:
    if _FRACTION_NEXT.match(folded, end) or (
        text.lower() == "one" and _PRONOUN.search(folded, max(0, start - 9), start)
    ):
        return None
    words = [w for w in _TOKEN.findall(text.lower().replace("multi", "multi ")) if w not in ("and", "a", "an", "of")]
    negative = words[0] in ("minus", "negative")
    if negative:
        words = words[1:]
    if words[0] == "multi" or any(w in _PLURALS for w in words):
        return _plural(words, start, end)
    if words[0] in ("several", "few", "couple", "many"):
        unit = _product(words[1:])
        return None if unit is None else Atom(start, end, unit, unit * 10 - 1, "vague", unit)
    share = ONE
    if words[0] == "half":
        share, words = Decimal("0.5"), words[1:]
    elif lead := _QUARTERS.match(" ".join(words)):
        share = Decimal("0.75") if lead[0].startswith("three") else Decimal("0.25")
        words = words[lead[0].count(" ") :]
    value = _value(words)
    if value is None:
        return None
    if len(words) == 1 and words[0] in _SCALES and end - start == len(words[0]) and not _BARE_NEXT.match(folded, end):
        # A scale word alone is a number only as an adjective: "billion-dollar".
        return None
    value *= share
    if negative:
        value = -value
    return Atom(start, end, value, value, "exact", Decimal(_SCALES.get(words[-1], 1)))


def _value(words: list[str]) -> Decimal | None:
    """A cardinal with what may follow it: `point five`, `and a half`, and a scale of the whole."""
    for at, word in enumerate(words):
        if word == "point":
            whole = _cardinal(words[:at])
            digits = "".join(str(_ONES[w]) for w in words[at + 1 :] if w in _ONES)
            unit = _product([w for w in words[at + 1 :] if w in _SCALES]) or ONE
            return None if whole is None or not digits.isdigit() else (whole + Decimal("0." + digits)) * unit
        if word in ("half", "quarter"):
            whole = _cardinal(words[:at])
            if whole is None:
                return None
            if at + 1 < len(words):
                unit = Decimal(_SCALES[words[at + 1]])
                return (whole + _HALVES[word]) * unit if whole < unit else whole + _HALVES[word] * unit
            return whole + _HALVES[word] * Decimal(_SCALES.get(words[at - 1], 1))
    return _cardinal(words)


def _product(words: list[str]) -> Decimal | None:
    unit = 1
    for word in words:
        if word not in _SCALES:
            return None
        unit *= _SCALES[word]
    return Decimal(unit)


def _plural(words: list[str], start: int, end: int) -> Atom | None:
    """tens of thousands, hundreds of millions, dozens, multi-million; `five thousands` is a plain number."""
    if any(w in _SMALL for w in words):
        singular = [w[:-1] if w in _PLURALS and w != "tens" else w for w in words]
        value = _cardinal(singular)
        return None if value is None else Atom(start, end, value, value, "exact", ONE)
    unit = Decimal(1)
    parts = [w for w in words if w in _PLURALS or w in _SCALES]
    for word in parts:
        unit *= _PLURALS.get(word) or _SCALES[word]
    if words[0] == "multi" or (len(parts) == 1 and parts[0] not in ("tens", "dozens")):
        return Atom(start, end, unit, None, "vague", unit)
    if parts == ["dozens"]:
        return Atom(start, end, Decimal(24), None, "vague", ONE)
    return Atom(start, end, unit, unit * 10 - 1, "vague", unit)


def _lists(atoms: list[Atom], folded: str) -> list[Atom]:
    """`4, 8 or 16` and `8-, 16- and 32-` as one: commas join only where a last `or` or `and` closes a rising list."""
    out: list[Atom] = []
    i = 0
    while i < len(atoms):
        j = i
        closed = False
        while (
            j + 1 < len(atoms)
            and not closed
            and atoms[j + 1].low > atoms[j].low
            and atoms[j + 1].start - atoms[j].end <= 12
        ):
            gap = _LIST.fullmatch(folded, atoms[j].end, atoms[j + 1].start)
            joint = gap is None and folded[atoms[j].end : atoms[j + 1].start].strip(" -") in ("or", "and")
            if not gap and not (joint and j > i):
                break
            closed = joint or (gap is not None and len(gap[0].strip(" -,")) > 0)
            j += 1
        if closed and j > i + 1 and all(a.bound == "exact" and a.factor == 1 for a in atoms[i:j]):
            out.append(atoms[i]._replace(end=atoms[j].end, high=atoms[j].high, factor=atoms[j].factor))
            i = j + 1
        else:
            out.append(atoms[i])
            i += 1
    return out


_PLUS = re.compile(r" and | ")


def _sums(atoms: list[Atom], folded: str) -> list[Atom]:
    """`2 crore 50 lakh`, `3 hundred and 21`: a smaller number directly behind one with a word of scale."""
    out: list[Atom] = []
    for atom in atoms:
        last = out[-1] if out else None
        if (
            last is not None
            and 1 < last.factor > atom.low > 0
            and last.bound == atom.bound == "exact"
            and last.low == last.high
        ):
            gap = _PLUS.fullmatch(folded, last.end, atom.start) if atom.start - last.end <= 5 else None
            # "5 million and 20 people" are two numbers, "3 hundred and 21" is one.
            if (
                gap
                and folded[last.end - 1].isalpha()
                and (last.factor < 10**6 if gap[0] == " and " else atom.factor > 1)
            ):
                out[-1] = Atom(last.start, atom.end, last.low + atom.low, last.low + atom.low, "exact", atom.factor)
                continue
        out.append(atom)
    return out


def find(folded: str) -> list[Quantity]:
    """The numbers of a folded English text, in order."""
    atoms = _sums(list(_atoms(folded)), folded)
    return to_quantities(join(_lists(atoms, folded), folded, _GAP, _NEEDS), folded, "en")
