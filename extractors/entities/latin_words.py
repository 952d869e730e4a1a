"""Runs of capitalised Latin words in a text, and what each word by itself says of a name, looked up once a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.lexicons.english_words import is_common, is_first_name, is_surname
from extractors.lexicons.name_words import chinese, english
from extractors.model import Lang

# How many characters a word of a name has at most.
LONGEST_WORD = 40
# How many words are remembered, about 10 MB of them.
_KEPT = 1 << 15

_L = "A-Za-z0-9À-ɏ"
# A word with a capital somewhere; hyphened tails in lower case ("-backed") are left out.
_TAIL = rf"(?:[.&+-][A-Z0-9][{_L}]*|\.(?:ai|io|com|app|tech|dev|fun|inc)(?![{_L}]))*"
_CAP = rf"(?:[A-ZÀ-Þ][{_L}]*|[a-z]{{1,4}}[A-Z][{_L}]*|[0-9]+[A-Za-z]*[A-Z][{_L}]*){_TAIL}"
_MORE = rf"(?: (?:& |of )?{_CAP})*"
RUN = re.compile(rf"(?<![{_L}_@#/$€£¥.'’-]){_CAP}{_MORE}")
# A capital and, where it begins a word, the run from there on; the capital comes first, so that `re` skips the rest in
# C. One inside a word that begins otherwise has no run.
_CAPITAL = re.compile(rf"[A-ZÀ-Þ](?<![_@#/$€£¥.'’-].)(?:(?<![{_L}].)[{_L}]*{_TAIL}{_MORE}|(?P<inner>))")
_INNER = frozenset(filter(re.compile(rf"[{_L}]").match, map(chr, range(0x250))))
_REST = re.compile(rf"[{_L}]*")
_WORD = re.compile(_CAP)
_MODEL_NUMBER = re.compile(
    r"^[A-Za-z]{1,4}-?\d+[A-Za-z]{0,3}\d*$|^\d+[A-Za-z]{1,3}$|\d{3,}|^v\d|-\d|^[A-Z]{1,3}\d|(?i:flops?$)|^[A-Z]{2,6}s$"
    r"|^[kMGT][WBHV]z?h?$|-(?:[A-Z]\w?|RL|AI|Pro|Max|Lite|Mini|Turbo|Bench|Instruct|Coder|Base)$"
)


@dataclass(frozen=True, slots=True)
class LatinWord:
    """What a word says by itself, wherever it stands."""

    lower: str
    breaks: bool
    """Whether no name goes across it: a month, an acronym, a model number, a word of no sane length."""
    product: bool
    ending: bool
    """Whether it is a usual last word of names."""
    legal: bool
    leading: bool
    qualifies: bool
    """Whether it is a nationality or a title, which stand before names."""
    acronym: bool
    common: bool
    all_common: bool
    """Whether each part of a compound is a common word."""
    camel: bool
    weak: bool
    """Whether its capital says nothing in a headline: a common word that ends no names."""
    first_name: bool
    surname: bool
    no_name: bool
    """Whether it names a time, a place, a nation, a title or a technology."""
    person: bool
    institution: bool
    dead: bool
    """Whether it is no company's name by itself, whatever stands around it."""
    form_en: float
    form_zh: float


def latin_word(text: str) -> LatinWord:
    """What a word of a run says by itself.

    >>> latin_word("Monday").breaks, latin_word("OpenAI").camel, latin_word("The").dead, latin_word("A" * 99).breaks
    (True, True, True, True)
    """
    return _KNOWN[text]


class _Words(dict[str, LatinWord]):
    """The words that were looked up; when they are too many, all are forgotten."""

    def __missing__(self, text: str) -> LatinWord:
        if len(text) > LONGEST_WORD:
            return _TOO_LONG
        word = _latin_word(text)
        if len(self) >= _KEPT:
            self.clear()
        self[text] = word
        return word


def _latin_word(text: str) -> LatinWord:
    lists = english()
    lower = text.lower()
    common, camel = is_common(text), is_camel(text)
    all_common = all(is_common(part) for part in re.split("[-.&+]", text) if part)
    # Most words are plain ones, and no model's.
    plain = text.isalpha() and text[1:].islower() and not lower.endswith(("flop", "flops"))
    breaks = (
        lower in lists.months
        or (text in lists.acronyms and text not in ("AI", "VC", "TV"))
        or (not plain and _MODEL_NUMBER.search(text) is not None)
    )
    product, leading, person = lower in lists.products, lower in lists.leading, lower in lists.people
    institution = lower in lists.institution
    qualifies = lower in lists.nationalities or lower in lists.titles
    acronym = text in lists.acronyms
    no_name = lower in lists.months or lower in lists.places or qualifies or acronym or text in chinese().latin
    ending = lower in lists.trade or lower in lists.investor or lower in lists.media or lower in lists.legal
    return LatinWord(
        lower,
        breaks,
        product,
        ending,
        lower in lists.legal,
        leading,
        qualifies,
        acronym,
        common,
        all_common,
        camel,
        common and not ending and not camel,
        is_first_name(text),
        is_surname(text),
        no_name,
        person,
        institution,
        breaks
        or product
        or leading
        or person
        or institution
        or no_name
        or len(text) < 2
        or (text[0].isdigit() and not camel),
        form_alone(text, all_common, "en"),
        form_alone(text, all_common, "zh"),
    )


_KNOWN = _Words()
_TOO_LONG = LatinWord("", True, *(False,) * 15, True, 0.0, 0.0)


def is_camel(word: str) -> bool:
    """Whether a word has capitals inside, and not only capitals."""
    return (
        not word.islower()
        and not word[1:].islower()
        and any(map(str.isupper, word[1:]))
        and any(map(str.islower, word))
    )


def form_alone(text: str, common: bool, lang: Lang) -> float:
    """What a name of one word looks like, whatever stands around it.

    >>> form_alone("xAI", False, "en"), form_alone("Target", True, "en"), form_alone("Zephyra", False, "zh")
    (0.9, 0.0, 0.8)
    """
    chinese_text = lang == "zh"
    if "." in text and not text.isupper():
        return 1.2
    if is_camel(text):
        return 1.1 if chinese_text else 0.9
    if text.isupper() and len(text) <= 6:
        return 0.4 if chinese_text else 0.3
    if is_first_name(text) or is_surname(text):
        return 0.1
    if common:
        return 0.4 if chinese_text else 0.0
    return 0.8 if chinese_text else 0.6


class Piece:
    """A word in its place: `text` is `folded[start:end]`."""

    __slots__ = ("end", "start", "text", "word")

    def __init__(self, start: int, text: str, word: LatinWord) -> None:
        self.start = start
        self.end = start + len(text)
        self.text = text
        self.word = word


def runs(folded: str) -> Iterator[tuple[int, str]]:
    """Where each run of capitalised words begins, and its text; `&` and `of` may stand inside.

    >>> list(runs("the Bank of Foo and iPhone, 4Paradigm-backed"))
    [(4, 'Bank of Foo'), (20, 'iPhone'), (28, '4Paradigm')]
    """
    end = 0
    for capital in _CAPITAL.finditer(folded):
        start = capital.start()
        if start < end:
            continue
        if capital["inner"] is None:
            yield start, capital[0]
            end = capital.end()
            continue
        first = start - LONGEST_WORD if start - LONGEST_WORD > end else end
        while start > first and folded[start - 1] in _INNER:
            start -= 1
        run = RUN.match(folded, start)
        if run is not None:
            yield start, run[0]
            end = run.end()
        else:
            rest = _REST.match(folded, capital.start())
            end = rest.end() if rest else end


def pieces(start: int, run: str) -> list[Piece]:
    """The words of a run, without `&` and `of`."""
    found = []
    known = _KNOWN
    for text in run.split(" "):
        if text != "&" and text != "of":
            found.append(Piece(start, text, known[text]))
        start += len(text) + 1
    return found


def word_at(folded: str, at: int) -> LatinWord | None:
    """The capitalised word that begins at an offset."""
    found = _WORD.match(folded, at)
    return latin_word(found[0]) if found else None
