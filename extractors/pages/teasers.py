"""Where an article ends and the openings of other stories begin, in a text without markup.

Structure comes first: the items of a feed stand between separators, end in a link to their rest, are cut off in the
middle. What an item says counts second: it shares fewer of its character pairs (or words) with the headline and the
body than any sentence of the article does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.pages.scrape_wording import ends_article, is_more, is_separator
from extractors.text import fold

_LONGEST_ITEM = 5
"""Lines between two marks of a feed."""
_FINISHED = re.compile(r"[。！？!?.;；][”’\"'」』)）\]】]*$|[”\"」』]$")
_WORD = re.compile(r"[a-z][a-z'’-]{3,}|\d+(?:\.\d+)?|[a-z]+\d[\w-]*|[\u3400-\u4dbf\u4e00-\u9fff]+")
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """this that with from have been were will would could should about after before their there which while when
        what where them they than then also more most some such into over only other your said says just like make
        made many much these those very well even back still because through during being between under both each""",
    )
)
_ON_TOPIC = 0.1
"""The mean share of an article's terms that a paragraph of another story reaches (measured: 0.04 in Chinese, 0.1 in
English); paragraphs of the same article reach twice that and more."""
_PARAGRAPH = 40
_SAMPLE = 400
"""Characters of an item that are read for its topic."""


@dataclass(frozen=True, slots=True)
class Topic:
    """The character pairs (Chinese) and words (English) of a headline and a body."""

    terms: frozenset[str]

    @staticmethod
    def of(texts: Sequence[str]) -> Topic:
        return Topic(frozenset().union(*(_terms(t) for t in texts)) if texts else frozenset())

    def share(self, line: str) -> float:
        """The share of the line's terms that the topic has, 0 to 1; 1 for a line without terms."""
        terms = _terms(line[:_SAMPLE])
        return len(terms & self.terms) / len(terms) if terms else 1.0


def _terms(text: str) -> set[str]:
    found: set[str] = set()
    for word in _WORD.findall(fold(text).lower()):
        if word[0] >= "\u3400":
            found.update(word[i : i + 2] for i in range(len(word) - 1))
        elif word not in _COMMON:
            found.add(word)
    return found


def is_finished(line: str) -> bool:
    """Whether the line ends as a sentence does, and not in the dots of one that was cut off.

    >>> is_finished("他说:“好。”"), is_finished("在竞争激烈的新能源"), is_finished("And so...")
    (True, False, False)
    """
    end = line[-8:].rstrip()
    cut_off = end.endswith("...") or (end.endswith("…") and not end.endswith("……"))
    return not cut_off and _FINISHED.search(end) is not None


def tail_start(title: str | None, lines: Sequence[str]) -> int:
    """The number of leading lines that are the article; the rest is other stories.

    >>> feed = ["-", "别的新闻开了个头", "...[详细]", "-", "又一条新闻", "...[详细]"]
    >>> tail_start(None, ["正文第一段。", "正文第二段。", *feed])
    2
    >>> tail_start(None, ["正文第一段。", "* * *", "正文第二段。"]), tail_start(None, [])
    (3, 0)
    """
    start = len(lines)
    start = min(start, _after_end(title, lines, start))
    start = min(start, _feed(title, lines, start))
    return _headlines(title, lines, start)


def _feed(title: str | None, lines: Sequence[str], end: int) -> int:
    """The first line of the run of marked items that closes the text."""
    more = [is_more(line) for line in lines[:end]]
    mark = [m or is_separator(line) for m, line in zip(more, lines[:end], strict=True)]
    # Walk back from the end as long as the marks stand close together, and judge each run of items that this gives:
    # articles have separators of their own between their parts, but their paragraphs are whole.
    first, upper = end, end
    items = cut_off = links = marks = 0
    for i in range(end - 1, 0, -1):
        if upper - i > _LONGEST_ITEM + 1:
            break
        links += more[i]
        marks += mark[i]
        if more[i] or not is_separator(lines[i]):
            items += 1
            cut_off += not is_finished(lines[i])
        if mark[i]:
            upper = i
            linked = links >= 2 or (links == 1 and cut_off * 2 >= items)
            if items and (linked or (marks >= 3 and cut_off == items)) and cut_off * 3 >= items:
                first = i
    if first == end:
        return end
    # An item may have begun before its first mark: a headline or a cut-off text, with no separator above.
    topic = Topic.of([title or "", *lines[: max(1, first - _LONGEST_ITEM)]])
    for _ in range(_LONGEST_ITEM):
        above = lines[first - 1]
        if first < 2 or not more[first] or is_finished(above) or topic.share(above) >= 0.25:
            break
        first -= 1
    # A paragraph of the author's between marks takes the cut behind itself.
    body = Topic.of([title or "", *lines[:first]])
    for i in range(end - 1, first, -1):
        line = lines[i]
        if not more[i] and len(line) >= 60 and is_finished(line) and body.share(line) >= 0.35:
            return i + 1
    return first


def _after_end(title: str | None, lines: Sequence[str], end: int) -> int:
    """The line that closes the article, if the paragraphs behind it are not about the same."""
    closing = [i for i in range(1, end) if ends_article(lines[i])]
    # A credit line can stand above the body as well.
    closing = [i for i in closing if any(len(line) >= 20 for line in lines[max(0, i - 20) : i])]
    if not closing:
        return end
    topic = Topic.of([title or "", *lines[: closing[0]]])
    ends = frozenset(closing)
    cut = end
    shares = paragraphs = 0.0
    for i in range(end - 1, closing[0] - 1, -1):
        line = lines[i]
        if i in ends and shares <= _ON_TOPIC * paragraphs:
            cut = i
        elif i not in ends and len(line) >= _PARAGRAPH and is_finished(line) and not is_more(line):
            shares += topic.share(line)
            paragraphs += 1
    return cut


def _headlines(title: str | None, lines: Sequence[str], end: int) -> int:
    """The first of the headlines of other stories below the last paragraph."""
    last = end
    while last > 0 and not is_finished(lines[last - 1]) and 6 <= len(lines[last - 1]) <= 90:
        last -= 1
    if last == 0 or last == end:
        return end
    topic = Topic.of([title or "", *lines[:last]])
    while end > last and topic.share(lines[end - 1]) < 0.25:
        end -= 1
    return end
