"""Sitemaps: plain, news and index files, gzipped or not, to links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import ParseError, XMLParser
from zoneinfo import ZoneInfo

from extractors.model import Page
from pipelines.discovery.feed_text import MAX_ITEMS, FeedError, xml_text
from pipelines.discovery.feeds import iso_time
from pipelines.discovery.links import clean_link
from pipelines.fetching.failures import CannotInflate
from pipelines.fetching.inflate import Inflater
from pipelines.records import Link, Source, Way

MAX_ENTRIES = 50_000
"""What the sitemap protocol allows in one file."""
MAX_INFLATED = 16 * 1024 * 1024
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Entry:
    loc: str = ""
    lastmod: str = ""
    title: str = ""
    published: str = ""


class _Enough(Exception):
    """Read as many entries as one file may have."""


class _Target:
    """Takes the parser's events and keeps the entries; no tree is built of a file of fifty thousand."""

    def __init__(self) -> None:
        self.entries: list[_Entry] = []
        self.index = False
        self.root = ""
        self._path: list[str] = []
        self._text: list[str] = []
        self._entry: _Entry | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2].lower()
        self.root = self.root or name
        self._path.append(name)
        self._text = []
        if name in ("url", "sitemap"):
            self.index = name == "sitemap"
            self._entry = _Entry()

    def data(self, text: str) -> None:
        if self._entry is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        name = self._path.pop()
        parent = self._path[-1] if self._path else ""
        if self._entry is None:
            return
        text = "".join(self._text).strip()
        self._text = []
        # <image:loc> and its like have other parents.
        if name == "loc" and parent in ("url", "sitemap"):
            self._entry.loc = text
        elif name == "lastmod":
            self._entry.lastmod = text
        elif name == "title" and parent == "news":
            self._entry.title = text
        elif name == "publication_date":
            self._entry.published = text
        elif name in ("url", "sitemap"):
            self.entries.append(self._entry)
            self._entry = None
            if len(self.entries) >= MAX_ENTRIES:
                raise _Enough

    def close(self) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """One file: `links` of articles, newest first, or the addresses of `parts`, newest first."""

    links: tuple[Link, ...] = ()
    parts: tuple[str, ...] = ()


def _inflated(body: bytes) -> bytes:
    """The file itself: a .gz is a gzip file, not a content coding, so it comes as it lies on the server's disk."""
    if body[:2] != b"\x1f\x8b":
        return body
    inflater = Inflater("gzip", max_body=MAX_INFLATED, max_ratio=200, ratio_from=1024 * 1024)
    try:
        inflater.feed(body)
        return inflater.finish()
    except CannotInflate as error:
        raise FeedError(f"a sitemap that does not inflate: {error}") from error


def read_sitemap(page: Page, way: Way, source: Source) -> Sitemap:
    """A sitemap's links or, for an index, its parts. Raises `FeedError`."""
    content_type = next((v for k, v in page.headers if k.lower() == "content-type"), None)
    text = xml_text(_inflated(page.body), content_type)
    target = _Target()
    parser = XMLParser(target=target)
    try:
        for at in range(0, len(text), 1 << 16):
            parser.feed(text[at : at + (1 << 16)])
        parser.close()
    except _Enough:
        pass
    except ParseError as error:
        # What stood before the fault is as good as if the rest had been left out.
        if not target.entries:
            raise FeedError(f"broken XML: {error}") from error
    if target.root not in ("urlset", "sitemapindex"):
        raise FeedError(f"no sitemap but <{target.root[:40]}>")
    if not target.entries:
        raise FeedError("a sitemap without any address")
    tz = ZoneInfo(source.tz)
    dated = [(iso_time(e.published or e.lastmod, tz), e) for e in target.entries]
    dated.sort(key=lambda pair: pair[0] or _LONG_AGO, reverse=True)
    if target.index:
        site = urlsplit(page.url).hostname
        parts = [clean_link(e.loc, page.url) for _, e in dated]
        return Sitemap(parts=tuple(p for p in parts if p and urlsplit(p).hostname == site))
    found = []
    for moment, entry in dated:
        url = clean_link(entry.loc, page.url)
        if url is not None:
            found.append(Link(source=source.id, url=url, title=entry.title or None, published_at=moment))
    return Sitemap(links=tuple(found))


def newest(links: tuple[Link, ...]) -> list[Link]:
    """As many as one night looks at of a file that holds the history of a site."""
    return list(links[:MAX_ITEMS])
