"""Articles to rows: what no column holds costs its article, and an unlikely amount nothing at all."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from extractors.model import Article, Block
from pipelines.article_rows import PLACES, article_id
from pipelines.extract import Extraction, ReadPage, extract
from pipelines.records import RawRef
from pipelines.storage.schemas import AMOUNT, ARTICLE_SCHEMAS

AT = datetime(2026, 11, 24, tzinfo=UTC)


def of(*texts: str, byline: str | None = None) -> Extraction:
    """The rows of pages with these texts; the first one has the byline."""
    pages = []
    for number, text in enumerate(texts):
        url = f"https://a.example/{number}"
        article = Article(
            "a", url, "en", "A title", None if number else byline, AT, text, (Block(0, len(text), "paragraph"),), ()
        )
        pages.append(ReadPage(RawRef("f", number), "a", url, AT, "ok", None, article))
    return extract(pages, {}, ARTICLE_SCHEMAS)


@pytest.mark.parametrize(
    ("text", "low"),
    [
        ("It costs $0.0000025 a token.", Decimal("0.0000025")),
        ("It costs $0.00000000000049 a token.", Decimal("0")),
        ("It costs $1.23456789 a share.", Decimal("1.23456789")),
        ("The debt is 12,345,678,901,234,567 yen.", Decimal(12_345_678_901_234_567)),
    ],
)
def test_small_and_large_amounts_have_their_row(text: str, low: Decimal) -> None:
    [row] = of(text).tables["money"].to_pylist()
    assert row["low"] == low
    assert AMOUNT.scale == PLACES


@pytest.mark.parametrize(
    "text",
    [
        "They bought 99,999,999,999,999,999,999 H100 GPUs for $900 trillion trillion.",
        f"They bought {'9' * 400} H100 GPUs for ${'9' * 400}.",
        "公司采购了9兆兆兆兆块H100芯片，耗资9兆兆兆美元。",
    ],
)
def test_numbers_out_of_all_proportion_are_no_entities(text: str) -> None:
    done = of(text, "Nvidia sold 8 H100 GPUs.")
    assert [result.outcome for result in done.results] == ["ok", "ok"]
    assert done.tables["money"].num_rows == 0
    assert done.tables["gpu_counts"]["low"].to_pylist() == [8]


def test_a_value_that_no_column_holds_costs_its_article() -> None:
    done = of("Nvidia sold 8 H100 GPUs.", "Nvidia sold 9 H100 GPUs.", byline="half a pair \ud800")
    bad, good = done.results
    assert (bad.outcome, bad.article_id) == ("unreadable", None)
    assert bad.error is not None
    assert bad.error.startswith("UnicodeEncodeError")
    assert (good.outcome, good.article_id) == ("ok", article_id("https://a.example/1"))
    assert done.tables["gpu_counts"]["low"].to_pylist() == [9]
    assert done.tables["articles"].num_rows == 1
