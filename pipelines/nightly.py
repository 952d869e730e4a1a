"""The night: discover, fetch, extract, write, in plain functions that know no scheduler.

    sources ─ discover_source ─ links ─ fetch_source ─ stored pages ─ extract_shard ─ rows ─ write_night ─ tables

The unit of work is a batch (a source, or a shard of stored pages). A batch that fails is a warning of the night's
report; the other batches go on. `flows.py` runs the same functions as Prefect tasks.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from pipelines.discovery.discover import Discovery, discover, once, or_feed
from pipelines.errors import PipelineError
from pipelines.extract import Extraction
from pipelines.fetch import Fetcher, FetchSettings
from pipelines.records import Fetch, Link, Outcome, RawRef, Source
from pipelines.seen import Seen
from pipelines.storage.locking import one_run
from pipelines.storage.repair_data import SHARD, settled, unread
from pipelines.storage.schemas import ARTICLE_SCHEMAS
from pipelines.storage.store import RawStore
from pipelines.storage.tables import Changes, Tables, fetch_table
from pipelines.stored_pages import read_refs
from pipelines.watch import Advance, Silent, Watch
from pipelines.workers import worker_pool

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Night:
    """What one run is about."""

    data: Path
    sources: tuple[Source, ...]
    run_id: str
    settings: FetchSettings = field(default_factory=FetchSettings)
    since: datetime | None = None
    topic: tuple[str, ...] = ()
    """Keep only articles that name one of these words; none keeps all."""


@dataclass(frozen=True, slots=True)
class Report:
    """How the night went. `warnings` has one line for each source, batch or page that failed."""

    run_id: str
    outcomes: Mapping[str, int]
    changes: Changes
    warnings: tuple[str, ...]


def new_run_id() -> str:
    """A name for a run that sorts by time, like `20240710T180000.123456Z`."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")


async def discover_source(night: Night, source: Source, fetcher: Fetcher, seen: Seen) -> Discovery:
    """The articles that a source offers and that are new, or newer than what is stored."""
    found = await discover(source, fetcher, since=night.since, known=seen.feeds, topic=night.topic)
    return replace(found, links=tuple(link for link in found.links if not seen.is_current(link.url, link.published_at)))


async def fetch_source(
    night: Night, source: Source, links: Sequence[Link], fetcher: Fetcher, seen: Seen, advance: Advance
) -> tuple[Fetch, ...]:
    """The pages of these links, stored as one WARC file; a row for each, with the page's place if there is one."""
    rows: list[Fetch] = []
    if not links:
        return ()
    with RawStore(night.data).writer(source.id, night.run_id) as writer:
        for link in links:
            before = seen.page(link.url)
            answer = await fetcher.get(
                link.url,
                source=source.id,
                etag=before.etag if before else None,
                last_modified=before.last_modified if before else None,
                delay=source.delay,
            )
            answer = or_feed(answer, link)
            ref = writer.add(answer)
            stored = answer.page is not None
            rows.append(replace(answer.fetch, raw_file=ref.file, raw_offset=ref.offset) if stored else answer.fetch)
            advance(1)
    return tuple(rows)


async def extract_shard(night: Night, refs: Sequence[RawRef], pool: Executor, advance: Advance) -> Extraction:
    """The rows of these stored pages, read by a worker beside the event loop."""
    loop = asyncio.get_running_loop()
    sources = {source.id: source for source in night.sources}
    extraction = await loop.run_in_executor(pool, read_refs, night.data, refs, sources, ARTICLE_SCHEMAS, night.topic)
    advance(len(refs))
    return extraction


async def write_night(night: Night, fetches: Sequence[Fetch], extractions: Sequence[Extraction]) -> Changes:
    """Everything the night found, in one transaction: a reader sees the night before or this one, never a half."""
    results = {result.ref: result for extraction in extractions for result in extraction.results}
    batches = [extraction.tables for extraction in extractions]
    batches.append({"fetches": fetch_table([settled(row, results) for row in fetches])})
    return await asyncio.to_thread(Tables(night.data).merge, batches, reread=tuple(results), run_id=night.run_id)


@dataclass(frozen=True, slots=True)
class Stages:
    """The four stages as coroutine functions: plain, or wrapped by a scheduler that wants to see them run."""

    discover: Callable[[Night, Source, Fetcher, Seen], Awaitable[Discovery]] = discover_source
    fetch: Callable[[Night, Source, Sequence[Link], Fetcher, Seen, Advance], Awaitable[tuple[Fetch, ...]]] = (
        fetch_source
    )
    extract: Callable[[Night, Sequence[RawRef], Executor, Advance], Awaitable[Extraction]] = extract_shard
    write: Callable[[Night, Sequence[Fetch], Sequence[Extraction]], Awaitable[Changes]] = write_night


async def run_night(night: Night, stages: Stages | None = None, watch: Watch | None = None) -> Report:
    """One night over `night.sources`.

    Raises `RunUnderWay` when another run holds the data folder, `StoreError` and `TableError` when the disk lets it
    down; what a source or a page does wrong is in the report and the `fetches` table instead.
    """
    stages, watch = stages or Stages(), watch or Silent()
    with one_run(night.data, f"nightly {night.run_id}"):
        warnings: list[str] = []
        # Pages that an earlier run stored and did not live to extract come first; they need no network.
        fetches: list[Fetch] = list(unread(night.data))
        seen = Seen(Tables(night.data).read("fetches"), fetches)
        async with Fetcher(night.settings, run_id=night.run_id) as fetcher:
            with watch.stage("discover", len(night.sources)) as advance:
                jobs = {s.id: _then(stages.discover(night, s, fetcher, seen), advance) for s in night.sources}
                found = await _all(jobs, warnings)
            fetches += [answer.fetch for discovery in found.values() for answer in discovery.answers]
            offered = once(found)
            with watch.stage("fetch", sum(map(len, offered.values()))) as advance:
                jobs_ = {
                    s.id: stages.fetch(night, s, offered[s.id], fetcher, seen, advance)
                    for s in night.sources
                    if offered.get(s.id)
                }
                for rows in (await _all(jobs_, warnings)).values():
                    fetches += rows
            fetches += fetcher.robots_rows
        refs = [
            RawRef(f.raw_file, f.raw_offset) for f in fetches if f.raw_file is not None and f.raw_offset is not None
        ]
        with watch.stage("extract", len(refs)) as advance, worker_pool(len(refs)) as pool:
            shards = {f"pages {n + 1} to {n + len(shard)}": shard for n, shard in _shards(refs)}
            extracted = await _all(
                {name: stages.extract(night, shard, pool, advance) for name, shard in shards.items()}, warnings
            )
        with watch.stage("write", 1):
            changes = await stages.write(night, fetches, list(extracted.values()))
    results = {result.ref: result for extraction in extracted.values() for result in extraction.results}
    final = [settled(row, results) for row in fetches]
    # A robots.txt that fails is told by the page or feed that waited for it.
    told = [f for f in final if f.outcome not in QUIET and f.role != "robots"]
    warnings += [f"{f.source}: {f.url}: {f.outcome}: {f.error}" for f in told]
    return Report(night.run_id, Counter(f.outcome for f in final), changes, tuple(warnings))


QUIET: frozenset[Outcome] = frozenset({"ok", "not_modified", "not_an_article", "other_language", "off_topic", "robots"})
"""Outcomes of a night in which nothing went wrong."""


async def _then(job: Awaitable[T], advance: Advance) -> T:
    result = await job
    advance(1)
    return result


async def _all(jobs: Mapping[str, Awaitable[T]], warnings: list[str]) -> dict[str, T]:
    """The results of the jobs that ended well; the others are a line of `warnings`, whatever went wrong in them.

    This is the one place where any error of a batch is caught: a fault in one source must not cost the others.
    """
    results: dict[str, T] = {}
    for name, result in zip(jobs, await asyncio.gather(*jobs.values(), return_exceptions=True), strict=True):
        if isinstance(result, PipelineError) or (
            isinstance(result, BaseException) and not isinstance(result, Exception)
        ):
            raise result
        if isinstance(result, BaseException):
            warnings.append(f"{name}: {type(result).__name__}: {result}")
        else:
            results[name] = result
    return results


def _shards(refs: Sequence[RawRef]) -> Iterator[tuple[int, Sequence[RawRef]]]:
    """Pages that lie in one file stay together, so that a worker opens each file once."""
    ordered = sorted(refs, key=lambda ref: (ref.file, ref.offset))
    for start in range(0, len(ordered), SHARD):
        yield start, ordered[start : start + SHARD]
