"""Where sentences end: lines first, then the marks of each language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_CLOSERS = "”’」』）》〉】\"')\\]"
_ZH_END = re.compile(rf"(?:[。！？!?…]+|(?<=[\u3400-\u9fff])\.(?=\s))[{_CLOSERS}]*")
# The look-behind keeps a long run of marks from being tried from each of its characters; it stands behind the first of
# them, so that what is looked for begins with a mark and all else is passed over at once.
_EN_END = re.compile(rf"[.!?…](?<![.!?…].)[.!?…]*+[{_CLOSERS}]*+(?=\s)")
_WORD_BEFORE = re.compile(r"[\w.&'-]+$")
_NEXT_WORD = re.compile(r"\s+[“\"'(\[‘]*([\w'$€£¥#@-]*)")


class Cut(NamedTuple):
    """A sentence and its tokens, in plain columns: `starts[i]` is where `tokens[i]` starts in the text."""

    start: int
    end: int
    tokens: list[str]
    starts: list[int]


@cache
def _words() -> dict[str, frozenset[str]]:
    data = tomllib.loads(files("extractors.lexicons").joinpath("english_sentences.toml").read_text("utf-8"))
    return {name: frozenset(text.split()) for name, text in data.items()}


def lines(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each line that holds something visible, white space around it left out.

    >>> list(lines(" a\\n\\n  b "))
    [(1, 2), (6, 7)]
    """
    for match in _LINE.finditer(text):
        part = match.group()
        stripped = part.strip()
        if len(stripped) == len(part):
            yield match.span()
        elif stripped:
            start = match.start() + len(part) - len(part.lstrip())
            yield start, start + len(stripped)


def _past_space(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def sentences_zh(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each Chinese sentence.

    >>> [("甲。”乙！丙"[a:b]) for a, b in sentences_zh("甲。”乙！丙")]
    ['甲。”', '乙！', '丙']
    """
    for start, end in lines(text):
        for mark in _ZH_END.finditer(text, start, end):
            yield start, mark.end()
            start = _past_space(text, mark.end(), end)
        if start < end:
            yield start, end


@cache
def _shortened() -> frozenset[str]:
    """The last two letters of every shortened word, before which a full stop may end nothing."""
    lists = _words()
    return frozenset(word[-2:] for name in ("never_end", "before_number", "can_end") for word in lists[name])


def _ends_here(text: str, mark: re.Match[str], end: int) -> bool:
    at, stop = mark.span()
    if (
        text[stop] == " "
        and text[stop + 1].isupper()
        and (letters := text[max(0, at - 2) : at]).isalpha()
        and len(letters) == 2
        and letters.lower() not in _shortened()
    ):
        # So nearly all do: behind a word that is none of the shortened ones, before one with a capital.
        return True
    after = _NEXT_WORD.match(text, mark.end(), end)
    follower = after.group(1) if after else ""
    if follower and follower[0].islower():
        return False
    if not mark.group().startswith(".") or mark.group().startswith(".."):
        return True
    # Ten characters are more than any of the shortened words has.
    before = _WORD_BEFORE.search(text, max(0, mark.start() - 24), mark.start())
    word = before.group() if before else ""
    lower = word.lower()
    lists = _words()
    if lower in lists["never_end"]:
        return False
    if lower in lists["before_number"]:
        return not (follower[:1].isdigit() or (len(word) > 1 and word[:1].isupper()))
    if len(word) == 1 and word.isupper() and word != "I":
        return False
    if lower in lists["can_end"] or re.fullmatch(r"(?:[a-z]\.)+[a-z]", lower):
        return not follower or follower.lower() in lists["openers"]
    return True


def sentences_en(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each English sentence.

    >>> t = "J. Doe of Acme Inc. said so. The U.S. did not."
    >>> [t[a:b] for a, b in sentences_en(t)]
    ['J. Doe of Acme Inc. said so.', 'The U.S. did not.']
    """
    for start, end in lines(text):
        for mark in _EN_END.finditer(text, start, end):
            if _ends_here(text, mark, end):
                yield start, mark.end()
                start = _past_space(text, mark.end(), end)
        if start < end:
            yield start, end
