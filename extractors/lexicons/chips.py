"""The accelerators that news names, from chips.csv.

A row: canonical name, family, vendor, surfaces (`;` between them; a space also reads as none), and the public figures
of its largest form: year, memory in GB, dense FP16/BF16 TFLOPS, TDP in watts. What its maker has not published is
empty.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO

from extractors.errors import LexiconError
from extractors.text import fold

_COLUMNS = ["name", "family", "vendor", "surfaces", "year", "memory_gb", "tflops_bf16", "tdp_w"]
_PLAIN = re.compile(r"[\s\-_]+")


@dataclass(frozen=True, slots=True)
class Chip:
    name: str
    family: str
    vendor: str
    surfaces: tuple[str, ...]
    year: int | None
    memory_gb: float | None
    """Per chip, as a GPU count counts them (a GB200 is one GPU, not the pair on the board)."""
    tflops_bf16: float | None
    """Dense, without sparsity; FP16 where the chip has no BF16."""
    tdp_w: int | None


def _number(cell: str, line: int) -> float | None:
    if not cell:
        return None
    try:
        return float(cell)
    except ValueError:
        raise LexiconError(f"not a number: {cell!r}", file="chips.csv", line=line) from None


def _text() -> str:
    return files("extractors.lexicons").joinpath("chips.csv").read_text("utf-8")


@cache
def load_chips() -> tuple[Chip, ...]:
    """Every row of chips.csv. Raises `LexiconError` for a bad row, a name twice or a surface of two chips."""
    rows = csv.reader(StringIO(_text()))
    if next(rows) != _COLUMNS:
        raise LexiconError(f"columns must be {', '.join(_COLUMNS)}", file="chips.csv", line=1)
    chips: list[Chip] = []
    owners: dict[str, str] = {}
    for row in rows:
        line = rows.line_num
        if len(row) != len(_COLUMNS) or not row[0] or not row[1] or not row[2]:
            raise LexiconError("a row needs name, family, vendor and 8 cells", file="chips.csv", line=line)
        name, family, vendor, cell, *figures = row
        surfaces = tuple(dict.fromkeys(fold(s) for s in cell.split(";") if s))
        for surface in surfaces:
            if owners.setdefault(surface.casefold(), name) != name:
                raise LexiconError(f"{surface!r} is also {owners[surface.casefold()]}", file="chips.csv", line=line)
        year, memory, tflops, tdp = (_number(f, line) for f in figures)
        chips.append(
            Chip(
                name,
                family,
                vendor,
                surfaces,
                None if year is None else int(year),
                memory,
                tflops,
                None if tdp is None else int(tdp),
            )
        )
    if len({chip.name for chip in chips}) != len(chips):
        raise LexiconError("a name stands twice", file="chips.csv", line=1)
    return tuple(chips)


def _key(model: str) -> str:
    return _PLAIN.sub("", model).casefold()


@cache
def _tflops() -> dict[str, float]:
    return {_key(c.name): c.tflops_bf16 for c in load_chips() if c.tflops_bf16 is not None}


def h100_equivalent(model: str | None, count: int | None) -> float | None:
    """How many H100 SXM the count is worth by dense BF16 TFLOPS; `None` where either figure is not known.

    >>> h100_equivalent("A100", 1000)
    315.3
    >>> h100_equivalent("H100/H200", 8), h100_equivalent("Blackwell", 8), h100_equivalent(None, 8)
    (8.0, None, None)

    Two models said as alternatives count only where both are worth the same.
    """
    if model is None or count is None:
        return None
    table = _tflops()
    worth = {table.get(_key(part)) for part in model.split("/")}
    if len(worth) != 1 or (tflops := worth.pop()) is None:
        return None
    return round(count * tflops / table["h100"], 1)
