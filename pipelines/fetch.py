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
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx

from extractors.model import Page
from pipelines.fetching import robots
from pipelines.fetching.addresses import Resolver, refuse_private, same_site, split, system_resolver
from pipelines.fetching.answers import Headers, bot_check, header, looks_binary, readable_type, retry_after
from pipelines.fetching.failures import CannotInflate, FetchFailed, from_network
from pipelines.fetching.hosts import Host
from pipelines.fetching.inflate import Inflater
from pipelines.fetching.network import CheckedTransport
from pipelines.fetching.settings import FetchSettings
from pipelines.records import Answer, Fetch, Outcome, Role

__all__ = ["FetchSettings", "Fetcher"]

_AGAIN = frozenset({408, 425, 429})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ERROR_BODY = 64 * 1024
_ACCEPT: dict[Role, str] = {
    "page": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    "feed": "application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,text/xml;q=0.9,"
    "application/json;q=0.8,text/html;q=0.7,*/*;q=0.5",
    "robots": "text/plain,*/*;q=0.5",
}


@dataclass(slots=True)
class _Tally:
    """What one `get` has cost so far."""

    url: str
    attempts: int = 0
    wire_bytes: int = 0
    body_bytes: int = 0
    seconds: float = 0.0
    hops: float = 0.0
    """Seconds of the redirects on the way, of `seconds` those that led on."""
    status: int | None = None


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    headers: Headers
    body: bytes


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
        tally = _Tally(url)
        sent = self._headers(role, etag, last_modified)
        error: str | None = None
        reply: _Reply | None = None
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
        self, tally: _Tally, sent: list[tuple[bytes, bytes]], role: Role, source: str, delay: float
    ) -> _Reply:
        """The answer at the end of the redirects, a 200 or a 304; raises `FetchFailed` for every other end."""
        first = tally.url
        seen = {first}
        for _ in range(self.settings.max_redirects + 1):
            reply = await self._ask(tally, sent, role, source, delay)
            if reply.status not in _REDIRECTS:
                return reply
            target = header(reply.headers, "location")
            if not target:
                raise FetchFailed("bad_redirect", f"status {reply.status} without a Location")
            try:
                tally.url = urljoin(tally.url, target.strip()).partition("#")[0]
            except ValueError as error:
                raise FetchFailed("bad_redirect", f"Location {target[:200]!r}: {error}") from error
            if role == "feed" and not same_site(first, tally.url):
                raise FetchFailed("bad_redirect", f"to another site, {tally.url}")
            if tally.url in seen:
                raise FetchFailed("bad_redirect", f"a loop back to {tally.url}")
            seen.add(tally.url)
        raise FetchFailed("bad_redirect", f"over {self.settings.max_redirects} redirects")

    async def _ask(
        self, tally: _Tally, sent: list[tuple[bytes, bytes]], role: Role, source: str, delay: float
    ) -> _Reply:
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
                    reply = await self._once(tally, sent, role)
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

    async def _once(self, tally: _Tally, sent: list[tuple[bytes, bytes]], role: Role) -> _Reply:
        """One request at one address within the deadline. Raises `FetchFailed`."""
        try:
            timeout = {"connect": self.settings.connect_timeout}
            request = httpx.Request("GET", tally.url, headers=sent, extensions={"timeout": timeout})
        except (httpx.InvalidURL, UnicodeError) as error:
            raise FetchFailed("unsafe_address", f"{tally.url[:200]}: {error}") from error
        tally.attempts += 1
        tally.status = None
        started = time.monotonic()
        connected = False
        try:
            async with asyncio.timeout(max(0.1, self.settings.deadline - tally.hops)):
                response = await self._transport.handle_async_request(request)
                connected = True
                try:
                    reply = await self._read(response, tally, sent, role)
                finally:
                    await response.aclose()
        except TimeoutError as error:
            raise FetchFailed("timeout", f"no whole answer within {self.settings.deadline:g} s") from error
        except (httpx.TransportError, OSError) as error:
            raise from_network(error, sent=connected) from error
        finally:
            took = time.monotonic() - started
            tally.seconds += took
        # The redirects of one request share its deadline: a chain of slow ones gets no more time than one answer.
        tally.hops += took
        return reply

    async def _read(
        self, response: httpx.Response, tally: _Tally, sent: list[tuple[bytes, bytes]], role: Role
    ) -> _Reply:
        settings = self.settings
        status = tally.status = response.status_code
        raw = response.headers.raw
        size = sum(len(k) + len(v) for k, v in raw)
        if len(raw) > settings.max_headers or size > settings.max_header_bytes:
            raise FetchFailed("bad_headers", f"{len(raw)} headers of {size} bytes")
        headers = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in raw)
        if status == 304 and any(k.startswith(b"If-") for k, _ in sent):
            return _Reply(status, headers, b"")
        good = status == 200
        if good and role != "robots" and not readable_type(header(headers, "content-type")):
            raise FetchFailed("bad_type", f"{header(headers, 'content-type')}")
        length = header(headers, "content-length") or ""
        if good and role != "robots" and length.isdigit() and int(length[:18]) > settings.max_body:
            raise FetchFailed("too_large", f"Content-Length {length[:18]}")
        body = await self._body(response, headers, tally, None if good and role != "robots" else role)
        if status in _REDIRECTS or (role == "robots" and (good or status not in _AGAIN) and status < 500):
            return _Reply(status, headers, body)
        check = bot_check(status, headers, body) if role != "robots" else None
        if check:
            raise FetchFailed("challenge", f"status {status}: {check}")
        if good:
            if looks_binary(header(headers, "content-type"), body, role):
                raise FetchFailed("bad_type", "no text, and no content type that says what it is")
            return _Reply(status, headers, body)
        again = status in _AGAIN or status >= 500
        raise FetchFailed("http_error", f"status {status}", again=again, wait=retry_after(headers) if again else None)

    async def _body(self, response: httpx.Response, headers: Headers, tally: _Tally, partly: Role | None) -> bytes:
        """The inflated body. `partly`: what is over the limit is left unread, and what does not inflate is nothing."""
        settings = self.settings
        limit = settings.max_body if partly is None else settings.max_robots if partly == "robots" else _ERROR_BODY
        before = tally.wire_bytes
        inflater: Inflater | None = None
        try:
            inflater = Inflater(
                ", ".join(v for k, v in headers if k.lower() == "content-encoding"),
                max_body=limit,
                max_ratio=settings.max_ratio,
                ratio_from=min(settings.ratio_from, limit),
            )
            async for chunk in response.aiter_raw():
                tally.wire_bytes += len(chunk)
                inflater.feed(chunk)
            body = inflater.finish()
        except CannotInflate:
            if partly is None:
                raise
            body = inflater.so_far()[:limit] if inflater else b""
        finally:
            tally.body_bytes = inflater.size if inflater else tally.wire_bytes - before
        return body

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
