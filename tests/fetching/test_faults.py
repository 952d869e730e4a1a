"""Every fault of the fault server leaves its row, and takes nothing else with it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from pipelines.discovery.discover import Discovery, discover
from pipelines.fetch import Fetcher, FetchSettings
from pipelines.records import Fetch, Source, Way
from tests.fetching.fault_server import GOOD_ARTICLES, GOOD_HOSTS
from tests.fetching.faults import PAGE_FAULTS, Fault
from tests.fetching.feed_faults import FAULTS, FEED_FAULTS
from tests.fetching.memory import STATM, growth
from tests.fetching.wire import MIB

PUBLIC = "93.184.216.34"


async def resolver(host: str, port: int) -> list[str]:
    if host == "half-private.example":
        return [PUBLIC, "10.1.2.3"]
    raise OSError(f"no such name: {host}")


def source_of(host: str) -> Source:
    return Source(
        id=host.split(".")[0],
        name=host,
        lang="zh-Hans",
        tz="Asia/Shanghai",
        home=f"http://{host}",
        ways=(Way("feed", f"http://{host}/feed"),),
        article_urls=(r"^http://[\w.-]+/a/\d+\.html",),
    )


async def try_page(fault: Fault, fetcher: Fetcher) -> Fetch:
    answer = await fetcher.get(fault.url, source=fault.name, etag=fault.etag)
    assert (answer.page is not None) == (answer.fetch.outcome == "ok")
    return answer.fetch


async def try_feed(fault: Fault, fetcher: Fetcher) -> Discovery:
    return await discover(source_of(fault.host), fetcher)


def check_row(fault: Fault, row: Fetch) -> None:
    assert (row.outcome, row.status, row.attempts) == (fault.outcome, fault.status, fault.attempts), row
    assert fault.error in (row.error or ""), row
    assert (row.error is None) == (row.outcome in ("ok", "not_modified")), row
    assert row.role == fault.role
    assert row.url == fault.url


@dataclass(frozen=True, slots=True)
class Night:
    pages: dict[str, Fetch]
    feeds: dict[str, Discovery]
    good: list[Fetch]
    """The rows of the good hosts' articles."""
    growth: int
    """Bytes of memory above the start, at the worst moment."""


@pytest.fixture(scope="module")
def night(fault_settings: FetchSettings) -> Night:
    """All faults and twenty good hosts in one go."""

    async def good(host: str, fetcher: Fetcher) -> list[Fetch]:
        source = source_of(host)
        found = await discover(source, fetcher)
        answers = [await fetcher.get(link.url, source=source.id) for link in found.links]
        assert all(a.page is not None and "算力新闻".encode() in a.page.body for a in answers)
        return [a.fetch for a in answers]

    async def run() -> tuple[list[Fetch], list[Discovery], list[list[Fetch]]]:
        async with asyncio.timeout(120), Fetcher(fault_settings, run_id="test", resolver=resolver) as fetcher:
            return await asyncio.gather(
                asyncio.gather(*(try_page(f, fetcher) for f in PAGE_FAULTS)),
                asyncio.gather(*(try_feed(f, fetcher) for f in FEED_FAULTS)),
                asyncio.gather(*(good(host, fetcher) for host in GOOD_HOSTS)),
            )

    with growth() as grown:
        pages, feeds, rows = asyncio.run(run())
    return Night(
        {f.name: row for f, row in zip(PAGE_FAULTS, pages, strict=True)},
        {f.name: found for f, found in zip(FEED_FAULTS, feeds, strict=True)},
        [row for of_host in rows for row in of_host],
        grown.peak,
    )


def test_every_good_article_arrives(night: Night) -> None:
    assert len(night.good) == len(GOOD_HOSTS) * GOOD_ARTICLES
    assert {row.outcome for row in night.good} == {"ok"}


@pytest.mark.skipif(not STATM.exists(), reason="the memory of a process is read from Linux's /proc")
def test_the_night_stays_small(night: Night) -> None:
    assert 0 < night.growth < 200 * MIB


def test_there_are_faults_enough() -> None:
    assert len(FAULTS) >= 30
    assert len({f.name for f in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", PAGE_FAULTS, ids=lambda f: f.name)
def test_page_fault(fault: Fault, night: Night) -> None:
    check_row(fault, night.pages[fault.name])


@pytest.mark.parametrize("fault", FEED_FAULTS, ids=lambda f: f.name)
def test_feed_fault(fault: Fault, night: Night) -> None:
    found = night.feeds[fault.name]
    [answer] = found.answers
    check_row(fault, answer.fetch)
    assert len(found.links) == fault.links
    if fault.name == "feed-gbk":
        assert found.links[0].title == "芯片 1"
