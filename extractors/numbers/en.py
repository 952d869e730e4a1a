"""Numbers in English text: digits with scales, spelled numerals, vague amounts.

One regular expression finds digits and runs of number words, a run is then read by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ahocorasick_rs import BytesAhoCorasick, Implementation

from extractors.lexicons.currencies import load_currencies
from extractors.lexicons.trie import trie
from extractors.model import Bound
from extractors.numbers.en_lists import lists, sums
from extractors.numbers.en_words import HALVES, SPELLED, candidates, openings, spelled
from extractors.numbers.moves import moves
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
)
from extractors.text import word_form

_NUMBER = re.compile(
    rf"(?P<digits>{DIGITS})"
    r"(?P<half> (?:[0-9]/[0-9](?![0-9/])|and a (?:half|quarter)(?![a-z]))|[¼½¾])?"
    rf"(?P<power>{EXPONENT})?(?P<plus>\+)?(?P<scale>{SCALE})?(?P<tail> and a (?:half|quarter)(?![a-z]))?"
    r"(?P<plus2>\+|-plus(?![A-Za-z])| plus(?=[,.;)]|$))?"
    rf"|(?<![A-Za-z0-9])(?i:{SPELLED})"
)


# Where a run of digits begins; a number may begin with the point before it, too.
_DIGITS_AT = re.compile("[0-9](?<![0-9].)")
# Where a run of number words may begin. It is asked where an automaton found how one is spelled: blanks are many, and a
# look behind each of them costs more than all else that is done with numbers.
_WORDS_AT = re.compile(rf"(?<![A-Za-z0-9])(?={candidates()})")
_EDGE = b"\n"
_SPELLED_AT = BytesAhoCorasick([_EDGE + word_form(words) for words in openings()], implementation=Implementation.DFA)
# What `re` takes for `i`, `k` and `s` where case is put aside, and what is no ASCII.
_ODD_LETTERS = "\u0130\u0131\u017f\u212a"
_GAP = re.compile(
    r" ?(?:-|–|—|~|to|or|and|through|to as (?:many|much) as|or even|to (?:more than|over|about|around)) ?"
    r"|-to-|-or-|- (?:or|to) "
)
_NEEDS = {"and": re.compile(r"\bbetween (?:[a-z]+ )?$", re.I)}


def _places(folded: str) -> list[int]:
    """Where numbers may begin, in order.

    >>> _places("2 or three, .5 bone"), _places("a few a day"), _places("Thou\u017fand")
    ([0, 5, 12, 13], [0, 2], [0])
    """
    digits = [place.start() for place in _DIGITS_AT.finditer(folded)]
    digits += [at - 1 for at in digits if folded[at - 1 : at] == "."]
    if not folded.isascii() and any(letter in folded for letter in _ODD_LETTERS):
        return sorted({*digits, *(place.start() for place in _WORDS_AT.finditer(folded))})
    spelled = _SPELLED_AT.find_matches_as_indexes(_EDGE + word_form(folded), overlapping=True)
    # An edge stands before the text, so that offsets of edges are those of what follows them.
    return sorted({*digits, *(at for _, at, _ in spelled if _WORDS_AT.match(folded, at))})


def _atoms(folded: str) -> Iterator[Atom]:
    end = 0
    for start in _places(folded):
        hit = _NUMBER.match(folded, start) if start >= end else None
        if hit is None:
            continue
        end = hit.end()
        for atom in _arabic(folded, hit) if hit["digits"] else spelled(folded, hit):
            yield atom
            end = atom.end


def _arabic(folded: str, hit: re.Match[str]) -> Iterator[Atom]:
    token, half, scaled = hit.group("digits", "half", "scale")
    start, end = hit.span()
    digits = hit.end("digits")
    if (
        not scaled
        and digits - start <= 3
        and folded.startswith(" ", digits)
        and (spaced := _SPACED.match(folded, start))
        and _priced(folded, start, spaced)
    ):
        token, end, half = _unspaced(spaced[0]), spaced.end(), None
    if not stands_free(folded, start, max(digits, hit.end("scale"), hit.end("power"), end if end > hit.end() else 0)):
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
    if not scaled and end == digits and start and folded[start - 1] in "$€£¥₹" and _PRICE_SCALE.match(folded, end):
        factor, end = scale(folded[end + 1]), end + 2
    value *= factor
    if signed(folded, start):
        start, value = start - 1, -value
    elif folded[max(0, start - 2) : start] in _MINUS_ENDS and (
        minus := _MINUS.search(folded, max(0, start - 9), start)
    ):
        start, value = minus.start(), -value
    bound: Bound = "min" if hit["plus"] or hit["plus2"] else "exact"
    yield Atom(start, end, value, value, bound, factor)


_MINUS_ENDS = frozenset(("s ", "S ", "e ", "E "))
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
    return HALVES[text.split()[-1]]


def _grew(folded: str, a: Atom, b: Atom, word: str) -> bool:
    """`went from 100,000 to 200,000 GPUs`: both ends in full, and a verb of change before `from`."""
    full = a.factor == b.factor or a.low >= _FULL
    return word == "to" and full and folded.endswith("from ", 0, a.start) and moves(folded, a.start)


_FULL = 1000


def find(folded: str) -> list[Atom]:
    """The numbers of a folded English text, in order."""
    atoms = sums(list(_atoms(folded)), folded)
    return join(lists(atoms, folded), folded, _GAP, _NEEDS, _grew)
