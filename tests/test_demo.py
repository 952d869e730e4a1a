"""`chipwire demo`: the whole job as a new user sees it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import run_chipwire


def test_it_says_what_was_found_and_what_to_do_next(demo: tuple[Path, str]) -> None:
    data, said = demo
    for heading in (
        "Articles",
        "Stripped",
        "Top companies",
        "Largest GPU counts",
        "Largest sums",
        "Requests of this run",
    ):
        assert heading in said
    for source in ("yunhai", "gridledger"):
        assert source in said
    assert f"Next: chipwire show --data {data}" in said
    assert "Warning: silent: http://www.chenjizhoukan.example/feed.xml: refused" in said


def test_pandas_opens_each_table_in_one_line(demo: tuple[Path, str]) -> None:
    data, _ = demo
    rows = {
        name: len(pd.read_parquet(f"{data}/{name}"))
        for name in ("articles", "companies", "gpu_counts", "money", "fetches", "removed", "sentences")
    }
    assert all(rows.values()), rows
    money = pd.read_parquet(f"{data}/money")
    taiwan = money[money["currency"] == "TWD"]
    assert len(taiwan) >= 1
    assert taiwan["usd_low"].isna().all()  # no ECB series: null, not a guess
    assert money.loc[money["currency"] == "CNY", "usd_low"].notna().any()


def test_a_second_run_changes_no_row_and_says_so(demo: tuple[Path, str]) -> None:
    data, _ = demo
    tables = ("articles", "removed", "sentences", "companies", "gpu_counts", "money")
    before = {name: pd.read_parquet(f"{data}/{name}") for name in tables}
    done = run_chipwire("demo", "--data", str(data))
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert "No row of any article changed" in done.stdout.decode()
    for name in tables:
        pd.testing.assert_frame_equal(pd.read_parquet(f"{data}/{name}"), before[name])


@pytest.mark.parametrize("command", [["rerun"], ["rerun", "--anew"], ["repair"]], ids=" ".join)
def test_reading_its_pages_again_changes_no_row(demo: tuple[Path, str], command: list[str], tmp_path: Path) -> None:
    """The sample sites are in no bundled registry; their time zones and selectors count all the same."""
    data = tmp_path / "data"
    shutil.copytree(demo[0], data, symlinks=True)
    tables = ("articles", "removed", "sentences", "companies", "gpu_counts", "money")
    before = {name: pd.read_parquet(f"{data}/{name}").drop(columns="story_id", errors="ignore") for name in tables}
    done = run_chipwire(*command, "--data", str(data))
    assert "articles: " in done.stdout.decode(), done.stderr.decode()[-2000:]
    for name in tables:
        after = pd.read_parquet(f"{data}/{name}").drop(columns="story_id", errors="ignore")
        pd.testing.assert_frame_equal(after, before[name])


def test_the_flow_ends_completed_with_a_warning_state_that_can_be_seen(demo: tuple[Path, str]) -> None:
    import sqlite3

    data, _ = demo
    with sqlite3.connect(data / ".prefect" / "prefect.db") as history:
        states = history.execute("select state_type, state_name from flow_run").fetchall()
        tasks = history.execute("select count(*) from task_run").fetchone()[0]
    assert states
    assert set(states) == {("COMPLETED", "Completed with warnings")}
    assert 10 <= tasks < 60  # a task is a batch, not an URL


def test_show_and_sources_read_what_it_left(demo: tuple[Path, str]) -> None:
    data, _ = demo
    shown = run_chipwire("show", "--data", str(data))
    assert shown.returncode == 0
    assert "yunhai" in shown.stdout.decode()
    listed = run_chipwire("sources", "--data", str(data))
    assert listed.returncode == 0, listed.stderr.decode()
