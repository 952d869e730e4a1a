"""A quick look that spares clean articles the search for shards.

It reads only the places where farms like to drop something in, and asks how often a piece of the headline stands there
behind which the sentence does not go on. It may be wrong in one direction only: a false alarm costs time, no text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from extractors.model import Lang
from extractors.pages.charpairs import cost
from extractors.text import fold

LONGEST = 60_000
"""Characters of an article. Farms copy news; a book or a flood is not searched."""
_LETTER = "\u3400-\u9fffA-Za-z0-9"
_SLOT = re.compile(rf"[,。、;:!?”)的\n](?=([{_LETTER}]{{1,2}}))|([{_LETTER}]{{2}})(?=\n)")
_NO_LETTER = re.compile(rf"[^{_LETTER}]+")
_EN_SLOT = re.compile(r"(?:[,.;:!?”\"] |\b(?:[Tt]he|of|and|to|an?|in|for) |\n)(?=(\w+))|(\w+)(?=\n)")
_EN_WORD = re.compile(r"\w+")
_EN_COMMON = frozenset(
    ["the", "of", "and", "to", "a", "an", "in", "for", "on", "with", "as", "is", "it", "its", "at", "by"]
)
_LEAST = 0.3
"""Nats over 1,500 characters; half of all clean articles stay below."""
_TRIED = 6
"""Places of one string that are tried, and cells of the longest shard."""


def alarming(title: str | None, paragraphs: Sequence[str], lang: Lang) -> bool:
    """Whether the article should be searched for shards."""
    size = sum(map(len, paragraphs))
    if size > LONGEST or not paragraphs:
        return False
    if not title:
        return True
    text = "\n" + "\n".join(paragraphs) + "\n"
    return _foreign(title, text) if lang == "zh" else _out_of_place(title, text)


def _foreign(title: str, text: str) -> bool:
    """Chinese: pieces of the headline's characters after which the next one comes less likely than without them."""
    text = fold(text)
    ours = frozenset(_NO_LETTER.sub("", fold(title)))
    places: dict[str, list[int]] = {}
    for m in _SLOT.finditer(text):
        pair = m[1] or m[2]
        if pair[0] in ours:
            known = len(pair) == 2 and (pair[1] in ours or pair[1].isascii())
            places.setdefault(pair if known else pair[0], []).append(m.end() if m[1] else m.start(2))
    total = 0.0
    least = _LEAST * (1 + min(4.0, len(text) / 1500))
    for pair, starts in places.items():
        best = max(_jump(text, start, ours, len(pair)) for start in starts[:_TRIED])
        best -= 1.5 if len(pair) == 2 else 3.0
        if best > 0:
            # A word that stands everywhere is the author's.
            elsewhere = text.count(pair) - len(starts) if len(pair) == 2 else 0
            total += best / math.sqrt(1 + max(0, elsewhere))
        if total >= least:
            return True
    return False


def _jump(text: str, start: int, ours: frozenset[str], shortest: int) -> float:
    """How much likelier the text reads on without the string at `start`, in nats, at its best length."""
    before = "^" if text[start - 1] == "\n" else text[start - 1]
    best = 0.0
    for end in range(start + shortest, min(start + _TRIED, len(text))):
        if text[end - 1] not in ours and not text[end - 1].isascii():
            break
        after = "$" if text[end] == "\n" else text[end]
        best = max(best, cost(text[end - 1], after) - cost(before, after))
        if text[end] == "\n" or shortest == 1:
            break
    return min(6.0, best)


def _out_of_place(title: str, text: str) -> bool:
    """English: several of the headline's words, written as there, where a clause or a noun phrase begins."""
    ours = frozenset(w for w in _EN_WORD.findall(title) if w.lower() not in _EN_COMMON)
    return len({word for m in _EN_SLOT.finditer(text) if (word := m[1] or m[2]) in ours}) >= 3
