"""COMPANY: known surfaces, the names that no list knows, and which of them the context makes companies.

The steps, each in its module: `company_known` finds the lexicon's surfaces, `company_ambiguous` settles those that are
also words (on the evidence of `company_context`), `company_new_latin` and `company_new_han` find names that no row
knows, `company_article` finds those again in the rest of the text.

>>> [(c.text, c.company_id) for c in find_companies(Passage("Nvidia sued", "Nvidia sued", "en", ()))]
[('Nvidia', 'nvidia')]
>>> find_companies(Passage("a target", "a target", "en", ()))
[]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from extractors.entities.company_ambiguous import Scene, settle
from extractors.entities.company_article import over_the_article
from extractors.entities.company_known import Mention, Segmented, find_known
from extractors.entities.company_new import NewName
from extractors.entities.company_new_han import find_han_names
from extractors.entities.company_new_latin import find_latin_names
from extractors.entities.company_suffix import INVESTORS, unit, with_suffix
from extractors.entities.passage import Passage
from extractors.language.zh import Cutter
from extractors.lexicons.chips import load_chips
from extractors.lexicons.companies import CompanyIndex, Sense, index, key
from extractors.lexicons.name_words import chinese, english
from extractors.model import Company, Kind
from extractors.text import beyond_ascii, page_lang

_HAN = re.compile(r"[\u3400-\u9fff]")


def find_companies(
    passage: Passage, lexicon: CompanyIndex | None = None, segmenter: Cutter | None = None
) -> list[Company]:
    """The companies of a passage in order of their start, without overlaps.

    `lexicon` and `segmenter` know companies.csv unless others are given.
    """
    folded = passage.folded
    reading = passage.reading
    words = reading.words if reading is not None and segmenter is None else None
    # Chinese text has such a character at once, English text has none to its end.
    looked_at = folded if passage.lang == "zh" else beyond_ascii(folded)
    cut = Segmented(folded, segmenter, words) if _HAN.search(looked_at) else None
    mentions = find_known(passage, lexicon or index(), cut)
    scene = Scene(folded, passage.lang, reading.spans if reading is not None else None)
    kept = settle(passage, mentions, scene)
    known = _known_companies(passage, mentions, kept)
    new = [name for name in (_unit(folded, c) for c in known) if name is not None]
    units = {n.start for n in new}
    known = [c for c in known if c.start not in units]
    taken = [*((c.start, c.end) for c in known), *((n.start, n.end) for n in new)]
    new += find_latin_names(passage, scene, taken)
    if cut is not None:
        new += find_han_names(passage, scene, cut, taken)
    new = [name for name in over_the_article(folded, new, taken) if not _no_company(name.name)]
    return sorted([*known, *(_new_company(passage, n) for n in new)], key=lambda c: c.start)


def _known_companies(passage: Passage, mentions: Sequence[Mention], kept: Sequence[Mention]) -> list[Company]:
    named = {s.row.company_id for m in mentions if m.sure for s in m.senses}
    several = any(len(m.senses) > 1 for m in kept)
    traditional = several and page_lang(passage.text) == "zh-Hant"
    found = []
    for mention in kept:
        row = _choose(mention, named, traditional).row
        end = with_suffix(passage.folded, mention.end)
        text = passage.text[mention.start : end]
        found.append(Company(mention.start, end, text, row.company_id, row.name, row.kind, known=True))
    return found


def _choose(mention: Mention, named: set[str], traditional: bool) -> Sense:
    """Which row a surface of several rows means: one that the text names otherwise, then by script, then the first."""
    senses = [s for s in mention.senses if s.row.company_id in named] or list(mention.senses)
    senses = [s for s in senses if s.traditional_only == traditional] or senses
    return next((s for s in senses if not s.ambiguous), senses[0])


def _unit(folded: str, company: Company) -> NewName | None:
    """A known name that goes on with the word for a business of its own."""
    match = unit(folded, company.end)
    if match is None:
        return None
    kind: Kind = "investor" if match.group(1) in INVESTORS else company.kind
    return NewName(company.start, match.end(), folded[company.start : match.end()], kind, 2.0)


_MANY_GROUPS = re.compile("[一二两三四五六七八九十几0-9]+大")


def _no_company(name: str) -> bool:
    """Whether a guessed name is that of a chip, a place, or a word of results and rounds.

    >>> _no_company("Trainium2"), _no_company("abu dhabi"), _no_company("三大集团"), _no_company("星桥智能")
    (True, True, True, False)
    """
    bare = key(name)
    lists = chinese()
    return (
        bare in _chips()
        or name.lower() in english().no_names
        or bare in lists.no_names
        or any(part in bare for part in lists.no_parts)
        or _MANY_GROUPS.match(bare) is not None
    )


@cache
def _chips() -> frozenset[str]:
    return frozenset(key(surface) for chip in load_chips() for surface in (chip.name, *chip.surfaces))


def _new_company(passage: Passage, new: NewName) -> Company:
    text = passage.text[new.start : new.end]
    return Company(new.start, new.end, text, "x-" + key(new.name), _as_written(text, new), new.kind, known=False)


def _as_written(text: str, new: NewName) -> str:
    """The name in the characters of the text, which may be traditional ones; the full name for a short form."""
    return text[: len(new.name)] if len(text) >= len(new.name) and key(text).startswith(key(new.name)) else new.name
