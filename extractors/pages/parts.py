"""Lists and tables of an article: which of them are its author's though they stand at its edge."""

from __future__ import annotations

from extractors.pages.blocks import Outline, Raw
from extractors.pages.tags import TAG

_LISTS = ("li", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre")
_TABLES = ("table", "thead", "tbody", "tfoot", "tr", "td", "th")
_PARTS = frozenset(TAG[t] for t in (*_LISTS, *_TABLES))
_TABLE, _ROW = TAG["table"], TAG["tr"]
_ROWS = 3
"""Rows of two cells and more from which on a table is one of data."""


class Parts:
    """Which lists and tables stand among the paragraphs and are the author's: those without a link.

    A table must say something or be one of data, since layout is made of tables, too.
    """

    __slots__ = ("blocks", "first", "good", "homes", "judged", "known", "page")

    def __init__(self, page: Outline, first: int, blocks: list[Raw], good: list[int], homes: set[int]) -> None:
        self.page, self.first, self.blocks, self.good, self.homes = page, first, blocks, good, homes
        self.known: dict[int, bool] = {}
        self.judged: dict[int, bool] = {}

    def holds(self, home: int) -> bool:
        """Whether the region is in such a list or table."""
        found = self.known.get(home)
        if found is None:
            page, part, around = self.page, -1, home
            while around >= 0 and page.tag[around] in _PARTS:
                part, around = around, page.parent[around]
            found = part >= 0 and around in self.homes and self._is_authors(part)
            self.known[home] = found
        return found

    def _is_authors(self, part: int) -> bool:
        if part not in self.judged:
            start, end = max(0, self.page.start[part] - self.first), self.page.end[part] - self.first
            said = self.page.tag[part] != _TABLE or any(self.good[start:end]) or self._is_data(part)
            self.judged[part] = said and not any(b.linked for b in self.blocks[start:end])
        return self.judged[part]

    def _is_data(self, part: int) -> bool:
        """Whether a table has several rows of several cells with a text each."""
        page, rows = self.page, 0
        for r in range(part + 1, len(page.start)):
            if page.start[r] >= page.end[part]:
                break
            rows += page.tag[r] == _ROW and page.end[r] - page.start[r] >= 2
        return rows >= _ROWS
