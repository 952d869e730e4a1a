"""`chipwire sources add URL`: the draft passes the check, and finds the articles that it was made from."""

from __future__ import annotations

import asyncio
import re

import pytest

from pipelines.discovery.discover import discover
from pipelines.discovery.source_draft import DraftError, draft
from pipelines.fetch import Fetcher, FetchSettings
from pipelines.records import Source
from pipelines.registry import parse_source
from tests.fetching.fault_server import serving
from tests.fetching.faults import Serve, page

TEXT = "一家算力公司宣布，新的智算中心将部署一万张加速卡，总投资约三十亿元。" * 3
ARTICLE = (
    f'<html><head><title>新闻 - 云海网</title><meta property="og:site_name" content="云海网">'
    f'<link rel="alternate" type="application/rss+xml" href="/rss.xml?utm_source=page">'
    f'<meta property="article:published_time" content="2026-11-24T10:00:00+08:00"></head>'
    f'<body><h1>新闻</h1><div id="nav"><p>首页</p></div><div class="detail-content"><p>{TEXT}</p><p>{TEXT}</p></div>'
).encode()
BARE = ARTICLE.replace(b"alternate", b"stylesheet")


def front(*numbers: int) -> Serve:
    links = "".join(f'<a href="/news/2026/{n}.html">{TEXT[:20]}</a>' for n in numbers)
    return page(f"<html><title>云海网</title><body>{links}<a href=/about>关于</a><p>{TEXT}".encode())


def rss(text: str) -> Serve:
    items = "".join(
        f"<item><title>{n}</title><link>http://www.yunhai.example/news/2026/{n}.html</link>"
        f"<description><![CDATA[{text}]]></description></item>"
        for n in (11, 120, 1300)
    )
    return page(f"<rss><channel><title>t</title>{items}</channel></rss>".encode(), "Content-Type: text/xml")


def run(paths: dict[str, Serve], url: str) -> tuple[str, Source, list[str]]:
    """The draft, as text and read, and the addresses that it then finds."""
    article = paths.pop("*", page(ARTICLE))

    def choose(host: str, path: str) -> Serve:
        missing = article if path.startswith("/news/") else page(b"", status="404 Not Found")
        return paths.get(path, missing)

    async def work() -> tuple[str, Source, list[str]]:
        async with serving(choose) as (_, port):
            settings = FetchSettings(delay=0, backoff=0.01, routes={"www.yunhai.example": ("127.0.0.1", port)})
            async with Fetcher(settings, run_id="t") as fetcher:
                text = await draft(url, fetcher)
                source = parse_source(text, "yunhai.toml")
                found = await discover(source, fetcher)
                return text, source, [re.sub(r"\D", "", link.url.rpartition("/")[2]) for link in found.links]

    return asyncio.run(work())


@pytest.mark.parametrize("text", ["short", "<p>" + TEXT * 20])
def test_from_an_article_of_a_site_with_a_feed(text: str) -> None:
    written, source, found = run({"/rss.xml": rss(text)}, "http://www.yunhai.example/news/2026/7.html")
    assert (source.id, source.name, source.lang, source.tz) == ("yunhai", "云海网", "zh-Hans", "Asia/Shanghai")
    assert source.article_urls == (r"^https?://(www\.)?yunhai\.example/news/\d{4}/\d+\.html",)
    assert source.example == "http://www.yunhai.example/news/2026/7.html"
    [way] = source.ways
    assert (way.kind, way.url) == ("feed", "http://www.yunhai.example/rss.xml")
    assert way.body == ("full" if "<p>" in text else "summary")
    assert source.selectors.body == ("div.detail-content",)
    assert source.selectors.title == ("h1",)
    assert source.selectors.date == ('meta[property="article:published_time"]',)
    assert "guess" in written
    assert found == ["11", "120", "1300"]


def test_from_a_front_page_with_a_feed_at_a_usual_place() -> None:
    _, source, found = run({"/": front(1), "/rss": rss("x")}, "http://www.yunhai.example/")
    assert [way.url for way in source.ways] == ["http://www.yunhai.example/rss"]
    assert found == ["11", "120", "1300"]


def test_from_a_front_page_without_any_feed() -> None:
    _, source, found = run({"/": front(21, 5, 300)}, "http://www.yunhai.example/")
    assert [(way.kind, way.url) for way in source.ways] == [("list", "http://www.yunhai.example/")]
    assert source.example == "http://www.yunhai.example/news/2026/21.html"
    assert found == ["21", "5", "300"]


def test_from_an_article_without_any_feed() -> None:
    _, source, found = run({"*": page(BARE), "/": front(1, 2)}, "http://www.yunhai.example/news/2026/7.html")
    assert [(way.kind, way.url) for way in source.ways] == [("list", "http://www.yunhai.example/")]
    assert found == ["1", "2"]


def test_a_news_sitemap_named_by_robots_txt_is_a_way() -> None:
    robots = page(b"Sitemap: http://www.yunhai.example/news-sitemap.xml\n", "Content-Type: text/plain")
    _, source, _ = run({"/": front(1), "/robots.txt": robots}, "http://www.yunhai.example/")
    assert ("sitemap", "http://www.yunhai.example/news-sitemap.xml") in [(way.kind, way.url) for way in source.ways]


@pytest.mark.parametrize(
    ("paths", "url", "error"),
    [
        ({"/": page(b"<html><p>Nothing here.")}, "http://www.yunhai.example/", "no links that look like articles"),
        ({"/": page(b"", status="410 Gone")}, "http://www.yunhai.example/", "http_error, status 410"),
        ({}, "http://127.0.0.1/", "unsafe_address"),
        ({}, "yunhai.example", "only http"),
    ],
)
def test_no_draft(paths: dict[str, Serve], url: str, error: str) -> None:
    with pytest.raises(DraftError, match=error):
        run(dict(paths), url)
