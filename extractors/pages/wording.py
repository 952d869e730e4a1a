"""The wording lists of `lexicons/page_wording.toml`, as compiled patterns.

Wording is the last resort: a line is judged by it only when structure has said nothing.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast, get_args

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from extractors.errors import LexiconError
from extractors.model import Reason

_FILE = "page_wording.toml"


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    text = files("extractors.lexicons").joinpath(_FILE).read_text("utf-8")
    return cast("dict[str, dict[str, list[str]]]", tomllib.loads(text))


@cache
def pattern(table: str) -> re.Pattern[str]:
    """One pattern of a table whose reasons are its keys: the group that matched names the reason."""
    parts = []
    for reason, lines in _tables()[table].items():
        if reason not in get_args(Reason):
            raise LexiconError(f"{table}.{reason}: no such reason", file=_FILE, line=0)
        parts.append(f"(?P<{reason}>{'|'.join(lines)})")
    return re.compile("|".join(parts), re.IGNORECASE)


def reason_of(m: re.Match[str]) -> Reason:
    """The reason that a match of `pattern(...)` stands for."""
    return cast("Reason", m.lastgroup)


@cache
def phrases(table: str, key: str) -> re.Pattern[str]:
    """One alternation of a table's entry."""
    return re.compile("|".join(_tables()[table][key]), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RegionWords:
    """The words by which classes and ids tell what a region is."""

    automaton: AhoCorasick
    reasons: tuple[Reason | None, ...]
    """The reason of each word; `None` for those that name a body."""

    def label(self, name: str) -> tuple[Reason | None, bool]:
        """The first label in a folded name, unless the name is a body's."""
        first: Reason | None = None
        for index, _, _ in self.automaton.find_matches_as_indexes(name):
            reason = self.reasons[index]
            if reason is None:
                return None, True
            first = first or reason
        return first, False


@cache
def region_words() -> RegionWords:
    """The words of the tables `region` and `body`. A hyphen in a word is the edge of a part of a name."""
    words: list[str] = []
    reasons: list[Reason | None] = []
    for key, lines in [*_tables()["region"].items(), *_tables()["body"].items()]:
        if key != "strong" and key not in get_args(Reason):
            raise LexiconError(f"region.{key}: no such reason", file=_FILE, line=0)
        words += lines
        reasons += [None if key == "strong" else cast("Reason", key)] * len(lines)
    automaton = AhoCorasick(words, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)
    return RegionWords(automaton, tuple(reasons))
