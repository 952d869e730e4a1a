"""The wording lists of `lexicons/page_wording.toml`, as compiled patterns.

Wording is the last resort: a line is judged by it only when structure has said nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, NotRequired, TypedDict, cast, get_args

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from extractors.errors import LexiconError
from extractors.model import Reason

_FILE = "page_wording.toml"
_LINE_SIZE, _TAIL_SIZE = 200, 20


class _Rule(TypedDict):
    reason: Reason
    words: list[str]
    pattern: str
    long: NotRequired[bool]


@cache
def _tables() -> dict[str, object]:
    return tomllib.loads(files("extractors.lexicons").joinpath(_FILE).read_text("utf-8"))


def _checked(key: str, where: str) -> Reason:
    if key not in get_args(Reason):
        raise LexiconError(f"{where}: no such reason as {key!r}", file=_FILE, line=0)
    return cast("Reason", key)


@cache
def phrases(table: str, key: str) -> re.Pattern[str]:
    """The alternatives of one entry, as a pattern that knows no case."""
    lines = cast("dict[str, list[str]]", _tables()[table])[key]
    return re.compile("|".join(lines), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LineRules:
    """The rules by which a short paragraph's wording tells that it is furniture."""

    automaton: AhoCorasick
    rule_of: tuple[int, ...]
    """The rule that each word of the automaton calls for."""
    rules: tuple[tuple[Reason, re.Pattern[str], bool], ...]
    """Reason, pattern, and whether the rule also judges long paragraphs."""

    def reason(self, text: str) -> Reason | None:
        """The reason of the first rule that matches."""
        short = len(text) < _LINE_SIZE
        # A long paragraph is furniture by its end alone.
        text = text if short else text[-_TAIL_SIZE:]
        hits = self.automaton.find_matches_as_indexes(text.lower(), overlapping=True)
        return self._first([word for word, _, _ in hits], text, short) if hits else None

    def reasons(self, texts: Sequence[str]) -> list[Reason | None]:
        """The same for many texts at once, which are no more than one to the automaton."""
        cut = [text if len(text) < _LINE_SIZE else text[-_TAIL_SIZE:] for text in texts]
        joined = "\n".join(cut)
        folded = joined.lower()
        if len(folded) != len(joined):
            # A letter that becomes two in lower case; the places of what is found would be those of other texts.
            return [self.reason(text) for text in texts]
        out: list[Reason | None] = [None] * len(texts)
        words: list[int] = []
        i, end = -1, 0
        for word, start, _ in self.automaton.find_matches_as_indexes(folded, overlapping=True):
            if start >= end:
                if words:
                    out[i] = self._first(words, cut[i], len(texts[i]) < _LINE_SIZE)
                    words = []
                while start >= end:
                    i += 1
                    end += len(cut[i]) + 1
            words.append(word)
        if words:
            out[i] = self._first(words, cut[i], len(texts[i]) < _LINE_SIZE)
        return out

    def _first(self, words: Sequence[int], text: str, short: bool) -> Reason | None:
        # Most have one word.
        for index in sorted({self.rule_of[word] for word in words}) if len(words) > 1 else (self.rule_of[words[0]],):
            reason, pattern, long = self.rules[index]
            if (short or long) and pattern.search(text):
                return reason
        return None


@cache
def line_rules() -> LineRules:
    """The rules of the table `line`.

    >>> line_rules().reason("责任编辑：某某"), line_rules().reason("编辑部昨日回应")
    ('credit', None)
    """
    words: list[str] = []
    rule_of: list[int] = []
    rules = []
    for i, rule in enumerate(cast("list[_Rule]", _tables()["line"])):
        try:
            pattern = re.compile(rule["pattern"], re.IGNORECASE)
        except re.error as e:
            raise LexiconError(f"rule {i + 1} of line: {e}", file=_FILE, line=0) from e
        rules.append((_checked(rule["reason"], "line"), pattern, rule.get("long", False)))
        words += rule["words"]
        rule_of += [i] * len(rule["words"])
    automaton = AhoCorasick(words, matchkind=MatchKind.Standard, implementation=Implementation.DFA)
    return LineRules(automaton, tuple(rule_of), tuple(rules))


@dataclass(frozen=True, slots=True)
class RegionWords:
    """The words by which classes and ids tell what a region is."""

    automaton: AhoCorasick
    reasons: tuple[Reason | Literal["body", "neutral"], ...]
    """What each word says."""

    def label(self, name: str) -> tuple[Reason | None, bool]:
        """The first label in a folded name, unless the name is a body's."""
        first: Reason | None = None
        for index, _, _ in self.automaton.find_matches_as_indexes(name):
            reason = self.reasons[index]
            if reason == "body":
                return None, True
            if first is None and reason != "neutral":
                first = reason
        return first, False


def _region_key(key: str) -> Reason | Literal["body", "neutral"]:
    if key == "body":
        return "body"
    if key == "neutral":
        return "neutral"
    return _checked(key, "region")


@cache
def region_words() -> RegionWords:
    """The words of the table `region`. A hyphen in a word is the edge of a part of a name."""
    words: list[str] = []
    reasons: list[Reason | Literal["body", "neutral"]] = []
    for key, lines in cast("dict[str, list[str]]", _tables()["region"]).items():
        words += lines
        reasons += [_region_key(key)] * len(lines)
    automaton = AhoCorasick(words, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)
    return RegionWords(automaton, tuple(reasons))
