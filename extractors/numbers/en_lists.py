"""Numbers of English that are said in parts: lists with their ends, and sums."""

from __future__ import annotations

import re

from extractors.numbers.shared import Atom

_LIST = re.compile(r"-?, (?:or |and |or even |and even )?")
# A longer list is a table, and no count.
_LONGEST = 12


def lists(atoms: list[Atom], folded: str) -> list[Atom]:
    """`4, 8 or 16` and `8-, 16- and 32-` as one: commas join only where a last `or` or `and` closes a rising list."""
    out: list[Atom] = []
    i = 0
    while i < len(atoms):
        j = i
        closed = False
        while (
            j + 1 < len(atoms)
            and j - i < _LONGEST
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


def sums(atoms: list[Atom], folded: str) -> list[Atom]:
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
