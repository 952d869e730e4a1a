"""Nights without a network: the store, the merge and the compaction of real runs, over articles made from numbers.

Everything follows from the number of the night, so that a disturbed run can be compared with an undisturbed one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from extractors.model import Page
from pipelines.records import Answer, Fetch, RawRef
from pipelines.storage.locking import one_run
from pipelines.storage.repair_data import unread
from pipelines.storage.schemas import TABLES
from pipelines.storage.snapshots import files
from pipelines.storage.store import RawStore
from pipelines.storage.tables import Tables, fetch_table
from tests.tables.synthetic import EPOCH, batch, rows

PER_NIGHT = 24
SOURCES = 3
PLACES = ["raw_file", "raw_offset", "run_id"]
"""Columns that say which run did the work: a disturbed night needs two runs for what one would have done."""


class Version(NamedTuple):
    number: int
    version: int
    day: int


def offered(night: int) -> Iterator[Version]:
    """New articles; some older ones in a new version, of which some now claim another month."""
    for number in range(PER_NIGHT * night, PER_NIGHT * (night + 1)):
        yield Version(number, 0, number % 90)
    for number in range(0, PER_NIGHT * night, 5):
        yield Version(number, night, (number + 40 * night) % 90 if number % 10 == 0 else number % 90)


def answer(one: Version, run_id: str) -> Answer:
    url = f"https://site.example/{one.number}"
    at = EPOCH + timedelta(days=100 + one.version, microseconds=one.number)
    page = Page(f"site{one.number % SOURCES}", url, at, 200, (), json.dumps(one).encode())
    fetch = Fetch(
        run_id=run_id,
        source=page.source,
        url=url,
        final_url=url,
        role="page",
        outcome="ok",
        status=200,
        attempts=1,
        wire_bytes=10,
        body_bytes=len(page.body),
        seconds=0.5,
        etag=str(one.version),
        last_modified=None,
        error=None,
        fetched_at=at,
    )
    return Answer(fetch, page)


def extract(ref: RawRef, page: Page) -> dict[str, list[dict[str, object]]]:
    one = Version(*json.loads(page.body))
    found = rows(one.number, version=one.version, day=one.day, ref=ref)
    del found["fetches"]
    found["articles"][0]["fetched_at"] = page.fetched_at
    return found


def run_night(data: Path, night: int, run_id: str) -> None:
    """Fetch what is offered and not there yet, extract it and what earlier runs left, merge, compact."""
    with one_run(data, f"night {night}"):
        tables, store = Tables(data), RawStore(data)
        fetches = list(unread(data))
        known = tables.read("fetches", ["url", "etag"])
        have = set(zip(known["url"], known["etag"], strict=True)) | {(f.url, f.etag or "") for f in fetches}
        for source in range(SOURCES):
            with store.writer(f"site{source}", run_id) as writer:
                for one in offered(night):
                    found = answer(one, run_id)
                    if one.number % SOURCES == source and (found.fetch.url, found.fetch.etag) not in have:
                        ref = writer.add(found)
                        fetches.append(replace(found.fetch, raw_file=ref.file, raw_offset=ref.offset))
        refs = [RawRef(f.raw_file, f.raw_offset) for f in fetches if f.raw_file and f.raw_offset is not None]
        shards = [
            dict(batch(extract(ref, store.read(ref)) for ref in refs[start : start + 20]))
            for start in range(0, len(refs), 20)
        ]
        tables.merge([*shards, {"fetches": fetch_table(fetches)}])
        scatter(tables)
        tables.compact()


def scatter(tables: Tables) -> None:
    """Split the newest month of each table into two files, as tools that append do: something to compact."""
    with tables._draft() as draft:
        assert draft.old is not None
        partitions = {file.parent for file in files(draft.old, TABLES)}
        for name in TABLES:
            partition = max(p for p in partitions if p.parts[0] == name)
            parts = sorted((draft.old / partition).iterdir())
            whole = pa.concat_tables(pq.ParquetFile(part).read() for part in parts)
            place = draft.place(name, partition.relative_to(name).as_posix())
            pq.write_table(whole.slice(0, len(whole) // 2), place)
            pq.write_table(whole.slice(len(whole) // 2), place.with_name("more.parquet"))
        draft.commit()


def unfaithful(data: Path) -> list[str]:
    """Articles whose place in the raw store does not hold the page that gives their rows."""
    store, wrong = RawStore(data), []
    articles = pd.read_parquet(data / "articles")
    for article, text, file, offset in zip(
        *(articles[c] for c in ("article_id", "text", "raw_file", "raw_offset")), strict=True
    ):
        ref = RawRef(file, int(offset))
        if extract(ref, store.read(ref))["articles"][0]["text"] != text:
            wrong.append(article)
    return wrong


def state(data: Path, *, places: bool = False, stories: bool = True) -> dict[str, str]:
    """A digest of each table's sorted rows, read as any user would.

    Without `places`, apart from which run it was; without `stories`, apart from after which article a story is named.
    """
    tables = {name: pd.read_parquet(data / name) for name in TABLES}
    if not stories:
        tables["stories"] = tables["stories"].drop(columns="story_id")
        tables["articles"] = tables["articles"].drop(columns="story_id")
    return {name: digest(table, places=places) for name, table in tables.items()}


def digest(table: pd.DataFrame, *, places: bool = False) -> str:
    kept = table if places else table.drop(columns=[column for column in PLACES if column in table])
    text = kept.astype(str)
    return hashlib.sha256(text.sort_values(list(text.columns)).to_csv(index=False).encode()).hexdigest()


def faults(version: Path) -> list[str]:
    """What breaks the promises within one version of the tables: doubled keys, rows without their article."""
    found = []
    tables = {name: pq.read_table(version / name).to_pandas() for name in TABLES}
    articles = set(tables["articles"]["article_id"])
    for name, spec in TABLES.items():
        table = tables[name]
        if table.duplicated(list(spec.key)).any():
            found.append(f"{name}: a key stands twice")
        if spec.article and not set(table["article_id"]) <= articles:
            found.append(f"{name}: rows without their article")
        if spec.article and len(articles) and set(table["month"]) - set(tables["articles"]["month"]):
            found.append(f"{name}: months that articles do not have")
    return found
