"""Text scrapes: what is the article, what is not, and where each piece went."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.errors import LexiconError, NotAnArticle
from extractors.model import Article
from extractors.pages import scrape_wording
from extractors.pages.scrape import read_scrape
from tests.pages.articles import EN, EN_TITLE, ZH, ZH_TITLE

FEED = (
    "-",
    "城东的樱花本周进入盛花期，公园管理处提醒游客错峰前往，周末将增开两条临时公交线路，沿途设置",
    "...[详细]",
    "-",
    "多地中小学公布暑假安排 家长关注托管名额",
    "据悉，今年的托管服务将覆盖更多社区，报名从下周一开始，名额有限，先到先得，具体办法以学校",
    "...[详细]",
    "-",
    "??ʵά??ũ??Ⱥ?ںϷ?Ȩ??",
    "...[详细]",
    "",
    "全国羽毛球锦标赛落幕 东道主包揽三金",
)


def scrape(*lines: str) -> Article:
    return read_scrape("\n".join(lines))


def reasons(article: Article) -> dict[str, str]:
    return {r.text: r.reason for r in article.removed}


def test_whole_page() -> None:
    article = scrape(ZH_TITLE, "![]()", "图片来源：图库", *ZH, "（责任编辑：方圆）", *FEED)
    assert article.title == ZH_TITLE
    assert article.text == "\n".join(ZH)
    assert article.lang == "zh-Hans"
    assert article.byline == "林小满"
    gone = reasons(article)
    assert gone["![]()"] == gone["图片来源：图库"] == "caption"
    assert gone["（责任编辑：方圆）"] == "credit"
    assert gone[FEED[1]] == gone[FEED[4]] == gone[FEED[5]] == gone[FEED[11]] == "teaser"
    assert gone[FEED[8]] == "mojibake"
    assert [article.text[b.start : b.end] for b in article.blocks] == list(ZH)
    assert {b.kind for b in article.blocks if article.text[b.start : b.end] == "订单为何落空"} == {"heading"}


def test_every_line_is_kept_or_listed() -> None:
    lines = [ZH_TITLE, "![]()", *ZH[:4], "相关阅读：别处的新闻", *ZH[4:], "（责任编辑：方圆）", *(x for x in FEED if x)]
    article = scrape(*lines)
    seen = [article.title or "", *article.text.split("\n"), *(r.text for r in article.removed)]
    assert sorted(seen) == sorted(lines)
    inside = next(r for r in article.removed if r.text.startswith("相关阅读"))
    assert article.text[inside.where or 0 :].startswith(ZH[4])


@pytest.mark.parametrize(
    "tail",
    [
        ("Related stories", "A new bridge for the old harbor opens in May", "Bakers agree on the price of bread"),
        (
            "Festival draws a record crowd to the lake...",
            "Read more »",
            "Council votes on bicycle lanes...",
            "Read more »",
        ),
        (
            "* * *",
            "Rain expected through the weekend in the north",
            "* * *",
            "Seven recipes for a quick lunch",
            "* * *",
        ),
        ("Editor: P. Moss", "Museum reopens its east wing after two years"),
    ],
)
def test_english_tails(tail: tuple[str, ...]) -> None:
    article = scrape(EN_TITLE, *EN, *tail)
    assert article.text == "\n".join(EN)
    assert article.title == EN_TITLE
    assert {r.text for r in article.removed} == set(tail)


@pytest.mark.parametrize(
    "lines",
    [
        (*EN[:3], "* * *", *EN[3:6], "* * *", *EN[6:]),
        (*ZH[:5], "——", *ZH[5:]),
    ],
)
def test_an_author_may_part_his_text(lines: tuple[str, ...]) -> None:
    article = scrape(EN_TITLE, *lines)
    assert article.text.split("\n") == [line for line in lines if len(line) > 5]


def test_credits_above_the_body_do_not_end_it() -> None:
    article = scrape(ZH_TITLE, "来源：晨报", "编辑：方圆", *ZH)
    assert article.text == "\n".join(ZH)


def test_a_first_paragraph_is_no_headline() -> None:
    article = scrape(*ZH[1:])
    assert article.title is None
    assert article.text == "\n".join(ZH[1:])


@pytest.mark.parametrize(
    ("first", "fetched", "tz", "expected"),
    [
        (ZH[0], datetime(2025, 3, 13, tzinfo=UTC), None, datetime(2025, 3, 12, tzinfo=UTC)),
        (
            "蓝原通讯社12月31日电 临海的工厂今天恢复生产。",
            datetime(2025, 1, 2, tzinfo=UTC),
            "Asia/Shanghai",
            datetime(2024, 12, 31, tzinfo=ZoneInfo("Asia/Shanghai")),
        ),
        (
            "2023年5月6日 14:30，工厂恢复生产。",
            None,
            "Asia/Shanghai",
            datetime(2023, 5, 6, 14, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
        ),
        ("May 6, 2023 2:30 pm. The plant has opened again.", None, None, datetime(2023, 5, 6, 14, 30, tzinfo=UTC)),
        ("LAKEVIEW, May 6 (Harbor News) - The plant has opened again.", None, None, None),
        ("蓝原通讯社2月30日电 工厂恢复生产。", datetime(2025, 3, 1, tzinfo=UTC), None, None),
    ],
)
def test_published_at(first: str, fetched: datetime | None, tz: str | None, expected: datetime | None) -> None:
    text = "\n".join([ZH_TITLE, first, *ZH[1:]])
    if "3月12日" in first:
        first = first.replace("晨报讯（记者 林小满）3月12日", "晨报3月12日讯（记者 林小满）")
        text = "\n".join([ZH_TITLE, first, *ZH[1:]])
    assert read_scrape(text, fetched_at=fetched, tz=tz).published_at == expected


def test_a_year_in_the_text_completes_a_dateline() -> None:
    article = scrape(
        ZH_TITLE, "蓝原通讯社3月12日电 工厂今天恢复生产。", "这是2019年以来的第一次，2019年的停产持续了两周。"
    )
    assert article.published_at == datetime(2019, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "\n\n", "![]()\n图片来源：图库", "??ʵά??ũ??Ⱥ?ںϷ?Ȩ??"])
def test_nothing_of_a_body(text: str) -> None:
    with pytest.raises(NotAnArticle, match="empty"):
        read_scrape(text)


def test_broken_wording_is_named() -> None:
    with pytest.raises(LexiconError, match=r"scrape_wording\.toml"):
        scrape_wording._pattern(["(unclosed"])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from([*ZH, *EN, *FEED, "![]()", "（责任编辑：方圆）", "Read more", "。", "* * *"]), max_size=25)
)
def test_blocks_slice_the_text_and_nothing_is_lost(lines: list[str]) -> None:
    try:
        article = scrape(*lines)
    except NotAnArticle:
        return
    assert "\n".join(article.text[b.start : b.end] for b in article.blocks) == article.text
    assert all(r.where is None or 0 <= r.where <= len(article.text) for r in article.removed)
    seen = sum(
        len(t) for t in (article.title or "", article.text.replace("\n", ""), *(r.text for r in article.removed))
    )
    assert seen == sum(len(line) for line in lines)


@pytest.mark.parametrize(
    "line",
    [
        "a",
        "责任编辑:",
        "-\n",
        "...[详细]\n",
        "![",
        "Read more\n",
        "7月10日讯",
        "\u200b",
        "?",
        "的",
        "(",
        "编辑：甲\n",
        "。",
    ],
)
def test_cost_stays_linear(line: str) -> None:
    """Twice the text costs about twice the time; a quadratic rule would cost four times."""

    def cost(size: int) -> float:
        text = "标题在这里\n" + line * (size // len(line))
        best = 9e9
        for _ in range(2):
            start = time.process_time()
            with suppress(NotAnArticle):
                read_scrape(text)
            best = min(best, time.process_time() - start)
        return best

    small, large = cost(20_000), cost(80_000)
    assert large < 10 * small + 0.15
