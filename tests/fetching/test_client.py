"""Politeness and safety of the client, each against a server in this process."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict, Unpack

import httpcore
import pytest

from pipelines.fetch import Fetcher, FetchSettings
from pipelines.fetching.network import CheckedBackend, CheckedTransport
from tests.fetching.fault_server import Choose, serving
from tests.fetching.faults import ARTICLE, Serve, page, robots_txt, then, to
from tests.fetching.tls import authority, h2_server
from tests.fetching.wire import Request, Wire

NO_ROBOTS = page(b"", status="404 Not Found")


def site(**paths: Serve) -> Choose:
    """`robots` serves robots.txt, any other name the path of that name, `page` everything else."""

    def choose(host: str, path: str) -> Serve:
        if path == "/robots.txt":
            return paths.get("robots", NO_ROBOTS)
        return paths.get(path.strip("/"), paths.get("page", page()))

    return choose


class Numbers(TypedDict, total=False):
    concurrency: int
    delay: float
    backoff: float
    deadline: float
    patience: float


def settings(port: int, *hosts: str, **more: Unpack[Numbers]) -> FetchSettings:
    numbers: Numbers = {"delay": 0, "backoff": 0.01, "deadline": 10, "patience": 5, **more}
    return FetchSettings(routes=dict.fromkeys(hosts or ("a.example",), ("127.0.0.1", port)), **numbers)


async def slow(wire: Wire, request: Request) -> None:
    await asyncio.sleep(0.05)
    await wire.answer(ARTICLE)


def gaps(arrivals: Iterable[tuple[str, float]]) -> list[float]:
    times = [t for _, t in arrivals]
    return [later - earlier for earlier, later in itertools.pairwise(times)]


def test_one_host_is_asked_one_at_a_time_with_the_delay_between() -> None:
    async def run() -> None:
        async with serving(site(page=slow)) as (server, port), Fetcher(settings(port, delay=0.1), run_id="t") as f:
            await asyncio.gather(*(f.get(f"http://a.example/{n}", source="a") for n in range(4)))
            assert server.open_most["a.example"] == 1
            assert server.connections == 1
            assert server.asked["a.example/robots.txt"] == 1
            # The gap counts from the end of an answer, so it is at least the delay between two arrivals.
            assert min(gaps(server.arrivals)) >= 0.1

    asyncio.run(run())


def test_a_source_may_ask_for_a_longer_delay_and_crawl_delay_for_more() -> None:
    async def run() -> None:
        robots = robots_txt("User-agent: *\nCrawl-delay: 0.3")
        async with serving(site(robots=robots)) as (server, port), Fetcher(settings(port), run_id="t") as f:
            for n in range(3):
                assert (await f.get(f"http://a.example/{n}", source="a")).fetch.outcome == "ok"
            assert min(gaps(server.arrivals)[1:]) >= 0.3
        async with serving(site()) as (server, port), Fetcher(settings(port, delay=0.01), run_id="t") as f:
            for n in range(3):
                await f.get(f"http://a.example/{n}", source="a", delay=0.2)
            assert min(gaps(server.arrivals)[1:]) >= 0.2

    asyncio.run(run())


def test_concurrency_is_bounded_over_all_hosts() -> None:
    async def run() -> None:
        hosts = [f"h{n}.example" for n in range(12)]
        async with (
            serving(site(page=slow)) as (server, port),
            Fetcher(settings(port, *hosts, concurrency=3), run_id="t") as f,
        ):
            await asyncio.gather(*(f.get(f"http://{h}/1", source=h) for h in hosts))
            assert server.open_most["all"] == 3

    asyncio.run(run())


@pytest.mark.parametrize("first", ["seconds", "date"])
def test_retry_after_is_obeyed_by_every_request_to_the_host(first: str) -> None:
    from tests.fetching.faults import retry_date, retry_seconds

    async def run() -> None:
        busy = then(retry_seconds if first == "seconds" else retry_date, page())
        async with serving(site(busy=busy)) as (server, port), Fetcher(settings(port), run_id="t") as f:
            one = asyncio.create_task(f.get("http://a.example/busy", source="a"))
            while server.asked["a.example/busy"] == 0:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            other = await f.get("http://a.example/other", source="a")
            assert (await one).fetch.outcome == other.fetch.outcome == "ok"
            at = dict(reversed(server.arrivals))
            # A date has whole seconds, so of two it may be just over one that is left.
            assert at["a.example/other"] - at["a.example/busy"] >= 0.95

    asyncio.run(run())


def test_a_host_that_keeps_failing_is_rested_and_nobody_waits_for_it() -> None:
    async def run() -> None:
        def choose(host: str, path: str) -> Serve:
            if path == "/robots.txt":
                return NO_ROBOTS
            return page(b"", status="500 Oops") if host == "bad.example" else page()

        async with (
            serving(choose) as (server, port),
            Fetcher(settings(port, "bad.example", "good.example"), run_id="t") as f,
        ):
            bad = [await f.get(f"http://bad.example/{n}", source="bad") for n in range(4)]
            good = await f.get("http://good.example/1", source="good")
        assert [a.fetch.outcome for a in bad] == ["http_error", "http_error", "rested", "rested"]
        assert [a.fetch.attempts for a in bad] == [4, 4, 0, 0]
        assert "8 failures in a row, the last: status 500" in (bad[3].fetch.error or "")
        assert good.fetch.outcome == "ok"
        assert (
            sum(n for path, n in server.asked.items() if path.startswith("bad.example/") and "robots" not in path) == 8
        )

    asyncio.run(run())


def test_requests_say_who_asks_and_what_is_known() -> None:
    heads: list[dict[str, str]] = []

    async def note(wire: Wire, request: Request) -> None:
        heads.append(request.headers)
        await wire.answer(ARTICLE, headers=("Content-Type: text/html", 'ETag: "v2"', "Last-Modified: yesterday"))

    async def run() -> None:
        async with (
            serving(site(page=note)) as (_, port),
            Fetcher(
                FetchSettings(contact="https://example.org/bot", delay=0, routes={"a.example": ("127.0.0.1", port)}),
                run_id="t",
            ) as f,
        ):
            answer = await f.get("http://a.example/中?q=算力#top", source="a", etag='"v1"', last_modified="monday")
        assert heads[0]["user-agent"] == "chipwire/0.1 (+https://example.org/bot)"
        assert heads[0]["host"] == "a.example"
        assert (heads[0]["if-none-match"], heads[0]["if-modified-since"]) == ('"v1"', "monday")
        assert "cookie" not in heads[0]
        assert (answer.fetch.etag, answer.fetch.last_modified) == ('"v2"', "yesterday")
        assert ("If-None-Match", '"v1"') in answer.request_headers
        assert answer.page is not None
        assert ("ETag", '"v2"') in answer.page.headers

    asyncio.run(run())


def test_robots_rows_are_kept() -> None:
    async def run() -> None:
        async with serving(site(robots=to("/elsewhere"))) as (_, port), Fetcher(settings(port), run_id="t") as f:
            await f.get("http://a.example/1", source="a")
            [row] = f.robots_rows
            assert (row.role, row.outcome, row.url) == ("robots", "ok", "http://a.example/robots.txt")

    asyncio.run(run())


class Recorder(httpcore.AsyncNetworkBackend):
    """Notes where it is told to connect to, and refuses."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def connect_tcp(self, host: str, *rest: object, **more: object) -> httpcore.AsyncNetworkStream:
        self.asked.append(host)
        raise httpcore.ConnectError("not here")


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    """A name server that says something else when asked again is never asked again."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])

    async def resolver(host: str, port: int) -> list[str]:
        return next(answers)

    async def run() -> None:
        inner = Recorder()
        backend = CheckedBackend({}, resolver, inner)
        with pytest.raises(httpcore.ConnectError):
            await backend.connect_tcp("rebind.example", 80)
        assert inner.asked == ["93.184.216.34"]

    asyncio.run(run())


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:7f00:1]:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f.1:{port}/",
        "http://0:{port}/",
        "ftp://a.example/",
        "http://user@a.example/",
        "http:///x",
        "http://a.example:99999/",
        "javascript:alert(1)",
        "",
    ],
)
def test_unsafe_addresses_are_never_connected_to(url: str) -> None:
    async def run() -> None:
        async with serving(site()) as (server, port), Fetcher(settings(port), run_id="t") as f:
            answer = await f.get(url.format(port=port), source="a")
            assert answer.fetch.outcome == "unsafe_address", answer.fetch
            assert answer.page is None
            assert server.connections == 0

    asyncio.run(run())


def test_a_proxy_is_used_where_it_is_set_and_never_for_private_addresses() -> None:
    async def run() -> None:
        async with (
            serving(site()) as (server, port),
            Fetcher(FetchSettings(delay=0, proxy=f"http://127.0.0.1:{port}"), run_id="t") as f,
        ):
            good = await f.get("http://somewhere.example/1", source="a")
            bad = await f.get("http://10.0.0.1/1", source="a")
            assert (good.fetch.outcome, bad.fetch.outcome) == ("ok", "unsafe_address")
            assert server.asked["somewhere.example/1"] == 1

    asyncio.run(run())


def test_the_environment_sets_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    async def run() -> None:
        async with serving(site()) as (_, port), Fetcher(settings(port), run_id="t") as f:
            assert (await f.get("http://a.example/1", source="a")).fetch.outcome == "ok"

    asyncio.run(run())


def test_certificates_are_checked_and_http2_is_spoken(tmp_path: Path) -> None:
    server_context, client_context = authority(tmp_path, "a.example")

    async def run() -> None:
        async with h2_server(server_context, ARTICLE) as port:
            async with Fetcher(settings(port), run_id="t", ssl_context=client_context) as f:
                good = await f.get("https://a.example/1", source="a")
            async with Fetcher(settings(port), run_id="t") as f:
                bad = await f.get("https://a.example/1", source="a")
            async with Fetcher(settings(port, "b.example"), run_id="t", ssl_context=client_context) as f:
                other = await f.get("https://b.example/1", source="a")
        assert good.fetch.outcome == "ok", good.fetch
        assert good.page is not None
        assert good.page.body == ARTICLE
        assert ("x-spoken", "h2") in good.page.headers
        assert (bad.fetch.outcome, other.fetch.outcome) == ("tls", "tls")
        assert "verify failed" in (bad.fetch.error or "")

    asyncio.run(run())


def test_connections_of_hosts_asked_long_ago_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CheckedTransport, "_MOST", 2)
    hosts = [f"h{n}.example" for n in range(6)]

    async def run() -> None:
        async with serving(site()) as (server, port), Fetcher(settings(port, *hosts), run_id="t") as f:
            for h in [*hosts, hosts[0]]:
                assert (await f.get(f"http://{h}/1", source=h)).fetch.outcome == "ok"
            await asyncio.sleep(0.05)
            assert sum(not writer.is_closing() for writer in server.writers) == 2
            assert server.connections == 7

    asyncio.run(run())


def test_the_second_address_is_tried_when_the_first_does_not_answer() -> None:
    class HalfDead(Recorder):
        async def connect_tcp(self, host: str, *rest: object, **more: object) -> httpcore.AsyncNetworkStream:
            if host.startswith("1."):
                return httpcore.AsyncMockStream([])
            return await super().connect_tcp(host)

    async def resolver(host: str, port: int) -> list[str]:
        return ["2606:4700::1", "1.1.1.1"]

    async def run() -> None:
        inner = HalfDead()
        stream = await CheckedBackend({}, resolver, inner).connect_tcp("a.example", 80, timeout=1)
        assert isinstance(stream, httpcore.AsyncMockStream)
        assert inner.asked == ["2606:4700::1"]

    asyncio.run(run())
