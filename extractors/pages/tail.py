"""What stands below an article inside its own region: the writer's life, the works quoted, the site's notices."""

from __future__ import annotations

import re

from extractors.model import Reason
from extractors.pages.regions import Raw

_LIFE = re.compile(
    r"\W{0,2}(?:(?:[A-Z][\w.'’-]+,? ){2,4})(?:\([^()]{1,30}\) )?is (?:an?|the) [^.]{0,90}"
    r"\b(?:writer|editor|journalist|reporter|author|columnist|correspondent|contributor|freelancer|blogger)\b"
)
_NAMED_LIFE = re.compile(r",?(?: [^.]{0,60})? (?:is|has|was|writes|covers|leads|works|holds|studied|joined)\b")
_LIFE_SIZE = 700
_CLOSING: tuple[Reason, ...] = ("copyright", "comments")
_ENDS = "。！？.!?"
_OPENING = 24
"""Characters of a line that opens a notice or a list of comments."""
_PAGER = re.compile(r"(?:[^\w]|\b\d{1,2}\b)+")
_PAGER_SIZE = 1_000
"""Characters of such a line at most: the engine remembers every step it has taken."""
_NOTE = re.compile(r"\W{0,2}\d{1,3}[\]).]\s|\[\d{1,3}\]")
_WORK = re.compile(r"https?://|doi\b|\((?:(?:19|20)\d\d|n\.d\.)|\b(?:19|20)\d\d\)|\d{4};\s?\d")


def is_writers_life(text: str, byline: str | None) -> bool:
    """Whether a paragraph tells who the writer is: it begins with the name, known or not.

    >>> is_writers_life("Ann Q. Other is a freelance writer.", None), is_writers_life("Ann lives here.", "Ann")
    (True, False)
    """
    if len(text) >= _LIFE_SIZE:
        return False
    named = byline is not None and text.startswith(byline) and _NAMED_LIFE.match(text, len(byline)) is not None
    return named or _LIFE.match(text) is not None


def close(blocks: list[Raw], reasons: list[Reason | None]) -> None:
    """Below a short line that opens a notice of rights or the readers' comments, all that is left is the site's.

    That holds behind a body: what comes before the line outweighs what comes after it.
    """
    if not any(reason in reasons for reason in _CLOSING):
        return
    behind = sum([b.weight for b, reason in zip(blocks, reasons, strict=True) if reason is None])
    total = behind
    for i, (block, reason) in enumerate(zip(blocks, reasons, strict=True)):
        if reason is None:
            behind -= block.weight
        elif reason in _CLOSING and _opens(block) and 5 * behind <= 2 * total:
            reasons[i + 1 :] = [r or reason for r in reasons[i + 1 :]]
            return


def _opens(block: Raw) -> bool:
    """Whether a line's wording opens something, which the mark on a picture ("© …") and a counter by name do not."""
    text = block.text
    return 0 < len(text) <= _OPENING and block.label is None and text[-1] not in _ENDS and text[0] not in "©(（"


def mark_notes(blocks: list[Raw], reasons: list[Reason | None]) -> None:
    """The works that an article quotes, numbered at its very end, and page numbers and rules without a word there."""
    notes: list[int] = []
    for i in range(len(blocks) - 1, -1, -1):
        if reasons[i] is not None:
            continue
        text = blocks[i].text
        if not notes and len(text) <= _PAGER_SIZE and _PAGER.fullmatch(text):
            reasons[i] = "navigation"
        elif _NOTE.match(text) and _WORK.search(text):
            notes.append(i)
        else:
            break
    if len(notes) >= 2:
        for i in notes:
            reasons[i] = "related"
