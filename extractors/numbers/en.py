"""Numbers in English text: digits with scales, spelled numerals, vague amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from extractors.lexicons.trie import trie
from extractors.model import Bound, Quantity
from extractors.numbers.shared import DIGITS, ONE, SCALE, Atom, arabic, join, scale, stands_free, to_quantities

_ONES = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
        " eighteen nineteen".split()
    )
}
_TENS = {w: 10 * i for i, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)}
_SCALES = {
    "hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "lakh": 10**5, "crore": 10**7, "dozen": 12, "bn": 10**9,
}  # fmt: skip
_PLURALS = {"tens": 10, "dozens": 12, **{w + "s": v for w, v in _SCALES.items() if w not in ("dozen", "bn")}}
_WORD = trie([*_ONES, *_TENS, *_SCALES, *_PLURALS])
_LEAD = (
    r"half (?:an? )?|half-(?:an?-)?|(?:an? |one )?quarter (?:of )?an? |quarter-|(?:an? )?(?:few|couple)(?: of)? "
    r"|several |many |multi-?|an? (?=hundred|thousand|million|billion|trillion|dozen|lakh|crore)"
)
_SPELLED = rf"(?:{_LEAD})*{_WORD}(?![a-z])(?:(?: and an? | and | of an? | of |, |-| ){_WORD}(?![a-z]))*(?: point(?: {trie(_ONES)})+(?: {trie(_SCALES)})?)?(?: and a half(?: {trie(_SCALES)})?)?"
_NUMBER = re.compile(
    rf"""
    (?P<digits>{DIGITS})
    (?P<half>[ ](?:[0-9]/[0-9](?![0-9])|and[ ]a[ ]half))?
    (?P<plus>\+)?
    (?P<scale>{SCALE})?
    (?P<plus2>\+|[ ]?plus(?=[ ]))?
    | (?<![A-Za-z0-9])(?P<words>(?i:{_SPELLED.replace(" ", "[ ]")}))
    """,
    re.X,
)
_GAP = re.compile(
    r" ?(?:-|–|—|~|to|or|and|through|to as many as|to as much as|or even|to more than|to over) ?|-to-|-or-"
)
_NEEDS = {"and": "between"}
_BARE = frozenset(_SCALES)
_BARE_NEXT = re.compile(r"[ -](?:\+ ?)?(?:dollar|euro|pound|yuan|yen|rupee|GPU|TPU|NPU|chip|card|accelerator)", re.I)
_TOKEN = re.compile(r"[a-z]+")


def _arabic(folded: str, hit: re.Match[str]) -> Atom | list[Atom] | None:
    start, end = hit.span()
    value = arabic(hit["digits"])
    if value is None:
        return _pieces(folded, hit)
    factor = scale(hit["scale"]) if hit["scale"] else ONE
    if not stands_free(folded, start, hit.end("scale") if hit["scale"] else hit.end("digits")):
        return None
    if hit["half"]:
        if "/" in hit["half"]:
            a, b = hit["half"].strip().split("/")
            if b == "0" or int(a) >= int(b):
                return None
            value += Decimal(a) / Decimal(b)
        else:
            value += Decimal("0.5")
    bound: Bound = "min" if hit["plus"] or hit["plus2"] else "exact"
    return Atom(start, end, value * factor, value * factor, bound, factor)


def _pieces(folded: str, hit: re.Match[str]) -> list[Atom]:
    """Digits whose commas make no number are a list (2024,500): each piece counts for itself."""
    start = hit.start("digits")
    out: list[Atom] = []
    for piece in hit["digits"].split(","):
        end = start + len(piece)
        value = arabic(piece)
        if value is not None:
            last = end == hit.end("digits")
            factor = scale(hit["scale"]) if last and hit["scale"] else ONE
            out.append(Atom(start, hit.end() if last else end, value * factor, value * factor, "exact", factor))
        start = end + 1
    return out


def _cardinal(words: list[str]) -> Decimal | None:
    """Words of number in their usual order.

    >>> _cardinal("three hundred and five thousand".split()), _cardinal(["two", "dozen"]), _cardinal(["twenty", "one"])
    (Decimal('305000'), Decimal('24'), Decimal('21'))
    """
    total = group = 0
    seen = False
    for word in words:
        if word in ("and", "a", "an", "of"):
            continue
        if word in _ONES or word in _TENS:
            value = _ONES.get(word, _TENS.get(word, 0))
            if seen and (group % 10 or (group % 100 and value >= 10)):
                return None
            group, seen = group + value, True
        else:
            factor = _SCALES[word]
            if word in ("hundred", "dozen"):
                group = (group or 1) * factor
            elif total and total < factor and not group:
                total *= factor
            else:
                total += (group or 1) * factor
                group = 0
            seen = True
    return Decimal(total + group)


def _spelled(folded: str, hit: re.Match[str]) -> Atom | None:
    start, end = hit.span()
    words = _TOKEN.findall(hit[0].lower().replace("multi", "multi "))
    plural = [w for w in words if w in _PLURALS]
    if words[0] == "multi" or plural:
        return _vague_plural(words, start, end)
    lead = words[0] if words[0] not in ("a", "an") else words[1]
    if lead in ("several", "few", "couple", "many"):
        scales = [w for w in words if w in _SCALES]
        if not scales or any(w in _ONES or w in _TENS for w in words):
            return None
        unit = Decimal(1)
        for w in scales:
            unit *= _SCALES[w]
        return Atom(start, end, unit, unit * 10 - 1, "vague", unit)
    share = Decimal(1)
    if lead in ("half", "quarter"):
        share = Decimal("0.5") if lead == "half" else Decimal("0.25")
        words = [w for w in words if w not in ("half", "quarter")]
        if not any(w in _SCALES for w in words):
            return None
    halves = Decimal(0)
    text = " ".join(words)
    tail = ""
    if " and a half" in text:
        text, _, tail = text.partition(" and a half")
        halves = Decimal("0.5")
    fraction = ""
    if " point " in text:
        text, _, fraction = text.partition(" point ")
    value = _cardinal(text.split())
    if value is None:
        return None
    parts = fraction.split()
    digits = "".join(str(_ONES[w]) for w in parts if w in _ONES)
    if digits:
        value += Decimal("0." + digits)
    last = [w for w in (*parts, *tail.split()) if w in _SCALES]
    factor = Decimal(_SCALES[last[-1]]) if last else ONE
    if halves and not last:
        scales = [w for w in text.split() if w in _SCALES]
        halves *= _SCALES[scales[-1]] if scales else 1
    value = (value + halves) * factor * share
    ends = [w for w in words if w in _SCALES]
    bare = len(words) == 1 and words[0] in _BARE
    if bare and not _BARE_NEXT.match(folded, end):
        return None
    closing = Decimal(_SCALES[ends[-1]]) if ends and words[-1] in _SCALES else ONE
    return Atom(start, end, value, value, "exact", closing)


def _vague_plural(words: list[str], start: int, end: int) -> Atom | None:
    unit = Decimal(1)
    parts = [w for w in words if w in _PLURALS or w in _SCALES]
    if any(w in _ONES or w in _TENS for w in words):
        value = _cardinal([w[:-1] if w in _PLURALS and w[:-1] in _SCALES else w for w in words if w != "tens"])
        return None if value is None else Atom(start, end, value, value, "exact", ONE)
    for word in parts:
        unit *= _PLURALS.get(word) or _SCALES[word]
    if words[0] == "multi":
        return Atom(start, end, unit, None, "vague", unit)
    if len(parts) > 1:
        return Atom(start, end, unit, unit * 10 - 1, "vague", unit)
    if parts == ["dozens"]:
        return Atom(start, end, Decimal(24), None, "vague", unit)
    return Atom(start, end, unit, Decimal(99) if parts == ["tens"] else None, "vague", unit)


def _atoms(folded: str) -> Iterator[Atom]:
    for hit in _NUMBER.finditer(folded):
        atom = _arabic(folded, hit) if hit["digits"] else _spelled(folded, hit)
        if isinstance(atom, Atom):
            yield atom
        elif atom:
            yield from atom


def find(folded: str) -> list[Quantity]:
    """The numbers of a folded English text, in order."""
    return to_quantities(join(_atoms(folded), folded, _GAP, _NEEDS), folded, "en")
