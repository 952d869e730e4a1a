"""Numbers in a text, before anyone knows of what.

>>> [(q.low, q.high, q.bound) for q in find_quantities("约2到3万张", "zh")]
[(Decimal('20000'), Decimal('30000'), 'about')]
>>> find_quantities("GPT-4 on H100, 7nm, A16Z", "en")
[]
"""

from __future__ import annotations

from extractors.model import Lang, Quantity
from extractors.numbers import en, zh
from extractors.numbers.shared import Atom, bound_of


def find_quantities(folded: str, lang: Lang) -> list[Quantity]:
    """The numbers of `folded` (as `extractors.text.fold` gives it) in order, without overlap.

    Spans hold the numeral with what is inside it (数, 多, 余, a trailing +), not the words of estimate around it, which
    give `bound`. Ranges and lists are one quantity with their ends. Ordinals, and digits inside names, are none.
    """
    return [Quantity(n.start, n.end, n.low, n.high, bound_of(n, folded, lang)) for n in find_numbers(folded, lang)]


def find_numbers(folded: str, lang: Lang) -> list[Atom]:
    """The same before the words of estimate around them are read, which costs as much again.

    >>> [(n.low, n.bound, bound_of(n, "约30多张", "zh")) for n in find_numbers("约30多张", "zh")]
    [(Decimal('30'), 'min', 'min')]
    """
    return zh.find(folded) if lang == "zh" else en.find(folded)
