"""Every phrase of fixtures/phrases means exactly its value, at exactly its place."""

from __future__ import annotations

import pytest

from extractors.entities.gpu_count import find_gpu_counts
from extractors.entities.money import find_money
from extractors.entities.passage import Passage
from tests.quantities.phrases import Phrase, ends, load

NUMBERS, NO_NUMBERS = load("numbers")
MONEY, NO_MONEY = load("money")
COUNTS, NO_COUNTS = load("gpu_count")


def test_there_are_enough() -> None:
    assert min(len(NUMBERS), len(MONEY), len(COUNTS)) >= 250
    assert {p.lang for p in (*NO_NUMBERS, *NO_MONEY, *NO_COUNTS)} == {"zh", "en"}


@pytest.mark.parametrize("phrase", NUMBERS, ids=str)
def test_number(phrase: Phrase) -> None:
    (q,) = Passage.of(phrase.text, phrase.lang).quantities
    low, high = ends(phrase.get("value"))
    found = (q.start, q.end, float(q.low), None if q.high is None else float(q.high), q.bound)
    assert found == (phrase.start, phrase.end, low, high, phrase.get("bound", "exact"))


@pytest.mark.parametrize("phrase", MONEY, ids=str)
def test_money(phrase: Phrase) -> None:
    (m,) = find_money(Passage.of(phrase.text, phrase.lang))
    value, _, currency = phrase.get("value").partition(" ")
    found = (m.start, m.end, float(m.low), None if m.high is None else float(m.high), m.bound, m.currency, m.per)
    wanted = (*ends(value), phrase.get("bound", "exact"), currency, phrase.get("per") or None)
    assert found == (phrase.start, phrase.end, *wanted)


@pytest.mark.parametrize("phrase", COUNTS, ids=str)
def test_gpu_count(phrase: Phrase) -> None:
    (c,) = find_gpu_counts(Passage.of(phrase.text, phrase.lang))
    value, _, model = phrase.get("value").partition(" ")
    found = (c.start, c.end, float(c.low), None if c.high is None else float(c.high), c.bound, c.vendor, c.model)
    wanted = (*ends(value), phrase.get("bound", "exact"), phrase.get("vendor") or None, model or None)
    assert found == (phrase.start, phrase.end, *wanted)


@pytest.mark.parametrize("phrase", NO_NUMBERS, ids=str)
def test_no_number(phrase: Phrase) -> None:
    assert Passage.of(phrase.text, phrase.lang).quantities == ()


@pytest.mark.parametrize("phrase", NO_MONEY, ids=str)
def test_no_money(phrase: Phrase) -> None:
    assert find_money(Passage.of(phrase.text, phrase.lang)) == []


@pytest.mark.parametrize("phrase", NO_COUNTS, ids=str)
def test_no_gpu_count(phrase: Phrase) -> None:
    assert find_gpu_counts(Passage.of(phrase.text, phrase.lang)) == []
