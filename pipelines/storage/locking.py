"""One run at a time in a data folder.

The lock is the operating system's: it ends with the process that holds it, however that ends.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from pipelines.errors import RunUnderWay, StoreError, plain_reason

_LOCK = ".run.lock"
_HOLDER = ".run.json"


@contextmanager
def one_run(data_dir: Path | str, what: str) -> Iterator[None]:
    """Hold the data folder for one run of `what` (`nightly`, `rerun`, `repair` …).

    Raises `RunUnderWay`, which says who, when another run holds it: at once, without waiting.
    """
    folder = Path(data_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # thread_local=False: a Prefect task may leave the block in another thread than it entered it.
        lock = FileLock(folder / _LOCK, thread_local=False)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise RunUnderWay(folder, _holder(folder)) from error
    except OSError as error:
        raise StoreError(folder, plain_reason(error)) from error
    try:
        _tell(folder, what)
        yield
    finally:
        lock.release()


def _tell(folder: Path, what: str) -> None:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    holder = {"what": what, "pid": os.getpid(), "host": socket.gethostname(), "since": since}
    try:
        (folder / _HOLDER).write_text(json.dumps(holder), "utf-8")
    except OSError as error:
        raise StoreError(folder / _HOLDER, plain_reason(error)) from error


def _holder(folder: Path) -> str:
    try:
        holder = json.loads((folder / _HOLDER).read_text("utf-8"))
        return f"{holder['what']}, process {holder['pid']} on {holder['host']}, since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "which one is not known"
