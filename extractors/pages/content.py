"""Which region of a page is the article's body, and which blocks in it are not the author's."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.model import Reason
from extractors.pages.blocks import TAG, Outline, Raw
from extractors.pages.wording import pattern, reason_of

_GOOD_WEIGHT = 60
_LIST_TAGS = frozenset(TAG[name] for name in ("ul", "ol", "dl", "table"))


@dataclass(frozen=True, slots=True)
class Content:
    """The body's blocks in page order, each with the reason why it is stripped, or `None` if it stays."""

    first: int
    last: int
    reasons: tuple[Reason | None, ...]


def _good(block: Raw) -> int:
    """How much running text a block brings, 0 for what reads like a label, a link or furniture."""
    text, linked = block.text, block.linked
    if block.weight < _GOOD_WEIGHT or linked * 2 > len(text):
        return 0
    return block.weight * (len(text) - linked) // len(text)


def find_content(page: Outline) -> Content | None:
    """The body of a page, `None` if nothing on it reads like one."""
    for with_labels in (True, False):
        region = _body_region(page, with_labels)
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


def _body_region(page: Outline, with_labels: bool) -> int | None:
    blocks = page.blocks
    good = [_good(b) for b in blocks]
    if with_labels:
        all_sums = _sums(good)
        total = all_sums[-1]
        ignored = {
            r
            for r in {b.labelled for b in blocks}
            if r >= 0 and (all_sums[page.end[r]] - all_sums[page.start[r]]) * 10 > total * 6
        }
        for b in blocks:
            if b.labelled in ignored:
                b.label = None
        good = [g if b.label is None else 0 for g, b in zip(good, blocks, strict=True)]
    sums = _sums(good)
    if sums[-1] < 2 * _GOOD_WEIGHT:
        return None
    children: list[list[int]] = [[] for _ in page.start]
    for r, p in enumerate(page.parent):
        if p >= 0:
            children[p].append(r)
    strong = page.strong
    region = 0
    while True:
        mine = sums[page.end[region]] - sums[page.start[region]]
        best, best_sum = -1, 0
        for c in children[region]:
            s = sums[page.end[c]] - sums[page.start[c]]
            if strong[c]:
                s *= 2
            if s > best_sum:
                best, best_sum = c, s
        if best < 0 or best_sum * 100 < mine * 55:
            return region
        if page.tag[best] == TAG["p"] or page.end[best] - page.start[best] <= 1:
            return region
        region = best


def _classify(page: Outline, region: int, first: int, last: int) -> tuple[Reason | None, ...]:
    line, inside = pattern("line"), pattern("inside")
    reasons: list[Reason | None] = []
    for block in page.blocks[first:last]:
        reason = block.label
        text = block.text
        if reason is None:
            size = len(text)
            if block.linked * 10 > size * 7:
                reason = "related" if block.kind != "p" or size > 12 else None
            elif size < 120:
                m = line.match(text) or inside.search(text)
                if m:
                    reason = reason_of(m)
        reasons.append(reason)
    return tuple(reasons)
