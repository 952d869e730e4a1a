"""Polite, bounded and safe HTTP: every address asked for ends as one row of the `fetches` table.

    async with Fetcher(FetchSettings(contact="ops@example.org"), run_id="2026-11-24") as fetcher:
        answer = await fetcher.get("https://example.org/feed", source="example", role="feed")

One request goes through: the address' form, the host's robots.txt, the host's turn, the checked connection, the head's
limits, the bounded inflation. A redirect is a new request of the same kind to wherever it points.
"""

from __future__ import annotations

import asyncio
import random
import ssl
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

from extractors.model import Page
from pipelines.fetching import robots
from pipelines.fetching.addresses import Resolver, refuse_private, same_site, split, system_resolver
from pipelines.fetching.answers import header
from pipelines.fetching.failures import FetchFailed
from pipelines.fetching.hosts import Host
from pipelines.fetching.network import CheckedTransport
from pipelines.fetching.request import REDIRECTS, Reply, Requester, Tally
from pipelines.fetching.settings import FetchSettings
from pipelines.records import Answer, Fetch, Outcome, Role

__all__ = ["FetchSettings", "Fetcher"]

_ACCEPT: dict[Role, str] = {
    "page": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    "feed": "application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,text/xml;q=0.9,"
    "application/json;q=0.8,text/html;q=0.7,*/*;q=0.5",
    "robots": "text/plain,*/*;q=0.5",
}


class Fetcher:
    """The client of one run. Made once, used by every source, closed at the end.

    `robots_rows` holds the rows of the robots.txt files asked for on the way. `resolver` and `ssl_context` are there
    for tests and for people with name servers and certificates of their own.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        run_id: str,
        resolver: Resolver = system_resolver,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self.settings = settings
        self.run_id = run_id
        self.robots_rows: list[Fetch] = []
        self._hosts: dict[str, Host] = {}
        self._robots: dict[str, asyncio.Task[robots.Robots]] = {}
        self._under_way = asyncio.Semaphore(settings.concurrency)
        self._transport = CheckedTransport(settings, resolver, ssl_context)
        self._requester = Requester(self._transport, settings)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._robots.values():
            task.cancel()
        await asyncio.gather(*self._robots.values(), return_exceptions=True)
        await self._transport.aclose()

    async def get(
        self,
        url: str,
        *,
        source: str,
        role: Role = "page",
        etag: str | None = None,
        last_modified: str | None = None,
        delay: float = 0.0,
    ) -> Answer:
        """The answer to a GET, whatever the server does; `delay` is what the source's file asks for.

        `etag` and `last_modified` make the request conditional. Raises nothing that a server or network can cause.
        """
        tally = Tally(url)
        sent = self._headers(role, etag, last_modified)
        error: str | None = None
        reply: Reply | None = None
        try:
            reply = await self._follow(tally, sent, role, source, delay)
            outcome: Outcome = "not_modified" if reply.status == 304 else "ok"
        except FetchFailed as failure:
            outcome, error = failure.outcome, failure.error
        now = datetime.now(UTC)
        headers = reply.headers if reply else ()
        fetch = Fetch(
            run_id=self.run_id,
            source=source,
            url=url,
            final_url=tally.url if tally.attempts else None,
            role=role,
            outcome=outcome,
            status=tally.status,
            attempts=tally.attempts,
            wire_bytes=tally.wire_bytes,
            body_bytes=tally.body_bytes,
            seconds=round(tally.seconds, 3),
            etag=header(headers, "etag"),
            last_modified=header(headers, "last-modified"),
            error=error,
            fetched_at=now,
        )
        page = None
        if reply is not None and outcome == "ok":
            page = Page(source, tally.url, now, reply.status, headers, reply.body)
        return Answer(fetch, page, tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in sent))

    async def sitemaps(self, url: str, *, source: str) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of this URL's host names; none when it can't be had."""
        try:
            parts = split(url)
        except FetchFailed:
            return ()
        return (await self._rules(parts.scheme, parts.netloc, source)).sitemaps()

    def _headers(self, role: Role, etag: str | None, last_modified: str | None) -> list[tuple[bytes, bytes]]:
        headers = [
            ("User-Agent", self.settings.agent),
            ("Accept", _ACCEPT[role]),
            ("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.8"),
            ("Accept-Encoding", "gzip, deflate, br, zstd"),
        ]
        if etag:
            headers.append(("If-None-Match", etag))
        if last_modified:
            headers.append(("If-Modified-Since", last_modified))
        return [(k.encode(), v.encode("latin-1", "replace")) for k, v in headers]

    async def _follow(
        self, tally: Tally, sent: list[tuple[bytes, bytes]], role: Role, source: str, delay: float
    ) -> Reply:
        """The answer at the end of the redirects, a 200 or a 304; raises `FetchFailed` for every other end."""
        first = tally.url
        seen = {first}
        for _ in range(self.settings.max_redirects + 1):
            reply = await self._ask(tally, sent, role, source, delay)
            if reply.status not in REDIRECTS:
                return reply
            target = header(reply.headers, "location")
            if not target:
                raise FetchFailed("bad_redirect", f"status {reply.status} without a Location")
            try:
                tally.url = urljoin(tally.url, _as_utf8(target.strip())).partition("#")[0]
            except ValueError as error:
                raise FetchFailed("bad_redirect", f"Location {target[:200]!r}: {error}") from error
            if role == "feed" and not same_site(first, tally.url):
                raise FetchFailed("bad_redirect", f"to another site, {tally.url}")
            if tally.url in seen:
                raise FetchFailed("bad_redirect", f"a loop back to {tally.url}")
            seen.add(tally.url)
        raise FetchFailed("bad_redirect", f"over {self.settings.max_redirects} redirects")

    async def _ask(self, tally: Tally, sent: list[tuple[bytes, bytes]], role: Role, source: str, delay: float) -> Reply:
        """One address, with its robots.txt, its host's turn and its further attempts."""
        parts = split(tally.url)
        host = self._host(parts.netloc)
        if parts.hostname not in self.settings.routes:
            refuse_private(parts.hostname or "")
        if self.settings.respect_robots and role != "robots":
            rules = await self._rules(parts.scheme, parts.netloc, source)
            if rules.refused is not None:
                raise rules.refused
            if not rules.allows(tally.url, self.settings.robots_name):
                raise FetchFailed("robots", "forbidden by robots.txt")
        for attempt in range(1, self.settings.attempts + 1):
            try:
                async with host.turn(delay), self._under_way:
                    reply = await self._requester.once(tally, sent, role)
                host.succeeded()
                return reply
            except FetchFailed as failure:
                if failure.outcome == "rested":
                    raise
                if failure.again or failure.outcome in ("challenge", "timeout"):
                    host.failed(failure.error)
                if failure.wait is not None:
                    host.wait(failure.wait)
                if not failure.again or attempt == self.settings.attempts:
                    raise
                last = failure
            try:
                if last.wait is None:
                    await asyncio.sleep(self.settings.backoff * 2 ** (attempt - 1) * random.uniform(0.5, 1.0))
                host.check()
            except FetchFailed as rested:
                # The host went to rest over this very request: its own failure says more than that.
                raise last from rested
        raise AssertionError("attempts is at least 1")

    def _host(self, netloc: str) -> Host:
        name = netloc.lower()
        if name not in self._hosts:
            self._hosts[name] = Host(name, self.settings)
        return self._hosts[name]

    async def _rules(self, scheme: str, netloc: str, source: str) -> robots.Robots:
        """The host's robots.txt, asked for once a run however many pages wait for it."""
        key = f"{scheme}://{netloc.lower()}"
        if key not in self._robots:
            self._robots[key] = asyncio.create_task(self._ask_robots(key, source))
        return await asyncio.shield(self._robots[key])

    async def _ask_robots(self, origin: str, source: str) -> robots.Robots:
        answer = await self.get(f"{origin}/robots.txt", source=source, role="robots")
        self.robots_rows.append(answer.fetch)
        if answer.page is not None:
            found = robots.read(answer.page.status, answer.page.body)
        else:
            found = robots.failed(FetchFailed(answer.fetch.outcome, answer.fetch.error or ""))
        delay = found.crawl_delay(self.settings.robots_name)
        host = self._host(split(origin).netloc)
        if delay > self.settings.patience:
            host.rest(f"robots.txt asks for a Crawl-delay of {delay:g} s")
        host.crawl_delay = max(host.crawl_delay, delay)
        return found


def _as_utf8(value: str) -> str:
    """A header's text, when its bytes are UTF-8: headers are Latin-1 by the book, Chinese servers do not read it.

    >>> _as_utf8("/ä¸\xad"), _as_utf8("/caf\xe9")
    ('/中', '/café')
    """
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
