"""What a page says about its article: title, writers, source credit, date, canonical address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from extractors.pages.dateline import byline
from extractors.pages.dates import date_in_line, date_in_url, parse_date
from extractors.pages.embedded import LinkedArticle
from extractors.pages.page_title import TITLE_SIZE, headline_of
from extractors.pages.regions import Outline

_SOURCE = re.compile(
    r"(?:来源|來源|稿源|文章来源|转自|轉自)\s*[:：]\s*[《“\"【]?"
    r"([^\s《》“”\"【】|｜,，。;；()（）:：]{2,24}(?: [A-Za-z][^\s|｜,，。]{1,20}){0,6})"
)
_FIRST = re.compile(
    r"\b(?:first|originally) (?:appeared|published|ran) (?:in|on|at|by) ([A-Z][\w.'’&-]*(?: [A-Z][\w.'’&-]*){0,5})"
)
_EN_BY = re.compile(
    r"(?:^|\s)[Bb]y:? ([A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,4})(?=$|\s*[|,·•\u2013\u2014(]|\s+(?:on|Posted|Updated|\d))"
)
_ZH_BY = re.compile(
    r"(?:作者|记者|記者|撰文|文)\s*[:：/／]\s*([\u3400-\u9fffA-Za-z·. ]{2,24}?)"
    r"(?=\s{2}|\s*[|｜,，。)）\]】]|\s+\S{1,10}[:：]|\s+\d|$)"
)
# fmt: off
_DATE_KEYS = (
    "article:published_time", "og:published_time", "datepublished", "og:article:published_time", "parsely-pub-date",
    "sailthru.date", "pubdate", "publishdate", "publish_date", "publish-date", "article.published", "published_time",
    "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date", "date", "og:release_date", "release_date",
    "article:create_at", "citation_publication_date", "published", "published-date",
    "published_date", "publication_date", "_pubtime", "bytedance:published_time", "apub:time",
)
# fmt: on
_AUTHOR_KEYS = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "byl",
    "og:article:author",
)
_CREDIT_KEYS = ("source", "og:source", "copyright-source", "article:source", "mediaid", "contentsource")
_LONG_HAN = re.compile("[\u3400-\u9fff]{9}")
_DAY_BEHIND = re.compile(
    r"^(\S+(?: \S+){1,8}?) (?:(?:posted|published|updated|on)\b.*"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b.*"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\.?)$",
    re.IGNORECASE,
)
_HEAD_QUERY = "meta, link[rel=canonical], title"
_LINES = 14
"""Lines before and after the body that are read for date, writers and credit."""
_LINE_SIZE = 160
_DATA_LINE = 120


@dataclass(frozen=True, slots=True)
class Head:
    """The parts of a page's head that describe the article."""

    named: dict[str, str]
    canonical: str | None
    page_title: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote the text, when, and who published it first."""

    byline: str | None
    published_at: datetime | None
    credit: str | None


def read_head(parser: LexborHTMLParser, page: Outline, linked: LinkedArticle | None, url: str | None) -> Head:
    """Meta elements, canonical address and the title."""
    named: dict[str, str] = {}
    canonical: str | None = None
    head = parser.head
    nodes = head.css(_HEAD_QUERY) if head is not None else []
    tags = [node.tag for node in nodes]
    if "title" not in tags:
        # A stray element has closed the head early, and the rest of it stands in the body.
        nodes = parser.css(_HEAD_QUERY)
        tags = [node.tag for node in nodes]
    for node, tag in zip(nodes, tags, strict=True):
        attributes = node.attributes
        if tag == "meta":
            content = attributes.get("content")
            if content:
                name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
                if name:
                    named.setdefault(name.lower(), content.strip())
        elif tag == "link":
            canonical = canonical or attributes.get("href")
        elif "title" not in named:
            named["title"] = " ".join(node.text()[:TITLE_SIZE].split())
    for node in page.metas:
        attributes = node.attributes
        content = attributes.get("content")
        name = attributes.get("itemprop") or attributes.get("property") or attributes.get("name")
        if content and name:
            named.setdefault(name.lower(), content.strip())
    address = (canonical or named.get("og:url") or "").strip()
    if address and url:
        try:
            address = urljoin(url, address)
        except ValueError:
            address = ""
    page_title = named.get("title") or None
    return Head(
        named,
        address if address.startswith(("http://", "https://")) else None,
        page_title,
        headline_of(named, page, linked),
    )


def read_byline(
    head: Head,
    linked: LinkedArticle | None,
    times: Sequence[str],
    before: Sequence[str],
    inside: Sequence[str],
    after: Sequence[str],
    data: Iterable[str] = (),
    *,
    url: str | None,
    fetched_at: datetime | None,
    tz: str | None,
) -> Byline:
    """Writers, date and first publisher: from the data for machines, then the lines around the body.

    `times` are the values of `<time>` elements at the body's head, `before`, `inside` and `after` the lines next to and
    at the edges of the body, the nearest first; `data` are lines within it that state what the page knows of it.
    """
    named = head.named
    zone = ZoneInfo(tz) if tz else UTC
    when = parse_date(linked.published, zone) if linked is not None and linked.published else None
    for key in _DATE_KEYS:
        if when is None and key in named:
            when = parse_date(named[key], zone)
    for value in times:
        when = when or parse_date(value, zone)
    near = [*before, *inside[:2]]
    for line in near:
        if when is None:
            when = date_in_line(line[:_LINE_SIZE], fetched_at, zone, tz)
    for line in data if when is None else ():
        when = when or date_in_line(line[:_LINE_SIZE], fetched_at, zone, tz)
    if when is None and url:
        when = date_in_url(url, zone)
    for line in after[:_LINES]:
        if when is None:
            when = date_in_line(line[:_LINE_SIZE], None, zone, tz)
    who = linked.author if linked is not None and _is_name(linked.author) else None
    for key in _AUTHOR_KEYS:
        if who is None and _is_name(named.get(key)):
            who = named[key]
    credit = None
    for line in [*near, *inside[2:], *after[:_LINES]]:
        text = line[:_LINE_SIZE]
        # Patterns that begin with alternatives try each of them everywhere: first a letter that all of them have.
        if credit is None:
            m = _SOURCE.search(text) if "源" in text or "自" in text else None
            if m is None and ("first " in text or "originally " in text):
                m = _FIRST.search(text)
            if m is not None:
                credit = m.group(1).strip(" -—.")
        if who is None:
            m = _ZH_BY.search(text) if "者" in text or "文" in text else None
            if m is None and len(text) < _DATA_LINE and ("By" in text or "by" in text):
                m = _EN_BY.search(text)
            who = m.group(1).strip() if m else byline(text)
            who = who if _is_name(who) else None
        if who is not None and credit is not None:
            break
    if credit is None:
        credit = next((named[key] for key in _CREDIT_KEYS if key in named and not named[key].startswith("http")), None)
    return Byline(_clean_name(who), when, credit)


def _is_name(text: str | None) -> bool:
    """Whether a value can be a writer's name: no address, no number, no sentence.

    >>> _is_name("Ann Other, Bo Li"), _is_name("name, a@example.org"), _is_name("104363"), _is_name("王五")
    (True, False, False, True)
    """
    if not text or len(text) > 80 or "@" in text or text.startswith(("http", "/")):
        return False
    return not text.isdecimal() and _LONG_HAN.search(text) is None


def _clean_name(name: str | None) -> str | None:
    """The name without what leads to it, and without the day that stood behind it.

    >>> _clean_name("By Ann Q. Other March"), _clean_name("Ann Other Tuesday"), _clean_name("Ann May")
    ('Ann Q. Other', 'Ann Other', 'Ann May')
    """
    if not name:
        return None
    name = re.sub(r"^(?:by|作者|记者|記者)\s*[:：]?\s+", "", " ".join(name.split()), flags=re.IGNORECASE)
    if name.isascii():
        name = _DAY_BEHIND.sub(r"\1", name)
    return name[:120] or None
