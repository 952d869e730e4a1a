"""One host's turn: how many requests at once, how long between them, and when it is left alone."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pipelines.fetching.failures import FetchFailed
from pipelines.fetching.settings import FetchSettings


class Host:
    """The politeness state of one host during one run."""

    def __init__(self, name: str, settings: FetchSettings) -> None:
        self.name = name
        self._settings = settings
        self._slots = asyncio.Semaphore(settings.per_host)
        self._not_before = 0.0
        self._failures = 0
        self._rested: str | None = None
        self.crawl_delay = 0.0

    @asynccontextmanager
    async def turn(self, delay: float) -> AsyncIterator[None]:
        """Waits until this host may be asked again; raises `FetchFailed` with `rested` when it may not in this run."""
        async with self._slots:
            self.check()
            pause = self._not_before - time.monotonic()
            if pause > 0:
                await asyncio.sleep(pause)
                self.check()
            try:
                yield
            finally:
                self._later(self._gap(delay))

    def check(self) -> None:
        if self._rested is not None:
            raise FetchFailed("rested", f"{self.name} is rested: {self._rested}")

    def _gap(self, delay: float) -> float:
        own = max(delay, self._settings.delay) if self._settings.delay > 0 else 0.0
        gap = max(own, self.crawl_delay)
        return gap * (1 + random.random() * self._settings.jitter)

    def _later(self, seconds: float) -> None:
        self._not_before = max(self._not_before, time.monotonic() + seconds)

    def wait(self, seconds: float) -> None:
        """The host asked to be left alone for so long."""
        if seconds > self._settings.patience:
            self.rest(f"it asked for a pause of {seconds:.0f} s")
        else:
            self._later(seconds)

    def rest(self, why: str) -> None:
        if self._rested is None:
            self._rested = why

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self, why: str) -> None:
        self._failures += 1
        if self._failures >= self._settings.rest_after:
            self.rest(f"{self._failures} failures in a row, the last: {why}")
