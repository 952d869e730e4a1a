"""Every way of every source, against a server that answers as the site would: it finds the source's example.

The sites' own hosts are asked over TLS, all of them led to loopback; the answers are built from the source file, so
what is proved is that URL, kind, selector, paths and pattern of each file work together in the client.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from urllib.parse import urlsplit

import pytest

from extractors.model import Json
from pipelines.discovery.discover import Discovery, discover
from pipelines.discovery.links import canonical_url
from pipelines.fetch import Fetcher, FetchSettings
from pipelines.records import Source, Way
from pipelines.registry import load
from tests.fetching.fault_server import serving
from tests.fetching.faults import Serve, page
from tests.fetching.tls import authority

WAYS = [(source, way) for source in load() for way in source.ways]
_STEP = re.compile(r"(?P<tag>[a-z][a-z0-9]*)?(?P<marks>(?:[.#][\w-]+|\[[^\]]+\])*)")


def markup(selector: str, href: str) -> str:
    """A piece of HTML in which this selector of descendants and children finds a link to `href`.

    >>> markup("ul.x > li h2 a", "/1")
    '<ul class="x"><li><h2><a href="/1">A title</a></h2></li></ul>'
    """
    start, end = "", ""
    for step in re.split(r"\s*>\s*|\s+", selector.strip()):
        parts = _STEP.fullmatch(step)
        assert parts, f"{selector!r} is more than this builder knows"
        tag, marks = parts["tag"] or "div", parts["marks"]
        classes = " ".join(re.findall(r"\.([\w-]+)", re.sub(r"\[[^\]]+\]", "", marks)))
        name = re.search(r"#([\w-]+)", re.sub(r"\[[^\]]+\]", "", marks))
        start += f"<{tag}" + (f' class="{classes}"' if classes else "") + (f' id="{name[1]}"' if name else "")
        start += f' href="{escape(href)}">' if tag == "a" else ">"
        end = f"</{tag}>" + end
    link = "A title" if "<a" in start else f'<a href="{escape(href)}">A title</a>'
    return start + link + end


def nested(path: str | None, value: Json) -> Json:
    for name in reversed(path.split(".") if path else []):
        value = {name: value}
    return value


def example(source: Source, way: Way) -> str:
    """The example, in the spelling that a selector by href asks for if the source has several hosts."""
    assert source.example is not None
    wanted = re.search(r'href\*="([^"]+)"', way.links or "")
    if wanted and wanted[1] not in source.example:
        found = {"/newsview/": "https://m.mydrivers.com/newsview/1127534.html"}
        return found[wanted[1]]
    prefix = re.search(r'href\^="([^"]+)"', way.links or "")
    if prefix and not urlsplit(source.example).path.startswith(prefix[1]):
        return f"{source.home}{'' if source.home.endswith(prefix[1].rstrip('/')) else prefix[1].rstrip('/')}/an-example"
    return source.example


def answer(source: Source, way: Way) -> Serve:
    url = example(source, way)
    match way.kind:
        case "feed":
            body = (
                f"<rss><channel><title>t</title><item><title>x</title><link>{escape(url)}</link></item></channel></rss>"
            )
            return page(body.encode(), "Content-Type: application/rss+xml")
        case "sitemap":
            body = f"<urlset><url><loc>{escape(url)}</loc></url></urlset>"
            return page(body.encode(), "Content-Type: application/xml")
        case "list":
            href = urlsplit(url).path if 'href^="' in (way.links or "") else url
            return page(f"<html><body>{markup(way.links or 'p a', href)}".encode())
        case "json":
            assert way.item_link
            item = nested(way.item_link, url)
            if way.item_title:
                item = _merged(item, nested(way.item_title, "x"))
            return page(json.dumps(nested(way.links, [item])).encode(), "Content-Type: application/json")
        case "wordpress":
            return page(
                json.dumps([{"link": url, "title": {"rendered": "x"}}]).encode(), "Content-Type: application/json"
            )


def _merged(one: Json, other: Json) -> Json:
    assert isinstance(one, Mapping)
    assert isinstance(other, Mapping)
    result = dict(one)
    for key, value in other.items():
        result[key] = _merged(result[key], value) if key in result else value
    return result


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Discovery]:
    hosts = sorted({urlsplit(way.url).hostname or "" for _, way in WAYS})
    server_context, client_context = authority(tmp_path_factory.mktemp("tls"), *hosts, h2_only=False)
    by_url = {re.sub(r"^https?://", "", way.url): answer(source, way) for source, way in WAYS}

    def choose(host: str, path: str) -> Serve:
        return by_url.get(host + path) or by_url.get((host + path).rstrip("/")) or page(b"", status="404 Not Found")

    async def over(scheme: str, port: int) -> dict[tuple[str, str], Discovery]:
        routes = dict.fromkeys(hosts, ("127.0.0.1", port))
        settings = FetchSettings(delay=0, attempts=1, rest_after=10**9, routes=routes)
        ways = [(s, w) for s, w in WAYS if urlsplit(w.url).scheme == scheme]
        async with Fetcher(settings, run_id="t", ssl_context=client_context) as fetcher:
            # One way at a time, so that each has to answer for itself.
            jobs = [discover(replace(s, ways=(replace(w, also=False),)), fetcher) for s, w in ways]
            return dict(zip(((s.id, w.url) for s, w in ways), await asyncio.gather(*jobs), strict=True))

    async def run() -> dict[tuple[str, str], Discovery]:
        async with serving(choose) as (_, plain), serving(choose, server_context) as (_, tls):
            return await over("http", plain) | await over("https", tls)

    return asyncio.run(run())


@pytest.mark.parametrize(("source", "way"), WAYS, ids=[f"{s.id}-{w.kind}-{n}" for n, (s, w) in enumerate(WAYS)])
def test_the_way_finds_the_example(source: Source, way: Way, found: dict[tuple[str, str], Discovery]) -> None:
    discovery = found[source.id, way.url]
    assert [a.fetch.outcome for a in discovery.answers] == ["ok"], discovery.answers
    assert [canonical_url(link.url) for link in discovery.links] == [canonical_url(example(source, way))]
