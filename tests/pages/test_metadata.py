"""Title, writers, date, credit, canonical address."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extractors.pages import read_page
from tests.pages.pages_made import EN, ZH, page, paragraphs

LINKED = '<script type="application/ld+json">%s</script>'
FETCHED = datetime(2024, 7, 11, 2, 0, tzinfo=UTC)
BODY_EN, BODY_ZH = f"<div>{paragraphs(EN)}</div>", f"<div>{paragraphs(ZH)}</div>"


@pytest.mark.parametrize(
    ("bar", "head", "heading", "title"),
    [
        ("甲公司订购一万张加速卡_科技频道_某某网", "", "", "甲公司订购一万张加速卡"),
        ("甲公司订购一万张加速卡-某某网", "", "", "甲公司订购一万张加速卡"),
        ("甲公司订购一万张加速卡 - 科技 - 某某网", "", "", "甲公司订购一万张加速卡"),
        ("甲公司订购一万张加速卡丨某某网", "", "甲公司订购一万张加速卡", "甲公司订购一万张加速卡"),
        ("Firm orders accelerators | The Daily", "", "", "Firm orders accelerators"),
        (
            "Firm orders accelerators - and pays late",
            "",
            "Firm orders accelerators - and pays late",
            "Firm orders accelerators - and pays late",
        ),
        ("The Daily", '<meta property="og:title" content="Firm orders accelerators">', "", "Firm orders accelerators"),
        (
            "The Daily | Firm orders accelerators",
            '<meta property="og:site_name" content="The Daily">',
            "",
            "Firm orders accelerators",
        ),
        ("Firm orders accelerators | The Daily", "", "The Daily", "Firm orders accelerators"),  # a logo as heading
        ("Firm: first-ever order", "", "", "Firm: first-ever order"),
        ("", "", "Firm orders accelerators", "Firm orders accelerators"),
        ("", "", "", None),
    ],
)
def test_title_without_the_site(bar: str, head: str, heading: str, title: str | None) -> None:
    body = (f"<h1>{heading}</h1>" if heading else "") + BODY_EN
    article = read_page(page(body, title=bar, head=head))
    assert article.title == title
    assert title is None or title not in article.text


@pytest.mark.parametrize(
    ("markup", "when"),
    [
        (
            LINKED % '{"@type":"NewsArticle","datePublished":"2024-07-10T08:30:00+08:00"}',
            "2024-07-10T08:30:00+08:00",
        ),
        (
            LINKED % '{"@graph":[{"@type":"WebPage"},{"@type":["Article"],"datePublished":"2024-07-10"}]}',
            "2024-07-10T00:00:00+08:00",
        ),
        ('<meta property="article:published_time" content="2024-07-10T00:30:00Z">', "2024-07-10T00:30:00+00:00"),
        ('<meta name="pubdate" content="20240710">', "2024-07-10T00:00:00+08:00"),
        ("<time datetime='2024-07-10T08:30'>Wednesday</time>", "2024-07-10T08:30:00+08:00"),
        ("<div>2024年07月10日 08:30 来源：某某报</div>", "2024-07-10T08:30:00+08:00"),
        ("<div>2024-07-10 08:30:05</div>", "2024-07-10T08:30:05+08:00"),
        ("<div>Published July 10, 2024</div>", "2024-07-10T00:00:00+08:00"),
        ("<div>10 July 2024</div>", "2024-07-10T00:00:00+08:00"),
        ("<div>3小时前</div>", "2024-07-10T23:00:00+00:00"),
        ("<div>2 hours ago</div>", "2024-07-11T00:00:00+00:00"),
        ("<div>昨天 10:30</div>", "2024-07-10T10:30:00+08:00"),
        ("<div>07/25/2024</div>", "2024-07-25T00:00:00+08:00"),
        ("<div>发布日期：7/10/2024 8:30:05 PM</div>", "2024-07-10T20:30:05+08:00"),
        ("<div>07/10/2024</div>", None),  # of July or of October?
        ("<div>Accepted 2024 Jul 10</div>", "2024-07-10T00:00:00+08:00"),
        ("<div>On 10-Jul-2024</div>", "2024-07-10T00:00:00+08:00"),
        (LINKED % '{"@type":"WebPage","datePublished":"2024-07-10"}', "2024-07-10T00:00:00+08:00"),
        (
            LINKED % '{"@graph":[{"@type":"WebPage","datePublished":"2020-01-01"},'
            '{"@type":"Article","datePublished":"2024-07-10"}]}',
            "2024-07-10T00:00:00+08:00",
        ),
        (
            "<h1>Firm orders accelerators</h1><div>July 10, 2024</div>"
            + "".join(f"<div>Box number {n}</div>" for n in range(16)),
            "2024-07-10T00:00:00+08:00",
        ),
        ("<div>2024-02-31</div>", None),
        ("", None),
    ],
)
def test_published_at(markup: str, when: str | None) -> None:
    found = read_page(page(markup + BODY_ZH), fetched_at=FETCHED, tz="Asia/Shanghai").published_at
    assert (found.isoformat() if found else None) == when


def test_a_relative_date_needs_the_moment_of_fetching() -> None:
    assert read_page(page("<div>3小时前</div>" + BODY_ZH)).published_at is None


def test_the_address_is_the_last_resort_for_a_date() -> None:
    found = read_page(page(BODY_EN), url="https://example.org/2024/07/10/order.html").published_at
    assert found == datetime(2024, 7, 10, tzinfo=UTC)
    assert read_page(page(BODY_EN), url="https://example.org/item/20249999").published_at is None


@pytest.mark.parametrize(
    ("markup", "byline", "credit"),
    [
        ("<div>2024-07-10 来源：某某日报 作者：王五</div>", "王五", "某某日报"),
        ("<div>来源：某某网　记者：赵六</div>", "赵六", "某某网"),
        ("<p>By Ann Other</p>", "Ann Other", None),
        ("<div>Posted on 10 July 2024 <span class=byline>by <a href=x>Ann Other</a></span></div>", "Ann Other", None),
        ('<meta name="author" content="Ann Other">', "Ann Other", None),
        (
            '<script type="application/ld+json">{"@type":"Article","author":[{"name":"Ann"},{"name":"Bo"}]}</script>',
            "Ann, Bo",
            None,
        ),
        ('<meta property="article:author" content="https://example.org/ann">', None, None),
        ('<meta name="author" content="1392"><div>作者：王五</div>', "王五", None),
        ('<meta name="author" content="name, name@example.org"><p>By Ann Other</p>', "Ann Other", None),
        ("<div>作者：把一句很长的话放在这里的人</div>", None, None),
        ("<p>By Ann Q. Other March 5 at 8:00 PM</p>", "Ann Q. Other", None),
        ("<p>By Theresa May</p>", "Theresa May", None),
        ("", None, None),
    ],
)
def test_byline_and_credit(markup: str, byline: str | None, credit: str | None) -> None:
    article = read_page(page(markup + BODY_ZH))
    assert (article.byline, article.credit) == (byline, credit)


def test_canonical_address_is_absolute() -> None:
    head = '<link rel="canonical" href="/a/1?x=2">'
    assert (
        read_page(page(BODY_EN, head=head), url="https://example.org/b").canonical_url == "https://example.org/a/1?x=2"
    )
    assert read_page(page(BODY_EN, head=head)).canonical_url is None
    og = '<meta property="og:url" content="https://example.org/c">'
    assert read_page(page(BODY_EN, head=og)).canonical_url == "https://example.org/c"
    assert read_page(page(BODY_EN, head='<link rel="canonical" href="javascript:void(0)">')).canonical_url is None


def test_a_head_closed_early_is_still_read() -> None:
    raw = page(BODY_EN).replace(b"<title>", b"<div></div><title>")
    assert read_page(raw).title == "Firm orders accelerators"


@pytest.mark.parametrize(
    ("lines", "lang"),
    [
        (EN, "en"),
        (ZH, "zh-Hans"),
        (("台積電週一表示，已經為新的機房訂購了設備，預計明年交付。",) * 4, "zh-Hant"),
        (
            ("Das Unternehmen hat am Montag mitgeteilt, dass es neue Maschinen bestellt hat, und zwar viele.",) * 4,
            "other",
        ),
    ],
)
def test_language(lines: tuple[str, ...], lang: str) -> None:
    assert read_page(page(f"<div>{paragraphs(lines)}</div>")).lang == lang


@pytest.mark.parametrize(
    ("bar", "title"),
    [
        ("某健康网 〉最新新闻 〉甲公司订购一万张加速卡", "甲公司订购一万张加速卡"),
        ("甲公司订购一万张加速卡-《某网》", "甲公司订购一万张加速卡"),
    ],
)
def test_trails_and_names_in_the_title_bar_are_no_headline(bar: str, title: str) -> None:
    assert read_page(page(f"<div>{paragraphs(ZH)}</div>", title=bar, lang="zh")).title == title


@pytest.mark.parametrize(
    ("bar", "heading", "title"),
    [
        ("甲公司订购加速卡_芯片,机房,加速卡,订单", "<h2>甲公司订购加速卡</h2>", "甲公司订购加速卡"),
        ("甲公司为新机房订购加速卡 科技快讯 某某网", "<div>甲公司为新机房订购加速卡</div>", "甲公司为新机房订购加速卡"),
        ("某某醫療網：甲公司訂購加速卡", "<div>甲公司訂購加速卡</div>", "甲公司訂購加速卡"),
        ("某某日报网", "<div>甲公司为新机房订购加速卡</div>", "甲公司为新机房订购加速卡"),
        ("新闻中心", "<h2>甲公司为新机房订购加速卡</h2><h3>设备从明年春天交付的合同</h3>", "甲公司为新机房订购加速卡"),
        ("某某日报网", "<div>与此无关的另外一句话在这里</div>", "某某日报网"),
        ("Forming a company in the north", "<div>Forming a company</div>", "Forming a company in the north"),
        ("Welcome", "<h2>Firm ordered ten thousand accelerators</h2>", "Firm ordered ten thousand accelerators"),
        ("Welcome", "<div>The company ordered ten thousand accelerators</div>", "Welcome"),  # no heading
    ],
)
def test_the_headline_stands_above_the_text(bar: str, heading: str, title: str) -> None:
    lines = ZH if bar[0] > "z" else EN
    assert read_page(page(f"{heading}<div>{paragraphs(lines)}</div>", title=bar)).title == title


def test_a_date_that_a_line_in_the_text_states() -> None:
    lines = (*ZH, "本贴由王五于2024年7月10日16:12:21发表")
    found = read_page(page(f"<div>{paragraphs(lines)}</div>")).published_at
    assert found == datetime(2024, 7, 10, 16, 12, 21, tzinfo=UTC)
