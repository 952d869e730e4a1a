"""How much a process grows while something runs."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STATM = Path("/proc/self/statm")


class Growth:
    """`peak` is in bytes above the start, once the block is left."""

    peak = 0


def resident() -> int:
    return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def growth(every: float = 0.01) -> Iterator[Growth]:
    """Looks at the resident memory every so many seconds."""
    found, start, done = Growth(), resident(), threading.Event()

    def watch() -> None:
        while not done.wait(every):
            found.peak = max(found.peak, resident() - start)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        done.set()
        thread.join()
