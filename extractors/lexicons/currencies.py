"""Currencies and the words for them, from currencies.toml, whose head says what each field means."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files

from extractors.errors import LexiconError

_FIELDS = frozenset({"code", "symbols", "nouns", "qualified", "adjectives", "zh", "minor"})


@dataclass(frozen=True, slots=True)
class Currency:
    code: str
    """ISO 4217."""
    symbols: tuple[str, ...]
    """With the code itself, unless it is an English word too."""
    names: tuple[str, ...]
    """English, lower case, with and without their adjective."""
    zh: tuple[str, ...]
    minor: tuple[tuple[str, Decimal], ...]


def _texts(value: object, code: str, field: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        raise LexiconError(f"[{code}] {field} must be a list of texts", file="currencies.toml", line=1)
    return tuple(str(v) for v in value)


def _minor(value: object, code: str) -> tuple[tuple[str, Decimal], ...]:
    try:
        if isinstance(value, dict):
            return tuple((str(word), Decimal(str(worth))) for word, worth in value.items())
    except InvalidOperation:
        pass
    raise LexiconError(f"[{code}] minor must give each word its worth", file="currencies.toml", line=1)


def _currency(code: str, row: object) -> Currency:
    if len(code) != 3 or not code.isupper() or not isinstance(row, dict) or not row.keys() <= _FIELDS:
        raise LexiconError(
            f"[{code}] must be an ISO code with the fields that the head names", file="currencies.toml", line=1
        )
    symbols = _texts(row.get("symbols", []), code, "symbols")
    nouns = _texts(row.get("nouns", []), code, "nouns")
    qualified = _texts(row.get("qualified", []), code, "qualified")
    adjectives = _texts(row.get("adjectives", []), code, "adjectives")
    names = [*nouns, *(f"{adjective} {noun}" for adjective in adjectives for noun in (*nouns, *qualified))]
    return Currency(
        code,
        symbols if row.get("code") is False else (code, *symbols),
        tuple(dict.fromkeys(name.lower() for name in names)),
        _texts(row.get("zh", []), code, "zh"),
        _minor(row.get("minor", {}), code),
    )


@cache
def load_currencies() -> tuple[Currency, ...]:
    """Every currency of currencies.toml. Raises `LexiconError` for a bad entry or a word of two currencies."""
    text = files("extractors.lexicons").joinpath("currencies.toml").read_text("utf-8")
    currencies = tuple(_currency(code, row) for code, row in tomllib.loads(text).items())
    owners: dict[str, str] = {}
    for currency in currencies:
        for word in (*currency.symbols, *currency.names, *currency.zh, *(word for word, _ in currency.minor)):
            if owners.setdefault(word, currency.code) != currency.code:
                raise LexiconError(f"{word!r} is {owners[word]} and {currency.code}", file="currencies.toml", line=1)
    return currencies
