"""Searches that stand for plainer ones: they find the same, in any place and at any size."""

from __future__ import annotations

import random

import pytest

from extractors.pages import marks
from extractors.pages.marks import Mark
from extractors.pages.wording import line_rules

LINES = (
    "责任编辑：某某",
    "编辑部昨日回应",
    "",
    "Related stories",
    "İstanbul'da bir gün",
    "Copyright 2024 Example Ltd. All rights reserved.",
    "甲公司昨日宣布，订单已经确认。" * 20,
    "甲公司昨日宣布，订单已经确认。" * 20 + "（责任编辑：某某）",
    "two\nlines, 责任编辑：某某",
    "Share this article",
)


@pytest.mark.parametrize("window", [4, 5, 7, 1000])
def test_a_mark_is_found_across_windows(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "_WINDOW", window)
    draw = random.Random(7)
    for _ in range(200):
        source = "".join(draw.choices(("<st", "<sty", "y", "<", "é"), k=draw.randint(0, 12))).encode()
        plain = [at for at in range(len(source)) if source.startswith(b"<sty", at)]
        assert list(Mark.of(b"<sty").places(source)) == plain


def test_lines_judged_together_are_judged_as_alone() -> None:
    rules = line_rules()
    assert len({rules.reason(line) for line in LINES}) > 3
    draw = random.Random(11)
    for _ in range(100):
        lines = draw.choices(LINES, k=draw.randint(0, 8))
        assert rules.reasons(lines) == [rules.reason(line) for line in lines]
