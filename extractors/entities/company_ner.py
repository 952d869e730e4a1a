"""Whatever spaCy model the user has installed, as one more witness for names that no list knows.

    import spacy
    find = companies_with(spacy.load("en_core_web_sm"))
    find(Passage.of("...", "en"))

Off unless asked for: nothing is loaded or downloaded here. The model's ORG spans are taken where chipwire itself found
nothing, unless their form is that of something else (a model number, a department, a place).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from extractors.entities.company import find_companies
from extractors.entities.company_suffix import with_suffix
from extractors.entities.passage import Passage
from extractors.lexicons.companies import key
from extractors.lexicons.name_words import chinese, english
from extractors.model import Company, Kind

if TYPE_CHECKING:
    from spacy.language import Language


def companies_with(nlp: Language, *, label: str = "ORG") -> Callable[[Passage], list[Company]]:
    """`find_companies`, with the spans that `nlp` labels `label` added; `nlp` should know the language of the texts."""

    def find(passage: Passage) -> list[Company]:
        found = find_companies(passage)
        taken = {i for c in found for i in range(c.start, c.end)}
        for span in nlp(passage.text).ents:
            start, end = span.start_char, span.end_char
            if span.label_ != label or not taken.isdisjoint(range(start, end)):
                continue
            name = passage.text[start:end].strip()
            if _plausible(name):
                end = with_suffix(passage.folded, end)
                text = passage.text[start:end]
                found.append(Company(start, end, text, "x-" + key(name), name, _kind(name), known=False))
        return sorted(found, key=lambda c: c.start)

    return find


def _plausible(name: str) -> bool:
    """Whether a span of a statistical model can be a company's name.

    >>> _plausible("Zephyra"), _plausible("the Department of Energy"), _plausible("H100"), _plausible("GPU")
    (True, False, False, False)
    """
    words = name.split()
    lists = english()
    if not words or any(c.isdigit() for c in name) or len(name) < 2:
        return False
    lowers = {w.lower() for w in words}
    if not lowers.isdisjoint(lists.institution) or lowers <= lists.places | lists.nationalities | lists.months:
        return False
    return not set(words) <= lists.acronyms and not name.endswith(chinese().no_company)


def _kind(name: str) -> Kind:
    last = name.split()[-1].lower()
    if last in english().investor or name.endswith(chinese().investor):
        return "investor"
    return "media" if last in english().media or name.endswith(chinese().media) else "company"
