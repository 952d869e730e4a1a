"""The tables: one pandera model each, from which the arrow schema, the checks and the documentation derive.

A column is declared once: its arrow type, what it says, its unit and what null means. Every write is checked against
the model; `ARROW[name]` is the same model as an arrow schema, for whoever builds rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, get_args

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa

from extractors.model import Bound, Kind, PageLang, Reason
from pipelines.records import Outcome, Role

TEXT = pa.string()
INT32 = pa.int32()
INT64 = pa.int64()
FLOAT = pa.float64()
BOOL = pa.bool_()
DATE = pa.date32()
TIME = pa.timestamp("us", "UTC")
AMOUNT = pa.decimal128(38, 12)
"""Prices of a token are millionths of a dollar, and sums in some currencies have sixteen digits."""
TEXTS = pa.list_(TEXT)
INTS = pa.list_(INT32)

_ARTICLE_ID = r"^[0-9a-f]{16}$"
_PARTS = ["title", "body"]
_OFFSET = "code points into the part"


def column(dtype: pa.DataType, says: str, *, unit: str = "", null: str = "", **checks: Any) -> Any:
    """A column that may be null exactly when `null` says what that means."""
    return pandera.Field(
        dtype_kwargs={"pyarrow_dtype": dtype},
        nullable=bool(null),
        description=says,
        metadata={"unit": unit, "null": null},
        **checks,
    )


class Strict(pandera.DataFrameModel):
    class Config:
        strict = True


class Articles(Strict):
    """One row an article, the newest version that was read."""

    article_id: pd.ArrowDtype = column(
        TEXT, "first 16 hex digits of the SHA-256 of the canonical URL", str_matches=_ARTICLE_ID, unique=True
    )
    url: pd.ArrowDtype = column(TEXT, "canonical URL")
    source: pd.ArrowDtype = column(TEXT, "id of the source, as in `pipelines/sources/`")
    lang: pd.ArrowDtype = column(TEXT, "language of the text", isin=list(get_args(PageLang)))
    title: pd.ArrowDtype = column(TEXT, "headline", null="the page has none")
    byline: pd.ArrowDtype = column(TEXT, "author as named", null="none named")
    credit: pd.ArrowDtype = column(TEXT, "whom the page names as first publisher", null="none named")
    published_at: pd.ArrowDtype = column(TIME, "when it was published", unit="UTC", null="the page does not say")
    fetched_at: pd.ArrowDtype = column(
        TIME, "when this version was fetched", unit="UTC", null="a bare file, given to `rerun`"
    )
    text: pd.ArrowDtype = column(TEXT, "body, one paragraph a line, without the headline")
    text_sha256: pd.ArrowDtype = column(TEXT, "SHA-256 of the text in UTF-8", str_matches=r"^[0-9a-f]{64}$")
    raw_file: pd.ArrowDtype = column(TEXT, "file below `raw/` (or the path given to `rerun`) that holds the page")
    raw_offset: pd.ArrowDtype = column(INT64, "where the page's record starts in it", unit="bytes", ge=0)
    extractor: pd.ArrowDtype = column(TEXT, "version of the extractor that first gave this row")
    story_id: pd.ArrowDtype = column(TEXT, "article_id of the story's first article", null="not grouped yet")


class Removed(Strict):
    """What was stripped from an article, and why."""

    article_id: pd.ArrowDtype = column(TEXT, "the article", str_matches=_ARTICLE_ID)
    n: pd.ArrowDtype = column(INT32, "number of the piece within the article", ge=0)
    text: pd.ArrowDtype = column(TEXT, "the stripped text")
    reason: pd.ArrowDtype = column(TEXT, "why", isin=list(get_args(Reason)))
    position: pd.ArrowDtype = column(
        INT64, "where it stood in the article's text", unit="code points", null="outside the body", ge=0
    )


class Span(Strict):
    article_id: pd.ArrowDtype = column(TEXT, "the article", str_matches=_ARTICLE_ID)
    part: pd.ArrowDtype = column(TEXT, "`title` or `body`: which text the offsets count in", isin=_PARTS)
    sentence: pd.ArrowDtype = column(INT32, "number of the sentence within the part", ge=0)
    start: pd.ArrowDtype = column(INT32, "first character", unit=_OFFSET, ge=0)
    end: pd.ArrowDtype = column(INT32, "behind the last character", unit=_OFFSET, ge=0)
    text: pd.ArrowDtype = column(TEXT, "the surface: the part from `start` to `end`")

    @pandera.dataframe_check(error="end must lie behind start")
    def _ends_behind_start(cls, rows: pd.DataFrame) -> Any:
        return rows["end"] > rows["start"]


class Sentences(Span):
    """Every sentence with its tokens."""

    tokens: pd.ArrowDtype = column(TEXTS, "the tokens, by jieba or spaCy")
    token_starts: pd.ArrowDtype = column(INTS, "where each token starts", unit=_OFFSET)


class Companies(Span):
    """Every mention of a company."""

    company_id: pd.ArrowDtype = column(
        TEXT, "id of the lexicon row, or `x-` and the folded name", null="the rules gave none"
    )
    name: pd.ArrowDtype = column(TEXT, "the company's usual name")
    kind: pd.ArrowDtype = column(TEXT, "what the company is", isin=list(get_args(Kind)))
    known: pd.ArrowDtype = column(BOOL, "whether the lexicon has the name")


class Ranged(Span):
    @pandera.dataframe_check(error="high must not be less than low")
    def _high_is_not_less(cls, rows: pd.DataFrame) -> Any:
        return (rows["high"] >= rows["low"]).fillna(True)


class GpuCounts(Ranged):
    """Every number of accelerator chips."""

    low: pd.ArrowDtype = column(INT64, "the count, or the lower end of the range", unit="chips", ge=0)
    high: pd.ArrowDtype = column(INT64, "the upper end", unit="chips", null="none was said")
    bound: pd.ArrowDtype = column(TEXT, "how exact the text is", isin=list(get_args(Bound)))
    vendor: pd.ArrowDtype = column(TEXT, "who makes the chip", null="not said")
    model: pd.ArrowDtype = column(TEXT, "the chip", null="not said")
    h100_equivalent: pd.ArrowDtype = column(
        FLOAT, "`low` in H100 of equal compute", unit="H100", null="the chip's compute is not known"
    )


class Money(Ranged):
    """Every amount of money."""

    low: pd.ArrowDtype = column(AMOUNT, "the amount, or the lower end of the range", unit="whole units of `currency`")
    high: pd.ArrowDtype = column(AMOUNT, "the upper end", unit="whole units of `currency`", null="none was said")
    bound: pd.ArrowDtype = column(TEXT, "how exact the text is", isin=list(get_args(Bound)))
    currency: pd.ArrowDtype = column(TEXT, "ISO 4217 code", str_matches=r"^[A-Z]{3}$")
    per: pd.ArrowDtype = column(TEXT, "what the amount is paid for or by: share, hour, month …", null="it is no rate")
    usd_low: pd.ArrowDtype = column(
        FLOAT, "`low` in US dollars of the article's date", unit="USD", null="no rate for the currency or the date"
    )
    usd_high: pd.ArrowDtype = column(
        FLOAT, "`high` in US dollars of the article's date", unit="USD", null="no upper end, or no rate"
    )
    rate_date: pd.ArrowDtype = column(DATE, "day of the exchange rate", null="no rate was used")


class Fetches(Strict):
    """Every URL tried."""

    run_id: pd.ArrowDtype = column(TEXT, "the run")
    source: pd.ArrowDtype = column(TEXT, "id of the source")
    url: pd.ArrowDtype = column(TEXT, "the URL asked for")
    final_url: pd.ArrowDtype = column(TEXT, "where redirects ended", null="no answer")
    role: pd.ArrowDtype = column(TEXT, "what it was wanted for", isin=list(get_args(Role)))
    outcome: pd.ArrowDtype = column(TEXT, "what came of it", isin=list(get_args(Outcome)))
    status: pd.ArrowDtype = column(INT32, "HTTP status", null="no answer")
    attempts: pd.ArrowDtype = column(INT32, "requests sent", ge=0)
    wire_bytes: pd.ArrowDtype = column(INT64, "bytes received", unit="bytes", ge=0)
    body_bytes: pd.ArrowDtype = column(INT64, "bytes after inflating", unit="bytes", ge=0)
    seconds: pd.ArrowDtype = column(FLOAT, "time taken", unit="seconds", ge=0)
    etag: pd.ArrowDtype = column(TEXT, "the answer's ETag", null="none")
    last_modified: pd.ArrowDtype = column(TEXT, "the answer's Last-Modified", null="none")
    error: pd.ArrowDtype = column(TEXT, "what went wrong", null="nothing")
    fetched_at: pd.ArrowDtype = column(TIME, "when", unit="UTC")
    raw_file: pd.ArrowDtype = column(TEXT, "file below `raw/` that holds the page", null="no page")
    raw_offset: pd.ArrowDtype = column(INT64, "where its record starts", unit="bytes", null="no page", ge=0)


class Stories(Strict):
    """Articles that tell one story in one language: reprints, copies, updates."""

    story_id: pd.ArrowDtype = column(
        TEXT, "article_id of the first article that was grouped", str_matches=_ARTICLE_ID, unique=True
    )
    original_id: pd.ArrowDtype = column(
        TEXT, "the original: the earliest, and among equals the least contaminated", str_matches=_ARTICLE_ID
    )
    lang: pd.ArrowDtype = column(TEXT, "language", isin=list(get_args(PageLang)))
    title: pd.ArrowDtype = column(TEXT, "the original's headline", null="the page has none")
    first_at: pd.ArrowDtype = column(TIME, "when the original was published", unit="UTC")
    last_at: pd.ArrowDtype = column(TIME, "when its latest copy was published", unit="UTC")
    articles: pd.ArrowDtype = column(INT32, "how many articles, the original among them", unit="articles", ge=1)
    sources: pd.ArrowDtype = column(INT32, "on how many sites", unit="sites", ge=1)
    copies: pd.ArrowDtype = column(TEXTS, "article_id of the others, by time")


class Quarantine(Strict):
    """Rows that broke a schema; their article is kept out of the tables."""

    source: pd.ArrowDtype = column(TEXT, "id of the source")
    url: pd.ArrowDtype = column(TEXT, "the article's URL")
    raw_file: pd.ArrowDtype = column(TEXT, "file that holds the page")
    raw_offset: pd.ArrowDtype = column(INT64, "where its record starts", unit="bytes")
    table: pd.ArrowDtype = column(TEXT, "the table whose schema was broken")
    reason: pd.ArrowDtype = column(TEXT, "which column and how")
    run_id: pd.ArrowDtype = column(TEXT, "the run")


@dataclass(frozen=True, slots=True)
class TableSpec:
    """`key` names the columns that no two rows share, in the order of the rows; `article` says that the rows belong to
    an article and are replaced with it; `month` is what partitions them."""

    model: type[Strict]
    key: tuple[str, ...]
    article: bool = True
    month: str | None = "article"


_SPAN = ("article_id", "part", "start", "end")

TABLES: Final[MappingProxyType[str, TableSpec]] = MappingProxyType(
    {
        "articles": TableSpec(Articles, ("article_id",)),
        "removed": TableSpec(Removed, ("article_id", "n")),
        "sentences": TableSpec(Sentences, _SPAN),
        "companies": TableSpec(Companies, _SPAN),
        "gpu_counts": TableSpec(GpuCounts, _SPAN),
        "money": TableSpec(Money, _SPAN),
        "fetches": TableSpec(
            Fetches, ("fetched_at", "run_id", "source", "role", "url"), article=False, month="fetched_at"
        ),
        "stories": TableSpec(Stories, ("story_id",), article=False, month="first_at"),
        "quarantine": TableSpec(Quarantine, ("raw_file", "raw_offset", "table", "reason"), article=False, month=None),
    }
)
"""Every table of a data folder, in order."""

ARTICLE_KEYED: Final = tuple(name for name, spec in TABLES.items() if spec.article)


def _arrow_schema(model: type[Strict]) -> pa.Schema:
    columns = model.to_schema().columns
    types = {name: column.dtype.type.pyarrow_dtype for name, column in columns.items()}
    # Pandas turns an integer column with nulls into floats unless the file says that it was a nullable one.
    nullable_ints = [
        {"name": name, "field_name": name, "pandas_type": str(kind), "numpy_type": str(kind).title(), "metadata": None}
        for name, kind in types.items()
        if pa.types.is_integer(kind) and columns[name].nullable
    ]
    hint = {"index_columns": [], "column_indexes": [], "columns": nullable_ints, "pandas_version": "3.0.0"}
    return pa.schema(list(types.items()), metadata={"pandas": json.dumps(hint)} if nullable_ints else None)


ARROW: Final[MappingProxyType[str, pa.Schema]] = MappingProxyType(
    {name: _arrow_schema(spec.model) for name, spec in TABLES.items()}
)
"""The arrow schema of every table, in the order of its columns."""

ARTICLE_SCHEMAS: Final[Mapping[str, pa.Schema]] = {name: ARROW[name] for name in ARTICLE_KEYED}
"""Those of the tables to which each article brings rows; a dict, for it goes to other processes."""
