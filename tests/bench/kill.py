"""Kill nights at random points, and at every point, while two readers read; the tables must end as if nothing had been.

    python tests/bench/kill.py --kills 300 --sweep 1

Nights are those of `tests/tables/nights.py`: the real store, merge, compaction and lock, without a network. A night is
killed by SIGKILL after a random time, started again, killed again …, and in the end left to finish; then the tables
must hold exactly the rows of an undisturbed series of nights. Meanwhile one reader opens `data/<table>` as analysts do,
with pandas, polars and DuckDB in turn, and one pins a version and looks at all tables together. `--sweep` kills one
night at each of its steps, or every Nth, one after the other.
"""

from __future__ import annotations

import argparse
import json
import mmap
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from pipelines.storage import durable, partitions, snapshots, tables
from pipelines.storage.snapshots import Draft, Snapshots
from pipelines.storage.store import RawStore, Writer
from tests.tables import nights

NIGHTS = 5
STEPS: tuple[tuple[object, str, str], ...] = (
    (RawStore, "recover", "store: rescue what a kill left"),
    (Writer, "add", "store: write an answer"),
    (Writer, "_finish", "store: finish a file"),
    (nights, "extract", "extract"),
    (tables.Tables, "merge", "merge: read and compare"),
    (partitions, "_write_file", "write a partition"),
    (snapshots, "_link", "link a partition"),
    (durable, "sync_file", "sync"),
    (Draft, "commit", "commit"),
    (Snapshots, "_point", "switch the version"),
    (Snapshots, "_sweep", "remove old versions"),
    (Snapshots, "_repair_links", "link the tables"),
    (tables.Tables, "_tell", "tell stories"),
    (nights, "scatter", "scatter"),
    (tables.Tables, "compact", "compact"),
)


class Trace:
    """Which step a child is in and how many it began, in memory that outlives it."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 16)

    def reset(self) -> None:
        self._memory[:] = bytes(16)

    def enter(self, step: int) -> int:
        count = self.count() + 1
        self._memory[:8] = (step + 1).to_bytes(8, "little")
        self._memory[8:] = count.to_bytes(8, "little")
        return count

    def count(self) -> int:
        return int.from_bytes(self._memory[8:], "little")

    def step(self) -> str:
        number = int.from_bytes(self._memory[:8], "little")
        return STEPS[number - 1][2] if number else "start"


def instrument(trace: Trace, kill_at: int | None) -> None:
    """In a child: note each step, and die before step number `kill_at`."""
    for number, (owner, name, _) in enumerate(STEPS):
        setattr(owner, name, _noting(getattr(owner, name), number, trace, kill_at))


def _noting(function: Callable[..., object], number: int, trace: Trace, kill_at: int | None) -> Callable[..., object]:
    def noting(*args: object, **kwargs: object) -> object:
        if trace.enter(number) == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)

    return noting


def child(log: Path, work: Callable[..., None], *args: object) -> int:
    """Fork, do the work, and exit with 1 after an exception, which goes to `log`."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    try:
        work(*args)
    except BaseException:  # noqa: BLE001  # whatever it was must reach the log, and the child must not return
        with log.open("a") as out:
            traceback.print_exc(file=out)
        os._exit(1)
    os._exit(0)


def killable(data: Path, night: int, run_id: str, trace: Trace, kill_at: int | None) -> None:
    instrument(trace, kill_at)
    nights.run_night(data, night, run_id)


def wait(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def undisturbed(folder: Path) -> None:
    """The nights as they should be: a copy of the data and the digests of the tables before and after each."""
    data = folder / "data"
    digests, seconds = [], []
    for night in range(NIGHTS):
        start = time.monotonic()
        nights.run_night(data, night, f"n{night}")
        seconds.append(time.monotonic() - start)
        digests.append(nights.state(data))
        shutil.copytree(data, folder / f"after{night}", symlinks=True)
    (folder / "expected.json").write_text(json.dumps({"digests": digests, "seconds": seconds}))


def read_plainly(data: Path, digests: list[dict[str, str]], stop: Path, result: Path) -> None:
    """An analyst: opens `data/<table>`, with one tool after the other."""
    import duckdb
    import pandas as pd
    import polars as pl

    tools: list[tuple[str, Callable[[str], pd.DataFrame]]] = [
        ("pandas", lambda path: pd.read_parquet(path)),
        ("polars", lambda path: pl.read_parquet(path).to_pandas()),
        ("duckdb", lambda path: duckdb.sql(f"from read_parquet('{path}/*/*.parquet', hive_partitioning=true)").df()),
    ]
    counts: Counter[str] = Counter()
    while not stop.exists():
        name = random.choice([name for name in nights.TABLES if name != "quarantine"])
        tool, read = random.choice(tools)
        if not (data / name).exists():
            time.sleep(0.005)
            continue
        before = os.readlink(data / ".tables/current")
        try:
            table = read(str(data / name))
        except BaseException as error:  # noqa: BLE001  # any failure is what is looked for; Polars panics beside Exception
            if tool != "pandas" and before != os.readlink(data / ".tables/current"):
                counts[f"reads across a commit that {tool}, which opens a file twice, ended with an error"] += 1
            else:
                counts[f"FAILED {tool}: {type(error).__name__}: {str(error)[:200]}"] += 1
            continue
        counts[f"reads by {tool}"] += 1
        keys = list(nights.TABLES[name].key)
        if before != os.readlink(data / ".tables/current"):
            # Files were opened before and after a commit: a row may be from either night.
            counts["reads across a commit"] += 1
            counts["of which with an article in its old and its new month"] += bool(table.duplicated(keys).any())
        elif tool == "pandas" and nights.digest(table) not in {night[name] for night in digests}:
            counts[f"FAILED {tool}: rows of no night in {name}"] += 1
        elif table.duplicated(keys).any():
            counts[f"FAILED {tool}: a key twice in {name}"] += 1
    result.write_text(json.dumps(counts))


def read_pinned(data: Path, digests: list[dict[str, str]], stop: Path, result: Path) -> None:
    """A report: holds one version and looks at all tables of it."""
    counts: Counter[str] = Counter()
    while not stop.exists():
        try:
            version = (data / ".tables/current").resolve(strict=True)
        except FileNotFoundError:
            time.sleep(0.005)
            continue
        try:
            found = nights.faults(version)
            state = nights.state(version)
        except FileNotFoundError:
            counts["versions that two later commits overtook"] += 1
            continue
        counts["versions read whole"] += 1
        for fault in found:
            counts[f"FAILED {fault}"] += 1
        if state not in digests:
            counts["FAILED tables of different nights"] += 1
    result.write_text(json.dumps(counts))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--sweep", type=int, metavar="N", help="also kill one night at every Nth of its steps")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dir", type=Path, help="where to work (default: the temporary folder)")
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="kill-", dir=args.dir))
    log, trace = folder / "errors.txt", Trace()
    if wait(child(log, undisturbed, folder)):
        print(log.read_text())
        return 1
    expected = json.loads((folder / "expected.json").read_text())
    digests, seconds = expected["digests"], expected["seconds"]
    problems: list[str] = []
    killed = random_kills(folder, args.kills, random.Random(args.seed), digests, seconds, trace, log, problems)
    print(f"{sum(killed.values())} nights killed at random points, while in:")
    for step, count in sorted(killed.items(), key=lambda item: -item[1]):
        print(f"  {count:5d}  {step}")
    if args.sweep:
        swept = sweep(folder, args.sweep, digests, trace, log, problems)
        print(f"{sum(swept.values())} kills, one before every {args.sweep}. step of a night:")
        for step, count in sorted(swept.items(), key=lambda item: -item[1]):
            print(f"  {count:5d}  {step}")
    if log.exists():
        problems.append(log.read_text()[:4_000])
    print("\n".join(problems) or "differences: none")
    if not problems:
        shutil.rmtree(folder)
    return bool(problems)


def check(data: Path, allowed: list[dict[str, str]], what: str, log: Path, problems: list[str]) -> None:
    """The visible tables are those of one of the allowed nights; looked at in a child, since readers start threads."""

    if wait(child(log, _look, data, allowed, what)):
        problems.append(what)


def _look(data: Path, allowed: list[dict[str, str]], what: str) -> None:
    if not (data / ".tables/current").exists():
        return
    state = nights.state(data)
    if state not in allowed:
        wrong = [name for name in state if all(state[name] != night[name] for night in allowed)]
        raise AssertionError(f"{what}: tables of no night: {wrong}")
    assert not nights.faults((data / ".tables/current").resolve()), what


def random_kills(
    folder: Path,
    kills: int,
    rng: random.Random,
    digests: list[dict[str, str]],
    seconds: list[float],
    trace: Trace,
    log: Path,
    problems: list[str],
) -> Counter[str]:
    killed: Counter[str] = Counter()
    reads: Counter[str] = Counter()
    chain, steps = 0, 300
    while sum(killed.values()) < kills:
        chain += 1
        data, stop = folder / f"chain{chain}", folder / f"stop{chain}"
        results = [folder / f"reader{chain}.{n}.json" for n in range(2)]
        readers = [
            child(log, read_plainly, data, digests, stop, results[0]),
            child(log, read_pinned, data, digests, stop, results[1]),
        ]
        for night in range(NIGHTS):
            attempts = rng.randrange(10, 18)
            steps = max(steps, trace.count())
            for attempt in range(attempts):
                trace.reset()
                # Time is spent mostly in a few steps: so every second kill chooses a step instead of a moment.
                kill_at = rng.randrange(1, 1 + steps) if attempt % 2 else None
                work = child(log, killable, data, night, f"n{night}k{attempt}", trace, kill_at)
                if kill_at is None:
                    time.sleep(rng.uniform(0, 1.1 * seconds[night]))
                    os.kill(work, signal.SIGKILL)
                if wait(work) == -signal.SIGKILL:
                    killed[trace.step()] += 1
                allowed = digests[max(0, night - 1) : night + 1]
                check(data, allowed, f"chain {chain}, night {night}, killed in: {trace.step()}", log, problems)
            trace.reset()
            if wait(child(log, killable, data, night, f"n{night}", trace, None)):
                problems.append(f"chain {chain}, night {night}: the last run failed")
            check(data, digests[night : night + 1], f"chain {chain}, after night {night}", log, problems)
        stop.touch()
        for reader, result in zip(readers, results, strict=True):
            wait(reader)
            reads.update(json.loads(result.read_text()))
        if wait(child(log, _faithful, data)):
            problems.append(f"chain {chain}: articles that their raw page does not give")
        if problems:
            break
        shutil.rmtree(data)
    print(f"{chain} series of {NIGHTS} nights; readers meanwhile:")
    for what, count in sorted(reads.items()):
        print(f"  {count:5d}  {what}")
        if what.startswith("FAILED"):
            problems.append(f"{what} ({count} times)")
    return killed


def _faithful(data: Path) -> None:
    wrong = nights.unfaithful(data)
    assert not wrong, wrong


def sweep(
    folder: Path, every: int, digests: list[dict[str, str]], trace: Trace, log: Path, problems: list[str]
) -> Counter[str]:
    """Night 2, killed before its first step and every so many on, to its last; then run again."""
    killed: Counter[str] = Counter()
    night, at = 2, 1 - every
    while True:
        at += every
        data = folder / "sweep"
        shutil.copytree(folder / f"after{night - 1}", data, symlinks=True)
        trace.reset()
        ended = wait(child(log, killable, data, night, "killed", trace, at))
        if ended != -signal.SIGKILL:
            shutil.rmtree(data)
            return killed
        killed[trace.step()] += 1
        what = f"killed before step {at} ({trace.step()})"
        check(data, digests[night - 1 : night + 1], what, log, problems)
        if wait(child(log, nights.run_night, data, night, "again")):
            problems.append(f"{what}: the next run failed")
        check(data, digests[night : night + 1], f"{what}, after the next run", log, problems)
        if wait(child(log, _faithful, data)):
            problems.append(f"{what}: articles that their raw page does not give")
        shutil.rmtree(data)


if __name__ == "__main__":
    sys.exit(main())
