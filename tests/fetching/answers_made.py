"""Answers of one made source, and the ways to read them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from extractors.model import Page
from pipelines.records import Source, Way, WayKind

SOURCE = Source(
    id="a",
    name="A",
    lang="zh-Hans",
    tz="Asia/Shanghai",
    home="http://a.example",
    ways=(),
    article_urls=(r"^http://a\.example/p/\d+",),
)


def at(url: str, body: str | bytes, content_type: str = "text/xml") -> Page:
    raw = body.encode() if isinstance(body, str) else body
    return Page("a", url, datetime(2026, 11, 24, tzinfo=UTC), 200, (("Content-Type", content_type),), raw)


def way(
    kind: WayKind,
    body: Literal["full", "summary", "none"] = "none",
    *,
    links: str | None = None,
    item_link: str | None = None,
    item_title: str | None = None,
    item_date: str | None = None,
) -> Way:
    return Way(
        kind, "http://a.example/way", body, links, item_link=item_link, item_title=item_title, item_date=item_date
    )


RSS = """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>t</title>
<item><title><![CDATA[ 1.5亿元 ]]></title><link>http://a.example/p/1?utm_source=rss</link>
<pubDate>2026-11-23 10:00:00  +0800</pubDate><description>short</description>
<content:encoded><![CDATA[<p>the whole <b>text</b></p>]]></content:encoded></item>
<item><title>two</title><guid>http://a.example/p/2</guid><pubDate>Mon, 23 Nov 2026 03:00:00 GMT</pubDate></item>
<item><title>three</title><link>/p/3</link><pubDate>2026-11-23 12:00:00</pubDate></item>
<item><title>no link</title></item></channel></rss>"""
