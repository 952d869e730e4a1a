"""Kills, a full disk, lost permissions and two runs at once leave the tables as they were or as they should be.

`tests/bench/kill.py` kills hundreds of nights while others read; here are a few of each kind.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.errors import PipelineError, RunUnderWay, StoreError, TableError
from pipelines.records import Answer
from pipelines.storage import partitions
from pipelines.storage.check import check
from pipelines.storage.locking import one_run
from pipelines.storage.snapshots import Draft, Snapshots
from pipelines.storage.store import RawStore
from pipelines.storage.tables import Tables
from tests.conftest import ROOT
from tests.tables import nights
from tests.tables.synthetic import batch, rows

NOBODY = 65534


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The data folder after each of three nights."""
    data = tmp_path_factory.mktemp("undisturbed") / "data"
    copies = []
    for night in range(3):
        nights.run_night(data, night, f"n{night}")
        copies.append(Path(shutil.copytree(data, data.with_name(f"after{night}"), symlinks=True)))
    return copies


def in_a_child(work: Callable[[], None]) -> int:
    """The exit code of a forked process: 3 after a PipelineError, 1 after any other exception, -9 when killed."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        except PipelineError:
            code = 3
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize(
    "step",
    [
        (Draft, "commit", 0),
        (Snapshots, "_point", 0),
        (Snapshots, "_repair_links", 1),
        (partitions, "_write_file", 5),
        (RawStore, "_adopt", 1),
        (nights, "extract", 7),
        (Tables, "_tell", 0),
    ],
    ids=lambda step: f"{step[1].strip('_')}",
)
def test_a_killed_night_is_made_good_by_the_next(
    undisturbed: list[Path], tmp_path: Path, step: tuple[object, str, int]
) -> None:
    data = Path(shutil.copytree(undisturbed[0], tmp_path / "data", symlinks=True))
    owner, name, after = step

    def die_there() -> None:
        calls, real = [0], getattr(owner, name)

        def dying(*args: object, **kwargs: object) -> object:
            calls[0] += 1
            if calls[0] > after:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        setattr(owner, name, dying)
        nights.run_night(data, 1, "killed")

    assert in_a_child(die_there) == -signal.SIGKILL
    version = Tables(data).version()
    assert version is not None
    assert nights.faults(version) == []
    nights.run_night(data, 1, "again")
    assert nights.state(data) == nights.state(undisturbed[1])
    assert nights.unfaithful(data) == []
    assert check(data) == []


def test_a_second_run_says_that_one_is_under_way(tmp_path: Path) -> None:
    with one_run(tmp_path, "nightly 1"):
        with pytest.raises(RunUnderWay, match=rf"nightly 1, process {os.getpid()}"), one_run(tmp_path, "nightly 2"):
            pytest.fail("two runs at once")
        code = (
            "from pipelines.storage.locking import one_run\nfrom pipelines.errors import RunUnderWay\n"
            f"try:\n    with one_run({str(tmp_path)!r}, 'x'): pass\nexcept RunUnderWay as error: print(error)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
        assert f"a run is under way (nightly 1, process {os.getpid()}" in done.stdout
    with one_run(tmp_path, "nightly 3"):
        pass


def test_a_killed_run_leaves_no_lock(tmp_path: Path) -> None:
    def die_holding() -> None:
        with one_run(tmp_path, "doomed"):
            os.kill(os.getpid(), signal.SIGKILL)

    assert in_a_child(die_holding) == -signal.SIGKILL
    with one_run(tmp_path, "next"):
        pass


def test_a_worker_that_outlives_its_killed_run_holds_no_lock(tmp_path: Path) -> None:
    """A forked worker inherits the lock's file; were it to keep it, the data would stay locked after a kill."""
    pid_file = tmp_path / "worker"

    def die_with_a_worker() -> None:
        with one_run(tmp_path / "data", "doomed"):
            worker = os.fork()
            if worker == 0:
                time.sleep(20)
                os._exit(0)
            pid_file.write_text(str(worker))
            os.kill(os.getpid(), signal.SIGKILL)

    assert in_a_child(die_with_a_worker) == -signal.SIGKILL
    try:
        with one_run(tmp_path / "data", "next"):
            pass
    finally:
        os.kill(int(pid_file.read_text()), signal.SIGKILL)


def limited(work: Callable[[], None], size: int) -> int:
    """In a child whose files may not grow beyond `size` bytes, which meets writers like a full disk."""

    def run() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        work()

    return in_a_child(run)


@pytest.mark.parametrize("size", [0, 1_000, 6_000])
def test_a_full_disk_is_a_clear_error_and_costs_nothing(undisturbed: list[Path], tmp_path: Path, size: int) -> None:
    data = Path(shutil.copytree(undisturbed[0], tmp_path / "data", symlinks=True))
    assert limited(lambda: nights.run_night(data, 1, "starved"), size) == 3
    assert nights.state(data) == nights.state(undisturbed[0])
    nights.run_night(data, 1, "fed")
    assert nights.state(data) == nights.state(undisturbed[1])
    assert check(data) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else")
def test_lost_permissions_are_a_clear_error(undisturbed: list[Path], tmp_path: Path) -> None:
    data = Path(shutil.copytree(undisturbed[0], tmp_path / "data", symlinks=True))

    def as_nobody() -> None:
        os.setuid(NOBODY)
        nights.run_night(data, 1, "stranger")

    for folder in (tmp_path, *tmp_path.parents[:-2]):
        folder.chmod(0o755)
    assert in_a_child(as_nobody) == 3
    assert nights.state(data) == nights.state(undisturbed[0])
    nights.run_night(data, 1, "owner")
    assert nights.state(data) == nights.state(undisturbed[1])


def test_errors_say_what_failed(tmp_path: Path) -> None:
    (tmp_path / ".tables").write_text("in the way")
    with pytest.raises(TableError, match=r"file stands where a folder should be|File exists"):
        Tables(tmp_path).merge(batch([rows(0)]))


def test_half_an_answer_does_not_spoil_the_file(tmp_path: Path) -> None:
    def starve() -> None:
        with RawStore(tmp_path).writer("site", "r1") as writer:
            for number in range(100):
                found = nights.answer(nights.Version(number, 0, 0), "r1")
                writer.add(Answer(found.fetch, found.page))

    assert limited(starve, 5_000) == 3
    store = RawStore(tmp_path)
    store.recover()
    pages = [json.loads(page.body)[0] for _, page in store.pages()]
    assert pages == list(range(len(pages)))
    assert len(pages) >= 3
    assert [problem for problem in check(tmp_path) if "raw/" in str(problem)] == []


def test_two_merges_at_once_come_one_after_the_other(tmp_path: Path) -> None:
    children = []
    for part in range(4):
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                Tables(tmp_path).merge(batch(rows(number) for number in range(part * 10, part * 10 + 10)))
                code = 0
            finally:
                os._exit(code)
        children.append(pid)
    assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children] == [0] * 4
    assert len(Tables(tmp_path).read("articles")) == 40


def test_a_copy_that_followed_the_links_is_adopted(undisturbed: list[Path], tmp_path: Path) -> None:
    data = Path(shutil.copytree(undisturbed[0], tmp_path / "data", symlinks=False))
    assert not (data / "money").is_symlink()
    assert nights.state(data) == nights.state(undisturbed[0])
    nights.run_night(data, 1, "n1")
    assert nights.state(data) == nights.state(undisturbed[1])
    assert (data / "money").is_symlink()


def test_plain_folders_of_another_program_become_the_first_version(undisturbed: list[Path], tmp_path: Path) -> None:
    version = Tables(undisturbed[0]).version()
    assert version is not None
    data = tmp_path / "data"
    shutil.copytree(version, data)
    shutil.copytree(undisturbed[0] / "raw", data / "raw")
    nights.run_night(data, 1, "n1")
    assert nights.state(data) == nights.state(undisturbed[1])


def test_a_strange_folder_in_a_tables_place_is_not_removed(undisturbed: list[Path], tmp_path: Path) -> None:
    data = Path(shutil.copytree(undisturbed[0], tmp_path / "data", symlinks=True))
    (data / "money").unlink()
    (data / "money").mkdir()
    (data / "money/precious.txt").write_text("mine")
    with pytest.raises((TableError, StoreError), match="should be"):
        nights.run_night(data, 1, "n1")
    assert (data / "money/precious.txt").read_text() == "mine"
