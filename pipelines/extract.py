"""Stored pages to tables in memory: the pure part of the night.

Same page, same code, same rows. A page that gives no article costs its own rows and nothing else: it comes back as a
`PageResult` with the outcome and the cause. `schemas` are those of the tables that get rows (`ARTICLE_SCHEMAS`), handed
in because whoever declares them loads pandas and pandera, a second that a worker can do without.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa
from selectolax.lexbor import SelectolaxError

from extractors.errors import NotAnArticle, PageError
from extractors.model import Article, Page
from extractors.pages import read_page
from pipelines.article_rows import Cell, Row, article_id, article_rows
from pipelines.discovery.topics import names
from pipelines.errors import FAULTS
from pipelines.records import Outcome, RawRef, Source

PAGE_FAULTS = (*FAULTS, SelectolaxError)
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A stored page once it was read: its article, or as `outcome` and `error` why it gives none."""

    ref: RawRef
    source: str
    url: str
    fetched_at: datetime | None
    outcome: Outcome
    error: str | None
    article: Article | None


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


def extract_pages(
    pages: Iterable[tuple[RawRef, Page]],
    sources: Mapping[str, Source],
    schemas: Mapping[str, pa.Schema],
    topic: Sequence[str] = (),
) -> Extraction:
    """The rows of these pages; a page whose source is unknown is read without selectors.

    `topic` (or else the source's own) keeps only articles that name one of its words. Of several versions of an article
    the one fetched last gives the rows.
    """
    return extract((read(ref, page, sources.get(page.source)) for ref, page in pages), sources, schemas, topic)


def extract(
    pages: Iterable[ReadPage],
    sources: Mapping[str, Source],
    schemas: Mapping[str, pa.Schema],
    topic: Sequence[str] = (),
) -> Extraction:
    """The rows of pages that are read already: the second half of `extract_pages`."""
    newest: dict[str, tuple[datetime, list[Row]]] = {}
    results: list[PageResult] = []
    for page in pages:
        try:
            result, rows = _extract(page, sources.get(page.source), topic)
        except PAGE_FAULTS as fault:
            result, rows = PageResult(page.ref, page.url, "unreadable", f"{type(fault).__name__}: {fault}"), []
        results.append(result)
        at = page.fetched_at or _NEVER
        if result.article_id is not None and at >= newest.get(result.article_id, (_NEVER,))[0]:
            newest[result.article_id] = (at, rows)
    articles = {key: rows for key, (_, rows) in newest.items()}
    try:
        return Extraction(_columns(articles.values(), schemas), tuple(results))
    except PAGE_FAULTS:
        # A value that its column cannot hold costs its article, and not the others.
        unfit = {key: cause for key, rows in articles.items() if (cause := _unfit(rows, schemas))}
    fitting = [rows for key, rows in articles.items() if key not in unfit]
    return Extraction(_columns(fitting, schemas), tuple(_unless_unfit(result, unfit) for result in results))


def read(ref: RawRef, page: Page, source: Source | None) -> ReadPage:
    """A page's article, or why it gives none: the first half of `extract_pages`."""
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
        return _without_article(ref, page, "not_an_article", error.kind)
    except PageError as error:
        return _without_article(ref, page, "unreadable", str(error))
    except PAGE_FAULTS as fault:
        return _without_article(ref, page, "unreadable", f"{type(fault).__name__}: {fault}")
    return ReadPage(ref, page.source, page.url, page.fetched_at, "ok", None, article)


def _without_article(ref: RawRef, page: Page, outcome: Outcome, error: str) -> ReadPage:
    return ReadPage(ref, page.source, page.url, page.fetched_at, outcome, error, None)


def _extract(page: ReadPage, source: Source | None, topic: Sequence[str]) -> tuple[PageResult, list[Row]]:
    article, ref = page.article, page.ref
    if article is None:
        return PageResult(ref, page.url, page.outcome, page.error), []
    if article.lang == "other":
        return PageResult(ref, page.url, "other_language", "neither Chinese nor English"), []
    subject = tuple(topic) or (source.topic if source else ())
    if subject and not names(subject, f"{article.title}\n{article.text}"):
        return PageResult(ref, page.url, "off_topic", f"names none of {', '.join(subject)}"), []
    key = article_id(page.url)
    return PageResult(ref, page.url, "ok", None, key), list(article_rows(key, article, page, ref))


def _unfit(rows: Sequence[Row], schemas: Mapping[str, pa.Schema]) -> str | None:
    """What keeps the rows of an article out of their columns."""
    try:
        _columns([rows], schemas)
    except PAGE_FAULTS as fault:
        return f"{type(fault).__name__}: {fault}"
    return None


def _unless_unfit(result: PageResult, unfit: Mapping[str, str]) -> PageResult:
    if result.article_id is None or result.article_id not in unfit:
        return result
    return PageResult(result.ref, result.url, "unreadable", unfit[result.article_id])


def _columns(articles: Iterable[Sequence[Row]], schemas: Mapping[str, pa.Schema]) -> dict[str, pa.Table]:
    columns: dict[str, dict[str, list[Cell]]] = {t: {c: [] for c in schema.names} for t, schema in schemas.items()}
    for rows in articles:
        for table, row in rows:
            for name, cells in columns[table].items():
                cells.append(row.get(name))
    return {
        table: pa.table(
            [pa.array(cells, schemas[table].field(c).type) for c, cells in lists.items()], schema=schemas[table]
        )
        for table, lists in columns.items()
    }
