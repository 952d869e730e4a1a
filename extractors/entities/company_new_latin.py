"""Names in Latin letters that no list knows: runs of capitalised words, weighed by their form and their context.

Used for English text, and for the Latin words inside Chinese text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from extractors.entities.company_ambiguous import CLAUSE, Scene
from extractors.entities.company_context import Evidence, cues, evidence
from extractors.entities.company_suffix import LEGAL_EN, with_suffix
from extractors.entities.passage import Passage
from extractors.lexicons.english_words import is_common, is_first_name, is_surname
from extractors.lexicons.name_words import chinese, english
from extractors.model import Kind, Lang

THRESHOLD = 1.3
# From which score on a name stands firm: it vouches for its neighbours in a list and for itself elsewhere.
FIRM = 1.7
# What known companies on no, one and both sides in a list add.
SIBLING = (0.0, 0.6, 1.0)
# How many words a name has at most.
LONGEST = 9
# How many characters a word of a name has at most.
LONGEST_WORD = 40

_L = "A-Za-z0-9À-ɏ"
# A word with a capital somewhere; hyphened tails in lower case ("-backed") are left out.
_CAP = (
    rf"(?:[A-ZÀ-Þ][{_L}]*|[a-z]{{1,4}}[A-Z][{_L}]*|[0-9]+[A-Za-z]*[A-Z][{_L}]*)"
    rf"(?:[.&+-][A-Z0-9][{_L}]*|\.(?:ai|io|com|app|tech|dev|fun|inc)(?![{_L}]))*"
)
_RUN = re.compile(rf"(?<![{_L}_@#/$€£¥.'’-]){_CAP}(?: (?:& |of )?{_CAP})*")
_WORD = re.compile(rf"{_CAP}")
_MODEL_NUMBER = re.compile(
    r"^[A-Za-z]{1,4}-?\d+[A-Za-z]{0,3}\d*$|^\d+[A-Za-z]{1,3}$|\d{3,}|^v\d|-\d|^[A-Z]{1,3}\d|(?i:flops?$)|^[A-Z]{2,6}s$"
    r"|^[kMGT][WBHV]z?h?$|-(?:[A-Z]\w?|RL|AI|Pro|Max|Lite|Mini|Turbo|Bench|Instruct|Coder|Base)$"
)
_VERSION_AFTER = re.compile(
    r" [A-Z]{1,4}\d|-[A-Z0-9]|[ -]v?\d+(?:\.\d+)?[A-Za-z]?\b"
    r"(?! ?(?:percent|%|million|billion|trillion|times|years|months|days|people|employees)|[,.]?\d)"
)
_POSSESSIVE_BEFORE = re.compile(r"(?:'s?|的)\s?$")
_ARTICLE_BEFORE = re.compile(r"\b(?:[Tt]he|[Aa]n?) $")
_AI_NOUN = re.compile(
    r" (?:chips?|accelerators?|models?|GPUs?|cards?|servers?|assistants?|processors?|systems?|agents?)\b"
    r"|\s?(?:数据中心|芯片|模型|大模型|平台|助手|服务器|工厂|加速器|超级)"
)


_LIST_AFTER = re.compile(r"(?:[、/]|, (?:and |or )?| and | & | or |\s?[和与及]\s?|以及)(?:the )?")
_LIST_BEFORE = re.compile(r"(?:[、/]|, (?:and |or )?| and | & | or |\s?[和与及]\s?|以及)(?:the )?$")


class NewName(NamedTuple):
    """A name that no row knows; `name` is `text` without its legal form."""

    start: int
    end: int
    name: str
    kind: Kind
    score: float


def count_siblings(folded: str, start: int, end: int, starts: Set[int], ends: Set[int]) -> int:
    """On how many sides a known company is the neighbour in a list; they start and end at the given offsets."""
    after = _LIST_AFTER.match(folded, end)
    before = _LIST_BEFORE.search(folded, max(0, start - 12), start)
    return (after is not None and after.end() in starts) + (before is not None and before.start() in ends)


def glosses(folded: str, start: int, end: int, starts: Set[int], ends: Set[int]) -> bool:
    """Whether a name is the other name of a known company in brackets: 博通（Broadcom）, or has one behind it."""
    if folded[start - 1 : start] == "(" and folded[end : end + 1] == ")":
        return start - 1 in ends or (folded[start - 2 : start - 1] == " " and start - 2 in ends)
    behind = end + 1 if folded[end : end + 1] == " " else end
    return folded[behind : behind + 1] == "(" and behind + 1 in starts


def _all_common(word: str) -> bool:
    """Whether a word, or each part of a compound, is a common one."""
    return all(is_common(part) for part in re.split("[-.&+]", word) if part)


def _pieces(words: list[re.Match[str]], breaks: Sequence[bool]) -> Iterator[list[re.Match[str]]]:
    """The runs between the breaks. Longer ones than LONGEST words are headlines or worse, and left out."""
    piece: list[re.Match[str]] = []
    for word, breaks_here in zip(words, breaks, strict=True):
        if breaks_here:
            if 0 < len(piece) <= LONGEST:
                yield piece
            piece = []
        else:
            piece.append(word)
    if 0 < len(piece) <= LONGEST:
        yield piece


class LatinNames:
    """The candidates of one passage and their scores."""

    def __init__(self, passage: Passage, scene: Scene, known: Sequence[tuple[int, int]]) -> None:
        self._folded = passage.folded
        self._lang: Lang = passage.lang
        self._scene = scene
        self._cues = cues(passage.lang)
        self._known_starts = {start for start, _ in known}
        self._known_ends = {end for _, end in known}
        self._inside = {i for start, end in known for i in range(start, end)}
        self._people: set[str] = set()

    def find(self) -> list[NewName]:
        candidates = [c for run in _RUN.finditer(self._folded) for c in self._split(run)]
        for words in candidates:
            if self._is_person(words):
                self._people.add(words[-1].group())
        found = []
        for words in candidates:
            name = self._weigh(words)
            if name is not None and name.score >= THRESHOLD:
                found.append(name)
        return found

    def _split(self, run: re.Match[str]) -> Iterator[list[re.Match[str]]]:
        words = list(_WORD.finditer(self._folded, run.start(), run.end()))
        lists = english()
        headline = self._lang == "en" and self._scene.is_headline(run.start())
        breaks = []
        for word in words:
            text = word.group()
            lower = text.lower()
            ending = lower in lists.trade or lower in lists.investor or lower in lists.media or lower in lists.legal
            breaks.append(
                not self._inside.isdisjoint(range(word.start(), word.end()))
                or len(text) > LONGEST_WORD
                or lower in lists.months
                or (text in lists.acronyms and text not in ("AI", "VC", "TV"))
                or _MODEL_NUMBER.search(text) is not None
                or (lower in lists.products and not self._suffix_follows(word))
                or (headline and not ending and is_common(text) and not self._camel(text))
            )
        for piece in _pieces(words, breaks):
            kept = self._trimmed(piece)
            if kept:
                yield kept

    def _trimmed(self, words: list[re.Match[str]]) -> list[re.Match[str]]:
        lists = english()
        while words:
            first = words[0].group()
            lower = first.lower()
            opens = self._lang == "en" and self._scene.opens(words[0].start())
            drop = (
                (opens and lower in lists.leading)
                or (len(words) > 1 and (lower in lists.nationalities or lower in lists.titles))
                or (len(words) > 1 and first in lists.acronyms and not self._ends_a_name(words[-1].group()))
                or (
                    len(words) > 1
                    and opens
                    and lower not in lists.place_prefix
                    and is_common(first)
                    and not is_common(words[1].group())
                )
            )
            if not drop:
                break
            words = words[1:]
        # In "Spyre AI accelerators" AI belongs to what follows.
        while len(words) > 1 and words[-1].group() == "AI" and _AI_NOUN.match(self._folded, words[-1].end()):
            words = words[:-1]
        return words

    def _suffix_follows(self, word: re.Match[str]) -> bool:
        after = _WORD.match(self._folded, word.end() + 1)
        return after is not None and self._ends_a_name(after.group())

    @staticmethod
    def _ends_a_name(word: str) -> bool:
        lists = english()
        lower = word.lower()
        return lower in lists.trade or lower in lists.investor or lower in lists.media or lower in lists.legal

    @staticmethod
    def _camel(word: str) -> bool:
        return any(c.isupper() for c in word[1:]) and any(c.islower() for c in word)

    def _is_person(self, words: list[re.Match[str]]) -> bool:
        if len(words) < 2 or self._ends_a_name(words[-1].group()):
            return False
        first, last = words[0].group(), words[-1].group()
        if is_first_name(words[-2].group()) and "&" not in self._folded[words[0].start() : words[-1].end()]:
            return True
        if len(words) > 3:
            return False
        head = self._folded[max(0, words[0].start() - 40) : words[0].start()]
        return (
            is_first_name(first)
            or (is_surname(last) and not is_common(last))
            or bool(self._cues.person_before.search(head))
            or bool(re.fullmatch(r"[A-Z]\.?", words[1].group()) and len(words) == 3)
        )

    def _weigh(self, words: list[re.Match[str]]) -> NewName | None:
        folded, lists = self._folded, english()
        start, end = words[0].start(), words[-1].end()
        text = folded[start:end]
        texts = [w.group() for w in words]
        lowers = [t.lower() for t in texts]
        single = len(words) == 1
        if len(text) < 2 or self._is_person(words) or (single and (text in self._people or lowers[0] in lists.people)):
            return None
        if all(
            low in lists.months
            or low in lists.places
            or low in lists.nationalities
            or low in lists.titles
            or t in lists.acronyms
            or t in chinese().latin
            for t, low in zip(texts, lowers, strict=True)
        ):
            return None
        if lowers[-1] in lists.institution or (len(words) > 1 and not lists.people.isdisjoint(lowers)):
            return None
        if not single and lowers[0] in lists.institution and " of " in text:
            return None
        if single and (lowers[0] in lists.products or lowers[0] in lists.leading):
            return None
        if any(_MODEL_NUMBER.search(t) for t in texts) or (texts[0][0].isdigit() and single and not self._camel(text)):
            return None
        legal = LEGAL_EN.match(folded, end)
        stop = legal.end() if legal else end
        if not legal and lowers[-1] in ("inc", "corp", "ltd", "co") and folded.startswith(".", end):
            stop += 1
        elif self._lang == "zh" and not legal:
            stop = with_suffix(folded, end)
        name, last = text, lowers[-1]
        while len(texts) > 1 and texts[-1].lower() in lists.legal:
            texts = texts[:-1]
            name = folded[start : words[len(texts) - 1].end()]
            legal = legal or LEGAL_EN.match(folded, words[len(texts) - 1].end())
        proof = evidence(folded, start, stop, self._lang)
        score = self._form(text, texts, bool(legal)) + self._place(start, stop, single, texts, proof)
        kind: Kind = "company"
        if last in lists.investor:
            kind = "investor"
        elif last in lists.media and len(words) > 1:
            kind = "media"
        return NewName(start, stop, name, kind, score)

    def _form(self, text: str, texts: list[str], legal: bool) -> float:
        """What the name looks like, whatever stands around it."""
        lists = english()
        last = texts[-1].lower()
        if legal:
            return 2.0
        common = [_all_common(t) for t in texts]
        if len(texts) == 1:
            if "." in text and not text.isupper():
                return 1.2
            chinese_text = self._lang == "zh"
            if self._camel(text):
                return 1.1 if chinese_text else 0.9
            if text.isupper() and len(text) <= 6:
                return 0.4 if chinese_text else 0.3
            if is_first_name(text) or is_surname(text):
                return 0.1
            if common[0]:
                return 0.4 if chinese_text else 0.0
            return 0.8 if chinese_text else 0.6
        if last in lists.investor:
            return 1.2 if last not in ("fund", "investment", "equity") else 0.9
        if last in lists.trade:
            return 1.0 if not all(common) else 0.8
        if last in lists.media:
            return 0.7
        return 0.5 if not all(common) else 0.3

    def _place(self, start: int, end: int, single: bool, texts: list[str], proof: Evidence) -> float:
        """What stands around the name."""
        folded = self._folded
        head = folded[max(0, start - 40) : start]
        score = proof.score
        if self._cues.product_after.match(folded, end):
            score -= 0.8
        if single and texts[0].isupper() and folded.startswith("'s ", end):
            score += 0.4
        if proof.right < 3 and _VERSION_AFTER.match(folded, end):
            score -= 0.8
        if self._cues.product_before.search(head):
            score -= 0.9
        if self._cues.person_before.search(head) or self._cues.person_after.match(folded, end):
            score -= 1.0
        if single and not self._camel(texts[0]) and self._cues.speech.match(folded, end):
            # People speak, too, and news calls them by one name.
            score -= 0.5
        if self._lang == "zh" and CLAUSE.search(folded, max(0, start - 4), start):
            score += 0.2
        if self._lang == "en":
            if single and _ARTICLE_BEFORE.search(head):
                score -= 0.5
            if self._scene.is_headline(start):
                score -= 0.2
            elif single and self._scene.opens(start) and is_common(texts[0]):
                score -= 0.3
        if (start - 1 in self._known_ends and folded[start - 1 : start] == " ") or start in self._known_ends:
            score -= 1.0
        elif start - 1 in self._known_ends or any(
            start - n in self._known_ends and _POSSESSIVE_BEFORE.search(head) for n in (2, 3)
        ):
            score -= 0.7
        if folded[start - 1 : start] == "《" and folded[end : end + 1] == "》" and not proof.media:
            score -= 1.2
        score += SIBLING[count_siblings(folded, start, end, self._known_starts, self._known_ends)]
        if glosses(folded, start, end, self._known_starts, self._known_ends):
            score += 1.2
        if self._scene.speaks_of_business(start):
            score += 0.2
        return score


def find_latin_names(passage: Passage, scene: Scene, known: Sequence[tuple[int, int]]) -> list[NewName]:
    """Names in Latin letters outside the known spans that score at least THRESHOLD."""
    return LatinNames(passage, scene, known).find()
