"""What every entity rule reads: a text, folded once, with its numbers found once."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.language.reading import Reading
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
    reading: Reading | None = None
    """The sentences and words of the text, if someone has read it already."""

    @classmethod
    def of(cls, text: str, lang: str | None = None) -> Passage:
        rules = check_lang(lang, text)
        folded = fold(text)
        return cls(text, folded, rules, tuple(find_numbers(folded, rules)))

    @classmethod
    def of_reading(cls, reading: Reading) -> Passage:
        """The passage of a text that was read before, so that it is not cut twice."""
        numbers = tuple(find_numbers(reading.folded, reading.lang))
        return cls(reading.text, reading.folded, reading.lang, numbers, reading)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers with the bounds that the words around them give; most rules need those of a few."""
        return tuple(Quantity(n.start, n.end, n.low, n.high, bound_of(n, self.folded, self.lang)) for n in self.numbers)
