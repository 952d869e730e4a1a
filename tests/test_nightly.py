"""The night over the sample sites, stage by stage and without Prefect."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines import nightly
from pipelines.discovery.discover import Discovery, discover
from pipelines.errors import RunUnderWay
from pipelines.fetch import Fetcher, FetchSettings
from pipelines.nightly import Night, Report, Stages, new_run_id, run_night
from pipelines.records import Fetch, Link, RawRef, Source
from pipelines.sample_sites import SampleSites
from pipelines.seen import Seen
from pipelines.storage.locking import one_run
from pipelines.storage.store import RawStore
from pipelines.storage.tables import Changes, Tables
from pipelines.watch import Advance


@pytest.fixture(scope="module")
def sites() -> Iterator[SampleSites]:
    with SampleSites() as served:
        yield served


def night(sites: SampleSites, data: Path, *ids: str) -> Night:
    sources = tuple(source for source in sites.sources if not ids or source.id in ids)
    return Night(data, sources, new_run_id(), FetchSettings(delay=0, routes=sites.routes))


@pytest.fixture(scope="module")
def first(sites: SampleSites, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """One night over all sample sites."""
    data = tmp_path_factory.mktemp("night")
    return data, asyncio.run(run_night(night(sites, data)))


def test_every_site_that_is_up_gives_articles(sites: SampleSites, first: tuple[Path, Report]) -> None:
    data, report = first
    articles = Tables(data).read("articles")
    up = {source.id for source in sites.sources} - {"silent"}
    assert set(articles["source"]) == up
    assert (articles.groupby("source", observed=True).size() >= 4).all()
    assert report.changes.new == len(articles)


def test_what_failed_is_on_record_and_cost_nothing_else(first: tuple[Path, Report]) -> None:
    data, report = first
    fetches = Tables(data).read("fetches")
    outcomes = set(fetches["outcome"])
    assert {"ok", "refused", "http_error", "unreadable", "not_an_article"} <= outcomes
    failed = fetches[~fetches["outcome"].isin(["ok", "robots"])]
    assert failed["error"].notna().all()
    assert any("silent" in warning and "refused" in warning for warning in report.warnings)
    assert report.outcomes["refused"] == (fetches["outcome"] == "refused").sum()


def test_every_value_leads_back_to_its_text_and_the_text_to_a_stored_page(first: tuple[Path, Report]) -> None:
    data, _ = first
    tables, store = Tables(data), RawStore(data)
    articles = {row["article_id"]: row for row in tables.read("articles").to_dict("records")}
    keys = ["article_id", "part", "sentence"]
    sentences = {tuple(row[k] for k in keys): row for row in tables.read("sentences").to_dict("records")}
    seen = 0
    for name in ("companies", "gpu_counts", "money"):
        for row in tables.read(name).to_dict("records"):
            article = articles[row["article_id"]]
            part = article["title"] if row["part"] == "title" else article["text"]
            assert part[row["start"] : row["end"]] == row["text"]
            sentence = sentences[tuple(row[k] for k in keys)]
            assert sentence["start"] <= row["start"]
            assert row["end"] <= sentence["end"]
            seen += 1
    assert seen > 100
    for article in articles.values():
        page = store.read(RawRef(article["raw_file"], int(article["raw_offset"])))
        assert page.source == article["source"]
        assert page.body


def test_a_second_night_changes_no_article(sites: SampleSites, tmp_path: Path) -> None:
    asyncio.run(run_night(night(sites, tmp_path, "yunhai", "gridledger")))
    files = {path: path.read_bytes() for path in Tables(tmp_path).files() if "fetches" not in path.parts}
    report = asyncio.run(run_night(night(sites, tmp_path, "yunhai", "gridledger")))
    assert report.changes.articles == 0
    assert report.warnings == ()
    again = {path: path.read_bytes() for path in Tables(tmp_path).files() if "fetches" not in path.parts}
    assert again == files


def test_an_article_that_its_feed_calls_newer_is_fetched_again_and_replaced(tmp_path: Path) -> None:
    async def says_newer(night: Night, source: Source, fetcher: Fetcher, seen: Seen) -> Discovery:
        found = await discover(source, fetcher)
        now = datetime.now(UTC)
        links = tuple(replace(link, published_at=now) for link in found.links)
        assert not any(seen.is_current(link.url, link.published_at) for link in links)
        return replace(found, links=links)

    with SampleSites() as before:
        asyncio.run(run_night(night(before, tmp_path, "chenguang")))
    first = Tables(tmp_path).read("articles")
    with SampleSites(later=True) as after:
        report = asyncio.run(run_night(night(after, tmp_path, "chenguang"), Stages(discover=says_newer)))
    second = Tables(tmp_path).read("articles")
    assert (report.changes.new, report.changes.changed) == (0, 1)
    assert report.outcomes["not_modified"] >= 4
    assert second["article_id"].tolist() == first["article_id"].tolist()
    assert (second["text_sha256"] != first["text_sha256"]).sum() == 1
    assert (second["raw_file"] != first["raw_file"]).sum() == 1


def test_a_batch_that_breaks_is_a_warning_and_the_others_go_on(sites: SampleSites, tmp_path: Path) -> None:
    async def breaks(
        night: Night, source: Source, links: Sequence[Link], fetcher: Fetcher, seen: Seen, advance: Advance
    ) -> tuple[Fetch, ...]:
        if source.id == "yunhai":
            raise ZeroDivisionError("a fault nobody foresaw")
        return await nightly.fetch_source(night, source, links, fetcher, seen, advance)

    report = asyncio.run(run_night(night(sites, tmp_path, "yunhai", "gridledger"), Stages(fetch=breaks)))
    assert report.warnings == ("yunhai: ZeroDivisionError: a fault nobody foresaw",)
    assert set(Tables(tmp_path).read("articles")["source"]) == {"gridledger"}


def test_what_a_killed_night_stored_is_read_by_the_next(sites: SampleSites, tmp_path: Path) -> None:
    async def killed(*_: object) -> Changes:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(run_night(night(sites, tmp_path, "yunhai"), Stages(write=killed)))
    assert Tables(tmp_path).read("articles").empty
    # The next night asks no source at all: the pages are in the raw store.
    asyncio.run(run_night(replace(night(sites, tmp_path), sources=())))
    assert set(Tables(tmp_path).read("articles")["source"]) == {"yunhai"}


def test_what_a_killed_night_stored_is_not_fetched_again(sites: SampleSites, tmp_path: Path) -> None:
    async def killed(*_: object) -> Changes:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(run_night(night(sites, tmp_path, "yunhai"), Stages(write=killed)))
    asyncio.run(run_night(night(sites, tmp_path, "yunhai")))
    fetches = Tables(tmp_path).read("fetches")
    pages = fetches[fetches["role"] == "page"]
    assert len(pages) >= 4
    assert pages["url"].is_unique
    assert set(Tables(tmp_path).read("articles")["source"]) == {"yunhai"}


def test_two_nights_at_once_are_one_and_a_clear_word(sites: SampleSites, tmp_path: Path) -> None:
    with one_run(tmp_path, "nightly"), pytest.raises(RunUnderWay, match="under way"):
        asyncio.run(run_night(night(sites, tmp_path)))


def test_a_topic_keeps_the_articles_that_name_it(sites: SampleSites, tmp_path: Path) -> None:
    report = asyncio.run(run_night(replace(night(sites, tmp_path, "gridledger"), topic=("TPU",))))
    articles = Tables(tmp_path).read("articles")
    assert 1 <= len(articles) < 5
    assert articles["text"].str.contains("TPU").all()
    assert report.outcomes["off_topic"] >= 1
    assert report.warnings == ()


def test_since_leaves_out_what_is_known_to_be_older(sites: SampleSites, tmp_path: Path) -> None:
    since = datetime(2025, 1, 1, tzinfo=UTC)
    asyncio.run(run_night(replace(night(sites, tmp_path, "gridledger"), since=since)))
    published = Tables(tmp_path).read("articles")["published_at"].dropna()
    assert len(published) >= 1
    assert (published >= since).all()
