"""What an element's names and style say of its region. Both repeat endlessly on a site, so they are remembered."""

from __future__ import annotations

import re

from extractors.model import Reason
from extractors.pages.sheets import HIDES, HIDING_VALUE
from extractors.pages.wording import region_words

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
LABELS: dict[str, tuple[Reason | None, bool]] = {}
STYLES: dict[str | None, bool] = {}
"""What was said before. The walk looks here by itself, for a call costs more than the answer."""
_MOST, _REMEMBERED = 50_000, 300
"""How many names and styles are remembered, and of how many characters at most: a night's sites have 50 names each."""
_TERMS = re.compile(r"\b(?:tag|category|author)-\S+")
"""Words of the story itself among the names of its element, as the commonest publishing systems write them."""
_VALUES = re.compile(r"\[[^\]\s]*\]?")
"""Values that utility classes carry in brackets: they name sizes of other regions."""


def label(name: str) -> tuple[Reason | None, bool]:
    """What a class and id say: a region's label, and whether it is called a body.

    >>> label("sidebar relatedPosts"), label("article_body"), label("spread heading")
    (('navigation', False), (None, True), (None, False))
    """
    found = LABELS.get(name)
    if found is None:
        if len(LABELS) > _MOST:
            LABELS.clear()
        folded = name[:_REMEMBERED]
        if "hentry" in name or "status-publish" in name:
            folded = _TERMS.sub("", folded)
        if "[" in folded:
            folded = _VALUES.sub("", folded)
        lower = folded.lower()
        if lower != folded:
            lower = _CAMEL.sub("-", folded).lower()
        found = region_words().label(f"-{lower}-".replace("_", "-").replace(" ", "-"))
        if len(name) <= _REMEMBERED:
            LABELS[name] = found
    return found


def hides(style: str | None) -> bool:
    """Whether an element's own style hides it; for what `STYLES` has not seen."""
    found = style is not None and HIDING_VALUE.search(style) is not None and HIDES.search(style) is not None
    if style is None or len(style) <= _REMEMBERED:
        if len(STYLES) > _MOST:
            STYLES.clear()
        STYLES[style] = found
    return found
