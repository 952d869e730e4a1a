"""A page's bytes to an `Article`: the steps of this package in their order."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal, TypeAlias

from selectolax.lexbor import LexborHTMLParser

from extractors.errors import NotAnArticle
from extractors.model import Article, Block, Reason, Removed, Selectors
from extractors.pages.blocks import Outline, outline
from extractors.pages.content import find_content
from extractors.pages.decode import decode
from extractors.pages.metadata import read_metadata
from extractors.pages.scrape import read_scrape
from extractors.text import page_lang

_LANG_SAMPLE = 500
_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|div|p|br|a|span|table|article|meta|script|h[1-6]|ul|img)\b[^<]{0,2000}>",
    re.IGNORECASE,
)
BlockKind: TypeAlias = Literal["paragraph", "heading", "item", "quote", "table", "code"]
_KINDS: dict[str, BlockKind] = {
    "item": "item",
    "quote": "quote",
    "table": "table",
    "code": "code",
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
}


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
    text = decode(body, headers=headers, charset=charset, url=url)
    if not _MARKUP.search(text):
        return read_scrape(text, url=url, source=source, fetched_at=fetched_at, tz=tz)
    parser = LexborHTMLParser(text, scripting=True)
    root = parser.root
    if root is None:
        raise NotAnArticle("empty", url=url)
    page = outline(root)
    meta = read_metadata(parser, page, url=url, fetched_at=fetched_at, tz=tz)
    content = find_content(page, meta.title)
    if content is None:
        page = outline(root, prune=False)
        content = find_content(page, meta.title)
    if content is None:
        raise NotAnArticle("empty", url=url)
    parts: list[str] = []
    blocks: list[Block] = []
    removed: list[Removed] = []
    at = 0
    for raw, reason in zip(page.blocks[content.first : content.last], content.reasons, strict=True):
        if reason is None and raw.kind[0] == "h" and raw.text == meta.title:
            reason = "headline"
        if reason is not None:
            removed.append(Removed(raw.text, reason, at))
            continue
        end = at + len(raw.text)
        blocks.append(Block(at, end, _KINDS.get(raw.kind, "paragraph")))
        parts.append(raw.text)
        at = end + 1
    removed += _outside(page, content.first, content.last)
    whole = "\n".join(parts)
    if not whole:
        raise NotAnArticle("empty", url=url)
    return Article(
        source=source,
        url=url,
        lang=page_lang(whole[:_LANG_SAMPLE]),
        title=meta.title,
        byline=meta.byline,
        published_at=meta.published_at,
        text=whole,
        blocks=tuple(blocks),
        removed=tuple(removed),
        credit=meta.credit,
        canonical_url=meta.canonical_url,
    )


def _outside(page: Outline, first: int, last: int) -> list[Removed]:
    """What stands around the body: runs of blocks with one reason are one removal."""
    out: list[Removed] = []
    run: list[str] = []
    run_reason: Reason | None = None
    for i, raw in enumerate(page.blocks):
        if first <= i < last:
            continue
        reason = raw.label or ("navigation" if raw.linked * 2 > len(raw.text) else "other")
        if reason != run_reason and run and run_reason:
            out.append(Removed("\n".join(run), run_reason))
            run = []
        run_reason = reason
        run.append(raw.text)
    if run and run_reason:
        out.append(Removed("\n".join(run), run_reason))
    return out
