"""The body that was found, as paragraphs, and everything else on the page, as removals with their reasons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, TypeAlias

from extractors.model import Block, Reason, Removed
from extractors.pages.content import Content
from extractors.pages.mojibake import is_mojibake
from extractors.pages.page_title import key_of
from extractors.pages.parts import join_rows
from extractors.pages.regions import Outline, Raw
from extractors.pages.repair import Repaired, repair
from extractors.pages.scrape_wording import ends_article, is_more
from extractors.pages.tail import is_writers_life
from extractors.pages.wording import line_rules
from extractors.text import uncommon

_BARE_MORE = 16
"""Characters of a block that is nothing but the link to the rest of a story."""
_BODY = 200
"""Characters of a body in front of a list of other stories' openings, below which the list may be the article."""
# What every destroyed text has in it: a replacement, Latin letters beyond ASCII, lost characters as question marks, or
# the characters that the commonest bytes of UTF-8 become as GBK. Clean paragraphs are spared the whole test.
_SUSPECT = re.compile("[\ufffd\u0080-\u00b6\u00b8-\u024f\uff61-\uff9f锟烫屯锛銆鐨鈥绗涓鍜]")
_HEADING_WEIGHT, _HEADLINE_WEIGHT = 60, 30
"""Weight below which an unlinked line outside the body may announce a list, and from which a link is a headline."""
_OPENING = 3
"""Lines at the head of a body among which the headline may stand once more."""
_REPAIRED = 100_000
"""Characters of a body up to which it is looked through for what a copying site dropped in."""
BlockKind: TypeAlias = Literal["paragraph", "heading", "item", "quote", "table", "code"]
_KINDS: dict[str, BlockKind] = {
    "item": "item",
    "quote": "quote",
    "table": "table",
    "code": "code",
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
}


def assemble(
    page: Outline, content: Content, title: str | None, byline: str | None
) -> tuple[tuple[str, ...], list[Block], list[Removed]]:
    """The body's paragraphs, their blocks, and what was taken out between and inside them."""
    raws, reasons = _line_by_line(page.blocks[content.first : content.last], content.reasons)
    head = key_of(title) if title else ""
    opening = _OPENING
    doubtful = _any_suspect([raw.text for raw, reason in zip(raws, reasons, strict=True) if reason is None])
    for i, raw in enumerate(raws):
        if reasons[i] is None:
            opening -= 1
            again = opening >= 0 and head and len(raw.text) <= 2 * len(head) and key_of(raw.text) == head
            if again or (raw.kind[0] == "h" and raw.text == title):
                reasons[i] = "headline"
            elif doubtful and _is_suspect(raw.text) and is_mojibake(raw.text):
                reasons[i] = "mojibake"
    _mark_teasers(raws, reasons)
    if any(raw.kind == "table" for raw in raws):
        raws, reasons = join_rows(page, raws, reasons)
    kept = [i for i, reason in enumerate(reasons) if reason is None]
    for i in kept[-2:] if len(kept) > 3 else ():
        if is_writers_life(raws[i].text, byline):
            reasons[i] = "credit"
            kept.remove(i)
    texts = [raws[i].text for i in kept]
    # A farm's article is a news item; looking for shards in a book would cost more than reading it.
    repaired = repair(title, texts) if sum(map(len, texts)) <= _REPAIRED else Repaired(tuple(texts), ())
    spans: dict[int, list[tuple[int, int, str, Reason]]] = {}
    for span in repaired.removed:
        spans.setdefault(span.paragraph, []).append((span.start, span.end, span.text, span.reason))
    paragraphs: list[str] = []
    blocks: list[Block] = []
    removed: list[tuple[str, Reason, int]] = []
    at = number = 0
    for raw, reason in zip(raws, reasons, strict=True):
        if reason is not None:
            removed.append((raw.text, reason, at))
            continue
        text = repaired.paragraphs[number]
        gone = 0
        for start, end, what, why in spans.get(number, ()):
            removed.append((what, why, at + start - gone))
            gone += end - start
        number += 1
        if not text.strip():
            continue
        paragraphs.append(text)
        blocks.append(Block(at, at + len(text), _KINDS.get(raw.kind, "paragraph")))
        at += len(text) + 1
    # What stood behind the last paragraph stands at the end of the text, not behind a line break that is not there.
    size = max(0, at - 1)
    return tuple(paragraphs), blocks, [Removed(text, reason, min(where, size)) for text, reason, where in removed]


def _line_by_line(raws: Sequence[Raw], reasons: Sequence[Reason | None]) -> tuple[Sequence[Raw], list[Reason | None]]:
    """The blocks, with each line of a region that was passed over for its name, but stays, as a block of its own."""
    if not any(reason is None and "\n" in raw.text for raw, reason in zip(raws, reasons, strict=True)):
        return raws, list(reasons)
    out: list[Raw] = []
    why: list[Reason | None] = []
    for raw, reason in zip(raws, reasons, strict=True):
        if reason is not None or "\n" not in raw.text:
            out.append(raw)
            why.append(reason)
            continue
        lines = [line for text in raw.text.split("\n") if (line := " ".join(text.split()))]
        out += [Raw(line, len(line.encode("utf-8", "surrogatepass")), 0, raw.kind, raw.region) for line in lines]
        why += [None] * len(lines)
    return out, why


def _mark_teasers(raws: Sequence[Raw], reasons: list[Reason | None]) -> None:
    """Openings of other stories inside the body's container, each with its link to the rest ("...[详细]").

    One such link may be the article's own; from two on, behind a body and with nothing of it after them, they are a
    list, and the heading above it goes with it.
    """
    last = max([i for i, reason in enumerate(reasons) if reason is None], default=0)
    if not any(raw.linked and is_more(raw.text) for raw in raws[last:]):
        return
    links = [i for i, raw in enumerate(raws) if raw.linked and is_more(raw.text)]
    if len(links) < 2:
        return
    openings = []
    for i in links:
        # Where the link stands alone, the story's opening is the block before it, behind what is no text at all.
        alone = len(raws[i].text) <= _BARE_MORE
        openings.append(next((k for k in range(i - 1, -1, -1) if reasons[k] != "mojibake"), i) if alone else i)
    first = openings[0]
    if first and reasons[first - 1] is None and ends_article(raws[first - 1].text):
        first -= 1
    if sum(len(raw.text) for raw, reason in zip(raws[:first], reasons, strict=False) if reason is None) < _BODY:
        return
    for k in (*openings, *links):
        reasons[k] = reasons[k] or "teaser"
    if first < openings[0]:
        reasons[first] = "related"


def _is_suspect(text: str) -> bool:
    return "??" in text or (not text.isascii() and _SUSPECT.search(text) is not None)


def _any_suspect(texts: Sequence[str]) -> bool:
    """Whether any of them is: in most articles none, and to ask them together costs less."""
    foreign = uncommon("\n".join([text for text in texts if not text.isascii()]))
    return _SUSPECT.search(foreign) is not None or any("??" in text for text in texts if "?" in text)


def outside(page: Outline, first: int, last: int) -> list[Removed]:
    """What stands around the body: runs of blocks with one reason are one removal."""
    out: list[Removed] = []
    run: list[str] = []
    run_reason: Reason | None = None
    below: Reason | None = None  # what the last heading announced
    blocks = page.blocks
    around = [*blocks[:first], *blocks[last:]]
    short = [b.text for b in around if 0 < b.weight < _HEADING_WEIGHT and b.linked * 2 <= len(b.text)]
    announced = iter(line_rules().reasons(short))
    for raw in [*blocks[:first], None, *blocks[last:], None]:
        reason: Reason | None = None
        if raw is not None:
            linked = raw.linked * 2 > len(raw.text)
            if not linked and raw.weight < _HEADING_WEIGHT:
                below = next(announced) if raw.weight else None
            reason = (
                raw.label
                or below
                or (("related" if raw.weight >= _HEADLINE_WEIGHT else "navigation") if linked else "other")
            )
        if reason != run_reason and run_reason is not None:
            out.append(Removed("\n".join(run), run_reason))
            run = []
        run_reason = reason
        if raw is not None:
            run.append(raw.text)
    return out
