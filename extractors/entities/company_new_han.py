"""Chinese names that no list knows: endings with a sound left edge, and words outside the dictionary between cues.

Candidates come three ways: a run of words before an ending (绿洲资本, 上海某某科技股份有限公司); a run of words that
look like a name, because the dictionary lacks them or calls them names; and what stands between a strong cue and the
next stop (初创公司X完成融资). Each is weighed by its form and by what stands around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from extractors.entities.company_ambiguous import CLAUSE, Scene
from extractors.entities.company_context import cues, evidence
from extractors.entities.company_known import Cut
from extractors.entities.company_new_latin import THRESHOLD, NewName, has_sibling
from extractors.entities.passage import Passage
from extractors.language.zh import Word, modern_words
from extractors.lexicons.name_words import chinese
from extractors.model import Kind

_HAN = re.compile(r"[\u3400-\u9fff]+")
# Tags of jieba's dictionary that a part of a name may have.
_NAME_TAGS = frozenset({"nz", "nt", "nr", "nrt", "nrfg", "nrf", "j", "x"})
_STOP_TAGS = frozenset(
    {
        "p",
        "c",
        "u",
        "uj",
        "ul",
        "ud",
        "uv",
        "uz",
        "ug",
        "d",
        "r",
        "m",
        "mq",
        "q",
        "t",
        "f",
        "y",
        "e",
        "v",
        "vd",
        "ad",
        "zg",
    }
)
_MEDIA = re.compile(
    r"(?:据|根据|援引|引述)《?([^，。、；：“”《》\s的]{2,8}?)》?(?:\d+[月日号]*)*(?:最新|独家|此前|今日|昨日)?(?:报道|消息|获悉|披露|爆料|引述|援引)"
)
_NUMBER = re.compile(r"[\d\s万亿千百十多余几数]")
# Counts in jieba's dictionary below and above which a word is rare, and common.
RARE = 60
COMMON = 3000
_LIST = frozenset("、和与及跟")
# From which score on a new name vouches for its neighbours in a list.
FIRM = 1.7
# How far a name goes to the left of its ending.
LONGEST = {"legal": 18, "trade": 5}


@cache
def _endings() -> re.Pattern[str]:
    lists = chinese()
    every = sorted({*lists.legal, *lists.trade, *lists.investor, *lists.media}, key=lambda w: (-len(w), w))
    return re.compile("(" + "|".join(map(re.escape, every)) + ")(公司)?")


class HanNames:
    """The Chinese candidates of one passage and their scores."""

    def __init__(self, passage: Passage, scene: Scene, cut: Cut, known: Sequence[tuple[int, int]]) -> None:
        self._folded = passage.folded
        self._scene = scene
        self._cues = cues("zh")
        self._lists = chinese()
        self._cut = cut
        self._known_starts: set[int] = {start for start, _ in known}
        self._known_ends = {end for _, end in known}
        self._inside = {i for start, end in known for i in range(start, end)}
        # A text that names no known company is rarely about companies.
        self._companies = bool(known) or len(self._folded) < 400
        self._words = self._words_of()
        self._starts = {w.start: i for i, w in enumerate(self._words)}
        self._starts[len(self._folded)] = len(self._words)

    def _words_of(self) -> list[Word]:
        """The cut, with function characters taken off the words that only the HMM made up (向英, 用潞)."""
        words = []
        for word in self._cut.words:
            start, text = word.start, word.text
            if len(text) > 1 and _HAN.fullmatch(text) and not self._cut.segmenter.has_word(text):
                while len(text) > 1 and (
                    text[0] in self._lists.function
                    or (text[0] in self._lists.measures and start and _NUMBER.match(self._folded, start - 1))
                ):
                    words.append(Word(start, start + 1, text[0], "p"))
                    start, text = start + 1, text[1:]
                if len(text) > 2 and text[-1] in self._lists.function:
                    words.append(Word(start, start + len(text) - 1, text[:-1], word.tag))
                    start, text = start + len(text) - 1, text[-1]
            words.append(Word(start, start + len(text), text, word.tag))
        return words

    def find(self) -> list[NewName]:
        """The names, found twice: the second time those of the first are neighbours in lists too."""
        first = self._find()
        if not first:
            return first
        # Only what stands firm by itself vouches for its neighbours, or one mistake would run through a whole list.
        firm = [n for n in first if n.score >= FIRM]
        self._known_starts |= {n.start for n in firm}
        self._known_ends |= {n.end for n in firm}
        return self._find()

    def _find(self) -> list[NewName]:
        found: dict[tuple[int, int], NewName] = {}
        for start, end, kind in (*self._by_ending(), *self._by_media()):
            self._add(found, start, end, kind, ending=True)
        for start, end in (*self._by_form(), *self._by_word(), *self._by_cue()):
            self._add(found, start, end, None, ending=False)
        best: list[NewName] = []
        taken: set[int] = set()
        for name in sorted(found.values(), key=lambda n: (-n.score, n.start - n.end)):
            if taken.isdisjoint(range(name.start, name.end)):
                taken.update(range(name.start, name.end))
                best.append(name)
        return sorted(best, key=lambda n: n.start)

    def _add(
        self, found: dict[tuple[int, int], NewName], start: int, end: int, kind: Kind | None, ending: bool
    ) -> None:
        if (start, end) in found or not self._inside.isdisjoint(range(start, end)):
            return
        score = self._score(start, end, ending)
        if score >= THRESHOLD:
            text = self._folded[start:end]
            found[start, end] = NewName(start, end, _without_legal(text), kind or _kind(text), score)

    def _open(self, word: Word) -> bool:
        """Whether a word can be part of a name at all."""
        return (
            _HAN.fullmatch(word.text) is not None and word.start not in self._inside and word.text not in chinese().stop
        )

    def _weight(self, word: Word) -> float:
        """How far a word looks like a name: 1 unknown, 0.5 a name or rare, 0 a common word, -1 a function word."""
        text = word.text
        if len(text) == 1:
            if word.tag in _STOP_TAGS or text in self._lists.function:
                return -1.0
            return {"n": 0.2, "a": 0.0, "b": 0.0}.get(word.tag, 0.5)
        if any(c in self._lists.function for c in text):
            return -1.0
        if not self._cut.segmenter.has_word(text):
            return 1.0
        if text in modern_words() or text in chinese().plain:
            return -0.5
        if word.tag in _STOP_TAGS or word.tag in ("ns", "vn", "i", "l", "b", "z", "an", "s"):
            return -0.5
        count = self._cut.segmenter.suggest_freq(text)
        if count < RARE:
            return 0.8
        if word.tag in _NAME_TAGS:
            return 0.5
        return 0.0 if count < COMMON else -0.5

    def _new(self, word: Word) -> bool:
        """Whether a word looks like part of a name by itself."""
        return self._weight(word) >= 0.2

    # -- candidates

    def _by_ending(self) -> Iterator[tuple[int, int, Kind | None]]:
        lists = chinese()
        for match in _endings().finditer(self._folded):
            start, end = match.span()
            if end not in self._starts or start in self._inside:
                continue
            text = match.group(1)
            legal = text in lists.legal
            company = match.group(2) is not None
            core = ""
            while start not in self._starts:
                start -= 1
            i = self._starts[start]
            if start < match.start():
                core = self._folded[start : match.start()]
                word = self._words[i]
                if not self._open(word) or self._cut.segmenter.has_word(word.text):
                    continue
            limit = LONGEST["legal" if legal else "trade"]
            first = i
            while first > 0:
                word = self._words[first - 1]
                if not self._open(word) or len(core) + len(word.text) > limit:
                    break
                if not legal and (
                    (word.tag in _STOP_TAGS and not (word.tag == "v" and len(core) == 0 and len(word.text) == 1))
                    or (core and not self._new(word) and word.tag != "ns")
                    or (core and word.tag == "ns")
                ):
                    break
                core = word.text + core
                first -= 1
            if not core or core in lists.plain:
                continue
            words = self._words[first:i]
            # 日本制铁公司 is a name, 中国科技 is not.
            if not legal and words and all(w.text in lists.plain or w.tag == "ns" for w in words):
                if company and all(w.tag == "ns" for w in words):
                    yield words[0].start, end, "company"
                continue
            yield self._words[first].start if first < i else start, end, None

    def _by_media(self) -> Iterator[tuple[int, int, Kind | None]]:
        for match in _MEDIA.finditer(self._folded):
            text = match.group(1)
            if not re.search(
                r"媒|悉|记者|知情|官|公告|网友|本报|消息|外电|报告|人士|文件|调查|[a-z]", text
            ) and _HAN.fullmatch(text):
                yield match.start(1), match.end(1), "media"

    def _by_form(self) -> Iterator[tuple[int, int]]:
        run: list[Word] = []
        for word in (*self._words, Word(-1, -1, "", "x")):
            if word.text and self._open(word) and self._new(word) and (not run or run[-1].end == word.start):
                run.append(word)
                continue
            if run and 2 <= run[-1].end - run[0].start <= 7:
                yield run[0].start, run[-1].end
            run = [word] if word.text and self._open(word) and self._new(word) else []

    def _by_word(self) -> Iterator[tuple[int, int]]:
        """Single words of the dictionary that are not common; the context has to speak for them (微软, 苹果)."""
        for word in self._words:
            if 2 <= len(word.text) <= 4 and self._open(word) and 0.0 <= self._weight(word) < 0.2:
                yield word.start, word.end

    def _by_cue(self) -> Iterator[tuple[int, int]]:
        """Up to four open words that a strong cue or a list introduces and a stop ends."""
        words = self._words
        for i, word in enumerate(words):
            if not self._open(word) or not (i and self._introduced(word.start)):
                continue
            j = i
            while (
                j < len(words)
                and j < i + 4
                and self._open(words[j])
                and self._weight(words[j]) > -1.0
                and words[j].end - word.start <= 8
            ):
                j += 1
                if j == len(words) or not self._open(words[j]):
                    break
                if evidence(self._folded, word.start, words[j - 1].end, "zh").right == 2:
                    break
            if j > i and words[j - 1].end - word.start >= 2:
                yield word.start, words[j - 1].end

    def _introduced(self, start: int) -> bool:
        before = self._folded[start - 1]
        if before in "、":
            return True
        if before in "和与及":
            return start - 1 in self._known_ends
        return bool(_INTRODUCTION.search(self._folded, max(0, start - 8), start))

    # -- weights

    def _score(self, start: int, end: int, ending: bool) -> float:
        folded, lists = self._folded, chinese()
        text = folded[start:end]
        if any(text.endswith(form) for form in lists.legal):
            return 5.0
        if text in lists.plain or text in lists.stop or text in lists.people or text in modern_words():
            return 0.0
        if not ending and text.endswith(lists.no_company):
            return 0.0
        first = self._starts.get(start)
        words = [] if first is None else [w for w in self._words[first : first + 8] if w.end <= end]
        weights = [self._weight(w) for w in words] or [1.0]
        if min(weights) <= -1.0 or (len(words) == 1 and weights[0] < 0 and not ending):
            return 0.0
        proof = evidence(folded, start, end, "zh")
        score = proof.score
        # A list says nothing by itself: of what, its other members say.
        if proof.left == 1 and folded[start - 1] in _LIST:
            score -= 0.4
        if proof.right == 1 and folded[end] in _LIST:
            score -= 0.4
        best = max(weights)
        sibling = has_sibling(folded, start, end, self._known_starts, self._known_ends)
        # Common words need a strong cue, or a company beside them.
        if not ending and not sibling and (best < 0.0 or (best < 0.5 and max(proof.left, proof.right) < 2)):
            return 0.0
        score += 0.7 if best >= 1.0 else 0.5 if best >= 0.8 else 0.4 if best >= 0.5 else 0.1 if best >= 0.2 else 0.0
        if not ending and len(words) > 1 and best < 0.2:
            score -= 0.3
        if not ending and min(weights) < 0:
            score -= 0.4
        if ending:
            core = weights[:-1] or weights
            named = max(core) >= 0.2
            if text.endswith(lists.media):
                score += 0.4
            else:
                score += 0.7 if named else 0.4 if text.endswith(lists.sure) else 0.0
            score += 0.3 if text.endswith(lists.investor) else 0.0
        if 2 <= len(text) <= 3 and text[0] in lists.surnames and not ending:
            score -= 0.8 if len(text) == 3 else 0.4
            if self._cues.speech.match(folded, end):
                score -= 0.6
        elif not ending and self._cues.speech.match(folded, end):
            score -= 0.3
        head = folded[max(0, start - 12) : start]
        if self._cues.person_before.search(head):
            score -= 1.0
        if self._cues.person_after.match(folded, end) or head[-1:] in ("·", "•"):
            score -= 1.0
        if start in self._known_ends:
            score -= 0.8
        if sibling:
            score += 0.6
        score += 0.2 if self._scene.speaks_of_business(start) else -0.2
        if not self._companies:
            score -= 0.3
        if CLAUSE.search(folded, max(0, start - 4), start):
            score += 0.2
        return score


_INTRODUCTION = re.compile(
    r"(?:(?:初创|创业|科技|软件|芯片|半导体|互联网|子|母|安全|机器人|智能|驾驶|AI)(?:公司|企业)|新创|独角兽|创企|巨头|大厂|厂商|龙头|券商|基金|机构|平台|运营商|供应商|制造商|创立|创办|旗下)[\s“「]?$"
)


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
