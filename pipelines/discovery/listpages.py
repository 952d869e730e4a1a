"""List pages: the links that a selector points at, or all whose address is an article's."""

from __future__ import annotations

from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.errors import PageError
from extractors.model import Page
from extractors.pages.decode import decode_page
from extractors.pages.verdict import check_parsable
from pipelines.discovery.feed_text import FeedError
from pipelines.discovery.links import clean_link
from pipelines.records import Link, Source, Way

MAX_LINKS = 2000
MAX_LIST = 2 * 1024 * 1024
"""Bytes of a list page; a tree takes up to sixty times the memory of its text."""


def parse_page(page: Page, charset: str | None = None) -> LexborHTMLParser:
    """The tree of a page. Raises `PageError` for what is no text, or would cost the parser minutes."""
    source = decode_page(page.body, url=page.url, headers=page.headers, charset=charset).utf8
    check_parsable(source, url=page.url)
    return LexborHTMLParser(source)


def read_list(page: Page, way: Way, source: Source) -> list[Link]:
    """The links of a list page in its order, each address once, with the longest text that links to it as the title.

    Raises `FeedError` when the selector of `way.links` finds nothing: the site has changed.
    """
    if len(page.body) > MAX_LIST:
        raise FeedError(f"a list page of {len(page.body)} bytes")
    try:
        tree = parse_page(page, source.charset)
    except PageError as error:
        raise FeedError(str(error)) from error
    base_node = tree.css_first("base[href]")
    base = urljoin(page.url, base_node.attributes.get("href") or "") if base_node else page.url
    nodes = tree.css(way.links or "a[href]")
    if not nodes:
        raise FeedError(f"nothing on the page matches {way.links or 'a[href]'!r}")
    found: dict[str, str] = {}
    for node in nodes[: MAX_LINKS * 5]:
        # A selector may point at the anchor, into it, or at the box around it.
        anchor = node if node.tag == "a" else node.css_first("a[href]") or _outer_anchor(node)
        href = anchor.attributes.get("href") if anchor is not None else None
        url = clean_link(href, base) if href else None
        if url is None or anchor is None:
            continue
        title = " ".join((anchor.text() or anchor.attributes.get("title") or "").split())
        if len(title) >= len(found.get(url, "")) and (url in found or len(found) < MAX_LINKS):
            found[url] = title
    return [Link(source=source.id, url=url, title=title or None) for url, title in found.items()]


def _outer_anchor(node: LexborNode) -> LexborNode | None:
    parent = node.parent
    for _ in range(4):
        if parent is None or parent.tag == "a":
            return parent
        parent = parent.parent
    return None
