"""Stored pages to rows: the pure part of the night, page by page.

Same page, same code, same rows. A page that gives no article costs its own row and nothing else: it comes back as a
`PageResult` with the outcome and the cause.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

import pyarrow as pa

from extractors.entities import find_entities
from extractors.errors import NotAnArticle, PageError
from extractors.language import segment
from extractors.lexicons.chips import h100_equivalent
from extractors.model import Article, Company, Entity, GpuCount, Lang, Money, Page, Sentence
from extractors.pages import read_page
from pipelines.exchange import usd
from pipelines.links import canonical_url
from pipelines.records import Outcome, RawRef, Source
from pipelines.schemas import ARROW

Cell = object
"""A value as pyarrow takes it; the schema says which."""


@dataclass(frozen=True, slots=True)
class PageResult:
    """What became of one stored page. `article_id` only when `outcome` is `ok`."""

    ref: RawRef
    url: str
    outcome: Outcome
    error: str | None = None
    article_id: str | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """Rows by table name, in the tables' schemas, and one result a page."""

    tables: Mapping[str, pa.Table]
    results: tuple[PageResult, ...]


@cache
def extractor_version() -> str:
    """Release, and a digest of the code and the lexicons that made a row: `0.1.0+5f0c21d9`."""
    digest = hashlib.sha256()
    for name, data in _package_files(files("extractors")):
        digest.update(name.encode())
        digest.update(data)
    return f"{version('chipwire')}+{digest.hexdigest()[:8]}"


def _package_files(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _package_files(entry)
        elif entry.name.endswith((".py", ".toml", ".csv", ".txt")):
            yield entry.name, entry.read_bytes()


def article_id(url: str) -> str:
    """The first 16 hex digits of the SHA-256 of the canonical URL.

    >>> article_id("http://a.example/1?utm_source=x#top") == article_id("http://a.example/1")
    True
    """
    return hashlib.sha256(canonical_url(url).encode()).hexdigest()[:16]


def extract_pages(pages: Iterable[tuple[RawRef, Page]], sources: Mapping[str, Source]) -> Extraction:
    """The rows of these pages; a page whose source is unknown is read without selectors."""
    rows = _Rows()
    results = tuple(_extract(ref, page, sources.get(page.source), rows) for ref, page in pages)
    return Extraction(rows.tables(), results)


def concat(batches: Sequence[Mapping[str, pa.Table]]) -> dict[str, pa.Table]:
    """The article-keyed tables of several extractions as one of each; of none, empty tables.

    >>> concat([])["money"].num_rows
    0
    """
    return {name: pa.concat_tables([ARROW[name].empty_table(), *(b[name] for b in batches)]) for name in ARTICLE_KEYED}


def _extract(ref: RawRef, page: Page, source: Source | None, rows: _Rows) -> PageResult:
    try:
        article = read_page(
            page.body,
            url=page.url,
            source=page.source,
            headers=page.headers,
            fetched_at=page.fetched_at,
            charset=source.charset if source else None,
            tz=source.tz if source else None,
            selectors=source.selectors if source else None,
        )
    except NotAnArticle as error:
        return PageResult(ref, page.url, "not_an_article", error.kind)
    except PageError as error:
        return PageResult(ref, page.url, "unreadable", str(error))
    if article.lang == "other":
        return PageResult(ref, page.url, "other_language", "neither Chinese nor English")
    key = article_id(page.url)
    rows.add_article(key, article, page, ref)
    return PageResult(ref, page.url, "ok", None, key)


class _Rows:
    """Columns under construction, one list a column of each article-keyed table."""

    def __init__(self) -> None:
        self._columns: dict[str, dict[str, list[Cell]]] = {
            name: {column: [] for column in ARROW[name].names} for name in ARTICLE_KEYED
        }

    def tables(self) -> dict[str, pa.Table]:
        return {
            name: pa.table(
                {column: pa.array(cells, ARROW[name].field(column).type) for column, cells in columns.items()},
                schema=ARROW[name],
            )
            for name, columns in self._columns.items()
        }

    def _add(self, table: str, row: Mapping[str, Cell]) -> None:
        columns = self._columns[table]
        for name, cells in columns.items():
            cells.append(row.get(name))

    def add_article(self, key: str, article: Article, page: Page, ref: RawRef) -> None:
        self._add(
            "articles",
            {
                "article_id": key,
                "url": canonical_url(page.url),
                "source": page.source,
                "lang": article.lang,
                "title": article.title,
                "byline": article.byline,
                "credit": article.credit,
                "published_at": article.published_at.astimezone(UTC) if article.published_at else None,
                "fetched_at": page.fetched_at.astimezone(UTC),
                "text": article.text,
                "text_sha256": hashlib.sha256(article.text.encode()).hexdigest(),
                "raw_file": ref.file,
                "raw_offset": ref.offset,
                "extractor": extractor_version(),
            },
        )
        for n, removed in enumerate(article.removed):
            self._add(
                "removed",
                {"article_id": key, "n": n, "text": removed.text, "reason": removed.reason, "position": removed.where},
            )
        lang: Lang = "en" if article.lang == "en" else "zh"
        # The whole article is read at once, so that a name established in the body is known in the headline.
        title = article.title or ""
        split = len(title) + 1
        parts = {"title": title, "body": article.text}
        sentences = {part: segment(text, lang) for part, text in parts.items()}
        for part, found in sentences.items():
            self._add_sentences(key, part, parts[part], found)
        starts = {part: [s.start for s in found] for part, found in sentences.items()}
        when = article.published_at or page.fetched_at
        for entity in find_entities(f"{title}\n{article.text}", lang):
            part, offset = ("title", 0) if entity.end < split else ("body", split)
            self._add_entity(key, part, offset, starts[part], entity, when)

    def _add_sentences(self, key: str, part: str, text: str, sentences: Sequence[Sentence]) -> None:
        for n, sentence in enumerate(sentences):
            self._add(
                "sentences",
                {
                    "article_id": key,
                    "part": part,
                    "sentence": n,
                    "start": sentence.start,
                    "end": sentence.end,
                    "text": text[sentence.start : sentence.end],
                    "tokens": [token.text for token in sentence.tokens],
                    "token_starts": [token.start for token in sentence.tokens],
                },
            )

    def _add_entity(
        self, key: str, part: str, offset: int, starts: Sequence[int], entity: Entity, when: datetime
    ) -> None:
        start = entity.start - offset
        place: dict[str, Cell] = {
            "article_id": key,
            "part": part,
            "sentence": max(0, bisect_right(starts, start) - 1),
            "start": start,
            "end": entity.end - offset,
            "text": entity.text,
        }
        row: dict[str, Cell] = {name: getattr(entity, name) for name in entity.__slots__}
        match entity:
            case Company():
                extra: dict[str, Cell] = {}
            case GpuCount():
                extra = {"h100_equivalent": h100_equivalent(entity.model, entity.low)}
            case Money():
                extra = _usd_columns(entity, when)
        self._add(ENTITY_TABLES[entity.type], row | place | extra)


def _usd_columns(money: Money, when: datetime) -> dict[str, Cell]:
    on = when.astimezone(UTC).date()
    low = usd(money.low, money.currency, on)
    high = usd(money.high, money.currency, on) if money.high is not None else None
    return {
        "usd_low": low.value if low else None,
        "usd_high": high.value if high else None,
        "rate_date": low.rate_date if low else None,
    }


ENTITY_TABLES: Mapping[str, str] = {"COMPANY": "companies", "GPU_COUNT": "gpu_counts", "MONEY": "money"}
