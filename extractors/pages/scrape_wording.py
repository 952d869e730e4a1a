"""The wording of lines that are not the author's, as extractors/lexicons/scrape_wording.toml has it.

>>> line_reason("(责任编辑:王五)"), line_reason("图片来源:某图库"), line_reason("Photo by A. N. Other")
('credit', 'caption', 'caption')
>>> line_reason("来源国的海关说,编辑:这一行不短,因为它是正文。" * 9), line_reason("")
(None, None)
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import get_args

from extractors.errors import LexiconError
from extractors.model import Reason

_FILE = "scrape_wording.toml"
_IMAGE = re.compile(r"\s*(?:!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])\s*)+|<img\b[^>]*>\s*", re.IGNORECASE)
_BRACKETS = "()（）[]【】〔〕<>《》「」*_ \t\u3000"


@dataclass(frozen=True, slots=True)
class _Wording:
    longest: int
    reasons: tuple[tuple[Reason, re.Pattern[str]], ...]
    more: re.Pattern[str]
    more_end: re.Pattern[str]
    separator: re.Pattern[str]
    end: re.Pattern[str]


def _pattern(expressions: object, after: str = "") -> re.Pattern[str]:
    if not isinstance(expressions, list) or not expressions:
        raise LexiconError("expected a list of regular expressions", file=_FILE, line=0)
    try:
        return re.compile("|".join(f"(?:{e}){after}" for e in expressions), re.IGNORECASE)
    except re.error as error:
        raise LexiconError(f"{error.pattern!r}: {error}", file=_FILE, line=0) from error


@cache
def _wording() -> _Wording:
    data = tomllib.loads(files("extractors.lexicons").joinpath(_FILE).read_text("utf-8"))
    known: tuple[Reason, ...] = get_args(Reason)
    if unknown := data["whole"].keys() - set(known):
        raise LexiconError(f"no reason is called {sorted(unknown)[0]!r}", file=_FILE, line=0)
    tail = data["tail"]
    return _Wording(
        longest=data["longest"],
        reasons=tuple((r, _pattern(data["whole"][r])) for r in known if r in data["whole"]),
        more=_pattern(tail["more"]),
        more_end=_pattern(tail["more_end"], r"\Z"),
        separator=_pattern(tail["separator"]),
        end=_pattern(tail["end"]),
    )


def line_reason(line: str) -> Reason | None:
    """Why a line does not belong to the body, by its wording alone; `None` when nothing speaks against it."""
    wording = _wording()
    if _IMAGE.fullmatch(line):
        return "caption"
    bare = line.strip(_BRACKETS)
    if not bare or len(bare) > wording.longest:
        return None
    return next((reason for reason, pattern in wording.reasons if pattern.fullmatch(bare)), None)


def is_more(line: str) -> bool:
    """Whether the line is, or ends in, the link to the rest of a story (`...[详细]`, `Read more »`)."""
    # Only the end of a long line can say so.
    wording, end = _wording(), line[-80:].strip()
    return wording.more_end.search(end) is not None or wording.more.fullmatch(end) is not None


def is_separator(line: str) -> bool:
    """Whether the line is nothing but a mark between two items."""
    return len(line) <= 40 and _wording().separator.fullmatch(line.strip()) is not None


def ends_article(line: str) -> bool:
    """Whether the line closes an article, so that what follows it is somebody else's.

    >>> ends_article("（责任编辑：王五）"), ends_article("Related stories"), ends_article("他当过编辑。")
    (True, True, False)
    """
    bare = line.strip()
    return len(bare) <= _wording().longest and _wording().end.fullmatch(bare) is not None
