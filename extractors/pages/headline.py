"""The headline as it stands above a body, where the title bar says more than it, or only the site's name."""

from __future__ import annotations

import re

from extractors.pages.regions import Outline, Raw
from extractors.pages.wording import phrases

_WORD = re.compile(r"[A-Za-z0-9]{4,}")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_ABOVE = 14
"""Blocks above a body among which its headline stands."""
_SAMPLE = 30
"""Blocks of a body that are read for what it is about."""
_FOREIGN, _ABOUT = 0.35, 0.5
"""Share of a title's words in the body below which it is not about it, and of a headline's from which on it is."""
_LEAST, _MOST = 24, 240
"""Weight (UTF-8 bytes) of a headline."""
_MARKS = frozenset("-–—_|｜·:：»›>")
_HAN_MARKS = _MARKS | {" "}
_DATE = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]|\d{1,2}:\d{2}")


def shards_of(title: str) -> set[str]:
    """What a headline and its article have in common: longer words, or pairs of Han characters."""
    shards = {word.lower() for word in _WORD.findall(title)}
    for run in _HAN_RUN.findall(title):
        shards.update(run[i : i + 2] for i in range(len(run) - 1))
    return shards


def share_of(shards: set[str], blocks: list[Raw]) -> float:
    """The share of them that the blocks have, 0 to 1."""
    text = " ".join([b.text for b in blocks if b.label is None]).lower()
    return sum([shard in text for shard in shards]) / max(1, len(shards))


def headline(page: Outline, title: str | None, at: int, site: str | None = None) -> str | None:
    """The title, or a line above the block `at`, the body's first, that is more of a headline.

    That is a line which the title has whole, with a site's or a section's name or key words around it; and where the
    title has next to nothing in common with the body, or is the name of the site, the line that has most.
    """
    named = not title or title == site or phrases("title", "site").search(title) is not None
    above = page.blocks[max(0, at - _ABOVE) : at]
    if not named and any(b.text == title and b.kind == "h1" and not b.linked for b in above):
        return title
    lines = [b for b in above if _LEAST <= b.weight <= _MOST and b.linked == 0]
    if at < len(page.blocks):
        opening = page.blocks[at]
        # In English this is as often a heading of the first part.
        if opening.kind[0] == "h" and opening.weight <= _MOST and _HAN_RUN.search(opening.text):
            lines.append(opening)
    if not lines:
        return title
    if title:
        folded = " ".join(title.split())
        inside = [b.text for b in lines if b.text != folded and _stands_in(b.text, folded)]
        if inside:
            return max(inside, key=len)
    body = page.blocks[at : at + _SAMPLE]
    words = shards_of(title or "")
    own = 0.0 if named else share_of(words, body)
    if own >= _FOREIGN or not (named or words):
        return title
    found, best = title, (9, 0.0)
    for line in reversed(lines):
        heading = line.kind[0] == "h"
        if not (heading or _HAN_RUN.search(line.text)) or line.text[-1] in "。.：:" or _DATE.search(line.text):
            continue
        share = share_of(shards_of(line.text), body)
        # The first rank of headings that says anything; without headings, the line that says most.
        rank = int(line.kind[1]) if heading else 8
        if share >= max(_ABOUT, 2 * own) and (rank, -share) < best:
            found, best = line.text, (rank, -share)
    return found


def _stands_in(line: str, title: str) -> bool:
    """Whether a title has the line as most of it, or at its head or end, between marks that join names."""
    start = title.find(line)
    if start < 0:
        return False
    before, after = title[:start], title[start + len(line) :]
    # Blanks join the words of most languages; only Chinese titles set names apart by them.
    marks = _HAN_MARKS if _HAN_RUN.search(line) else _MARKS
    if (before and before.rstrip()[-1:] not in marks and before[-1] not in marks) or (
        after and after.lstrip()[:1] not in marks and after[0] not in marks
    ):
        return False
    return (
        len(line) * 2 > len(title)
        or (not after and before.endswith(" - "))
        or (not before and after.lstrip()[:1] in "-_|")
    )
