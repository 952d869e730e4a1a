"""The tables of a data folder: merging what a run found, and reading.

    data/<table>/month=2026-03/part.parquet

One file a month, sorted by key, always rewritten whole: however many nights made it, a month is one file. What a merge
writes depends only on the rows, so equal rows are equal bytes. How a merge becomes visible is `snapshots`' business.

The tables are what the raw pages say: of several versions of an article the one fetched last stands, whatever order
they are merged in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines import rows as incoming
from pipelines.changes import Changes, TableChange, compare
from pipelines.errors import TableError, plain_reason
from pipelines.records import Fetch, RawRef
from pipelines.rows import Batch
from pipelines.schemas import ARROW, ARTICLE_KEYED, TABLES
from pipelines.snapshots import PART, Draft, Snapshots, files

__all__ = ["TABLES", "Changes", "Tables", "fetch_table"]

_IGNORED = frozenset({"extractor", "story_id"})
"""Columns that do not make a row another: the version that first gave it stays, and stories are grouped later."""

_SETTLED = frozenset(
    {"ok", "not_modified", "bad_type", "too_large", "not_an_article", "unreadable", "other_language", "quarantined"}
)
"""Outcomes after which an URL need not be tried again."""


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
            raise _as_table_error(name, error) from error

    def article_ids(self) -> set[str]:
        return set(self._column("articles", ["article_id"])["article_id"].to_pylist())

    def seen_urls(self) -> set[str]:
        """URLs that need not be fetched again: of articles, and those tried whose outcome is settled.

        A fetch that failed for a reason that may pass (a timeout, a status of 500) is not among them.
        """
        urls = set(self._column("articles", ["url"])["url"].to_pylist())
        fetches = self._column("fetches", ["url", "final_url", "role", "outcome"])
        page = pc.equal(fetches["role"], "page")
        settled = pc.is_in(fetches["outcome"], pa.array(sorted(_SETTLED)))
        for column in ("url", "final_url"):
            urls.update(fetches[column].filter(pc.and_(page, settled)).drop_null().to_pylist())
        return urls

    def files(self) -> list[Path]:
        """The parquet files of the current version, as `data/money/month=2026-03/part.parquet`."""
        return [self.data_dir / file for file in files(self.version(), TABLES)]

    def merged_runs(self) -> set[tuple[str, str]]:
        """Source and run of every fetch in the tables: what the raw store has of these needs no second look."""
        fetches = self._column("fetches", ["source", "run_id"])
        pairs = fetches.group_by(["source", "run_id"]).aggregate([])
        return set(zip(pairs["source"].to_pylist(), pairs["run_id"].to_pylist(), strict=True))

    def _column(self, name: str, columns: list[str]) -> pa.Table:
        version = self.version()
        parts = [pq.ParquetFile(version / file).read(columns) for file in files(version, [name]) if version]
        schema = pa.schema([ARROW[name].field(column) for column in columns])
        return pa.concat_tables(parts).select(columns) if parts else schema.empty_table()

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
        their schema send their article to `quarantine`; the others go on. `reread` names raw pages that were read again
        in full: what the tables hold from them and the batches do not bring any more, goes.

        Raises `TableError`; the tables then are as they were.
        """
        batch = incoming.newest([batches] if isinstance(batches, Mapping) else batches)
        batch, quarantined = incoming.checked(batch, run_id)
        with self._draft() as draft:
            merge = _Merge(draft, batch, {(ref.file, ref.offset) for ref in reread})
            changes = merge.run(quarantined)
            if changes:
                draft.commit()
            return changes

    def compact(self) -> int:
        """Bring every partition into today's shape: one file, today's columns, sorted. Says how many it rewrote."""
        with self._draft() as draft:
            count = _modernise(draft)
            if count:
                draft.commit()
            return count

    @contextmanager
    def _draft(self) -> Iterator[Draft]:
        try:
            with self._snapshots.next_version() as draft:
                yield draft
        except (OSError, pa.ArrowException) as error:
            raise _as_table_error(str(self.data_dir), error) from error


class _Merge:
    """One merge into a draft."""

    def __init__(self, draft: Draft, batch: Batch, reread: set[tuple[str, int]]) -> None:
        self.draft = draft
        self.batch = batch
        self.reread = reread
        self.counts: Counter[tuple[str, str]] = Counter()
        self.files = 0

    def run(self, quarantined: int) -> Changes:
        known = self._known()
        found = self.batch["articles"].select(_VERSION).to_pandas().assign(month=_months(self.batch["articles"]))
        stale = self._stale(known, found)
        both = found.merge(known, on="article_id", how="left", suffixes=("", "_old"))
        present = both["month_old"].notna()
        older = present & ~both["article_id"].isin(stale) & _later(both)
        gone = stale - set(found["article_id"])
        returning = both[present & ~older]
        new = set(both.loc[~present, "article_id"])
        self._keep_stories(both)
        differing, columns = self._compare(returning)
        self._replace(new, differing, gone, both, known)
        self._add_fetches()
        self._set_quarantine()
        self._complete()
        return Changes(
            new=len(new),
            changed=len(differing),
            unchanged=len(returning) - len(differing),
            removed=len(gone),
            older=int(older.sum()),
            quarantined=quarantined,
            files=self.files,
            tables={
                name: change
                for name in TABLES
                if (change := TableChange(*(self.counts[name, kind] for kind in ("added", "changed", "removed"))))
                != TableChange()
            },
            columns=columns,
            reasons=_reasons(returning[returning["article_id"].isin(differing)]),
        )

    def _known(self) -> pd.DataFrame:
        """Version and month of every article in the tables."""
        parts = []
        for file in files(self.draft.old, ["articles"]):
            assert self.draft.old is not None
            part = pq.ParquetFile(self.draft.old / file).read(_VERSION)
            parts.append(part.append_column("month", pa.array([_month_of(file)] * len(part), pa.string())))
        schema = pa.schema([*(ARROW["articles"].field(column) for column in _VERSION), ("month", pa.string())])
        known: pd.DataFrame = (pa.concat_tables(parts) if parts else schema.empty_table()).to_pandas()
        return known

    def _stale(self, known: pd.DataFrame, found: pd.DataFrame) -> set[str]:
        """Articles that came from a page that was read again and does not give them any more."""
        if not self.reread:
            return set()
        pages = pd.MultiIndex.from_frame(known[["raw_file", "raw_offset"]])
        again = known[pages.isin(list(self.reread))]
        pair = ["article_id", "raw_file", "raw_offset"]
        confirmed = pd.MultiIndex.from_frame(again[pair]).isin(pd.MultiIndex.from_frame(found[pair]))
        return set(again.loc[~confirmed, "article_id"])

    def _keep_stories(self, both: pd.DataFrame) -> None:
        """An article that is read again stays in its story until stories are told anew."""
        articles = self.batch["articles"]
        place = articles.schema.get_field_index("story_id")
        story = both["story_id"].fillna(both["story_id_old"]).astype(object)
        values = pa.array(story.where(story.notna(), None), pa.string())
        self.batch["articles"] = articles.set_column(place, ARROW["articles"].field("story_id"), values)

    def _compare(self, returning: pd.DataFrame) -> tuple[set[str], dict[tuple[str, str], int]]:
        """Which of the articles that the tables have already would change, and in which columns."""
        differing: set[str] = set()
        columns: dict[tuple[str, str], int] = {}
        if returning.empty:
            return differing, columns
        ids = _ids(returning["article_id"])
        months = sorted(set(returning["month_old"]))
        for name in ARTICLE_KEYED:
            old = pa.concat_tables([_of(_partition(self.draft.old, name, f"month={month}"), ids) for month in months])
            new = _of(self.batch[name], ids)
            found = compare(old, new, TABLES[name].key, _IGNORED)
            old_ids, new_ids = _objects(old["article_id"]), _objects(new["article_id"])
            for column, mask in found.differs.items():
                if hit := set(old_ids[found.old_rows[mask]]):
                    columns[name, column] = len(hit)
                    differing |= hit
            if rows := set(new_ids[found.added]) | set(old_ids[found.removed]):
                columns[name, ""] = len(rows)
                differing |= rows
            self.counts[name, "added"] += len(found.added)
            self.counts[name, "changed"] += int(found.changed().sum())
            self.counts[name, "removed"] += len(found.removed)
        return differing, columns

    def _replace(
        self, new: set[str], differing: set[str], gone: set[str], both: pd.DataFrame, known: pd.DataFrame
    ) -> None:
        """Write the partitions in which an article's rows come, go or change."""
        month_of = both.set_index("article_id")["month"]
        arriving, leaving = _ids(new | differing), _ids(new | differing | gone)
        months = set(known.loc[known["article_id"].isin(differing | gone), "month"])
        months |= set(month_of.reindex(sorted(new | differing)))
        for name in ARTICLE_KEYED:
            rows = _of(self.batch[name], arriving)
            row_months = month_of.reindex(_objects(rows["article_id"])).to_numpy(dtype=object)
            self.counts[name, "added"] += len(_of(rows, _ids(new)))
            for month in sorted(months):
                old = _partition(self.draft.old, name, f"month={month}")
                stay = old.filter(pc.invert(pc.is_in(old["article_id"], leaving)))
                self.counts[name, "removed"] += len(_of(old, _ids(gone))) if gone else 0
                self._write(name, f"month={month}", old, pa.concat_tables([stay, rows.filter(row_months == month)]))

    def _add_fetches(self) -> None:
        """Fetches are added; one that is merged again replaces itself."""
        fetches = self.batch["fetches"]
        months = _month_names(fetches["fetched_at"])
        for month in sorted(set(months)):
            old = _partition(self.draft.old, "fetches", f"month={month}")
            come = fetches.filter(months == month)
            found = compare(old, come, TABLES["fetches"].key)
            self.counts["fetches", "added"] += len(found.added)
            self.counts["fetches", "changed"] += int(found.changed().sum())
            self._write("fetches", f"month={month}", old, pa.concat_tables([old.take(pa.array(found.removed)), come]))

    def _set_quarantine(self) -> None:
        """Faults are added, and those of pages that were read again go."""
        old = _partition(self.draft.old, "quarantine", "")
        again = pd.MultiIndex.from_frame(old.select(["raw_file", "raw_offset"]).to_pandas()).isin(list(self.reread))
        stay, come = old.filter(~np.asarray(again, dtype=bool)), self.batch["quarantine"]
        if len(stay) == len(old) and not len(come):
            return
        found = compare(stay, come, TABLES["quarantine"].key)
        self.counts["quarantine", "added"] += len(found.added)
        self.counts["quarantine", "removed"] += len(old) - len(stay)
        self._write("quarantine", "", old, pa.concat_tables([stay.take(pa.array(found.removed)), come]))

    def _complete(self) -> None:
        """Give every table a file, if only an empty one, so that each can be read; bring old partitions up to date."""
        if not self.files:
            return
        month = max(partition.name for partition in self.draft.written)
        for name, spec in TABLES.items():
            partition = "" if spec.month is None else month
            if not files(self.draft.old, [name]) and not any(p.parts[0] == name for p in self.draft.written):
                self._write(name, partition, None, ARROW[name].empty_table())
        self.files += _modernise(self.draft)

    def _write(self, name: str, partition: str, old: pa.Table | None, rows: pa.Table) -> None:
        rows = _sorted(name, rows)
        exists = self.draft.old is not None and (self.draft.old / name / partition).is_dir()
        if old is None or not exists or not rows.equals(old):
            _put(self.draft, name, partition, rows)
            self.files += 1


_VERSION = ["article_id", "fetched_at", "raw_file", "raw_offset", "extractor", "story_id"]


def _as_table_error(name: str, error: Exception) -> TableError:
    return TableError(name, plain_reason(error) if isinstance(error, OSError) else str(error).partition("\n")[0])


def _ids(ids: Iterable[str]) -> pa.Array:
    return pa.array(sorted(ids), pa.string())


def _of(rows: pa.Table, ids: pa.Array) -> pa.Table:
    return rows.filter(pc.is_in(rows["article_id"], ids))


def _objects(column: pa.ChunkedArray) -> npt.NDArray[np.object_]:
    return np.asarray(column.to_numpy(), dtype=object)


def _month_of(file: Path) -> str:
    return file.parent.name.removeprefix("month=")


def _month_names(times: pa.ChunkedArray) -> npt.NDArray[np.object_]:
    naive = np.asarray(times.cast(pa.timestamp("us")).to_numpy(), dtype="datetime64[M]")
    names = naive.astype(str).astype(object)
    names[np.isnat(naive)] = "unknown"
    return names


def _months(articles: pa.Table) -> npt.NDArray[np.object_]:
    """The month of publication, in UTC; of fetching where that is not known; `unknown` for a bare file without a date."""
    return _month_names(pc.coalesce(articles["published_at"], articles["fetched_at"]))


def _later(both: pd.DataFrame) -> pd.Series[bool]:
    """Whether the tables' version is the later one; of two fetched at one moment, by the order of the raw store."""
    same_time = both["fetched_at_old"] == both["fetched_at"]
    same_file = same_time & (both["raw_file_old"] == both["raw_file"])
    return (
        (both["fetched_at_old"] > both["fetched_at"])
        | (same_time & (both["raw_file_old"] > both["raw_file"]))
        | (same_file & (both["raw_offset_old"] > both["raw_offset"]))
    )


def _reasons(changed: pd.DataFrame) -> dict[str, int]:
    other_page = (changed["raw_file_old"] != changed["raw_file"]) | (changed["raw_offset_old"] != changed["raw_offset"])
    why = ("extractor " + changed["extractor_old"] + " -> " + changed["extractor"]).astype(object)
    why = why.where(changed["extractor_old"] != changed["extractor"], "other rules or lexicons, same version")
    counts = why.where(~other_page, "the page was fetched again").value_counts()
    return {str(reason): int(count) for reason, count in counts.sort_index().items()}


def _partition(version: Path | None, name: str, partition: str) -> pa.Table:
    """The rows of one partition, in today's columns; none when there is no such partition."""
    folder = None if version is None else version / name / partition
    paths = sorted(folder.glob("*.parquet")) if folder is not None else []
    tables = [incoming.conform(pq.ParquetFile(path).read(), name) for path in paths]
    return pa.concat_tables(tables) if tables else ARROW[name].empty_table()


def _sorted(name: str, rows: pa.Table) -> pa.Table:
    """The rows by key, the title before the body."""
    keys = [(key, "descending" if key == "part" else "ascending") for key in TABLES[name].key]
    return rows.take(pc.sort_indices(rows, sort_keys=keys))


def _put(draft: Draft, name: str, partition: str, rows: pa.Table) -> None:
    """Write a partition's rows. Other files that stood beside its own stay, empty: a reader may have listed them."""
    place = draft.place(name, partition)
    _write_file(place, name, rows)
    folder = None if draft.old is None else draft.old / name / partition
    for path in sorted(folder.glob("*.parquet")) if folder is not None else ():
        if path.name != PART:
            _write_file(place.with_name(path.name), name, rows.slice(0, 0))


def _write_file(path: Path, name: str, rows: pa.Table) -> None:
    """Equal rows give equal bytes: fixed settings, and nothing of the moment in the file."""
    pq.write_table(
        rows,
        path,
        compression="zstd",
        compression_level=3,
        use_dictionary=[column for column in rows.column_names if column not in ("text", "text_sha256")],
        row_group_size=20_000 if name == "articles" else 250_000,
        version="2.6",
        data_page_version="1.0",
        write_statistics=True,
        write_page_checksum=True,
        store_schema=True,
    )


def _modernise(draft: Draft) -> int:
    """Rewrite the partitions that are not one file with today's columns, as far as the draft has not done so."""
    count = 0
    partitions: dict[Path, list[Path]] = {}
    for file in files(draft.old, TABLES):
        partitions.setdefault(file.parent, []).append(file)
    for partition, inner in partitions.items():
        assert draft.old is not None
        name = partition.parts[0]
        own = any(file.name == PART for file in inner)
        if partition in draft.written or (own and all(_is_current(draft.old / file, name) for file in inner)):
            continue
        month = partition.relative_to(name).as_posix()
        rows = _sorted(name, _partition(draft.old, name, month))
        _put(draft, name, "" if month == "." else month, rows)
        count += 1
    return count


def _is_current(path: Path, name: str) -> bool:
    """Whether a file has today's columns; one beside the partition's own may only be an empty one."""
    if path.name != PART:
        return bool(pq.read_metadata(path).num_rows == 0)
    schema = pq.read_schema(path)
    hint = (schema.metadata or {}).get(b"pandas")
    return bool(schema.equals(ARROW[name])) and hint == (ARROW[name].metadata or {}).get(b"pandas")
