"""Feeds: what each kind offers, and in which encodings."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from pipelines.discovery.feed_text import FeedError
from pipelines.discovery.feeds import read_feed
from tests.fetching.answers_made import RSS, SOURCE, at, way


def test_rss() -> None:
    one, two, three = read_feed(at("http://a.example/feed", RSS), way("feed", body="full"), SOURCE)
    assert (one.url, one.title, one.summary) == ("http://a.example/p/1", "1.5亿元", "short")
    assert one.html == "<p>the whole <b>text</b></p>"
    assert one.published_at == datetime(2026, 11, 23, 2, tzinfo=UTC)
    assert (two.url, two.published_at) == ("http://a.example/p/2", datetime(2026, 11, 23, 3, tzinfo=UTC))
    # A time without zone is told by the publisher's clock.
    assert (three.url, three.published_at) == ("http://a.example/p/3", datetime(2026, 11, 23, 4, tzinfo=UTC))


def test_a_summary_feed_carries_no_page() -> None:
    assert all(link.html is None for link in read_feed(at("http://a.example/feed", RSS), way("feed"), SOURCE))


def test_atom() -> None:
    atom = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://a.example/">
    <author><name>who</name><email>w@a.example</email></author>
    <entry><title>one</title><link rel="alternate" href="http://a.example/p/1"/><updated>2026-11-23T10:00:00+08:00</updated>
    <content type="html">&lt;p&gt;text&lt;/p&gt;</content></entry></feed>"""
    [link] = read_feed(at("http://a.example/feed", atom), way("feed", body="full"), SOURCE)
    assert (link.url, link.html) == ("http://a.example/p/1", "<p>text</p>")
    assert link.published_at == datetime(2026, 11, 23, 2, tzinfo=UTC)


def test_json_feed() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"url": "/p/1", "title": "one", "content_html": "<p>x", "date_published": "2026-11-23T10:00:00"}, 7],
    }
    [link] = read_feed(at("http://a.example/feed.json", json.dumps(feed)), way("feed", body="full"), SOURCE)
    assert (link.url, link.title, link.html) == ("http://a.example/p/1", "one", "<p>x")
    assert link.published_at == datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "gb18030", "big5hkscs"])
def test_encodings_of_feeds(encoding: str) -> None:
    declared = "" if encoding.startswith("utf") else f' encoding="{encoding.removesuffix("hkscs")}"'
    rss = f'<?xml version="1.0"{declared}?><rss><channel><item><title>晶片</title><link>http://a.example/p/1</link></item></channel></rss>'
    [link] = read_feed(at("http://a.example/feed", rss.encode(encoding)), way("feed"), SOURCE)
    assert link.title == "晶片"


def test_utf_7_hides_nothing() -> None:
    """An encoding in which markup does not look like markup is not decoded, so no guard is passed by."""
    rss = b'<?xml version="1.0" encoding="utf-7"?>+ADw-rss+AD4-+ADw-channel+AD4-+ADw-item/+AD4-'
    with pytest.raises(FeedError, match="no XML"):
        read_feed(at("http://a.example/feed", rss), way("feed"), SOURCE)
