"""One article as rows of the tables that are keyed by it."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, Protocol

from extractors.entities import entities_of
from extractors.language.reading import columns, read
from extractors.language.sentences import Cut
from extractors.lexicons.chips import h100_equivalent
from extractors.model import Article, Company, Entity, GpuCount, Lang, Money
from pipelines.discovery.links import canonical_url
from pipelines.exchange import usd
from pipelines.records import RawRef
from pipelines.versions import extractor_version

Cell = object
"""A value as pyarrow takes it; the table's schema says which, and refuses any other."""
PLACES: Final = 12
"""Decimal places of an amount; the schema has as many."""
Row = tuple[str, Mapping[str, Cell]]
"""The table's name and the cells by column; a column that is not named is null."""

ENTITY_TABLES: Mapping[str, str] = {"COMPANY": "companies", "GPU_COUNT": "gpu_counts", "MONEY": "money"}


class Origin(Protocol):
    """Where an article came from; a `Page` is one."""

    @property
    def source(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def fetched_at(self) -> datetime | None: ...


def article_id(url: str) -> str:
    """The first 16 hex digits of the SHA-256 of the canonical URL.

    >>> article_id("http://a.example/1?utm_source=x#top") == article_id("http://a.example/1")
    True
    """
    return hashlib.sha256(canonical_url(url).encode()).hexdigest()[:16]


def article_rows(key: str, article: Article, page: Origin, ref: RawRef) -> Iterator[Row]:
    """The article's own row and those of everything found in it, in the order of the text.

    Offsets of sentences and entities count from the start of their `part`: the title or the body.
    """
    yield "articles", _article(key, article, page, ref)
    for n, removed in enumerate(article.removed):
        yield (
            "removed",
            {"article_id": key, "n": n, "text": removed.text, "reason": removed.reason, "position": removed.where},
        )
    lang: Lang = "en" if article.lang == "en" else "zh"
    title = article.title or ""
    # Title and body are read as one text, so that a name established in the body is known in the headline.
    body_at = len(title) + 1
    whole = read(f"{title}\n{article.text}", lang)
    sentences = {
        "title": columns(whole, 0, len(title)),
        "body": columns(whole, body_at, len(whole.text)),
    }
    for part, text in (("title", title), ("body", article.text)):
        yield from _sentences(key, part, text, sentences[part])
    starts = {part: [sentence.start for sentence in found] for part, found in sentences.items()}
    when = article.published_at or page.fetched_at
    for entity in entities_of(whole):
        part, offset = ("title", 0) if entity.end < body_at else ("body", body_at)
        place: dict[str, Cell] = {
            "article_id": key,
            "part": part,
            "sentence": max(0, bisect_right(starts[part], entity.start - offset) - 1),
            "start": entity.start - offset,
            "end": entity.end - offset,
        }
        yield ENTITY_TABLES[entity.type], _own_columns(entity) | place | _derived(entity, when)


def _article(key: str, article: Article, page: Origin, ref: RawRef) -> dict[str, Cell]:
    return {
        "article_id": key,
        "url": canonical_url(page.url),
        "source": page.source,
        "lang": article.lang,
        "title": article.title,
        "byline": article.byline,
        "credit": article.credit,
        "published_at": article.published_at.astimezone(UTC) if article.published_at else None,
        "fetched_at": page.fetched_at.astimezone(UTC) if page.fetched_at else None,
        "text": article.text,
        "text_sha256": hashlib.sha256(article.text.encode()).hexdigest(),
        "raw_file": ref.file,
        "raw_offset": ref.offset,
        "extractor": extractor_version(),
    }


def _sentences(key: str, part: str, text: str, sentences: Sequence[Cut]) -> Iterator[Row]:
    for n, sentence in enumerate(sentences):
        yield (
            "sentences",
            {
                "article_id": key,
                "part": part,
                "sentence": n,
                "start": sentence.start,
                "end": sentence.end,
                "text": text[sentence.start : sentence.end],
                "tokens": sentence.tokens,
                "token_starts": sentence.starts,
            },
        )


def _own_columns(entity: Entity) -> dict[str, Cell]:
    columns = {name: getattr(entity, name) for name in entity.__slots__}
    if isinstance(entity, Money):
        columns |= {"low": _in_places(entity.low), "high": entity.high and _in_places(entity.high)}
    return columns


def _in_places(amount: Decimal) -> Decimal:
    """An amount with no more decimal places than the tables have. Most have fewer, and large ones no room for as many.

    >>> _in_places(Decimal("0.0000025")), _in_places(Decimal("1E-13") * 6)
    (Decimal('0.0000025'), Decimal('1E-12'))
    """
    exponent = amount.as_tuple().exponent
    return round(amount, PLACES) if isinstance(exponent, int) and exponent < -PLACES else amount


def _derived(entity: Entity, when: datetime | None) -> dict[str, Cell]:
    """Columns that follow from an entity and the article's date; without a date there is no rate."""
    match entity:
        case Company():
            return {}
        case GpuCount():
            return {"h100_equivalent": h100_equivalent(entity.model, entity.low)}
        case Money():
            if when is None:
                return {}
            on = when.astimezone(UTC).date()
            low = usd(entity.low, entity.currency, on)
            high = usd(entity.high, entity.currency, on) if entity.high is not None else None
            return {
                "usd_low": low.value if low else None,
                "usd_high": high.value if high else None,
                "rate_date": low.rate_date if low else None,
            }
