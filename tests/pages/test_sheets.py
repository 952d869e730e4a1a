"""Text that the page's own style sheet hides."""

from __future__ import annotations

import pytest

from extractors.pages import read_page
from tests.pages.pages_made import EN, page, paragraphs

JAMMED = f"<div>{paragraphs(EN[:3])}<p>{EN[3]}<span class='q7'>cheap watches here</span></p></div>"


@pytest.mark.parametrize("rule", ["display:none", "font-size: 0", "color:#fff;visibility:hidden"])
def test_what_a_small_sheet_hides_is_hidden(rule: str) -> None:
    head = f"<style>p{{margin:0}}\n.q7{{{rule}}}</style>"
    article = read_page(page(JAMMED, head=head))
    assert article.text == "\n".join(EN)
    assert [r.reason for r in article.removed if r.text == "cheap watches here"] == ["hidden"]


@pytest.mark.parametrize("sheet", [".q7{color:red}", ".menu .q7{display:none}", "@media print{.q7{display:none}}"])
def test_what_it_hides_elsewhere_or_not_at_all_stays(sheet: str) -> None:
    assert "cheap watches here" in read_page(page(JAMMED, head=f"<style>{sheet}</style>")).text
