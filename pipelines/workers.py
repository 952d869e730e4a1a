"""The processes that read pages and extract, and what they are spared: this module imports nothing they do not need."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Final

POOL_FROM: Final = 400
"""Fewer pages than this are read in this process: starting workers would cost more than they save."""


@contextmanager
def worker_pool(pages: int) -> Iterator[Executor]:
    """Processes for many pages, a thread for few. Workers are spawned: a forked one would inherit the event loop."""
    workers = os.cpu_count() or 1
    if pages < POOL_FROM or workers == 1:
        with ThreadPoolExecutor(max_workers=1) as threads:
            yield threads
    else:
        context = get_context("spawn")
        with ProcessPoolExecutor(max_workers=workers, mp_context=context, initializer=_rarely_collect) as processes:
            yield processes


def _rarely_collect() -> None:
    """Let a worker look for garbage less often: pages leave few cycles, and looking took a tenth of its time."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
