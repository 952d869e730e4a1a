"""Where Chinese names that no list knows may stand: candidates, before anything weighs them.

They come by an ending with a sound left edge (绿洲资本, 上海某某科技股份有限公司), by a report's wording, by words that
look like a name, and by what stands between a strong cue and the next stop (初创公司X完成融资).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from extractors.entities.company_han_words import CLOSED, FUNCTION, STOP_TAGS, UNKNOWN, HanWords
from extractors.entities.company_new import Spans
from extractors.language.zh import Cutter
from extractors.lexicons.name_words import chinese
from extractors.lexicons.trie import trie
from extractors.model import Kind

_HAN = re.compile(r"[\u3400-\u9fff]+")
_MEDIA = re.compile(
    r"(?:据|根据|援引|引述)《?([^，。、；：“”《》\s的]{2,8}?)》?(?:\d{1,2}[月日号]){0,2}(?:最新|独家|此前|今日|昨日)?"
    r"(?:报道|消息|获悉|披露|爆料|引述|援引)"
)
_NO_MEDIA = re.compile(r"媒|悉|记者|知情|官|公告|网友|本报|消息|外电|报告|人士|文件|调查|[a-z]")
_TRADES = (
    "初创",
    "创业",
    "科技",
    "软件",
    "芯片",
    "半导体",
    "互联网",
    "子",
    "母",
    "安全",
    "机器人",
    "智能",
    "驾驶",
    "AI",
)
_FIRMS: tuple[str, ...] = ("新创", "独角兽", "创企", "巨头", "大厂", "厂商", "龙头", "券商", "基金", "机构", "平台")
_FIRMS += (
    "运营商",
    "供应商",
    "制造商",
    "创立",
    "创办",
    "旗下",
    *(trade + firm for trade in _TRADES for firm in ("公司", "企业")),
)
# One trie, so that `re` skips to the characters that an introduction begins with.
_INTRODUCTION = re.compile(trie(("、", *_FIRMS)) + r"(?:(?<!、)[\s“「])?")
# Two letters that belong to the name before them, unless they begin the next word.
AI_BEHIND = re.compile(
    r" ?AI(?![A-Za-z0-9])(?! ?(?:数据中心|芯片|模型|平台|助手|服务器|工厂|公司|技术|业务|产品|算力|能力|应用|工具))"
)
# What stands between the members of a list.
LIST = frozenset("、和与及跟")
# How many characters a name has before a legal ending, and before another one.
LONGEST_LEGAL = 18
LONGEST = 5


class Candidate(NamedTuple):
    start: int
    end: int
    kind: Kind | None
    ending: bool


@cache
def _endings() -> re.Pattern[str]:
    lists = chinese()
    return re.compile(f"({trie((*lists.legal, *lists.trade, *lists.investor, *lists.media))})(公司)?")


class HanCandidates:
    """The candidates of one passage; `right_of` gives the evidence behind an offset."""

    def __init__(
        self, folded: str, han: HanWords, segmenter: Cutter, known: Spans, right_of: Callable[[int], int]
    ) -> None:
        self._folded = folded
        self._lists = chinese()
        self._segmenter = segmenter
        self._known = known
        self._right_of = right_of
        self._han = han
        self._texts, self._weights, self._order = han.texts, han.weights, han.order
        # The words that can be names, which few are.
        self._open = [i for i, weight in enumerate(han.weights) if weight >= 0.0]

    def find(self) -> list[Candidate]:
        """The candidates without repeats, those of the surer ways first."""
        return list(
            dict.fromkeys((*self._by_ending(), *self._by_media(), *self._by_form(), *self._by_word(), *self._by_cue()))
        )

    def _end(self, i: int) -> int:
        return self._order[i + 1]

    def _by_ending(self) -> Iterator[Candidate]:
        for match in _endings().finditer(self._folded):
            start, end = match.span()
            if self._han.at(end) is None or self._known.overlap(start, start + 1):
                continue
            core = ""
            legal = match.group(1) in self._lists.legal
            i = bisect_right(self._order, start) - 1
            start = self._order[i]
            if start < match.start():
                core = self._folded[start : match.start()]
                if self._weights[i] == CLOSED or (not legal and self._segmenter.has_word(self._texts[i])):
                    continue
            first, core = self._left_edge(i, core, legal)
            if not core or core in self._lists.plain:
                continue
            words = range(first, i)
            # 日本制铁公司 is a name, 中国科技 is not.
            if not legal and words and all(self._texts[k] in self._lists.plain or self._is_place(k) for k in words):
                if match.group(2) is not None and all(map(self._is_place, words)):
                    yield Candidate(self._order[first], end, "company", ending=True)
                continue
            yield Candidate(self._order[first] if first < i else start, end, None, ending=True)

    def _left_edge(self, i: int, core: str, legal: bool) -> tuple[int, str]:
        """The first word of a name that ends before word `i`, and its text."""
        while i > 0:
            text = self._texts[i - 1]
            if self._weights[i - 1] == CLOSED or len(core) + len(text) > (LONGEST_LEGAL if legal else LONGEST):
                break
            if not legal and (
                self._is_verb(i - 1, first=not core) or (core and (self._is_place(i - 1) or self._weights[i - 1] < 0.2))
            ):
                break
            core = text + core
            i -= 1
        return i, core

    def _is_verb(self, i: int, *, first: bool) -> bool:
        """Whether a word ends what a name can hold; a verb of one character may be its core."""
        if self._weights[i] >= UNKNOWN:
            return False
        tag = self._han.tag(i)
        return tag in STOP_TAGS and not (tag == "v" and first and len(self._texts[i]) == 1)

    def _is_place(self, i: int) -> bool:
        """Whether the dictionary calls a word a place; the tag of a word outside it is a guess."""
        return self._weights[i] < UNKNOWN and len(self._texts[i]) > 1 and self._han.tag(i) == "ns"

    def _by_media(self) -> Iterator[Candidate]:
        for match in _MEDIA.finditer(self._folded):
            text = match.group(1)
            if _HAN.fullmatch(text) and not _NO_MEDIA.search(text):
                yield Candidate(match.start(1), match.end(1), "media", ending=True)

    def _by_form(self) -> Iterator[Candidate]:
        """Runs of words that look like names by themselves."""
        open_words = [i for i in self._open if self._weights[i] >= 0.2]
        first = 0
        order = self._order
        for n, (i, following) in enumerate(pairwise((*open_words, -1))):
            if following == i + 1:
                continue
            start, end = order[open_words[first]], order[i + 1]
            first = n + 1
            if 2 <= end - start <= 7:
                yield Candidate(start, end, None, ending=False)

    def _by_word(self) -> Iterator[Candidate]:
        """Single words of the dictionary that are not common; the context has to speak for them (微软, 苹果)."""
        order, weights = self._order, self._weights
        for i in self._open:
            if weights[i] < 0.2 and 2 <= order[i + 1] - order[i] <= 4:
                yield Candidate(order[i], order[i + 1], None, ending=False)

    def _by_cue(self) -> Iterator[Candidate]:
        """Up to four open words that a strong cue or a list introduces and a stop ends."""
        folded, weights, last = self._folded, self._weights, len(self._weights)
        introduced = {m.end() for m in _INTRODUCTION.finditer(folded)}
        introduced |= {end + 1 for end in self._known.ends if folded[end : end + 1] in LIST}
        for start in sorted(introduced):
            at = self._han.at(start)
            i = j = last if at is None else at
            while j < last and j < i + 4 and weights[j] > FUNCTION and self._end(j) - start <= 8:
                j += 1
                if self._right_of(self._order[j]) == 2:
                    break
            if j > i and self._order[j] - start >= 2:
                yield Candidate(start, self._order[j], None, ending=False)
