"""Common English words and personal names, to tell a name from a word that only stands in capitals."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


def _read(name: str) -> str:
    return files("extractors.lexicons").joinpath(name).read_text("utf-8")


@cache
def _common() -> frozenset[str]:
    return frozenset(_read("english_words.txt").split())


@cache
def _names() -> tuple[frozenset[str], frozenset[str]]:
    first, last = _read("english_names.txt").splitlines()[:2]
    return frozenset(first.split()), frozenset(last.split())


def is_common(word: str) -> bool:
    """Whether a word stands in an English dictionary in lower case; any letter case.

    >>> is_common("Target"), is_common("raised"), is_common("Nvidia"), is_common("London")
    (True, True, False, False)
    """
    return word.lower() in _common()


def is_first_name(word: str) -> bool:
    """Whether a word is a frequent first name.

    >>> is_first_name("Satya"), is_first_name("Larry")
    (False, True)
    """
    return word.lower() in _names()[0]


def is_surname(word: str) -> bool:
    """Whether a word is a frequent surname in the United States."""
    return word.lower() in _names()[1]
