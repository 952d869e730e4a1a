"""What a night knows of the nights before it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipelines.records import Fetch, Outcome, Role
from pipelines.seen import Seen
from pipelines.storage.tables import fetch_table

NIGHT = datetime(2026, 3, 1, 2, tzinfo=UTC)


def row(url: str, outcome: Outcome, role: Role = "page", night: int = 0) -> Fetch:
    at = NIGHT + timedelta(days=night)
    bytes_and_time = (1, 100, 100, 0.1)
    return Fetch(f"n{night}", "site", url, url, role, outcome, 200, *bytes_and_time, f'"{night}"', None, None, at)


def seen(*rows: Fetch) -> Seen:
    return Seen(fetch_table(rows).to_pandas())


@pytest.mark.parametrize(
    "outcome", ["ok", "not_modified", "not_an_article", "unreadable", "other_language", "off_topic"]
)
def test_a_settled_address_is_current_until_its_feed_calls_it_newer(outcome: Outcome) -> None:
    known = seen(row("https://site.example/1", outcome))
    assert known.is_current("https://site.example/1?utm_source=x", None)
    assert known.is_current("https://site.example/1", NIGHT - timedelta(days=1))
    assert not known.is_current("https://site.example/1", NIGHT + timedelta(hours=1))


@pytest.mark.parametrize("outcome", ["timeout", "http_error", "reset", "rested", "quarantined"])
def test_what_may_work_tomorrow_is_tried_again_and_its_feed_asked_for_all_links(outcome: Outcome) -> None:
    feed = row("https://site.example/feed", "ok", "feed")
    good = row("https://site.example/1", "ok")
    assert seen(feed, good).feeds == {"https://site.example/feed": ('"0"', None)}
    failing = seen(feed, good, row("https://site.example/slow", outcome))
    assert not failing.is_current("https://site.example/slow", None)
    assert failing.feeds == {}
    mended = seen(feed, row("https://site.example/slow", outcome), row("https://site.example/slow", "ok", night=1))
    assert mended.is_current("https://site.example/slow", None)
    assert "https://site.example/feed" in mended.feeds


def test_nothing_is_known_before_the_first_night() -> None:
    known = seen()
    assert known.page("https://site.example/1") is None
    assert known.feeds == {}


def test_what_a_killed_night_stored_is_known_and_its_feed_is_not() -> None:
    stored = [row("https://site.example/feed", "ok", "feed"), row("https://site.example/1", "ok")]
    stored.append(row("https://site.example/2", "timeout"))
    known = Seen(fetch_table([row("https://site.example/1", "ok", night=-1)]).to_pandas(), stored)
    assert known.is_current("https://site.example/1", NIGHT - timedelta(hours=1))
    assert not known.is_current("https://site.example/2", None)
    assert known.feeds == {}
