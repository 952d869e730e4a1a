"""Articles as they were read from raw files, kept so that a rerun need not read the pages again.

    data/.articles/<raw file>/whole.parquet        all pages of the file
    data/.articles/<raw file>/<offset>.parquet     some of them; `offset` is the first one's

What is read from a page depends on the page, on the rules for pages, and on what the registry says of its source. While
these stay, a rerun (because of a new company, or of a rule for sums) starts from the article. All of it may be deleted
at any time: what is missing, torn, or no longer true is read from the page.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from extractors.model import Article, Block, Removed
from pipelines.extract import ReadPage
from pipelines.records import RawRef, Source
from pipelines.versions import reader_version

FOLDER: Final = ".articles"
_WHOLE = "whole"
_TEXT = pa.string()
_TIME = pa.timestamp("us", tz="UTC")
_SCHEMA = pa.schema(
    [
        ("offset", pa.int64()),
        ("source", _TEXT),
        ("url", _TEXT),
        ("fetched_at", _TIME),
        ("outcome", _TEXT),
        ("error", _TEXT),
        # Of the article; all null where the page gave none.
        ("lang", _TEXT),
        ("title", _TEXT),
        ("byline", _TEXT),
        ("published_at", _TIME),
        ("text", _TEXT),
        ("blocks", pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32()), ("kind", _TEXT)]))),
        ("removed", pa.list_(pa.struct([("text", _TEXT), ("reason", _TEXT), ("where", pa.int64())]))),
        ("credit", _TEXT),
        ("canonical_url", _TEXT),
    ]
)
_OF_ARTICLE = ("lang", "title", "byline", "published_at", "text", "credit", "canonical_url")
_OF_PAGE = ("source", "url", "fetched_at", "outcome", "error")


@dataclass(frozen=True, slots=True)
class Kept:
    """The pages of a raw file by offset; `whole` when it has no other pages."""

    pages: Mapping[int, ReadPage]
    whole: bool


class KeptArticles:
    """What is kept in a data folder, by raw file. Several processes may use it, on different pages."""

    def __init__(self, data: Path, sources: Mapping[str, Source]) -> None:
        self._data = data
        self._sources = sources

    def of(self, file: str) -> Kept:
        """What is kept of a raw file and still true. Raises nothing: what cannot be read is as good as absent."""
        pages: dict[int, ReadPage] = {}
        try:
            parts = sorted(self._folder(file).glob("*.parquet"))
        except OSError:
            parts = []
        for part in parts:
            found = self._part(part, file)
            if found is not None and part.stem == _WHOLE:
                return Kept(found, True)
            pages |= found or {}
        return Kept(pages, False)

    def keep(self, file: str, pages: Sequence[ReadPage], *, whole: bool) -> None:
        """Keep the pages of a raw file, all it has (`whole`) or some.

        A disk that is full, or a folder that may not be written, loses time the next time and nothing else.
        """
        if not pages and not whole:
            return
        name = _WHOLE if whole else str(pages[0].ref.offset)
        folder = self._folder(file)
        final = folder / f"{name}.parquet"
        temporary = folder / f".{name}.tmp"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            sources = sorted({page.source for page in pages})
            metadata = {"sources": json.dumps(sources), "key": self._key(file, sources)}
            pq.write_table(_table(pages).replace_schema_metadata(metadata), temporary, compression="zstd")
            temporary.replace(final)
            if whole:
                for part in folder.glob("*.parquet"):
                    if part != final:
                        part.unlink()
        except OSError:
            return

    def _folder(self, file: str) -> Path:
        return self._data / FOLDER / file

    def _part(self, part: Path, file: str) -> dict[int, ReadPage] | None:
        try:
            with pq.ParquetFile(part) as parquet:
                said = parquet.schema_arrow.metadata or {}
                if said.get(b"key", b"").decode() != self._key(file, json.loads(said.get(b"sources", b"[]"))):
                    return None
                return {page.ref.offset: page for page in _pages(parquet.read(), file)}
        except (OSError, ValueError, pa.ArrowException):
            return None

    def _key(self, file: str, sources: Sequence[str]) -> str:
        """All that decides what is read: the raw file, which is never written again, the rules, and the registry."""
        stat = (self._data / "raw" / file).stat()
        settings = [
            (name, source.charset, source.tz, source.selectors) if (source := self._sources.get(name)) else (name,)
            for name in sources
        ]
        said = repr((reader_version(), stat.st_size, stat.st_mtime_ns, settings))
        return hashlib.sha256(said.encode()).hexdigest()


def _table(pages: Sequence[ReadPage]) -> pa.Table:
    articles = [page.article for page in pages]
    columns: dict[str, list[object]] = {"offset": [page.ref.offset for page in pages]}
    columns |= {name: [getattr(page, name) for page in pages] for name in _OF_PAGE}
    columns |= {name: [a and getattr(a, name) for a in articles] for name in _OF_ARTICLE}
    # Of a time in another zone pyarrow would take the hands of the clock for UTC.
    for name in ("fetched_at", "published_at"):
        columns[name] = [at.astimezone(UTC) if isinstance(at, datetime) else None for at in columns[name]]
    columns["blocks"] = [a and [{"start": b.start, "end": b.end, "kind": b.kind} for b in a.blocks] for a in articles]
    columns["removed"] = [
        a and [{"text": r.text, "reason": r.reason, "where": r.where} for r in a.removed] for a in articles
    ]
    return pa.table(columns, schema=_SCHEMA)


def _pages(table: pa.Table, file: str) -> list[ReadPage]:
    return [
        ReadPage(
            RawRef(file, row["offset"]),
            **{name: row[name] for name in _OF_PAGE},
            article=None
            if row["text"] is None
            else Article(
                source=row["source"],
                url=row["url"],
                blocks=tuple(Block(**block) for block in row["blocks"]),
                removed=tuple(Removed(**removed) for removed in row["removed"]),
                **{name: row[name] for name in _OF_ARTICLE},
            ),
        )
        for row in table.to_pylist()
    ]
