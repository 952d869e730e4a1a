"""What amounts and counts say about each other: brackets, comparisons, vendors in the sentence, signs in context."""

from __future__ import annotations

import pytest

from extractors.entities.gpu_count import find_gpu_counts
from extractors.entities.money import find_money
from extractors.entities.passage import Passage


def money(text: str, lang: str | None = None) -> list[tuple[str, str, str, str | None]]:
    return [(m.text, m.bound, m.currency, m.per) for m in find_money(Passage.of(text, lang))]


def vendors(text: str) -> list[tuple[str, str | None, str | None]]:
    return [(c.text, c.vendor, c.model) for c in find_gpu_counts(Passage.of(text))]


def test_an_equivalent_in_brackets_inherits_bound_and_rate() -> None:
    assert money("最高50亿美元（360亿元人民币）") == [
        ("50亿美元", "max", "USD", None),
        ("360亿元人民币", "max", "CNY", None),
    ]
    assert money("from ₹399/month (~$4.55)") == [("₹399", "exact", "INR", "month"), ("$4.55", "about", "USD", "month")]
    assert money("up to $12.9bn (£10bn)") == [("$12.9bn", "max", "USD", None), ("£10bn", "max", "GBP", None)]


def test_a_bracket_of_the_same_currency_is_another_amount() -> None:
    assert [m[1] for m in money("over $80 billion ($45B less $12B debt)")] == ["min", "exact", "exact"]


def test_what_is_compared_has_the_same_rate() -> None:
    assert [m[3] for m in money("花旗将目标价由150美元上调至175美元")] == ["share", "share"]
    assert [m[3] for m in money("每百万tokens输入1元，输出2元")] == ["1M tokens", "1M tokens"]
    assert [m[3] for m in money("earnings of $1.53 per share, up from $1.52")] == ["share", "share"]


def test_what_a_market_is_worth_is_no_share_price() -> None:
    assert [m[3] for m in money("Shares rose 3% to $140, valuing it at $3.4 trillion")] == ["share", None]


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("涨到¥100", "CNY"),
        ("日本的奖金是¥100万", "JPY"),
        ("Tokyo pays ¥5 billion", "JPY"),
        ("Beijing pays ¥5 billion", "CNY"),
        ("營收100億元，較前季的新台幣90億元成長", "TWD"),
        ("市值100億元", "CNY"),
        ("成交100亿元，南向资金净买入30亿港元", "HKD"),
    ],
)
def test_signs_of_several_currencies(text: str, currency: str) -> None:
    assert money(text)[0][2] == currency


FILLER = "公司管理层在电话会上表示，需求仍然旺盛，机房建设按计划推进。" * 40


def currencies(text: str) -> dict[str, str]:
    return {m[0]: m[2] for m in money(text)}


def test_one_price_in_hong_kong_dollars_leaves_a_mainland_report_its_yuan() -> None:
    article = (
        f"互联网巨头一季度营收1800亿元，资本开支275亿元。\n{FILLER}\n截至周三收盘，股价报521港元，市值4.8万亿港元。\n"
        f"{FILLER}\n另一家公司的年度预算为1500亿元，高管年薪110万至130万元。"
    )
    assert currencies(article) == {
        "1800亿元": "CNY", "275亿元": "CNY", "521港元": "HKD", "4.8万亿港元": "HKD",
        "1500亿元": "CNY", "110万至130万元": "CNY",
    }  # fmt: skip
    # Nor in one sentence, where revenue and price have their own.
    assert currencies("港股报521港元，全年营收1800亿元") == {"521港元": "HKD", "1800亿元": "CNY"}
    assert currencies("港股报521港元，较昨日涨12元") == {"521港元": "HKD", "12元": "HKD"}


def test_local_papers_in_traditional_characters_mean_their_own() -> None:
    taiwan = "立法院今天初審通過，長照扣除額由12萬元提高為18萬元，明年報稅適用。"
    assert currencies(taiwan) == {"12萬元": "TWD", "18萬元": "TWD"}
    assert currencies(taiwan + "對岸的補貼是人民幣3億元。") == {"12萬元": "TWD", "18萬元": "TWD", "人民幣3億元": "CNY"}
    hong_kong = "恒指升幅擴大，大市成交1,800億元，該股收報55.35元。"
    assert currencies(hong_kong) == {"1,800億元": "HKD", "55.35元": "HKD"}
    assert currencies("該公司在香港公布業績，收入130億元（人民幣，下同），溢利20億元。") == {
        "130億元": "CNY", "20億元": "CNY",
    }  # fmt: skip
    # Converted to simplified characters, nothing says where the paper is.
    assert currencies("扣除额由12万元提高为18万元。") == {"12万元": "CNY", "18万元": "CNY"}


def test_a_time_after_the_amount_is_no_rate() -> None:
    assert [m[3] for m in money("revenue was $600 million, against $400 million a year ago")] == [None, None]
    assert [m[3] for m in money("at $2 per GPU-hour the bill comes to about $5.6m")] == ["hour", None]
    assert [m[3] for m in money("$2.39 an hour for an H100, against $1.99 elsewhere")] == ["hour", "hour"]


def test_steps_and_levels() -> None:
    assert [m[0] for m in money("现货每吨上调2500元至8.9万元")] == ["2500元", "8.9万元"]
    assert [m[0] for m in money("预算上调2500元至3000元")] == ["2500元至3000元"]
    assert [m[0] for m in money("Bills rise by $16 to $18.")] == ["$16 to $18"]
    assert [m[0] for m in money("Sales rose by $2 million to $30 million.")] == ["$2 million", "$30 million"]


def test_shy_symbols_need_their_country() -> None:
    assert money("R100 GPUs ship in 2026") == []
    assert money("South African papers say R 100 a month") == [("R 100", "exact", "ZAR", "month")]
    assert money("AMD 8,000 GPUs") == []


def test_small_change_and_cents_join_their_whole() -> None:
    assert money("15元3角1分")[0][0] == "15元3角1分"
    assert money("5 dollars and 20 cents")[0][0] == "5 dollars and 20 cents"


def test_moves_are_two_amounts() -> None:
    assert [m[0] for m in money("Its value fell from $47 billion to $8 billion.")] == ["$47 billion", "$8 billion"]
    assert [m[0] for m in money("The stock rose $5 to $60.")] == ["$5", "$60"]
    assert [m[0] for m in money("利润从560万英镑降至120万英镑")] == ["560万英镑", "120万英镑"]


def test_the_bound_behind_a_rate() -> None:
    assert money("上调30元/吨左右") == [("30元", "about", "CNY", "unit")]


def test_the_vendor_is_said_inside_implied_or_named_before() -> None:
    assert vendors("英伟达将在韩国部署26万枚GPU") == [("26万枚GPU", "NVIDIA", None)]
    assert vendors("搭载MI300X的集群支持16384个GPU") == [("16384个GPU", "AMD", None)]
    assert vendors("部署10万颗TPU") == [("10万颗TPU", "Google", None)]
    assert vendors("部署10万颗昇腾910B") == [("10万颗昇腾910B", "Huawei", "Ascend 910B")]


def test_partners_rivals_and_landlords_are_no_vendor() -> None:
    assert vendors("xAI会与英伟达、甲骨文合作，建10万块GPU的超算") == [("10万块GPU", None, None)]
    assert vendors("Unlike Nvidia, it has 500 GPUs") == [("500 GPUs", None, None)]
    assert vendors("needing nearly 1600 AWS GPUs") == [("1600 AWS GPUs", None, None)]
    assert vendors("Meta has 24,000 GPUs") == [("24,000 GPUs", None, None)]


def test_chips_are_counted_where_the_text_is_about_accelerators() -> None:
    assert vendors("一台机器有8张卡") == []
    assert vendors("训练用了8张卡") == [("8张卡", None, None)]
    assert vendors("It sold 5,000 chips to bakers") == []
    assert vendors("a rack of TPUs with 64 chips") == [("64 chips", "Google", None)]


def test_the_comma_of_a_clause_groups_no_digits() -> None:
    assert [q.low for q in Passage.of("售价8，2024年上市").quantities] == [8, 2024]
    assert [q.low for q in Passage.of("１，０００張").quantities] == [1000]


def test_a_number_before_a_model_may_be_its_price() -> None:
    assert vendors("the $1,200 RTX 2080 Ti") == []
    assert money("the $1,200 RTX 2080 Ti")[0][0] == "$1,200"
