"""Which blocks inside a body are not the author's, and why: by their names, their links, their wording, their place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from extractors.model import Reason
from extractors.pages.parts import Parts
from extractors.pages.regions import Outline, Raw
from extractors.pages.tags import TAG
from extractors.pages.tail import close, mark_notes
from extractors.pages.wording import line_rules

_GOOD_WEIGHT = 60
# It opens with one set of characters: the engine finds those many times faster than it tries alternatives.
_SENTENCE = re.compile(r"[。！？；，.!?,](?:(?<=[。！？；，])|(?<=[.!?])[\"'”’)\]]*(?:\s|$)|(?<=,) )")
_OWN_REGION = frozenset(
    TAG[t] for t in ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre", "td", "tr")
)
_KEPT_KINDS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "p", "item", "table", "quote", "code"))
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_SPREADING = frozenset(("related", "comments", "newsletter"))
_STORIES = 3
_INSETS = frozenset(("related", "advert"))
_LISTS = frozenset((TAG["ul"], TAG["ol"]))
_WHOLE = 1_000
"""Characters of a block from which on it may be the whole text once more."""
_NEAR = 4
"""Blocks below a heading within which its text begins."""
_COPY = 3
"""Paragraphs in a row, each said before, from which on they are a copy."""
_DATE = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]|\d{1,2}:\d{2}")


def running_text(block: Raw) -> int:
    """How much running text a block brings, 0 for what reads like a label, a link or furniture."""
    text, linked, weight = block.text, block.linked, block.weight
    if weight < _GOOD_WEIGHT or linked * (5 if block.kind == "item" else 2) > len(text):
        return 0
    # The commonest marks first: the pattern tries its alternatives at every character.
    if "，" not in text and ", " not in text and _SENTENCE.search(text) is None:
        return 0
    return weight * (len(text) - linked) // len(text)


def running_texts(blocks: Sequence[Raw]) -> list[int]:
    """The running text of each block; most are too light for any."""
    return [0 if block.weight < _GOOD_WEIGHT else running_text(block) for block in blocks]


def sums_of(values: list[int]) -> list[int]:
    return list(accumulate(values, initial=0))


def _homes(page: Outline, first: int, last: int) -> list[int]:
    """For each block the region it shares with its neighbours: paragraphs and headings are regions of their own."""
    out = []
    for b in page.blocks[first:last]:
        r = b.region
        out.append(page.parent[r] if not b.leaf and page.tag[r] in _OWN_REGION else r)
    return out


def reasons_of(page: Outline, region: int, first: int, last: int, said: list[int]) -> tuple[Reason | None, ...]:
    """Why each block of a region is stripped, `None` where it stays; `said` is the running text of every block."""
    blocks = page.blocks[first:last]
    reasons: list[Reason | None] = [b.label for b in blocks]
    good = [g if b.label is None else 0 for g, b in zip(said[first:last], blocks, strict=True)]
    homes = _homes(page, first, last)
    _mark_repeated(blocks, good, reasons)
    _mark_subtitle(blocks, good, homes, reasons)
    good_homes = {h for h, g in zip(homes, good, strict=True) if g}
    good_names = {(page.tag[h], page.name[h]) for h in good_homes}
    spots = [i for i, g in enumerate(good) if g]
    parts = Parts(page, first, blocks, good, good_homes)
    start, stop = (spots[0], spots[-1]) if spots else (0, len(blocks))
    _unmark_insets(blocks, reasons, start, stop)
    _prune_link_regions(page, region, first, last, reasons, (start, stop), good_homes)
    worded = iter(line_rules().reasons([b.text for b, r in zip(blocks, reasons, strict=True) if r is None]))
    for i, block in enumerate(blocks):
        if reasons[i] is not None:
            # Panels that open on a click stand among the shown ones, built alike.
            if reasons[i] == "hidden" and (page.tag[homes[i]], page.name[homes[i]]) in good_names and said[first + i]:
                reasons[i] = None
            continue
        text, size = block.text, len(block.text)
        reasons[i] = next(worded)
        if reasons[i] is not None:
            continue
        if block.linked * 10 > size * 7 and (block.kind != "p" or size > 12):
            if not (start < i < stop and _is_authors_link(blocks, good, reasons, i)):
                reasons[i] = "related"
            continue
        if good[i] or not spots:
            continue
        if i < start:
            if block.kind == "h1":
                reasons[i] = "headline"
            elif _DATE.search(text):
                reasons[i] = "credit"
            elif homes[i] not in good_homes and not parts.holds(homes[i]):
                reasons[i] = "other"
        elif (
            homes[i] not in good_homes
            and (page.tag[homes[i]], page.name[homes[i]]) not in good_names
            and (block.kind not in _KEPT_KINDS or (i > stop and not parts.holds(homes[i])))
        ):
            reasons[i] = "other"
    _spread_from_headings(blocks, good, homes, reasons)
    close(blocks, reasons)
    mark_notes(blocks, reasons)
    return tuple(reasons)


def _is_authors_link(blocks: list[Raw], good: list[int], reasons: list[Reason | None], i: int) -> bool:
    """Whether a wholly linked heading or item between the paragraphs belongs to them.

    So does a heading with text right below, and an item of a list that a line introduces or that has other items.
    """
    kind = blocks[i].kind
    if kind in _HEADINGS:
        # Headlines one below the other are a list of stories, whatever comes after it.
        if reasons[i - 1] == "related" and blocks[i - 1].kind in _HEADINGS:
            return False
        for j in range(i + 1, min(i + _NEAR, len(blocks))):
            if good[j] or (blocks[j].kind in _HEADINGS and blocks[j].linked * 2 > len(blocks[j].text)):
                return good[j] > 0
        return False
    if kind != "item" or i + 1 == len(blocks):
        # Where nothing reads like an author's, the last block, too, is looked at.
        return False
    above, below = blocks[i - 1], blocks[i + 1]
    if above.kind == "item" or reasons[i - 1] is not None:
        kept = above.kind == "item" and reasons[i - 1] is None
    else:
        kept = above.kind in _HEADINGS or above.text[-1] in ":："
    if kept:
        return True
    if below.kind == "item":
        return below.linked * 2 < len(below.text)
    return bool(good[i - 1] and good[i + 1])


def _unmark_insets(blocks: list[Raw], reasons: list[Reason | None], start: int, stop: int) -> None:
    """Running text that stands among the paragraphs and links to nothing is an inset, whatever its region is called."""
    i = start
    while i < stop:
        label = reasons[i]
        end = i + 1
        if label in _INSETS:
            while end < stop and reasons[end] == label:
                end += 1
            if _is_inset(blocks[i:end]):
                reasons[i:end] = [None] * (end - i)
        i = end


def _is_inset(run: list[Raw]) -> bool:
    if sum([b.linked for b in run]) * 10 > sum([len(b.text) for b in run]) or not any(map(running_text, run)):
        return False
    # Buttons that lead on, whose links were not counted.
    if sum([b.own == "related" and not b.weight for b in run]) > 1:
        return False
    # With a heading for every few lines it is a list of other stories that a script opens; so it is if a line says so.
    return sum([b.kind in _HEADINGS for b in run]) < _STORIES and not any(line_rules().reason(b.text) for b in run)


def _mark_repeated(blocks: list[Raw], good: list[int], reasons: list[Reason | None]) -> None:
    """What is said once more, word for word, is a copy for another width of screen, or filling.

    A single sentence may come back; several in their order, or the whole text in one block, are a copy.
    """
    spots = [i for i, g in enumerate(good) if g]
    if len(spots) < _COPY:
        return
    openings = [blocks[i].text for i in spots[:_COPY]]
    first: dict[str, int] = {}
    run: list[int] = []
    before = -2
    for n, i in enumerate(spots):
        text = blocks[i].text
        at = first.setdefault(text, n)
        if at < n and (not run or at in (before, before + 1)):
            run.append(i)
        else:
            _mark_run(run, good, reasons)
            run = [i] if at < n else []
        before = at
        if len(text) > _WHOLE and n >= _COPY and sum([opening in text for opening in openings]) >= 2:
            reasons[i], good[i] = "other", 0
    _mark_run(run, good, reasons)


def _mark_run(run: list[int], good: list[int], reasons: list[Reason | None]) -> None:
    if len(run) >= _COPY:
        for i in run:
            reasons[i], good[i] = "other", 0


def _mark_subtitle(blocks: list[Raw], good: list[int], homes: list[int], reasons: list[Reason | None]) -> None:
    """A heading below the headline, in a region that these two have to themselves, is a part of the headline."""
    start = next((i for i, g in enumerate(good) if g), 0)
    block, home = blocks[start], homes[start]
    if not start or block.kind not in _HEADINGS:
        return
    if not any(blocks[i].kind == "h1" and homes[i] == home for i in range(max(0, start - _NEAR), start)):
        return
    if not any(g and h == home for g, h in zip(good[start + 1 :], homes[start + 1 :], strict=True)):
        reasons[start], good[start] = "headline", 0


def _spread_from_headings(blocks: list[Raw], good: list[int], homes: list[int], reasons: list[Reason | None]) -> None:
    """A heading that announces furniture ("Related stories") takes along what stands below it.

    It ends at the next heading of its rank, and where the text goes on in the region it stood in before.
    """
    text_homes: set[int] = set()
    for i, heading in enumerate(blocks):
        if good[i]:
            text_homes.add(homes[i])
        kind, reason = heading.kind, reasons[i]
        if (
            not text_homes
            or kind not in _HEADINGS
            or reason not in _SPREADING
            or heading.linked * 2 > len(heading.text)
        ):
            continue
        stop = i + 1
        while stop < len(blocks) and not (blocks[stop].kind in _HEADINGS and blocks[stop].kind <= kind):
            if good[stop] and homes[stop] in text_homes:
                break
            stop += 1
        for j in range(i + 1, stop):
            if reasons[j] is None or reasons[j] == "other":
                reasons[j] = reason


def _prune_link_regions(
    page: Outline,
    region: int,
    first: int,
    last: int,
    reasons: list[Reason | None],
    span: tuple[int, int],
    good_homes: set[int],
) -> None:
    """Strip the regions inside the body that are mostly links: lists of other stories, tags, tools.

    A list that stands among the paragraphs, with more of them below it, is the author's own.
    """
    links = sums_of([b.linked for b in page.blocks[first:last]])
    sizes = sums_of([len(b.text) for b in page.blocks[first:last]])
    parent = page.parent
    for r in range(region + 1, len(page.start)):
        if parent[r] < region:
            break
        s, e = page.start[r] - first, page.end[r] - first
        if e - s < 2:
            continue
        if page.tag[r] in _LISTS and parent[r] in good_homes and span[0] < s and e <= span[1]:
            # Judged item by item.
            continue
        size, linked = sizes[e] - sizes[s], links[e] - links[s]
        if linked * 10 > size * 7 or (linked * 2 > size and size < 60 * (e - s)):
            for i in range(s, e):
                reasons[i] = reasons[i] or "related"
