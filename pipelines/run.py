"""What stands between a command and its job: Prefect's surroundings, progress bars, and what is told at the end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from pipelines import audience
from pipelines.errors import PipelineError
from pipelines.prefect_home import quiet_prefect
from pipelines.watch import Bars

if TYPE_CHECKING:
    from pipelines.nightly import Report
    from pipelines.storage.survey import Survey

TELL = Console(stderr=True, highlight=False)


def run_flow(
    data: Path,
    *,
    sources: Sequence[str] = (),
    since: datetime | None = None,
    contact: str | None = None,
    topic: Sequence[str] = (),
    registry: Path | None = None,
    routes: dict[str, tuple[str, int]] | None = None,
) -> Report:
    """The `nightly` flow in this process, on Prefect's embedded server unless PREFECT_API_URL names another.

    Raises `SourceError` for an unknown id, and whatever `run_night` raises.
    """
    from pipelines.registry import SOURCES, choose, load

    choose(load(registry or SOURCES), sources)  # wrong use is told before seconds go into starting Prefect
    quiet_prefect(data)
    with TELL.status("starting Prefect"):
        from pipelines.flows import nightly
    reports: list[Report] = []
    with Bars(TELL) as bars:
        audience.WATCH.set(bars)
        audience.REPORTS.set(reports)
        asyncio.run(
            nightly(
                data=str(data),
                sources=list(sources) or None,
                since=since.isoformat() if since else None,
                contact=contact,
                topic=list(topic) or None,
                registry=str(registry) if registry else None,
                routes=routes,
            )
        )
    return reports[0]


def run_demo(data: Path) -> Report:
    """The flow over the bundled sample sites. Raises `PipelineError` where they are not installed."""
    from pipelines.sample_sites import SITES, SampleSites

    with SampleSites() as sites:
        TELL.print(f"{len(sites.sources)} sample sites, served on 127.0.0.1 for as long as this runs")
        return run_flow(data, registry=SITES, routes=dict(sites.routes))


def run_rerun(
    paths: Sequence[Path], data: Path, *, diff: bool, topic: Sequence[str], anew: bool, registry: Path | None
) -> bool:
    """Extraction again; prints what changed. True when something could not be read."""
    from pipelines.rerun import rerun
    from pipelines.storage.diff import differences
    from pipelines.storage.diff import show as show_differences
    from pipelines.used_registries import sources_of

    out = Console(highlight=False)

    def show(survey: Survey) -> None:
        if not show_differences(differences(survey), out):
            out.print("no value differs")

    sources = sources_of(data, registry)
    with Bars(TELL) as bars:
        done = rerun(paths, data, sources, bars, show if diff else None, topic, anew=anew)
    counts = Counter(result.outcome for result in done.results)
    out.print(f"{len(done.results)} pages: " + (", ".join(f"{n} {word}" for word, n in counts.most_common()) or "none"))
    out.print(str(done.changes), markup=False)
    for error in done.failed:
        TELL.print(f"Error: {error}", markup=False, soft_wrap=True)
    for result in done.results:
        if result.outcome != "ok":
            TELL.print(f"{result.url}: {result.outcome}: {result.error}", markup=False, soft_wrap=True)
    return bool(done.failed) or any(result.outcome == "unreadable" for result in done.results)


def run_check(data: Path) -> bool:
    """Everything wrong with a data folder, a line each. True when there is something."""
    from pipelines.storage.check import check

    if not data.is_dir():
        raise PipelineError(f"{data}: no such folder")
    problems = check(data)
    for problem in problems:
        TELL.print(str(problem), markup=False, soft_wrap=True)
    if not problems:
        Console(highlight=False).print(f"{data}: sound")
    return bool(problems)


def run_repair(data: Path, registry: Path | None) -> None:
    """Index and tables anew from the WARC files; prints what was rescued, cut and changed."""
    from pipelines.storage.repair_data import repair
    from pipelines.storage.schemas import ARTICLE_SCHEMAS
    from pipelines.stored_pages import read_files
    from pipelines.used_registries import sources_of
    from pipelines.workers import POOL_FROM, worker_pool

    if not data.is_dir():
        raise PipelineError(f"{data}: no such folder")
    sources = {source.id: source for source in sources_of(data, registry)}
    with TELL.status("reading the raw pages"), worker_pool(POOL_FROM) as pool:
        done = repair(data, partial(read_files, data, sources=sources, schemas=ARTICLE_SCHEMAS), pool.map)
    out = Console(highlight=False)
    out.print(f"{done.files} raw files, {len(done.rescued)} rescued, {len(done.damaged)} damaged")
    for file in done.damaged:
        TELL.print(f"{file}: cut to its readable start; the whole file is kept beside it", markup=False)
    out.print(str(done.changes), markup=False)


def draft_source(url: str, contact: str | None) -> str:
    """The draft of a source file. Raises `DraftError`."""
    from pipelines.discovery.source_draft import draft
    from pipelines.fetch import Fetcher, FetchSettings
    from pipelines.nightly import new_run_id

    async def ask() -> str:
        async with Fetcher(FetchSettings(contact=contact), run_id=new_run_id()) as fetcher:
            return await draft(url, fetcher)

    with TELL.status(f"asking {url}"):
        return asyncio.run(ask())
