"""English words are asked of spaCy once and remembered; the tokens must be those of asking it each time."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from extractors.language import en, segment
from extractors.language.en_words import tokens_of
from extractors.language.sentences import sentences_en
from extractors.text import fold

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
WORDS = (
    *("foo:", "):x", ":)", ":-)x", "(:", ":", ")", "'Cause", "don't", "can't.", "(a.m.)", "9a.m.", "U.S.", "Inc.,"),
    *("C++", "--", "...", "§", "§2", "http://a.example/x?y=1.", "$1.5bn", "H100/H200", "“We’re", "it's).", "e.g.,"),
    *("a\tb", "\u00a0", "", "x" * 230, "km/h", "10km", "O.O", "o_O", "v.s", "ma'am", "Mr.", "GPU-hours", "\u200b"),
)


@cache
def _english() -> Language:
    return spacy.blank("en")


def asked_each_time(text: str) -> list[tuple[int, str]]:
    """Places and tokens by spaCy alone, in pieces where a run is too long for it."""
    out = []
    for start, end in sentences_en(fold(text)):
        for first, last in en._pieces(text, start, end):
            out += [(first + t.idx, t.text) for t in _english().tokenizer(text[first:last]) if not t.text.isspace()]
    return out


def remembered(text: str) -> list[tuple[int, str]]:
    return [(token.start, token.text) for sentence in segment(text, "en") for token in sentence.tokens]


@given(st.lists(st.sampled_from(WORDS), max_size=25), st.sampled_from([" ", "  ", " \n"]))
@settings(max_examples=300, deadline=None)
def test_awkward_words(words: list[str], between: str) -> None:
    text = between.join(words)
    assert remembered(text) == asked_each_time(text)


@given(st.text(alphabet="ab.:)(-'§ \t\n$19/SU", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text(text: str) -> None:
    assert remembered(text) == asked_each_time(text)


def test_forgetting_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(en, "MOST_WORDS", 3)
    for text in ("One, two, three four's five.", "(Two) six, (seven) eight.", "One, two, three four's five."):
        assert remembered(text) == asked_each_time(text)
        # What one text needs is known while it is cut, and no more than that is kept.
        assert len(en._english()._known) <= 5


def english_articles() -> list[str]:
    articles = [json.loads(p.read_text("utf-8")) for p in sorted((ROOT / "fixtures" / "sites").rglob("article.json"))]
    return [article["text"] for article in articles if article["lang"] == "en"]


def test_saved_texts() -> None:
    texts = english_articles()
    assert len(texts) > 10
    texts += [path.read_text("utf-8") for path in sorted((SHARED / "pages" / "en").glob("*.txt"))[::10]]
    for text in texts:
        assert remembered(text) == asked_each_time(text)


def test_sentences_of_articles_as_spacy_cuts_the_whole_text() -> None:
    for text in english_articles():
        assert remembered(text) == [(t.idx, t.text) for t in _english().tokenizer(text) if not t.is_space]


def test_long_words_are_not_remembered() -> None:
    english = en._English()
    text = "One " + "x-y" * 100 + " ends."
    assert english.cut(text, [(0, len(text))])[0].tokens[-2:] == ["ends", "."]
    assert english._known.keys() == {"ends."}


def test_spacy_keeps_no_word_for_good() -> None:
    """A crawl's endless new words fill neither our memory of them, which is bounded, nor spaCy's."""
    english = en._English()
    before = len(english._vocab.strings)
    text = " ".join(f"w{n}-x." for n in range(500))
    assert len(english.cut(text, [(0, len(text))])[0].tokens) >= 500
    assert len(english._vocab.strings) == before


def test_words_that_need_no_asking() -> None:
    english = en._English()
    listed = (ROOT / "extractors" / "lexicons" / "english_words.txt").read_text("utf-8").split()[::97]
    rules = english._rules
    exceptions = [part for rule in rules for part in (rule, rule.rstrip(".,"), rule.strip("'’.:)("), rule.title())]
    stems = {*listed, *exceptions, "GPU", "high-speed", "On-Em", "x-D", "8", "10", "$3", "1,299.50", "$0.5", "A", "s"}
    before = ("", "“", '"', "‘", "(", "[")
    after = ("", "’s", "'s", ".", ",", ":", ")", "”", '."', ".)", "),", "):", "’s.”", "s’", "?!", ";)", "’", ".,")
    words = [start + stem + end for stem in stems for start in before for end in after]
    covered = {w: found for w in words if (found := tokens_of(w, rules, english._mended_pairs)) is not None}
    assert len(covered) > 20_000
    for word, tokens in covered.items():
        assert tuple(t.text for t in _english().tokenizer(word)) == tokens


@given(st.text(alphabet="aISs8.,-$'’”)(“:;", min_size=1, max_size=8))
@settings(max_examples=1000, deadline=None)
def test_any_word_that_needs_no_asking(word: str) -> None:
    english = en._english()
    tokens = tokens_of(word, english._rules, english._mended_pairs)
    assert tokens is None or tokens == tuple(t.text for t in _english().tokenizer(word))
