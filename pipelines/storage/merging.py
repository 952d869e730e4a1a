"""Merging what a run read into the tables: whose version stands, what changes, which partitions are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.storage.changes import Changes, Comparison, TableChange, compare
from pipelines.storage.partitions import (
    in_order,
    modernise,
    month_names,
    month_of,
    months_of,
    put,
    read_partition,
    split,
)
from pipelines.storage.rows import Batch, conform
from pipelines.storage.schemas import ARROW, ARTICLE_KEYED, TABLES
from pipelines.storage.snapshots import Draft, files
from pipelines.stories.stories import Telling

_IGNORED = frozenset({"extractor", "story_id"})
"""Columns that do not make a row another: the version that first gave it stays, and stories are grouped later."""

_VERSION = ["article_id", "fetched_at", "raw_file", "raw_offset", "extractor", "story_id"]


def _ids(ids: Iterable[str]) -> pa.Array:
    return pa.array(sorted(ids), pa.string())


def _of(rows: pa.Table, ids: pa.Array) -> pa.Table:
    own = pc.is_in(rows["article_id"], ids)
    # A filter copies, also where it takes everything.
    return rows if pc.all(own).as_py() else rows.filter(own)


def _count(rows: pa.Table, ids: pa.Array) -> int:
    return int(pc.sum(pc.is_in(rows["article_id"], ids)).as_py() or 0)


def _objects(column: pa.ChunkedArray) -> npt.NDArray[np.object_]:
    return np.asarray(column.to_numpy(), dtype=object)


def _later(both: pd.DataFrame) -> pd.Series[bool]:
    """Whether the tables' version is the later one; of two fetched at one moment, by the order of the raw store."""
    # A bare file was fetched at no known time: it counts as the earliest.
    old, new = (both[column].fillna(pd.Timestamp(0, tz="UTC")) for column in ("fetched_at_old", "fetched_at"))
    same_time = old == new
    same_file = same_time & (both["raw_file_old"] == both["raw_file"])
    return (
        (old > new)
        | (same_time & (both["raw_file_old"] > both["raw_file"]))
        | (same_file & (both["raw_offset_old"] > both["raw_offset"]))
    )


def _reasons(changed: pd.DataFrame) -> dict[str, int]:
    other_page = (changed["raw_file_old"] != changed["raw_file"]) | (changed["raw_offset_old"] != changed["raw_offset"])
    why = ("extractor " + changed["extractor_old"] + " -> " + changed["extractor"]).astype(object)
    why = why.where(changed["extractor_old"] != changed["extractor"], "other rules or lexicons, same version")
    counts = why.where(~other_page, "the page was fetched again").value_counts()
    return {str(reason): int(count) for reason, count in counts.sort_index().items()}


class Survey:
    """What a batch would do to a version of the tables, read and compared, nothing written.

    `both` has each article of the batch beside what the tables know of it (`…_old`); `returning` are those that the
    tables have in no later version, `new` those they do not have, `gone` those that a page read again gives no more.
    """

    def __init__(self, version: Path | None, batch: Batch, reread: set[tuple[str, int]]) -> None:
        self.version = version
        self.batch = batch
        self.reread = reread
        self.known = self._known()
        found = batch["articles"].select(_VERSION).to_pandas().assign(month=months_of(batch["articles"]))
        stale = self._stale(found)
        self.both = found.merge(self.known, on="article_id", how="left", suffixes=("", "_old"))
        present = self.both["month_old"].notna()
        older = present & ~self.both["article_id"].isin(stale) & _later(self.both)
        self.older = int(older.sum())
        self.gone = stale - set(found["article_id"])
        self.returning = self.both[present & ~older]
        self.new = set(self.both.loc[~present, "article_id"])

    def _known(self) -> pd.DataFrame:
        """Version and month of every article in the tables."""
        parts = []
        for file in files(self.version, ["articles"]):
            assert self.version is not None
            part = pq.ParquetFile(self.version / file).read(_VERSION)
            parts.append(part.append_column("month", pa.array([month_of(file)] * len(part), pa.string())))
        schema = pa.schema([*(ARROW["articles"].field(column) for column in _VERSION), ("month", pa.string())])
        known: pd.DataFrame = (pa.concat_tables(parts) if parts else schema.empty_table()).to_pandas()
        return known

    def _stale(self, found: pd.DataFrame) -> set[str]:
        """Articles that came from a page that was read again and does not give them any more."""
        if not self.reread:
            return set()
        pages = pd.MultiIndex.from_frame(self.known[["raw_file", "raw_offset"]])
        again = self.known[pages.isin(list(self.reread))]
        pair = ["article_id", "raw_file", "raw_offset"]
        confirmed = pd.MultiIndex.from_frame(again[pair]).isin(pd.MultiIndex.from_frame(found[pair]))
        return set(again.loc[~confirmed, "article_id"])

    def comparisons(self) -> Iterator[Compared]:
        """The rows of the returning articles as they are and as they would be, table by table."""
        if self.returning.empty:
            return
        ids = _ids(self.returning["article_id"])
        months = [f"month={month}" for month in sorted(set(self.returning["month_old"]))]
        for name in ARTICLE_KEYED:
            old = pa.concat_tables([_of(read_partition(self.version, name, month), ids) for month in months])
            new = _of(self.batch[name], ids)
            yield Compared(name, old, new, compare(old, new, TABLES[name].key, _IGNORED))


class Compared(NamedTuple):
    table: str
    old: pa.Table
    new: pa.Table
    found: Comparison

    def article_of_old(self, rows: npt.NDArray[np.int64]) -> set[str]:
        return set(_objects(self.old["article_id"])[rows])

    def article_of_new(self, rows: npt.NDArray[np.int64]) -> set[str]:
        return set(_objects(self.new["article_id"])[rows])


class Merge:
    """A survey carried out, into a draft of the next version."""

    def __init__(self, draft: Draft, survey: Survey) -> None:
        self.draft = draft
        self.survey = survey
        self.batch = survey.batch
        self.counts: Counter[tuple[str, str]] = Counter()
        self.files = 0

    def run(self, quarantined: int) -> Changes:
        survey = self.survey
        self._keep_stories(survey.both)
        differing, columns = self._compare()
        self._replace(survey.new, differing, survey.gone)
        self._add_fetches()
        self._set_quarantine()
        self._complete()
        returning = survey.returning
        return Changes(
            new=len(survey.new),
            changed=len(differing),
            unchanged=len(returning) - len(differing),
            removed=len(survey.gone),
            older=survey.older,
            quarantined=quarantined,
            files=self.files,
            tables={
                name: change
                for name in TABLES
                if (change := TableChange(*(self.counts[name, kind] for kind in ("added", "changed", "removed"))))
                != TableChange()
            },
            columns=columns,
            reasons=_reasons(returning[returning["article_id"].isin(differing)]),
        )

    def _keep_stories(self, both: pd.DataFrame) -> None:
        """An article that is read again stays in its story until stories are told anew."""
        articles = self.batch["articles"]
        place = articles.schema.get_field_index("story_id")
        story = both["story_id"].fillna(both["story_id_old"]).astype(object)
        values = pa.array(story.where(story.notna(), None), pa.string())
        self.batch["articles"] = articles.set_column(place, ARROW["articles"].field("story_id"), values)

    def _compare(self) -> tuple[set[str], dict[tuple[str, str], int]]:
        """Which of the articles that the tables have already would change, and in which columns."""
        differing: set[str] = set()
        columns: dict[tuple[str, str], int] = {}
        for compared in self.survey.comparisons():
            name, found = compared.table, compared.found
            for column, mask in found.differs.items():
                if hit := compared.article_of_old(found.old_rows[mask]):
                    columns[name, column] = len(hit)
                    differing |= hit
            if rows := compared.article_of_new(found.added) | compared.article_of_old(found.removed):
                columns[name, ""] = len(rows)
                differing |= rows
            self.counts[name, "added"] += len(found.added)
            self.counts[name, "changed"] += int(found.changed().sum())
            self.counts[name, "removed"] += len(found.removed)
        return differing, columns

    def _replace(self, new: set[str], differing: set[str], gone: set[str]) -> None:
        """Write the partitions in which an article's rows come, go or change."""
        known, months_by_id = self.survey.known, self.survey.both.set_index("article_id")["month"]
        arriving, leaving = _ids(new | differing), _ids(new | differing | gone)
        months = set(known.loc[known["article_id"].isin(differing | gone), "month"])
        months |= set(months_by_id.reindex(sorted(new | differing)))
        for name in ARTICLE_KEYED:
            rows = _of(self.batch[name], arriving)
            self.counts[name, "added"] += _count(rows, _ids(new))
            by_month = split(rows, months_by_id.reindex(_objects(rows["article_id"])).to_numpy(dtype=object))
            for month in sorted(months):
                old = read_partition(self.draft.old, name, f"month={month}")
                stay = old.filter(pc.invert(pc.is_in(old["article_id"], leaving)))
                self.counts[name, "removed"] += _count(old, _ids(gone)) if gone else 0
                come = by_month.get(month, rows.slice(0, 0))
                self._write(name, f"month={month}", old, pa.concat_tables([stay, come]))

    def _add_fetches(self) -> None:
        """Fetches are added; one that is merged again replaces itself."""
        fetches = self.batch["fetches"]
        months = month_names(fetches["fetched_at"])
        for month in sorted(set(months)):
            old = read_partition(self.draft.old, "fetches", f"month={month}")
            come = fetches.filter(months == month)
            found = compare(old, come, TABLES["fetches"].key)
            self.counts["fetches", "added"] += len(found.added)
            self.counts["fetches", "changed"] += int(found.changed().sum())
            self._write("fetches", f"month={month}", old, pa.concat_tables([old.take(pa.array(found.removed)), come]))

    def _set_quarantine(self) -> None:
        """Faults are added, and those of pages that were read again go."""
        old = read_partition(self.draft.old, "quarantine", "")
        again = pd.MultiIndex.from_frame(old.select(["raw_file", "raw_offset"]).to_pandas()).isin(
            list(self.survey.reread)
        )
        stay, come = old.filter(~np.asarray(again, dtype=bool)), self.batch["quarantine"]
        if len(stay) == len(old) and not len(come):
            return
        found = compare(stay, come, TABLES["quarantine"].key)
        self.counts["quarantine", "added"] += len(found.added)
        self.counts["quarantine", "removed"] += len(old) - len(stay)
        self._write("quarantine", "", old, pa.concat_tables([stay.take(pa.array(found.removed)), come]))

    def _complete(self) -> None:
        """Give every table a file, if only an empty one, so that each can be read; bring old partitions up to date."""
        if not self.files:
            return
        months = [partition.name for partition in self.draft.written if partition.name.startswith("month=")]
        month = max(months, default="month=unknown")
        for name, spec in TABLES.items():
            partition = "" if spec.month is None else month
            if not files(self.draft.old, [name]) and not any(p.parts[0] == name for p in self.draft.written):
                self._write(name, partition, None, ARROW[name].empty_table())
        self.files += modernise(self.draft)

    def _write(self, name: str, partition: str, old: pa.Table | None, rows: pa.Table) -> None:
        rows = in_order(name, rows)
        exists = self.draft.old is not None and (self.draft.old / name / partition).is_dir()
        if old is None or not exists or not rows.equals(old):
            put(self.draft, name, partition, rows)
            self.files += 1


def write_stories(draft: Draft, telling: Telling) -> int:
    """Into a draft: the story of each article, and the `stories` table; says how many files changed."""
    count = 0
    for file in draft.files("articles"):
        partition = file.parent.name
        old = read_partition(draft.version_of("articles", partition), "articles", partition)
        place = pc.index_in(old["article_id"], telling.article_ids)
        own = pc.coalesce(telling.story_ids.take(place.combine_chunks()), old["story_id"].combine_chunks())
        column = old.schema.get_field_index("story_id")
        rows = old.set_column(column, old.schema.field("story_id"), own)
        if not rows.equals(old):
            put(draft, "articles", partition, rows)
            count += 1
    months = month_names(telling.stories["first_at"])
    for month in sorted({month_of(file) for file in draft.files("stories")} | set(months)):
        partition = f"month={month}"
        old = read_partition(draft.version_of("stories", partition), "stories", partition)
        rows = in_order("stories", conform(telling.stories.filter(months == month), "stories"))
        if not rows.equals(old):
            put(draft, "stories", partition, rows)
            count += 1
    return count
