"""Currencies and the words for them, from currencies.toml, whose head says what each field means."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files

from extractors.errors import LexiconError

_FIELDS = frozenset({"code", "symbols", "shy", "nouns", "qualified", "adjectives", "zh", "minor"})


@dataclass(frozen=True, slots=True)
class Currency:
    code: str
    """ISO 4217."""
    symbols: tuple[str, ...]
    """With the code itself, unless it is an English word or a company too: then it is shy."""
    shy: tuple[str, ...]
    """Symbols that count only where the text names the currency or its country."""
    names: tuple[str, ...]
    """English, lower case, with and without their adjective."""
    adjectives: tuple[str, ...]
    zh: tuple[str, ...]
    minor: tuple[tuple[str, Decimal], ...]


def _error(code: str, problem: str) -> LexiconError:
    return LexiconError(f"[{code}] {problem}", file="currencies.toml", line=_line(code))


def _line(code: str) -> int:
    lines = _text().split("\n")
    return lines.index(f"[{code}]") + 1 if f"[{code}]" in lines else 1


@cache
def _text() -> str:
    return files("extractors.lexicons").joinpath("currencies.toml").read_text("utf-8")


def _texts(row: dict[str, object], code: str, field: str) -> tuple[str, ...]:
    value = row.get(field, [])
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        raise _error(code, f"{field} must be a list of texts")
    return tuple(str(v) for v in value)


def _minor(value: object, code: str) -> tuple[tuple[str, Decimal], ...]:
    try:
        if isinstance(value, dict):
            return tuple((str(word), Decimal(str(worth))) for word, worth in value.items())
    except InvalidOperation:
        pass
    raise _error(code, "minor must give each word its worth")


def _currency(code: str, row: object) -> Currency:
    if len(code) != 3 or not code.isupper() or not isinstance(row, dict) or not row.keys() <= _FIELDS:
        raise _error(code, "must be an ISO code with the fields that the head names")
    symbols = _texts(row, code, "symbols")
    nouns = _texts(row, code, "nouns")
    adjectives = _texts(row, code, "adjectives")
    qualified = (*nouns, *_texts(row, code, "qualified"))
    plain_word = row.get("code") is False
    names = [*nouns, *(f"{adjective} {noun}" for adjective in adjectives for noun in qualified)]
    return Currency(
        code,
        symbols if plain_word else (code, *symbols),
        (code, *_texts(row, code, "shy")) if plain_word else _texts(row, code, "shy"),
        tuple(dict.fromkeys(name.lower() for name in names)),
        adjectives,
        _texts(row, code, "zh"),
        _minor(row.get("minor", {}), code),
    )


@cache
def load_currencies() -> tuple[Currency, ...]:
    """Every currency of currencies.toml. Raises `LexiconError` for a bad entry or a word of two currencies."""
    currencies = tuple(_currency(code, row) for code, row in tomllib.loads(_text()).items())
    owners: dict[str, str] = {}
    for currency in currencies:
        words = (*currency.symbols, *currency.shy, *currency.names, *currency.zh, *(word for word, _ in currency.minor))
        for word in words:
            if owners.setdefault(word, currency.code) != currency.code:
                raise _error(currency.code, f"{word!r} is already {owners[word]}")
    return currencies
