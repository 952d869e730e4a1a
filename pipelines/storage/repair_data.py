"""What the raw pages say, put into the tables again: after a kill, and from nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from pipelines.errors import StoreError, plain_reason
from pipelines.records import Fetch, Outcome, RawRef
from pipelines.storage import durable
from pipelines.storage.changes import Changes
from pipelines.storage.locking import one_run
from pipelines.storage.store import RawFile, RawStore, run_of
from pipelines.storage.tables import Tables, fetch_table
from pipelines.storage.warc import whole_members

SHARD = 200
"""Pages of a batch that `repair` has read at once, as far as files allow."""


class Result(Protocol):
    """What became of one page; `extract.PageResult` is one."""

    @property
    def ref(self) -> RawRef: ...
    @property
    def outcome(self) -> Outcome: ...
    @property
    def error(self) -> str | None: ...


class Read(Protocol):
    """The rows of stored pages; `extract.Extraction` is one."""

    @property
    def tables(self) -> Mapping[str, pa.Table]: ...
    @property
    def results(self) -> Sequence[Result]: ...


@dataclass(frozen=True, slots=True)
class Repaired:
    """`rescued` are files that killed runs had left, `damaged` those of which only the start could be read."""

    files: int
    rescued: tuple[str, ...]
    damaged: tuple[str, ...]
    changes: Changes


def unread(data_dir: Path | str) -> Iterator[Fetch]:
    """Fetches that killed runs stored and did not merge, after rescuing what those runs left unfinished.

    Call it under the run's lock. A run that merges these rows, and reads their pages, ends where an undisturbed one
    would have ended.
    """
    store = RawStore(data_dir)
    store.recover()
    merged = Tables(data_dir).merged_runs()
    yield from store.fetches(file for file in store.files() if run_of(file) not in merged)


def repair(
    data_dir: Path | str,
    read: Callable[[tuple[str, ...]], Read],
    run: Callable[[Callable[[tuple[str, ...]], Read], Iterable[tuple[str, ...]]], Iterable[Read]] = map,
) -> Repaired:
    """Rebuild the index and all tables from the WARC files alone; the tables that stood are replaced in one step.

    `read` gives the rows of some raw files, `run` applies it to many (an executor's `map`). A file that breaks off or
    holds broken bytes is cut to its readable start, and kept whole beside it as `….damaged`. Stories are told anew: one
    may then be named after another of its articles. Raises `RunUnderWay`, `StoreError` and `TableError`; the old tables
    then stand.
    """
    store = RawStore(data_dir)
    with one_run(data_dir, "repair"):
        rescued = store.recover()
        damaged = [file for file in store.files() if _cut(store.root / file)]
        index = store.reindex()
        parts = list(run(read, shards(index)))
        results = {result.ref: result for part in parts for result in part.results}
        fetches = fetch_table([settled(fetch, results) for fetch in store.fetches()])
        changes = Tables(data_dir).rebuild([*(part.tables for part in parts), {"fetches": fetches}])
    return Repaired(len(index), tuple(rescued), tuple(damaged), changes)


def shards(index: Mapping[str, RawFile]) -> Iterator[tuple[str, ...]]:
    """The raw files in batches of about `SHARD` pages; a file is never split."""
    files: list[str] = []
    pages = 0
    for file, entry in index.items():
        files.append(file)
        pages += entry.pages
        if pages >= SHARD:
            yield tuple(files)
            files, pages = [], 0
    if files:
        yield tuple(files)


def settled(fetch: Fetch, results: Mapping[RawRef, Result]) -> Fetch:
    """The row of a stored page as it is kept: it says what became of the page, not only that it arrived.

    A page without a result is one whose whole shard broke. That is our fault and not the page's, so the row stays open
    and the next night fetches the page again.
    """
    if fetch.raw_file is None or fetch.raw_offset is None:
        return fetch
    result = results.get(RawRef(fetch.raw_file, fetch.raw_offset))
    if result is None:
        return replace(fetch, outcome="quarantined", error="stored, but not extracted; `chipwire rerun` reads it again")
    return fetch if result.outcome == "ok" else replace(fetch, outcome=result.outcome, error=result.error)


def _cut(path: Path) -> bool:
    """Whether a file had to be cut to its complete records."""
    try:
        end = max((end for _, end in whole_members(path)), default=0)
        if end == path.stat().st_size:
            return False
        whole = path.read_bytes()
        os.replace(path, path.with_name(path.name + ".damaged"))
        durable.write(path, whole[:end])
        return True
    except OSError as error:
        raise StoreError(path, plain_reason(error)) from error
