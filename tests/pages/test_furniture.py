"""What inside a body is not the author's, and what only looks as if it were not."""

from __future__ import annotations

import pytest

from extractors.pages import read_page
from tests.pages.pages_made import EN, ZH, page, paragraphs


def test_a_linked_heading_with_text_below_it_is_the_authors() -> None:
    body = (
        f'<div>{paragraphs(EN[:2])}<h3><a href="/a">1. The larger of the two halls</a></h3><p>{EN[2]}</p>'
        f'<h3><a href="/b">2. The smaller hall by the river</a></h3><p>{EN[3]}</p></div>'
    )
    assert read_page(page(body)).text.splitlines() == [
        EN[0],
        EN[1],
        "1. The larger of the two halls",
        EN[2],
        "2. The smaller hall by the river",
        EN[3],
    ]


def test_linked_headlines_one_below_the_other_are_other_stories() -> None:
    stories = "".join(f'<h4><a href="/{n}">Another firm opens hall number {n}</a></h4>' for n in range(3))
    article = read_page(page(f"<div>{paragraphs(EN[:2])}<h4>More:</h4>{stories}{paragraphs(EN[2:])}</div>"))
    assert article.text == "\n".join(EN)


LINKS = "".join(f'<li><a href="/{n}">Filing number {n} on the hall</a></li>' for n in range(3))


@pytest.mark.parametrize("above", ["<p>These filings name the hall:</p>", "<h3>Filings that name the hall</h3>"])
def test_a_list_of_links_that_a_line_introduces_is_the_authors(above: str) -> None:
    body = f"<div>{paragraphs(EN[:2])}{above}<ul>{LINKS}</ul>{paragraphs(EN[2:])}</div>"
    assert "\n".join(f"Filing number {n} on the hall" for n in range(3)) in read_page(page(body)).text


def test_a_list_of_links_that_nothing_introduces_is_not() -> None:
    article = read_page(page(f"<div>{paragraphs(EN[:2])}<ul>{LINKS}</ul>{paragraphs(EN[2:])}</div>"))
    assert article.text == "\n".join(EN)


def test_a_linked_item_among_others_is_kept() -> None:
    items = "<li>Two halls</li><li><a href=/x>Cooling towers</a></li><li>A substation</li>"
    article = read_page(page(f"<div>{paragraphs(EN[:2])}<ul>{items}</ul>{paragraphs(EN[2:])}</div>"))
    assert "Two halls\nCooling towers\nA substation" in article.text


@pytest.mark.parametrize("lines", [EN, ZH])
def test_a_text_that_stands_there_twice_is_read_once(lines: tuple[str, ...]) -> None:
    body = f"<div><div class=wide>{paragraphs(lines)}</div><div class=narrow>{paragraphs(lines)}</div></div>"
    article = read_page(page(body))
    assert article.text == "\n".join(lines)
    assert [r.text for r in article.removed if r.reason == "other" and r.text in lines] == list(lines)


def test_a_question_that_comes_back_stays() -> None:
    asked = "How many accelerators does your company plan to order in the coming year, and why?"
    lines = (asked, EN[0], asked, EN[1], asked, EN[2], asked, EN[3])
    assert read_page(page(f"<div>{paragraphs(lines)}</div>")).text == "\n".join(lines)


def test_the_whole_text_once_more_in_one_block_is_a_copy() -> None:
    lines = tuple(f"{line} So says part {n}." for n in range(3) for line in EN)
    body = f"<div>{paragraphs(lines)}<div>{' '.join(lines)}</div></div>"
    assert read_page(page(body)).text == "\n".join(lines)


def test_a_subtitle_beside_the_headline_is_no_text() -> None:
    subtitle = "The order is the largest of its kind, and it has not been paid for yet, says a filing."
    head = f"<header><h1>Firm orders accelerators</h1><h2>{subtitle}</h2></header>"
    article = read_page(page(f"<article>{head}{paragraphs(EN)}</article>"))
    assert article.text == "\n".join(EN)
    assert {r.reason for r in article.removed if r.text == subtitle} == {"headline"}


def test_a_short_line_in_a_box_between_paragraphs_is_kept() -> None:
    body = (
        f"<div>{paragraphs(EN[:2])}<section><p>Ten thousand cards, nine months</p></section>{paragraphs(EN[2:])}</div>"
    )
    assert "Ten thousand cards, nine months" in read_page(page(body)).text


def test_references_below_the_text_are_not_the_text() -> None:
    items = "".join(
        f"<li>Other, A. (2019). A study of halls, their cooling and power, volume {n}.</li>" for n in range(4)
    )
    body = f"<div>{paragraphs(EN)}<h2>References</h2><ol>{items}</ol></div>"
    assert read_page(page(body)).text == "\n".join(EN)


def test_the_writers_life_behind_the_text_is_a_credit() -> None:
    life = "Ann Q. Other is a freelance writer from the north. She has written on halls and their power for ten years."
    lines = tuple(f"{line} So says part {n}." for n in range(2) for line in EN)
    article = read_page(page(f"<div>{paragraphs((*lines, life))}</div>"))
    assert article.text == "\n".join(lines)
    assert [r.reason for r in article.removed if r.text == life] == ["credit"]


def test_a_body_in_several_regions_that_are_named_sidebars() -> None:
    texts = [tuple(f"{line} So says part {n}." for line in EN) for n in range(6)]
    parts = "".join(f"<div class=sidebar-content>{paragraphs(text)}</div>" for text in texts)
    short = tuple(f"{line} So says the summary." for line in EN)
    excerpt = f"<div>{paragraphs(short)}</div>"
    body = f"<main><h1>Firm orders accelerators</h1>{excerpt}{parts}</main>"
    found = read_page(page(body)).text.splitlines()
    assert {line for text in texts for line in text} <= set(found)
