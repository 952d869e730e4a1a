"""`chipwire sources add URL`: the draft of a source's file, out of its front page or one of its articles.

Feeds are found and read, everything else is guessed and marked as a guess: a person reads the draft before it counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median
from typing import Literal
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode
from tld import get_tld

from extractors.errors import ChipwireError, PageError
from extractors.model import Page, PageLang
from extractors.text import page_lang
from pipelines.discovery.feed_text import FeedError
from pipelines.discovery.feeds import read_feed
from pipelines.discovery.links import clean_link
from pipelines.discovery.listpages import parse_page
from pipelines.discovery.url_pattern import guess_pattern, likely_articles
from pipelines.fetch import Fetcher
from pipelines.records import Link, Source, Way

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "text/xml")
_USUAL = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")
_MAX_FEEDS = 5
_FULL = 1500
"""Characters of markup from which an item's text counts as the whole article."""
_ZONES: dict[PageLang, str] = {"zh-Hans": "Asia/Shanghai", "zh-Hant": "Asia/Taipei", "en": "UTC", "other": "UTC"}


class DraftError(ChipwireError):
    """No draft can be made of this address; the text says why."""


@dataclass(frozen=True, slots=True)
class _Feed:
    way: Way
    links: list[Link]


async def draft(url: str, fetcher: Fetcher) -> str:
    """The text of a source file for the site of `url`, its front page or an article. Raises `DraftError`.

    What comes out passes `registry.parse_source` under the name of its id.
    """
    page = await _page(url, fetcher)
    home = urljoin(page.url, "/")
    tree = _tree(page)
    source = _frame(page, tree, home)
    feeds = await _feeds(tree, page, source, fetcher)
    given = clean_link(page.url) if urlsplit(page.url).path.strip("/") else None
    offered = [link.url for feed in feeds for link in feed.links] or _anchors(tree, page.url)
    articles = likely_articles(offered)
    if given and not articles:
        articles = [given]
    pattern = guess_pattern(articles)
    if pattern is None:
        raise DraftError(f"{url}: no feed, and no links that look like articles; give the address of an article")
    example = given if given and re.search(pattern, given) else articles[0]
    sitemaps = [s for s in await fetcher.sitemaps(home, source=source.id) if "news" in s.lower()]
    article = page if example == given else await _page(example, fetcher)
    return _text(source, feeds, sitemaps, pattern, example, page.url, _tree(article))


async def _page(url: str, fetcher: Fetcher) -> Page:
    answer = await fetcher.get(url, source="draft")
    if answer.page is None:
        raise DraftError(f"{url}: {answer.fetch.outcome}, {answer.fetch.error}")
    return answer.page


def _tree(page: Page) -> LexborHTMLParser:
    try:
        return parse_page(page)
    except PageError as error:
        raise DraftError(str(error)) from error


def _meta(tree: LexborHTMLParser, css: str) -> str | None:
    node = tree.css_first(css)
    value = (node.attributes.get("content") or "").strip() if node else ""
    return value or None


def _frame(page: Page, tree: LexborHTMLParser, home: str) -> Source:
    host = urlsplit(home).hostname or ""
    parsed = get_tld(host, fix_protocol=True, fail_silently=True, as_object=True)
    label = parsed.domain if parsed and not isinstance(parsed, str) else (host.split(".")[-2:] or [host])[0]
    source_id = re.sub(r"[^a-z0-9_-]+", "-", label.lower()).strip("-_") or "source"
    title = tree.css_first("title")
    name = _meta(tree, 'meta[property="og:site_name"]') or (
        re.split(r"\s*[-_|–—·]\s*", title.text().strip())[-1] if title else ""
    )
    lang = page_lang(tree.body.text(separator=" ") if tree.body else "")
    return Source(
        id=source_id,
        name=" ".join(name.split())[:80] or host,
        lang=lang,
        tz=_ZONES[lang],
        home=home,
        ways=(),
        article_urls=(),
    )


async def _feeds(tree: LexborHTMLParser, page: Page, source: Source, fetcher: Fetcher) -> list[_Feed]:
    """The feeds that the page names, else those at the usual places, each read to see that it is one."""
    named = []
    for node in tree.css("link[rel~=alternate][href]"):
        if (node.attributes.get("type") or "").lower().strip() in _FEED_TYPES:
            href = clean_link(node.attributes.get("href") or "", page.url)
            if href and "comments" not in href:
                named.append(href)
    found: list[_Feed] = []
    for url in list(dict.fromkeys(named))[:_MAX_FEEDS] or [urljoin(page.url, path) for path in _USUAL]:
        answer = await fetcher.get(url, source=source.id, role="feed")
        if answer.page is None:
            continue
        try:
            links = read_feed(answer.page, Way("feed", url, "full"), source)
        except FeedError:
            continue
        if not links:
            continue
        # The first feed is the site's; further ones are taken for channels of their own.
        found.append(_Feed(Way("feed", url, _body(links), also=bool(found)), links))
        if not named:
            break
    return found


def _body(links: list[Link]) -> Literal["full", "summary", "none"]:
    sizes = [len(link.html or "") for link in links]
    if median(sizes) >= _FULL:
        return "full"
    return "summary" if any(link.summary for link in links) else "none"


def _anchors(tree: LexborHTMLParser, base: str) -> list[str]:
    host = urlsplit(base).hostname
    links = (clean_link(a.attributes.get("href") or "", base) for a in tree.css("a[href]"))
    return list(dict.fromkeys(link for link in links if link and urlsplit(link).hostname == host))


def _selector(node: LexborNode) -> str:
    """The simplest selector that says which node this is."""
    name = node.attributes.get("id") or ""
    if re.fullmatch(r"[A-Za-z][\w-]*", name) and not re.search(r"\d{3}", name):
        return f"#{name}"
    classes = [c for c in (node.attributes.get("class") or "").split() if re.fullmatch(r"[A-Za-z][A-Za-z_-]*", c)]
    return f"{node.tag}.{classes[0]}" if classes else str(node.tag)


def _selectors(tree: LexborHTMLParser) -> dict[str, str]:
    """What one article shows: the one h1, the element with most text in its own paragraphs, the marked time."""
    found: dict[str, str] = {}
    heads = tree.css("h1")
    if len(heads) == 1:
        found["title"] = "h1"
    weights: dict[int, tuple[int, LexborNode]] = {}
    for paragraph in tree.css("p"):
        parent = paragraph.parent
        if parent is not None and parent.tag not in ("body", "html"):
            size = len(paragraph.text().strip())
            weights[parent.mem_id] = (weights.get(parent.mem_id, (0, parent))[0] + size, parent)
    if weights:
        size, node = max(weights.values(), key=lambda pair: pair[0])
        if size >= 200:
            found["body"] = _selector(node)
    for css in ('meta[property="article:published_time"]', "time[datetime]", 'meta[name="pubdate"]'):
        if tree.css_first(css) is not None:
            found["date"] = css
            break
    return found


def _quoted(text: str) -> str:
    if "'" not in text and ("\\" in text or '"' in text):
        return f"'{text}'"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _text(
    source: Source,
    feeds: list[_Feed],
    sitemaps: list[str],
    pattern: str,
    example: str,
    asked: str,
    article: LexborHTMLParser,
) -> str:
    lines = [
        f"# Draft made from {asked}: everything marked as a guess wants a look at the site.",
        f"id = {_quoted(source.id)}",
        f"name = {_quoted(source.name)}",
        f"lang = {_quoted(source.lang)}  # guessed from the page's text",
        f"tz = {_quoted(source.tz)}  # guessed from the language",
        f"home = {_quoted(source.home)}",
        "# Guessed from the addresses seen.",
        f"article_urls = [{_quoted(pattern)}]",
        f"example = {_quoted(example)}",
    ]
    ways = [feed.way for feed in feeds] + [Way("sitemap", url) for url in sitemaps]
    if not ways:
        lines += ["", "# No feed was found; the article pattern picks the links of this page."]
        ways = [Way("list", source.home if asked == example else asked)]
    for way in ways:
        lines += ["", "[[ways]]", f"kind = {_quoted(way.kind)}", f"url = {_quoted(way.url)}"]
        lines += [f"body = {_quoted(way.body)}"] if way.body != "none" else []
        lines += ["also = true"] if way.also else []
    selectors = _selectors(article)
    if selectors:
        lines += ["", "# Guessed from one article.", "[selectors]"]
        lines += [f"{key} = [{_quoted(css)}]" for key, css in selectors.items()]
    return "\n".join(lines) + "\n"
