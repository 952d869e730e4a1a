"""What is the body, what is stripped from it and why."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from pathlib import Path
from statistics import mean

import pytest

from extractors.errors import NotAnArticle, PageError
from extractors.model import Article, Selectors
from extractors.pages import read_page
from tests.pages.pages_made import EN, TEASERS_EN, ZH, page, paragraphs

SHARED = Path(__file__).parents[3] / "shared" / "pages"


def reasons(article: Article) -> dict[str, str]:
    return {r.text: r.reason for r in article.removed}


def check_offsets(article: Article) -> None:
    assert "\n".join(article.text[b.start : b.end] for b in article.blocks) == article.text
    for removed in article.removed:
        assert removed.where is None or 0 <= removed.where <= len(article.text)


@pytest.mark.parametrize(("lines", "lang"), [(EN, "en"), (ZH, "zh")])
@pytest.mark.parametrize(
    "wrap",
    [
        "<div class=article-content>{p}</div>",
        "<div><div>{p}</div></div>",
        "<article><h1>Firm orders accelerators</h1>{p}</article>",
        "<table><tr><td>{p}</td></tr></table>",
        "<form id=aspnet>{p}</form>",
        "<story-body>{p}</story-body>",
        '<div class="sidebar-left related">{p}</div>',  # names lie
        "<aside>{p}</aside>",
    ],
)
def test_body_is_found_in_whatever_holds_it(wrap: str, lines: tuple[str, ...], lang: str) -> None:
    article = read_page(page(wrap.format(p=paragraphs(lines)), lang=lang))
    assert article.text == "\n".join(lines)
    check_offsets(article)


@pytest.mark.parametrize("lines", [EN, ZH])
@pytest.mark.parametrize("join", ["<br><br>", "<br>", "</div><div>", "<p>", "<br/>\n　　"])
def test_paragraphs_need_no_element(lines: tuple[str, ...], join: str) -> None:
    article = read_page(page(f"<div><div>{join.join(lines)}</div></div>"))
    assert article.text == "\n".join(lines)


def test_headings_lists_quotes_tables_and_code_stay_in_order() -> None:
    body = (
        f"<div>{paragraphs(EN[:2])}<h2>What was bought</h2><ul><li>Ten thousand cards, all new</li><li>Racks</li></ul>"
        f"<blockquote>{EN[2]}</blockquote><table><tr><td>Cards</td><td>10,000</td></tr></table><pre>a = 1</pre>"
        f"<p>{EN[3]}</p></div>"
    )
    article = read_page(page(body))
    kinds = [(article.text[b.start : b.end], b.kind) for b in article.blocks]
    assert kinds == [
        (EN[0], "paragraph"),
        (EN[1], "paragraph"),
        ("What was bought", "heading"),
        ("Ten thousand cards, all new", "item"),
        ("Racks", "item"),
        (EN[2], "quote"),
        ("Cards | 10,000", "table"),
        ("a = 1", "code"),
        (EN[3], "paragraph"),
    ]


def test_a_body_in_several_parts_is_one_text() -> None:
    texts = [tuple(f"{line} So says part {n}." for line in EN) for n in range(3)]
    parts = "".join(f"<section>{paragraphs(text)}</section><div class=ad>Advertisement</div>" for text in texts)
    article = read_page(page(f"<article>{parts}</article>"))
    size = len("\n".join(texts[0]))
    assert article.text == "\n".join(line for text in texts for line in text)
    assert [r.where for r in article.removed if r.reason == "advert"] == [size + 1, 2 * size + 2, len(article.text)]


def test_inline_markup_makes_no_gaps_and_no_joins() -> None:
    line = "<p>It <b>paid</b> <i>about</i> $6<span>bn</span>, <a href=x>it said</a>, for them all.</p>"
    article = read_page(page(f"<div>{paragraphs(EN)}{line}</div>"))
    assert article.text.endswith("\nIt paid about $6bn, it said, for them all.")


FURNITURE = [
    ("<p>（责任编辑：王五）</p>", "credit"),
    ("<p>责任编辑：王五</p>", "credit"),
    ("<p>来源：某某日报</p>", "credit"),
    ("<p>本文版权归某某网所有，未经授权不得转载。</p>", "copyright"),
    ("<p>免责声明：本文仅代表作者个人观点。</p>", "copyright"),
    ("<p>相关阅读：<a href=1>另一条新闻的标题在这里</a></p>", "related"),
    ("<p>某地的另一件事情正在发生，居民表示...[详细]</p>", "related"),
    ("<p>延伸阅读：</p>", "related"),
    ("<p>扫描二维码关注某某微信公众号</p>", "share"),
    ("<p>分享到：</p>", "share"),
    ("<p>发表评论</p>", "comments"),
    ("<p>Read more: another story of ours</p>", "related"),
    ("<p>(Reporting by Ann Other; editing by Bo Li)</p>", "credit"),
    ("<p>© 2024 The Daily. All rights reserved.</p>", "copyright"),
    ("<p>Sign up for our newsletter to get the news.</p>", "newsletter"),
    ("<p>Follow us on the usual networks</p>", "share"),
    ("<p>ADVERTISEMENT</p>", "advert"),
    ("<p>（王五 编辑）</p>", "credit"),
    ("<p>（文/王五）</p>", "credit"),
    ("<p>（某报新闻中心）</p>", "credit"),
    ("<p>記者王五／攝影</p>", "credit"),
    ("<p>國際中心／綜合報導</p>", "credit"),
    ("<p>某某日报记者 王五 赵六</p>", "credit"),
    ("<p>据《某某日报》</p>", "credit"),
    ("<p>——《某某月刊》2019年3月号</p>", "credit"),
    ("<p>资料图：机房的东侧。</p>", "caption"),
    ("<p>[点击浏览全文]</p>", "related"),
    ("<p>更多>>房地产业</p>", "related"),
    ("<p>本篇新闻热门关键词：</p>", "related"),
    ("<p>【打印本稿】</p>", "share"),
    ("<p>某某新闻公众号</p>", "share"),
    (
        "<p>特别声明：以上内容（如有图片或视频亦包括在内）为用户上传并发布，本平台仅提供信息存储服务。</p>",
        "copyright",
    ),
    ("<p>订阅手机报：移动发送“AB”到10650001，每天早晚各一期。</p>", "newsletter"),
    ("<p>PUBLISHED: 10:48, Tue, Nov 19, 2019 | UPDATED: 11:05, Tue, Nov 19, 2019</p>", "credit"),
    ("<p>Bo Li contributed reporting from the north.</p>", "credit"),
    ("<p>Write to Ann Other at ann@example.org</p>", "credit"),
    ("<p>This article was originally written by Ann Other.</p>", "credit"),
    ("<p>Photo via Example Images</p>", "caption"),
    ("<p>More Great Daily Stories</p>", "related"),
    ("<p>Follow the Daily on Instagram and all the others.</p>", "share"),
    ("<p>Like this story? Share it with a friend!</p>", "share"),
    ("<p>Tags: halls, power</p>", "navigation"),
    ("<p>By clicking the button below, I acknowledge that I have read the terms, and accept them.</p>", "newsletter"),
    ("<figure><img src=x><figcaption>The hall, seen from the east.</figcaption></figure>", "caption"),
    ("<div class=share-bar>Facebook Twitter</div>", "share"),
    ("<div class='post-tags tags'>chips, halls</div>", "navigation"),
    ("<div class=comments-area><p>I think that this is a fine thing, honestly.</p></div>", "comments"),
    ("<p style='display: none'>Text for machines, which nobody sees on the page at all.</p>", "hidden"),
    ("<p>锟斤拷锟斤拷锟斤拷锟斤拷锟斤拷锟斤拷</p>", "mojibake"),
    (f"<ul>{TEASERS_EN}</ul>", "related"),
]


@pytest.mark.parametrize(("markup", "reason"), FURNITURE)
def test_furniture_goes_with_its_reason(markup: str, reason: str) -> None:
    lines = ZH if re.search("[\u4e00-\u9fff]", markup) else EN
    article = read_page(page(f"<div>{paragraphs(lines[:2])}{markup}{paragraphs(lines[2:])}</div>"))
    assert article.text == "\n".join(lines)
    inside = [r for r in article.removed if r.where is not None]
    assert inside
    assert {r.reason for r in inside} == {reason}
    assert {r.where for r in inside} == {len("\n".join(lines[:2])) + 1}
    check_offsets(article)


KEPT = [
    "编辑部昨日回应称，将继续跟进此事，并向读者公布结果。",
    "来源不明的资金，是监管部门最关心的问题。",
    "分享会上，三位工程师介绍了各自的项目。",
    "The source of the money is not known.",
    "Share prices fell by a tenth.",
    "Comments from the minister followed on Tuesday.",
    "Reading by candlelight has become a habit there.",
    "By the numbers",
    "Photo albums are what he collects, he said.",
    "More stories than anyone could read are told about the hall.",
    "He contributed to this",
    "图书馆的资料图书很多。",
    "据《某某日报》报道，订单已经确认，交付从春天开始。",
    "更多的订单还在路上。",
    "记者在现场看到，设备已经运到。",
    "本报记者探访机房",
    "真的吗？？？",
]


@pytest.mark.parametrize("line", KEPT)
def test_sentences_that_only_begin_like_furniture_stay(line: str) -> None:
    lines = ZH if re.search("[\u4e00-\u9fff]", line) else EN
    article = read_page(page(f"<div>{paragraphs((*lines[:2], line, *lines[2:]))}</div>"))
    assert article.text == "\n".join((*lines[:2], line, *lines[2:]))


def test_a_hidden_jammer_inside_a_sentence_is_cut_out() -> None:
    line = "<p>甲公司<span style='font-size:0'>某某管理中心</span>昨日宣布，订单已经确认。</p>"
    article = read_page(page(f"<div>{paragraphs(ZH)}{line}</div>"))
    assert article.text.endswith("甲公司\n昨日宣布，订单已经确认。") or article.text.endswith(
        "甲公司昨日宣布，订单已经确认。"
    )
    assert reasons(article)["某某管理中心"] == "hidden"


def test_cards_of_other_stories_are_not_the_body() -> None:
    card = "<div class=card><h3><a href=x>A headline of another story here</a></h3><p>{}</p></div>"
    story = "Number {} tells of something else, at some length, in a town far away."
    cards = "".join(card.format(story.format(i)) for i in range(5))
    article = read_page(page(f"<main><div>{paragraphs(EN)}</div><div>{cards}</div></main>"))
    assert article.text == "\n".join(EN)


def test_a_related_section_goes_up_to_where_the_text_goes_on() -> None:
    box = "<div class=box><h4>Related stories</h4><p>Something else happened, as we wrote, in another town.</p></div>"
    article = read_page(page(f"<article>{paragraphs(EN[:2])}{box}{paragraphs(EN[2:])}</article>"))
    assert article.text == "\n".join(EN)
    assert {r.reason for r in article.removed if r.where is not None} == {"related"}


def test_the_headline_decides_between_two_bodies() -> None:
    notice = (
        "<p>This site belongs to a group, and its terms, which you accept, are long, and say much, of little use.</p>"
        * 4
    )
    article = read_page(
        page(f"<div><div>{paragraphs(EN)}</div><ul>{TEASERS_EN * 4}</ul></div><div><div>{notice}</div></div>")
    )
    assert article.text == "\n".join(EN)


def test_selectors_of_a_site_go_first() -> None:
    body = (
        f"<div id=a>{paragraphs(EN * 3)}</div><div id=b><p>Short, but this is it.</p><i class=x>Gone</i></div>"
        "<b id=t>The title</b><u id=d>2024-07-10 08:30</u>"
    )
    chosen = Selectors(title=("#none", "#t"), body=("#b",), date=("#d",), remove=(".x",))
    article = read_page(page(body), selectors=chosen, tz="Asia/Shanghai")
    assert (article.text, article.title) == ("Short, but this is it.", "The title")
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2024-07-10T08:30:00+08:00"
    assert reasons(article)["Gone"] == "other"
    assert read_page(page(body), selectors=Selectors(body=("#none",))).text.startswith(EN[0])


def test_what_a_site_s_selector_removes_goes_once_and_the_root_stays() -> None:
    """A class for browsers without scripts stands at the root of many pages."""
    body = f"<p class='no-js note'>Turn <b class=no-js>scripts</b> on.</p><div>{paragraphs(EN)}</div>"
    source = page(body).replace(b"<html", b"<html class=no-js", 1)
    assert b"<html class=no-js" in source
    article = read_page(source, selectors=Selectors(remove=(".no-js, b, .note",)))
    assert article.text == "\n".join(EN)
    assert [removed.text for removed in article.removed if "scripts" in removed.text] == ["Turn\nscripts\non."]


def test_everything_visible_is_in_the_text_or_among_the_removed() -> None:
    raw = page(f"<h1>Firm orders accelerators</h1><p>By Ann Other</p><div>{paragraphs(EN)}</div>")
    article = read_page(raw)
    shown = article.text + "\n" + "\n".join(r.text for r in article.removed)
    for piece in ("Home", "Technology", "Firm orders accelerators", "By Ann Other", "number 5", "Contact us.", *EN):
        assert piece in shown


@pytest.mark.parametrize(
    ("body", "title", "head", "url", "kind"),
    [
        ("", "The Daily", "", "https://example.org/a", "list"),
        (f"<ul>{TEASERS_EN * 3}</ul>", "The Daily", "", "https://example.org/", "front page"),
        (f"<ul>{TEASERS_EN * 3}</ul>", "Technology", "", "https://example.org/tech/", "list"),
        (f"<div>{paragraphs(EN)}</div>", "The Daily", "", "https://example.org", "front page"),
        ("<p>We are sorry to say, the page is not here, look elsewhere.</p>" * 3, "404 Not Found", "", None, "error"),
        ("<p>抱歉，您要找的页面已经不在这里了，请从首页重新进入，谢谢。</p>" * 3, "页面不存在", "", None, "error"),
        ("<p>A film of the hall.</p>", "The hall", '<meta property="og:type" content="video.other">', None, "video"),
        (f"<p>{EN[0]}</p><p>Subscribe now to continue reading this story.</p>", "Firm orders", "", None, "paywall"),
        (f"<p>{EN[0]}</p><p>This post is for paid members only</p>", "Firm orders", "", None, "paywall"),
        (f"<p>{ZH[0]}</p><p>订阅后阅读全文</p>", "甲公司订购加速卡", "", None, "paywall"),
    ],
)
def test_what_is_no_article_says_what_it_is(body: str, title: str, head: str, url: str | None, kind: str) -> None:
    with pytest.raises(NotAnArticle) as caught:
        read_page(page(body, title=title, head=head), url=url)
    assert caught.value.kind == kind
    assert caught.value.url == url


@pytest.mark.parametrize("query", ["?p=959", "index.php?lang=en&id=12", "?newsid=4/"])
def test_a_number_in_the_query_makes_a_page_of_a_sites_address(query: str) -> None:
    raw = page(f"<div>{paragraphs(EN)}</div>", title="The Daily")
    assert read_page(raw, url=f"https://example.org/{query}").text.startswith(EN[0])


def test_short_items_of_a_text_that_is_all_lists_stay() -> None:
    first = "<ol><li>Doors open for members</li><li>Two short talks (30 mins)</li></ol>"
    second = f"<ol>{''.join(f'<li>{line}</li>' for line in EN)}</ol>"
    last = "<ul><li>The old mill by the river</li><li>The east quay of the harbour</li></ul>"
    text = read_page(page(f"<div class=entry-content><h2>Agenda</h2>{first}{second}{last}</div>")).text
    for line in ("Doors open for members", "Two short talks (30 mins)", *EN, "The east quay of the harbour"):
        assert line in text.splitlines()
    linked = '<ul><li><a href="/1">The old mill by the river</a></li><li><a href="/2">The east quay</a></li></ul>'
    assert "The old mill" not in read_page(page(f"<div class=entry-content>{second}{linked}</div>")).text


def test_a_long_text_is_an_article_whatever_the_page_calls_itself() -> None:
    head = '<meta property="og:type" content="video.other">'
    line = "<p>Subscribe now to continue reading this story.</p>"
    text = tuple(f"{sentence} So says part {n}." for n in range(3) for sentence in EN)
    article = read_page(page(f"<div>{paragraphs(text)}{line}</div>", title="404 ways to fail", head=head))
    assert article.text.startswith(EN[0])


def test_a_link_that_was_never_closed_does_not_hide_the_text() -> None:
    lines = tuple(f"{first} {EN[1]} {EN[2]}" for first in EN)
    assert read_page(page("<div><a href=x>Back" + "<br>".join(("", *lines)) + "</div>")).text == "\n".join(lines)


def test_nothing_is_no_article() -> None:
    for raw in (b"", b"<html><body><div id=app></div></body></html>"):
        with pytest.raises(NotAnArticle) as caught:
            read_page(raw)
        assert caught.value.kind == "empty"


def test_a_text_scrape_needs_no_markup() -> None:
    article = read_page(("甲公司订购加速卡\n" + "\n".join(ZH)).encode())
    assert (article.title, article.text) == ("甲公司订购加速卡", "\n".join(ZH))


def _shingles(text: str, lang: str) -> Counter[tuple[str, ...]]:
    tokens = re.findall(r"\w" if lang == "zh" else r"\w+", text)
    return Counter(tuple(tokens[i : i + 4]) for i in range(max(1, len(tokens) - 3) if tokens else 0))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the measuring pages are not here")
@pytest.mark.parametrize(("lang", "floor"), [("zh", 0.95), ("en", 0.94)])
def test_real_pages_stay_as_well_read_as_they_were(lang: str, floor: float) -> None:
    rows = [json.loads(line) for line in (SHARED / "manifest.jsonl").read_text("utf-8").splitlines()]
    precision, recall = [], []
    for row in [row for row in rows if row["lang"] == lang][::3]:
        try:
            article = read_page(gzip.decompress((SHARED / lang / f"{row['id']}.html.gz").read_bytes()))
            check_offsets(article)
            text = article.text
        except PageError:
            text = ""
        gold = _shingles((SHARED / lang / f"{row['id']}.txt").read_text("utf-8"), lang)
        found = _shingles(text, lang)
        both = (gold & found).total()
        if found:
            precision.append(both / found.total())
        if gold:
            recall.append(both / gold.total())
    p, r = mean(precision), mean(recall)
    assert 2 * p * r / (p + r) > floor
