"""What `chipwire sources` says of a table of fetches."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pandas as pd

from pipelines.records import Fetch, Outcome, Role
from pipelines.registry import parse_source
from pipelines.source_status import SourceStatus, status
from tests.registry.test_registry import GOOD

A = parse_source(GOOD, "a.toml")
B = replace(A, id="b")
START = datetime(2026, 11, 1, 2, tzinfo=UTC)


def fetch(day: int, outcome: Outcome = "ok", role: Role = "page", source: str = "a", run: str = "") -> Fetch:
    return Fetch(
        run_id=run or f"run-{day}",
        source=source,
        url="https://a.example/",
        final_url=None,
        role=role,
        outcome=outcome,
        status=None,
        attempts=1,
        wire_bytes=0,
        body_bytes=0,
        seconds=0.0,
        etag=None,
        last_modified=None,
        error=None,
        fetched_at=START + timedelta(days=day),
    )


def ask(rows: list[Fetch]) -> list[SourceStatus]:
    return status(pd.DataFrame([asdict(row) for row in rows]), [A, B])


def test_counts_failures_and_the_last_success() -> None:
    rows = [fetch(day) for day in range(4) for _ in range(6)]
    rows += [fetch(3, "timeout"), fetch(3, "timeout"), fetch(3, "bad_feed", "feed"), fetch(3, "http_error", "robots")]
    a, b = ask(rows)
    assert (a.per_night, a.tonight, a.gone_quiet) == (6.0, 6, False)
    assert a.failures == (("timeout", 2), ("bad_feed", 1))
    assert a.last_success == START + timedelta(days=3)
    assert (b.last_success, b.per_night, b.failures, b.gone_quiet) == (None, 0.0, (), False)


def test_a_source_that_has_gone_quiet() -> None:
    rows = [fetch(day) for day in range(5) for _ in range(8)] + [fetch(5, "ok", "feed"), fetch(5, source="b")]
    a, b = ask(rows)
    assert (a.tonight, a.gone_quiet) == (0, True)
    # Something was heard of it all the same.
    assert a.last_success == START + timedelta(days=5)
    # The other is new tonight, so nothing is known of its habits.
    assert (b.tonight, b.per_night, b.gone_quiet) == (1, 1.0, False)


def test_a_source_of_which_tonight_has_no_row_at_all_is_quiet_too() -> None:
    rows = [fetch(day) for day in range(5) for _ in range(8)] + [fetch(5, source="b")]
    assert ask(rows)[0].gone_quiet


def test_a_disabled_source_is_not_called_quiet() -> None:
    rows = pd.DataFrame([asdict(fetch(day)) for day in range(5) for _ in range(8)] + [asdict(fetch(5, source="b"))])
    [a] = status(rows, [replace(A, enabled=False, why_disabled="dead")])
    assert not a.gone_quiet


def test_a_second_run_of_a_day_is_no_night_of_its_own() -> None:
    rows = [fetch(day) for day in range(5) for _ in range(8)] + [fetch(4, "ok", "feed", run="again")]
    a, _ = ask(rows)
    assert (a.tonight, a.gone_quiet) == (8, False)


def test_only_the_last_fourteen_nights_count() -> None:
    rows = [fetch(day, "refused") for day in range(10)] + [fetch(day) for day in range(10, 24) for _ in range(2)]
    a, _ = ask(rows)
    assert (a.per_night, a.failures) == (2.0, ())


def test_no_fetches_yet() -> None:
    a, _ = status(pd.DataFrame(), [A, B])
    assert (a.last_success, a.per_night, a.tonight, a.gone_quiet) == (None, 0.0, 0, False)
