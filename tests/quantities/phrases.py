"""The phrases of fixtures/phrases, read for the tests: a value first, then every phrase that means it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PHRASES = Path(__file__).parents[2] / "fixtures" / "phrases"
OPEN, CLOSE = "⟦", "⟧"


@dataclass(frozen=True, slots=True)
class Phrase:
    """`text` holds one thing at `start:end`, or none at all when `case` is empty."""

    text: str
    start: int
    end: int
    lang: str
    case: tuple[tuple[str, str], ...]

    def get(self, key: str, default: str = "") -> str:
        return dict(self.case).get(key, default)

    def __str__(self) -> str:
        return self.text


def _phrase(marked: str, lang: str, case: dict[str, str]) -> Phrase:
    text = marked.replace(OPEN, "").replace(CLOSE, "")
    start = max(0, marked.find(OPEN))
    end = marked.find(CLOSE) - 1 if CLOSE in marked else len(text)
    return Phrase(text, start, end, lang, tuple(case.items()))


def load(name: str) -> tuple[list[Phrase], list[Phrase]]:
    """The phrases with a value, and those that must give nothing."""
    table = tomllib.loads((PHRASES / f"{name}.toml").read_text("utf-8"))
    return list(_cases(table["case"])), list(_cases(table["nothing"]))


def _cases(rows: list[dict[str, object]]) -> Iterator[Phrase]:
    for row in rows:
        texts, lang = row["text"], str(row["lang"])
        assert isinstance(texts, list)
        assert texts
        case = {key: str(value) for key, value in row.items() if key not in ("text", "lang")}
        for marked in texts:
            yield _phrase(str(marked), lang, case)


def ends(value: str) -> tuple[float, float | None]:
    """`5`, `5..7` or `5..` as low and high."""
    low, dots, high = value.partition("..")
    return float(low), float(low) if not dots else float(high) if high else None
