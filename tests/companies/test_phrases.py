"""fixtures/phrases/company.toml: every marked span is found with its id, name and kind; the other phrases hold none."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.entities.company import find_companies
from extractors.entities.passage import Passage
from extractors.model import Company
from extractors.text import check_lang, fold

FILE = Path(__file__).parents[2] / "fixtures" / "phrases" / "company.toml"
PHRASES = tomllib.loads(FILE.read_text("utf-8"))


def find(text: str) -> list[Company]:
    return find_companies(Passage(text, fold(text), check_lang(None, text), ()))


def marked(phrase: str) -> tuple[str, int, int]:
    start, end = phrase.index("⟦"), phrase.index("⟧") - 1
    return phrase.replace("⟦", "").replace("⟧", ""), start, end


def _cases() -> Iterator[object]:
    for case in PHRASES["case"]:
        for phrase in case["text"]:
            yield pytest.param(phrase, case["company_id"], case["name"], case["kind"], id=phrase)


def _none() -> Iterator[object]:
    for group in PHRASES["none"]:
        for phrase in group["text"]:
            yield pytest.param(phrase, id=phrase)


@pytest.mark.parametrize(("phrase", "company_id", "name", "kind"), list(_cases()))
def test_phrase_holds_the_company(phrase: str, company_id: str, name: str, kind: str) -> None:
    text, start, end = marked(phrase)
    found = {(c.start, c.end): c for c in find(text)}
    assert (start, end) in found, f"found {[c.text for c in found.values()]}"
    company = found[start, end]
    assert (company.company_id, company.name, company.kind) == (company_id, name, kind)
    assert company.text == text[start:end]
    assert company.known is not company_id.startswith("x-")


@pytest.mark.parametrize("phrase", list(_none()))
def test_phrase_holds_no_company(phrase: str) -> None:
    assert [c.text for c in find(phrase)] == []


def test_enough_phrases_of_both_kinds_and_languages() -> None:
    cases = [p for case in PHRASES["case"] for p in case["text"]]
    none = [p for group in PHRASES["none"] for p in group["text"]]
    assert len(cases) + len(none) >= 300
    for lang in ("zh", "en"):
        assert sum(check_lang(None, p) == lang for p in cases) >= 75
        assert sum(check_lang(None, p) == lang for p in none) >= 50
    assert len(set(cases + none)) == len(cases) + len(none)
