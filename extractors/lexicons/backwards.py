"""A regular expression turned round, so that what must end at a place is read from there leftwards.

A search for `(?:maker|rival) $` tries every place of the text before the name; the turned pattern, matched against the
reversed text, tries one.

>>> backwards("(?:chip)?makers?,? ")
' ,?s?rekam(?:pihc)?'
>>> backwards(r"[前原]任\\s?"), backwards("a(?=b)")
Traceback (most recent call last):
ValueError: no pattern to turn round: 'a(?=b)' at 1
"""

from __future__ import annotations

import re

ATOM = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[^\\()\[\]{}|?*+^$]")
GROUP = re.compile(r"\(\?(?:-?i)?:")
QUANTIFIER = re.compile(r"(?:[?*+]|\{[0-9,]+\})\??")


def backwards(pattern: str) -> str:
    """The pattern that matches reversed text where `pattern` matches text.

    Characters, classes, escapes, alternatives, quantifiers and groups that capture nothing can be turned round.
    Raises `ValueError` for anything else: what looks around, captures or refers back.
    """
    turned, end = _alternatives(pattern, 0)
    if end < len(pattern):
        raise unknown(pattern, end)
    return turned


def _alternatives(pattern: str, at: int) -> tuple[str, int]:
    """The alternatives from `at` to the end of their group, turned round, and where that is."""
    turned: list[str] = []
    parts: list[str] = []
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "|":
            turned.append("".join(reversed(parts)))
            parts = []
            at += 1
            continue
        if group := GROUP.match(pattern, at):
            inner, end = _alternatives(pattern, group.end())
            if end == len(pattern):
                raise unknown(pattern, at)
            part, at = f"{group[0]}{inner})", end + 1
        elif atom := ATOM.match(pattern, at):
            part, at = atom[0], atom.end()
        else:
            raise unknown(pattern, at)
        if quantifier := QUANTIFIER.match(pattern, at):
            part, at = part + quantifier[0], quantifier.end()
        parts.append(part)
    turned.append("".join(reversed(parts)))
    return "|".join(turned), at


def unknown(pattern: str, at: int) -> ValueError:
    return ValueError(f"no pattern to turn round: {pattern!r} at {at}")
