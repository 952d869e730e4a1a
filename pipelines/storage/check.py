"""Verify a data folder: what stands in the tables, and whether the raw store has all it says it has.

    schema     every partition has today's columns and types, keeps its rules, and reads with right checksums
    keys       no key twice, every row's article in its own month, every sentence and story that is named
    offsets    every surface is what its part of the article says there, tokens and digests too
    raw store  every file as long, as many records and as digested as the index says
    orphans    stored pages that no run has merged, places that hold no page, leftovers of killed writers

Nothing is changed; `repair_data` and `chipwire rerun` mend what is found.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.errors import PipelineError, TableError, plain_reason
from pipelines.storage.partitions import in_order, month_of, months_of
from pipelines.storage.rows import conform, faulty
from pipelines.storage.schemas import ARROW, ARTICLE_KEYED, TABLES
from pipelines.storage.snapshots import PART, files
from pipelines.storage.store import RawStore, describe, run_of
from pipelines.storage.tables import Tables
from pipelines.storage.warc import whole_members

_SPANS = ("sentences", "companies", "gpu_counts", "money")


@dataclass(frozen=True, slots=True)
class Problem:
    """`count` things of one kind that are wrong at `where`; `example` is one of them."""

    where: str
    what: str
    count: int = 1
    example: str = ""

    def __str__(self) -> str:
        """One line that says where, what and how often.

        >>> str(Problem("table money", "rows without their article", 3, "0123456789abcdef"))
        'table money: rows without their article (3, as 0123456789abcdef)'
        """
        details = [f"{self.count:,}"] if self.count > 1 else []
        details += [f"as {self.example}"] if self.example else []
        return f"{self.where}: {self.what}" + (f" ({', '.join(details)})" if details else "")


def check(data_dir: Path | str) -> list[Problem]:
    """Everything that is wrong with a data folder; an empty list when it is sound.

    Reads one version of the tables throughout, so it may run beside a night. Raises nothing for a damaged file: that
    is a problem like the others.
    """
    data = Path(data_dir)
    raw, pages = _raw_store(RawStore(data))
    return [*_tables(data, pages), *raw]


def _raw_store(store: RawStore) -> tuple[list[Problem], dict[str, frozenset[int]]]:
    """Problems of the raw store, and where its records start, by file."""
    problems: list[Problem] = []
    starts: dict[str, frozenset[int]] = {}
    try:
        index = store.index()
    except PipelineError as error:
        index = {}
        problems.append(Problem("raw/index.jsonl", f"not readable: {error}"))
    found = store.files()
    for file in found:
        path = store.root / file
        starts[file] = frozenset()
        try:
            now = describe(path, file)
            starts[file] = frozenset(start for start, _ in whole_members(path))
        except (PipelineError, OSError) as error:
            problems.append(Problem(f"raw/{file}", plain_reason(error) if isinstance(error, OSError) else str(error)))
            continue
        entry = index.get(file)
        if entry is None:
            problems.append(Problem(f"raw/{file}", "the index does not know it"))
        elif now != entry:
            differs = [
                name for name in ("bytes", "records", "pages", "sha256") if getattr(now, name) != getattr(entry, name)
            ]
            told = ", ".join(f"{name} {getattr(now, name)}, not {getattr(entry, name)}" for name in differs)
            problems.append(Problem(f"raw/{file}", f"is not what the index says: {told}"))
    problems += [Problem(f"raw/{file}", "is in the index, but not there") for file in index if file not in found]
    if store.root.is_dir():
        problems += [
            Problem(f"raw/{path.relative_to(store.root)}", "unfinished: of a run under way, or of a killed one")
            for path in sorted(store.root.glob("*/.*.warc.gz"))
        ]
    return problems, starts


def _tables(data: Path, pages: Mapping[str, frozenset[int]]) -> Iterator[Problem]:
    try:
        os.scandir(data / ".tables").close()
    except FileNotFoundError:
        pass
    except OSError as error:
        yield Problem(str(data / ".tables"), plain_reason(error))
        return
    version = Tables(data).version()
    if version is None:
        if pages:
            yield Problem("tables", "there are none, though the raw store has pages", len(pages))
        else:
            yield Problem(str(data), "holds neither tables nor raw pages: is it a data folder?")
        return
    for name in TABLES:
        # Unlike pathlib's, these take a folder that may not be entered for none.
        if not os.path.isdir(data / name) or os.path.realpath(data / name) != os.path.realpath(version / name):
            yield Problem(f"table {name}", f"{data / name} does not lead to the current version")
    for path in sorted((data / ".tables").glob("v*")):
        if path.name > version.name:
            yield Problem(f".tables/{path.name}", "left by a writer that was killed, or being written")
    read: dict[str, dict[str, pa.Table]] = {}
    for name in TABLES:
        read[name] = {}
        for file in files(version, [name]):
            rows, problems = _partition(version / file, file, name)
            yield from problems
            if rows is not None and file.name == PART:
                read[name][month_of(file)] = rows
            elif rows is not None and len(rows):
                told = f"{file.name} adds rows to the month's own: run `chipwire repair`"
                yield Problem(f"table {name}, {file.parent.name}", told)
        strange = [path for path in sorted((version / name).rglob("*")) if path.is_file() and not _of_tables(path)]
        for path in strange:
            yield Problem(
                f"table {name}", f"{path.relative_to(version)} is no table's: pandas fails to read the folder"
            )
        yield from _doubles(name, read[name])
    for month, articles in read["articles"].items():
        yield from _articles(month, articles, pages)
        yield from _of_articles(month, articles, {name: read[name].get(month) for name in ARTICLE_KEYED})
    for name in ARTICLE_KEYED:
        for month in sorted(set(read[name]) - set(read["articles"])):
            rows = read[name][month]
            yield from _wrong(f"table {name}, {month}", "rows in a month without articles", rows["article_id"])
    articles, stories = (
        pa.concat_tables([ARROW[name].empty_table(), *read[name].values()]) for name in ("articles", "stories")
    )
    yield from _stories(articles, stories)
    yield from _unmerged([*read["fetches"].values()], pages)


def _of_tables(path: Path) -> bool:
    """Whether it is a file that readers of a table's folder read, or one that they pass over."""
    return path.suffix == ".parquet" or path.name.startswith((".", "_"))


def _partition(path: Path, file: Path, name: str) -> tuple[pa.Table | None, list[Problem]]:
    where = f"table {name}, {file.parent.name}"
    try:
        rows = pq.ParquetFile(path, page_checksum_verification=True).read()
        written = {field.name: field.type for field in rows.schema}
        rows = conform(rows, name)
        faults = faulty(rows, name)
    except (OSError, pa.ArrowException) as error:
        return None, [Problem(where, f"not readable: {error}")]
    except TableError as error:
        return None, [Problem(where, error.reason)]
    problems = [
        Problem(where, f"column {field.name} is {written[field.name]}, not {field.type}: run `chipwire repair`")
        if field.name in written
        else Problem(where, f"column {field.name} is missing: run `chipwire rerun`")
        for field in ARROW[name]
        if written.get(field.name) != field.type
    ]
    if not in_order(name, rows).equals(rows):
        problems.append(Problem(where, "rows are not in the order of their keys"))
    if faults:
        row, reason = next(iter(faults.items()))
        problems.append(Problem(where, "rows that break the schema", len(faults), f"row {row}: {reason}"))
    return _without_nulls(rows, name) if faults else rows, problems


def _without_nulls(rows: pa.Table, name: str) -> pa.Table:
    """The rows that have a value wherever there must be one: what else is wrong with the others cannot be said."""
    needed = [column for column, spec in TABLES[name].model.to_schema().columns.items() if not spec.nullable]
    return rows.filter(reduce(pc.and_, (pc.is_valid(rows[column]) for column in needed)))


def _wrong(
    where: str, what: str, values: pa.ChunkedArray, wrong: Sequence[bool] | pa.ChunkedArray | None = None
) -> Iterator[Problem]:
    """A problem if any of the values is wrong: all of them without a mask."""
    if wrong is not None:
        values = values.filter(pa.array(wrong, pa.bool_()) if isinstance(wrong, Sequence) else wrong)
    if len(values):
        yield Problem(where, what, len(values), str(values[0].as_py()))


def _rows(table: pa.Table, *columns: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[column].to_pylist() for column in columns), strict=True)


def _not_in(values: pa.ChunkedArray, allowed: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.invert(pc.is_in(values, allowed.combine_chunks()))


def _doubles(name: str, months: Mapping[str, pa.Table]) -> Iterator[Problem]:
    """Keys that stand in two months."""
    key = list(TABLES[name].key)
    if not months or not TABLES[name].month:
        return
    keys = pd.concat([rows.select(key).to_pandas().drop_duplicates() for rows in months.values()])
    doubled = keys[keys.duplicated()]
    if len(doubled):
        yield Problem(f"table {name}", "keys in two months", len(doubled), str(doubled.iloc[0, 0]))


def _articles(month: str, articles: pa.Table, pages: Mapping[str, frozenset[int]]) -> Iterator[Problem]:
    where, ids = f"table articles, {month}", articles["article_id"]
    yield from _wrong(where, "articles of another month", ids, (months_of(articles) != month).tolist())
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in articles["text"].to_pylist()]
    other = pc.not_equal(articles["text_sha256"], pa.array(digests, pa.string()))
    yield from _wrong(where, "text_sha256 is not the text's", ids, other)
    lost = [not _holds(pages, file, offset) for file, offset in _rows(articles, "raw_file", "raw_offset")]
    yield from _wrong(where, "no page in the raw store", ids, lost)


def _holds(pages: Mapping[str, frozenset[int]], file: str, offset: int) -> bool:
    """Whether a record starts there. A bare file that was given to `rerun` is none of the raw store's, and passes."""
    if file in pages:
        return offset in pages[file]
    return not (file.endswith(".warc.gz") and file.count("/") == 1 and not file.startswith(("/", ".")))


def _of_articles(month: str, articles: pa.Table, tables: Mapping[str, pa.Table | None]) -> Iterator[Problem]:
    """Rows that belong to an article of the month: that it is there, and says at their offsets what they say."""
    parts: dict[tuple[str, str], str] = {}
    for article, title, text in _rows(articles, "article_id", "title", "text"):
        parts[article, "title"], parts[article, "body"] = title or "", text
    sentences = tables["sentences"]
    known = set() if sentences is None else set(_rows(sentences, "article_id", "part", "sentence"))
    for name, rows in tables.items():
        where = f"table {name}, {month}"
        if rows is None:
            # A month that lost its articles keeps its file, empty.
            if len(articles):
                yield Problem(where, "is missing")
            continue
        ids = rows["article_id"]
        yield from _wrong(where, "rows without their article", ids, _not_in(ids, articles["article_id"]))
        if name in _SPANS:
            spans = _rows(rows, "article_id", "part", "start", "end", "text")
            wrong = [parts.get((article, part), "")[start:end] != text for article, part, start, end, text in spans]
            yield from _wrong(where, "the text does not say that at these offsets", ids, wrong)
        if name in _SPANS and name != "sentences":
            lost = [one not in known for one in _rows(rows, "article_id", "part", "sentence")]
            yield from _wrong(where, "sentences that do not exist", ids, lost)
    if sentences is not None:
        astray = [
            len(tokens) != len(starts)
            or None in (*tokens, *starts)
            or not all(map(parts.get((article, part), "").startswith, tokens, starts))
            for article, part, tokens, starts in _rows(sentences, "article_id", "part", "tokens", "token_starts")
        ]
        where = f"table sentences, {month}"
        yield from _wrong(where, "tokens that do not stand at their offsets", sentences["article_id"], astray)


def _stories(articles: pa.Table, stories: pa.Table) -> Iterator[Problem]:
    told = articles.filter(pc.is_valid(articles["story_id"]))
    strays = _not_in(told["story_id"], stories["story_id"])
    yield from _wrong("table articles", "stories that do not exist", told["story_id"], strays)
    lost = _not_in(stories["original_id"], articles["article_id"])
    yield from _wrong("table stories", "originals that do not exist", stories["original_id"], lost)
    counted = Counter(told["story_id"].to_pylist())
    off = [counted[story] != said for story, said in _rows(stories, "story_id", "articles")]
    yield from _wrong("table stories", "other numbers of articles than point to them", stories["story_id"], off)


def _unmerged(fetches: Sequence[pa.Table], pages: Mapping[str, frozenset[int]]) -> Iterator[Problem]:
    merged = {pair for rows in fetches for pair in _rows(rows, "source", "run_id")}
    left = [file for file in pages if run_of(file) not in merged]
    if left:
        what = "files that no run has merged: the next `chipwire nightly` reads them"
        yield Problem("raw store", what, len(left), left[0])
    places = (place for rows in fetches for place in _rows(rows, "raw_file", "raw_offset") if None not in place)
    lost = [file for file, offset in places if offset not in pages.get(file, frozenset())]
    if lost:
        yield Problem("table fetches", "places that hold no page", len(lost), lost[0])
