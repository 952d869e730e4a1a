"""What stands between a command and its job: Prefect's surroundings, progress bars, and what is told at the end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from pipelines import audience
from pipelines.prefect_home import quiet_prefect
from pipelines.watch import Bars

if TYPE_CHECKING:
    from pipelines.nightly import Report

TELL = Console(stderr=True, highlight=False)


def run_flow(
    data: Path,
    *,
    sources: Sequence[str] = (),
    since: datetime | None = None,
    contact: str | None = None,
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
                registry=str(registry) if registry else None,
                routes=routes,
            )
        )
    return reports[0]


def run_demo(data: Path) -> Report:
    """The flow over the bundled sample sites. Raises `SampleSitesMissing` where they are not installed."""
    from pipelines.sample_sites import SITES, SampleSites

    with SampleSites() as sites:
        TELL.print(f"{len(sites.sources)} sample sites, served on 127.0.0.1 for as long as this runs")
        return run_flow(data, registry=SITES, routes=dict(sites.routes))


def run_rerun(paths: Sequence[Path], data: Path, *, diff: bool) -> bool:
    """Extraction again; prints what changed. True when something could not be read."""
    from pipelines.registry import SOURCES, load
    from pipelines.rerun import rerun

    with Bars(TELL) as bars:
        done = rerun(paths, data, load(SOURCES), bars)
    out = Console(highlight=False)
    counts = Counter(result.outcome for result in done.results)
    out.print(f"{len(done.results)} pages: " + (", ".join(f"{n} {word}" for word, n in counts.most_common()) or "none"))
    out.print(str(done.changes))
    for error in done.failed:
        TELL.print(f"Error: {error}", markup=False)
    for result in done.results:
        if result.outcome != "ok":
            TELL.print(f"{result.url}: {result.outcome}: {result.error}", markup=False)
    return bool(done.failed) or any(result.outcome == "unreadable" for result in done.results)
