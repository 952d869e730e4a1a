"""What several rooms' tests share."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Measuring material that lies beside a checkout of the developers; elsewhere the test is skipped."""
    if not SHARED.is_dir():
        pytest.skip("no ../shared beside this checkout")
    return SHARED


def run_chipwire(*args: str, stdin: bytes = b"", cwd: Path = ROOT) -> subprocess.CompletedProcess[bytes]:
    """The command as a user runs it, in a process of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    return subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *args],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=environment | {"PYTHONPATH": str(ROOT), "COLUMNS": "120"},
        timeout=240,
        check=False,
    )


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The data folder of one `chipwire demo`, and what the command printed."""
    data = tmp_path_factory.mktemp("demo") / "data"
    done = run_chipwire("demo", "--data", str(data))
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    return data, done.stdout.decode()
