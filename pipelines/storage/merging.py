"""Merging what a run read into the tables: a survey carried out, into a draft of the next version."""

from __future__ import annotations

from collections import Counter
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.storage.changes import Changes, TableChange, compare
from pipelines.storage.partitions import in_order, modernise, month_names, month_of, put, read_partition, split
from pipelines.storage.rows import conform, of_articles
from pipelines.storage.schemas import ARROW, ARTICLE_KEYED, TABLES
from pipelines.storage.snapshots import Draft, files
from pipelines.storage.survey import Survey, id_array
from pipelines.storage.threads import in_threads
from pipelines.stories.stories import Telling


def _count(rows: pa.Table, ids: pa.Array) -> int:
    return int(pc.sum(pc.is_in(rows["article_id"], ids)).as_py() or 0)


def _objects(column: pa.ChunkedArray) -> npt.NDArray[np.object_]:
    return np.asarray(column.to_numpy(), dtype=object)


def _reasons(changed: pd.DataFrame) -> dict[str, int]:
    other_page = (changed["raw_file_old"] != changed["raw_file"]) | (changed["raw_offset_old"] != changed["raw_offset"])
    why = ("extractor " + changed["extractor_old"] + " -> " + changed["extractor"]).astype(object)
    why = why.where(changed["extractor_old"] != changed["extractor"], "other rules or lexicons, same version")
    counts = why.where(~other_page, "the page was fetched again").value_counts()
    return {str(reason): int(count) for reason, count in counts.sort_index().items()}


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
        arriving, leaving = id_array(new | differing), id_array(new | differing | gone)
        months = set(known.loc[known["article_id"].isin(differing | gone), "month"])
        months |= set(months_by_id.reindex(sorted(new | differing)))
        for name in ARTICLE_KEYED:
            rows = of_articles(self.batch[name], arriving)
            self.counts[name, "added"] += _count(rows, id_array(new))
            by_month = split(rows, months_by_id.reindex(_objects(rows["article_id"])).to_numpy(dtype=object))
            come = {month: by_month.get(month, rows.slice(0, 0)) for month in sorted(months)}
            done = in_threads(partial(self._replace_month, name, leaving, id_array(gone)), come.items())
            self.counts[name, "removed"] += sum(removed for removed, _ in done)
            self.files += sum(written for _, written in done)

    def _replace_month(
        self, name: str, leaving: pa.Array, gone: pa.Array, month_and_come: tuple[str, pa.Table]
    ) -> tuple[int, bool]:
        """How many rows of articles that are gone a partition had, and whether it was written."""
        month, come = month_and_come
        old = read_partition(self.draft.old, name, f"month={month}")
        stay = old.filter(pc.invert(pc.is_in(old["article_id"], leaving)))
        return _count(old, gone), self._write(name, f"month={month}", old, pa.concat_tables([stay, come]))

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
            rows = pa.concat_tables([old.take(pa.array(found.removed)), come])
            self.files += self._write("fetches", f"month={month}", old, rows)

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
        rows = pa.concat_tables([stay.take(pa.array(found.removed)), come])
        self.files += self._write("quarantine", "", old, rows)

    def _complete(self) -> None:
        """Give every table a file, if only an empty one, so that each can be read; bring old partitions up to date."""
        self.files += modernise(self.draft)
        if not self.files:
            return
        months = [partition.name for partition in self.draft.written if partition.name.startswith("month=")]
        month = max(months, default="month=unknown")
        for name, spec in TABLES.items():
            partition = "" if spec.month is None else month
            if not files(self.draft.old, [name]) and not any(p.parts[0] == name for p in self.draft.written):
                self.files += self._write(name, partition, None, ARROW[name].empty_table())

    def _write(self, name: str, partition: str, old: pa.Table | None, rows: pa.Table) -> bool:
        """Write a partition if that changes it, and say so."""
        rows = in_order(name, rows)
        exists = self.draft.old is not None and (self.draft.old / name / partition).is_dir()
        changes = old is None or not exists or not rows.equals(old)
        if changes:
            put(self.draft, name, partition, rows)
        return changes


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
