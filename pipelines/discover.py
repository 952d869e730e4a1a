"""The new articles that a source offers, way by way.

The ways of a source's file are asked in their order; once one has answered with articles, only those marked `also` are
asked as well, so that a list page stands in for a feed that is down without being asked every night. Each answer is a
row of `fetches`; one that answers, but not with articles, is a failure there and not an empty night.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from extractors.model import Page
from pipelines.feed_text import FeedError
from pipelines.feeds import read_feed
from pipelines.fetch import Fetcher
from pipelines.links import canonical_url
from pipelines.listpages import read_list
from pipelines.records import Answer, Link, Source, Way, WayKind

Reader: TypeAlias = Callable[[Page, Way, Source], list[Link]]

READERS: dict[WayKind, Reader] = {"feed": read_feed, "list": read_list}


@dataclass(frozen=True, slots=True)
class Discovery:
    """`links` are new articles, each once; `answers` are what was asked to find them, good and bad."""

    links: tuple[Link, ...]
    answers: tuple[Answer, ...]


async def discover(
    source: Source,
    fetcher: Fetcher,
    *,
    since: datetime | None = None,
    seen: Callable[[str], bool] = lambda _: False,
    known: Mapping[str, tuple[str | None, str | None]] | None = None,
) -> Discovery:
    """The articles that `source` offers and `seen` does not know.

    `since` leaves out what is older, if its time is known. `seen` is asked about canonical addresses. `known` has the
    ETag and Last-Modified of feeds from the nights before; an unchanged feed answers `not_modified` and offers nothing.
    Raises nothing that the source can cause.
    """
    patterns = [re.compile(p) for p in source.article_urls]
    answers: list[Answer] = []
    links: dict[str, Link] = {}
    answered = False
    for way in source.ways:
        if answered and not way.also:
            continue
        etag, modified = (known or {}).get(way.url, (None, None))
        answer = await fetcher.get(
            way.url, source=source.id, role="feed", etag=etag, last_modified=modified, delay=source.delay
        )
        answer, offered = await _read(answer, way, source, patterns)
        answers.append(answer)
        answered = answered or answer.fetch.outcome in ("ok", "not_modified")
        _merge(links, offered)
    fresh = [
        link
        for key, link in links.items()
        if not (since and link.published_at and link.published_at < since) and not seen(key)
    ]
    return Discovery(tuple(fresh), tuple(answers))


async def _read(answer: Answer, way: Way, source: Source, patterns: list[re.Pattern[str]]) -> tuple[Answer, list[Link]]:
    if answer.page is None:
        return answer, []
    try:
        # Parsing is work for the processor; in a thread it does not hold up the requests of other sources.
        offered = await asyncio.to_thread(READERS[way.kind], answer.page, way, source)
        links = [link for link in offered if any(p.search(link.url) for p in patterns)]
        if not links:
            raise FeedError(f"none of its {len(offered)} links is an article's address")
    except FeedError as error:
        return replace(answer, fetch=replace(answer.fetch, outcome="bad_feed", error=str(error)), page=None), []
    return answer, links


def _merge(links: dict[str, Link], offered: Iterable[Link]) -> None:
    """Adds links by canonical address; of two for one article the fuller stays."""
    for link in offered:
        key = canonical_url(link.url)
        old = links.get(key)
        if old is None:
            links[key] = link
        else:
            links[key] = replace(
                old,
                title=old.title or link.title,
                published_at=old.published_at or link.published_at,
                summary=old.summary or link.summary,
                html=old.html or link.html,
            )
