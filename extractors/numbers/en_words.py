"""Number words of English: spelled numerals, halves and quarters, vague amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from extractors.lexicons.trie import trie
from extractors.numbers.shared import ONE, Atom, worths

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
    rf"|several[ -](?={_SCALE_WORD})|many (?={_WORD})|multi-?(?={_SCALE_WORD})|an? (?={_SCALE_WORD}(?!-))"
    r"|(?:minus|negative) (?=[a-z])"
)
# Spaces may be doubled between words of number.
_RUN = (
    rf"(?:{_LEAD}){{0,2}}{_WORD}(?:(?: and an? | and | of an? | of |, |-| )(?:half a )?{_WORD})*"
    rf"(?: point(?: {trie(_ONES)}(?![a-z]))+(?: {_SCALE_WORD})*)?"
    rf"(?: and a (?:half|quarter)(?![a-z])(?: {_SCALE_WORD})?)?"
)
SPELLED = _RUN.replace(" ", " {1,2}").replace("[ {1,2}-]", "[ -]")
"""A run of number words, case aside."""
_BARE_NEXT = re.compile(
    r"[ -]\+? ?(?:dollar|euro|pound|yuan|yen|rupee|won|GPU|TPU|NPU|chip|card|accelerator|H100)", re.I
)
_QUARTERS = re.compile(rf"(?:one |three )?quarters? (?={_SCALE_WORD})")
_TOKEN = re.compile(r"[a-z]+")
HALVES = {
    "half": Decimal("0.5"),
    "quarter": Decimal("0.25"),
    "½": Decimal("0.5"),
    "¼": Decimal("0.25"),
    "¾": Decimal("0.75"),
}


_BEGINNINGS = (
    *_SMALL,
    *_SCALES,
    *_PLURALS,
    *("half", "quarter", "several", "few", "couple", "many", "multi", "minus", "negative"),
)


def candidates() -> str:
    """What a run may begin with, at the start of a word; branches by first letter, since `re` skips those in C."""
    scales = "|".join(_SCALES)
    leads = {"a": rf"n?[ ](?:few|couple|quarter|(?:{scales})(?!-))(?![a-z])"}
    for word in _BEGINNINGS:
        leads[word[0]] = "|".join(filter(None, (leads.get(word[0]), word[1:])))
    return "|".join(
        (*(f"{c}(?:{rest})" for c, rest in leads.items()), *(f"{c.upper()}(?i:{rest})" for c, rest in leads.items()))
    )


def openings() -> list[str]:
    """How each of the candidates is spelled, in lower case."""
    counted = ("few", "couple", "quarter", *_SCALES)
    return [*dict.fromkeys(_BEGINNINGS), *(f"{article} {word}" for article in ("a", "an") for word in counted)]


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


def spelled(folded: str, hit: re.Match[str]) -> Iterator[Atom]:
    """The numbers of a run of number words that `SPELLED` matched."""
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
        if unit == 12:
            return Atom(start, end, unit * 2, None, "vague", ONE)
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
                return (whole + HALVES[word]) * unit if whole < unit else whole + HALVES[word] * unit
            return whole + HALVES[word] * Decimal(_SCALES.get(words[at - 1], 1))
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
