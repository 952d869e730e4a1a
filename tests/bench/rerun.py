"""How fast stored pages are extracted again and merged, and what a rerun costs that changes nothing, from
the articles that are kept and from the pages.

    python tests/bench/rerun.py --pages 10000

Pages are those of ../shared/pages under made addresses, in files of 200 as the nightly job stores them. Processor time
is that of all processes together; a machine of two free cores needs half of it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from extractors.model import Page
from pipelines.records import Answer, Fetch
from pipelines.rerun import rerun
from pipelines.storage.repair_data import repair
from pipelines.storage.schemas import ARTICLE_SCHEMAS
from pipelines.storage.store import RawStore
from pipelines.storage.tables import Tables
from pipelines.stored_pages import read_files

SHARED = Path(__file__).parents[3] / "shared" / "pages"
PER_FILE = 200


def store(data: Path, count: int) -> None:
    """`count` pages in the raw store of a data folder."""
    bodies = []
    for line in (SHARED / "manifest.jsonl").read_text().splitlines():
        entry = json.loads(line)
        bodies.append(gzip.decompress((SHARED / entry["lang"] / f"{entry['id']}.html.gz").read_bytes()))
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for first in range(0, count, PER_FILE):
        with RawStore(data).writer(f"site{first // PER_FILE % 9}", f"r{first:06}") as writer:
            for number in range(first, min(count, first + PER_FILE)):
                url = f"https://site{number % 9}.example/{number}.html"
                at = start + timedelta(minutes=number)
                page = Page(
                    f"site{number % 9}", url, at, 200, (("Content-Type", "text/html"),), bodies[number % len(bodies)]
                )
                size = len(page.body)
                fetch = Fetch("r", page.source, url, url, "page", "ok", 200, 1, size, size, 0.1, None, None, None, at)
                writer.add(Answer(fetch, page))


def processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measured(what: str, pages: int, before: tuple[float, float]) -> tuple[float, float]:
    wall, cpu = time.monotonic() - before[0], processor() - before[1]
    rate = 2 * pages / cpu
    print(f"{what:34} {cpu:8.1f} s of processor, {wall:8.1f} s by the clock: {rate:7.0f} pages a second on two cores")
    return time.monotonic(), processor()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=10_000)
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="rerun-"))
    data = folder / "data"
    store(data, args.pages)
    now = time.monotonic(), processor()
    done = rerun([data], data, ())
    now = measured("rerun into an empty folder", args.pages, now)
    print(f"   {len(done.results)} pages, {done.changes.new} articles")
    for what, anew in (("rerun from the articles kept", False), ("rerun that reads each page", True)):
        again = rerun([data], data, (), anew=anew)
        now = measured(what, args.pages, now)
        assert not again.changes, str(again.changes)
    # One process, the stages apart.
    read = read_files(data, RawStore(data).files(), {}, ARTICLE_SCHEMAS)
    now = measured("of which reading and extracting", args.pages, now)
    Tables(folder / "apart").merge([read.tables])
    now = measured("of which merging into nothing", args.pages, now)
    Tables(folder / "apart").merge([read.tables])
    now = measured("of which merging what stands", args.pages, now)
    repair(data, lambda files: read_files(data, files, {}, ARTICLE_SCHEMAS))
    measured("repair, one process", args.pages, now)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
