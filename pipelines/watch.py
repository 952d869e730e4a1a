"""Progress of a long job, as its stages tell it; the command line shows it, tests and schedules need not.

>>> with Silent().stage("fetch", 2) as advance:
...     advance(1)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Advance = Callable[[int], None]


class Watch(Protocol):
    def stage(self, name: str, total: int) -> AbstractContextManager[Advance]:
        """One stage of `total` steps; call what it gives with each number of steps done."""


class Silent:
    """Nobody looks."""

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Advance]:
        yield lambda steps: None


class Bars:
    """One rich progress bar a stage, on standard error, so that output can still be piped."""

    def __init__(self, console: Console | None = None) -> None:
        self._progress = Progress(
            TextColumn("{task.description:<9}"),
            BarColumn(bar_width=32),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console or Console(stderr=True),
        )

    def __enter__(self) -> Bars:
        self._progress.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._progress.stop()

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Advance]:
        task = self._progress.add_task(name, total=total)
        yield lambda steps: self._progress.advance(task, steps)
        # An empty stage is a finished one; without this its bar would pulse for ever.
        self._progress.update(task, total=max(total, 1), completed=max(total, 1))
