"""Every fault of the fault server leaves its row, and takes nothing else with it."""

from __future__ import annotations

import asyncio

import pytest

from pipelines.discover import Discovery, discover
from pipelines.fetch import Fetcher, FetchSettings
from pipelines.records import Fetch, Source, Way
from tests.fetching.faults import FAULTS, FEED_FAULTS, PAGE_FAULTS, Fault

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


@pytest.fixture(scope="module")
def outcomes(fault_settings: FetchSettings) -> dict[str, Fetch | Discovery]:
    """All faults in one go, each on its own host, so that their waits overlap."""

    async def run() -> dict[str, Fetch | Discovery]:
        async with Fetcher(fault_settings, run_id="test", resolver=resolver) as fetcher:
            pages = await asyncio.gather(*(try_page(f, fetcher) for f in PAGE_FAULTS))
            feeds = await asyncio.gather(*(try_feed(f, fetcher) for f in FEED_FAULTS))
        return dict(zip((f.name for f in FAULTS), [*pages, *feeds], strict=True))

    return asyncio.run(run())


def test_there_are_faults_enough() -> None:
    assert len(FAULTS) >= 30
    assert len({f.name for f in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", PAGE_FAULTS, ids=lambda f: f.name)
def test_page_fault(fault: Fault, outcomes: dict[str, Fetch | Discovery]) -> None:
    row = outcomes[fault.name]
    assert isinstance(row, Fetch)
    check_row(fault, row)


@pytest.mark.parametrize("fault", FEED_FAULTS, ids=lambda f: f.name)
def test_feed_fault(fault: Fault, outcomes: dict[str, Fetch | Discovery]) -> None:
    found = outcomes[fault.name]
    assert isinstance(found, Discovery)
    [answer] = found.answers
    check_row(fault, answer.fetch)
    assert len(found.links) == fault.links
