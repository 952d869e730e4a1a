"""Text that a page's own small style sheet hides by a class: what a copying site drops between the author's words.

Only rules that stand alone count (one class, no `@media`, no state), in sheets of a few screens: a site's whole design
has hundreds of them, for menus and tabs that a script opens.

>>> hidden_classes(b"<style>.q7{display:none} .a .b{display:none}</style>")
['q7']
>>> hidden_classes(b"<style>@media print{.q7{display:none}}</style>"), hidden_classes(b"<style>.q7{display:none}")
([], [])
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

from extractors.pages.marks import Mark, closing

_STYLE = Mark.of(b"<style")
_SHEET_SIZE = 4_000
"""Bytes of a sheet up to which it is read."""
_SHEETS = 40
_CLASSES = 20
_RULE_SIZE = 500
_CLASS = re.compile(r"\.([A-Za-z_][\w-]{0,60})")
HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])"
    r"|text-indent\s*:\s*-\d{3}|(?:left|top)\s*:\s*-\d{3,}px",
    re.IGNORECASE,
)
"""Declarations that hide what they apply to, in a style sheet or an element's own style."""
HIDING_VALUE = re.compile(r":(?<=[yetp\s]:)\s*(?:none|hidden|0(?![.\d])|-\d{3})", re.IGNORECASE)
"""What all of them have, behind the last letter of a name. It opens with a sure character, which is found many times
faster than any of the names."""


def hidden_classes(source: bytes) -> list[str]:
    """The classes that the page's small style sheets hide, in page order."""
    found: list[str] = []
    for at in islice(_STYLE.places(source), _SHEETS):
        start = source.find(b">", at) + 1
        if not start or len(found) >= _CLASSES:
            break
        end = closing(source, b"</style", start, start + _SHEET_SIZE + len(b"</style"))
        if end >= 0:
            sheet = source[start:end].decode("utf-8", "ignore")
            if "@" not in sheet and HIDING_VALUE.search(sheet) is not None:
                found += _hidden_in(sheet)
    return list(dict.fromkeys(found))[:_CLASSES]


def _hidden_in(sheet: str) -> Iterator[str]:
    end = 0
    # From one such value to the next: most rules have none.
    while (value := HIDING_VALUE.search(sheet, end)) is not None and (end := sheet.find("}", value.end())) >= 0:
        selector, _, body = sheet[sheet.rfind("}", 0, value.start()) + 1 : end].partition("{")
        # A comment may stand before the selector.
        alone = _CLASS.fullmatch(selector.rpartition("/")[2].strip())
        if alone is not None and len(body) <= _RULE_SIZE and "{" not in body and HIDES.search(body) is not None:
            yield alone.group(1)


def hide(parser: LexborHTMLParser, source: bytes) -> None:
    """Mark the elements of such classes as hidden."""
    if classes := hidden_classes(source):
        for node in parser.css(", ".join([f".{name}" for name in classes])):
            node.attrs["hidden"] = ""
