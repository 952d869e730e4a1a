"""JSON answers to links: a site's own API by paths in its source file, and WordPress by its known form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from extractors.model import Page
from pipelines.discovery.feed_text import MAX_ITEMS, MAX_TEXT, FeedError, decode
from pipelines.discovery.feeds import iso_time
from pipelines.discovery.links import clean_link
from pipelines.records import Link, Source, Way

_JSONP = re.compile(r"\s*[A-Za-z_$][\w$.]{0,100}\s*\(")
_FIELD = re.compile(r"\{([\w.-]+)\}")


def _load(page: Page) -> object:
    """JSON, also wrapped in a call (JSONP), which old list files are, as GB 18030 now and then."""
    if len(page.body) > MAX_TEXT:
        raise FeedError(f"an answer of {len(page.body)} bytes")
    text = decode(page.body, next((v for k, v in page.headers if k.lower() == "content-type"), None))
    call = _JSONP.match(text)
    if call:
        text = text[call.end() : text.rfind(")")]
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        start = "an HTML page" if text.lstrip()[:1] == "<" else "broken JSON"
        raise FeedError(f"{start} instead of JSON: {str(error)[:200]}") from error


def at_path(value: object, path: str) -> object:
    """What lies at a path of names and numbers, `None` where it ends early.

    >>> at_path({"data": {"items": [{"id": 7}]}}, "data.items.0.id"), at_path([], "0.id"), at_path({"a": 1}, "")
    (7, None, {'a': 1})
    """
    for name in path.split(".") if path else []:
        if isinstance(value, Mapping):
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def address(item: object, spec: str) -> str:
    """The address in an item: at a path, or built from a pattern with paths in braces.

    >>> address({"itemId": 12}, "https://36kr.com/p/{itemId}"), address({"url": "/a"}, "url"), address({}, "/p/{id}")
    ('https://36kr.com/p/12', '/a', '')
    """
    if "{" not in spec:
        return _text(at_path(item, spec))
    values = [_text(at_path(item, name)) for name in _FIELD.findall(spec)]
    return _FIELD.sub(lambda m: _text(at_path(item, m[1])), spec) if all(values) else ""


def moment(value: object, tz: tzinfo) -> datetime | None:
    """A time as APIs write it: ISO, or seconds or milliseconds since 1970.

    >>> moment(1790000000000, UTC) == moment("1790000000", UTC) == moment(1790000000, UTC)
    True
    >>> moment("2026-11-24 08:00", ZoneInfo("Asia/Shanghai")).isoformat(), moment(None, UTC), moment(10**30, UTC)
    ('2026-11-24T00:00:00+00:00', None, None)
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, str) and not re.fullmatch(r"\d{9,14}", value):
        return iso_time(value.replace("/", "-"), tz)
    seconds = float(value)
    try:
        return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def read_json(page: Page, way: Way, source: Source) -> list[Link]:
    """The links of a site's own API: `way.links` leads to the list, `way.item_*` to the parts of an item.

    Raises `FeedError` when there is no list at the path, or nothing in it: the API has changed.
    """
    items = at_path(_load(page), way.links or "")
    if not isinstance(items, list):
        raise FeedError(f"no list at {way.links or 'the top'!r}")
    if not items:
        raise FeedError(f"an empty list at {way.links or 'the top'!r}")
    tz = ZoneInfo(source.tz)
    return list(_links(items, page, way, source, tz))


def _links(items: list[object], page: Page, way: Way, source: Source, tz: tzinfo) -> Iterator[Link]:
    for item in items[:MAX_ITEMS]:
        url = clean_link(address(item, way.item_link or "url"), page.url)
        if url is not None:
            yield Link(
                source=source.id,
                url=url,
                title=_text(at_path(item, way.item_title)) or None if way.item_title else None,
                published_at=moment(at_path(item, way.item_date), tz) if way.item_date else None,
            )


def read_wordpress(page: Page, way: Way, source: Source) -> list[Link]:
    """The links of a WordPress site's `wp-json/wp/v2/posts`. Raises `FeedError`."""
    posts = _load(page)
    if isinstance(posts, Mapping) and "code" in posts:
        raise FeedError(f"WordPress says {_text(posts.get('code'))}: {_text(posts.get('message'))}"[:300])
    if not isinstance(posts, list) or not posts:
        raise FeedError("no posts")
    found = []
    for post in posts[:MAX_ITEMS]:
        url = clean_link(_text(at_path(post, "link")), page.url)
        if url is None:
            continue
        html = _text(at_path(post, "content.rendered")) if way.body == "full" else ""
        gmt = moment(at_path(post, "date_gmt"), UTC)
        found.append(
            Link(
                source=source.id,
                url=url,
                title=_text(at_path(post, "title.rendered")) or None,
                published_at=gmt or moment(at_path(post, "date"), ZoneInfo(source.tz)),
                summary=_text(at_path(post, "excerpt.rendered")) or None,
                html=html or None,
            )
        )
    return found
