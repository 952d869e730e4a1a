"""The topic filter: articles that name a subject. Off unless a source file or the command line sets words.

>>> names(("GPU", "算力"), "新增算力"), names(("GPU", "算力"), "8,000 gpus"), names(("AI",), "said")
(True, True, False)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from extractors.text import fold
from pipelines.records import Link


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    # A Latin word starts at a word's start and may take a plural s; Chinese has no such bounds.
    parts = [rf"(?<![a-z0-9]){re.escape(w)}(?:s|es)?(?![a-z0-9])" if w.isascii() else re.escape(w) for w in words]
    return re.compile("|".join(parts))


def names(topic: Sequence[str], text: str) -> bool:
    """Whether `text` names one of the words; case, width and the two Chinese scripts make no difference."""
    words = tuple(fold(word).lower() for word in topic if word.strip())
    return not words or _pattern(words).search(fold(text).lower()) is not None


def link_names(topic: Sequence[str], link: Link) -> bool | None:
    """What the feed's own text says: `True`, `False` when it is the full text, `None` when only the page can tell.

    >>> link_names(("GPU",), Link("x", "http://x.example/1", title="On ships")) is None
    True
    """
    if names(topic, "\n".join(filter(None, (link.title, link.summary, link.html)))):
        return True
    return None if link.html is None else False
