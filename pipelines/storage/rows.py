"""Rows on their way into a table: brought into the schema's shape, checked, the broken ones set aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pandera.errors
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import TableError
from pipelines.storage.schemas import ARROW, ARTICLE_KEYED, TABLES

Batch = dict[str, pa.Table]


def conform(table: pa.Table, name: str) -> pa.Table:
    """The table with its schema's columns in its schema's order and types; NaN becomes null.

    A column that is missing is filled with null if it may be null. Raises `TableError` for a column that is missing
    and may not be null, one that the schema does not know, and a value that does not fit its type.
    """
    schema = ARROW[name]
    unknown = [column for column in table.column_names if column not in schema.names]
    if unknown:
        raise TableError(name, f"unknown columns {', '.join(unknown)}: written by a newer version?")
    nullable = {n: c.nullable for n, c in TABLES[name].model.to_schema().columns.items()}
    columns = []
    for field in schema:
        if field.name not in table.column_names:
            if not nullable[field.name]:
                raise TableError(name, f"column {field.name} is missing")
            columns.append(pa.nulls(len(table), field.type))
            continue
        values = table[field.name]
        try:
            if not values.type.equals(field.type):
                values = values.cast(field.type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise TableError(name, f"column {field.name}: {error}") from error
        if pa.types.is_floating(field.type):
            values = pc.if_else(pc.is_nan(values), None, values)
        columns.append(values)
    return pa.table(columns, schema=schema)


def whole(batch: Mapping[str, pa.Table]) -> Batch:
    """The batch with every table, conforming. Raises `TableError`, also for a table that does not exist."""
    for name in batch:
        if name not in TABLES:
            raise TableError(name, "there is no such table")
    return {name: conform(batch[name], name) if name in batch else ARROW[name].empty_table() for name in TABLES}


def of_articles(rows: pa.Table, ids: pa.Array) -> pa.Table:
    """The rows of these articles."""
    own = pc.is_in(rows["article_id"], ids)
    # A filter copies, also where it takes everything.
    return rows if pc.all(own).as_py() else rows.filter(own)


def newest(batches: Sequence[Mapping[str, pa.Table]]) -> Batch:
    """Several batches as one, each article from the batch that read its newest version.

    An article may stand in several batches, once in each.
    """
    parts = [whole(batch) for batch in batches] or [whole({})]
    if len(parts) == 1:
        return parts[0]
    versions = pd.concat(
        [
            part["articles"]
            .select(["article_id", "fetched_at", "raw_file", "raw_offset"])
            .to_pandas()
            .assign(batch=number)
            for number, part in enumerate(parts)
        ]
    )
    versions = versions.sort_values(
        ["fetched_at", "raw_file", "raw_offset", "batch"], kind="stable", na_position="first"
    )
    winner = versions.drop_duplicates("article_id", keep="last").groupby("batch")["article_id"]
    wins = {int(number): pa.array(ids.to_numpy(dtype=object), pa.string()) for number, ids in winner}
    none = pa.array([], pa.string())
    result = {}
    for name in TABLES:
        tables = [part[name] for part in parts]
        if name in ARTICLE_KEYED:
            tables = [of_articles(table, wins.get(n, none)) for n, table in enumerate(tables)]
        result[name] = pa.concat_tables(tables)
    return result


def checked(batch: Batch, run_id: str) -> tuple[Batch, int]:
    """The batch without the articles that break a schema, and how many those were.

    All rows of such an article are withheld, and what was wrong stands in the batch's `quarantine` instead.
    """
    articles = batch["articles"]
    faults: dict[tuple[str, str], str] = {}  # article_id, table -> reason
    for name in ARTICLE_KEYED:
        ids = batch[name]["article_id"]
        for row, reason in faulty(batch[name], name).items():
            faults.setdefault((ids[row].as_py() or "", name), reason)
        if name != "articles":
            for stray in pc.unique(ids.filter(pc.invert(pc.is_in(ids, articles["article_id"].combine_chunks())))):
                raise TableError(name, f"rows of article {stray}, which the batch does not hold")
    for name in ("fetches", "stories"):
        for row, reason in faulty(batch[name], name).items():
            raise TableError(name, f"row {row}: {reason}")
    if not faults:
        return batch, 0
    bad = pa.array(sorted({article for article, _ in faults}), pa.string())
    origin = articles.select(["article_id", "source", "url", "raw_file", "raw_offset"]).to_pandas()
    reasons = pd.DataFrame([(a, t, r) for (a, t), r in faults.items()], columns=["article_id", "table", "reason"])
    records = origin.merge(reasons, on="article_id").assign(run_id=run_id).drop(columns="article_id").astype(object)
    records = records.where(records.notna(), None)
    records["raw_file"] = records["raw_file"].fillna("")
    rows = pa.Table.from_pylist(records.to_dict("records"), schema=ARROW["quarantine"])
    result = {
        name: table.filter(pc.invert(pc.is_in(table["article_id"], bad))) if name in ARTICLE_KEYED else table
        for name, table in batch.items()
    }
    result["quarantine"] = pa.concat_tables([batch["quarantine"], rows])
    return result, len(bad)


def faulty(table: pa.Table, name: str) -> dict[int, str]:
    """Number and fault of every row that breaks its table's schema."""
    if not len(table):
        return {}
    spec = TABLES[name]
    frame = table.to_pandas(types_mapper=pd.ArrowDtype)
    faults: dict[int, str] = {}
    try:
        spec.model.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        for case in error.failure_cases.itertuples():
            if pd.isna(case.index):
                raise TableError(name, f"{case.column}: {case.check} ({case.failure_case})") from error
            where = "" if case.schema_context == "DataFrameSchema" else f"{case.column}: "
            value = "" if not where else f", not {str(case.failure_case)[:80]!r}"
            faults.setdefault(int(case.index), f"{where}{case.check}{value}")
    for row in np.flatnonzero(frame.duplicated(list(spec.key), keep=False).to_numpy()):
        faults.setdefault(int(row), f"{', '.join(spec.key)} stand twice in one batch")
    return faults
