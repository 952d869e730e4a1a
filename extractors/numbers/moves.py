"""Whether "A to B" tells how something moved, which is two numbers, and no range from A to B."""

from __future__ import annotations

import re

# "fell $2 to $30" and "grew from $47 billion to $80 billion" are two amounts, "plans from $5 to $10" is one.
_MOVED = re.compile(
    r"\b(?:rose|rises?|fell|falls?|up|down|gain(?:s|ed)?|los(?:t|es)|climb(?:s|ed)?|drop(?:s|ped)?|slip(?:s|ped)?|jump(?:s|ed)?"
    r"|decreas\w+|increas\w+|cut(?:s|ting)?|rais\w+|lower\w*|slash\w*|add(?:s|ed)|grew|grow(?:s|n)?|surg\w+|plung\w+|advanc\w+"
    r"|declin\w+|shed|boost\w*|reduc\w+|soar\w*|expand\w*|widen\w*|narrow\w*|swell\w*|swelled|shrink\w*|shrank|doubl\w+|tripl\w+"
    r"|went|goes|going|mov(?:ed|es|ing)|tumbl\w+|shrunk|skyrocket\w*|balloon\w*|upgrad\w+|downgrad\w+|chang\w+|adjust\w*|revis\w+)\b",
    re.I,
)
_FROM = re.compile(r"\bfrom (?:about |around |roughly |just |under |over |only )?$", re.I)
_SPREAD = re.compile(r"\b(?:anywhere|somewhere|rang\w+|var\w+|span\w*) from ", re.I)
_DIRECT = re.compile(r"(?:[a-z]+ )?$")


def moves(folded: str, start: int) -> bool:
    """Whether "A to B" tells how something moved: a verb of change before `from`, or directly before the amount."""
    if _FROM.search(folded, max(0, start - 24), start):
        near = folded[max(0, start - 64) : start]
        if _SPREAD.search(near, max(0, len(near) - 36)):
            return False
        return _MOVED.search(near, max(near.rfind(c) for c in ".;!?") + 1) is not None
    near = folded[max(0, start - 20) : start]
    return any(_DIRECT.fullmatch(near, hit.end() + 1) for hit in _MOVED.finditer(near))
