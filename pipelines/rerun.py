"""Extraction again, without network and without Prefect: same input, same code, same bytes in the tables."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from extractors.model import Page
from pipelines.extract import Extraction, PageResult, extract_pages
from pipelines.inputs import InputError, is_data_folder, read_inputs
from pipelines.records import RawRef, Source
from pipelines.storage.locking import one_run
from pipelines.storage.repair_data import SHARD, shards
from pipelines.storage.schemas import ARTICLE_SCHEMAS
from pipelines.storage.store import RawStore
from pipelines.storage.survey import Survey
from pipelines.storage.tables import Changes, Tables
from pipelines.stored_pages import read_files
from pipelines.watch import Advance, Silent, Watch
from pipelines.workers import worker_pool

IN_FLIGHT = 4
"""Shards handed to the workers ahead of their results; more would only fill memory."""

Work = Callable[[], Extraction]


@dataclass(frozen=True, slots=True)
class Rerun:
    """`failed` are files that could not be read at all, `results` what became of each page."""

    changes: Changes
    results: tuple[PageResult, ...]
    failed: tuple[InputError, ...]


def rerun(
    paths: Sequence[Path],
    data: Path,
    sources: Sequence[Source],
    watch: Watch | None = None,
    before_writing: Callable[[Survey], None] | None = None,
    topic: Sequence[str] = (),
    *,
    anew: bool = False,
) -> Rerun:
    """Reads the pages at `paths` anew and writes what changed into the tables under `data`.

    `before_writing` is shown what would change; `topic` keeps only articles that name one of its words; `anew`
    reads every page of the raw store, also those whose article is kept from the last time. Raises `InputError` for a
    path that holds no page, `RunUnderWay`, `StoreError` and `TableError`.
    """
    watch = watch or Silent()
    failed: list[InputError] = []
    by_id = {source.id: source for source in sources}
    with one_run(data, "rerun"):
        work = [shard for path in paths for shard in _work(path, data, by_id, topic, failed, anew)]
        pages = sum(count for count, _ in work)
        with watch.stage("extract", pages) as advance:
            extractions = list(_done(work, pages, advance))
        batches = [extraction.tables for extraction in extractions]
        results = tuple(result for extraction in extractions for result in extraction.results)
        reread = [result.ref for result in results]
        if before_writing is not None:
            before_writing(Tables(data).survey(batches, reread=reread))
        with watch.stage("write", 1):
            changes = Tables(data).merge(batches, reread=reread, run_id="rerun")
    return Rerun(changes, results, tuple(failed))


def _work(
    path: Path,
    data: Path,
    sources: Mapping[str, Source],
    topic: Sequence[str],
    failed: list[InputError],
    anew: bool,
) -> Iterator[tuple[int, Work]]:
    """Shards of a path, with their numbers of pages. A raw store is read by the workers, file by file."""
    if is_data_folder(path):
        index = RawStore(path).index()
        # Another data folder than the one that is written is only looked at.
        own = path.resolve() == data.resolve()
        read = partial(
            read_files, path, sources=sources, schemas=ARTICLE_SCHEMAS, topic=topic, anew=anew or not own, keep=own
        )
        for files in shards(index):
            yield sum(index[file].pages for file in files), partial(read, files)
        return
    shard: list[tuple[RawRef, Page]] = []
    for found in read_inputs(path):
        if isinstance(found, InputError):
            failed.append(found)
        else:
            shard.append((found.ref, found.page))
        if len(shard) == SHARD:
            yield len(shard), partial(extract_pages, tuple(shard), sources, ARTICLE_SCHEMAS, topic)
            shard = []
    if shard:
        yield len(shard), partial(extract_pages, tuple(shard), sources, ARTICLE_SCHEMAS, topic)


def _done(work: Sequence[tuple[int, Work]], pages: int, advance: Advance) -> Iterator[Extraction]:
    """The results in the order of the work, a few shards ahead of the reader."""
    with worker_pool(pages) as pool:
        waiting: deque[tuple[int, Future[Extraction]]] = deque()
        for count, shard in work:
            waiting.append((count, pool.submit(shard)))
            if len(waiting) > IN_FLIGHT:
                yield _next(waiting, advance)
        while waiting:
            yield _next(waiting, advance)


def _next(waiting: deque[tuple[int, Future[Extraction]]], advance: Advance) -> Extraction:
    count, future = waiting.popleft()
    extraction = future.result()
    advance(count)
    return extraction
