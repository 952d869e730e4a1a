"""What a copying site dropped into the author's sentences, found and taken out again.

>>> repair(None, ["甲\\u200b骨文"])
Repaired(paragraphs=('甲骨文',), removed=(RemovedSpan(paragraph=0, start=1, end=2, text='\\u200b', reason='hidden'),))
>>> repair("无事", []), repair(None, [""]).paragraphs
(Repaired(paragraphs=(), removed=()), ('',))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.model import Reason
from extractors.pages import shards
from extractors.pages.hidden import hidden_marks
from extractors.text import rules_lang

_SAMPLE = 2000
"""Characters whose script says which rules read the text."""


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
    """The paragraphs, as many as came in, without `removed` (in the order of the text)."""

    paragraphs: tuple[str, ...]
    removed: tuple[RemovedSpan, ...]


def repair(title: str | None, paragraphs: Sequence[str]) -> Repaired:
    """The author's text: without invisible characters, and without the shards of the headline that a farm dropped in.

    What is kept is kept character by character; what goes is in `removed`. A clean article comes back as it was.
    """
    cuts: list[list[tuple[int, int, Reason]]] = [[] for _ in paragraphs]
    visible = list(paragraphs)
    maps: dict[int, list[int]] = {}
    for number, start, end in hidden_marks(paragraphs):
        cuts[number].append((start, end, "hidden"))
    for number, text in enumerate(paragraphs):
        if cuts[number]:
            gone = {i for start, end, _ in cuts[number] for i in range(start, end)}
            maps[number] = [i for i in range(len(text)) if i not in gone]
            visible[number] = "".join(text[i] for i in maps[number])
    lang = rules_lang("\n".join(visible)[:_SAMPLE])
    for span in shards.find(title, visible, lang):
        places = maps.get(span.paragraph)
        if places is None:
            cuts[span.paragraph].append((span.start, span.end, "injected"))
            continue
        # An invisible character inside a shard is listed on its own.
        run = places[span.start : span.end]
        start = run[0]
        for i, j in zip(run, [*run[1:], -1], strict=True):
            if j != i + 1:
                cuts[span.paragraph].append((start, i + 1, "injected"))
                start = j
    if not any(cuts):
        return Repaired(tuple(paragraphs), ())
    kept: list[str] = []
    removed: list[RemovedSpan] = []
    for number, text in enumerate(paragraphs):
        at = 0
        pieces: list[str] = []
        for begin, end, reason in sorted(cuts[number]):
            # Two shards in a row may both claim the blank between them.
            start = max(begin, at)
            if start >= end:
                continue
            pieces.append(text[at:start])
            removed.append(RemovedSpan(number, start, end, text[start:end], reason))
            at = end
        kept.append("".join([*pieces, text[at:]]) if pieces else text)
    return Repaired(tuple(kept), tuple(removed))
