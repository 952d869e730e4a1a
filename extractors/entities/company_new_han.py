"""Chinese names that no list knows: endings with a sound left edge, and words outside the dictionary between cues.

Candidates come three ways: a run of words before an ending (绿洲资本, 上海某某科技股份有限公司); a run of words that
look like a name, because the dictionary lacks them or calls them names; and what stands between a strong cue and the
next stop (初创公司X完成融资). Each is weighed by its form and by what stands around it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from extractors.entities.company_ambiguous import Scene, heads_clause
from extractors.entities.company_context import WORTH, before_of, cues, left_of, media_before, right_of
from extractors.entities.company_han_words import CLOSED, FUNCTION, NAMED, SCARCE, STOP_TAGS, UNKNOWN, HanWords
from extractors.entities.company_known import Cut
from extractors.entities.company_new import FIRM, GLOSS, SIBLING, THRESHOLD, NewName, count_siblings, glosses
from extractors.entities.passage import Passage
from extractors.language.zh import modern_words
from extractors.lexicons.name_shape import name_shape
from extractors.lexicons.name_words import chinese
from extractors.model import Kind

_HAN = re.compile(r"[\u3400-\u9fff]+")
_MEDIA = re.compile(
    r"(?:据|根据|援引|引述)《?([^，。、；：“”《》\s的]{2,8}?)》?(?:\d{1,2}[月日号]){0,2}(?:最新|独家|此前|今日|昨日)?"
    r"(?:报道|消息|获悉|披露|爆料|引述|援引)"
)
_NO_MEDIA = re.compile(r"媒|悉|记者|知情|官|公告|网友|本报|消息|外电|报告|人士|文件|调查|[a-z]")
_INTRODUCTION = re.compile(
    r"(?:(?:初创|创业|科技|软件|芯片|半导体|互联网|子|母|安全|机器人|智能|驾驶|AI)(?:公司|企业)|新创|独角兽|创企|巨头|大厂|厂商"
    r"|龙头|券商|基金|机构|平台|运营商|供应商|制造商|创立|创办|旗下)[\s“「]?|、"
)
_AI_BEHIND = re.compile(
    r" ?AI(?![A-Za-z0-9])(?! ?(?:数据中心|芯片|模型|平台|助手|服务器|工厂|公司|技术|业务|产品|算力|能力|应用|工具))"
)
_LIST = frozenset("、和与及跟")
# How much the shape model says, around the probability that says nothing.
SHAPE = 1.0
SHAPE_MEAN = 0.3
SURE_SHAPE = 0.85
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
    every = sorted({*lists.legal, *lists.trade, *lists.investor, *lists.media}, key=lambda w: (-len(w), w))
    return re.compile("(" + "|".join(map(re.escape, every)) + ")(公司)?")


@cache
def _never() -> frozenset[str]:
    """What is no company's name by itself."""
    lists = chinese()
    return lists.plain | lists.stop | lists.people | {*lists.trade, *lists.media, *modern_words()}


class HanNames:
    """The Chinese candidates of one passage and their scores."""

    def __init__(self, passage: Passage, scene: Scene, cut: Cut, known: Sequence[tuple[int, int]]) -> None:
        self._folded = passage.folded
        self._scene = scene
        self._cues = cues("zh")
        self._lists = chinese()
        self._segmenter = cut.segmenter
        self._known_starts: set[int] = {start for start, _ in known}
        self._known_ends = {end for _, end in known}
        self._inside = {i for start, end in known for i in range(start, end)}
        # A text that names no known company is rarely about companies.
        self._companies = bool(known) or len(self._folded) < 400
        han = HanWords(passage.folded, cut.words, cut.segmenter)
        self._words, self._weights, self._starts = han.words, han.weights, han.starts
        self._order = [w.start for w in self._words]
        for i, word in enumerate(self._words):
            if word.start in self._inside:
                self._weights[i] = CLOSED

    def find(self) -> list[NewName]:
        """The names, weighed twice: the second time those of the first are neighbours in lists too."""
        candidates = list(
            dict.fromkeys((*self._by_ending(), *self._by_media(), *self._by_form(), *self._by_word(), *self._by_cue()))
        )
        first = self._best(candidates)
        # Only what stands firm by itself vouches for its neighbours, or one mistake would run through a whole list.
        firm = [n for n in first if n.score >= FIRM]
        if not firm:
            return first
        self._known_starts |= {n.start for n in firm}
        self._known_ends |= {n.end for n in firm}
        return self._best(candidates)

    def _best(self, candidates: Sequence[Candidate]) -> list[NewName]:
        found = []
        for c in candidates:
            score = self._score(c.start, c.end, c.ending)
            if score >= THRESHOLD and self._inside.isdisjoint(range(c.start, c.end)):
                text = self._folded[c.start : c.end]
                end = c.end
                if match := _AI_BEHIND.match(self._folded, end):
                    end, text = match.end(), self._folded[c.start : match.end()]
                found.append(NewName(c.start, end, _without_legal(text), c.kind or _kind(text), score))
        best: list[NewName] = []
        taken: set[int] = set()
        for name in sorted(found, key=lambda n: (-n.score, n.start - n.end)):
            if taken.isdisjoint(range(name.start, name.end)):
                taken.update(range(name.start, name.end))
                best.append(name)
        return sorted(best, key=lambda n: n.start)

    # -- candidates

    def _by_ending(self) -> Iterator[Candidate]:
        for match in _endings().finditer(self._folded):
            start, end = match.span()
            if end not in self._starts or start in self._inside:
                continue
            core = ""
            legal = match.group(1) in self._lists.legal
            i = bisect_right(self._order, start) - 1
            start = self._order[i]
            if start < match.start():
                core = self._folded[start : match.start()]
                if self._weights[i] == CLOSED or (not legal and self._segmenter.has_word(self._words[i].text)):
                    continue
            first, core = self._left_edge(i, core, legal)
            if not core or core in self._lists.plain:
                continue
            words = range(first, i)
            # 日本制铁公司 is a name, 中国科技 is not.
            if (
                not legal
                and words
                and all(self._words[k].text in self._lists.plain or self._is_place(k) for k in words)
            ):
                if match.group(2) is not None and all(map(self._is_place, words)):
                    yield Candidate(self._words[first].start, end, "company", ending=True)
                continue
            yield Candidate(self._words[first].start if first < i else start, end, None, ending=True)

    def _left_edge(self, i: int, core: str, legal: bool) -> tuple[int, str]:
        """The first word of a name that ends before word `i`, and its text."""
        while i > 0:
            word = self._words[i - 1]
            if self._weights[i - 1] == CLOSED or len(core) + len(word.text) > (LONGEST_LEGAL if legal else LONGEST):
                break
            verb = (
                word.tag in STOP_TAGS
                and self._weights[i - 1] < UNKNOWN
                and not (word.tag == "v" and not core and len(word.text) == 1)
            )
            if not legal and (verb or (core and (self._is_place(i - 1) or self._weights[i - 1] < 0.2))):
                break
            core = word.text + core
            i -= 1
        return i, core

    def _is_place(self, i: int) -> bool:
        """Whether the dictionary calls a word a place; the tag of a word outside it is a guess."""
        return self._words[i].tag == "ns" and len(self._words[i].text) > 1 and self._weights[i] < UNKNOWN

    def _by_media(self) -> Iterator[Candidate]:
        for match in _MEDIA.finditer(self._folded):
            text = match.group(1)
            if _HAN.fullmatch(text) and not _NO_MEDIA.search(text):
                yield Candidate(match.start(1), match.end(1), "media", ending=True)

    def _by_form(self) -> Iterator[Candidate]:
        """Runs of words that look like names by themselves."""
        first = 0
        for i, weight in enumerate((*self._weights, CLOSED)):
            if weight >= 0.2:
                continue
            if first < i:
                start, end = self._words[first].start, self._words[i - 1].end
                if 2 <= end - start <= 7:
                    yield Candidate(start, end, None, ending=False)
            first = i + 1

    def _by_word(self) -> Iterator[Candidate]:
        """Single words of the dictionary that are not common; the context has to speak for them (微软, 苹果)."""
        for word, weight in zip(self._words, self._weights, strict=True):
            if 0.0 <= weight < 0.2 and 2 <= len(word.text) <= 4:
                yield Candidate(word.start, word.end, None, ending=False)

    def _by_cue(self) -> Iterator[Candidate]:
        """Up to four open words that a strong cue or a list introduces and a stop ends."""
        words, weights = self._words, self._weights
        introduced = {m.end() for m in _INTRODUCTION.finditer(self._folded)}
        introduced |= {end + 1 for end in self._known_ends if self._folded[end : end + 1] in _LIST}
        for start in sorted(introduced):
            i = self._starts.get(start, len(words))
            j = i
            while j < len(words) and j < i + 4 and weights[j] > FUNCTION and words[j].end - start <= 8:
                j += 1
                if right_of(self._folded, words[j - 1].end, "zh") == 2:
                    break
            if j > i and words[j - 1].end - start >= 2:
                yield Candidate(start, words[j - 1].end, None, ending=False)

    # -- weights

    def _score(self, start: int, end: int, ending: bool) -> float:
        folded, lists = self._folded, self._lists
        text = folded[start:end]
        if text.endswith(lists.legal):
            return 5.0
        if text in _never():
            return 0.0
        if not ending and text.endswith(lists.no_company) and (len(text) > 2 or text in lists.no_company):
            return 0.0
        weights = self._weights_of(start, end - 2 if ending and text.endswith("公司") else end)
        if min(weights) <= FUNCTION or (len(weights) == 1 and weights[0] < 0):
            return 0.0
        best = max(weights)
        siblings = count_siblings(folded, start, end, self._known_starts, self._known_ends)
        # Common words need a company beside them; rarer ones that, a strong cue or the shape of a name.
        if best < 0.0 and not siblings and not (ending and text.endswith(lists.sure)):
            return 0.0
        shape = name_shape(text)
        right = right_of(folded, end, "zh")
        score = (
            self._form(text, weights, ending, shape) + SHAPE * (shape - SHAPE_MEAN) + SIBLING[siblings] + WORTH[right]
        )
        if glosses(folded, start, end, self._known_starts, self._known_ends):
            score += GLOSS
        # What stands before it, the head of a clause and the vocabulary add 1.4 at most and cost more to find out.
        if score + 1.4 < THRESHOLD:
            return score
        before = before_of(folded, start, "zh")
        left = left_of(before, "zh")
        if best < NAMED and not ending and not siblings and max(left, right) < 2 and shape < SURE_SHAPE:
            return 0.0
        score += WORTH[left]
        # A list says nothing by itself: of what, its other members say.
        if left == 1 and folded[start - 1] in "、和及":
            score -= WORTH[1]
        if right == 1 and folded[end] in _LIST:
            score -= WORTH[1]
        if start in self._known_ends:
            score -= 0.8
        if folded[start - 1 : start] == "《" and folded[end : end + 1] == "》" and not media_before(before, "zh"):
            score -= 1.2
        if not self._companies:
            score -= 0.3
        # The rest costs more to find out and adds 0.4 at most.
        if score + 0.4 < THRESHOLD:
            return score
        score += 0.2 if self._scene.speaks_of_business(start) else -0.2
        if heads_clause(folded, start):
            score += 0.2
        return score if ending else score - self._person(text, start, end)

    def _weights_of(self, start: int, end: int) -> list[float]:
        i = self._starts.get(start)
        if i is None:
            return [UNKNOWN]
        found = []
        while i < len(self._words) and self._words[i].end <= end:
            found.append(self._weights[i])
            i += 1
        return found or [UNKNOWN]

    def _form(self, text: str, weights: list[float], ending: bool, shape: float) -> float:
        """What the name looks like, whatever stands around it."""
        best = max(weights)
        score = (
            0.7 if best >= UNKNOWN else 0.5 if best >= SCARCE else 0.4 if best >= NAMED else 0.1 if best > 0 else 0.0
        )
        if not ending:
            if len(weights) > 1 and best < 0.2:
                score -= 0.3
            return score - 0.4 if min(weights) < 0 else score
        named = max(weights[:-1] or weights) >= 0.2
        if text.endswith(self._lists.media):
            score += 0.4
        else:
            score += 0.7 if named else 0.4 if text.endswith(self._lists.sure) or shape >= SURE_SHAPE else 0.0
        return score + 0.3 if text.endswith(self._lists.investor) else score

    def _person(self, text: str, start: int, end: int) -> float:
        """How far the name looks like a person's."""
        folded = self._folded
        speaks = self._cues.speech.match(folded, end) is not None
        against = 0.3 if speaks else 0.0
        if len(text) == 2 and folded[start - 1 : start] in self._lists.surnames and start - 1 in self._starts:
            return 2.0
        if 2 <= len(text) <= 3 and text[0] in self._lists.surnames:
            against = (0.8 if len(text) == 3 else 0.4) + (0.6 if speaks else 0.0)
        if self._cues.person_before.match(folded[max(0, start - 12) : start][::-1]):
            against += 1.0
        if self._cues.person_after.match(folded, end) or (start and folded[start - 1] in "·•"):
            against += 1.0
        return against


def _without_legal(text: str) -> str:
    for form in (*chinese().legal, "公司"):
        if text.endswith(form) and len(text) > len(form) + 1:
            return text[: -len(form)]
    return text


def _kind(text: str) -> Kind:
    lists = chinese()
    if text.endswith(lists.investor):
        return "investor"
    return "media" if text.endswith(lists.media) else "company"


def find_han_names(passage: Passage, scene: Scene, cut: Cut, known: Sequence[tuple[int, int]]) -> list[NewName]:
    """Chinese names outside the known spans that score at least THRESHOLD."""
    return HanNames(passage, scene, cut, known).find()
