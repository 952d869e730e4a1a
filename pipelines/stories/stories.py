"""Stories told once: articles of one language that share most of the shorter one's text within 30 days.

Reprints, syndicated copies, updates and content farms' copies get the `story_id` of the first of them that was grouped.
Articles are taken in the order in which they were fetched, each is compared with those before it, and what was once
grouped stays: so a night's work depends on that night's articles only, and the nights give what one go would give.

An article joins a story when it tells the `same` as one of its articles and is related to more than half of the first
of them. The second rule keeps a page that merges two articles from making one story of both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.errors import TableError, plain_reason
from pipelines.storage import durable
from pipelines.storage.schemas import ARROW
from pipelines.stories.overlaps import FIRST, OverlapIndex, Overlaps
from pipelines.stories.sketches import Hashes, rules_of, sketch

SAME: Final = 0.4
"""Share of the shorter text's shingles that makes two articles one story. Unrelated articles of one topic that quote
the same statement reach 0.35; a copy that was cut, edited and contaminated at once keeps 0.3 to 0.6."""
CLOSE: Final = 0.25
HEAD: Final = 0.3
"""Share that is enough where so much of the heads is common too: a copy keeps how the article begins, while statements
that two articles quote, and what a site puts below each of its own, stand anywhere."""
CHANGED: Final = 3
"""Sampled shingles that are the same but for their numbers, and more than those with the same numbers: then the one is
not a copy of the other, but the next of a series of reports."""
RELATED: Final = 0.1
WINDOW: Final = timedelta(days=30)
CONTAMINATED: Final = ("injected", "mojibake")
"""Reasons of `removed` that tell a copy from an original."""

_COLUMNS = ["article_id", "source", "lang", "title", "published_at", "fetched_at", "text_sha256", "story_id"]


@dataclass(frozen=True, slots=True)
class Told:
    """`grouped` articles got their story this time, `joined` of them one that another article had begun."""

    grouped: int
    joined: int
    stories: int


class Read(Protocol):
    """Reads columns of a table, of some articles or of all; `Tables.columns` is one."""

    def __call__(self, name: str, columns: Sequence[str], articles: pa.Array | None = None, /) -> pa.Table: ...


@dataclass(frozen=True, slots=True)
class Telling:
    """The story of each article (two arrays of one length), and the whole `stories` table."""

    told: Told
    article_ids: pa.Array
    story_ids: pa.Array
    stories: pa.Table


def tell(read: Read, cache: Path, *, anew: bool = False) -> Telling:
    """The stories of the articles that `read` gives; those that have one keep it, unless `anew`.

    `cache` is where sketches of the window are kept between nights. Raises `TableError` when it cannot be written.
    """
    articles = read("articles", _COLUMNS).to_pandas()
    articles["at"] = articles["published_at"].fillna(articles["fetched_at"]).fillna(pd.Timestamp(0, tz="UTC"))
    if anew:
        articles["story_id"] = None
    fresh = articles["story_id"].isna()
    story: dict[str, str] = dict(articles.loc[~fresh, ["article_id", "story_id"]].itertuples(index=False))
    joined = 0
    if fresh.any():
        new = articles.loc[fresh, "at"]
        near = articles["at"].between(new.min() - WINDOW, new.max() + WINDOW)
        found = articles[near].sort_values(["fetched_at", "article_id"], na_position="first")
        sketches = _sketches(read, cache, found)
        for _, of_lang in found.groupby(found["lang"].map(rules_of)):
            joined += _group(of_lang, sketches, story)
    articles["story_id"] = articles["article_id"].map(story)
    stories = _table(articles, _contamination(read))
    return Telling(
        Told(int(fresh.sum()), joined, len(stories)),
        pa.array(articles["article_id"], pa.string()),
        pa.array(articles["story_id"], pa.string()),
        stories,
    )


def _group(found: pd.DataFrame, sketches: Mapping[str, Hashes], story: dict[str, str]) -> int:
    """Enter the stories of the articles that have none into `story`, in order; says how many joined another's."""
    found = pd.concat([found[found["story_id"].notna()], found[found["story_id"].isna()]])
    ids, times = found["article_id"].tolist(), found["at"].to_numpy()
    grouped = int(found["story_id"].notna().sum())
    index = OverlapIndex()
    index.add([sketches[one] for one in ids[:grouped]], None)
    overlaps = index.add([sketches[one] for one in ids[grouped:]], RELATED)
    members: defaultdict[str, list[int]] = defaultdict(list)
    for number, article in enumerate(ids[:grouped]):
        members[story[article]].append(number)
    near: dict[int, dict[int, tuple[float, bool]]] = defaultdict(dict)
    for later, earlier, share, alike in _within(overlaps, times):
        near[later][earlier] = share, alike
    joined = 0
    for number in range(grouped, len(ids)):
        own = _story_of(near.get(number, {}), ids, story, members)
        story[ids[number]] = own if own is not None else ids[number]
        members[story[ids[number]]].append(number)
        joined += own is not None
    return joined


def same(overlaps: Overlaps) -> npt.NDArray[np.bool_]:
    """Which of the pairs tell one story."""
    close = (overlaps.share >= CLOSE) & (overlaps.head >= HEAD)
    return ((overlaps.share >= SAME) | close) & ~_of_a_series(overlaps)


def _of_a_series(overlaps: Overlaps) -> npt.NDArray[np.bool_]:
    return (overlaps.changed >= CHANGED) & (overlaps.changed > overlaps.kept)


def _within(
    overlaps: Overlaps, times: np.ndarray[tuple[int], np.dtype[np.datetime64]]
) -> Iterator[tuple[int, int, float, bool]]:
    """Related pairs whose articles were published no further apart than the window, and whether they are the same."""
    near = np.abs(times[overlaps.later] - times[overlaps.earlier]) <= np.timedelta64(WINDOW)
    near &= ~_of_a_series(overlaps)
    columns = (overlaps.later, overlaps.earlier, overlaps.share, same(overlaps))
    return zip(*(column[near].tolist() for column in columns), strict=True)


def _story_of(
    near: Mapping[int, tuple[float, bool]], ids: list[str], story: Mapping[str, str], members: Mapping[str, list[int]]
) -> str | None:
    """The story of the same article that overlaps most, if the article is related to more than half of that story."""
    for earlier, (_, alike) in sorted(near.items(), key=lambda item: (-item[1][0], item[0])):
        own = story[ids[earlier]]
        first = members[own][:FIRST]
        if alike and sum(number in near for number in first) * 2 > len(first):
            return own
    return None


def _table(articles: pd.DataFrame, contamination: Mapping[str, int]) -> pa.Table:
    """The `stories` table: for each story its original, its copies by time, and on how many sites it stands."""
    found = articles.assign(
        dirt=articles["article_id"].map(contamination).fillna(0).astype(int), undated=articles["published_at"].isna()
    )
    found["dirty"] = found["dirt"] > 0
    found = found.sort_values(["story_id", "dirty", "undated", "at", "dirt", "article_id"])
    first = found.drop_duplicates("story_id").set_index("story_id")
    copies = found[found.duplicated("story_id")].sort_values(["story_id", "at", "article_id"])
    counts = copies["story_id"].value_counts().reindex(first.index, fill_value=0)
    offsets = np.concatenate([[0], np.cumsum(counts.to_numpy())])
    stories = found.groupby("story_id")
    columns = {
        "story_id": pa.array(first.index, pa.string()),
        "original_id": pa.array(first["article_id"], pa.string()),
        "lang": pa.array(first["lang"], pa.string()),
        "title": pa.array(first["title"].astype(object).where(first["title"].notna(), None), pa.string()),
        "first_at": pa.array(first["at"], pa.timestamp("us", "UTC")),
        "last_at": pa.array(stories["at"].max().reindex(first.index), pa.timestamp("us", "UTC")),
        "articles": pa.array(stories.size().reindex(first.index), pa.int32()),
        "sources": pa.array(stories["source"].nunique().reindex(first.index), pa.int32()),
        "copies": pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(copies["article_id"], pa.string())),
    }
    return pa.table({name: column.cast(ARROW["stories"].field(name).type) for name, column in columns.items()})


def _contamination(read: Read) -> Mapping[str, int]:
    """How many pieces were cut out of each article as somebody else's insertions."""
    removed = read("removed", ["article_id", "reason"])
    pieces = removed.filter(pc.is_in(removed["reason"], pa.array(CONTAMINATED)))
    return dict(pieces["article_id"].to_pandas().value_counts())


def _sketches(read: Read, path: Path, found: pd.DataFrame) -> dict[str, Hashes]:
    """The sketch of each article, from the cache or from its text.

    The cache is by the text's digest, so it is never wrong, may be deleted at any time, and keeps the window only.
    """
    known = _cached(path)
    keys = dict(zip(found["article_id"], found["text_sha256"] + " " + found["lang"].map(rules_of), strict=True))
    missing = pa.array([article for article, key in keys.items() if key not in known], pa.string())
    if len(missing):
        texts = read("articles", ["article_id", "text"], missing)
        for article, text in zip(texts["article_id"].to_pylist(), texts["text"].to_pylist(), strict=True):
            known[keys[article]] = sketch(text, keys[article].rpartition(" ")[2])
        kept = {key: known[key] for key in dict.fromkeys(keys.values())}
        table = pa.table({"key": list(kept), "marked": pa.array(list(kept.values()), pa.list_(pa.uint64()))})
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd", use_dictionary=["key"])
        try:
            durable.write(path, sink.getvalue().to_pybytes())
        except OSError as error:
            raise TableError("stories", f"{path}: {plain_reason(error)}") from error
    return {article: known[key] for article, key in keys.items()}


def _cached(path: Path) -> dict[str, Hashes]:
    try:
        table = pq.read_table(path)
        hashes = table["marked"].combine_chunks()
        flat, ends = hashes.values.to_numpy(), hashes.offsets.to_numpy()
        return dict(zip(table["key"].to_pylist(), np.split(flat[: ends[-1]], ends[1:-1]), strict=True))
    except (OSError, pa.ArrowException, KeyError):
        return {}
