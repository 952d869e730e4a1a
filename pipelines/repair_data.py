"""What the raw pages say, put into the tables again: after a kill, and from nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipelines.records import Fetch
from pipelines.store import RawStore, run_of
from pipelines.tables import Tables


def unread(data_dir: Path | str) -> Iterator[Fetch]:
    """Fetches that killed runs stored and did not merge, after rescuing what those runs left unfinished.

    Call it under the run's lock. A run that merges these rows, and reads their pages, ends where an undisturbed one
    would have ended.
    """
    store = RawStore(data_dir)
    store.recover()
    merged = Tables(data_dir).merged_runs()
    yield from store.fetches(file for file in store.files() if run_of(file) not in merged)
