"""A page's bytes to an `Article`: the steps of this package in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.errors import NotAnArticle
from extractors.model import Article, Removed, Selectors
from extractors.pages.assemble import assemble, outside
from extractors.pages.blocks import outline
from extractors.pages.content import Content, find_content
from extractors.pages.dates import parse_date
from extractors.pages.decode import decode_page
from extractors.pages.embedded import LinkedArticle, linked_article, state_article
from extractors.pages.headline import headline
from extractors.pages.metadata import Byline, Head, read_byline, read_head
from extractors.pages.regions import Outline, Raw
from extractors.pages.scrape import read_scrape
from extractors.pages.sheets import hide
from extractors.pages.verdict import check_parsable, checked
from extractors.text import page_lang

_LANG_SAMPLE = 300
_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|div|p|br|a|span|table|article|meta|script|h[1-6]|ul|img)\b[^<]{0,2000}>",
    re.IGNORECASE,
)
_NEAR, _FAR = 14, 60
"""Lines above a body that are read for date and writers, and how far up its headline is looked for."""
_DATA = 200
"""Weight of a line of data in a body."""
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
    check_parsable(utf8, url=url)
    parser = LexborHTMLParser(utf8, scripting=True)
    root = parser.root
    if root is None:
        raise NotAnArticle("empty", url=url)
    removed: list[Removed] = []
    wanted = _apply(selectors, parser, removed) if selectors is not None else None
    hide(parser, utf8)
    linked = linked_article(utf8)
    page = outline(root, prune=wanted is None, target=wanted.mem_id if wanted is not None else None)
    head = read_head(parser, page, linked, url)
    content = find_content(page, head.title)
    if content is None or _weight(page, content) < _SHORT_BODY:
        if wanted is None:
            page, content = _unpruned(root, head.title, page, content)
        if content is None or _weight(page, content) < _SHORT_BODY:
            page, content, linked = _embedded(text, linked, head.title, page, content)
    content = checked(page, content, head, url=url)
    first = next((i for i, reason in enumerate(content.reasons, content.first) if reason is None), content.first)
    title = headline(page, head.title, first, head.named.get("og:site_name"))
    if title != head.title:
        head = replace(head, title=title)
    who = _who(parser, page, content, head, linked, url=url, fetched_at=fetched_at, tz=tz)
    if selectors is not None:
        head, who = _selected(selectors, parser, head, who, tz)
    paragraphs, blocks, inside = assemble(page, content, head.title, who.byline)
    removed += inside
    removed += outside(page, content.first, content.last)
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
        for node in _outermost(parser.css(query)):
            if text := node.text(separator="\n", strip=True, skip_empty=True):
                removed.append(Removed(text, "other"))
            node.decompose()
    return _first(parser, selectors.body)


def _outermost(nodes: Sequence[LexborNode]) -> list[LexborNode]:
    """The nodes that lie in no other one, which go with it; the root is none, for a page has to have one."""
    taken: set[int] = set()
    found = []
    for node in nodes:
        if node.tag == "html":
            continue
        above: LexborNode | None = node
        while above is not None and above.mem_id not in taken:
            above = above.parent
        if above is None:
            taken.add(node.mem_id)
            found.append(node)
    return found


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
    before = [b.text for b in reversed(blocks[max(0, first - _NEAR) : first])]
    # Boxes may stand between the lines below the headline and the body.
    headlines = range(max(0, first - _FAR), max(0, first - _NEAR))
    if (at := next((i for i in headlines if blocks[i].text == head.title), None)) is not None:
        before += [b.text for b in blocks[at + 1 : at + 7]]
    times = [node.attributes.get("datetime") or node.text() for node, i in page.times if first - 30 <= i <= first + 3]
    return read_byline(
        head,
        linked,
        times,
        before,
        [b.text for b in blocks[first : first + 2]] + [b.text for b in blocks[max(first, last - 2) : last]],
        [b.text for b in blocks[last : last + 15]],
        _data_lines(page, content),
        url=url,
        fetched_at=fetched_at,
        tz=tz,
    )


def _data_lines(page: Outline, content: Content) -> Iterator[str]:
    """The lines in a body that state who wrote it and when, as far as their words tell."""
    for block, reason in zip(page.blocks[content.first : content.last], content.reasons, strict=True):
        told = reason is None and block.weight < _DATA and ("发布" in block.text or "发表" in block.text)
        if told or reason == "credit":
            yield block.text
