"""Lists and tables of an article: which are its author's though they stand at its edge, and rows as lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.model import Reason
from extractors.pages.regions import Outline, Raw
from extractors.pages.tags import TAG

_LISTS = ("li", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre")
_TABLES = ("table", "thead", "tbody", "tfoot", "tr", "td", "th")
_PARTS = frozenset(TAG[t] for t in (*_LISTS, *_TABLES))
_TABLE, _ROW = TAG["table"], TAG["tr"]
_ROWS = 3
"""Rows of two cells and more from which on a table is one of data."""
_LINKS = 5
"""Of so many characters of a list one may be linked."""
_ROW_SIZE = 400
"""Characters of a row that is read as one line."""
_JOINT = " | "


class Parts:
    """Which lists and tables stand among the paragraphs and are the author's: lists with few links, tables with none.

    A table must say something or be one of data, since layout is made of tables, too.
    """

    __slots__ = ("blocks", "first", "good", "homes", "judged", "known", "page")

    def __init__(self, page: Outline, first: int, blocks: list[Raw], good: list[int], homes: set[int]) -> None:
        self.page, self.first, self.blocks, self.good = page, first, blocks, good
        # Of a text that is all lists, where they stand is where its paragraphs would.
        self.homes = homes | {self._outer(home)[1] for home in homes}
        self.known: dict[int, bool] = {}
        self.judged: dict[int, bool] = {}

    def holds(self, home: int) -> bool:
        """Whether the region is in such a list or table."""
        found = self.known.get(home)
        if found is None:
            part, around = self._outer(home)
            found = part >= 0 and around in self.homes and self._is_authors(part)
            self.known[home] = found
        return found

    def _outer(self, home: int) -> tuple[int, int]:
        """The outermost list or table around a region, or -1, and the region that it stands in."""
        part, around = -1, home
        while around >= 0 and self.page.tag[around] in _PARTS:
            part, around = around, self.page.parent[around]
        return part, around

    def _is_authors(self, part: int) -> bool:
        if part not in self.judged:
            start, end = max(0, self.page.start[part] - self.first), self.page.end[part] - self.first
            inside = self.blocks[start:end]
            linked = sum([b.linked for b in inside])
            if self.page.tag[part] == _TABLE:
                self.judged[part] = not linked and (any(self.good[start:end]) or self._is_data(part))
            else:
                self.judged[part] = _LINKS * linked <= sum([len(b.text) for b in inside])
        return self.judged[part]

    def _is_data(self, part: int) -> bool:
        """Whether a table has several rows of several cells with a text each."""
        page, rows = self.page, 0
        for r in range(part + 1, len(page.start)):
            if page.start[r] >= page.end[part]:
                break
            rows += page.tag[r] == _ROW and page.end[r] - page.start[r] >= 2
        return rows >= _ROWS


def join_rows(
    page: Outline, raws: Sequence[Raw], reasons: Sequence[Reason | None]
) -> tuple[list[Raw], list[Reason | None]]:
    """The blocks with each row of a table as one, where its cells are a line each: a figure stays with its name.

    A row that is long or has paragraphs in its cells is layout, and stays as it is.
    """
    row, cell = _places(page)
    rows: dict[int, list[int]] = {}
    for i, (raw, reason) in enumerate(zip(raws, reasons, strict=True)):
        if reason is None and (r := row[raw.region]) >= 0:
            rows.setdefault(r, []).append(i)
    line_at: dict[int, str] = {}
    joined: set[int] = set()
    for members in rows.values():
        cells = {cell[raws[i].region] if cell[raws[i].region] >= 0 else -1 - i for i in members}
        if 1 < len(cells) == len(members) and sum([len(raws[i].text) for i in members]) <= _ROW_SIZE:
            line_at[members[0]] = _JOINT.join([raws[i].text for i in members])
            joined.update(members[1:])
    out: list[Raw] = []
    out_reasons: list[Reason | None] = []
    for i, (raw, reason) in enumerate(zip(raws, reasons, strict=True)):
        if i not in joined:
            out.append(replace(raw, text=line_at[i], kind="table") if i in line_at else raw)
            out_reasons.append(reason)
    return out, out_reasons


def _places(page: Outline) -> tuple[list[int], list[int]]:
    """For every region the row and the cell it stands in, or -1; a cell without regions inside is none itself."""
    row, cell = [-1] * len(page.parent), [-1] * len(page.parent)
    for r, parent in enumerate(page.parent):
        tag = page.tag[r]
        if tag == _ROW:
            row[r] = r
        elif parent >= 0 and tag != _TABLE:
            row[r] = row[parent]
            cell[r] = r if page.tag[parent] == _ROW else cell[parent]
    return row, cell
