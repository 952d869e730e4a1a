"""What a batch would do to the tables: whose version stands, which articles come, go or change. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.storage.changes import Comparison, compare
from pipelines.storage.partitions import month_of, months_of, read_partition
from pipelines.storage.rows import Batch, of_articles
from pipelines.storage.schemas import ARROW, ARTICLE_KEYED, TABLES
from pipelines.storage.snapshots import files
from pipelines.storage.threads import in_threads

_IGNORED = frozenset({"extractor", "story_id"})
"""Columns that do not make a row another: the version that first gave it stays, and stories are grouped later."""

_VERSION = ["article_id", "fetched_at", "raw_file", "raw_offset", "extractor", "story_id"]


def id_array(ids: Iterable[str]) -> pa.Array:
    return pa.array(sorted(ids), pa.string())


def _ids_at(rows: pa.Table, places: npt.NDArray[np.int64]) -> set[str]:
    return set(pc.unique(rows["article_id"].take(pa.array(places))).to_pylist())


def _later(both: pd.DataFrame) -> pd.Series[bool]:
    """Whether the tables' version is the later one; of two fetched at one moment, by the order of the raw store."""
    # A bare file was fetched at no known time: it counts as the earliest.
    old, new = (both[column].fillna(pd.Timestamp(0, tz="UTC")) for column in ("fetched_at_old", "fetched_at"))
    same_time = old == new
    same_file = same_time & (both["raw_file_old"] == both["raw_file"])
    return (
        (old > new)
        | (same_time & (both["raw_file_old"] > both["raw_file"]))
        | (same_file & (both["raw_offset_old"] > both["raw_offset"]))
    )


class Survey:
    """What a batch would do to a version of the tables, read and compared, nothing written.

    `both` has each article of the batch beside what the tables know of it (`…_old`); `returning` are those that the
    tables have in no later version, `new` those they do not have, `gone` those that a page read again gives no more.
    """

    def __init__(self, version: Path | None, batch: Batch, reread: set[tuple[str, int]]) -> None:
        self.version = version
        self.batch = batch
        self.reread = reread
        self.known = self._known()
        found = batch["articles"].select(_VERSION).to_pandas().assign(month=months_of(batch["articles"]))
        stale = self._stale(found)
        self.both = found.merge(self.known, on="article_id", how="left", suffixes=("", "_old"))
        present = self.both["month_old"].notna()
        older = present & ~self.both["article_id"].isin(stale) & _later(self.both)
        self.older = int(older.sum())
        self.gone = stale - set(found["article_id"])
        self.returning = self.both[present & ~older]
        self.new = set(self.both.loc[~present, "article_id"])

    def _known(self) -> pd.DataFrame:
        """Version and month of every article in the tables."""
        parts = []
        for file in files(self.version, ["articles"]):
            assert self.version is not None
            part = pq.ParquetFile(self.version / file).read(_VERSION)
            parts.append(part.append_column("month", pa.array([month_of(file)] * len(part), pa.string())))
        schema = pa.schema([*(ARROW["articles"].field(column) for column in _VERSION), ("month", pa.string())])
        known: pd.DataFrame = (pa.concat_tables(parts) if parts else schema.empty_table()).to_pandas()
        return known

    def _stale(self, found: pd.DataFrame) -> set[str]:
        """Articles that came from a page that was read again and does not give them any more."""
        if not self.reread:
            return set()
        pages = pd.MultiIndex.from_frame(self.known[["raw_file", "raw_offset"]])
        again = self.known[pages.isin(list(self.reread))]
        pair = ["article_id", "raw_file", "raw_offset"]
        confirmed = pd.MultiIndex.from_frame(again[pair]).isin(pd.MultiIndex.from_frame(found[pair]))
        return set(again.loc[~confirmed, "article_id"])

    def comparisons(self) -> Iterator[Compared]:
        """The rows of the returning articles as they are and as they would be, table by table."""
        if self.returning.empty:
            return
        ids = id_array(self.returning["article_id"])
        months = [f"month={month}" for month in sorted(set(self.returning["month_old"]))]
        for name in ARTICLE_KEYED:
            old = pa.concat_tables(in_threads(partial(self._standing, name, ids), months))
            new = of_articles(self.batch[name], ids)
            yield Compared(name, old, new, compare(old, new, TABLES[name].key, _IGNORED))

    def _standing(self, name: str, ids: pa.Array, partition: str) -> pa.Table:
        return of_articles(read_partition(self.version, name, partition), ids)


class Compared(NamedTuple):
    table: str
    old: pa.Table
    new: pa.Table
    found: Comparison

    def article_of_old(self, rows: npt.NDArray[np.int64]) -> set[str]:
        return _ids_at(self.old, rows)

    def article_of_new(self, rows: npt.NDArray[np.int64]) -> set[str]:
        return _ids_at(self.new, rows)
