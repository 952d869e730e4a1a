"""A quick look that spares clean articles the search for shards.

It reads only the places where farms like to drop something in, and asks how much likelier the text reads on there
without the piece of the headline that stands in it. It may be wrong in one direction only: a false alarm costs time,
no text.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from heapq import nlargest

from extractors.model import Lang
from extractors.pages import wordpairs
from extractors.pages.charpairs import cost
from extractors.text import fold

LONGEST = 20_000
"""Characters of an article. Farms copy news, and news is shorter; a book or a flood is not searched."""
_LONGEST_TITLE = 250
_LETTER = "\u3400-\u9fffA-Za-z0-9"
_SLOT = re.compile(rf"[,。、;:!?”)的\n](?=([{_LETTER}]{{1,2}}))|([{_LETTER}]{{2}})(?=\n)")
_NO_LETTER = re.compile(rf"[^{_LETTER}]+")
_REPEATED = re.compile(r"[,。、;:!?”)的\n](?=([\u3400-\u9fff]{2}))")
_EN_WORD = re.compile(r"\w+")
_EN_COMMON = frozenset(
    ["the", "of", "and", "to", "a", "an", "in", "for", "on", "with", "as", "is", "it", "its", "at", "by"]
)
_EN_OPENERS = frozenset(["the", "The", "of", "and", "to", "a", "an", "in", "for", "with", "on"])
_EN_MARKS = ',.;:!?”"'
_LEAST = {"zh": 1.5, "en": 2.5}
"""Nats of the best four strings together: four in ten clean articles reach them, and of those that a farm was
at two in a hundred stay below."""
_STRINGS = 4
_TRIED = 6
"""Places of one string that are tried, and cells of the longest shard."""


def alarming(title: str | None, paragraphs: Sequence[str], lang: Lang) -> bool:
    """Whether the article should be searched for shards."""
    if not paragraphs or sum(map(len, paragraphs)) > LONGEST:
        return False
    if title and len(title) > _LONGEST_TITLE:
        return False
    if lang == "en":
        return not title or _out_of_place(title, paragraphs)
    text = fold("\n" + "\n".join(paragraphs) + "\n")
    return _foreign(fold(title), text) if title else _recurring(text)


def _recurring(text: str) -> bool:
    """Chinese without a headline: several strings come back where something could have been dropped in."""
    found = Counter(m[1] for m in _REPEATED.finditer(text))
    return sum(n > 1 for n in found.values()) >= 3


def _foreign(title: str, text: str) -> bool:
    """Chinese: pieces of the headline's characters after which the next one comes less likely than without them."""
    head = _NO_LETTER.sub("", title)
    ours = frozenset(head)
    places: dict[str, list[int]] = {}
    for m in _SLOT.finditer(text):
        pair = m[1] or m[2]
        if pair[0] in ours:
            known = len(pair) == 2 and (pair[1] in ours or pair[1].isascii())
            places.setdefault(pair if known else pair[0], []).append(m.end() if m[1] else m.start(2))
    strange: list[float] = []
    for pair, starts in places.items():
        jump = max(_jump(text, start, ours, len(pair)) for start in starts[:_TRIED])
        if jump <= 0:
            continue
        if len(pair) == 1:
            jump -= 3.0
        else:
            # A word that stands everywhere is the author's; half a word of the headline, or no part of it, is not.
            jump -= 1.5 + 0.5 * math.log(1 + max(0, text.count(pair) - len(starts)))
            at = head.find(pair)
            if at < 0:
                jump += 1.0
            elif at > 0 and cost(head[at - 1], head[at]) < 4.5:
                jump += 2.0
        strange.append(max(0.0, jump))
    return sum(nlargest(_STRINGS, strange)) >= _LEAST["zh"]


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


def _out_of_place(title: str, paragraphs: Sequence[str]) -> bool:
    """English: the headline's words, written as there, where the next word comes likelier without them."""
    ours = {w: w.lower() for w in _EN_WORD.findall(title) if w.lower() not in _EN_COMMON}
    best: dict[str, float] = {}
    for paragraph in paragraphs:
        words = paragraph.split()
        for i, written in enumerate(words):
            word = written.rstrip(_EN_MARKS)
            if word not in ours:
                continue
            before = words[i - 1] if i else "^"
            if before[-1] in _EN_MARKS:
                before = before[-1]
            elif before not in _EN_OPENERS and before != "^" and i + 1 < len(words):
                continue
            after = written[len(word) : len(word) + 1] or (words[i + 1] if i + 1 < len(words) else "$")
            if after in ours:
                jump = 0.5
            elif i + 1 == len(words):
                jump = 1.0
            else:
                jump = wordpairs.cost(ours[word], after.lower()) - wordpairs.cost(before.lower(), after.lower())
                # A new sentence does not begin twice.
                if before in '.!?^”"' and after[0].isupper():
                    jump += 1.5
            if jump > best.get(word, 0.0):
                best[word] = jump
    return sum(nlargest(_STRINGS, best.values())) >= _LEAST["en"]
