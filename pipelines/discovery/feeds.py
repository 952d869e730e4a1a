"""Feeds: RSS, Atom and JSON feed to links. What is no feed, or an empty one, is an error and not an empty night."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import feedparser

from extractors.model import Page
from pipelines.discovery.feed_text import MAX_ITEMS, FeedError, prepare
from pipelines.discovery.links import clean_link
from pipelines.errors import FAULTS
from pipelines.records import Link, Source, Way

_ZONE = re.compile(r"(?:Z|\b[A-Z]{2,4}|[+-]\d{1,2}:?\d{2})\)?\s*$")


def when(text: str | None, parsed: tuple[int, ...] | None, tz: tzinfo) -> datetime | None:
    """A feed's time in UTC. feedparser takes a time without zone for UTC; it is the publisher's own clock.

    >>> when("2026-11-24 02:00:00", (2026, 11, 24, 2, 0, 0, 1, 328, 0), ZoneInfo("Asia/Shanghai")).isoformat()
    '2026-11-23T18:00:00+00:00'
    >>> when("24 Nov", None, UTC) is None
    True
    """
    if parsed is None:
        return None
    try:
        year, month, day, hour, minute, second = parsed[:6]
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC if _ZONE.search(text or "") else tz)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_feed(page: Page, way: Way, source: Source) -> list[Link]:
    """The links of a feed in its order. Raises `FeedError`."""
    content_type = next((v for k, v in page.headers if k.lower() == "content-type"), None)
    if page.body.lstrip()[:1] == b"{":
        return list(_json_feed(page.body, page, way, source))
    try:
        parsed = feedparser.parse(
            io.BytesIO(prepare(page.body, content_type)),
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": page.url},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except FAULTS as error:
        # Its way through broken XML knows no error of its own.
        raise FeedError(f"no feed that can be parsed: {type(error).__name__}: {error}"[:300]) from error
    if not parsed.entries:
        if not parsed.version:
            raise FeedError(f"no feed: {parsed.get('bozo_exception', 'no channel')}"[:300])
        raise FeedError("a feed without any item")
    return list(_entries(parsed.entries, page, way, source))


def _entries(entries: list[feedparser.FeedParserDict], page: Page, way: Way, source: Source) -> Iterator[Link]:
    tz = ZoneInfo(source.tz)
    for entry in entries:
        href = entry.get("link") or (entry.get("id") if str(entry.get("id", "")).startswith("http") else None)
        url = clean_link(str(href), page.url) if href else None
        if url is None:
            continue
        summary = str(entry.get("summary") or "") or None
        contents = [str(c.get("value") or "") for c in entry.get("content", ())]
        html = max([*contents, summary or ""], key=len) if way.body == "full" else ""
        published = when(entry.get("published"), entry.get("published_parsed"), tz)
        yield Link(
            source=source.id,
            url=url,
            title=str(entry.get("title") or "").strip() or None,
            published_at=published or when(entry.get("updated"), entry.get("updated_parsed"), tz),
            summary=summary,
            html=html or None,
        )


def _json_feed(body: bytes, page: Page, way: Way, source: Source) -> Iterator[Link]:
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FeedError(f"broken JSON: {error}") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(feed.get("version", "")):
        raise FeedError("JSON, but no JSON feed")
    if not items:
        raise FeedError("a feed without any item")
    for item in items[:MAX_ITEMS]:
        if not isinstance(item, dict):
            continue
        url = clean_link(str(item.get("url") or item.get("external_url") or ""), page.url)
        if url is None:
            continue
        html = str(item.get("content_html") or "") if way.body == "full" else ""
        yield Link(
            source=source.id,
            url=url,
            title=str(item.get("title") or "") or None,
            published_at=iso_time(str(item.get("date_published") or ""), ZoneInfo(source.tz)),
            summary=str(item.get("summary") or item.get("content_text") or "") or None,
            html=html or None,
        )


def iso_time(text: str, tz: tzinfo) -> datetime | None:
    """An ISO 8601 time in UTC, a time without zone read by the clock of `tz`.

    >>> iso_time("2026-11-24T10:00:00+08:00", UTC).isoformat(), iso_time("today", UTC)
    ('2026-11-24T02:00:00+00:00', None)
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=tz)).astimezone(UTC)
