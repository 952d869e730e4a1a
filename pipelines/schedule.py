"""Nightly runs that really fire: a Prefect server of our own, and a process beside it that serves the flow.

Serving on Prefect's embedded server polls for ever and runs nothing, because that server has no scheduler; so a server
is found (PREFECT_API_URL) or started here, and stopped again at the end.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx
from rich.console import Console

from pipelines.errors import PipelineError
from pipelines.prefect_home import quiet_prefect

START_WITHIN = 90.0
"""Seconds that a server may take to answer."""
TELL = Console(stderr=True, highlight=False)


class ScheduleError(PipelineError):
    """A timetable that cannot be read, or a Prefect server that does not answer."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """When to run: a cron line read in `tz`, or every so many seconds."""

    cron: str | None
    every: int | None
    tz: str

    def __str__(self) -> str:
        return f"every {self.every} seconds" if self.every else f"at {self.cron!r}, {self.tz} time"


def serve(
    timetable: Timetable,
    data: Path,
    *,
    sources: Sequence[str] = (),
    contact: str | None = None,
    topic: Sequence[str] = (),
    registry: Path | None = None,
) -> None:
    """Runs the flow whenever it is due, until interrupted. Each run is a process of its own.

    Raises `ScheduleError`, and `SourceError` for an unknown source.
    """
    from pipelines.registry import SOURCES, choose, load

    choose(load(registry or SOURCES), sources)
    quiet_prefect(data)
    from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule

    try:
        ZoneInfo(timetable.tz)
        schedule = (
            IntervalSchedule(interval=timedelta(seconds=timetable.every))
            if timetable.every
            else CronSchedule(cron=timetable.cron or "", timezone=timetable.tz)
        )
    except ZoneInfoNotFoundError as error:
        raise ScheduleError(f"{timetable.tz!r} is no time zone; one is Asia/Shanghai") from error
    except ValueError as error:
        raise ScheduleError(f'{timetable.cron!r} is no cron line; one is "0 2 * * *": every day at 02:00') from error
    with prefect_server() as url:
        os.environ["PREFECT_API_URL"] = url
        from pipelines.flows import nightly

        TELL.print(f"nightly runs {timetable}; tables in {data}; Prefect at {url.removesuffix('/api')}; Ctrl-C ends")
        nightly.serve(
            name="chipwire",
            schedules=[schedule],
            parameters={
                "data": str(data.resolve()),
                "sources": list(sources) or None,
                "contact": contact,
                "topic": list(topic) or None,
                "registry": str(registry.resolve()) if registry else None,
            },
            limit=1,
            print_starting_message=False,
        )


@contextmanager
def prefect_server() -> Iterator[str]:
    """The API address of a server that answers: the user's at PREFECT_API_URL, or one started for this block."""
    found = os.environ.get("PREFECT_API_URL")
    if found:
        if not _answers(found):
            raise ScheduleError(f"no Prefect server answers at PREFECT_API_URL {found}")
        yield found
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/api"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        try:
            _wait(server, url)
            yield url
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait(server: subprocess.Popen[str], url: str) -> None:
    deadline = time.monotonic() + START_WITHIN
    with TELL.status("starting a Prefect server"):
        while not _answers(url):
            if server.poll() is not None:
                said = (server.stderr.read() if server.stderr else "").strip().splitlines()
                raise ScheduleError(f"the Prefect server did not start: {said[-1] if said else server.returncode}")
            if time.monotonic() > deadline:
                raise ScheduleError(f"the Prefect server did not answer within {START_WITHIN:.0f} s")
            time.sleep(0.3)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
