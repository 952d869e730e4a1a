"""Does the text around a name speak of a company? Evidence to its left and right, as company_context.toml lists it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from extractors.lexicons.backwards import backwards
from extractors.model import Lang

# How much text on each side can be evidence.
REACH = 90
# What no, weak, strong and product evidence on one side is worth.
WORTH = (0.0, 0.4, 1.0, 1.0)
_GAP = re.compile(r"[\s\"”’」』》]*(?:[（(][^（）()]{1,24}[）)])?\s?")
_LEFT_GAP = re.compile(r"[\s\"“‘「『]*")


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
    return WORTH[left_of(before_of(folded, start, lang), lang)] + WORTH[right_of(folded, end, lang)]


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
