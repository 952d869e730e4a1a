"""Repair: what a farm dropped in goes, what the author wrote stays, and every cut is listed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.errors import LexiconError
from extractors.model import Lang
from extractors.pages import shard_trees
from extractors.pages.hidden import hidden_marks
from extractors.pages.repair import Repaired, repair
from extractors.pages.scrape import read_scrape
from extractors.pages.shard_alarm import alarming
from tests.pages.articles import EN, EN_TITLE, ZH, ZH_TITLE
from tests.pages.contaminate import Recipe, contaminate, recipe

ARTICLES = {"zh": (ZH_TITLE, ZH), "en": (EN_TITLE, EN)}


def put_back(repaired: Repaired) -> list[str]:
    """The paragraphs with the cuts at their offsets again."""
    out = list(repaired.paragraphs)
    for span in repaired.removed:
        text = out[span.paragraph]
        out[span.paragraph] = text[: span.start] + span.text + text[span.start :]
    return out


def check(original: Sequence[str], repaired: Repaired) -> None:
    assert len(repaired.paragraphs) == len(original)
    assert all(original[s.paragraph][s.start : s.end] == s.text != "" for s in repaired.removed)
    assert put_back(repaired) == list(original)


# By hand, as a farm's script would: two rounds of the headline's pieces in order, one with a name behind it.
BY_HAND = (
    "晨报讯（记者 林小满）3月12日，星桥科星桥科技在一份公告中承认，公司已经终止与云湖数据的技与云采购谈判，"
    "双方自去年秋天起讨论的合作没有达成一致。",
    "“我们尊重对方的湖数谈崩昌宁市某某财税代理服务中心决定，但训练计划不会推迟。”星桥科技首席执行官何见山在电话会议上说。"
    "之后谁来他透露，公司今年的资本开支仍将维持在18亿元左右，其中大部分用于购买服务器。填补两",
    "订单为何落空",
    "据两位接近交易的人士介绍，万张算分歧集中在交货时间。云湖数据希望分三批交付，"
    "力卡缺最后一批要等到明年春天，而星桥科技要求全部设备在九月以前上架。",
    "价格也是原因之一。星桥科过去半年里，高端加速卡的租金下降了近三成，技与云买方不愿再按去年的合同付款，"
    "卖方则担心库存贬值。湖数谈崩昌宁市某某财税代理服务中心一位分析师认为，双方都在等待市场给出更清楚的信号。",
    "云湖数据没有回应置评请求。之后谁来该公司去年营业收入为42亿元，同比增长11%，净利润却下滑了6%，"
    "管理层把原因归结为电费上涨和折旧增加。填补两",
    *ZH[6:],
)


def test_shards_in_a_cycle_by_hand() -> None:
    repaired = repair(ZH_TITLE, BY_HAND)
    check(BY_HAND, repaired)
    assert repaired.paragraphs == ZH
    assert {s.reason for s in repaired.removed} == {"injected"}
    assert "湖数谈崩昌宁市某某财税代理服务中心" in [s.text for s in repaired.removed]


def test_the_repair_reaches_a_scrape() -> None:
    article = read_scrape("\n".join([ZH_TITLE, *BY_HAND]))
    assert article.text == "\n".join(ZH)
    assert sum(r.reason == "injected" for r in article.removed) == 12


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("shown", [True, False])
def test_clean_articles_come_back_as_they_were(lang: str, shown: bool) -> None:
    title, paragraphs = ARTICLES[lang]
    assert repair(title if shown else None, paragraphs) == Repaired(paragraphs, ())


NAMED = (
    "清晨六点，孟远山已经站在仓库门口。冬天的港口很安静，孟远山喜欢在这个时候点数。",
    "“货不会骗人。”孟远山说。做了二十年调度的孟远山从不看表，孟远山凭汽笛就知道是哪条船。",
    "去年码头换了新系统，孟远山起初并不相信。后来，孟远山学会了看屏幕，也学会了和年轻人一起吃午饭。",
    "今年春天他就要退休，孟远山把本子交给了徒弟。“以后看你的了。”孟远山说完，慢慢走向班车。",
)


@pytest.mark.parametrize("title", [None, "孟远山的最后一个冬天", "码头调度员孟远山和他的本子"])
def test_a_name_at_every_clause_is_the_authors(title: str | None) -> None:
    assert repair(title, NAMED).removed == ()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("shown", [True, False])
def test_the_quick_look_sees_what_a_farm_left(lang: Lang, shown: bool) -> None:
    title, paragraphs = ARTICLES[lang]
    # Without a headline a third of the clean Chinese articles is searched, this one among them.
    assert not alarming(title if shown else None, paragraphs, lang) or (lang == "zh" and not shown)
    for seed in range(40, 44):
        how = replace(recipe(seed), cut="even", lengths=(2, 3), decay="flat", most=3, shards=6, slots="clause")
        dirty = contaminate(title, paragraphs, how)
        assert alarming(title if shown else None, dirty.paragraphs, lang) or len(dirty.injections) < 6


def test_a_headline_quoted_in_full_is_the_authors() -> None:
    quoted = (*ZH[:3], f"这正是本文标题所问的：{ZH_TITLE}", *ZH[3:])
    assert repair(ZH_TITLE, quoted).removed == ()


def share(recipes: Sequence[Recipe], lang: str) -> tuple[float, float]:
    """Precision and recall of the characters cut."""
    title, paragraphs = ARTICLES[lang]
    cut = injected = both = 0
    for how in recipes:
        dirty = contaminate(title, paragraphs, how)
        repaired = repair(dirty.title, dirty.paragraphs)
        check(dirty.paragraphs, repaired)
        gone = {(s.paragraph, i) for s in repaired.removed for i in range(s.start, s.end)}
        there = {(j.paragraph, i) for j in dirty.injections for i in range(j.start, j.end)}
        cut, injected, both = cut + len(gone), injected + len(there), both + len(gone & there)
    return both / max(1, cut), both / max(1, injected)


def test_a_cycle_with_the_headline_shown() -> None:
    plain = [
        replace(
            recipe(s), cut="even", order="cycle", lengths=(2, 3, 4), headline=True, junk=False, most=3, decay="flat"
        )
        for s in range(500, 512)
    ]
    precision, recall = share(plain, "zh")
    assert precision >= 0.93
    assert recall >= 0.9


def test_any_habit_with_the_headline_shown() -> None:
    precision, recall = share([replace(recipe(s), headline=True, most=3) for s in range(700, 716)], "zh")
    assert precision >= 0.95
    assert recall >= 0.75


def test_english_with_the_headline_shown() -> None:
    plain = [
        replace(recipe(s), headline=True, most=3, decay="flat", cut="even", lengths=(2, 3)) for s in range(900, 912)
    ]
    precision, recall = share(plain, "en")
    assert precision >= 0.95
    assert recall >= 0.85


def test_a_genitive_may_be_cut_without_its_apostrophe() -> None:
    title = "Northlake’s Rental Prices Doubled, and the Builder’s Deal Is Dead"
    how = replace(recipe(906), cut="even", lengths=(3,), order="cycle", slots="clause", adverts=0, shards=8, junk=False)
    dirty = contaminate(title, EN, replace(how, headline=True, most=3, decay="flat"))
    repaired = repair(title, dirty.paragraphs)
    assert repaired.paragraphs == EN
    assert {"Northlake s", "the Builder", "s Deal"} <= {span.text.strip() for span in repaired.removed}


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["zh", "en"]), st.integers(0, 10**6))
def test_removed_and_kept_are_the_original(lang: str, seed: int) -> None:
    title, paragraphs = ARTICLES[lang]
    dirty = contaminate(title, paragraphs, recipe(seed))
    check(dirty.paragraphs, repair(dirty.title, dirty.paragraphs))


@settings(max_examples=150, deadline=None)
@given(st.none() | st.text(max_size=30), st.lists(st.text(max_size=60), max_size=6))
def test_any_text_survives_the_round_trip(title: str | None, paragraphs: list[str]) -> None:
    check(paragraphs, repair(title, paragraphs))


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet="甲乙丙的，。A1 ", max_size=12),
    st.lists(st.text(alphabet="甲乙丙的，。A1 ", max_size=80), max_size=4),
)
def test_few_characters_survive_the_round_trip(title: str, paragraphs: list[str]) -> None:
    check(paragraphs, repair(title, paragraphs))


def lace(text: str, mark: str, step: int) -> str:
    return "".join(c + mark if i % step == step - 1 else c for i, c in enumerate(text))


@pytest.mark.parametrize("mark", ["\u200b", "\u2060", "\ufeff", "\u200d", "\u200c", "\u00ad\u200b", "\u202c", "\u200e"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_invisible_characters(lang: str, mark: str) -> None:
    title, paragraphs = ARTICLES[lang]
    laced = [lace(p, mark, 7) for p in paragraphs]
    repaired = repair(title, laced)
    check(laced, repaired)
    assert repaired.paragraphs == paragraphs
    assert {s.reason for s in repaired.removed} == {"hidden"}


def test_invisible_characters_inside_shards() -> None:
    laced = [p.replace("技与云", "技\u200b与云") for p in BY_HAND]
    repaired = repair(ZH_TITLE, laced)
    check(laced, repaired)
    assert repaired.paragraphs == ZH


@pytest.mark.parametrize(
    "paragraphs",
    [
        ["👩\u200d💻 wrote it", "می\u200cخواهم", "क्\u200dष"],
        ["One stray mark \u200b between words", "a soft\u00adware"],
        ["\u200b", "\u200b", "\u200b", "\u200b", "\u200b", "\u200b"],
        ["plain"],
        [],
    ],
)
def test_marks_that_stay(paragraphs: list[str]) -> None:
    assert hidden_marks(paragraphs) == []


def test_trees_of_other_evidence_are_refused() -> None:
    with pytest.raises(LexiconError, match="fitted to other evidence"):
        shard_trees.trees("shard_trees_zh_headline", ("bias",))


@pytest.mark.parametrize(
    ("title", "piece"),
    [
        ("的的的的的的", "的"),
        (ZH_TITLE, "星桥科技，"),
        (ZH_TITLE, "的星桥科技"),
        (ZH_TITLE, ZH_TITLE),
        (ZH_TITLE, "\u200b"),
        (None, "甲乙丙，"),
        (None, "甲公司"),
        (EN_TITLE, "Harbor "),
        (EN_TITLE, "the Harbor, "),
        (None, "a. "),
        (ZH_TITLE, "www."),
        (ZH_TITLE, "1"),
    ],
)
def test_cost_stays_linear(title: str | None, piece: str) -> None:
    """Four times the text costs about four times the time; a quadratic rule would cost sixteen times."""

    def cost(size: int) -> float:
        text = piece * (size // len(piece))
        paragraphs = [text[i : i + 400] for i in range(0, len(text), 400)]
        best = 9e9
        for _ in range(2):
            start = time.process_time()
            repair(title, paragraphs)
            best = min(best, time.process_time() - start)
        return best

    small, large = cost(3_000), cost(12_000)
    assert large < 10 * small + 0.2


def test_a_megabyte_is_within_the_budget() -> None:
    for piece in ("的", "星桥科技，", "Harbor "):
        start = time.process_time()
        repair(ZH_TITLE, [piece * (1_000_000 // len(piece))])
        assert time.process_time() - start < 5
