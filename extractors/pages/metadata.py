"""What a page says about its article: title, writers, source credit, date, canonical address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from extractors.pages.blocks import Outline
from extractors.pages.dateline import byline
from extractors.pages.dates import date_in_line, date_in_url, parse_date
from extractors.pages.embedded import LinkedArticle

_SEPARATOR = re.compile(
    r"\s+[-–—·•»›|:：/]+\s+|\s*[|｜_»›〉]+\s*|\s*(?:--+|——)\s*|(?<=[\u3400-\u9fff])-(?=[\u3400-\u9fff《])"
)
_ALNUM = re.compile(r"[^\W_]+")
_PIECE = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
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
_CRUMB = re.compile(r"\s+[〉»›>]\s*|\s*[〉»›]\s+")
_HEAD_QUERY = "meta, link[rel=canonical], title"
_LINES = 14
"""Lines before and after the body that are read for date, writers and credit."""
_LINE_SIZE = 160
_TITLE_SIZE = 400
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
    whole = key_of(bar)
    known = whole + "\n" + key_of(social)
    site = key_of(named.get("og:site_name", ""))
    headings = [b.text for b in page.blocks if b.kind == "h1" and 6 <= b.weight <= 3 * _TITLE_SIZE]
    keys = [key_of(text) for text in headings]
    headings = [text for text, key in zip(headings, keys, strict=True) if key != site]
    for text, key in zip(headings, [key for key in keys if key != site], strict=True):
        # A logo in a heading stands at the end of the title bar.
        if len(key) >= 4 and key in known and not (len(key) < 20 and whole.endswith(key) and key != whole):
            return _trail_end(text)
    words = set(_PIECE.findall(f"{bar} {social}".lower()))
    for text in headings:
        own = set(_PIECE.findall(text.lower()))
        if len(own) > 2 and len(own & words) * 2 >= len(own):
            return _trail_end(text)
    if linked is not None and linked.headline and key_of(linked.headline) in known:
        return " ".join(linked.headline.split())
    for text in (social, bar):
        if text:
            return _without_site(" ".join(text[:_TITLE_SIZE].split()), site, headings)
    return headings[0] if headings else None


def _trail_end(text: str) -> str:
    """The headline at the end of a trail from the site's name to it.

    >>> _trail_end("某网 〉科技新闻 〉某公司发布新芯片"), _trail_end("A » B")
    ('某公司发布新芯片', 'A » B')
    """
    pieces = _CRUMB.split(text)
    last = pieces[-1].strip()
    return last if len(pieces) > 2 and 2 * len(last) > len(text) - len(last) else text


def key_of(text: str) -> str:
    """The letters and digits of a headline, in lower case: what two spellings of it have in common."""
    return "".join(_ALNUM.findall(text.lower()))


def _without_site(text: str, site: str, headings: Sequence[str]) -> str:
    """A title bar without the site's and the section's names.

    >>> _without_site("某公司发布新芯片_科技频道_某网", "", []), _without_site("A - B: all of it | The Daily", "", [])
    ('某公司发布新芯片', 'A - B: all of it')
    >>> _without_site("某网 - 某公司发布新芯片", "某网", []), _without_site("", "", [])
    ('某公司发布新芯片', '')
    """
    text = _trail_end(text)
    cuts = list(_SEPARATOR.finditer(text))
    if not cuts:
        return text
    keys = {key_of(h) for h in headings}
    for m in reversed(cuts):
        if key_of(text[: m.start()]) in keys:
            return text[: m.start()]
    start, end = 0, len(text)
    # The site first: known by its name, or much shorter than what follows.
    first, rest = text[: cuts[0].start()], text[cuts[0].end() :]
    if (site and key_of(first) == site) or (
        len(cuts) == 1 and len(first.encode()) <= 24 and len(rest) > 2 * len(first)
    ):
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
        if key_of(tail) == site or (joint and len(tail) <= max(len(body), 12)):
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
