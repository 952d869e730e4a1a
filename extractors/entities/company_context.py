"""Does the text around a name speak of a company? Evidence to its left and right, as company_context.toml lists it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from extractors.lexicons.backwards import backwards
from extractors.lexicons.openings import Openings, Remembered
from extractors.model import Lang

# How much text on each side can be evidence.
REACH = 90
# What no, weak, strong and product evidence on one side is worth.
WORTH = (0.0, 0.4, 1.0, 1.0)
_GAP = re.compile(r"[\s\"”’」』》]*(?:[（(][^（）()]{1,24}[）)])?\s?")
_LEFT_GAP = re.compile(r"[\s\"“‘「『]*")
# What the gap can begin with.
_GAPS = frozenset(c for c in map(chr, range(0x3001)) if c.isspace()) | frozenset('"”’」』》（(')
_LEFT_GAPS = frozenset(c for c in map(chr, range(0x3001)) if c.isspace()) | frozenset('"“‘「『')
# How many characters of a side are looked at, to tell whether a cue can begin with them.
_LOOK: dict[Lang, int] = {"zh": 2, "en": 3}
# The bits of `Sides.after` and `Sides.before`, and what evidence they leave possible is worth at most.
_PRODUCT, _STRONG, _WEAK, _ANY = 1, 2, 4, 7
_MOST = tuple(WORTH[2] if bits & (_PRODUCT | _STRONG) else WORTH[1] if bits else WORTH[0] for bits in range(_ANY + 1))


@dataclass(frozen=True, slots=True)
class Cues:
    """The compiled lists of one language; those called `before` match reversed text, see `before_of`."""

    after_strong: re.Pattern[str]
    after_weak: re.Pattern[str]
    after_product: re.Pattern[str]
    before_strong: re.Pattern[str]
    before_weak: re.Pattern[str]
    before_media: re.Pattern[str]
    product_after: re.Pattern[str]
    product_before: re.Pattern[str]
    person_before: re.Pattern[str]
    person_after: re.Pattern[str]
    speech: re.Pattern[str]


@cache
def cues(lang: Lang) -> Cues:
    data = tomllib.loads(files("extractors.lexicons").joinpath("company_context.toml").read_text("utf-8"))[lang]

    def after(part: str, name: str) -> re.Pattern[str]:
        return re.compile("(?:" + "|".join(data[part][name]) + ")")

    def before(part: str, name: str) -> re.Pattern[str]:
        return re.compile("(?:" + "|".join(map(backwards, data[part][name])) + ")" + (r"\b" if lang == "en" else ""))

    return Cues(
        after("after", "strong"),
        after("after", "weak"),
        after("after", "product"),
        before("before", "strong"),
        before("before", "weak"),
        before("before", "media"),
        after("against", "product_after"),
        before("against", "product_before"),
        before("against", "person_before"),
        after("against", "person_after"),
        after("against", "speech"),
    )


def evidence(folded: str, start: int, end: int, lang: Lang) -> float:
    """What stands on both sides of a span is worth, for its being a company.

    >>> evidence("Shares of Target fell", 10, 16, "en") >= 1, evidence("The target is", 4, 10, "en")
    (True, 0.4)
    """
    left = left_of(before_of(folded, start, lang), lang) if sides(lang).most_left(folded, start) else 0
    return WORTH[left] + WORTH[right_of(folded, end, lang)]


def before_of(folded: str, start: int, lang: Lang) -> str:
    """The text of its line before an offset, as far as it can be evidence, turned round.

    >>> before_of("so\\nshares of Acme", 13, "en")
    ' fo serahs'
    """
    # Chinese cues are short.
    return folded[max(0, start - (12 if lang == "zh" else 40)) : start].rpartition("\n")[2][::-1]


def left_of(before: str, lang: Lang) -> int:
    """How strongly reversed text before a name speaks of a company: 0 not at all, 1 weakly, 2 strongly."""
    lists = cues(lang)
    at = _past_gap(before) if lang == "zh" else 0
    return 2 if lists.before_strong.match(before, at) else 1 if lists.before_weak.match(before, at) else 0


def media_before(before: str, lang: Lang) -> bool:
    """Whether reversed text before a name lets a publisher be expected."""
    return cues(lang).before_media.match(before, _past_gap(before) if lang == "zh" else 0) is not None


def _past_gap(before: str) -> int:
    gap = _LEFT_GAP.match(before)
    return gap.end() if gap else 0


def right_of(folded: str, end: int, lang: Lang) -> int:
    """The evidence behind an offset: 0 none, 1 weak, 2 strong, 3 a product of its own."""
    near, behind = sides(lang).after(folded, end)
    if not near and not behind:
        return 0
    lists = cues(lang)
    tail = folded[end : end + REACH]
    best = _side(lists, near, tail, tail, 0) if near else 0
    if best != 2 and behind and (gap := _GAP.match(tail)) and (rest := tail[gap.end() :]) and gap.end():
        best = _side(lists, behind, rest, rest if lang == "zh" else " " + rest, best)
    return best


def _side(lists: Cues, chances: int, text: str, spaced: str, best: int) -> int:
    """The evidence that `text` begins with, as far as there are chances; `best` is that of what stands before it."""
    if chances & _STRONG and lists.after_strong.match(text):
        return 2
    if chances & _PRODUCT and lists.after_product.match(spaced):
        return 3
    return 1 if not best and chances & _WEAK and lists.after_weak.match(text) else best


class Sides:
    """What evidence there can be on the sides of a name, told by the characters that stand next to it."""

    def __init__(self, lang: Lang) -> None:
        lists = cues(lang)
        self._look = _LOOK[lang]
        self._left_gaps = _LEFT_GAPS if lang == "zh" else frozenset("")
        self._after = Openings((lists.after_product, lists.after_strong, lists.after_weak), self._look)
        self._behind = _Behind(self._after, lang)
        self._right = _Right(self._after, self._behind, self._look)
        self._before = _Before(Openings((lists.before_strong, lists.before_weak), self._look), lang)

    def after(self, folded: str, end: int) -> tuple[int, int]:
        """The chances directly behind an offset, and behind the gap that stands there."""
        key = folded[end : end + self._look]
        return self._after[key], self._behind[folded[end : end + self._look + 1]] if key[:1] in _GAPS else 0

    def most_right(self, folded: str, end: int) -> float:
        """What the evidence behind an offset is worth at most."""
        look = self._look + (folded[end : end + 1] in _GAPS)
        return self._right[folded[end : end + look]]

    def most_left(self, folded: str, start: int) -> float:
        """What the evidence before an offset is worth at most."""
        look = self._look + (folded[start - 1 : start] in self._left_gaps)
        return self._before[folded[max(0, start - look) : start]]


class _Behind(Remembered[int]):
    """The chances behind the gap that a text begins with, by as many characters as are looked at and one more."""

    def __init__(self, after: Openings, lang: Lang) -> None:
        super().__init__()
        self._after, self._lang = after, lang

    def find(self, key: str) -> int:
        if len(key) == 1:
            return 0
        if not key[0].isspace() or key[1] in _GAPS:
            # How long the gap is, only its pattern can tell.
            return _ANY
        if self._lang == "zh":
            return self._after[key[1:]]
        return (self._after[key[1:]] & ~_PRODUCT) | (self._after[key[: _LOOK["en"]]] & _PRODUCT)


class _Right(Remembered[float]):
    """What the evidence behind a name is worth at most, by the characters behind it."""

    def __init__(self, after: Openings, behind: _Behind, look: int) -> None:
        super().__init__()
        self._after, self._behind, self._look = after, behind, look

    def find(self, key: str) -> float:
        return _MOST[self._after[key[: self._look]] | (self._behind[key] if key[:1] in _GAPS else 0)]


class _Before(Remembered[float]):
    """What the evidence before a name is worth at most, by the characters before it."""

    def __init__(self, before: Openings, lang: Lang) -> None:
        super().__init__()
        self._before, self._lang = before, lang

    def find(self, key: str) -> float:
        text = key.rpartition("\n")[2][::-1]
        gap = _past_gap(text) if self._lang == "zh" else 0
        if gap > 1:
            return WORTH[2]
        bits = self._before[text[gap:]]
        return WORTH[2] if bits & 1 else WORTH[1] if bits else WORTH[0]


@cache
def sides(lang: Lang) -> Sides:
    """The looks at both sides, with what is remembered of them."""
    return Sides(lang)
