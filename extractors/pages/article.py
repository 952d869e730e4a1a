"""A page's bytes to an `Article`: the steps of this package in their order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.errors import NotAnArticle
from extractors.model import Article, Block, Reason, Removed, Selectors
from extractors.pages.blocks import Outline, Raw, outline
from extractors.pages.content import Content, find_content
from extractors.pages.dates import parse_date
from extractors.pages.decode import decode_page
from extractors.pages.embedded import LinkedArticle, linked_article, state_article
from extractors.pages.furniture import is_writers_life
from extractors.pages.metadata import Byline, Head, read_byline, read_head
from extractors.pages.mojibake import is_mojibake
from extractors.pages.repair import Repaired, repair
from extractors.pages.scrape import read_scrape
from extractors.pages.scrape_wording import ends_article, is_more
from extractors.pages.sheets import hide
from extractors.pages.verdict import check_parsable, checked
from extractors.pages.wording import line_rules
from extractors.text import page_lang

_LANG_SAMPLE = 300
_BARE_MORE = 16
"""Characters of a block that is nothing but the link to the rest of a story."""
_BODY = 200
"""Characters of a body in front of a list of other stories' openings, below which the list may be the article."""
_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|div|p|br|a|span|table|article|meta|script|h[1-6]|ul|img)\b[^<]{0,2000}>",
    re.IGNORECASE,
)
# What every destroyed text has in it: a replacement, Latin letters beyond ASCII, lost characters as question marks, or
# the characters that the commonest bytes of UTF-8 become as GBK. Clean paragraphs are spared the whole test.
_SUSPECT = re.compile("[\ufffd\u0080-\u00b6\u00b8-\u024f\uff61-\uff9f锟烫屯锛銆鐨鈥绗涓鍜]|[?]{2}")
_HEADING_WEIGHT, _HEADLINE_WEIGHT = 60, 30
"""Weight below which an unlinked line outside the body may announce a list, and from which a link is a headline."""
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
_SHORT_BODY = 600
"""A body of less weight than this (UTF-8 bytes) is compared with what the page's embedded JSON offers."""


def read_page(
    body: bytes,
    *,
    url: str | None = None,
    source: str = "",
    headers: tuple[tuple[str, str], ...] = (),
    fetched_at: datetime | None = None,
    charset: str | None = None,
    tz: str | None = None,
    selectors: Selectors | None = None,
) -> Article:
    """The article of a page.

    `charset` is what the site is known to send when the page itself says nothing; `tz` the IANA zone in which its bare
    clock times are read (UTC without it); `fetched_at` what relative dates ("3小时前") count from. Bytes without markup
    are a text scrape: paragraphs by line, and a first line that reads like a headline is the title.

    Raises `UnreadablePage` and `NotAnArticle`.
    """
    text, utf8 = decode_page(body, headers=headers, charset=charset, url=url)
    if not _MARKUP.search(text):
        return read_scrape(text, url=url, source=source, fetched_at=fetched_at, tz=tz)
    check_parsable(text, utf8, url=url)
    parser = LexborHTMLParser(text if utf8 is None else utf8, scripting=True)
    root = parser.root
    if root is None:
        raise NotAnArticle("empty", url=url)
    removed: list[Removed] = []
    wanted = _apply(selectors, parser, removed) if selectors is not None else None
    hide(parser, text)
    linked = linked_article(text)
    page = outline(root, prune=wanted is None, target=wanted.mem_id if wanted is not None else None)
    head = read_head(parser, page, linked, url)
    content = find_content(page, head.title)
    if wanted is None and (content is None or _weight(page, content) < _SHORT_BODY):
        page, content = _unpruned(root, head.title, page, content)
    if content is None or _weight(page, content) < _SHORT_BODY:
        page, content, linked = _embedded(text, linked, head.title, page, content)
    content = checked(page, content, head, url=url)
    who = _who(parser, page, content, head, linked, url=url, fetched_at=fetched_at, tz=tz)
    if selectors is not None:
        head, who = _selected(selectors, parser, head, who, tz)
    paragraphs, blocks, inside = _assemble(page, content, head.title, who.byline)
    removed += inside
    removed += _outside(page, content.first, content.last)
    whole = "\n".join(paragraphs)
    if not whole:
        raise NotAnArticle("empty", url=url, detail="nothing of the body is left")
    return Article(
        source=source,
        url=url,
        lang=page_lang(whole[:_LANG_SAMPLE]),
        title=head.title,
        byline=who.byline,
        published_at=who.published_at,
        text=whole,
        blocks=tuple(blocks),
        removed=tuple(removed),
        credit=who.credit,
        canonical_url=head.canonical,
    )


def _weight(page: Outline, content: Content) -> int:
    kept = zip(page.blocks[content.first : content.last], content.reasons, strict=True)
    return sum([raw.weight for raw, reason in kept if reason is None])


def _unpruned(
    root: LexborNode, title: str | None, page: Outline, content: Content | None
) -> tuple[Outline, Content | None]:
    """The body when no region is passed over for its name, if that is much more."""
    whole = outline(root, prune=False)
    found = find_content(whole, title)
    if found is None or (content is not None and _weight(whole, found) < 2 * _weight(page, content)):
        return page, content
    return whole, found


def _embedded(
    text: str, linked: LinkedArticle | None, title: str | None, page: Outline, content: Content | None
) -> tuple[Outline, Content | None, LinkedArticle | None]:
    """The body that the page's JSON holds, where it says much more than the markup, with what else it says."""
    candidates = [data for data in (linked, state_article(text, title)) if data is not None and data.body]
    best = max(candidates, key=lambda data: len(data.body or ""), default=None)
    if best is None or best.body is None:
        return page, content, linked
    shown = _weight(page, content) if content is not None else 0
    if "<" in best.body:
        root = LexborHTMLParser(best.body).root
        inner = outline(root) if root is not None else Outline()
    else:
        inner = _plain_outline(best.body)
    found = find_content(inner, title)
    if found is None or _weight(inner, found) < max(2 * shown, 200):
        return page, content, linked
    return inner, found, best if linked is None else linked


def _plain_outline(text: str) -> Outline:
    lines = [line for raw in text.splitlines() if (line := " ".join(raw.split()))]
    out = Outline([Raw(line, len(line.encode()), 0, "p", 0) for line in lines], [-1], [0], [len(lines)])
    out.tag, out.name, out.own, out.strong = [0], [""], [None], [True]
    return out


def _apply(selectors: Selectors, parser: LexborHTMLParser, removed: list[Removed]) -> LexborNode | None:
    """Take out what a site is known to need out, and find the element that it keeps its body in."""
    for query in selectors.remove:
        # One at a time: a match inside a match goes with it.
        while (node := parser.css_first(query)) is not None:
            if text := node.text(separator="\n", strip=True, skip_empty=True):
                removed.append(Removed(text, "other"))
            node.decompose()
    return _first(parser, selectors.body)


def _first(parser: LexborHTMLParser, queries: Sequence[str]) -> LexborNode | None:
    for query in queries:
        if (node := parser.css_first(query)) is not None:
            return node
    return None


def _selected(
    selectors: Selectors, parser: LexborHTMLParser, head: Head, who: Byline, tz: str | None
) -> tuple[Head, Byline]:
    """What a site's own selectors say goes before what was found."""
    if (node := _first(parser, selectors.title)) is not None and (text := _value(node)):
        head = replace(head, title=text)
    if (node := _first(parser, selectors.byline)) is not None and (text := _value(node)):
        who = replace(who, byline=text)
    if (node := _first(parser, selectors.date)) is not None:
        found = parse_date(_value(node), ZoneInfo(tz) if tz else UTC)
        who = replace(who, published_at=found or who.published_at)
    return head, who


def _value(node: LexborNode) -> str:
    attributes = node.attributes
    return " ".join((attributes.get("datetime") or attributes.get("content") or node.text(separator=" ")).split())


def _who(
    parser: LexborHTMLParser,
    page: Outline,
    content: Content,
    head: Head,
    linked: LinkedArticle | None,
    *,
    url: str | None,
    fetched_at: datetime | None,
    tz: str | None,
) -> Byline:
    blocks = page.blocks
    first, last = content.first, content.last
    kept = [i for i, reason in enumerate(content.reasons, first) if reason is None]
    if kept:
        first, last = kept[0], kept[-1] + 1
    times = [node.attributes.get("datetime") or node.text() for node, i in page.times if first - 30 <= i <= first + 3]
    return read_byline(
        head,
        linked,
        times,
        [b.text for b in reversed(blocks[max(0, first - 30) : first]) if b.text],
        [b.text for b in blocks[first : first + 2]] + [b.text for b in blocks[max(first, last - 2) : last]],
        [b.text for b in blocks[last : last + 15]],
        url=url,
        fetched_at=fetched_at,
        tz=tz,
    )


def _assemble(
    page: Outline, content: Content, title: str | None, byline: str | None
) -> tuple[tuple[str, ...], list[Block], list[Removed]]:
    """The body's paragraphs, their blocks, and what was taken out between and inside them."""
    raws = page.blocks[content.first : content.last]
    reasons = list(content.reasons)
    for i, raw in enumerate(raws):
        if reasons[i] is None:
            if raw.kind[0] == "h" and raw.text == title:
                reasons[i] = "headline"
            elif _is_suspect(raw.text) and is_mojibake(raw.text):
                reasons[i] = "mojibake"
    _mark_teasers(raws, reasons)
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
    removed: list[Removed] = []
    at = number = 0
    for raw, reason in zip(raws, reasons, strict=True):
        if reason is not None:
            removed.append(Removed(raw.text, reason, at))
            continue
        text = repaired.paragraphs[number]
        gone = 0
        for start, end, what, why in spans.get(number, ()):
            removed.append(Removed(what, why, at + start - gone))
            gone += end - start
        number += 1
        if not text.strip():
            continue
        paragraphs.append(text)
        blocks.append(Block(at, at + len(text), _KINDS.get(raw.kind, "paragraph")))
        at += len(text) + 1
    # What stood behind the last paragraph stands at the end of the text, not behind a line break that is not there.
    size = max(0, at - 1)
    return tuple(paragraphs), blocks, [r if (r.where or 0) <= size else replace(r, where=size) for r in removed]


def _mark_teasers(raws: Sequence[Raw], reasons: list[Reason | None]) -> None:
    """Openings of other stories inside the body's container, each with its link to the rest ("...[详细]").

    One such link may be the article's own; from two on, behind a body and with nothing of it after them, they are a
    list, and the heading above it goes with it.
    """
    links = [i for i, raw in enumerate(raws) if raw.linked and is_more(raw.text)]
    if len(links) < 2 or any(reason is None for reason in reasons[links[-1] + 1 :]):
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
    return "??" in text if text.isascii() else _SUSPECT.search(text) is not None


def _outside(page: Outline, first: int, last: int) -> list[Removed]:
    """What stands around the body: runs of blocks with one reason are one removal."""
    out: list[Removed] = []
    run: list[str] = []
    run_reason: Reason | None = None
    below: Reason | None = None  # what the last heading announced
    for raw in [*page.blocks[:first], None, *page.blocks[last:], None]:
        reason: Reason | None = None
        if raw is not None:
            linked = raw.linked * 2 > len(raw.text)
            if not linked and raw.weight < _HEADING_WEIGHT:
                below = line_rules().reason(raw.text) if raw.weight else None
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
