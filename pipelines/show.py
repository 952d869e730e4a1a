"""What the tables hold, for a person at a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from pipelines.errors import PipelineError
from pipelines.registry import SOURCES, load
from pipelines.source_status import status
from pipelines.storage.tables import Tables

if TYPE_CHECKING:
    from pipelines.nightly import Report

TOP = 8
"""Rows of each ranking."""
MOST_WARNINGS = 12

_SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))


def human(value: float | Decimal) -> str:
    """A number as people say it.

    >>> human(6e9), human(24_000), human(140.68), human(5)
    ('6B', '24k', '140.68', '5')
    """
    value = float(value)
    for scale, letter in _SCALES:
        if abs(value) >= scale:
            return f"{value / scale:.3g}{letter}"
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], right: Sequence[int] = ()) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", pad_edge=False)
    for n, column in enumerate(columns):
        table.add_column(column, justify="right" if n in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    return table


def _counted(frame: pd.DataFrame, by: Sequence[str]) -> list[tuple[object, ...]]:
    if frame.empty:
        return []
    counted = frame.groupby(list(by), observed=True).size().sort_values(ascending=False, kind="stable")
    return [(*(key if isinstance(key, tuple) else (key,)), int(n)) for key, n in counted.items()]


def overview(data: Path, out: Console | None = None) -> None:
    """Articles per day of publication, source and language, with what was found in them.

    Raises `PipelineError` when there are no tables at `data`.
    """
    out = out or Console(highlight=False)
    tables = Tables(data)
    articles = tables.read("articles")
    if articles.empty:
        raise PipelineError(f"{data}: no articles yet; try: chipwire demo, or chipwire nightly --data {data}")
    rows = articles[["article_id", "source", "lang"]].copy()
    rows["day"] = articles["published_at"].dt.strftime("%Y-%m-%d").fillna("no date")
    for name in ("companies", "gpu_counts", "money"):
        found = tables.read(name)["article_id"].value_counts()
        rows[name] = rows["article_id"].map(found).fillna(0).astype(int)
    days = rows.groupby(["day", "source", "lang"], observed=True)
    totals = days.agg(
        articles=("article_id", "size"),
        companies=("companies", "sum"),
        gpus=("gpu_counts", "sum"),
        money=("money", "sum"),
    )
    shown = [
        (day, source, lang, *map(int, row))
        for (day, source, lang), row in zip(totals.index, totals.to_numpy(), strict=True)
    ]
    out.print(
        _table(
            f"{len(articles)} articles in {data}",
            ("published", "source", "lang", "articles", "companies", "GPU counts", "money"),
            shown,
            right=(3, 4, 5, 6),
        )
    )
    findings(tables, out)


def _columns(frame: pd.DataFrame, *names: str) -> Iterator[tuple[Any, ...]]:
    """The rows of some columns as plain Python values, null as `None`."""
    lists = (frame[name].astype(object).where(frame[name].notna(), None).tolist() for name in names)
    return zip(*lists, strict=True)


def findings(tables: Tables, out: Console) -> None:
    """The companies, GPU counts and sums that stand out."""
    companies = tables.read("companies")
    if not companies.empty:
        top = companies.groupby("name", observed=True).agg(
            mentions=("name", "size"), articles=("article_id", "nunique")
        )
        top = top.sort_values(["articles", "mentions"], ascending=False, kind="stable").head(TOP).reset_index()
        rows: Iterable[Sequence[object]] = _columns(top, "name", "articles", "mentions")
        out.print(_table("Top companies", ("company", "articles", "mentions"), rows, (1, 2)))
    counts = tables.read("gpu_counts").sort_values("low", ascending=False, kind="stable")
    if not counts.empty:
        top = counts.drop_duplicates(["low", "vendor", "model"]).head(TOP)
        rows = [(human(low), *rest) for low, *rest in _columns(top, "low", "vendor", "model", "bound", "text")]
        out.print(_table("Largest GPU counts", ("count", "vendor", "model", "bound", "as written"), rows, (0,)))
    money = tables.read("money")
    sums = money[money["per"].isna()].sort_values("usd_low", ascending=False, kind="stable")
    if not sums.empty:
        top = sums.drop_duplicates(["low", "currency"]).head(TOP)
        rows = [
            (human(low), currency, None if dollars is None else human(dollars), *rest)
            for low, currency, dollars, *rest in _columns(top, "low", "currency", "usd_low", "bound", "text")
        ]
        out.print(_table("Largest sums", ("amount", "currency", "USD then", "bound", "as written"), rows, (0, 2)))


def closing(data: Path, report: Report, *, next_command: str | None = None, out: Console | None = None) -> None:
    """What a night did: articles by source and language, what was stripped, found and changed, and what failed."""
    out = out or Console(highlight=False)
    tables = Tables(data)
    articles, removed = tables.read("articles"), tables.read("removed")
    out.print()
    out.print(_table("Articles", ("source", "lang", "articles"), _counted(articles, ("source", "lang")), (2,)))
    out.print(_table("Stripped", ("reason", "pieces"), _counted(removed, ("reason",)), (1,)))
    findings(tables, out)
    out.print(_table("Requests of this run", ("outcome", "requests"), Counter(report.outcomes).most_common(), (1,)))
    out.print()
    if report.changes.articles:
        out.print(f"{report.changes}", markup=False)
        out.print(f"Files: {_files(data)} parquet files in {data}, raw pages in {data / 'raw'}", markup=False)
    else:
        out.print(
            f"No row of any article changed: the {len(articles)} articles in {data} are as the last run left them.",
            soft_wrap=True,
            markup=False,
        )
    for warning in report.warnings[:MOST_WARNINGS]:
        out.print(f"Warning: {warning}", markup=False, soft_wrap=True)
    if len(report.warnings) > MOST_WARNINGS:
        out.print(f"and {len(report.warnings) - MOST_WARNINGS} more warnings, all in the fetches table", markup=False)
    out.print(f"Next: {next_command or f'chipwire show --data {data}'}", markup=False)


def _files(data: Path) -> int:
    return len(Tables(data).files())


def registry(data: Path, out: Console | None = None) -> None:
    """Each source, and what it last did by the `fetches` table."""
    out = out or Console(highlight=False)
    rows = []
    for each in status(Tables(data).read("fetches"), load(SOURCES)):
        failures = ", ".join(f"{n} {cause}" for cause, n in each.failures)
        state = "disabled" if not each.enabled else "gone quiet" if each.gone_quiet else ""
        last = each.last_success.strftime("%Y-%m-%d %H:%M") if each.last_success else "never"
        rows.append((each.id, each.name, last, f"{each.per_night:.1f}", each.tonight, failures, state))
    columns = ("id", "name", "last success (UTC)", "a night", "latest", "failures", "")
    out.print(_table(f"{len(rows)} sources", columns, rows, (3, 4)))
