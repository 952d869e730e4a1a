"""The strings of an article that come back where a farm could drop something in, and are no piece of its headline.

>>> from extractors.pages.shard_text import read
>>> text = read(None, ["甲乙开会。甲乙走了。", "他说甲乙来"], "zh")
>>> [(c.unit, c.paragraph, c.start) for c in repeated(text, set())], text.free["甲乙"]
([('甲乙', 0, 0), ('甲乙', 0, 5)], 1)
>>> repeated(read(None, [], "zh"), set()), repeated(text, {"甲乙"})
([], [])
"""

from __future__ import annotations

from collections import defaultdict

from extractors.pages.shard_text import LONGEST, PUNCTUATION, Candidate, ShardText, is_slot

_Places = list[tuple[int, int]]
"""Paragraph and cell."""


def repeated(text: ShardText, known: set[str]) -> list[Candidate]:
    """Strings that come back where something could be dropped in, and are no plain piece of the headline.

    With a headline they must consist of its cells, one foreign letter aside; without one they may be anything.
    """
    ours = frozenset(text.head)
    chinese = text.lang == "zh"
    at, fitting = _coming_back(text, ours)
    # A string that always goes on the same way is a part of the longer one.
    inner: set[str] = set()
    for unit in at:
        shorter = unit[:-1] if chinese else unit.rpartition(" ")[0]
        if shorter and len(at[shorter]) == len(at[unit]):
            inner.add(shorter)
    shortest = 2 if chinese else 1
    wanted = {
        unit: length
        for unit, length in fitting.items()
        if length >= shortest and unit not in known and unit not in inner
    }
    found: list[Candidate] = []
    for unit, where in _everywhere(text, wanted).items():
        length = wanted[unit]
        slots = at[unit]
        text.free[unit] = len(where) - len(slots)
        text.dropped[unit] = len(slots)
        # A string of the headline's cells that is no piece of it may stand between any two words.
        found.extend([Candidate(p, i, i + length, i + length, unit, -1) for p, i in (where if ours else slots)])
    return found


def _coming_back(text: ShardText, ours: frozenset[str]) -> tuple[dict[str, _Places], dict[str, int]]:
    """The strings that stand at two places and more, with the places, and the cells of those that fit the headline.

    A string comes back at most as often as its beginning, and fits no better: what stands once or does not fit is not
    read on.
    """
    at: dict[str, _Places] = {}
    fitting: dict[str, int] = {}
    chinese = text.lang == "zh"
    joint = "" if chinese else " "
    spots: _Places = [
        (p, i)
        for p, part in enumerate(text.body)
        for i, name in enumerate(part.names)
        if (not ours or name in ours or (chinese and name.isascii())) and is_slot(text, part.names, i)
    ]
    for length in range(1, LONGEST + 1):
        units: dict[str, _Places] = defaultdict(list)
        for p, i in spots:
            names = text.body[p].names
            if i + length <= len(names) and names[i + length - 1] not in PUNCTUATION:
                units[joint.join(names[i : i + length])].append((p, i))
        spots = []
        for unit, where in units.items():
            if len(where) > 1:
                at[unit] = where
                p, i = where[0]
                if _fits(text.body[p].names[i : i + length], ours, chinese):
                    fitting[unit] = length
                    spots += where
    return at, fitting


def _fits(names: list[str], ours: frozenset[str], chinese: bool) -> bool:
    """Whether a string has only the headline's cells, in Chinese one foreign letter aside; any fits no headline."""
    foreign = [name for name in names if name not in ours] if ours else []
    return not foreign or (chinese and len(foreign) == 1 and foreign[0].isascii())


def _everywhere(text: ShardText, units: dict[str, int]) -> dict[str, _Places]:
    """Where each unit of so many cells stands, in the order of the text."""
    chinese = text.lang == "zh"
    joint = "" if chinese else " "
    sizes: dict[str, set[int]] = defaultdict(set)
    for unit, length in units.items():
        sizes[unit[0] if chinese else unit.partition(" ")[0]].add(length)
    lengths = {name: sorted(these) for name, these in sizes.items()}
    places: dict[str, _Places] = defaultdict(list)
    for p, part in enumerate(text.body):
        names = part.names
        for i, name in enumerate(names):
            if name in lengths:
                for n in lengths[name]:
                    unit = joint.join(names[i : i + n])
                    if unit in units and i + n <= len(names):
                        places[unit].append((p, i))
    return places
