"""The clean articles that tests/bench/repair.py and fit_repair.py contaminate: the gold texts of ../shared/pages."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from pathlib import Path

from extractors.text import page_lang

PAGES = Path(__file__).parents[3] / "shared" / "pages"


@dataclass(frozen=True, slots=True)
class Clean:
    id: str
    half: int
    """0: what the weights are fitted on; 1: what is reported."""
    title: str
    """The manifest's, else the first line."""
    paragraphs: tuple[str, ...]

    @property
    def fit_to_cut(self) -> bool:
        """Whether a farm could have copied it: a headline of a headline's length, and an article below it."""
        han = any("\u4e00" <= c <= "\u9fff" for c in self.title)
        text = "".join(self.paragraphs)
        return (
            page_lang(text) != "other"
            and 6 <= len(self.title) <= (45 if han else 120)
            and len(self.paragraphs) >= 3
            and len(text) >= 300
        )


def load(lang: str) -> list[Clean]:
    titles = {}
    for line in (PAGES / "manifest.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        titles[record["id"]] = record["title"]
    out = []
    for path in sorted((PAGES / lang).glob("*.txt")):
        lines = [line.strip() for line in path.read_text("utf-8").split("\n") if line.strip()]
        title = titles.get(path.stem)
        if lines and (title is None or lines[0] == title):
            title, lines = lines[0], lines[1:]
        if lines and title is not None:
            out.append(Clean(path.stem, zlib.crc32(path.stem.encode()) % 2, title, tuple(lines)))
    return out


def chosen(lang: str, half: str) -> list[Clean]:
    """The articles of half `0` or `1`, or `all`."""
    return [a for a in load(lang) if half == "all" or a.half == int(half)]
