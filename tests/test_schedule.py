"""The timetable really fires."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.mark.slow
def test_a_short_interval_fires_twice(tmp_path: Path) -> None:
    """Two runs of the flow leave two marks in Prefect's history, and the command ends when it is told to."""
    import sqlite3

    data = tmp_path / "data"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    # A source that is down: each run ends within a moment and leaves its row in `fetches`.
    command = [sys.executable, "-m", "pipelines.cli", "schedule", "--every", "5", "--data", str(data)]
    command += ["--registry", str(ROOT / "fixtures" / "sites" / "silent")]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True
    ) as process:
        history = data / ".prefect" / "prefect.db"
        deadline = time.monotonic() + 150
        done = 0
        while done < 2 and time.monotonic() < deadline and process.poll() is None:
            time.sleep(1)
            if history.exists():
                with sqlite3.connect(f"file:{history}?mode=ro", uri=True) as database:
                    try:
                        query = "select count(*) from flow_run where state_type = 'COMPLETED'"
                        done = database.execute(query).fetchone()[0]
                    except sqlite3.OperationalError:  # the server is still making its tables
                        continue
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]
    assert done >= 2, said[-3000:]
    assert "nightly runs every 5 seconds" in said
