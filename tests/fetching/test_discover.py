"""Ways in: what each kind of answer offers, what is left out, and which way stands in for which."""

from __future__ import annotations

import asyncio
import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from extractors.model import Page
from pipelines.discovery.discover import Discovery, discover, feed_page, or_feed
from pipelines.discovery.feed_text import FeedError
from pipelines.discovery.feeds import read_feed
from pipelines.discovery.jsonlists import read_json, read_wordpress
from pipelines.discovery.links import canonical_url
from pipelines.discovery.listpages import read_list
from pipelines.discovery.sitemaps import read_sitemap
from pipelines.fetch import Fetcher, FetchSettings
from pipelines.records import Link, Source, Way
from tests.fetching.fault_server import serving
from tests.fetching.faults import Serve, page

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


def way(kind: str, **more: str) -> Way:
    return Way(kind, "http://a.example/way", **more)  # type: ignore[arg-type]


RSS = """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>t</title>
<item><title><![CDATA[ 1.5亿元 ]]></title><link>http://a.example/p/1?utm_source=rss</link>
<pubDate>2026-11-23 10:00:00  +0800</pubDate><description>short</description>
<content:encoded><![CDATA[<p>the whole <b>text</b></p>]]></content:encoded></item>
<item><title>two</title><guid>http://a.example/p/2</guid><pubDate>Mon, 23 Nov 2026 03:00:00 GMT</pubDate></item>
<item><title>three</title><link>/p/3</link><pubDate>2026-11-23 12:00:00</pubDate></item>
<item><title>no link</title></item></channel></rss>"""


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


def test_the_feed_stands_in_for_the_page_and_says_so() -> None:
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    found = feed_page(Link("a", "http://a.example/p/1", title="A < B", html="<p>text"), moment)
    assert found is not None
    assert dict(found.headers)["X-Chipwire-Body"] == "feed"
    assert b"<h1>A &lt; B</h1><p>text" in found.body
    assert feed_page(Link("a", "http://a.example/p/1", summary="short"), moment) is None


def test_or_feed() -> None:
    full = Link("a", "http://a.example/p/1", title="A", html="<p>text")
    bare = replace(full, html=None)

    async def run() -> None:
        def choose(host: str, path: str) -> Serve:
            return page() if path == "/good" else page(b"", status="404 Not Found")

        async with serving(choose) as (_, port):
            settings = FetchSettings(delay=0, routes={"a.example": ("127.0.0.1", port)})
            async with Fetcher(settings, run_id="t") as fetcher:
                good = await fetcher.get("http://a.example/good", source="a")
                gone = await fetcher.get(full.url, source="a")
        assert or_feed(good, full) is good
        assert or_feed(gone, bare) is gone
        stand_in = or_feed(gone, full)
        assert stand_in.page is not None
        assert b"<p>text" in stand_in.page.body
        assert stand_in.fetch.outcome == "ok"
        assert stand_in.fetch.error == "the feed's text, for the page gave http_error: status 404"

    asyncio.run(run())


def rss(*numbers: int, text: str = "") -> Serve:
    items = "".join(
        f"<item><title>{n}</title><link>http://a.example/p/{n}</link>"
        f"<pubDate>2026-11-{n:02} 10:00:00 +0000</pubDate><description>{text}</description></item>"
        for n in numbers
    )
    return page(f"<rss><channel><title>t</title>{items}</channel></rss>".encode(), "Content-Type: text/xml")


def find(source: Source, paths: dict[str, Serve], **more: object) -> Discovery:
    async def run() -> Discovery:
        async with serving(lambda host, path: paths.get(path, page(b"", status="404 Not Found"))) as (_, port):
            settings = FetchSettings(delay=0, backoff=0.01, routes={"a.example": ("127.0.0.1", port)})
            async with Fetcher(settings, run_id="t") as fetcher:
                return await discover(source, fetcher, **more)  # type: ignore[arg-type]

    return asyncio.run(run())


def ways(*ways: Way) -> Source:
    return replace(SOURCE, ways=ways)


FEED = Way("feed", "http://a.example/feed")
OTHER = Way("feed", "http://a.example/other")
LIST = Way("list", "http://a.example/list")
SERVED = {"/feed": rss(1, 2), "/other": rss(2, 3), "/list": page(b"<a href=/p/1>one</a><a href=/p/9>nine</a>")}


def urls(found: Discovery) -> list[str]:
    return [link.url.removeprefix("http://a.example/p/") for link in found.links]


def test_a_second_way_is_asked_when_the_first_fails() -> None:
    good = find(ways(FEED, LIST), SERVED)
    assert (urls(good), len(good.answers)) == (["1", "2"], 1)
    stand_in = find(ways(FEED, LIST), {**SERVED, "/feed": page()})
    assert urls(stand_in) == ["1", "9"]
    assert [a.fetch.outcome for a in stand_in.answers] == ["bad_feed", "ok"]
    assert stand_in.answers[0].page is None
    nothing = find(ways(FEED, LIST), {})
    assert (urls(nothing), [a.fetch.outcome for a in nothing.answers]) == ([], ["http_error", "http_error"])


def test_ways_marked_also_are_always_asked_and_an_article_comes_once() -> None:
    found = find(ways(FEED, replace(OTHER, also=True), LIST), SERVED)
    assert urls(found) == ["1", "2", "3"]
    assert len(found.answers) == 2


def test_what_is_known_or_too_old_is_left_out() -> None:
    known = canonical_url("http://www.a.example/p/2?f=rss")
    assert urls(find(ways(FEED), SERVED, seen=lambda url: url == known)) == ["1"]
    assert urls(find(ways(FEED), SERVED, since=datetime(2026, 11, 2, tzinfo=UTC))) == ["2"]
    # A list page has no times, so nothing of it is too old.
    assert urls(find(ways(LIST), SERVED, since=datetime(2030, 1, 1, tzinfo=UTC))) == ["1", "9"]


def test_a_night_of_known_articles_is_no_failure() -> None:
    found = find(ways(FEED), SERVED, seen=lambda url: True)
    assert (found.links, found.answers[0].fetch.outcome) == ((), "ok")


def test_an_unchanged_feed_is_no_failure_and_calls_no_other_way() -> None:
    unchanged = page(b"", 'ETag: "1"', status="304 Not Modified", length=None)
    found = find(ways(FEED, LIST), {**SERVED, "/feed": unchanged}, known={FEED.url: ('"1"', None)})
    assert [a.fetch.outcome for a in found.answers] == ["not_modified"]


def test_a_sitemap_index_is_followed_one_level_down() -> None:
    def urlset(*numbers: int) -> Serve:
        entries = "".join(f"<url><loc>http://a.example/p/{n}</loc></url>" for n in numbers)
        return page(f"<urlset>{entries}</urlset>".encode(), "Content-Type: text/xml")

    parts = "".join(
        f"<sitemap><loc>http://a.example/{n}.xml</loc><lastmod>2026-11-{n:02}</lastmod></sitemap>" for n in range(1, 6)
    )
    index = page(f"<sitemapindex>{parts}</sitemapindex>".encode(), "Content-Type: text/xml")
    served = {"/map.xml": index, **{f"/{n}.xml": urlset(n, n + 10) for n in range(1, 6)}}
    found = find(ways(Way("sitemap", "http://a.example/map.xml")), served)
    assert urls(found) == ["5", "15", "4", "14", "3", "13"]
    assert [a.fetch.outcome for a in found.answers] == ["ok"] * 4


def test_the_topic_leaves_out_what_the_full_text_shows_to_be_something_else() -> None:
    full = replace(FEED, body="full")
    served = {"/feed": rss(1, text="about ships " * 30), "/other": rss(2, text="new gpus " * 30)}
    both = replace(SOURCE, ways=(full, replace(OTHER, body="full", also=True)))
    assert urls(find(both, served)) == ["1", "2"]
    assert urls(find(both, served, topic=("GPU", "芯片"))) == ["2"]
    assert urls(find(replace(both, topic=("GPU",)), served)) == ["2"]
    # A summary that does not name it proves nothing about the page.
    assert urls(find(ways(FEED), served, topic=("GPU",))) == ["1"]
