"""What a page says about its article: title, writers, source credit, date, canonical address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from extractors.pages.blocks import Outline
from extractors.pages.dateline import byline, published
from extractors.pages.embedded import LinkedArticle

_SEPARATOR = re.compile(
    r"\s+[-–—·•»›|:：/]+\s+|\s*[|｜_»›]+\s*|\s*(?:--+|——)\s*|(?<=[\u3400-\u9fff])-(?=[\u3400-\u9fff])"
)
_PIECE = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
_ISO = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s,]*(\d{1,2})[:时點点](\d{2})(?:[:分](\d{2}))?(?:\.\d+)?\s*([AaPp]\.?[Mm]\b)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_COMPACT = re.compile(r"^((?:19|20)\d\d)([01]\d)([0-3]\d)(?:T?(\d\d)(\d\d)(\d\d)?)?$")
_RELATIVE = re.compile(
    r"(?<!\d)(\d{1,3})\s*(分钟|分鐘|小时|小時|天|日|minutes?|mins?|hours?|hrs?|days?)\s*(?:前|ago\b)"
    r"|(刚刚|剛剛|just now)"
    r"|(今天|昨天|前天|today|yesterday)(?:\s*(?:at\s*)?(\d{1,2}):(\d{2}))?",
    re.IGNORECASE,
)
_URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/_]?([01]\d)[-/_]?([0-3]\d)(?!\d)")
_SOURCE = re.compile(
    r"(?:来源|來源|稿源|文章来源|转自|轉自)\s*[:：]\s*[《“\"【]?"
    r"([^\s《》“”\"【】|｜,，。;；()（）:：]{2,24}(?: [A-Za-z][^\s|｜,，。]{1,20}){0,6})"
)
_ZH_BY = re.compile(
    r"(?:作者|记者|記者|撰文|文)\s*[:：/／]\s*([\u3400-\u9fffA-Za-z·. ]{2,24}?)"
    r"(?=\s{2}|\s*[|｜,，。)）\]】]|\s+\S{1,10}[:：]|\s+\d|$)"
)
_MONTH_NAMES = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)
# fmt: off
_DATE_KEYS = (
    "article:published_time", "og:published_time", "datepublished", "og:article:published_time", "parsely-pub-date",
    "sailthru.date", "pubdate", "publishdate", "publish_date", "publish-date", "article.published", "published_time",
    "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date", "date", "og:release_date", "release_date",
    "article:create_at", "citation_publication_date", "_pubtime", "bytedance:published_time", "apub:time",
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
_HEAD_QUERY = "meta, link[rel=canonical], title"
_LINES = 14
"""Lines before and after the body that are read for date, writers and credit."""
_LINE_SIZE = 160
_TITLE_SIZE = 400


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
    if not any(node.tag == "title" for node in nodes):
        # A stray element has closed the head early, and the rest of it stands in the body.
        nodes = parser.css(_HEAD_QUERY)
    for node in nodes:
        attributes = node.attributes
        tag = node.tag
        if tag == "meta":
            content = attributes.get("content")
            if content:
                name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
                if name:
                    named.setdefault(name.lower(), content.strip())
        elif tag == "link":
            canonical = canonical or attributes.get("href")
        elif "title" not in named:
            named["title"] = " ".join(node.text()[:_TITLE_SIZE].split())
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
        named, address if address.startswith(("http://", "https://")) else None, page_title, _title(named, page, linked)
    )


def _title(named: dict[str, str], page: Outline, linked: LinkedArticle | None) -> str | None:
    """The headline without the site's name: as a heading or the data has it, where they agree with the title bar."""
    bar = named.get("title", "")
    social = named.get("og:title") or named.get("twitter:title") or ""
    known = _key(bar) + "\n" + _key(social)
    site = _key(named.get("og:site_name", ""))
    headings = [b.text for b in page.blocks if b.kind == "h1" and 6 <= b.weight <= 3 * _TITLE_SIZE]
    headings = [text for text in headings if _key(text) != site]
    for text in headings:
        key = _key(text)
        # A logo in a heading stands at the end of the title bar.
        if len(key) >= 4 and key in known and not (len(key) < 20 and _key(bar).endswith(key) and key != _key(bar)):
            return text
    words = set(_PIECE.findall(f"{bar} {social}".lower()))
    for text in headings:
        own = set(_PIECE.findall(text.lower()))
        if len(own) > 2 and len(own & words) * 2 >= len(own):
            return text
    if linked is not None and linked.headline and _key(linked.headline) in known:
        return " ".join(linked.headline.split())
    for text in (social, bar):
        if text:
            return _without_site(" ".join(text[:_TITLE_SIZE].split()), site, headings)
    return headings[0] if headings else None


def _key(text: str) -> str:
    return "".join([c for c in text.lower() if c.isalnum()])


def _without_site(text: str, site: str, headings: Sequence[str]) -> str:
    """A title bar without the site's and the section's names.

    >>> _without_site("某公司发布新芯片_科技频道_某网", "", []), _without_site("A - B: all of it | The Daily", "", [])
    ('某公司发布新芯片', 'A - B: all of it')
    >>> _without_site("某网 - 某公司发布新芯片", "某网", []), _without_site("", "", [])
    ('某公司发布新芯片', '')
    """
    cuts = list(_SEPARATOR.finditer(text))
    if not cuts:
        return text
    keys = {_key(h) for h in headings}
    for m in reversed(cuts):
        if _key(text[: m.start()]) in keys:
            return text[: m.start()]
    start, end = 0, len(text)
    # The site first: known by its name, or much shorter than what follows.
    first, rest = text[: cuts[0].start()], text[cuts[0].end() :]
    if (site and _key(first) == site) or (len(cuts) == 1 and len(first.encode()) <= 24 and len(rest) > 2 * len(first)):
        start = cuts[0].end()
    # The site's and the section's names last: shorter than the headline. Bars and low lines only join names, a dash
    # may also be the headline's own, so only the last counts, and any that Chinese
    # letters stand close to or few of them behind.
    for m in reversed(cuts):
        if m.start() <= start:
            break
        tail, body, mark = text[m.end() : end], text[start : m.start()], m.group().strip()
        joint = mark[:1] in "|｜_»›" or (
            mark[:1] in "-–—－" and (end == len(text) or m.group() == "-" or (len(tail) <= 8 and not tail.isascii()))
        )
        if _key(tail) == site or (joint and len(tail) <= max(len(body), 12)):
            end = m.start()
        else:
            break
    return text[start:end].strip() or text


def read_byline(
    head: Head,
    linked: LinkedArticle | None,
    times: Sequence[str],
    before: Sequence[str],
    inside: Sequence[str],
    after: Sequence[str],
    *,
    url: str | None,
    fetched_at: datetime | None,
    tz: str | None,
) -> Byline:
    """Writers, date and first publisher: from the data for machines, then the lines around the body.

    `times` are the values of `<time>` elements at the body's head, `before`, `inside` and `after` the lines next to and
    at the edges of the body, the nearest first.
    """
    named = head.named
    zone = ZoneInfo(tz) if tz else UTC
    when = parse_date(linked.published, zone) if linked is not None and linked.published else None
    for key in _DATE_KEYS:
        if when is None and key in named:
            when = parse_date(named[key], zone)
    for value in times:
        when = when or parse_date(value, zone)
    near = [*before[:_LINES], *inside[:2]]
    for line in near:
        if when is None:
            when = _date_in_line(line[:_LINE_SIZE], fetched_at, zone, tz)
    if when is None and url:
        when = _date_in_url(url, zone)
    for line in after[:_LINES]:
        if when is None:
            when = _date_in_line(line[:_LINE_SIZE], None, zone, tz)
    who = linked.author if linked is not None else None
    for key in _AUTHOR_KEYS:
        if who is None and key in named and not named[key].startswith(("http", "/")) and len(named[key]) <= 80:
            who = named[key]
    credit = None
    for line in [*near, *inside[2:], *after[:_LINES]]:
        text = line[:_LINE_SIZE]
        if credit is None and (m := _SOURCE.search(text)):
            credit = m.group(1).strip(" -—")
        if who is None:
            m = _ZH_BY.search(text)
            who = m.group(1).strip() if m else byline(text)
        if who is not None and credit is not None:
            break
    if credit is None:
        credit = next((named[key] for key in _CREDIT_KEYS if key in named and not named[key].startswith("http")), None)
    return Byline(_clean_name(who), when, credit)


def _clean_name(name: str | None) -> str | None:
    if not name:
        return None
    name = re.sub(r"^(?:by|作者|记者|記者)\s*[:：]?\s+", "", " ".join(name.split()), flags=re.IGNORECASE)
    return name[:120] or None


def parse_date(text: str | None, zone: tzinfo) -> datetime | None:
    """A date for machines, or one in words; a time without an offset is read in `zone`.

    >>> parse_date("2024-07-10T08:30:00+0800", UTC).isoformat(), parse_date("20240710", UTC).isoformat()
    ('2024-07-10T08:30:00+08:00', '2024-07-10T00:00:00+00:00')
    >>> parse_date("2024-02-31", UTC) is None, parse_date("soon", UTC) is None, parse_date(None, UTC) is None
    (True, True, True)
    """
    if not text:
        return None
    text = text.strip()[:80]
    m = _ISO.search(text)
    if m:
        year, month, day, hour, minute, second, half, offset = m.groups()
    else:
        m = _COMPACT.match(text)
        if not m:
            if _MONTH_NAMES.search(text):
                found = published(text, fetched_at=None, years=(), tz=None)
                return found.replace(tzinfo=zone) if found is not None else None
            return _epoch(text)
        year, month, day, hour, minute, second = m.groups()
        half = offset = None
    h = int(hour or 0)
    if half:
        h = h % 12 + (12 if half[0] in "pP" else 0)
    try:
        return datetime(
            int(year), int(month), int(day), h, int(minute or 0), int(second or 0), tzinfo=_offset(offset) or zone
        )
    except ValueError:
        return None


def _epoch(text: str) -> datetime | None:
    """Seconds or milliseconds since 1970, of this century only."""
    if not text.isdecimal() or len(text) not in (10, 13):
        return None
    seconds = int(text) / (1000 if len(text) == 13 else 1)
    return datetime.fromtimestamp(seconds, UTC) if seconds > 946_684_800 else None


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes)) if minutes < 24 * 60 else None


def _date_in_line(line: str, fetched_at: datetime | None, zone: tzinfo, tz: str | None) -> datetime | None:
    """The date that a line next to the body states, if a digit gives it any chance of one."""
    if m := _ISO.search(line):
        found = parse_date(m.group(), zone)
        if found is not None:
            return found
    if (
        any(c.isdigit() for c in line)
        and (found := published(line, fetched_at=fetched_at, years=(), tz=tz)) is not None
    ):
        return found
    return _relative(line, fetched_at, zone) if fetched_at is not None and len(line) < 60 else None


def _relative(line: str, fetched_at: datetime, zone: tzinfo) -> datetime | None:
    """A time told from the moment of fetching.

    >>> _relative("3小时前", datetime(2024, 7, 10, 12, tzinfo=UTC), UTC).isoformat()
    '2024-07-10T09:00:00+00:00'
    >>> _relative("昨天 10:30", datetime(2024, 7, 10, 12, tzinfo=UTC), UTC).isoformat()
    '2024-07-09T10:30:00+00:00'
    """
    m = _RELATIVE.search(line)
    if m is None:
        return None
    now = fetched_at if fetched_at.tzinfo else fetched_at.replace(tzinfo=UTC)
    if m.group(1):
        unit = m.group(2).lower()
        minutes = 1 if unit[0] in "分m" else 60 if unit[0] in "小h" else 24 * 60
        return now - timedelta(minutes=int(m.group(1)) * minutes)
    if m.group(3):
        return now
    local = now.astimezone(zone)
    day = local - timedelta(days={"今": 0, "昨": 1, "前": 2, "t": 0, "y": 1}[m.group(4)[0].lower()])
    try:
        return day.replace(hour=int(m.group(5) or 0), minute=int(m.group(6) or 0), second=0, microsecond=0)
    except ValueError:
        return None


def _date_in_url(url: str, zone: tzinfo) -> datetime | None:
    m = _URL_DATE.search(url)
    if m is None:
        return None
    try:
        return datetime(int(m.group(1)), int(m.group(2)), int(m.group(3)), tzinfo=zone)
    except ValueError:
        return None
