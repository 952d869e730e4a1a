"""Names in Latin letters that no list knows: runs of capitalised words, weighed by their form and their context.

Used for English text, and for the Latin words inside Chinese text. Most runs are no names: each is dropped as soon as
it can't reach the threshold any more, and what costs most to find out is asked last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.entities.company_ambiguous import Scene, heads_clause
from extractors.entities.company_context import WORTH, before_of, cues, left_of, media_before, right_of, sides
from extractors.entities.company_new import GLOSS, SIBLING, THRESHOLD, Beside, NewName, Spans, count_siblings, glosses
from extractors.entities.company_suffix import LEGAL_EN, with_suffix
from extractors.entities.latin_words import LatinWord, Piece, form_alone, latin_word, pieces, runs, word_at
from extractors.entities.passage import Passage
from extractors.lexicons.name_words import english
from extractors.model import Kind, Lang

# How many words a name has at most.
LONGEST = 9
# What the head of a clause and the vocabulary of its sentence can add; and how far sums of such numbers may be off.
_MOST_CLAUSE = 0.2
_MOST_SCENE = 0.2
_SLACK = 1e-6

_VERSION_AFTER = re.compile(
    r" [A-Z]{1,4}\d|-[A-Z0-9]|[ -]v?\d+(?:\.\d+)?[A-Za-z]?\b"
    r"(?! ?(?:percent|%|million|billion|trillion|times|years|months|days|people|employees)|[,.]?\d)"
)
_POSSESSIVE_BEFORE = re.compile(r"(?:'s?|的)\s?$")
_ARTICLE_BEFORE = re.compile(r" (?:eh[Tt]|n?[Aa])\b")
_INITIAL = re.compile(r"[A-Z]\.?")
_AI_NOUN = re.compile(
    r" (?:chips?|accelerators?|models?|GPUs?|cards?|servers?|assistants?|processors?|systems?|agents?)\b"
    r"|\s?(?:数据中心|芯片|模型|大模型|平台|助手|服务器|工厂|加速器|超级)"
)


class LatinNames:
    """The candidates of one passage and their scores."""

    def __init__(self, passage: Passage, scene: Scene, known: Sequence[tuple[int, int]]) -> None:
        self._folded = passage.folded
        self._lang: Lang = passage.lang
        self._english = passage.lang == "en"
        self._scene = scene
        self._cues = cues(passage.lang)
        self._sides = sides(passage.lang)
        self._known = Spans(known)
        self._beside = Beside(self._known.starts, self._known.ends, len(passage.folded))
        self._least = THRESHOLD - _SLACK - _MOST_SCENE - (0 if self._english else _MOST_CLAUSE)
        self._people: set[str] = set()

    def find(self) -> list[NewName]:
        candidates: list[list[Piece]] = []
        for start, run in runs(self._folded):
            if " " in run:
                for words in self._split(start, run):
                    if self._is_person(words):
                        self._people.add(words[-1].text)
                    else:
                        candidates.append(words)
                continue
            word = latin_word(run)
            if word.dead:
                continue
            end = start + len(run)
            if (self._english and self._is_hopeless(start, end, run, word)) or self._known.overlap(start, end):
                continue
            if not (word.weak and self._in_headline(start)):
                candidates.append([Piece(start, run, word)])
        weighed = map(self._weigh, candidates)
        return [name for name in weighed if name is not None and name.score >= THRESHOLD]

    def _is_hopeless(self, start: int, end: int, text: str, word: LatinWord) -> bool:
        """Whether an English word can't reach the threshold, by a few characters on both sides of it.

        No other capitalised word follows it, so a legal form has a comma before it or is a small one.
        """
        folded, sides = self._folded, self._sides
        most = word.form_en + sides.most_right(folded, end) + sides.most_left(folded, start)
        return (
            most < self._least
            and (most + 0.4 < self._least or not (word.legal or self._owns(text, end)))
            and not self._beside.near(start, end)
            and not folded.startswith((",", " plc"), end)
        )

    def _owns(self, text: str, end: int) -> bool:
        """Whether a word in capitals has a genitive, which few but names have."""
        return self._folded.startswith("'s ", end) and text.isupper()

    def _in_headline(self, start: int) -> bool:
        """Whether a word may have its capital from the headline that it stands in."""
        return self._english and self._scene.is_headline(start)

    def _split(self, start: int, run: str) -> list[list[Piece]]:
        """The parts of a run that can be names. Longer ones than LONGEST words are headlines or worse, and left out."""
        known = self._known.overlap(start, start + len(run))
        # No sentence ends inside a run; whether it stands in a headline is asked for the first word that it matters to.
        headline: bool | None = None
        part: list[Piece] = []
        parts = [part]
        for piece in pieces(start, run):
            word = piece.word
            if word.weak and headline is None:
                headline = self._in_headline(start)
            if (
                word.breaks
                or (known and self._known.overlap(piece.start, piece.end))
                or (word.product and not self._suffix_follows(piece))
                or (headline and word.weak)
            ):
                part = []
                parts.append(part)
            else:
                part.append(piece)
        return [kept for part in parts if 0 < len(part) <= LONGEST and (kept := self._trimmed(part))]

    def _trimmed(self, words: list[Piece]) -> list[Piece]:
        while words and self._drops(words):
            words = words[1:]
        # In "Spyre AI accelerators" AI belongs to what follows.
        while len(words) > 1 and words[-1].text == "AI" and _AI_NOUN.match(self._folded, words[-1].end):
            words = words[:-1]
        return words

    def _drops(self, words: list[Piece]) -> bool:
        """Whether the first word is none of the name's."""
        first = words[0].word
        more = len(words) > 1
        if more and (first.qualifies or (first.acronym and not words[-1].word.ending)):
            return True
        lone = more and first.common and not words[1].word.common and first.lower not in english().place_prefix
        return self._english and (first.leading or lone) and self._scene.opens(words[0].start)

    def _suffix_follows(self, piece: Piece) -> bool:
        after = word_at(self._folded, piece.end + 1)
        return after is not None and after.ending

    def _is_person(self, words: list[Piece]) -> bool:
        if len(words) < 2 or words[-1].word.ending:
            return False
        first, last = words[0], words[-1]
        if words[-2].word.first_name and "&" not in self._folded[first.start : last.end]:
            return True
        if len(words) > 3:
            return False
        return (
            first.word.first_name
            or (last.word.surname and not last.word.common)
            or self._cues.person_before.match(self._folded[max(0, first.start - 40) : first.start][::-1]) is not None
            or (len(words) == 3 and _INITIAL.fullmatch(words[1].text) is not None)
        )

    @staticmethod
    def _is_no_company(words: list[Piece], text: str) -> bool:
        """Whether the words of a longer name say that it is none of a company."""
        return (
            all(p.word.no_name for p in words)
            or words[-1].word.institution
            or any(p.word.person for p in words)
            or (words[0].word.institution and " of " in text)
        )

    def _weigh(self, words: list[Piece]) -> NewName | None:
        folded, first = self._folded, words[0]
        start, end = first.start, words[-1].end
        single = len(words) == 1
        if single and (first.word.dead or first.text in self._people):
            return None
        text = first.text if single else folded[start:end]
        legal = LEGAL_EN.match(folded, end) if folded.startswith((" ", ","), end) else None
        stop = legal.end() if legal else end
        last = words[-1].word.lower
        if not legal and last in ("inc", "corp", "ltd", "co") and folded.startswith(".", end):
            stop += 1
        elif not self._english and not legal:
            stop = with_suffix(folded, end)
        count = len(words)
        while count > 1 and words[count - 1].word.legal:
            count -= 1
            legal = legal or LEGAL_EN.match(folded, words[count - 1].end)
        form = 2.0 if legal else self._form(text, words[:count])
        score = self._place(start, stop, single, first, form)
        if score is None or (not single and self._is_no_company(words, text)):
            return None
        lists = english()
        kind: Kind = "company"
        if last in lists.investor:
            kind = "investor"
        elif last in lists.media and not single:
            kind = "media"
        return NewName(start, stop, folded[start : words[count - 1].end], kind, form + score)

    def _form(self, text: str, words: Sequence[Piece]) -> float:
        """What the name looks like, whatever stands around it; `text` may have a legal form behind the words."""
        word = words[-1].word
        if len(words) == 1:
            if len(text) != len(words[0].text):
                return form_alone(text, word.all_common, self._lang)
            return word.form_en if self._english else word.form_zh
        lists = english()
        common = all(p.word.all_common for p in words)
        if word.lower in lists.investor:
            return 1.2 if word.lower not in ("fund", "investment", "equity") else 0.9
        if word.lower in lists.trade:
            return 0.8 if common else 1.0
        if word.lower in lists.media:
            return 0.7
        return 0.3 if common else 0.5

    def _place(self, start: int, end: int, single: bool, first: Piece, form: float) -> float | None:
        """What stands around the name adds to its form; `None` where the two stay below the threshold."""
        folded, lists = self._folded, self._cues
        owns = single and self._owns(first.text, end)
        least = self._least
        # What the two sides can be worth at most is told by a few characters.
        most_right, most_left = self._sides.most_right(folded, end), self._sides.most_left(folded, start)
        alone = not self._beside.near(start, end)
        if alone and form + most_right + most_left + 0.4 * owns < least:
            return None
        right = right_of(folded, end, self._lang) if most_right else 0
        siblings = 0 if alone else count_siblings(folded, start, end, self._known.starts, self._known.ends)
        gloss = not alone and glosses(folded, start, end, self._known.starts, self._known.ends)
        best = form + WORTH[right] + SIBLING[siblings] + GLOSS * gloss + 0.4 * owns
        if best + most_left < least:
            return None
        product_behind = lists.product_after.match(folded, end) is not None
        version = right < 3 and _VERSION_AFTER.match(folded, end) is not None
        owned = self._owned(start)
        best -= 0.8 * product_behind + 0.8 * version + owned
        if best + most_left < least:
            return None
        before = before_of(folded, start, self._lang)
        left = left_of(before, self._lang) if most_left else 0
        if best + WORTH[left] < least:
            return None
        head = folded[max(0, start - 40) : start][::-1]
        score = WORTH[left] + WORTH[right]
        if product_behind:
            score -= 0.8
        if owns:
            score += 0.4
        if version:
            score -= 0.8
        if lists.product_before.match(head):
            score -= 0.9
        if lists.person_before.match(head) or lists.person_after.match(folded, end):
            score -= 1.0
        if single and not first.word.camel and lists.speech.match(folded, end):
            # People speak, too, and news calls them by one name.
            score -= 0.5
        if not self._english and heads_clause(folded, start):
            score += _MOST_CLAUSE
        if self._english:
            if single and _ARTICLE_BEFORE.match(head):
                score -= 0.5
            if self._scene.is_headline(start):
                score -= 0.2
            elif single and first.word.common and self._scene.opens(start):
                score -= 0.3
        score -= owned
        if folded[start - 1 : start] == "《" and folded[end : end + 1] == "》" and not media_before(before, self._lang):
            score -= 1.2
        score += SIBLING[siblings]
        if gloss:
            score += GLOSS
        if form + score < least:
            return None
        return score + _MOST_SCENE if self._scene.speaks_of_business(start) else score

    def _owned(self, start: int) -> float:
        """What a known company directly before the name takes away: the name may be that of its product."""
        folded, ends = self._folded, self._known.ends
        if ends.isdisjoint(range(start - 3, start + 1)):
            return 0.0
        if (start - 1 in ends and folded[start - 1 : start] == " ") or start in ends:
            return 1.0
        if start - 1 in ends:
            return 0.7
        before = _POSSESSIVE_BEFORE.search(folded, max(0, start - 3), start)
        return 0.7 if before and not ends.isdisjoint((start - 2, start - 3)) else 0.0


def find_latin_names(passage: Passage, scene: Scene, known: Sequence[tuple[int, int]]) -> list[NewName]:
    """Names in Latin letters outside the known spans that score at least THRESHOLD."""
    return LatinNames(passage, scene, known).find()
