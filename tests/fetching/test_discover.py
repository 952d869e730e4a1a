"""Ways in: what each kind of answer offers, what is left out, and which way stands in for which."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

from pipelines.discovery.discover import Discovery, discover, feed_page, or_feed
from pipelines.discovery.links import canonical_url
from pipelines.fetch import Fetcher, FetchSettings
from pipelines.records import Link, Source, Way
from tests.fetching.answers_made import SOURCE
from tests.fetching.fault_server import serving
from tests.fetching.faults import Serve, page


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
