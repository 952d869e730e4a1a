"""Where a short mark stands in a page's bytes: the search that several steps make over the whole source.

`bytes.find` compares a mark of several letters at almost every place; this one's vector instructions need a seventh.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ahocorasick_rs import BytesAhoCorasick

_WINDOW = 1_000_000
"""Bytes that are searched at once: the places come as a list, and a hostile page is nothing but marks."""


def closing(source: bytes, tag: bytes, start: int, stop: int) -> int:
    """Where `tag`, which begins with `<`, first stands in `source[start:stop]`; -1 if nowhere.

    Style sheets and data have hardly any `<`, and one letter is looked for many times faster than several.

    >>> closing(b"a<b</b", b"</b", 0, 6), closing(b"a<b</b", b"</b", 0, 5), closing(b"", b"</b", 0, 0)
    (3, -1, -1)
    """
    at = source.find(b"<", start, stop)
    return at if at < 0 or source.startswith(tag, at, stop) else source.find(tag, at, stop)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark to look for. `word` must not overlap with itself."""

    word: bytes
    automaton: BytesAhoCorasick

    @classmethod
    def of(cls, word: bytes) -> Mark:
        return cls(word, BytesAhoCorasick([word]))

    def places(self, source: bytes) -> Iterator[int]:
        """Where the mark begins, in order.

        >>> list(Mark.of(b"<b").places(b"<a><b><br>")), list(Mark.of(b"<b").places(b""))
        ([3, 6], [])
        """
        if len(source) <= _WINDOW:
            for _, start, _ in self.automaton.find_matches_as_indexes(source):
                yield start
            return
        view = memoryview(source)
        for at in range(0, len(source), _WINDOW):
            # A mark may begin in one window and end in the next.
            for _, start, _ in self.automaton.find_matches_as_indexes(view[at : at + _WINDOW + len(self.word) - 1]):
                yield at + start
