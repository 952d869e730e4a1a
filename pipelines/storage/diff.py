"""What a rerun would change, value beside value, before it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from rich.console import Console
from rich.table import Table

from pipelines.storage.schemas import TABLES
from pipelines.storage.survey import Compared, Survey

_LONGEST = 160
"""Characters of a value that are shown; of two long values, from a little before where they part."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that would change. A row that comes or goes has `column` "" and its surface or text on one side."""

    article_id: str
    url: str
    table: str
    row: str
    column: str
    old: str | None
    new: str | None


def differences(survey: Survey) -> Iterator[Difference]:
    """Every value that merging the surveyed batch would change, table by table; new articles are not among them."""
    url_of = _urls(survey)
    for compared in survey.comparisons():
        yield from _changed(compared, url_of)
        yield from _whole_rows(compared, url_of, new=False)
        yield from _whole_rows(compared, url_of, new=True)


def _urls(survey: Survey) -> Mapping[str, str]:
    articles = survey.batch["articles"]
    return dict(zip(articles["article_id"].to_pylist(), articles["url"].to_pylist(), strict=True))


def _changed(compared: Compared, url_of: Mapping[str, str]) -> Iterator[Difference]:
    found = compared.found
    for column, mask in found.differs.items():
        if not mask.any():
            continue
        old = compared.old.take(pa.array(found.old_rows[mask]))
        new = compared.new.take(pa.array(found.new_rows[mask]))
        ids = old["article_id"].to_pylist()
        for key, article, before, after in zip(
            _keys(compared.table, old), ids, old[column].to_pylist(), new[column].to_pylist(), strict=True
        ):
            yield Difference(article, url_of[article], compared.table, key, column, *_shown(before, after))


def _whole_rows(compared: Compared, url_of: Mapping[str, str], *, new: bool) -> Iterator[Difference]:
    rows = (
        compared.new.take(pa.array(compared.found.added))
        if new
        else compared.old.take(pa.array(compared.found.removed))
    )
    if not len(rows):
        return
    for key, article, text in zip(
        _keys(compared.table, rows), rows["article_id"].to_pylist(), rows["text"].to_pylist(), strict=True
    ):
        shown, _ = _shown(text, None)
        old, now = (None, shown) if new else (shown, None)
        yield Difference(article, url_of[article], compared.table, key, "", old, now)


def _keys(table: str, rows: pa.Table) -> list[str]:
    """Which row of its article: `body 12:28`, `3`."""
    key = [column for column in TABLES[table].key if column != "article_id"]
    if key == ["part", "start", "end"]:
        parts, starts, ends = (rows[column].to_pylist() for column in key)
        return [f"{part} {start}:{end}" for part, start, end in zip(parts, starts, ends, strict=True)]
    if not key:
        return [""] * len(rows)
    return [" ".join(map(str, values)) for values in zip(*(rows[column].to_pylist() for column in key), strict=True)]


def _shown(old: object, new: object) -> tuple[str | None, str | None]:
    """Two values as short texts that show where they part.

    >>> _shown(None, 5)
    (None, '5')
    >>> [len(side) for side in _shown("a" * 500 + "b", "a" * 500 + "c")]
    [22, 22]
    """
    texts = [None if value is None else str(value) for value in (old, new)]
    first, second = texts[0] or "", texts[1] or ""
    limit = min(len(first), len(second))
    same = next((n for n in range(limit) if first[n] != second[n]), limit)
    start = 0 if max(len(first), len(second)) <= _LONGEST else max(0, same - 20) if None not in texts else 0
    sides = [None if text is None else ("…" if start else "") + text[start : start + _LONGEST] for text in texts]
    return sides[0], sides[1]


def show(found: Iterable[Difference], out: Console, limit: int = 200) -> int:
    """Print differences article by article, old and new side by side; say how many there are beyond `limit`.

    Returns how many there are.
    """
    count = 0
    rows: list[Difference] = []
    for count, difference in enumerate(found, start=1):
        if count <= limit:
            rows.append(difference)
    rows.sort(key=lambda d: (d.url, d.article_id))
    for article in dict.fromkeys(d.article_id for d in rows):
        of_article: Sequence[Difference] = [d for d in rows if d.article_id == article]
        table = Table(title=of_article[0].url, title_justify="left", show_lines=False, expand=False)
        for heading in ("table", "row", "column", "old", "new"):
            table.add_column(heading, overflow="fold")
        for d in of_article:
            table.add_row(
                d.table, d.row, d.column or ("row comes" if d.old is None else "row goes"), d.old or "", d.new or ""
            )
        out.print(table, markup=False)
    if count > limit:
        out.print(f"and {count - limit:,} more values")
    return count
