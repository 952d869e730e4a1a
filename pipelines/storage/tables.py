"""The tables of a data folder: merging what a run found, and reading.

    data/<table>/month=2026-03/part.parquet

One file a month, sorted by key, always rewritten whole: however many nights made it, a month is one file. What a merge
writes depends only on the rows, so equal rows are equal bytes. How a merge becomes visible is `snapshots`' business.

The tables are what the raw pages say: of several versions of an article the one fetched last stands, whatever order
they are merged in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa

from pipelines.errors import TableError, plain_reason
from pipelines.records import Fetch, RawRef
from pipelines.storage import rows as incoming
from pipelines.storage.changes import Changes
from pipelines.storage.merging import Merge, write_stories
from pipelines.storage.partitions import modernise, put, read_columns
from pipelines.storage.schemas import ARROW, TABLES
from pipelines.storage.snapshots import Draft, Snapshots, files
from pipelines.storage.survey import Survey
from pipelines.stories.stories import Told, tell

__all__ = ["TABLES", "Changes", "Tables", "fetch_table"]


def fetch_table(fetches: Sequence[Fetch]) -> pa.Table:
    """Fetches as rows of their table.

    >>> fetch_table([]).num_rows
    0
    """
    schema = ARROW["fetches"]
    columns = {name: [getattr(fetch, name) for fetch in fetches] for name in schema.names}
    return pa.table({name: pa.array(cells, schema.field(name).type) for name, cells in columns.items()}, schema=schema)


class Tables:
    """The tables of a data folder. Reading needs no lock; merges wait for one another."""

    def __init__(self, data_dir: Path | str) -> None:
        self.data_dir = Path(data_dir)
        self._snapshots = Snapshots(self.data_dir, TABLES)

    # reading

    def version(self) -> Path | None:
        """The folder of the version that is current now; its files never change. `None` before the first merge."""
        return self._snapshots.current()

    def read(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """A table as pandas reads it, with `month` as its last column; without rows before the first merge.

        All columns are from one version, also while another process merges. Raises `TableError`.
        """
        if name not in TABLES:
            raise TableError(name, "there is no such table")
        version = self.version()
        if version is None:
            empty: pd.DataFrame = ARROW[name].empty_table().to_pandas().assign(month=pd.Categorical([]))
            return empty if columns is None else empty[list(columns)]
        try:
            return pd.read_parquet(version / name, columns=None if columns is None else list(columns))
        except FileNotFoundError:
            # Two merges ended while this one read: the version is gone, there is a newer one.
            if self.version() == version:
                raise TableError(name, "a file is missing; run `chipwire repair`") from None
            return self.read(name, columns)
        except (OSError, pa.ArrowInvalid) as error:
            raise TableError(name, str(error)) from error

    def article_ids(self) -> set[str]:
        return set(self.columns("articles", ["article_id"])["article_id"].to_pylist())

    def files(self) -> list[Path]:
        """The parquet files of the current version, as `data/money/month=2026-03/part.parquet`."""
        return [self.data_dir / file for file in files(self.version(), TABLES)]

    def merged_runs(self) -> set[tuple[str, str]]:
        """Source and run of every fetch in the tables: what the raw store has of these needs no second look."""
        fetches = self.columns("fetches", ["source", "run_id"])
        pairs = fetches.group_by(["source", "run_id"]).aggregate([])
        return set(zip(pairs["source"].to_pylist(), pairs["run_id"].to_pylist(), strict=True))

    def columns(self, name: str, columns: Sequence[str], articles: pa.Array | None = None) -> pa.Table:
        """Some columns of a table as arrow has them, without `month`; of some articles, or of all."""
        version = self.version()
        return read_columns([version / file for file in files(version, [name]) if version], name, columns, articles)

    # writing

    def merge(
        self,
        batches: Mapping[str, pa.Table] | Sequence[Mapping[str, pa.Table]],
        *,
        reread: Iterable[RawRef] = (),
        run_id: str = "",
    ) -> Changes:
        """Put what a run found into the tables, all of it or, if this fails or is killed, nothing.

        A batch maps table names to rows with the columns of `schemas.ARROW` (missing tables are empty, missing nullable
        columns null). Within a batch an article stands once and brings all its rows, which replace all it had; among
        several batches, and against the tables, the version fetched last wins. `fetches` are added. Rows that break
        their schema send their article to `quarantine`; the others go on, and get their story. `reread` names raw pages
        that were read again in full: what the tables hold from them and the batches do not bring any more, goes.

        Raises `TableError`; the tables then are as they were.
        """
        batch = incoming.newest([batches] if isinstance(batches, Mapping) else batches)
        batch, quarantined = incoming.checked(batch, run_id)
        with self._draft() as draft:
            survey = Survey(draft.old, batch, {(ref.file, ref.offset) for ref in reread})
            changes = Merge(draft, survey).run(quarantined)
            if changes.articles:
                changes = replace(changes, files=changes.files + self._tell(draft)[1])
            if changes:
                draft.commit()
            return changes

    def rebuild(self, batches: Sequence[Mapping[str, pa.Table]], *, run_id: str = "repair") -> Changes:
        """Put these batches in place of everything the tables hold, in one step. Reads nothing of the old tables."""
        batch, quarantined = incoming.checked(incoming.newest(batches), run_id)
        with self._draft() as draft:
            before = draft.forget()
            changes = Merge(draft, Survey(None, batch, set())).run(quarantined)
            changes = replace(changes, files=changes.files + self._tell(draft)[1])
            for partition in before:
                if partition not in draft.written:
                    name = partition.parts[0]
                    put(draft, name, partition.relative_to(name).as_posix(), ARROW[name].empty_table())
            draft.commit()
            return changes

    def tell(self, *, anew: bool = False) -> Told:
        """Give every article that has none its story, and bring the `stories` table up to date.

        Merges do so themselves; this is for `anew`, which forgets what was grouped before. Raises `TableError`.
        """
        with self._draft() as draft:
            told, count = self._tell(draft, anew)
            if count:
                draft.commit()
            return told

    def _tell(self, draft: Draft, anew: bool = False) -> tuple[Told, int]:
        def read(name: str, columns: Sequence[str], articles: pa.Array | None = None) -> pa.Table:
            return read_columns(draft.files(name), name, columns, articles)

        telling = tell(read, self.data_dir / ".tables" / "sketches.parquet", anew=anew)
        return telling.told, write_stories(draft, telling)

    def survey(
        self,
        batches: Mapping[str, pa.Table] | Sequence[Mapping[str, pa.Table]],
        *,
        reread: Iterable[RawRef] = (),
    ) -> Survey:
        """What `merge` would do with these batches, without writing: `diff` shows it."""
        batch = incoming.newest([batches] if isinstance(batches, Mapping) else batches)
        batch, _ = incoming.checked(batch, "")
        try:
            return Survey(self.version(), batch, {(ref.file, ref.offset) for ref in reread})
        except (OSError, pa.ArrowException) as error:
            raise _as_table_error(self.data_dir, error) from error

    def compact(self) -> int:
        """Bring every partition into today's shape: one file, today's columns, sorted. Says how many it rewrote."""
        with self._draft() as draft:
            count = modernise(draft)
            if count:
                draft.commit()
            return count

    @contextmanager
    def _draft(self) -> Iterator[Draft]:
        try:
            with self._snapshots.next_version() as draft:
                yield draft
        except (OSError, pa.ArrowException) as error:
            raise _as_table_error(self.data_dir, error) from error


def _as_table_error(data_dir: Path, error: Exception) -> TableError:
    reason = plain_reason(error) if isinstance(error, OSError) else str(error).partition("\n")[0]
    return TableError("", f"{data_dir}: {reason}")
