"""What words say about a place: whether the author's sentence is made of likelier words with the shard or without it.

The pairs of characters (extractors/pages/shard_evidence.py) are asked at every candidate; cutting a text into words
takes longer, so these numbers are only for the places that are not hopeless. What an article says elsewhere is asked,
too: its own names and phrases stand in no table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extractors.model import Lang
from extractors.pages import hanwords
from extractors.pages.shard_text import Candidate, ShardText

WORDS: Mapping[Lang, tuple[str, ...]] = {
    "zh": (
        "words_bridge", "words_after", "words_lead", "words_after_bridge", "words_seams", "again_bridge", "again_after",
        "again_lead",
    ),
    "en": (),
}  # fmt: skip
_REACH = 4
"""Characters on each side of a place that are read."""
_WHOLE = 6
"""Characters of the longest string that is read with both its sides at once."""
_PHRASE = 4


def words(text: ShardText, found: Sequence[Candidate]) -> list[list[float]]:
    """The numbers named in `WORDS`, for each candidate."""
    if not WORDS[text.lang]:
        return [[] for _ in found]
    whole = "\n".join([part.joined for part in text.body])
    return [[*_cuts(text, c), *_again(text, whole, c)] for c in found]


def _is_han(c: str) -> bool:
    return "\u4e00" <= c <= "\u9fff"


def _before(names: str, end: int, least: int = 0) -> tuple[str, str]:
    """The Han characters before cell `end`, and what stands before them: `^` for a mark, else nothing."""
    start = end
    while start > least and end - start < _REACH and _is_han(names[start - 1]):
        start -= 1
    return names[start:end], "" if start > 0 and _is_han(names[start - 1]) else "^"


def _behind(names: str, start: int, most: int) -> str:
    end = start
    while end < most and end - start < _REACH and _is_han(names[end]):
        end += 1
    return names[start:end]


def _cuts(text: ShardText, c: Candidate) -> list[float]:
    names = text.body[c.paragraph].joined
    cost = hanwords.cost
    left, mark = _before(names, c.start)
    right = _behind(names, c.end, len(names))
    head = _behind(names, c.start, c.end)
    tail, foreign = _before(names, c.end, c.start)
    shard = names[c.start : c.end]
    plain = all(map(_is_han, shard))
    if plain or foreign != "^":
        foreign = ""
    alone_left, alone_right, alone_tail = cost(left, mark), cost(right), cost(tail)
    without = cost(left + right, mark)
    bridge = without - alone_left - alone_right
    after = cost(tail + right, foreign) - alone_tail - alone_right
    lead = cost(left + head, mark) - alone_left - cost(head)
    seams = after + lead - bridge
    if plain and len(shard) <= _WHOLE:
        seams = cost(left + shard + right, mark) - without - cost(shard)
    return [bridge, after, lead, after - bridge, seams]


def _again(text: ShardText, whole: str, c: Candidate) -> list[float]:
    """Characters of the longest phrases over each seam that the article has elsewhere."""
    names = text.body[c.paragraph].joined
    left, shard, right = names[max(0, c.start - _PHRASE) : c.start], names[c.start : c.end], names[c.end :][:_PHRASE]
    return [_phrase(whole, left, right, 1), _phrase(whole, shard, right, 2), _phrase(whole, left, shard, 2)]


def _phrase(whole: str, left: str, right: str, times: int) -> int:
    """Characters of the longest end of `left` with a begin of `right` that stands in the text so many times.

    >>> [_phrase("数据中心在西部，数据中心", "数据", "中心在", times) for times in (1, 2)]
    [5, 4]
    """
    longest = 0
    for n in range(1, min(_PHRASE, len(left)) + 1):
        end = left[len(left) - n :]
        m = 0
        while m < min(_PHRASE, len(right)) and _stands(whole, end + right[: m + 1], times):
            m += 1
        if not m:
            break
        longest = max(longest, n + m)
    return longest


def _stands(whole: str, phrase: str, times: int) -> bool:
    at = whole.find(phrase)
    return at >= 0 and (times == 1 or whole.find(phrase, at + 1) >= 0)
