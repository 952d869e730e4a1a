"""What differs between two versions of a table's rows: by key, column by column, without a loop over rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.storage.threads import in_threads

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


_SAYS = {"older": "older than what stands", "removed": "gone from their page"}


@dataclass(frozen=True, slots=True)
class TableChange:
    """Rows of one table that a merge added, changed and removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """What a merge did.

    `new`, `changed`, `unchanged` and `removed` count articles; `older` those whose tables already hold a later
    version. `columns` says for (table, column) how many of the changed articles have another value there, `("money",
    "")` how many gained or lost rows of `money`; `reasons` why articles changed. `files` counts partitions written.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    older: int = 0
    quarantined: int = 0
    files: int = 0
    tables: Mapping[str, TableChange] = field(default_factory=dict)
    columns: Mapping[tuple[str, str], int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def articles(self) -> int:
        """How many articles came, changed or went; rows of `fetches` alone are not among them."""
        return self.new + self.changed + self.removed

    def __bool__(self) -> bool:
        """Whether anything was written."""
        return self.files > 0

    def __str__(self) -> str:
        """What changed, one fact a line.

        >>> print(Changes(unchanged=7))
        articles: 7 unchanged; nothing was written
        """
        named = ("new", "changed", "removed", "unchanged", "older", "quarantined")
        counts = [f"{getattr(self, name):,} {_SAYS.get(name, name)}" for name in named if getattr(self, name)]
        written = f"{self.files} files written" if self else "nothing was written"
        lines = [f"articles: {', '.join(counts) or 'none'}; {written}"]
        lines += [f"  {count:,} because {reason}" for reason, count in self.reasons.items()]
        for table, change in self.tables.items():
            rows = ((change.added, "+"), (change.changed, "~"), (change.removed, "-"))
            lines.append(f"{table}: rows " + " ".join(f"{sign}{count:,}" for count, sign in rows if count))
            for (name, column), count in self.columns.items():
                if name == table:
                    lines.append(f"  {column or 'other rows'} in {count:,} articles")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rows of `old` and `new` matched by key.

    `old_rows[i]` and `new_rows[i]` have one key; `differs[column][i]` says whether their values differ there.
    """

    old_rows: Rows
    new_rows: Rows
    added: Rows
    removed: Rows
    differs: Mapping[str, Mask]

    def changed(self) -> Mask:
        """For each matched pair, whether any column differs."""
        masks = list(self.differs.values())
        return np.logical_or.reduce(masks) if masks else np.zeros(len(self.old_rows), dtype=bool)


def compare(old: pa.Table, new: pa.Table, key: tuple[str, ...], ignore: frozenset[str] = frozenset()) -> Comparison:
    """Match the rows of two tables of one schema by their key. Keys must be unique within each.

    >>> old, new = pa.table({"id": [1, 2], "v": ["a", None]}), pa.table({"id": [2, 3], "v": ["b", "c"]})
    >>> found = compare(old, new, ("id",))
    >>> found.removed.tolist(), found.added.tolist(), found.differs["v"].tolist()
    ([0], [1], [True])
    """
    codes = {name: _codes(old[name], new[name]) for name in key}
    left = pd.DataFrame({name: code[: len(old)] for name, code in codes.items()} | {"_old": np.arange(len(old))})
    right = pd.DataFrame({name: code[len(old) :] for name, code in codes.items()} | {"_new": np.arange(len(new))})
    both = left.merge(right, on=list(key), how="outer", indicator=True)
    matched = both[both["_merge"] == "both"].sort_values("_old")
    old_rows = matched["_old"].to_numpy(dtype=np.int64)
    new_rows = matched["_new"].to_numpy(dtype=np.int64)
    compared = [name for name in old.column_names if name not in key and name not in ignore]
    masks = in_threads(lambda name: differing(_taken(old[name], old_rows), _taken(new[name], new_rows)), compared)
    return Comparison(
        old_rows,
        new_rows,
        added=np.sort(both.loc[both["_merge"] == "right_only", "_new"].to_numpy(dtype=np.int64)),
        removed=np.sort(both.loc[both["_merge"] == "left_only", "_old"].to_numpy(dtype=np.int64)),
        differs=dict(zip(compared, masks, strict=True)),
    )


def _taken(column: pa.ChunkedArray, rows: Rows) -> pa.ChunkedArray:
    """These rows; the column itself where that is all of them in order, as in most merges, and a copy is dear."""
    if len(rows) == len(column) and bool((rows == np.arange(len(rows))).all()):
        return column
    return column.take(pa.array(rows))


def _codes(old: pa.ChunkedArray, new: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Numbers that are equal where the values are, over both columns; null is a value of its own."""
    both = pa.chunked_array([*old.chunks, *new.chunks], type=old.type)
    encoded = both.dictionary_encode(null_encoding="encode").unify_dictionaries()
    parts = [chunk.indices.to_numpy(zero_copy_only=False) for chunk in encoded.chunks]
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, dtype=np.int64)


def differing(old: pa.ChunkedArray, new: pa.ChunkedArray) -> Mask:
    """Where two columns of equal length and type differ; null equals null.

    >>> differing(pa.chunked_array([[1, None, None]]), pa.chunked_array([[1, None, 2]])).tolist()
    [False, False, True]
    >>> differing(pa.chunked_array([[[1], [1, 2]]]), pa.chunked_array([[[1], [1, 3]]])).tolist()
    [False, True]
    """
    if pa.types.is_list(old.type):
        return _differing_lists(old, new)
    unequal = pc.fill_null(pc.not_equal(old, new), False)
    one_null = pc.xor(pc.is_null(old), pc.is_null(new))
    return np.asarray(pc.or_(unequal, one_null).to_numpy(), dtype=bool)


def _differing_lists(old: pa.ChunkedArray, new: pa.ChunkedArray) -> Mask:
    result = differing(pc.list_value_length(old), pc.list_value_length(new))
    same_length = np.flatnonzero(~result)
    first, second = _taken(old, same_length).combine_chunks(), _taken(new, same_length).combine_chunks()
    parents = pc.list_parent_indices(first).to_numpy(zero_copy_only=False)
    items = differing(pa.chunked_array([pc.list_flatten(first)]), pa.chunked_array([pc.list_flatten(second)]))
    result[same_length[np.unique(parents[items])]] = True
    return result
