"""Kill the real nightly job over the sample sites at random times; the tables must end as an undisturbed night's.

    python tests/bench/kill_nightly.py --kills 30

This is `nightly.run_night` with its own fetching, extraction and merge, without Prefect around it, against the sample
sites served by this process; `kill.py` kills many more nights at finer points, without a network. Each series of kills
ends with a night that may finish, and no page that was stored may have been fetched a second time. What a clock or a
run's name goes into (`fetched_at`, `raw_file` and so on) is left out of the comparison, and `fetches`, since every run
asks for the feeds again.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

import pandas as pd
from kill import child, wait

from pipelines.fetch import FetchSettings
from pipelines.nightly import Night, new_run_id, run_night
from pipelines.records import Source
from pipelines.sample_sites import SampleSites
from pipelines.storage.check import check
from pipelines.storage.schemas import ARTICLE_KEYED
from tests.tables.nights import digest

OF_THE_RUN = ["fetched_at", "raw_file", "raw_offset", "story_id"]
PER_SERIES = 6


def night(data: Path, sources: tuple[Source, ...], routes: Mapping[str, tuple[str, int]]) -> None:
    settings = FetchSettings(delay=0, backoff=0.01, routes=dict(routes))
    asyncio.run(run_night(Night(data, sources, new_run_id(), settings)))


def describe(data: Path, out: Path) -> None:
    """The digests of the tables, and what `check` finds, into a file: a child's way of telling."""
    tables = {name: pd.read_parquet(data / name) for name in ARTICLE_KEYED}
    lines = [f"{name} {len(t)} {digest(t.drop(columns=OF_THE_RUN, errors='ignore'))}" for name, t in tables.items()]
    fetches = pd.read_parquet(data / "fetches")
    stored = fetches[(fetches["role"] == "page") & fetches["raw_file"].notna()]
    lines.append(f"fetched twice {stored['url'].duplicated().sum()}")
    out.write_text("\n".join([*lines, *map(str, check(data))]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    folder, rng = Path(tempfile.mkdtemp(prefix="kill-nightly-")), random.Random(args.seed)
    log, told = folder / "errors.txt", folder / "told.txt"
    kills, wrong = 0, 0
    with SampleSites() as sites:
        start = time.monotonic()
        if wait(child(log, night, folder / "undisturbed", sites.sources, sites.routes)):
            print(log.read_text())
            return 1
        seconds = time.monotonic() - start
        wait(child(log, describe, folder / "undisturbed", told))
        expected = told.read_text()
        print(expected)
        while kills < args.kills:
            data = folder / "data"
            for _ in range(PER_SERIES):
                work = child(log, night, data, sites.sources, sites.routes)
                time.sleep(rng.uniform(0, seconds))
                os.kill(work, signal.SIGKILL)
                kills += wait(work) == -signal.SIGKILL
            failed = wait(child(log, night, data, sites.sources, sites.routes))
            wait(child(log, describe, data, told))
            if failed or told.read_text() != expected:
                wrong += 1
                print(f"after {kills} kills:\n{told.read_text()}")
            shutil.rmtree(data)
    print(f"{kills} nights killed, {wrong} series that ended with other tables")
    if log.exists():
        print(log.read_text()[-3_000:])
    shutil.rmtree(folder)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
