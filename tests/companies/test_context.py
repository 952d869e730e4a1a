"""Cues before a name are read backwards from it; they must say what a search of the text before it would."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.entities.company import find_companies
from extractors.entities.company_context import WORTH, Cues, before_of, cues, left_of, right_of, sides
from extractors.entities.company_new import Beside, count_siblings, glosses
from extractors.entities.latin_words import RUN, runs
from extractors.entities.passage import Passage
from extractors.lexicons.backwards import backwards
from extractors.lexicons.openings import Openings
from extractors.model import Lang

_CUES = tomllib.loads(files("extractors.lexicons").joinpath("company_context.toml").read_text("utf-8"))
_LISTS = [
    pytest.param(_CUES[lang][part][name], lang, id=f"{lang}-{name}")
    for lang in ("zh", "en")
    for part, names in (("before", ("strong", "weak", "media")), ("against", ("product_before", "person_before")))
    for name in names
]
_WORDS = st.sampled_from(
    [
        *(
            "start-up ",
            "rivals, ",
            "shares of ",
            "according to ",
            "the ",
            "led by ",
            "CEO ",
            "Dr. ",
            "model ",
            "ex-",
            "s",
        ),
        *("初创公司", "据《", "收购", "前", "原", "、", "总裁", "首席分析师", "8块", "万", " ", "模型", "，", "“", "x"),
    ]
)


@pytest.mark.parametrize(("cues", "lang"), _LISTS)
@settings(max_examples=150, deadline=None)
@given(st.lists(_WORDS, max_size=4).map("".join))
def test_backwards_matches_what_a_search_finds(cues: list[str], lang: Lang, text: str) -> None:
    edge = r"\b" if lang == "en" else ""
    search = re.compile(rf"{edge}(?:{'|'.join(cues)})\Z")
    turned = re.compile(f"(?:{'|'.join(map(backwards, cues))}){edge}")
    assert (search.search(text) is None) == (turned.match(text[::-1]) is None)


_PATTERNS = [
    pytest.param(getattr(cues(lang), name), length, id=f"{lang}-{name}")
    for lang, length in (("zh", 2), ("en", 3))
    for name in Cues.__slots__
]
_BEGINNINGS = st.lists(_WORDS.map(lambda word: word[::-1]) | _WORDS | st.sampled_from([*"'’ ,(-芯的宣I1Sſ\n", "Inc"]))


@pytest.mark.parametrize(("pattern", "length"), _PATTERNS)
@settings(max_examples=150, deadline=None)
@given(_BEGINNINGS.map("".join))
def test_where_no_match_can_begin_none_does(pattern: re.Pattern[str], length: int, text: str) -> None:
    assert Openings([pattern], length)[text[:length]] or pattern.match(text) is None


@pytest.mark.parametrize("lang", ["zh", "en"])
@settings(max_examples=300, deadline=None)
@given(_BEGINNINGS.map("".join), _BEGINNINGS.map("".join))
def test_evidence_is_worth_what_the_characters_beside_it_allow(lang: Lang, before: str, behind: str) -> None:
    text, at = before + behind, len(before)
    assert WORTH[right_of(text, at, lang)] <= sides(lang).most_right(text, at)
    assert WORTH[left_of(before_of(text, at, lang), lang)] <= sides(lang).most_left(text, at)


@pytest.mark.parametrize("part", ["(?<=a)b", "(a)", "a^", r"(?P<x>a)", "(?:a"])
def test_what_cannot_be_turned_round_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match="no pattern to turn round"):
        backwards(part)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "junk",
    ["A", "Aa ", "aA", "1", "1A", "A.", "Aa of ", "A & ", "芯", "的的", "向英", "、英", "a@b.", "www.a ", '"', "（）"],
)
def test_a_name_is_found_behind_a_hundred_thousand_characters(junk: str, lang: Lang) -> None:
    text = junk * (100_000 // len(junk)) + "\nNvidia raised money."
    found = find_companies(Passage.of(text, lang))
    assert [c.text for c in found][-1:] == ["Nvidia"]
    assert all(c.text == text[c.start : c.end] for c in found)


_LETTERS = st.sampled_from(
    ["a", "B", "ab", "AI", "1", ".", "-", " ", " & ", " of ", "é", "À", "_", "@", "$", "芯", "'", ".ai"]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(_LETTERS, max_size=20).map("".join))
def test_runs_are_those_of_their_pattern(text: str) -> None:
    assert list(runs(text)) == [(run.start(), run[0]) for run in RUN.finditer(text)]


_LIST_TEXT = st.lists(st.sampled_from(["ab", "、", " and ", "(", ")", " ", ", or the ", "和", "x" * 9]), max_size=12)


@settings(max_examples=400, deadline=None)
@given(_LIST_TEXT.map("".join), st.data())
def test_a_name_that_stands_alone_has_no_neighbours(text: str, data: st.DataObject) -> None:
    offsets = st.integers(0, len(text))
    starts, ends = data.draw(st.sets(offsets, max_size=3)), data.draw(st.sets(offsets, max_size=3))
    start, end = sorted((data.draw(offsets), data.draw(offsets)))
    if not Beside(starts, ends, len(text)).near(start, end):
        assert count_siblings(text, start, end, starts, ends) == 0
        assert not glosses(text, start, end, starts, ends)
