"""The documentation of the tables, made from their models.

python -m pipelines.storage.table_docs > pipelines/storage/TABLES.md
"""

from __future__ import annotations

import sys

import pyarrow as pa

from pipelines.storage.schemas import ARROW, TABLES

_INTRODUCTION = """\
# The tables

Made from the models in `pipelines/storage/schemas.py` by `python -m pipelines.storage.table_docs`; a test holds it to
them.

Every table is a folder of parquet files below the data folder, one file a month, and opens in one line:

```python
import pandas as pd

money = pd.read_parquet("data/money")
```

- An article's rows stand once, of the version that was fetched last; older versions stay in `raw/`.
- `month` (`2026-03`) is the partition: the month of publication in UTC, of fetching where the page does not say.
- Offsets are code points of the part they name, `end` exclusive: `text[start:end]` is the surface.
- Integers that may be null are nullable integers in pandas (`Int64`), times are UTC, amounts are decimals, exact to
  12 places.
- A column without an entry under "null means" is never null.

## Reading while a night is being written

All tables change in one step. `pd.read_parquet("data/money")` during that step finds every file it listed, each whole,
of before or after. Whoever needs several tables of one night reads them from the version that is current at the start:

```python
from pathlib import Path

version = Path("data/articles").resolve().parent
articles, money = pd.read_parquet(version / "articles"), pd.read_parquet(version / "money")
```

A version stays until the second merge after it. DuckDB and Polars open a file twice, the footer first; a read that a
merge overtakes just then ends with an error and has to be started again. From a version it cannot:

```python
import duckdb

duckdb.sql(f"from read_parquet('{version}/money/*/*.parquet', hive_partitioning = true)")
```

Spark reads the folders as they are (`spark.read.parquet("data/money")`, seen with PySpark 4.3; no test holds it):
times as `timestamp` to the microsecond, amounts as `decimal(38,12)`, numbers that may be null as `int` or `bigint`,
tokens as `array<string>`. It shows times in its session's zone: set `spark.sql.session.timeZone` to `UTC`. Every table
opens, a still empty `quarantine` too.

## When the schema changes

- A new column comes into all old months, as null, with the first merge after the upgrade; `chipwire rerun` fills it.
  So it has to be one that may be null.
- Readers that name their columns never notice. A table of an older chipwire reads as it was written.
- A column is not renamed, and its type changes only into one that holds all that it held, as `decimal(28,6)` into
  `decimal(38,12)`, in all months with the first merge. For anything else a new column is added, and the old one goes a
  release later.
- An older chipwire refuses to write into tables with columns that it does not know, and leaves them as they are.
"""


def document() -> str:
    """The whole of TABLES.md."""
    return "\n".join([_INTRODUCTION, *(_section(name) for name in TABLES)])


def _section(name: str) -> str:
    spec = TABLES[name]
    says = (spec.model.__doc__ or "").strip()
    key = ", ".join(f"`{column}`" for column in spec.key)
    lines = [
        f"## {name}\n",
        f"{says} One row for each {key}.\n",
        "| column | type | unit | what it says | null means |",
        "| --- | --- | --- | --- | --- |",
    ]
    for column, declared in spec.model.to_schema().columns.items():
        more = declared.metadata or {}
        kind = _type(ARROW[name].field(column).type)
        cells = (f"`{column}`", kind, more["unit"], declared.description or "", more["null"])
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join([*lines, ""])


def _type(kind: pa.DataType) -> str:
    """An arrow type as people write it.

    >>> _type(pa.list_(pa.string())), _type(pa.timestamp("us", "UTC")), _type(pa.int64())
    ('list of string', 'timestamp (UTC)', 'int64')
    """
    if pa.types.is_list(kind):
        return f"list of {_type(kind.value_type)}"
    if pa.types.is_timestamp(kind):
        return f"timestamp ({kind.tz})"
    if pa.types.is_decimal(kind):
        return f"decimal ({kind.precision}, {kind.scale})"
    return {"bool": "bool", "double": "float64", "date32[day]": "date"}.get(str(kind), str(kind))


if __name__ == "__main__":
    sys.stdout.write(document())
