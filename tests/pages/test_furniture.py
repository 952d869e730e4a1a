"""What inside a body is not the author's, and what only looks as if it were not."""

from __future__ import annotations

import pytest

from extractors.model import Selectors
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


FEW = "".join(f"<li>{item}</li>" for item in ("Two halls", "Cooling towers", "A substation"))


def test_a_list_that_closes_the_text_is_the_authors_unless_it_links() -> None:
    ends = read_page(page(f"<div>{paragraphs(EN)}<ul>{FEW}</ul></div>"))
    assert ends.text.splitlines()[len(EN) :] == ["Two halls", "Cooling towers", "A substation"]
    linked = FEW.replace("<li>Two halls", "<li>On <a href=/x>the same town</a>")
    assert read_page(page(f"<div>{paragraphs(EN)}<ul>{linked}</ul></div>")).text == "\n".join(EN)


def test_a_table_of_data_closes_the_text_and_one_of_layout_does_not() -> None:
    rows = "".join(f"<tr><td>Hall {n}</td><td>{n}0 MW</td></tr>" for n in range(1, 4))
    assert "Hall 2" in read_page(page(f"<div>{paragraphs(EN)}<table>{rows}</table></div>")).text
    layout = "<table><tr><td>Text size:</td></tr></table>"
    assert read_page(page(f"<div>{paragraphs(EN)}{layout}</div>")).text == "\n".join(EN)


@pytest.mark.parametrize("name", ["related", "banner"])
def test_running_text_between_paragraphs_without_a_link_is_an_inset(name: str) -> None:
    inset = tuple(
        f"A hall of this size, in town {n}, draws as much power as the town does, and the grid has to be built out."
        for n in range(3)
    )
    more = tuple(f"{line} So says part {n}." for n in range(3) for line in EN[2:])
    body = f"<div>{paragraphs(EN[:2])}<div class={name}>{paragraphs(inset)}</div>{paragraphs(more)}</div>"
    assert inset[1] in read_page(page(body)).text
    linked = tuple(f"{line} <a href=/x>The story of the town that pays, as told there</a>" for line in inset)
    body = f"<div>{paragraphs(EN[:2])}<div class={name}>{paragraphs(linked)}</div>{paragraphs(more)}</div>"
    assert inset[1] not in read_page(page(body)).text


@pytest.mark.parametrize(
    ("line", "notice"),
    [
        ("某网版权与免责声明：", "本站转载的文字只为传播更多的信息，如果作者不同意，请与本站联系，本站会尽快处理。"),
        ("热门评论", "我也在那个城市，机房建好以后电价会不会上涨，谁能说清楚？"),
        ("Add a comment", "I live next to that hall, and nobody has told us what it will do to the price of power."),
    ],
)
def test_what_stands_below_a_notice_is_not_the_text(line: str, notice: str) -> None:
    lines = tuple(f"{text} {n}" for n in range(2) for text in (ZH if line[0] > "z" else EN))
    article = read_page(page(f"<div>{paragraphs((*lines, line, notice))}</div>"))
    assert article.text == "\n".join(lines)
    assert {r.reason for r in article.removed if r.text in (line, notice)} <= {"copyright", "comments"}


def test_a_notice_above_the_text_leaves_the_text() -> None:
    lines = (ZH[0], "版权声明：", *ZH[1:])
    assert ZH[3] in read_page(page(f"<div>{paragraphs(lines)}</div>")).text


def test_numbered_works_at_the_end_are_not_the_text() -> None:
    works = (
        "[1] A. Other, 'Halls and their power', Journal of Halls (2019), pages 1 to 9.",
        "[2] B. Other, 'Cooling by river', https://example.org/river.",
    )
    assert read_page(page(f"<div>{paragraphs((*EN, *works))}</div>")).text == "\n".join(EN)
    between = read_page(page(f"<div>{paragraphs((*works, *EN))}</div>"))
    assert works[0] in between.text


@pytest.mark.parametrize("pager", ["1 2 3", "***", "1"])
def test_page_numbers_at_the_end_are_not_the_text(pager: str) -> None:
    assert read_page(page(f"<div>{paragraphs((*EN, pager))}</div>")).text == "\n".join(EN)


def test_the_headline_once_more_above_the_text_is_a_headline() -> None:
    lines = ("Firm orders accelerators:", *EN)
    article = read_page(page(f"<h1>Firm orders accelerators</h1><div>{paragraphs(lines)}</div>"))
    assert article.text == "\n".join(EN)
    assert [r.reason for r in article.removed if r.text == lines[0]] == ["headline"]


@pytest.mark.parametrize(
    "name",
    [
        "post-12 type-post hentry category-rankings tag-most-popular-halls",
        "wrap content-with-sidebar",
        "wrap has-sidebar",
        "entry hentry author-sponsor-follow",
        "post-12 status-publish tag-related-firms",
        "w-full mr-[--sidebar-width] [--gap:2rem]",
        "field field--name-body field--label-visually_hidden",
        "typography newsletter-post",
        "elementor-widget elementor-widget-text-editor",
    ],
)
def test_names_of_a_layout_and_of_a_storys_subject_are_no_labels(name: str) -> None:
    body = f"<div><div class='{name}'>{paragraphs(EN[:2])}</div><div>{paragraphs(EN[2:])}</div></div>"
    assert read_page(page(body)).text == "\n".join(EN)


def test_a_menu_with_more_text_than_the_article_stays_a_menu() -> None:
    offers = "".join(
        f"<p>We build halls of every size, for every town, and we do it well, part {n}.</p>" for n in range(9)
    )
    body = f"<nav class=mega>{offers}</nav><main><h1>Firm orders accelerators</h1>{paragraphs(EN)}</main>"
    assert read_page(page(body)).text == "\n".join(EN)


def test_a_paragraph_of_links_with_a_sentence_of_its_own_does_not_split_the_body() -> None:
    names = " ".join(f"<a href=/{n}>Minister number {n} of the northern province of halls</a>" for n in range(9))
    told = (
        f"<p>{names} told reporters on Monday that nobody in the government had ever discussed the order, he said.</p>"
    )
    inner = tuple(f"{line} So says the second part." for line in EN)
    body = f"<div class=outer>{paragraphs(EN)}{told}<div>{paragraphs(inner)}</div></div>"
    found = read_page(page(body)).text
    assert EN[0] in found
    assert inner[-1] in found


def test_a_row_of_a_table_is_one_line_and_a_row_of_layout_is_not() -> None:
    rows = "".join(f"<tr><th>Hall {n}</th><td><b>{n}0</b> MW</td><td><p>in use</p></td></tr>" for n in range(1, 4))
    lines = read_page(
        page(f"<div>{paragraphs(EN[:2])}<table>{rows}</table>{paragraphs(EN[2:])}</div>")
    ).text.splitlines()
    assert lines == [*EN[:2], "Hall 1 | 10 MW | in use", "Hall 2 | 20 MW | in use", "Hall 3 | 30 MW | in use", *EN[2:]]
    layout = f"<table><tr><td>{paragraphs(EN[:2])}</td><td>{paragraphs(EN[2:])}</td></tr></table>"
    assert read_page(page(layout)).text == "\n".join(EN)


def test_a_table_in_a_cell_has_rows_of_its_own() -> None:
    inner = "<table><tr><td>Hall 1</td><td>10 MW</td></tr><tr><td>Hall 2</td><td>20 MW</td></tr></table>"
    body = f"<table><tr><td>{paragraphs(EN[:2])}{inner}{paragraphs(EN[2:])}</td></tr></table>"
    assert read_page(page(body)).text.splitlines() == [*EN[:2], "Hall 1 | 10 MW", "Hall 2 | 20 MW", *EN[2:]]


def test_a_box_without_links_that_announces_other_stories_is_no_inset() -> None:
    more = tuple(f"{line} So says part {n}." for n in range(3) for line in EN[2:])
    other = "A firm in the south, which builds towers, has lost a court case, and will have to pay for all of it, too."
    box = f"<div class=recommend><h4>You may also like</h4><p>{other}</p><p>{other[2:]}</p><p>{other[:-5]}</p></div>"
    article = read_page(page(f"<div>{paragraphs(EN[:2])}{box}{paragraphs(more)}</div>"))
    assert other not in article.text
    assert EN[1] in article.text


def test_dated_stories_that_a_script_opens_are_teasers() -> None:
    stories = "".join(
        f"<div class=item><h3>Another firm opens hall number {n} in the south</h3>"
        f"<p>The hall, which is number {n} of its kind, draws less power than expected, the firm said.</p>"
        f"<div>2024-07-10 08:3{n}:05</div></div>"
        for n in range(4)
    )
    text = tuple(f"{line} So says part {n}." for n in range(4) for line in EN)
    article = read_page(page(f"<div><div>{paragraphs(text)}</div><div class=slider>{stories}</div></div>"))
    assert article.text == "\n".join(text)


def test_a_ticker_in_an_aside_is_no_body_however_long() -> None:
    ticker = "".join(
        f"<li><b>14:0{n}</b> Somebody said something about a thing that happened elsewhere, at length, part {n}. "
        f"It was then denied, and confirmed, and the matter rests there, as far as anybody knows.</li>"
        for n in range(19)
    )
    text = tuple(f"{line} So says part {n}." for n in range(3) for line in EN)
    body = f"<div><div>{paragraphs(text)}</div><aside class=live><ul>{ticker}</ul></aside></div>"
    assert read_page(page(body)).text == "\n".join(text)


def test_the_mark_on_a_picture_does_not_close_the_text() -> None:
    text = tuple(f"{line} So says part {n}." for n in range(3) for line in EN)
    body = f"<div>{paragraphs(text[:9])}<div>© Example Images</div>{paragraphs(text[9:])}</div>"
    assert read_page(page(body)).text == "\n".join(text)


def test_a_counter_of_comments_does_not_close_the_text() -> None:
    text = tuple(f"{line} So says part {n}." for n in range(3) for line in EN)
    body = f"<div>{paragraphs(text[:9])}<div class=comments-count>12</div>{paragraphs(text[9:])}</div>"
    assert read_page(page(body)).text == "\n".join(text)


def test_a_closing_list_may_link_a_little() -> None:
    items = "<li>Two halls by the river</li><li>Cooling towers, all new (<a href=/x>map</a>)</li><li>A substation</li>"
    assert read_page(page(f"<div>{paragraphs(EN)}<ul>{items}</ul></div>")).text.endswith("(map)\nA substation")


@pytest.mark.parametrize("name", ["nav_the_smaller_hall", "toc-item-2 table-of-contents__target"])
def test_a_heading_that_a_table_of_contents_points_to_stays(name: str) -> None:
    body = f"<div>{paragraphs(EN[:2])}<h3 id='{name}'>The smaller hall</h3>{paragraphs(EN[2:])}</div>"
    assert "The smaller hall" in read_page(page(body)).text


def test_the_container_of_a_rich_text_editor_is_a_body() -> None:
    other = tuple(f"{line}第{n}部分说。" for n in range(2) for line in ZH)
    body = f"<div><div>{paragraphs(other)}</div><div class=TRS_Editor>{paragraphs(ZH)}</div></div>"
    assert read_page(page(body)).text == "\n".join((*other, *ZH))


def test_openings_of_other_stories_with_buttons_are_no_inset() -> None:
    text = tuple(f"{line} So says part {n}." for n in range(3) for line in EN)
    opening = "A firm in the south, which builds towers, has lost a court case, and will have to pay for all of it."
    stories = "".join(f"<li><p>{opening[n:]}</p><div class=read-more><a href=/{n}>On</a></div></li>" for n in range(2))
    box = f"<div class=related_posts><ul>{stories}</ul></div>"
    article = read_page(page(f"<div>{paragraphs(text[:9])}{box}{paragraphs(text[9:])}</div>"))
    assert article.text == "\n".join(text)


def test_code_inside_code_goes_with_it() -> None:
    drawing = "<svg><script>a{b}<style>c{d}</style><g>{<style>e{f}</style></g></script></svg>"
    article = read_page(page(f"<div>{paragraphs(EN)}</div><div class=sidebar>{drawing}<p>Curly {{ text</p></div>"))
    assert [r.text for r in article.removed if "Curly" in r.text] == ["Curly { text"]


def test_a_small_region_beside_an_inset_stays_line_by_line_and_without_its_code() -> None:
    """Both are called adverts, and the larger one reads like the author's."""
    lines = (
        "The larger hall, which opened in June, holds half of the racks, all of them cooled by water from the river.",
        "The smaller one, a former mill, was bought in autumn, and waits for its power line, which is due in March.",
    )
    small = "<div class=ad><div>Hall one</div><div>Hall two</div><script>var hall = 1;</script></div>"
    inset = f"<div class=ad>{paragraphs(lines)}</div>"
    article = read_page(page(f"<div>{paragraphs(EN[:2])}{small}{inset}{paragraphs(EN[2:])}</div>"))
    assert article.text.splitlines() == [*EN[:2], "Hall one", "Hall two", *lines, *EN[2:]]
    assert [article.text[b.start : b.end] for b in article.blocks] == article.text.splitlines()
    assert not any("var hall" in removed.text for removed in article.removed)


def test_a_body_without_running_text_may_end_with_a_linked_item() -> None:
    body = "<div id=b><p>Three links</p><ul><li><a href=/x>A link that is as long as most headlines are</a></ul></div>"
    article = read_page(page(body), selectors=Selectors(body=("#b",)))
    assert article.text == "Three links"
    assert ("related", "A link that is as long as most headlines are") in {(r.reason, r.text) for r in article.removed}
