"""What earlier nights know of an address: whether it still has to be fetched, and its validators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from pipelines.discovery.links import canonical_url
from pipelines.records import Fetch, Outcome

# These ended with an answer that a further request would only repeat; all others are tried again while a feed has them.
SETTLED: frozenset[Outcome] = frozenset(
    {"ok", "not_modified", "not_an_article", "unreadable", "other_language", "off_topic"}
)


@dataclass(frozen=True, slots=True)
class Visit:
    fetched_at: datetime
    etag: str | None
    last_modified: str | None


class Seen:
    """The last settled visit to each address, by canonical URL.

    `stored` are fetches of runs that were killed before their rows came into the table. Their pages need not be fetched
    again; their feeds are asked for all links, since not every link may have been followed.
    """

    def __init__(self, fetches: pd.DataFrame, stored: Iterable[Fetch] = ()) -> None:
        fetches = fetches.sort_values("fetched_at")
        settled = fetches[fetches["outcome"].isin(SETTLED)]
        # A feed that answers "not modified" names no links; where one of its links still has to be tried, it is asked
        # for all of them.
        last = fetches[fetches["role"] == "page"].drop_duplicates("url", keep="last")
        failing = set(last.loc[~last["outcome"].isin(SETTLED | {"robots"}), "source"])
        columns = ("source", "url", "role", "fetched_at", "etag", "last_modified")
        self._pages: dict[str, Visit] = {}
        self._feeds: dict[str, tuple[str | None, str | None]] = {}
        for source, url, role, at, etag, modified in zip(*(settled[c] for c in columns), strict=True):
            visit = Visit(at.to_pydatetime(), _text(etag), _text(modified))
            if role == "page":
                self._pages[canonical_url(url)] = visit
            elif role == "feed" and source not in failing:
                self._feeds[url] = (visit.etag, visit.last_modified)
        for row in stored:
            before = self.page(row.url)
            if row.role == "page" and row.outcome == "ok" and (before is None or before.fetched_at < row.fetched_at):
                self._pages[canonical_url(row.url)] = Visit(row.fetched_at, row.etag, row.last_modified)

    def page(self, url: str) -> Visit | None:
        """The last settled visit to an article's address."""
        return self._pages.get(canonical_url(url))

    @property
    def feeds(self) -> Mapping[str, tuple[str | None, str | None]]:
        """ETag and Last-Modified of each feed that may answer "not modified", as it last answered."""
        return self._feeds

    def is_current(self, url: str, published_at: datetime | None) -> bool:
        """Whether the stored page is as new as what the feed says of it."""
        visit = self.page(url)
        return visit is not None and not (published_at is not None and published_at > visit.fetched_at)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
