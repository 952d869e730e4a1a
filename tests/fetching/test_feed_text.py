"""Feeds as sites write them, before feedparser sees them: whatever their bytes, a list of links or a `FeedError`."""

from __future__ import annotations

import random

import pytest

from pipelines.discovery.feed_text import FeedError
from pipelines.discovery.feeds import read_feed
from tests.fetching.answers_made import RSS, SOURCE, at, way

REFERENCES = (
    "&#55296;",
    "&#xdc00;",
    "&#x110000;",
    "&#99999999999999999999;",
    "&#0;",
    "&#11;",
    "&#xFFFF;",
    "&#x;",
    "&#",
)


def titles(rss: str) -> list[str | None]:
    return [link.title for link in read_feed(at("http://a.example/feed", rss), way("feed"), SOURCE)]


@pytest.mark.parametrize(
    "written", ["&#128640;", "&#x1F680;", "&#55357;&#56960;", "&#xD83D;&#xDE80;", "&#xd83d;&#56960;", "🚀"]
)
def test_an_emoji_however_it_is_written(written: str) -> None:
    assert titles(RSS.replace("two", f"two {written} up")) == ["1.5亿元", "two 🚀 up", "three"]


@pytest.mark.parametrize("written", REFERENCES)
def test_a_reference_to_no_character_costs_itself(written: str) -> None:
    found = titles(RSS.replace("two", f"two {written} up"))
    assert found[0] == "1.5亿元"
    assert found[2] == "three"
    assert found[1] is not None
    assert found[1].startswith("two")
    assert found[1].endswith("up")


def test_a_category_that_ends_outside_its_item_costs_no_more() -> None:
    torn = RSS.replace("<title>two</title>", "<title>two</title><category>a</item></category><item>")
    assert titles(torn) == ["1.5亿元", None, "three"]


def test_a_feed_that_its_parser_fails_at_is_an_error_of_the_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: object, **_more: object) -> None:
        raise KeyError("tags")

    monkeypatch.setattr("feedparser.parse", fails)
    with pytest.raises(FeedError, match="no feed that can be parsed: KeyError"):
        titles(RSS)


def test_garbage_in_feeds() -> None:
    """Links or a `FeedError`, whatever was cut out of a feed, doubled, or put into it."""
    rng = random.Random(20261125)
    pieces = [
        *REFERENCES,
        "<item>",
        "</item>",
        "<link/>",
        "http://[",
        "<![CDATA[",
        "]]>",
        "&amp;",
        "&nbsp;",
        "<",
        "\udcff",
    ]
    read = 0
    for _ in range(300):
        rss = RSS
        for _ in range(rng.randint(1, 5)):
            cut = rng.randrange(len(rss))
            rss = rss[:cut] + rng.choice(pieces) + rss[cut + rng.choice((0, 0, 1, 9)) :]
        try:
            read += bool(read_feed(at("http://a.example/feed", rss.encode("utf-8", "replace")), way("feed"), SOURCE))
        except FeedError:
            continue
    assert read > 100
