"""The frozen records that flow between the stages of the night, beside those of `extractors.model`.

Source --discover--> Link --fetch--> Answer(Page | None, Fetch) --store--> RawRef --extract--> tables
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from extractors.model import Page, PageLang, Selectors

WayKind: TypeAlias = Literal["feed", "sitemap", "list", "json", "wordpress"]
Role: TypeAlias = Literal["feed", "page", "robots"]

Outcome: TypeAlias = Literal[
    "ok",
    "not_modified",  # 304, or seen before with the same bytes
    "robots",  # refused by robots.txt
    "http_error",  # a final status of 4xx or 5xx
    "challenge",  # a bot check instead of the page
    "refused",  # connection refused
    "reset",  # connection broken off
    "dns",
    "tls",
    "timeout",  # the deadline around the whole request
    "too_large",  # wire or inflated size, or inflation ratio, over the limit
    "bad_encoding",  # content-encoding that does not inflate
    "bad_headers",
    "bad_type",  # neither page nor feed
    "bad_redirect",  # a loop, too many, no target
    "unsafe_address",  # a hop that is not public, or not http(s)
    "rested",  # not tried: the host failed too often this run
    "bad_feed",  # a feed answer that is no feed, or empty
    "not_an_article",
    "unreadable",
    "other_language",
    "off_topic",  # an article that names none of the words asked for
    "quarantined",  # rows that break the schema
]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to find a source's articles. `links` is the CSS selector of a list page, or the path in a JSON answer."""

    kind: WayKind
    url: str
    body: Literal["full", "summary", "none"] = "none"
    links: str | None = None
    also: bool = False
    """Asked even when a way before it has answered: a channel of its own, not a stand-in."""
    item_link: str | None = None
    """In a JSON item: the path of its address, or an address with paths in braces (`https://example.org/p/{id}`)."""
    item_title: str | None = None
    item_date: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One site, as its file in `pipelines/sources/` describes it."""

    id: str
    name: str
    lang: PageLang
    tz: str
    home: str
    ways: tuple[Way, ...]
    article_urls: tuple[str, ...]
    """Regular expressions; a link is an article's if one of them is found in it."""
    example: str | None = None
    selectors: Selectors = field(default_factory=Selectors)
    charset: str | None = None
    delay: float = 1.0
    """Seconds between two requests to one host."""
    enabled: bool = True
    why_disabled: str | None = None
    topic: tuple[str, ...] = ()
    """Words of which an article must name one; none means all articles."""


@dataclass(frozen=True, slots=True)
class Link:
    """An article that a source offers. `html` is the feed's own full text, if it carries one."""

    source: str
    url: str
    title: str | None = None
    published_at: datetime | None = None
    summary: str | None = None
    html: str | None = None


@dataclass(frozen=True, slots=True)
class Fetch:
    """One URL tried: a row of the `fetches` table."""

    run_id: str
    source: str
    url: str
    final_url: str | None
    role: Role
    outcome: Outcome
    status: int | None
    attempts: int
    wire_bytes: int
    body_bytes: int
    seconds: float
    etag: str | None
    last_modified: str | None
    error: str | None
    fetched_at: datetime
    raw_file: str | None = None
    raw_offset: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request brought: `page` is `None` unless `fetch.outcome` is `ok`."""

    fetch: Fetch
    page: Page | None
    request_headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RawRef:
    """Where a stored page lies: a WARC file below the data folder's `raw/`, and the offset of its response record."""

    file: str
    offset: int
