"""What every entity rule reads: a text, folded once, with its numbers found once."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.model import Lang, Quantity
from extractors.numbers import find_quantities
from extractors.text import check_lang, fold


@dataclass(frozen=True, slots=True)
class Passage:
    """`text` as written; `folded` of equal length, for matching; `quantities` in order of `start`."""

    text: str
    folded: str
    lang: Lang
    quantities: tuple[Quantity, ...]

    @classmethod
    def of(cls, text: str, lang: str | None = None) -> Passage:
        rules = check_lang(lang, text)
        folded = fold(text)
        return cls(text, folded, rules, tuple(find_quantities(folded, rules)))
