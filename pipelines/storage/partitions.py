"""A table's partitions as files: which month a row belongs to, and reading, sorting and writing one partition."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.storage.rows import conform
from pipelines.storage.schemas import ARROW, TABLES
from pipelines.storage.snapshots import PART, Draft, files


def month_of(file: Path) -> str:
    return file.parent.name.removeprefix("month=")


def month_names(times: pa.ChunkedArray) -> npt.NDArray[np.object_]:
    naive = np.asarray(times.cast(pa.timestamp("us")).to_numpy(), dtype="datetime64[M]")
    names = naive.astype(str).astype(object)
    names[np.isnat(naive)] = "unknown"
    return names


def months_of(articles: pa.Table) -> npt.NDArray[np.object_]:
    """The month of publication, in UTC; of fetching where the page does not say; `unknown` for a bare file."""
    return month_names(pc.coalesce(articles["published_at"], articles["fetched_at"]))


def split(rows: pa.Table, months: npt.NDArray[np.object_]) -> dict[str, pa.Table]:
    """The rows of each month; `months[i]` is that of row i.

    >>> rows = pa.table({"n": pa.chunked_array([[1], [], [2, 3]], pa.int64())})
    >>> {month: part["n"].to_pylist() for month, part in split(rows, np.array(["b", "a", "b"], dtype=object)).items()}
    {'b': [1, 3], 'a': [2]}
    """
    codes, names = pd.factorize(months)
    parts: list[list[pa.RecordBatch]] = [[] for _ in names]
    at = 0
    # Batch by batch: a column of all rows can be longer than the two gigabytes of text that one arrow array may hold.
    for batch in rows.to_batches():
        own = codes[at : at + len(batch)]
        at += len(batch)
        order = np.argsort(own, kind="stable")
        found, firsts, counts = np.unique(own[order], return_index=True, return_counts=True)
        batch = batch.take(pa.array(order))
        for code, first, count in zip(found, firsts, counts, strict=True):
            parts[code].append(batch.slice(first, count))
    return {name: pa.Table.from_batches(part, rows.schema) for name, part in zip(names, parts, strict=True)}


def read_partition(version: Path | None, name: str, partition: str) -> pa.Table:
    """The rows of one partition, in today's columns; none when there is no such partition."""
    folder = None if version is None else version / name / partition
    paths = sorted(folder.glob("*.parquet")) if folder is not None else []
    tables = [conform(pq.ParquetFile(path).read(), name) for path in paths]
    return pa.concat_tables(tables) if tables else ARROW[name].empty_table()


def read_columns(
    paths: Iterable[Path], name: str, columns: Sequence[str], articles: pa.Array | None = None
) -> pa.Table:
    """Some columns of a table's files; the rows of some articles, or all."""
    schema = pa.schema([ARROW[name].field(column) for column in columns])
    parts = [schema.empty_table()]
    for path in paths:
        part = pq.ParquetFile(path).read(list(columns))
        if articles is not None:
            part = part.filter(pc.is_in(part["article_id"], articles))
        parts.append(part.select(list(columns)).cast(schema))
    return pa.concat_tables(parts)


def in_order(name: str, rows: pa.Table) -> pa.Table:
    """The rows by key, the title before the body."""
    keys = [(key, "descending" if key == "part" else "ascending") for key in TABLES[name].key]
    return rows.take(pc.sort_indices(rows, sort_keys=keys))


def put(draft: Draft, name: str, partition: str, rows: pa.Table) -> None:
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


def modernise(draft: Draft) -> int:
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
        rows = in_order(name, read_partition(draft.old, name, month))
        put(draft, name, "" if month == "." else month, rows)
        count += 1
    return count


def _is_current(path: Path, name: str) -> bool:
    """Whether a file has today's columns; one beside the partition's own may only be an empty one."""
    if path.name != PART:
        return bool(pq.read_metadata(path).num_rows == 0)
    schema = pq.read_schema(path)
    hint = (schema.metadata or {}).get(b"pandas")
    return bool(schema.equals(ARROW[name])) and hint == (ARROW[name].metadata or {}).get(b"pandas")
