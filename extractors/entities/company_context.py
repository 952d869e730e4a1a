"""Does the text around a name speak of a company? Evidence to its left and right, as company_context.toml lists it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from extractors.model import Lang

# How much text on each side can be evidence.
REACH = 90
# What no, weak, strong and product evidence on one side is worth.
WORTH = (0.0, 0.4, 1.0, 1.0)
_GAP = re.compile(r"[\s\"”’」』》]*(?:[（(][^（）()]{1,24}[）)])?\s?")
_LEFT_GAP = re.compile(r"[\s\"“‘「『]*$")


@dataclass(frozen=True, slots=True)
class Cues:
    """The compiled lists of one language."""

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
        return re.compile((r"\b" if lang == "en" else "") + "(?:" + "|".join(data[part][name]) + ")$")

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


@dataclass(frozen=True, slots=True)
class Evidence:
    """How strongly each side speaks of a company: 0 nothing, 1 weak, 2 strong, 3 a product of its own."""

    left: int
    right: int
    media: bool

    @property
    def score(self) -> float:
        return WORTH[self.left] + WORTH[self.right]


def evidence(folded: str, start: int, end: int, lang: Lang) -> Evidence:
    """What stands on both sides of a span.

    >>> evidence("Shares of Target fell", 10, 16, "en").score >= 1, evidence("The target is", 4, 10, "en").score
    (True, 0.4)
    """
    left, media = left_of(folded, start, lang)
    return Evidence(left, right_of(folded, end, lang), media)


def left_of(folded: str, start: int, lang: Lang) -> tuple[int, bool]:
    """The evidence before an offset, and whether a publisher is expected there."""
    lists = cues(lang)
    # Chinese cues are short, and an unanchored search costs its reach.
    head = folded[max(0, start - (12 if lang == "zh" else 40)) : start].rpartition("\n")[2]
    if lang == "zh":
        head = head[: len(head) - len(m.group())] if (m := _LEFT_GAP.search(head)) else head
    strong = lists.before_strong.search(head) is not None
    left = 2 if strong else 1 if lists.before_weak.search(head) else 0
    return left, lists.before_media.search(head) is not None


def right_of(folded: str, end: int, lang: Lang) -> int:
    """The evidence behind an offset."""
    lists = cues(lang)
    return _side(lists.after_product, lists.after_strong, lists.after_weak, folded[end : end + REACH], lang)


def _side(product: re.Pattern[str], strong: re.Pattern[str], weak: re.Pattern[str], tail: str, lang: Lang) -> int:
    best = 0
    for text in (tail, tail[gap.end() :] if (gap := _GAP.match(tail)) and gap.end() else ""):
        if not text:
            continue
        if strong.match(text):
            return 2
        if product.match(text if lang == "zh" or text is tail else " " + text):
            best = 3
        elif not best and weak.match(text):
            best = 1
    return best
