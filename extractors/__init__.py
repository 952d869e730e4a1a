"""Bytes or text in, frozen records out: no network, no clock, no files, no tables.

The two verbs, stable: `read_page(body: bytes, *, url=None, …) -> Article` and
`find_entities(text, lang=None) -> list[Entity]`. They are loaded on first use, so that importing a part stays cheap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractors.entities import find_entities as find_entities
    from extractors.pages import read_page as read_page

__version__ = "0.1.0"
__all__ = ["find_entities", "read_page"]


def __getattr__(name: str) -> object:
    if name == "read_page":
        from extractors.pages import read_page

        return read_page
    if name == "find_entities":
        from extractors.entities import find_entities

        return find_entities
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
