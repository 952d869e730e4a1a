"""Surfaces that are also words or other names: which of them are companies here.

A surface has a prior (how far it speaks of a company by itself, in its letter case and place), gets evidence from both
sides, from known companies beside it, and from itself elsewhere in the text. It is a company from THRESHOLD on.
"""

from __future__ import annotations

import re
import string
import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice

from extractors.entities.company_context import evidence
from extractors.entities.company_known import Mention
from extractors.entities.passage import Passage
from extractors.language.sentences import sentences_en, sentences_zh
from extractors.lexicons.english_words import is_common
from extractors.lexicons.name_words import chinese, english
from extractors.lexicons.openings import Openings
from extractors.model import Lang

THRESHOLD = 1.0
# What a known company in the same sentence adds, and one in the same list.
COMPANION = 0.3
SIBLING = 0.5
# What the vocabulary of technology and finance in the sentence adds, and the place at the head of a clause.
VOCABULARY = 0.3
HEAD = 0.3
# What the row's other surfaces in the text add, when they are sure.
NAMED = 0.6

_HAN = re.compile(r"[\u3400-\u9fff]")
_CAPITAL = re.compile(r"\b[A-Z][\w'&.-]*")
_LONG_WORD = re.compile(r"\b[A-Za-z][a-z]{3,}\b|\b[A-Z]{2,}\b")
# The long words that have a capital; a look at capitals alone is the quicker one.
_LONG_CAPITAL = re.compile(r"[A-Z](?<!\w.)(?:[a-z]{3,}\b|[A-Z]+\b)")
_CAPITAL_BEFORE = re.compile(r"(?:^|[^A-Za-z])([A-Z][\w&'-]*) $")
_CAPITAL_AFTER = re.compile(r" ([A-Z][a-z]+)")
_SEPARATOR = re.compile(r"\s*(?:[、/]|, (?:and |or )?| and | & | or |和|与|及|以及|,)\s*(?:the )?")
_OPENS = re.compile(r"(?:^|[\n:•*–—|>]|[.!?。！？]['\"”’)]*)\s*[\"“‘'(\[「『]*$")
_GOES_ON = frozenset(string.ascii_letters + string.digits + ",")
_STOPS = "\n，。、；：！？,;:!?“”「」《》（）()"
_CLAUSE = re.compile(rf"(?:^|[{_STOPS}])[\s\"]*$")
_CLAUSE_LAST = frozenset(_STOPS + '"')
_VERSION = re.compile(r"[ -]?\d+(?:\.\d+)?(?![\d.]*\s?(?:年|月|日|亿|万|percent|%|million|billion))")


def heads_clause(folded: str, at: int) -> bool:
    """Whether something at an offset opens a clause, white space and a quotation mark aside.

    >>> heads_clause("甲，乙", 2), heads_clause("甲，乙", 1), heads_clause("", 0)
    (True, False, True)
    """
    if at and (last := folded[at - 1]) not in _CLAUSE_LAST and not last.isspace():
        return False
    return _CLAUSE.search(folded, max(0, at - 4), at) is not None


@dataclass(frozen=True, slots=True)
class Surface:
    """What company_context.toml says of one surface."""

    prior: float
    not_before: re.Pattern[str] | None
    not_after: re.Pattern[str] | None


@cache
def _surfaces() -> dict[str, Surface]:
    data = tomllib.loads(files("extractors.lexicons").joinpath("company_context.toml").read_text("utf-8"))
    return {
        name: Surface(
            item["prior"],
            re.compile(f"(?:{item['not_before']})$") if "not_before" in item else None,
            re.compile(item["not_after"]) if "not_after" in item else None,
        )
        for name, item in data["surface"].items()
    }


@cache
def _vocabulary() -> re.Pattern[str]:
    data = tomllib.loads(files("extractors.lexicons").joinpath("company_context.toml").read_text("utf-8"))
    words = "|".join(data["vocabulary"])
    openings = Openings([re.compile(words)], 1)
    first = "".join(sorted(char for char in set(words) if openings[char]))
    # One set of characters comes first, so that `re` passes over all else in C, and then looks back at what it took.
    return re.compile(rf"[{first}](?<=(?={words}).)")


class Scene:
    """The sentences of a text, and which of them have every word in capitals, as headlines have."""

    def __init__(self, folded: str, lang: Lang, spans: list[tuple[int, int]] | None = None) -> None:
        self._folded = folded
        self._spans = list((sentences_zh if lang == "zh" else sentences_en)(folded)) if spans is None else spans
        self._starts = [start for start, _ in self._spans]
        # The sentence that was asked for last: rules go through a text from left to right.
        self._number, self._low, self._high = 0, 0, 0
        self._headline: dict[int, bool] = {}
        self._business: dict[int, bool] = {}

    def number(self, offset: int) -> int:
        if not self._low <= offset < self._high:
            after = bisect_right(self._starts, offset)
            self._number = max(0, after - 1)
            self._low = self._starts[after - 1] if after else 0
            self._high = self._starts[after] if after < len(self._starts) else len(self._folded) + 1
        return self._number

    def span(self, offset: int) -> tuple[int, int]:
        return self._spans[self.number(offset)] if self._spans else (0, len(self._folded))

    def opens(self, offset: int) -> bool:
        """Whether something at this offset opens a sentence, a quotation or an item."""
        if offset > 1 and self._folded[offset - 1] == " " and self._folded[offset - 2] in _GOES_ON:
            # After a word or a comma and one space, most words do not.
            return offset == self.span(offset)[0]
        return _OPENS.search(self._folded, max(0, offset - 8), offset) is not None or offset == self.span(offset)[0]

    def is_headline(self, offset: int) -> bool:
        """Whether nearly every long word of the sentence has a capital.

        >>> Scene("Chip Maker Raises Record Sum for Plant", "en").is_headline(0)
        True
        """
        number = self.number(offset)
        if number not in self._headline:
            start, end = self.span(offset)
            end = min(end, start + 400)
            capitals = len(_LONG_CAPITAL.findall(self._folded, start, end))
            self._headline[number] = capitals >= 3 and self._has_few_words(start, end, capitals)
        return self._headline[number]

    def _has_few_words(self, start: int, end: int, capitals: int) -> bool:
        """Whether at least four long words stand there, and so few that most are those with a capital."""
        most = capitals * 4 // 3
        words = sum(1 for _ in islice(_LONG_WORD.finditer(self._folded, start, end), most + 1))
        return 4 <= words <= most

    def speaks_of_business(self, offset: int) -> bool:
        """Whether the sentence has a word of business or technology."""
        number = self.number(offset)
        if number not in self._business:
            self._business[number] = _vocabulary().search(self._folded, *self.span(offset)) is not None
        return self._business[number]


def _excluded(folded: str, mention: Mention) -> bool:
    """Whether what stands beside a surface says that it is no company."""
    surface = _surfaces().get(folded[mention.start : mention.end])
    if surface is None:
        return False
    if surface.not_before and surface.not_before.search(folded, max(0, mention.start - 12), mention.start):
        return True
    return surface.not_after is not None and surface.not_after.match(folded, mention.end) is not None


def _han_prior(folded: str, mention: Mention) -> float | None:
    surface = _surfaces().get(folded[mention.start : mention.end])
    if mention.end - mention.start == 2 and mention.start and folded[mention.start - 1] in chinese().surnames:
        return None
    if surface is None:
        return 0.5
    return None if _excluded(folded, mention) else surface.prior


def _latin_prior(folded: str, mention: Mention, scene: Scene, lang: Lang) -> float:
    surface = folded[mention.start : mention.end]
    data = _surfaces().get(surface)
    if data and _excluded(folded, mention):
        return -1.0
    if all(s.ticker for s in mention.senses):
        # A ticker needs the company's name elsewhere, or its shares beside it.
        return -1.0 if surface in english().acronyms else 0.0
    if data:
        prior = data.prior
    elif len(surface) == 1:
        prior = 0.0
    elif not any(c.isupper() for c in surface):
        prior = 0.2
    elif any(c.isupper() for c in surface[1:]) and not surface.isupper():
        prior = 1.0
    elif lang == "zh":
        prior = 0.7
    else:
        common = all(is_common(w) for w in surface.split())
        if scene.is_headline(mention.start):
            prior = 0.1 if common else 0.6
        elif scene.opens(mention.start):
            prior = 0.2 if common else 0.7
            if common and folded.startswith(",", mention.end):
                prior = -0.5
        else:
            prior = 0.8 if common else 0.9
        if surface.isupper() and len(surface) <= 3:
            prior = min(prior, 0.5)
    if (before := _CAPITAL_BEFORE.search(folded, max(0, mention.start - 30), mention.start)) and (
        not is_common(before.group(1)) or not scene.opens(before.start(1))
    ):
        prior -= 0.4
    if (after := _CAPITAL_AFTER.match(folded, mention.end)) and not scene.is_headline(mention.start):
        prior -= 0.3 if is_common(after.group(1)) else 0.1
    if _VERSION.match(folded, mention.end) and not (data and data.prior >= 0.5):
        prior -= 0.7
    return prior


def _listed(folded: str, mentions: Sequence[Mention], accepted: Sequence[bool], i: int) -> bool:
    """Whether an accepted mention is the neighbour in a list."""
    for j in (i - 1, i + 1):
        if 0 <= j < len(mentions) and accepted[j]:
            a, b = sorted((mentions[i], mentions[j]), key=lambda m: m.start)
            if b.start - a.end <= 8 and _SEPARATOR.fullmatch(folded, a.end, b.start):
                return True
    return False


def settle(passage: Passage, mentions: Sequence[Mention], scene: Scene) -> list[Mention]:
    """The mentions that are companies, in their order."""
    folded = passage.folded
    if all(m.sure for m in mentions):
        return [m for m in mentions if not _excluded(folded, m)]
    named = {s.row.company_id for m in mentions if m.sure for s in m.senses}
    crowd: dict[int, int] = {}
    for m in mentions:
        if m.sure:
            crowd[scene.number(m.start)] = crowd.get(scene.number(m.start), 0) + 1
    scores: list[float | None] = []
    for m in mentions:
        if m.sure:
            scores.append(None if _excluded(folded, m) else 2.0)
            continue
        score: float | None
        han = _HAN.search(folded, m.start, m.end) is not None
        prior = _han_prior(folded, m) if han else _latin_prior(folded, m, scene, passage.lang)
        if prior is None:
            scores.append(None)
            continue
        score = prior + evidence(folded, m.start, m.end, passage.lang)
        if prior >= 0.5 and han and heads_clause(folded, m.start):
            score += HEAD
        if scene.speaks_of_business(m.start):
            score += VOCABULARY
        if crowd.get(scene.number(m.start)):
            score += COMPANION
        if any(s.row.company_id in named for s in m.senses):
            score += NAMED
        scores.append(score)
    accepted = [score is not None and score >= THRESHOLD for score in scores]
    for order in (range(len(mentions)), reversed(range(len(mentions)))):
        for i in order:
            score = scores[i]
            if not accepted[i] and score is not None and score + SIBLING >= THRESHOLD:
                accepted[i] = _listed(folded, mentions, accepted, i)
    # A name once established counts wherever nothing speaks against it.
    established = {folded[m.start : m.end] for m, yes in zip(mentions, accepted, strict=True) if yes and not m.sure}
    return [
        m
        for m, yes, score in zip(mentions, accepted, scores, strict=True)
        if yes or (score is not None and score >= 0.5 and folded[m.start : m.end] in established)
    ]
