"""Records as JSON values: what `chipwire page` and `chipwire entities` print and what the fixtures hold."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal

from extractors.model import Article, Entity, Json


def number(value: Decimal | int | None) -> int | float | None:
    """A whole amount as an integer, any other as a float.

    >>> number(Decimal("6E+9")), number(Decimal("140.68")), number(None)
    (6000000000, 140.68, None)
    """
    if value is None or isinstance(value, int):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


def entity_json(entity: Entity) -> dict[str, Json]:
    """`type` and then the record's fields, in their order."""
    found: dict[str, Json] = {"type": entity.type}
    for field in fields(entity):
        value = getattr(entity, field.name)
        found[field.name] = number(value) if isinstance(value, Decimal) else value
    return found


def article_json(article: Article) -> dict[str, Json]:
    """The fields a reader of one page wants; `published_at` in ISO 8601 with its zone."""
    return {
        "url": article.url,
        "lang": article.lang,
        "title": article.title,
        "byline": article.byline,
        "credit": article.credit,
        "canonical_url": article.canonical_url,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "text": article.text,
        "removed": [{"text": r.text, "reason": r.reason, "where": r.where} for r in article.removed],
    }
