"""COMPANY: known surfaces, the names that no list knows, and which of them the context makes companies.

>>> from extractors.entities.company_new_han import find_han_names
from extractors.entities.company_new_latin import NewName, find_latin_names
from extractors.entities.passage import Passage
>>> [(c.text, c.company_id) for c in find_companies(Passage("Nvidia sued", "Nvidia sued", "en", ()))]
[('Nvidia', 'nvidia')]
"""

from __future__ import annotations

import re

from extractors.entities.company_ambiguous import Scene, settle
from extractors.entities.company_known import Cut, Mention, find_known
from extractors.entities.company_new_han import find_han_names
from extractors.entities.company_new_latin import NewName, find_latin_names
from extractors.entities.passage import Passage
from extractors.language.zh import Cutter
from extractors.lexicons.companies import CompanyIndex, Sense, index, key
from extractors.model import Company
from extractors.text import page_lang

_HAN = re.compile(r"[\u3400-\u9fff]")
_SUFFIX_ZH = re.compile(
    r"\s?(?:集团)?(?:股份有限公司|有限责任公司|有限公司|控股公司|集团公司|公司(?!债|法|治理)|集团(?!军))"
)
_SUFFIX_EN = re.compile(
    r"(?:,? (?:(?:Inc|Corp|Ltd|Co)\b\.?|(?:Incorporated|Corporation|Limited|LLC|PLC|plc|Company|Group|Holdings?|AG|SE|GmbH|NV|SA)\b(?!\.)|N\.V\.|S\.A\.))+"
)


def _extended(folded: str, end: int) -> int:
    """The end of a name with its legal or generic suffix."""
    match = (_SUFFIX_ZH if _HAN.match(folded, end) or _HAN.match(folded, end + 1) else _SUFFIX_EN).match(folded, end)
    return match.end() if match else end


def _choose(mention: Mention, ids: set[str], traditional: bool) -> Sense:
    """Which row a surface of several rows means: one that the text names otherwise, then by script, then the first."""
    senses = [s for s in mention.senses if s.row.company_id in ids] or list(mention.senses)
    senses = [s for s in senses if s.traditional_only == traditional] or senses
    return next((s for s in senses if not s.ambiguous), senses[0])


def _company(passage: Passage, mention: Mention, sense: Sense) -> Company:
    end = _extended(passage.folded, mention.end)
    row = sense.row
    return Company(
        start=mention.start,
        end=end,
        text=passage.text[mention.start : end],
        company_id=row.company_id,
        name=row.name,
        kind=row.kind,
        known=True,
    )


def _new_company(passage: Passage, new: NewName) -> Company:
    return Company(
        start=new.start,
        end=new.end,
        text=passage.text[new.start : new.end],
        company_id="x-" + key(new.name),
        name=new.name,
        kind=new.kind,
        known=False,
    )


def find_companies(
    passage: Passage, lexicon: CompanyIndex | None = None, segmenter: Cutter | None = None
) -> list[Company]:
    """The companies of a passage in order of their start, without overlaps.

    `lexicon` and `segmenter` know companies.csv unless others are given.
    """
    folded = passage.folded
    cut = Cut(folded, segmenter) if _HAN.search(folded) else None
    mentions = find_known(passage, lexicon or index(), cut)
    scene = Scene(folded, passage.lang)
    kept = settle(passage, mentions, scene)
    ids = {m.senses[0].row.company_id for m in mentions if m.sure}
    several = any(len(m.senses) > 1 for m in kept)
    traditional = several and page_lang(passage.text) == "zh-Hant"
    found = [_company(passage, m, _choose(m, ids, traditional)) for m in kept]
    known = [(c.start, c.end) for c in found]
    new = find_latin_names(passage, scene, known)
    if cut is not None:
        new += find_han_names(passage, scene, cut, known)
    found += [_new_company(passage, n) for n in new]
    return sorted(found, key=lambda c: c.start)
