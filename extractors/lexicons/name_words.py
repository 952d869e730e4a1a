"""name_words.toml: the words that tell names of companies from other names, as sets."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class EnglishNameWords:
    """English lists; in lower case except `acronyms`."""

    legal: frozenset[str]
    trade: frozenset[str]
    investor: frozenset[str]
    media: frozenset[str]
    institution: frozenset[str]
    months: frozenset[str]
    places: frozenset[str]
    place_prefix: frozenset[str]
    nationalities: frozenset[str]
    acronyms: frozenset[str]
    products: frozenset[str]
    titles: frozenset[str]
    leading: frozenset[str]
    people: frozenset[str]
    no_names: frozenset[str]


@dataclass(frozen=True, slots=True)
class ChineseNameWords:
    """Chinese lists, folded; endings longest first."""

    legal: tuple[str, ...]
    trade: tuple[str, ...]
    sure: tuple[str, ...]
    investor: tuple[str, ...]
    media: tuple[str, ...]
    plain: frozenset[str]
    stop: frozenset[str]
    latin: frozenset[str]
    people: frozenset[str]
    function: frozenset[str]
    """Characters, as are the next two."""
    measures: frozenset[str]
    surnames: frozenset[str]
    no_company: tuple[str, ...]
    no_names: frozenset[str]
    no_parts: tuple[str, ...]


@cache
def _data() -> dict[str, dict[str, str | list[str]]]:
    return tomllib.loads(files("extractors.lexicons").joinpath("name_words.toml").read_text("utf-8"))


def _words(lang: str, name: str) -> list[str]:
    value = _data()[lang][name]
    return value.split() if isinstance(value, str) else value


@cache
def english() -> EnglishNameWords:
    """The English lists.

    >>> "ventures" in english().investor, "GPU" in english().acronyms
    (True, True)
    """
    return EnglishNameWords(*(frozenset(_words("en", name)) for name in EnglishNameWords.__slots__))


@cache
def chinese() -> ChineseNameWords:
    """The Chinese lists.

    >>> "有限公司" in chinese().legal, "王" in chinese().surnames
    (True, True)
    """

    def endings(name: str) -> tuple[str, ...]:
        return tuple(sorted(set(_words("zh", name)), key=lambda w: (-len(w), w)))

    def words(name: str) -> frozenset[str]:
        return frozenset(_words("zh", name))

    def characters(name: str) -> frozenset[str]:
        return frozenset("".join(_words("zh", name)))

    return ChineseNameWords(
        endings("legal"),
        endings("trade"),
        endings("sure"),
        endings("investor"),
        endings("media"),
        words("plain"),
        words("stop"),
        words("latin"),
        words("people"),
        characters("function"),
        characters("measures"),
        characters("surnames"),
        endings("no_company"),
        words("no_names"),
        endings("no_parts"),
    )
