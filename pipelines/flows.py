"""Prefect around the night: decorators around the plain functions of `nightly.py`, nothing more.

A task is a batch, never a URL: a task run costs 5 ms and a row of Prefect's history. Import this module only where a
flow is run; it costs seconds (`quiet_prefect` must come first, see there).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from pipelines import audience
from pipelines import nightly as nightly_stages
from pipelines.fetch import FetchSettings
from pipelines.nightly import Night, Stages, new_run_id, run_night
from pipelines.registry import SOURCES, choose, load
from pipelines.used_registries import remember

TASKS = Stages(
    discover=task(name="discover", cache_policy=NO_CACHE, persist_result=False)(nightly_stages.discover_source),
    fetch=task(name="fetch", cache_policy=NO_CACHE, persist_result=False)(nightly_stages.fetch_source),
    extract=task(name="extract", cache_policy=NO_CACHE, persist_result=False)(nightly_stages.extract_shard),
    write=task(name="write", cache_policy=NO_CACHE, persist_result=False)(nightly_stages.write_night),
)


@flow(name="nightly", validate_parameters=False, persist_result=False)
async def nightly(
    data: str = "data",
    sources: list[str] | None = None,
    since: str | None = None,
    contact: str | None = None,
    topic: list[str] | None = None,
    registry: str | None = None,
    routes: dict[str, tuple[str, int]] | None = None,
) -> State[None]:
    """Fetches what is new, extracts it and writes the tables under `data`.

    `sources` are ids of the registry (all enabled ones without it), `since` an ISO date, `topic` words of which an
    article must name one, `registry` a folder of source files instead of the bundled one, `routes` addresses that stand
    in for hosts (the sample sites).
    """
    chosen = choose(load(Path(registry) if registry else SOURCES), sources)
    if registry:
        remember(Path(data), Path(registry))
    settings = FetchSettings(contact=contact, routes={h: (a, p) for h, (a, p) in (routes or {}).items()})
    start = datetime.fromisoformat(since).astimezone() if since else None
    night = Night(Path(data), chosen, new_run_id(), settings, start, tuple(topic or ()))
    report = await run_night(night, TASKS, audience.watch())
    audience.tell(report)
    if report.warnings:
        return Completed(name="Completed with warnings", message="\n".join(report.warnings))
    return Completed(message="no warnings")
