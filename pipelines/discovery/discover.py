"""The new articles that a source offers, way by way.

The ways of a source's file are asked in their order; once one has answered with articles, only those marked `also` are
asked as well, so that a list page stands in for a feed that is down without being asked every night. Each answer is a
row of `fetches`; one that answers, but not with articles, is a failure there and not an empty night.
"""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from extractors.model import Page
from pipelines.discovery.feed_text import FeedError
from pipelines.discovery.feeds import read_feed
from pipelines.discovery.jsonlists import read_json, read_wordpress
from pipelines.discovery.links import canonical_url
from pipelines.discovery.listpages import read_list
from pipelines.discovery.sitemaps import newest, read_sitemap
from pipelines.discovery.topics import link_names
from pipelines.fetch import Fetcher
from pipelines.records import Answer, Link, Source, Way, WayKind

Reader: TypeAlias = Callable[[Page, Way, Source], list[Link]]

_READERS: dict[WayKind, Reader] = {
    "feed": read_feed,
    "list": read_list,
    "json": read_json,
    "wordpress": read_wordpress,
}
_MAX_PARTS = 3
"""Files of a sitemap index that are read: the newest hold more than a night's news."""


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
    topic: Sequence[str] = (),
) -> Discovery:
    """The articles that `source` offers and `seen` does not know.

    `since` leaves out what is older, if its time is known. `seen` is asked about canonical addresses. `known` has the
    ETag and Last-Modified of feeds from the nights before; an unchanged feed answers `not_modified` and offers nothing.
    `topic` (or the source's own) leaves out what the feed's full text shows to be about something else; of a link
    without full text only its page can tell, with `topics.names`. Raises nothing that the source can cause.
    """
    asking = _Asking(source, fetcher, since, known or {}, [re.compile(p) for p in source.article_urls])
    links: dict[str, Link] = {}
    answered = False
    for way in source.ways:
        if answered and not way.also:
            continue
        good, offered = await asking.way(way)
        answered = answered or good
        _merge(links, offered)
    subject = tuple(topic) or source.topic
    fresh = [
        link
        for key, link in links.items()
        if not (since and link.published_at and link.published_at < since)
        and not seen(key)
        and link_names(subject, link) is not False
    ]
    return Discovery(tuple(fresh), tuple(asking.answers))


class _Asking:
    """One source being asked."""

    def __init__(
        self,
        source: Source,
        fetcher: Fetcher,
        since: datetime | None,
        known: Mapping[str, tuple[str | None, str | None]],
        patterns: list[re.Pattern[str]],
    ) -> None:
        self.source = source
        self.fetcher = fetcher
        self.since = since
        self.known = known
        self.patterns = patterns
        self.answers: list[Answer] = []

    async def way(self, way: Way) -> tuple[bool, list[Link]]:
        """Whether the way answered as it should, and the articles it offers."""
        if way.kind == "sitemap":
            return await self._sitemap(way)
        reader = _READERS[way.kind]
        return await self._one(way.url, lambda page: reader(page, way, self.source))

    async def _sitemap(self, way: Way) -> tuple[bool, list[Link]]:
        """A sitemap; of an index its newest parts."""
        parts: list[str] = []

        def read(page: Page) -> list[Link]:
            sitemap = read_sitemap(page, way, self.source)
            parts.extend(sitemap.parts)
            return newest(sitemap.links)

        good, links = await self._one(way.url, read, parts)
        for part in parts[:_MAX_PARTS]:
            # A part that is an index again is not followed: that is against the protocol, and has no end.
            answered, more = await self._one(part, read)
            good = good and answered
            links.extend(more)
        return good, links

    async def _one(
        self, url: str, read: Callable[[Page], list[Link]], parts: list[str] | None = None
    ) -> tuple[bool, list[Link]]:
        etag, modified = self.known.get(url, (None, None))
        answer = await self.fetcher.get(
            url, source=self.source.id, role="feed", etag=etag, last_modified=modified, delay=self.source.delay
        )
        links: list[Link] = []
        if answer.page is not None:
            try:
                # Parsing is work for the processor; in a thread it does not hold up the requests of other sources.
                offered = await asyncio.to_thread(read, answer.page)
                links = [link for link in offered if any(p.search(link.url) for p in self.patterns)]
                if not links and not parts:
                    raise FeedError(f"none of its {len(offered)} links is an article's address")
            except FeedError as error:
                fetch = replace(answer.fetch, outcome="bad_feed", error=str(error))
                answer = replace(answer, fetch=fetch, page=None)
        self.answers.append(answer)
        return answer.fetch.outcome in ("ok", "not_modified"), links


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


def once(found: Mapping[str, Discovery]) -> dict[str, tuple[Link, ...]]:
    """The links of several sources, by source, each article with the first source that offers it only.

    >>> link = Link("a", "https://a.example/p/1")
    >>> two = {"a": Discovery((link,), ()), "b": Discovery((replace(link, source="b", url=link.url + "?from=b"),), ())}
    >>> {source: len(links) for source, links in once(two).items()}
    {'a': 1, 'b': 0}
    """
    taken: set[str] = set()
    result: dict[str, tuple[Link, ...]] = {}
    for source, discovery in found.items():
        fresh = {key: link for link in discovery.links if (key := canonical_url(link.url)) not in taken}
        taken.update(fresh)
        result[source] = tuple(fresh.values())
    return result


def feed_page(link: Link, fetched_at: datetime) -> Page | None:
    """The full text that a feed carried, as the page, for when the page itself can't be had; `None` without one.

    Its header `X-Chipwire-Body: feed` says so to whoever reads it later, from the store too.
    """
    if link.html is None:
        return None
    title = html.escape(link.title or "")
    moment = link.published_at.isoformat() if link.published_at else ""
    head = f'<title>{title}</title><meta property="article:published_time" content="{moment}">'
    body = f"<!DOCTYPE html><html><head>{head}</head><body><article><h1>{title}</h1>{link.html}</article></body></html>"
    headers = (("Content-Type", "text/html; charset=utf-8"), ("X-Chipwire-Body", "feed"))
    return Page(link.source, link.url, fetched_at, 200, headers, body.encode("utf-8", "replace"))


def or_feed(answer: Answer, link: Link) -> Answer:
    """The answer to a link's page, or the feed's full text where the page can't be had.

    The row then says `ok`, and its `error` what became of the page itself.
    """
    if answer.page is not None or answer.fetch.outcome == "not_modified":
        return answer
    page = feed_page(link, answer.fetch.fetched_at)
    if page is None:
        return answer
    why = f"the feed's text, for the page gave {answer.fetch.outcome}: {answer.fetch.error}"
    return replace(answer, fetch=replace(answer.fetch, outcome="ok", error=why), page=page)
