"""The seed page of the issue, where it is at hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.pages.scrape import read_scrape

SEED = Path(__file__).parents[3] / "shared" / "seed"
pytestmark = pytest.mark.skipif(not SEED.exists(), reason="shared/seed is not here")


def test_the_seed_page_comes_out_clean() -> None:
    article = read_scrape((SEED / "page.txt").read_text("utf-8"))
    assert [article.title, *article.text.split("\n")] == (SEED / "clean.txt").read_text("utf-8").strip().split("\n")
    assert article.byline == "朱俊熹"
    assert article.published_at == datetime(2024, 7, 10, tzinfo=UTC)
    assert article.lang == "zh-Hans"


def test_each_removal_is_where_it_stood() -> None:
    """Putting the cuts back at their offsets gives the contaminated body."""
    page = (SEED / "page.txt").read_text("utf-8")
    article = read_scrape(page)
    text = article.text
    for removed in reversed([r for r in article.removed if r.reason == "injected"]):
        assert removed.where is not None
        text = text[: removed.where] + removed.text + text[removed.where :]
    assert text in page.replace("![]()\n", "")


def test_no_other_story_survives() -> None:
    article = read_scrape((SEED / "page.txt").read_text("utf-8"))
    gold = [json.loads(line) for line in (SEED / "entities.jsonl").read_text("utf-8").splitlines()]
    assert all(record["text"] in (article.title, *article.text.split("\n")) for record in gold)
    assert not any(
        name in article.text
        for name in ("网易", "智己", "林心如", "美团", "饿了么", "世界经济论坛", "崇左市", "31省份")
    )
    assert {"teaser", "mojibake", "caption", "credit", "injected"} <= {r.reason for r in article.removed}
