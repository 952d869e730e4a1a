"""One request at one address: the deadline, the head's limits, the body's inflation, and what became of it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import httpx

from pipelines.fetching.answers import Headers, bot_check, header, looks_binary, readable_type, retry_after
from pipelines.fetching.failures import CannotInflate, FetchFailed, from_network
from pipelines.fetching.inflate import Inflater
from pipelines.fetching.settings import FetchSettings
from pipelines.records import Role

_AGAIN = frozenset({408, 425, 429})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ERROR_BODY = 64 * 1024


@dataclass(slots=True)
class Tally:
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
class Reply:
    status: int
    headers: Headers
    body: bytes


class Requester:
    """Makes single requests through a transport. It follows no redirect, repeats nothing and waits for nobody."""

    def __init__(self, transport: httpx.AsyncBaseTransport, settings: FetchSettings) -> None:
        self._transport = transport
        self._settings = settings

    async def once(self, tally: Tally, sent: list[tuple[bytes, bytes]], role: Role) -> Reply:
        """One request at one address within the deadline. Raises `FetchFailed`."""
        try:
            timeout = {"connect": self._settings.connect_timeout}
            request = httpx.Request("GET", tally.url, headers=sent, extensions={"timeout": timeout})
        except (httpx.InvalidURL, UnicodeError) as error:
            raise FetchFailed("unsafe_address", f"{tally.url[:200]}: {error}") from error
        tally.attempts += 1
        tally.status = None
        started = time.monotonic()
        connected = False
        try:
            async with asyncio.timeout(max(0.1, self._settings.deadline - tally.hops)):
                response = await self._transport.handle_async_request(request)
                connected = True
                try:
                    reply = await self._read(response, tally, sent, role)
                finally:
                    await response.aclose()
        except TimeoutError as error:
            raise FetchFailed("timeout", f"no whole answer within {self._settings.deadline:g} s") from error
        except (httpx.TransportError, OSError) as error:
            raise from_network(error, sent=connected) from error
        finally:
            took = time.monotonic() - started
            tally.seconds += took
        # The redirects of one request share its deadline: a chain of slow ones gets no more time than one answer.
        tally.hops += took
        return reply

    async def _read(self, response: httpx.Response, tally: Tally, sent: list[tuple[bytes, bytes]], role: Role) -> Reply:
        settings = self._settings
        status = tally.status = response.status_code
        raw = response.headers.raw
        size = sum(len(k) + len(v) for k, v in raw)
        if len(raw) > settings.max_headers or size > settings.max_header_bytes:
            raise FetchFailed("bad_headers", f"{len(raw)} headers of {size} bytes")
        headers = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in raw)
        if status == 304 and any(k.startswith(b"If-") for k, _ in sent):
            return Reply(status, headers, b"")
        good = status == 200
        if good and role != "robots" and not readable_type(header(headers, "content-type")):
            raise FetchFailed("bad_type", f"{header(headers, 'content-type')}")
        length = header(headers, "content-length") or ""
        if good and role != "robots" and length.isdigit() and int(length[:18]) > settings.max_body:
            raise FetchFailed("too_large", f"Content-Length {length[:18]}")
        body = await self._body(response, headers, tally, None if good and role != "robots" else role)
        if status in REDIRECTS or (role == "robots" and (good or status not in _AGAIN) and status < 500):
            return Reply(status, headers, body)
        check = bot_check(status, headers, body) if role != "robots" else None
        if check:
            raise FetchFailed("challenge", f"status {status}: {check}")
        if good:
            if looks_binary(header(headers, "content-type"), body, role):
                raise FetchFailed("bad_type", "no text, and no content type that says what it is")
            return Reply(status, headers, body)
        again = status in _AGAIN or status >= 500
        raise FetchFailed("http_error", f"status {status}", again=again, wait=retry_after(headers) if again else None)

    async def _body(self, response: httpx.Response, headers: Headers, tally: Tally, partly: Role | None) -> bytes:
        """The inflated body. `partly`: what is over the limit is left unread, and what does not inflate is nothing."""
        settings = self._settings
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
