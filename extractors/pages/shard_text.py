"""An article cut into cells, and the places in it where a farm's shard could stand.

A cell is what a farm cuts a headline into: a character of a Chinese text, a word of an English one. Blanks are none.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

from extractors.model import Lang
from extractors.text import fold

LONGEST = 6
"""Cells of the longest shard that is looked for."""
_MOST_PLACES = 8
PUNCTUATION = frozenset(",。、;:!?“”‘’()《》【】〈〉·「」『』—–…\"'[]|/.")
_CLOSING = frozenset(",。、;:!?”)》」』】—–…")
_OPENERS = frozenset(
    ["the", "a", "an", "of", "and", "to", "in", "for", "on", "with", "that", "as", "by", "at", "is", "was"]
)
_EN_CLOSING = frozenset(',.;:!?”)—–…"')
_SLOTS = {"zh": _CLOSING | {"的"}, "en": _EN_CLOSING | _OPENERS | {"的"}}
"""What stands before a place where a farm could drop something in."""
# The s of a genitive is a cell of its own: farms cut there, and leave the apostrophe out.
_EN_CELL = re.compile(
    r"[A-Za-z0-9][\w.&$%+-]*(?:['’](?![sS](?!\w))[\w.&$%+-]*)*[\w%+]|[A-Za-z0-9$]|['’][sS](?!\w)|[^\s\w]|\w+"
)
_GENITIVE = {"'s": "s", "’s": "s"}


@dataclass(frozen=True, slots=True)
class Cells:
    """One paragraph. `names` are compared; `starts` and `ends` are offsets in the paragraph."""

    text: str
    names: list[str]
    starts: list[int]
    ends: list[int]
    joined: str = ""
    """The names in one string, where each is one character."""


def cells(text: str, lang: Lang) -> Cells:
    """The cells of a paragraph.

    >>> cells("GPU 少", "zh").names, cells("The GPU’s,", "en").names
    (['G', 'P', 'U', '少'], ['the', 'gpu', 's', ','])
    """
    folded = fold(text)
    if lang == "zh":
        if folded.split() == [folded]:
            return Cells(folded, list(folded), list(range(len(folded))), list(range(1, len(folded) + 1)), folded)
        at = [i for i, c in enumerate(folded) if not c.isspace()]
        names = [folded[i] for i in at]
        return Cells(folded, names, at, [i + 1 for i in at], "".join(names))
    if folded.isascii():
        found = list(_EN_CELL.finditer(folded.lower()))
        names = [m.group() for m in found]
    else:
        # Lower case may be longer, and that of one letter depends on where in a word it stands.
        found = list(_EN_CELL.finditer(folded))
        names = [m.group().lower() for m in found]
    names = [_GENITIVE.get(name, name) for name in names]
    return Cells(folded, names, [m.start() for m in found], [m.end() for m in found])


@dataclass(slots=True)
class Candidate:
    """A place that may be the farm's: cells `start:shard` are the shard, `shard:end` an advert behind it."""

    paragraph: int
    start: int
    shard: int
    end: int
    unit: str
    begin: int
    """The cell of the headline with which the shard begins, -1 for one that is no piece of the headline."""
    stop: int = -1
    """The cell of the headline behind the shard."""
    flaw: str = ""
    """`junk` for a piece with a foreign letter inside, `skip` for one that leaves a cell out."""
    repeated: bool = False
    """Whether the advert comes back."""
    followed: bool = False
    """Whether another reading of this place sees an advert behind the shard."""
    odd: float = 0.0
    """0 for a string that could be the author's word, up to 1 for one that is none: cut inside a word, or flawed."""
    first: float = 0.0
    """What the place itself says, as log odds."""
    score: float = 0.0
    """What all places together say."""


@dataclass(slots=True)
class ShardText:
    """A headline and its article in cells, with what is counted over all of it."""

    lang: Lang
    head: list[str]
    body: list[Cells]
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    singles: Counter[str] = field(default_factory=Counter)
    free: Counter[str] = field(default_factory=Counter)
    """How often a unit stands where the author uses words and nothing is dropped in."""
    dropped: Counter[str] = field(default_factory=Counter)
    """How often it stands where something could have been dropped in."""
    words: float = 200.0
    joined: set[tuple[str, str]] = field(default_factory=set)
    """The headline's neighbours."""
    lower: set[str] = field(default_factory=set)
    """English words that the article also writes without a capital."""
    written: list[str] = field(default_factory=list)
    """The headline's cells as they are written there."""
    costs: dict[tuple[str, str, int], float] = field(default_factory=dict)
    """What pairs of cells were found to cost, for most are asked again and again."""


def read(title: str | None, paragraphs: Sequence[str], lang: Lang) -> ShardText:
    head = cells(title or "", lang)
    shown = [i for i, c in enumerate(head.names) if c not in PUNCTUATION]
    text = ShardText(lang, [head.names[i] for i in shown], [cells(p, lang) for p in paragraphs])
    text.written = [head.text[head.starts[i] : head.ends[i]] for i in shown]
    text.joined = set(pairwise(text.head))
    names = [part.names for part in (*text.body, head)]
    text.pairs = Counter(chain.from_iterable(map(pairwise, names)))
    text.singles = Counter(chain.from_iterable(names))
    if lang == "en":
        for part in text.body:
            text.lower.update([n for n, i in zip(part.names, part.starts, strict=True) if part.text[i].islower()])
    text.words = max(200.0, sum(len(b.names) for b in text.body) / (2 if lang == "zh" else 1))
    return text


def slot(text: ShardText, p: int, start: int, end: int) -> str:
    """Why a farm could drop something before cell `start`: `clause`, `de`, `start`, `end`, or a mere `word` gap."""
    names = text.body[p].names
    if start == 0:
        return "start"
    before = names[start - 1]
    if before in (_CLOSING if text.lang == "zh" else _EN_CLOSING):
        return "clause"
    if end == len(names):
        return "end"
    if before == "的" or (text.lang == "en" and before in _OPENERS):
        return "de"
    return "word"


def is_slot(text: ShardText, names: list[str], start: int) -> bool:
    """Whether what is before cell `start` is more than a `word` gap, as far as that shows without the shard's end."""
    return start == 0 or names[start - 1] in _SLOTS[text.lang]


def unit_name(text: ShardText, p: int, start: int, end: int) -> str:
    part = text.body[p]
    return part.joined[start:end] if text.lang == "zh" else " ".join(part.names[start:end])


def pieces_of_headline(text: ShardText) -> list[Candidate]:
    """Every place where a piece of the headline stands, flawed ones included."""
    head = text.head
    chinese = text.lang == "zh"
    joint = "" if chinese else " "
    places: dict[str, list[int]] = defaultdict(list)
    for i, c in enumerate(head):
        # A cell that the headline has many times (a letter) is tried at its first places only.
        if len(places[c]) < _MOST_PLACES:
            places[c].append(i)
    shortest = 2 if chinese else 1
    found: list[Candidate] = []
    onward: Counter[str] = Counter()
    for p, part in enumerate(text.body):
        names = part.names
        size = len(names)
        for i in [i for i, name in enumerate(names) if name in places]:
            name = names[i]
            inside = not is_slot(text, names, i)
            here = text.free if inside else text.dropped
            seen: set[tuple[int, str]] = set()
            for h in places[name]:
                m = _common(names, i, head, h)
                if not chinese:
                    # A farm copies the headline's capitals with its words; an author mid-sentence has his own.
                    m = _as_written(part, i, text.written, h, m)
                left = i > 0 and h > 0 and names[i - 1] == head[h - 1]
                least = shortest if (inside and i + m < size) else 1
                if name in _OPENERS:  # "the" alone is nobody's shard
                    least = 2
                for length in range(least, m + 1):
                    if (length, "") not in seen:
                        seen.add((length, ""))
                        unit = joint.join(names[i : i + length])
                        found.append(Candidate(p, i, i + length, i + length, unit, h, h + length))
                        if left:
                            continue
                        if length == m:
                            here[unit] += 1
                        else:
                            onward[unit] += 1
                for flaw, length, stop in _flawed(names, i, head, h, m, inside) if chinese else ():
                    if (length, "") not in seen and (length, flaw) not in seen:
                        seen.add((length, flaw))
                        unit = joint.join(names[i : i + length])
                        found.append(Candidate(p, i, i + length, i + length, unit, h, stop, flaw))
                        here[unit] += 1
    # A word that the author uses alone is also his where the headline's next one follows.
    for unit, n in text.free.items():
        text.free[unit] = n + onward[unit]
    return found


def _common(names: list[str], i: int, head: list[str], h: int) -> int:
    """How many cells the text from `i` and the headline from `h` have in common, `LONGEST` at most."""
    most = min(LONGEST, len(names) - i, len(head) - h)
    m = 0
    while m < most and names[i + m] == head[h + m]:
        m += 1
    return m


def _as_written(part: Cells, i: int, written: list[str], h: int, m: int) -> int:
    """How many of the `m` cells are written as the headline writes them."""
    n = 0
    while n < m and part.text[part.starts[i + n] : part.ends[i + n]] == written[h + n]:
        n += 1
    return n


def _flawed(names: list[str], i: int, head: list[str], h: int, m: int, inside: bool) -> list[tuple[str, int, int]]:
    """Pieces from `i` on that are not quite the headline's from `h` on: flaw, cells, and the headline's cell behind."""
    out: list[tuple[str, int, int]] = []
    for n in range(1, min(m, 3) + 1):
        at = i + n
        # One Latin letter, on its own, in the middle of the piece.
        if at + 1 < len(names) and names[at].isascii() and names[at].isalpha() and not names[at + 1].isascii():
            rest = _common(names, at + 1, head, h + n)
            out.extend([("junk", n + 1 + k, h + n + k) for k in range(1, min(rest, 4) + 1)])
        # The headline's next cell, or next two, left out.
        if not inside and at < len(names):
            for gap in (1, 2):
                if h + n + gap >= len(head) or names[at] != head[h + n + gap]:
                    continue
                rest = _common(names, at, head, h + n + gap)
                out.extend([("skip", n + k, h + n + gap + k) for k in range(1, min(rest, 3) + 1)])
    return out


def is_punctuation(cell: str) -> bool:
    return cell in PUNCTUATION or cell == "$"
