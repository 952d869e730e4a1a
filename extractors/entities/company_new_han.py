"""Chinese names that no list knows: endings with a sound left edge, and words outside the dictionary between cues.

Candidates come three ways: a run of words before an ending (绿洲资本, 上海某某科技股份有限公司); a run of words that look like
a name, because the dictionary lacks them or calls them names; and what stands between a strong cue and the next stop
(初创公司X完成融资). Each is weighed by its form and by what stands around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from extractors.entities.company_ambiguous import SURNAMES, Scene
from extractors.entities.company_context import evidence
from extractors.entities.company_known import Cut
from extractors.entities.company_new_latin import THRESHOLD, NewName, has_sibling
from extractors.entities.passage import Passage
from extractors.language.zh import Word
from extractors.lexicons.name_words import chinese
from extractors.model import Kind

_HAN = re.compile(r"[\u3400-\u9fff]+")
# Tags of jieba's dictionary that a part of a name may have.
_NAME_TAGS = frozenset({"nz", "nt", "nr", "nrt", "nrfg", "nrf", "j", "x"})
_STOP_TAGS = frozenset({"p", "c", "u", "uj", "ul", "ud", "uv", "uz", "ug", "d", "r", "m", "mq", "q", "t", "f", "y", "e", "v", "vd", "ad", "zg"})
_NO_COMPANY = re.compile(
    r"(?:大学|学院|中学|小学|研究院|研究所|研究中心|委员会|委|部|局|厅|署|协会|联盟|政府|法院|检察院|央行|基金会|交易所|指数|省|市|县|区|镇|州|国|人|族|语|奖|杯|赛|法案|条例|"
    r"计划|项目|工程|路|街|桥|站|港|机场|岛|山|河|湖|海|系列|手机|电脑|芯片|模型|元|日|月|年|点|时|们|者|员|家|师|长|户|性|化|率|量|期|款|版|式|型|类|级|层|端|侧|板块|概念股)$"
)
_SPEECH = re.compile(r"(?:\s?（[^）]*）)?(?:近日|今日|还|也|则|曾|随后|此前|强调|补充)?(?:表示|称|说|认为|指出|透露|坦言|强调|直言|写道|告诉|回忆|预言|在)")
_MEDIA = re.compile(r"(?:据|根据|援引|引述)《?([^，。、；：“”《》\s的]{2,8}?)》?(?:\d+[月日号]*)*(?:最新|独家|此前|今日|昨日)?(?:报道|消息|获悉|披露|爆料|引述|援引)")
_TITLE_BEFORE = re.compile(
    r"(?:CEO|CTO|CFO|COO|创始人|创办人|分析师|总裁|主管|负责人|记者|教授|博士|董事长|工程师|科学家|经理|总监|执行官|主席|律师|作者|专家|投资人|员工|官员|研究员|首席\w{2,4}|总统|总理|部长|首相|"
    r"司长|市长|州长|议员|发言人|院士|先生|女士|主任|局长|校长|院长|演员|歌手)[\s（(]*$"
)
_FOREIGN = re.compile(r"[·•]")
# How far a name goes to the left of its ending.
LONGEST = {"legal": 18, "trade": 5}


@cache
def _endings() -> re.Pattern[str]:
    lists = chinese()
    every = sorted({*lists.legal, *lists.trade, *lists.investor, *lists.media}, key=lambda w: (-len(w), w))
    return re.compile("(?:" + "|".join(map(re.escape, every)) + ")")


class HanNames:
    """The Chinese candidates of one passage and their scores."""

    def __init__(self, passage: Passage, scene: Scene, cut: Cut, known: Sequence[tuple[int, int]]) -> None:
        self._folded = passage.folded
        self._scene = scene
        self._cut = cut
        self._known_starts = {start for start, _ in known}
        self._known_ends = {end for _, end in known}
        self._inside = {i for start, end in known for i in range(start, end)}

    def find(self) -> list[NewName]:
        found: dict[tuple[int, int], NewName] = {}
        for start, end, kind in (*self._by_ending(), *self._by_media()):
            self._add(found, start, end, kind, ending=True)
        for start, end in (*self._by_form(), *self._by_cue()):
            self._add(found, start, end, None, ending=False)
        best: list[NewName] = []
        taken: set[int] = set()
        for name in sorted(found.values(), key=lambda n: (-n.score, n.start - n.end)):
            if taken.isdisjoint(range(name.start, name.end)):
                taken.update(range(name.start, name.end))
                best.append(name)
        return sorted(best, key=lambda n: n.start)

    def _add(self, found: dict[tuple[int, int], NewName], start: int, end: int, kind: Kind | None, ending: bool) -> None:
        if (start, end) in found or not self._inside.isdisjoint(range(start, end)):
            return
        score = self._score(start, end, ending)
        if score >= THRESHOLD:
            text = self._folded[start:end]
            found[start, end] = NewName(start, end, _without_legal(text), kind or _kind(text), score)

    def _open(self, word: Word) -> bool:
        """Whether a word can be part of a name at all."""
        return (
            _HAN.fullmatch(word.text) is not None
            and word.start not in self._inside
            and word.text not in chinese().stop
        )

    def _new(self, word: Word) -> bool:
        """Whether the dictionary lacks a word or calls it a name."""
        if len(word.text) == 1:
            return word.tag not in _STOP_TAGS and word.tag not in ("n", "a")
        return not self._cut.segmenter.has_word(word.text) or word.tag in _NAME_TAGS

    # -- candidates

    def _by_ending(self) -> Iterator[tuple[int, int, Kind | None]]:
        lists, cut = chinese(), self._cut
        for match in _endings().finditer(self._folded):
            start, end = match.span()
            if end not in cut.starts or start in self._inside:
                continue
            text = match.group()
            legal = text in lists.legal
            i = cut.starts.get(start)
            if i is None:
                word = cut.covering(start)
                assert word is not None
                start, i = word.start, cut.starts[word.start]
                core = self._folded[start : match.start()]
                if not self._open(word) or self._cut.segmenter.has_word(word.text):
                    continue
            else:
                core = ""
            limit = LONGEST["legal" if legal else "trade"]
            first = i
            while first > 0:
                word = cut.words[first - 1]
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
            words = cut.words[first:i]
            if not legal and all(w.text in lists.plain or w.tag == "ns" for w in words) and words:
                continue
            yield cut.words[first].start if first < i else start, end, None

    def _by_media(self) -> Iterator[tuple[int, int, Kind | None]]:
        for match in _MEDIA.finditer(self._folded):
            text = match.group(1)
            if not re.search(r"媒|悉|记者|知情|官|公告|网友|本报|消息|外电|报告|人士|文件|调查|[a-z]", text) and _HAN.fullmatch(text):
                yield match.start(1), match.end(1), "media"

    def _by_form(self) -> Iterator[tuple[int, int]]:
        run: list[Word] = []
        for word in (*self._cut.words, Word(-1, -1, "", "x")):
            if word.text and self._open(word) and self._new(word) and (not run or run[-1].end == word.start):
                run.append(word)
                continue
            if run and 2 <= run[-1].end - run[0].start <= 7:
                yield run[0].start, run[-1].end
            run = [word] if word.text and self._open(word) and self._new(word) else []

    def _by_cue(self) -> Iterator[tuple[int, int]]:
        """Up to four open words that a strong cue or a list introduces and a stop ends."""
        words = self._cut.words
        for i, word in enumerate(words):
            if not self._open(word) or not (i and self._introduced(word.start)):
                continue
            j = i
            while j < len(words) and j < i + 4 and self._open(words[j]) and words[j].end - word.start <= 8:
                j += 1
                if j == len(words) or not self._open(words[j]):
                    break
                if evidence(self._folded, word.start, words[j - 1].end, "zh").right == 2:
                    break
            if words[j - 1].end - word.start >= 2:
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
            return 2.0
        if _NO_COMPANY.search(text) or text in lists.plain or text in lists.stop:
            return 0.0
        first = self._cut.starts.get(start)
        words = [] if first is None else [w for w in self._cut.words[first : first + 6] if w.end <= end]
        proof = evidence(folded, start, end, "zh")
        score = proof.score
        if len(words) == 1 and self._cut.segmenter.has_word(text):
            score += {"nz": 0.5, "nt": 0.5, "nr": 0.3, "nrt": 0.3, "j": 0.3}.get(words[0].tag, 0.0)
            if words[0].tag in ("ns", "v", "vn", "a", "d", "t", "i", "l", "b"):
                return 0.0
        elif any(len(w.text) > 1 and not self._cut.segmenter.has_word(w.text) for w in words) or not words:
            score += 0.7
        else:
            score += 0.4 if len(words) > 1 and any(self._new(w) for w in words) else 0.2
        if ending:
            score += 0.7 if text.endswith(lists.investor) or not text.endswith(lists.media) else 0.4
        if 2 <= len(text) <= 3 and text[0] in SURNAMES and not ending:
            score -= 0.5
            if _SPEECH.match(folded, end):
                score -= 0.6
        elif not ending and _SPEECH.match(folded, end):
            score -= 0.3
        head = folded[max(0, start - 12) : start]
        if _TITLE_BEFORE.search(head):
            score -= 1.0
        if _FOREIGN.match(folded, end) or (start and _FOREIGN.match(folded, start - 1)):
            score -= 1.0
        if start in self._known_ends:
            score -= 0.8
        if has_sibling(folded, start, end, self._known_starts, self._known_ends):
            score += 0.6
        if self._scene.speaks_of_business(start):
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
