"""What every entity rule reads: a text, folded once, with its numbers found once."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.model import Lang, Quantity
from extractors.numbers import find_numbers
from extractors.numbers.shared import Atom, bound_of
from extractors.text import check_lang, fold


@dataclass(frozen=True, slots=True)
class Passage:
    """`text` as written; `folded` of equal length, for matching; `numbers` in order of `start`."""

    text: str
    folded: str
    lang: Lang
    numbers: tuple[Atom, ...]

    @classmethod
    def of(cls, text: str, lang: str | None = None) -> Passage:
        rules = check_lang(lang, text)
        folded = fold(text)
        return cls(text, folded, rules, tuple(find_numbers(folded, rules)))

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers with the bounds that the words around them give; most rules need those of a few."""
        return tuple(
            Quantity(n.start, n.end, n.low, n.high, bound_of(n, self.folded, self.lang)) for n in self.numbers
        )
