"""Which region of a page is the article's body, and which blocks in it are not the author's.

Running text speaks for a region, links and labels without a sentence against it: the body is the region with the best
balance. What a region is called only settles what the balance leaves open.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from operator import sub

from extractors.model import Reason
from extractors.pages.furniture import reasons_of, running_texts, sums_of
from extractors.pages.headline import shards_of, share_of
from extractors.pages.regions import Outline, Raw
from extractors.pages.tags import TAG

_MIN_TOTAL = 120
_LINK_NOISE = 2.0
_SHORT_NOISE = 0.2
_BESIDE = 100
_STRONG = 1.25
_PURITY = 1.5
_STRONG_PURITY = 1.0
_RIVAL = 0.3
_MISNOMER = 0.5
_LINK_WEIGHT, _LINKS_TOTAL = 200, 600
_TRIES = 3
_CARD_WEIGHT = 250
_CARD_WEIGHT_HEADED = 900
_CARDS_MOST = 1.4
_MOMENT = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?: \d{1,2}:\d{2}(?::\d{2})?)?")
_SMALL, _MUCH = 1_500, 3
"""A body of less weight is doubted where so many times its text stands in regions that are named as furniture."""
_BY_NAME = frozenset(("all", "hidden", "some"))
_TRUSTED = frozenset((None, "comments", "hidden"))
_ARTICLE, _ASIDES = TAG["article"], frozenset((TAG["nav"], TAG["aside"], TAG["footer"]))


@dataclass(frozen=True, slots=True)
class Content:
    """The body's blocks in page order, each with the reason why it is stripped, or `None` if it stays."""

    first: int
    last: int
    reasons: tuple[Reason | None, ...]


def find_content(page: Outline, title: str | None = None) -> Content | None:
    """The body of a page, `None` if nothing on it reads like one. The headline settles close calls."""
    good = running_texts(page.blocks)
    if page.target is not None:
        first, last = page.start[page.target], page.end[page.target]
        return Content(first, last, reasons_of(page, page.target, first, last, good)) if last > first else None
    cards = _cards(page, good)
    for trust in ("all", "hidden", "some", "none", "links"):
        if trust == "links":
            # Nothing but links: one that was never closed covers all that follows. No link says that much.
            for b in page.blocks:
                b.linked = 0 if b.weight >= _LINK_WEIGHT else b.linked
            good = running_texts(page.blocks)
            if sum(good) < _LINKS_TOTAL:
                break
        _label_blocks(page, good, cards, trust)
        if trust == "all" and _more_is_hidden(page, good):
            continue
        rest = good
        for _ in range(_TRIES):
            region = _body_region(page, rest, title)
            if region is None:
                break
            first, last = page.start[region], page.end[region]
            content = Content(first, last, reasons_of(page, region, first, last, good))
            kept = _kept(page, content)
            if kept:
                if trust in _BY_NAME and title and kept < _SMALL and _lost(page, good) > _MUCH * kept:
                    return _misnamed(page, good, cards, title, content, kept, trust)
                return content
            # All of it was furniture: the body is elsewhere.
            rest = [0 if first <= i < last else g for i, g in enumerate(rest)]
    return None


def _kept(page: Outline, content: Content) -> int:
    blocks = page.blocks[content.first : content.last]
    return sum([b.weight for b, reason in zip(blocks, content.reasons, strict=True) if reason is None])


def _lost(page: Outline, good: list[int]) -> int:
    """The running text in regions that names alone call furniture."""
    return sum([g for g, b in zip(good, page.blocks, strict=True) if g and b.label not in _TRUSTED])


def _misnamed(
    page: Outline, good: list[int], cards: list[bool], title: str, content: Content, kept: int, trust: str
) -> Content:
    """A body much larger than the one found, in a region with a misleading name, if the headline speaks for it."""
    shards = shards_of(title)
    mine = share_of(shards, page.blocks[content.first : content.last])
    _label_blocks(page, good, cards, "names")
    region = _body_region(page, good, title)
    if region is not None:
        first, last = page.start[region], page.end[region]
        other = Content(first, last, reasons_of(page, region, first, last, good))
        if _kept(page, other) > _MUCH * kept and share_of(shards, page.blocks[first:last]) >= max(mine, 0.5):
            return other
    _label_blocks(page, good, cards, trust)
    return content


def _more_is_hidden(page: Outline, good: list[int]) -> bool:
    """Whether the text waits in invisible regions for a script to show it."""
    hidden = sum([g for g, b in zip(good, page.blocks, strict=True) if g and b.label == "hidden"])
    return hidden > 2 * sum([g for g, b in zip(good, page.blocks, strict=True) if b.label is None]) if hidden else False


def _label_blocks(page: Outline, good: list[int], cards: list[bool], trust: str) -> None:
    """Give every block the label of the outermost region around it that has one.

    A label on a region that holds most of the page's text is a misnomer, and what stands inside counts instead.
    """
    start, end, own = page.start, page.end, page.own
    sums = sums_of(good)
    most = sums[-1] * _MISNOMER
    effective: list[Reason | None] = []
    for r, p in enumerate(page.parent):
        label = effective[p] if p >= 0 else None
        if label is None:
            label = own[r] or ("related" if cards[r] else None)
            if label is not None and (
                (trust == "hidden" and label == "hidden")
                or (trust == "some" and label not in ("comments", "navigation"))
                or (trust == "names" and label not in _TRUSTED)
                or trust in ("none", "links")
                or (
                    label not in ("comments", "hidden")
                    and page.tag[r] not in _ASIDES
                    and sums[end[r]] - sums[start[r]] > most
                )
            ):
                label = None
        effective.append(label)
    for b in page.blocks:
        b.label = b.own or effective[b.region]


def _cards(page: Outline, good: list[int]) -> list[bool]:
    """Which regions are rows of like-built siblings that each carry a linked headline: teasers of other stories."""
    start, end, blocks = page.start, page.end, page.blocks
    out = [False] * len(start)
    sums = sums_of(good)
    total = sums[-1]
    several = [r for r, size in enumerate(map(sub, end, start)) if size >= 2]
    siblings = Counter([page.parent[r] for r in several])
    groups: dict[tuple[int, int, str], list[int]] = {}
    for r in several:
        parent, tag = page.parent[r], page.tag[r]
        if parent >= 0 and siblings[parent] >= (2 if tag == _ARTICLE else 3):
            # Articles in a row are cards whatever their names, which often carry a number.
            groups.setdefault((parent, tag, "" if tag == _ARTICLE else page.name[r]), []).append(r)
    for (_, tag, _), group in groups.items():
        if len(group) < 3 and not (tag == _ARTICLE and len(group) == 2):
            continue
        # A list article is built like a row of cards, but it is most of its page.
        weights = [sums[end[r]] - sums[start[r]] for r in group]
        if sum(weights) * _CARDS_MOST >= total:
            continue
        cards = sum([_is_card(blocks[start[r] : end[r]], w) for r, w in zip(group, weights, strict=True)])
        if cards * 10 >= len(group) * 7:
            for r in group:
                out[r] = True
    return out


def _is_card(blocks: list[Raw], weight: int) -> bool:
    """Whether a region's blocks are a linked line and not much else; a linked heading may have more below it.

    Where a script opens the story, a heading with a moment of its own stands for the link. `weight` is the region's
    running text.
    """
    if len(blocks) > 8 or weight > _CARD_WEIGHT_HEADED:
        return False
    linked = [b for b in blocks if b.linked * 10 >= len(b.text) * 8 and b.weight >= 15]
    headed = any(b.kind[0] == "h" for b in linked or blocks)
    if not linked and not (headed and any(_MOMENT.fullmatch(b.text) for b in blocks)):
        return False
    most = _CARD_WEIGHT_HEADED if headed else _CARD_WEIGHT
    return weight <= most


def _body_region(page: Outline, good: list[int], title: str | None) -> int | None:
    """The region with the most running text for the noise that comes with it."""
    parent = page.parent
    texts = [0] * len(parent)
    noises = [0.0] * len(parent)
    total = 0
    for g, b in zip(good, page.blocks, strict=True):
        if b.label is None:
            if g:
                total += g
                texts[b.region] += g
            else:
                # A paragraph with a sentence beside its links is text all the same.
                links = b.linked * 2 > len(b.text) and (b.kind != "p" or len(b.text) - b.linked < _BESIDE)
                noises[b.region] += b.weight * (_LINK_NOISE if links else _SHORT_NOISE)
    if total < _MIN_TOTAL:
        return None
    best, best_score = 0, -1.0
    scores = [0.0] * len(parent)
    # Children have larger numbers than their parents: backwards, each region's sum is complete when it is reached.
    for r in range(len(parent) - 1, -1, -1):
        text = texts[r]
        if not text:
            if parent[r] >= 0:
                noises[parent[r]] += noises[r]
            continue
        noise = noises[r]
        if parent[r] >= 0:
            texts[parent[r]] += text
            noises[parent[r]] += noise
        if page.strong[r]:
            score = _STRONG * text * (text / (text + noise)) ** _STRONG_PURITY
        else:
            score = text * (text / (text + noise)) ** _PURITY
        scores[r] = score
        if score > best_score:
            best, best_score = r, score
    return _closer_to_title(page, scores, best, title) if title else best


def _closer_to_title(page: Outline, scores: list[float], best: int, title: str) -> int:
    """The best region, or a rival elsewhere on the page that is about the headline when the best is not."""
    start, end = page.start, page.end
    first, last = start[best], end[best]
    rival, rival_score = -1, scores[best] * _RIVAL
    for r, score in enumerate(scores):
        if score > rival_score and (end[r] <= first or start[r] >= last):
            rival, rival_score = r, score
    if rival < 0:
        return best
    shards = shards_of(title)
    mine = share_of(shards, page.blocks[first:last])
    other = share_of(shards, page.blocks[start[rival] : end[rival]])
    return rival if other > 0.25 and other > 2 * mine else best
