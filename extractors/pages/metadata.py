"""What a page says about its article: title, byline, source credit, date, canonical address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from extractors.pages.blocks import Outline

_SITE = re.compile(r"\s*(?:\||｜|_| [-–—·•»›:] )\s*")
_ISO = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]*(\d{1,2})[:时](\d{2})(?:[:分](\d{2}))?(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
)


@dataclass(frozen=True, slots=True)
class Metadata:
    title: str | None = None
    byline: str | None = None
    published_at: datetime | None = None
    credit: str | None = None
    canonical_url: str | None = None


def read_metadata(
    parser: LexborHTMLParser, page: Outline, *, url: str | None, fetched_at: datetime | None, tz: str | None
) -> Metadata:
    named: dict[str, str] = {}
    canonical: str | None = None
    for node in parser.css("meta, link[rel=canonical]"):
        attributes = node.attributes
        if node.tag == "link":
            canonical = canonical or attributes.get("href")
            continue
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = attributes.get("content")
        if name and content:
            named.setdefault(name.lower(), content.strip())
    titled = parser.css_first("title")
    page_title = " ".join(titled.text().split()) if titled else ""
    headings = [b.text for b in page.blocks if b.kind == "h1"]
    title = None
    candidate = named.get("og:title") or page_title
    for h in headings:
        if h and h in page_title:
            title = h
            break
    if title is None and candidate:
        title = _SITE.split(candidate)[0] or candidate
    when = None
    for key in ("article:published_time", "og:published_time", "datepublished", "pubdate", "publishdate", "date"):
        if key in named and (when := _date(named[key], tz)):
            break
    return Metadata(title or None, named.get("author"), when, None, canonical)


def _date(text: str, tz: str | None) -> datetime | None:
    m = _ISO.search(text)
    if not m:
        return None
    y, mo, d, h, mi, s, zone = m.groups()
    offset: tzinfo = UTC if zone == "Z" or not tz else ZoneInfo(tz)
    if zone and zone != "Z":
        minutes = int(zone[1:3]) * 60 + int(zone[-2:])
        offset = timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes))
    try:
        return datetime(int(y), int(mo), int(d), int(h or 0), int(mi or 0), int(s or 0), tzinfo=offset)
    except ValueError:
        return None
