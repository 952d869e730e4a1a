"""What a copying site dropped into the author's sentences, found and taken out again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.model import Reason


@dataclass(frozen=True, slots=True)
class RemovedSpan:
    """`text` stood at `start:end` of the original paragraph number `paragraph`."""

    paragraph: int
    start: int
    end: int
    text: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Repaired:
    """The paragraphs, as many as came in, without `removed`."""

    paragraphs: tuple[str, ...]
    removed: tuple[RemovedSpan, ...]


def repair(title: str | None, paragraphs: Sequence[str]) -> Repaired:
    return Repaired(tuple(paragraphs), ())
