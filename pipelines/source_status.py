"""What each source last did, out of the `fetches` table: the answer of `chipwire sources`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

import pandas as pd

from pipelines.records import Source

NIGHTS = 14
_GOOD = frozenset({"ok", "not_modified"})
_ENOUGH = 3
"""Nights before tonight from which a source's usual count can be told."""
_FAR = 4


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One row of the list. Counts are over the last `NIGHTS` nights on which anything was fetched at all."""

    id: str
    name: str
    enabled: bool
    last_success: datetime | None
    """When a feed, list or article of the source last came as it should (UTC)."""
    per_night: float
    """Articles a night."""
    tonight: int
    """Articles of the latest night."""
    failures: tuple[tuple[str, int], ...]
    """Failed fetches by cause, the most frequent first."""
    gone_quiet: bool
    """Its usual count is far above tonight's: `_FAR` times the number, and at least `_FAR`."""


def _quiet(counts: list[int]) -> bool:
    """Whether the last count falls far below the usual one.

    >>> _quiet([9, 11, 8, 0]), _quiet([9, 11, 8, 3]), _quiet([2, 1, 2, 0]), _quiet([0]), _quiet([])
    (True, False, False, False, False)
    """
    *before, tonight = counts or [0]
    if len(before) < _ENOUGH:
        return False
    usual = median(before)
    return usual >= _FAR and tonight * _FAR <= usual


def status(fetches: pd.DataFrame, sources: Iterable[Source]) -> list[SourceStatus]:
    """The state of each source, in the order given. `fetches` has at least the columns `run_id`, `source`, `role`,
    `outcome` and `fetched_at` (UTC) of that table, and may be empty.

    A night is the UTC day on which a run began: a second run of a day finds what the first had left, and is no night
    without news.
    """
    if fetches.empty:
        nights: list[date] = []
        table = pd.DataFrame({"source": [], "night": [], "role": [], "outcome": [], "fetched_at": []})
    else:
        began = fetches.groupby("run_id", observed=True)["fetched_at"].transform("min")
        table = fetches.assign(night=began.dt.date)
        nights = sorted(set(table["night"]))[-NIGHTS:]
    groups = {str(name): rows for name, rows in table.groupby("source", observed=True)}
    return [_one(source, groups.get(source.id, table.iloc[:0]), nights) for source in sources]


def _one(source: Source, rows: pd.DataFrame, nights: list[date]) -> SourceStatus:
    good = rows[rows["outcome"].isin(_GOOD) & (rows["role"] != "robots")]
    recent = rows[rows["night"].isin(nights)]
    failed = recent[~recent["outcome"].isin(_GOOD) & (recent["role"] != "robots")]
    articles = Counter(recent.loc[(recent["role"] == "page") & (recent["outcome"] == "ok"), "night"])
    # A source that is younger than the nights is not measured by those before it was there.
    first = min(rows["night"], default=None)
    counts = [articles[night] for night in nights if first is not None and night >= first]
    last = good["fetched_at"].max() if len(good) else None
    return SourceStatus(
        id=source.id,
        name=source.name,
        enabled=source.enabled,
        last_success=last.to_pydatetime() if last is not None else None,
        per_night=round(sum(counts) / len(counts), 1) if counts else 0.0,
        tonight=counts[-1] if counts else 0,
        failures=tuple(Counter(map(str, failed["outcome"])).most_common()),
        gone_quiet=source.enabled and _quiet(counts),
    )
