"""The legal or generic form behind a company's name, which belongs to its span, and units that are firms themselves.

>>> with_suffix("Snap Inc. paid", 4), with_suffix("阿里巴巴集团主席", 4), with_suffix("微软公司债", 2)
(9, 6, 2)
"""

from __future__ import annotations

import re

_HAN = re.compile(r"\s?[\u3400-\u9fff]")
_LEGAL = (
    r"(?:Inc|Corp|Ltd|Co)\b\.?|(?:Incorporated|Corporation|Limited|LLC|LLP|PLC|plc|GmbH|AG|SE|NV|SA|AB)\b(?!\.)"
    r"|N\.V\.|S\.A\.|S\.p\.A\.|Pte\b\.?|Pty\b\.?"
)
_GENERIC = r"(?:Company|Group|Holdings?)\b"
LEGAL_EN = re.compile(rf"(?:,? (?:{_LEGAL}))+")
_SUFFIX_EN = re.compile(rf"(?:,? (?:{_LEGAL}|{_GENERIC}))+")
_SUFFIX_ZH = re.compile(
    r"\s?(?:集团)?(?:股份有限公司|有限责任公司|有限公司|控股公司|集团公司|公司(?!债|法|治理)|集团(?!军))"
)
_SHORTENED = re.compile(r" (?:Inc|Corp|Ltd|Co)$")
INVESTORS = frozenset(("Ventures", "Capital", "Investments", "资本", "创投", "基金"))
_UNIT_EN = re.compile(
    r" (Ventures|Capital|Investments|Health|Studios|Pictures|Robotics|Energy|Bank|Labs|Partners)\b(?! [A-Z])"
)
_UNIT_ZH = re.compile(r"(资本(?![支市化运开])|创投|证券|影业|物流|置业|基金|传媒|金服|人寿|云(?![计服端平业存上原厂]))")


def with_suffix(folded: str, end: int) -> int:
    """The end of a name together with its legal or generic form."""
    if folded.startswith(".", end) and _SHORTENED.search(folded, max(0, end - 5), end):
        end += 1
    match = (_SUFFIX_ZH if _HAN.match(folded, end) else _SUFFIX_EN).match(folded, end)
    return match.end() if match else end


def unit(folded: str, end: int) -> re.Match[str] | None:
    """The word behind a company's name that makes it another one: Cisco Investments; group 1 is the word."""
    return (_UNIT_ZH if _HAN.match(folded, end) else _UNIT_EN).match(folded, end)
