"""Chinese names that no list knows: candidates weighed by their form and by what stands around them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from extractors.entities.company_ambiguous import Scene, heads_clause
from extractors.entities.company_context import WORTH, before_of, cues, left_of, media_before, right_of, sides
from extractors.entities.company_han_candidates import AI_BEHIND, LIST, Candidate, HanCandidates
from extractors.entities.company_han_words import CLOSED, FUNCTION, NAMED, SCARCE, UNKNOWN, HanWords
from extractors.entities.company_known import Segmented
from extractors.entities.company_new import (
    FIRM,
    GLOSS,
    SIBLING,
    THRESHOLD,
    Beside,
    NewName,
    Spans,
    count_siblings,
    glosses,
)
from extractors.entities.passage import Passage
from extractors.language.zh import modern_words
from extractors.lexicons.name_shape import name_shape
from extractors.lexicons.name_words import chinese
from extractors.model import Kind

# How much the shape model says, around the probability that says nothing.
SHAPE = 1.0
SHAPE_MEAN = 0.3
SURE_SHAPE = 0.85
# What the words of a candidate, the head of a clause and the vocabulary can add; and how far such sums may be off.
_MOST_FORM = 0.7
_MOST_SCENE = 0.4
_SLACK = 1e-6


@cache
def _never() -> frozenset[str]:
    """What is no company's name by itself."""
    lists = chinese()
    return lists.plain | lists.stop | lists.people | {*lists.trade, *lists.media, *modern_words()}


class _Written(NamedTuple):
    """What the characters of a candidate say, wherever it stands."""

    legal: bool
    never: bool
    no_company: bool
    """Whether its ending says that it is none, unless it is an ending of names."""
    sure: bool
    media: bool
    investor: bool


@lru_cache(maxsize=1 << 14)
def _written(text: str) -> _Written:
    lists = chinese()
    return _Written(
        text.endswith(lists.legal),
        text in _never(),
        text.endswith(lists.no_company) and (len(text) > 2 or text in lists.no_company),
        text.endswith(lists.sure),
        text.endswith(lists.media),
        text.endswith(lists.investor),
    )


@lru_cache(maxsize=1 << 14)
def _most_alone(text: str) -> float:
    """What a candidate without a usual ending can score at most, its sides apart."""
    if text.endswith(chinese().legal):
        return 5.0
    return _MOST_FORM + SHAPE * (name_shape(text) - SHAPE_MEAN) + _MOST_SCENE + _SLACK


class HanNames:
    """The Chinese candidates of one passage and their scores."""

    def __init__(self, passage: Passage, scene: Scene, cut: Segmented, known: Sequence[tuple[int, int]]) -> None:
        self._folded = passage.folded
        self._scene = scene
        self._cues = cues("zh")
        self._lists = chinese()
        self._known = Spans(known)
        self._starts, self._ends = set(self._known.starts), set(self._known.ends)
        self._beside, self._sides = Beside(self._starts, self._ends, len(self._folded)), sides("zh")
        # A text that names no known company is rarely about companies.
        self._companies = bool(known) or len(self._folded) < 400
        self._right: dict[int, int] = {}
        self._before: dict[int, tuple[str, int]] = {}
        han = HanWords(passage.folded, cut)
        for start, end in self._known.spans:
            for i in han.within(start, end):
                han.weights[i] = CLOSED
        self._han, self._order, self._weights = han, han.order, han.weights
        self._candidates = HanCandidates(self._folded, han, cut.segmenter, self._known, self._right_of)

    def find(self) -> list[NewName]:
        """The names, weighed twice: the second time those of the first are neighbours in lists too."""
        candidates = self._candidates.find()
        scores = [self._score(*c) for c in candidates]
        first = self._best(candidates, scores)
        # Only what stands firm by itself vouches for its neighbours, or one mistake would run through a whole list.
        firm = [n for n in first if n.score >= FIRM]
        if not firm:
            return first
        starts, ends = {n.start for n in firm}, {n.end for n in firm}
        self._starts |= starts
        self._ends |= ends
        self._beside = Beside(self._starts, self._ends, len(self._folded))
        added = Beside(starts, ends, len(self._folded))
        for i, c in enumerate(candidates):
            if added.near(c.start, c.end) or c.start in ends:
                scores[i] = self._score(*c)
        return self._best(candidates, scores)

    def _best(self, candidates: Sequence[Candidate], scores: Sequence[float]) -> list[NewName]:
        found = []
        for c, score in zip(candidates, scores, strict=True):
            if score >= THRESHOLD and not self._known.overlap(c.start, c.end):
                text = self._folded[c.start : c.end]
                end = c.end
                if match := AI_BEHIND.match(self._folded, end):
                    end, text = match.end(), self._folded[c.start : match.end()]
                found.append(NewName(c.start, end, _without_legal(text), c.kind or _kind(text), score))
        best: list[NewName] = []
        taken: set[int] = set()
        for name in sorted(found, key=lambda n: (-n.score, n.start - n.end)):
            if taken.isdisjoint(range(name.start, name.end)):
                taken.update(range(name.start, name.end))
                best.append(name)
        return sorted(best, key=lambda n: n.start)

    def _right_of(self, end: int) -> int:
        """The evidence behind an offset, which several candidates share."""
        found = self._right.get(end)
        if found is None:
            found = self._right[end] = right_of(self._folded, end, "zh")
        return found

    def _left_of(self, start: int) -> tuple[str, int]:
        """The reversed text before an offset and its evidence."""
        found = self._before.get(start)
        if found is None:
            before = before_of(self._folded, start, "zh")
            found = self._before[start] = (before, left_of(before, "zh"))
        return found

    def _score(self, start: int, end: int, kind: Kind | None, ending: bool) -> float:
        folded = self._folded
        text = folded[start:end]
        # What the two sides can be worth at most is told by a few characters, and leaves few candidates.
        most_right, most_left = self._sides.most_right(folded, end), self._sides.most_left(folded, start)
        alone = not self._beside.near(start, end)
        if alone and not ending and most_right + most_left + _most_alone(text) < THRESHOLD:
            return 0.0
        written = _written(text)
        if written.legal:
            return 5.0
        if written.never or (written.no_company and not ending):
            return 0.0
        weights = self._weights_of(start, end - 2 if ending and text.endswith("公司") else end)
        if min(weights) <= FUNCTION or (len(weights) == 1 and weights[0] < 0):
            return 0.0
        best = max(weights)
        siblings = 0 if alone else count_siblings(folded, start, end, self._starts, self._ends)
        # Common words need a company beside them; rarer ones that, a strong cue or the shape of a name.
        if best < 0.0 and not siblings and not (ending and written.sure):
            return 0.0
        shape = name_shape(text)
        named = best >= NAMED or ending or siblings > 0 or shape >= SURE_SHAPE
        if not named and most_left < WORTH[2] and most_right < WORTH[2]:
            return 0.0
        right = self._right_of(end) if most_right else 0
        score = _form(written, weights, ending, shape) + SHAPE * (shape - SHAPE_MEAN) + SIBLING[siblings] + WORTH[right]
        if not alone and glosses(folded, start, end, self._starts, self._ends):
            score += GLOSS
        # What stands before it, the head of a clause and the vocabulary cost more to find out.
        if score + most_left + _MOST_SCENE + _SLACK < THRESHOLD:
            return score
        before, left = self._left_of(start) if most_left else ("", 0)
        if not named and left < 2 and right < 2:
            return 0.0
        score += WORTH[left]
        # A list says nothing by itself: of what, its other members say.
        if left == 1 and folded[start - 1] in "、和及":
            score -= WORTH[1]
        if right == 1 and folded[end] in LIST:
            score -= WORTH[1]
        if start in self._ends:
            score -= 0.8
        if (
            folded[start - 1 : start] == "《"
            and folded[end : end + 1] == "》"
            and not media_before(before or before_of(folded, start, "zh"), "zh")
        ):
            score -= 1.2
        if not self._companies:
            score -= 0.3
        # The rest costs more to find out and adds 0.4 at most.
        if score + _MOST_SCENE + _SLACK < THRESHOLD:
            return score
        score += 0.2 if self._scene.speaks_of_business(start) else -0.2
        if heads_clause(folded, start):
            score += 0.2
        return score if ending else score - self._person(text, start, end)

    def _weights_of(self, start: int, end: int) -> list[float]:
        i = self._han.at(start)
        if i is None:
            return [UNKNOWN]
        j = i
        while j < len(self._weights) and self._order[j + 1] <= end:
            j += 1
        return self._weights[i:j] or [UNKNOWN]

    def _person(self, text: str, start: int, end: int) -> float:
        """How far the name looks like a person's."""
        folded = self._folded
        speaks = self._cues.speech.match(folded, end) is not None
        against = 0.3 if speaks else 0.0
        if len(text) == 2 and folded[start - 1 : start] in self._lists.surnames and self._han.at(start - 1) is not None:
            return 2.0
        if 2 <= len(text) <= 3 and text[0] in self._lists.surnames:
            against = (0.8 if len(text) == 3 else 0.4) + (0.6 if speaks else 0.0)
        if self._cues.person_before.match(folded[max(0, start - 12) : start][::-1]):
            against += 1.0
        if self._cues.person_after.match(folded, end) or (start and folded[start - 1] in "·•"):
            against += 1.0
        return against


def _form(written: _Written, weights: list[float], ending: bool, shape: float) -> float:
    """What the name looks like, whatever stands around it."""
    best = max(weights)
    score = 0.7 if best >= UNKNOWN else 0.5 if best >= SCARCE else 0.4 if best >= NAMED else 0.1 if best > 0 else 0.0
    if not ending:
        if len(weights) > 1 and best < 0.2:
            score -= 0.3
        return score - 0.4 if min(weights) < 0 else score
    named = max(weights[:-1] or weights) >= 0.2
    if written.media:
        score += 0.4
    else:
        score += 0.7 if named else 0.4 if written.sure or shape >= SURE_SHAPE else 0.0
    return score + 0.3 if written.investor else score


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


def find_han_names(passage: Passage, scene: Scene, cut: Segmented, known: Sequence[tuple[int, int]]) -> list[NewName]:
    """Chinese names outside the known spans that score at least THRESHOLD."""
    return HanNames(passage, scene, cut, known).find()
