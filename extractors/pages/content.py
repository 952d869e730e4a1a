"""Which region of a page is the article's body, and which blocks in it are not the author's.

Running text speaks for a region, links and labels without a sentence against it: the body is the region with the best
balance. What a region is called only settles what the balance leaves open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.model import Reason
from extractors.pages.blocks import TAG, Outline, Raw
from extractors.pages.wording import pattern, reason_of

_GOOD_WEIGHT = 60
_MIN_TOTAL = 120
_LINK_NOISE = 1.5
_SHORT_NOISE = 0.2
_STRONG = 1.25
_OWN_REGION = frozenset(TAG[t] for t in ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre", "td", "tr"))
_KEPT_KINDS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "item", "table", "quote", "code"))
_DATE = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]|\d{1,2}:\d{2}")
_SENTENCE = re.compile(r"[。！？；，]|[.!?][\"'”’)\]]*(?:\s|$)|, ")


@dataclass(frozen=True, slots=True)
class Content:
    """The body's blocks in page order, each with the reason why it is stripped, or `None` if it stays."""

    first: int
    last: int
    reasons: tuple[Reason | None, ...]


def _good(block: Raw) -> int:
    """How much running text a block brings, 0 for what reads like a label, a link or furniture."""
    text, linked, weight = block.text, block.linked, block.weight
    if weight < _GOOD_WEIGHT or linked * (5 if block.kind == "item" else 2) > len(text):
        return 0
    if _SENTENCE.search(text) is None:
        return 0
    return weight * (len(text) - linked) // len(text)


def find_content(page: Outline) -> Content | None:
    """The body of a page, `None` if nothing on it reads like one."""
    _mark_cards(page)
    good = [_good(b) for b in page.blocks]
    for trust in ("all", "some", "none"):
        region = _body_region(page, good, trust)
        if region is not None:
            break
    else:
        return None
    first, last = page.start[region], page.end[region]
    return Content(first, last, _classify(page, region, first, last))


def _sums(values: list[int]) -> list[int]:
    total = 0
    out = [0]
    for value in values:
        total += value
        out.append(total)
    return out


def _mark_cards(page: Outline) -> None:
    """Label rows of like-built siblings that each carry a linked headline: teasers of other stories."""
    start, end, blocks = page.start, page.end, page.blocks
    groups: dict[tuple[int, int, str], list[int]] = {}
    for r, p in enumerate(page.parent):
        if p >= 0 and end[r] - start[r] >= 2:
            groups.setdefault((p, page.tag[r], page.name[r]), []).append(r)
    for group in groups.values():
        if len(group) < 3:
            continue
        cards = [
            r
            for r in group
            if end[r] - start[r] <= 8
            and any(b.linked * 10 >= len(b.text) * 8 and b.weight >= 15 for b in blocks[start[r] : end[r]])
        ]
        if len(cards) * 10 < len(group) * 7:
            continue
        for r in group:
            for b in blocks[start[r] : end[r]]:
                if b.label is None:
                    b.label, b.labelled = "related", r


def _body_region(page: Outline, good: list[int], trust: str) -> int | None:
    blocks = page.blocks
    if trust == "all":
        sums = _sums(good)
        total = sums[-1]
        ignored = {
            r
            for r, label in {(b.labelled, b.label) for b in blocks if b.label is not None}
            if r >= 0 and label not in ("comments", "hidden") and (sums[page.end[r]] - sums[page.start[r]]) * 10 > total * 6
        }
    elif trust == "some":
        ignored = {b.labelled for b in blocks if b.label not in ("comments", "navigation")}
    else:
        ignored = {b.labelled for b in blocks}
    if ignored:
        for b in blocks:
            if b.labelled in ignored:
                b.label = None
    value = []
    total = 0
    for g, b in zip(good, blocks, strict=True):
        if b.label is not None:
            value.append(0)
        elif g:
            total += g
            value.append(g)
        else:
            value.append(-int(b.weight * (_LINK_NOISE if b.linked * 2 > len(b.text) else _SHORT_NOISE)))
    if total < _MIN_TOTAL:
        return None
    sums = _sums(value)
    best, best_score = 0, float("-inf")
    for r in range(len(page.start)):
        score: float = sums[page.end[r]] - sums[page.start[r]]
        if page.strong[r]:
            score *= _STRONG
        if score >= best_score:
            best, best_score = r, score
    return best


def _homes(page: Outline, first: int, last: int) -> list[int]:
    """For each block the region it shares with its neighbours: paragraphs and headings are regions of their own."""
    out = []
    for b in page.blocks[first:last]:
        r = b.region
        out.append(page.parent[r] if page.tag[r] in _OWN_REGION else r)
    return out


def _classify(page: Outline, region: int, first: int, last: int) -> tuple[Reason | None, ...]:
    line, inside = pattern("line"), pattern("inside")
    blocks = page.blocks[first:last]
    reasons: list[Reason | None] = [b.label for b in blocks]
    good = [_good(b) if b.label is None else 0 for b in blocks]
    _prune_link_regions(page, first, last, reasons)
    homes = _homes(page, first, last)
    good_homes = {h for h, g in zip(homes, good, strict=True) if g}
    good_names = {(page.tag[h], page.name[h]) for h in good_homes}
    spots = [i for i, g in enumerate(good) if g]
    start, stop = (spots[0], spots[-1]) if spots else (0, len(blocks))
    for i, block in enumerate(blocks):
        if reasons[i] is not None:
            continue
        text, size = block.text, len(block.text)
        if size < 150:
            m = line.match(text) or inside.search(text)
            if m:
                reasons[i] = reason_of(m)
                continue
        if block.linked * 10 > size * 7 and (block.kind != "p" or size > 12):
            reasons[i] = "related"
            continue
        if good[i]:
            continue
        if i < start:
            if block.kind == "h1":
                reasons[i] = "headline"
            elif _DATE.search(text):
                reasons[i] = "credit"
            elif homes[i] not in good_homes:
                reasons[i] = "other"
        elif homes[i] not in good_homes and (page.tag[homes[i]], page.name[homes[i]]) not in good_names and (
            i > stop or block.kind not in _KEPT_KINDS
        ):
            reasons[i] = "other"
    return tuple(reasons)


def _prune_link_regions(page: Outline, first: int, last: int, reasons: list[Reason | None]) -> None:
    """Strip the regions inside the body that are mostly links: lists of other stories, tags, tools."""
    links = _sums([b.linked for b in page.blocks[first:last]])
    sizes = _sums([len(b.text) for b in page.blocks[first:last]])
    for r in range(len(page.start)):
        s, e = page.start[r] - first, page.end[r] - first
        if s < 0 or e > last - first or e - s < 2:
            continue
        size = sizes[e] - sizes[s]
        if (links[e] - links[s]) * 2 > size:
            for i in range(s, e):
                reasons[i] = reasons[i] or "related"
