"""What every entity rule reads: a text, folded once, with its numbers found once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from extractors.language.reading import Reading
from extractors.model import Lang, Quantity
from extractors.numbers import find_numbers
from extractors.numbers.shared import Atom, bound_of
from extractors.text import check_lang, fold

LARGEST: Final = 10**26
"""No sum is as large in any currency, and the columns of the tables hold what is smaller."""


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
        return cls(text, folded, rules, _numbers(folded, rules))

    @classmethod
    def of_reading(cls, reading: Reading) -> Passage:
        """The passage of a text that was read before, so that it is not cut twice."""
        return cls(reading.text, reading.folded, reading.lang, _numbers(reading.folded, reading.lang), reading)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers with the bounds that the words around them give; most rules need those of a few."""
        return tuple(Quantity(n.start, n.end, n.low, n.high, bound_of(n, self.folded, self.lang)) for n in self.numbers)


def _numbers(folded: str, lang: Lang) -> tuple[Atom, ...]:
    """The numbers of a text but those that are out of all proportion (9 followed by forty noughts)."""
    found = find_numbers(folded, lang)
    return tuple([n for n in found if -LARGEST < n.low < LARGEST and (n.high is None or n.high < LARGEST)])
