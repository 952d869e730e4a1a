"""List pages, sitemaps and JSON lists: what each offers, and what is none."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime

import pytest

from pipelines.discovery.feed_text import FeedError
from pipelines.discovery.jsonlists import read_json, read_wordpress
from pipelines.discovery.listpages import read_list
from pipelines.discovery.sitemaps import read_sitemap
from tests.fetching.answers_made import SOURCE, at, way


def test_list_page() -> None:
    html = """<base href="/list/"><div class="news"><a href="/p/1"><img></a><a href="/p/1#c">A long title</a>
    <h2><a href="../p/2?spm=1">Two</a></h2></div><a href="/p/9">elsewhere</a><a href="javascript:void(0)">x</a>"""
    links = read_list(at("http://a.example/", html, "text/html"), way("list", links=".news a"), SOURCE)
    assert [(link.url, link.title) for link in links] == [
        ("http://a.example/p/1", "A long title"),
        ("http://a.example/p/2", "Two"),
    ]
    everything = read_list(at("http://a.example/", html, "text/html"), way("list"), SOURCE)
    assert [link.url for link in everything][-1] == "http://a.example/p/9"
    boxes = read_list(at("http://a.example/", html, "text/html"), way("list", links=".news h2"), SOURCE)
    assert [link.title for link in boxes] == ["Two"]


def test_a_list_page_in_gbk_has_readable_titles() -> None:
    html = '<meta charset="gbk"><a href="/p/1">国产芯片量产</a>'.encode("gbk")
    [link] = read_list(at("http://a.example/", html, "text/html"), way("list"), SOURCE)
    assert link.title == "国产芯片量产"
    with pytest.raises(FeedError):
        read_list(at("http://a.example/", b"\x89PNG\r\n\x1a\n" + bytes(500), "text/html"), way("list"), SOURCE)


def test_a_list_page_whose_selector_finds_nothing_has_changed() -> None:
    with pytest.raises(FeedError, match=r"nothing on the page matches '\.gone a'"):
        read_list(at("http://a.example/", "<a href=/p/1>x</a>"), way("list", links=".gone a"), SOURCE)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        # The parser takes minutes for the first, and a fifth of a gigabyte for the second.
        (b"<div>" * 400_000, "400000 tags, over the limit"),
        (b"<p>" * 1_000_000, "a list page of 3000000 bytes"),
    ],
)
def test_list_pages_that_only_cost(body: bytes, error: str) -> None:
    with pytest.raises(FeedError, match=error):
        read_list(at("http://a.example/", body, "text/html"), way("list"), SOURCE)


NEWS_SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>http://a.example/p/1</loc><image:image><image:loc>http://a.example/i.png</image:loc></image:image>
<news:news><news:publication><news:name>A</news:name></news:publication>
<news:publication_date>2026-11-22T10:00:00+08:00</news:publication_date><news:title>One &amp; only</news:title>
</news:news></url>
<url><loc> http://a.example/p/2 </loc><lastmod>2026-11-23</lastmod></url></urlset>"""


@pytest.mark.parametrize("packed", [False, True])
def test_sitemap(packed: bool) -> None:
    body = gzip.compress(NEWS_SITEMAP.encode()) if packed else NEWS_SITEMAP.encode()
    sitemap = read_sitemap(at("http://a.example/news.xml", body), way("sitemap"), SOURCE)
    assert [(link.url, link.title) for link in sitemap.links] == [
        ("http://a.example/p/2", None),
        ("http://a.example/p/1", "One & only"),
    ]
    assert sitemap.links[1].published_at == datetime(2026, 11, 22, 2, tzinfo=UTC)


def test_sitemap_index() -> None:
    index = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <sitemap><loc>http://a.example/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap>
    <sitemap><loc>http://a.example/new.xml</loc><lastmod>2026-11-23</lastmod></sitemap>
    <sitemap><loc>http://other.example/x.xml</loc><lastmod>2026-11-24</lastmod></sitemap></sitemapindex>"""
    sitemap = read_sitemap(at("http://a.example/index.xml", index), way("sitemap"), SOURCE)
    assert sitemap.parts == ("http://a.example/new.xml", "http://a.example/old.xml")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"<html><body>", "HTML"),
        (b"<rss><channel/></rss>", "no sitemap but <rss>"),
        (b"<urlset></urlset>", "without any address"),
        (b"<urlset", "broken XML"),
        (gzip.compress(b"<urlset>", mtime=0)[:-4], "cut off"),
        (gzip.compress(bytes(30 * 1024 * 1024), mtime=0), "inflate"),
        (b'<!DOCTYPE u [<!ENTITY a "b">]><urlset></urlset>', "entities"),
    ],
)
def test_no_sitemap(body: bytes, error: str) -> None:
    with pytest.raises(FeedError, match=error):
        read_sitemap(at("http://a.example/s.xml", body), way("sitemap"), SOURCE)


def test_json_api() -> None:
    answer = {"data": {"list": [{"id": 1, "t": "one", "at": 1790000000}, {"id": None}, {"id": 2}]}}
    api = way("json", links="data.list", item_link="http://a.example/p/{id}", item_title="t", item_date="at")
    one, two = read_json(at("http://a.example/api", json.dumps(answer), "application/json"), api, SOURCE)
    assert (one.url, one.title) == ("http://a.example/p/1", "one")
    assert one.published_at == datetime.fromtimestamp(1790000000, UTC)
    assert (two.url, two.title, two.published_at) == ("http://a.example/p/2", None, None)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ('{"data":{}}', "no list"),
        ('{"data":{"list":[]}}', "empty"),
        ("<p>", "HTML"),
        ("[" * 100_000, "recursion"),
        ("[{}," * 2_000_000, "bytes"),
    ],
)
def test_a_json_api_that_has_changed(body: str, error: str) -> None:
    with pytest.raises(FeedError, match=error):
        read_json(at("http://a.example/api", body), way("json", links="data.list", item_link="id"), SOURCE)


@pytest.mark.parametrize(
    ("title", "content_type"),
    [
        # In GBK the first is also good UTF-8, so only the server's word tells; the second speaks for itself.
        ("芯片", "application/javascript; charset=gbk"),
        ("国产芯片量产", "application/javascript"),
    ],
)
def test_jsonp_in_gbk(title: str, content_type: str) -> None:
    body = f'data_callback([{{"docurl":"http://a.example/p/1","title":"{title}"}}])\n'.encode("gbk")
    api = way("json", item_link="docurl", item_title="title")
    [link] = read_json(at("http://a.example/api.js", body, content_type), api, SOURCE)
    assert (link.url, link.title) == ("http://a.example/p/1", title)


def test_wordpress() -> None:
    posts = [
        {
            "link": "http://a.example/p/1",
            "date": "2026-11-23T10:00:00",
            "date_gmt": "2026-11-23T02:00:00",
            "title": {"rendered": "one"},
            "excerpt": {"rendered": "<p>short"},
            "content": {"rendered": "<p>whole"},
        }
    ]
    body = json.dumps(posts)
    [link] = read_wordpress(at("http://a.example/wp", body), way("wordpress", body="full"), SOURCE)
    assert (link.title, link.summary, link.html) == ("one", "<p>short", "<p>whole")
    assert link.published_at == datetime(2026, 11, 23, 2, tzinfo=UTC)
    with pytest.raises(FeedError, match="rest_forbidden"):
        read_wordpress(at("http://a.example/wp", '{"code":"rest_forbidden","message":"no"}'), way("wordpress"), SOURCE)
