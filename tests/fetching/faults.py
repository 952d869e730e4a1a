"""What servers do to a client: each fault with the row that it must leave in `fetches`.

Every fault is a host of its own, `NAME.fault.example`, so that none of them rests the host of another.
"""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import formatdate
from typing import TypeAlias

from pipelines.records import Outcome, Role
from tests.fetching.wire import MIB, Request, Wire, bomb

Serve: TypeAlias = Callable[[Wire, Request], Awaitable[None]]

ARTICLE = "<html><head><title>智算中心</title></head><body><p>一座新的智算中心开工。</p></body></html>".encode()


@dataclass(frozen=True, slots=True)
class Fault:
    """`serve` answers the page or feed, `robots` answers /robots.txt (404 without)."""

    name: str
    serve: Serve
    outcome: Outcome
    status: int | None = 200
    attempts: int = 1
    """Requests sent for the URL, redirects and further attempts included."""
    error: str = ""
    """A part of the row's error."""
    robots: Serve | None = None
    role: Role = "page"
    scheme: str = "http"
    etag: str | None = None
    links: int = 0
    """For feeds: the links that are found all the same."""

    @property
    def host(self) -> str:
        return f"{self.name}.fault.example"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}/{'feed' if self.role == 'feed' else 'a/1.html'}"


def page(body: bytes = ARTICLE, *headers: str, status: str = "200 OK", length: int | None = -1) -> Serve:
    async def serve(wire: Wire, request: Request) -> None:
        await wire.answer(body, status, headers or ("Content-Type: text/html; charset=utf-8",), length)

    return serve


def coded(coding: str, body: bytes) -> Serve:
    return page(body, "Content-Type: text/html", f"Content-Encoding: {coding}")


def to(target: str) -> Serve:
    async def serve(wire: Wire, request: Request) -> None:
        await wire.redirect(target)

    return serve


def then(first: Serve, second: Serve) -> Serve:
    """`first` for the first request, `second` from then on."""

    async def serve(wire: Wire, request: Request) -> None:
        await (second if request.number else first)(wire, request)

    return serve


async def reset_at_once(wire: Wire, request: Request) -> None:
    wire.reset()


async def hang_up(wire: Wire, request: Request) -> None:
    wire.writer.close()


async def reset_in_body(wire: Wire, request: Request) -> None:
    await wire.answer(ARTICLE[:40], length=len(ARTICLE))
    await asyncio.sleep(0.02)
    wire.reset()


async def short_body(wire: Wire, request: Request) -> None:
    await wire.answer(ARTICLE, length=len(ARTICLE) + 100)
    wire.writer.close()


async def drip_body(wire: Wire, request: Request) -> None:
    await wire.answer(b"", length=10_000)
    while True:
        await wire.send(b"x")
        await asyncio.sleep(0.2)


async def drip_head(wire: Wire, request: Request) -> None:
    await wire.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        await wire.send(b"x")
        await asyncio.sleep(0.2)


async def silence(wire: Wire, request: Request) -> None:
    await asyncio.sleep(60)


async def endless_head(wire: Wire, request: Request) -> None:
    await wire.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        await wire.send(b"".join(b"X-%d: %s\r\n" % (n, b"y" * 100) for n in range(100)))


async def endless_hints(wire: Wire, request: Request) -> None:
    while True:
        await wire.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n")
        await asyncio.sleep(0.05)


async def endless_body(wire: Wire, request: Request) -> None:
    await wire.answer(b"", headers=("Content-Type: text/html", "Transfer-Encoding: chunked"), length=None)
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    while True:
        await wire.send(chunk)


async def bad_chunk(wire: Wire, request: Request) -> None:
    await wire.answer(b"zz\r\nhello", headers=("Content-Type: text/html", "Transfer-Encoding: chunked"), length=None)


async def redirect_on(wire: Wire, request: Request) -> None:
    await wire.redirect(request.path + "x")


async def slow_redirect(wire: Wire, request: Request) -> None:
    await asyncio.sleep(2.5)
    await wire.redirect(request.path + "x")


async def to_chinese(wire: Wire, request: Request) -> None:
    """The raw bytes of UTF-8 in a Location, which must come back percent-encoded."""
    if request.path == "/%E4%B8%AD":
        await wire.answer(ARTICLE)
    else:
        await wire.send("HTTP/1.1 302 Found\r\nLocation: /中\r\nContent-Length: 0\r\n\r\n".encode())


async def no_location(wire: Wire, request: Request) -> None:
    await wire.answer(b"", "302 Found")


async def retry_seconds(wire: Wire, request: Request) -> None:
    await wire.answer(b"", "429 Too Many Requests", ("Retry-After: 1",))


async def retry_date(wire: Wire, request: Request) -> None:
    await wire.answer(b"", "429 Too Many Requests", (f"Retry-After: {formatdate(time.time() + 2, usegmt=True)}",))


async def conditional(wire: Wire, request: Request) -> None:
    if request.headers.get("if-none-match") == '"v1"':
        await wire.answer(b"", "304 Not Modified", ('ETag: "v1"',), length=None)
    else:
        await wire.answer(ARTICLE)


async def cookie_trap(wire: Wire, request: Request) -> None:
    if "cookie" in request.headers:
        await wire.answer(b"", "400 Bad Request")
    elif request.path.endswith("?again"):
        await wire.answer(ARTICLE)
    else:
        await wire.redirect(request.path + "?again", "302 Found", "Set-Cookie: spy=1; Path=/")


async def long_robots(wire: Wire, request: Request) -> None:
    lines = b"".join(b"Disallow: /private/%d\n" % n for n in range(45_000))
    await wire.answer(b"User-agent: *\nDisallow: /a/\n" + lines, headers=("Content-Type: text/plain",))


CHALLENGE = b"<!DOCTYPE html><title>Just a moment...</title><script>window._cf_chl_opt={}</script>"
PLAIN_TYPE = "Content-Type: text/html"


def robots_txt(text: str) -> Serve:
    return page(text.encode(), "Content-Type: text/plain")


PAGE_FAULTS: tuple[Fault, ...] = (
    Fault("fine", page(), "ok"),
    # Connections
    Fault("refused", page(), "refused", None, 0, "robots.txt"),  # its route leads to a port where nobody listens
    Fault("reset", reset_at_once, "reset", None, 4),
    Fault("reset-once", then(reset_at_once, page()), "ok", 200, 2),
    Fault("hang-up", hang_up, "reset", None, 4),
    Fault("reset-in-body", reset_in_body, "reset", 200, 4),
    Fault("not-tls", page(), "tls", None, 0, scheme="https"),
    # Time
    Fault("drip-body", drip_body, "timeout", 200, 1, "no whole answer"),
    Fault("drip-head", drip_head, "timeout", None, 1, "no whole answer"),
    Fault("silence", silence, "timeout", None, 1),
    Fault("endless-hints", endless_hints, "timeout", None, 1),
    # Heads
    Fault("endless-head", endless_head, "bad_headers", None),
    Fault("many-headers", page(ARTICLE, *[f"X-{n}: y" for n in range(300)]), "bad_headers", 200, 1, "301 headers"),
    Fault("no-http", page(b"", status="hello there"), "bad_headers", None),
    Fault("bad-chunk", bad_chunk, "bad_headers"),
    # Sizes
    Fault("length-too-long", short_body, "reset", 200, 4),
    Fault("length-too-short", page(ARTICLE, length=20), "ok"),
    Fault("length-huge", page(b"", length=20 * MIB), "too_large", 200, 1, "Content-Length"),
    Fault("endless-body", endless_body, "too_large"),
    Fault("bomb-gzip", coded("gzip", bomb("gzip")), "too_large", 200, 1, "inflate"),
    Fault("bomb-members", coded("gzip", bomb("members")), "too_large", 200, 1, "inflate"),
    Fault("bomb-deflate", coded("deflate", bomb("deflate")), "too_large", 200, 1, "inflate"),
    Fault("bomb-br", coded("br", bomb("br")), "too_large", 200, 1, "inflate"),
    Fault("bomb-zstd", coded("zstd", bomb("zstd")), "too_large", 200, 1, "inflate"),
    Fault("bomb-nested", coded("gzip, gzip", bomb("gzip, gzip")), "too_large", 200, 1, "inflate"),
    Fault("bomb-mixed", coded("br, gzip", bomb("br, gzip")), "too_large", 200, 1, "inflate"),
    # Codings
    Fault("truncated-gzip", coded("gzip", gzip.compress(ARTICLE * 50)[:-30]), "bad_encoding", 200, 1, "cut off"),
    Fault("no-gzip", coded("gzip", ARTICLE), "bad_encoding", 200, 1, "gzip"),
    Fault("odd-coding", coded("rot13", ARTICLE), "bad_encoding", 200, 1, "rot13"),
    Fault("deep-coding", coded(", ".join(["gzip"] * 9), ARTICLE), "bad_encoding", 200, 1, "9 content codings"),
    Fault("two-codings", coded("gzip, gzip", gzip.compress(gzip.compress(ARTICLE))), "ok"),
    # Redirects
    Fault("loop", to("/a/1.html"), "bad_redirect", 302, 1, "loop"),
    Fault("chain", redirect_on, "bad_redirect", 302, 9, "over 8 redirects"),
    Fault("slow-chain", slow_redirect, "timeout", None, 3, "no whole answer"),
    Fault("no-location", no_location, "bad_redirect", 302, 1, "Location"),
    Fault("to-loopback", to("http://127.0.0.1/"), "unsafe_address", 302, 1, "127.0.0.1"),
    Fault("to-decimal", to("http://2130706433/"), "unsafe_address", 302, 1, "127.0.0.1"),
    Fault("to-octal", to("http://0177.0.0.1/"), "unsafe_address", 302, 1, "127.0.0.1"),
    Fault("to-metadata", to("http://169.254.169.254/latest/"), "unsafe_address", 302, 1, "169.254"),
    Fault("to-loopback6", to("http://[::1]/"), "unsafe_address", 302, 1, "::1"),
    Fault("to-mapped", to("http://[::ffff:10.0.0.1]/"), "unsafe_address", 302, 1, "not public"),
    Fault("to-file", to("file:///etc/passwd"), "unsafe_address", 302, 1, "only http"),
    Fault("to-half-private", to("http://half-private.example/"), "unsafe_address", 302, 1, "10.1.2.3"),
    Fault("to-credentials", to("http://me:secret@fine.fault.example/"), "unsafe_address", 302, 1, "credentials"),
    Fault("to-nowhere", to("http://nowhere.example/"), "dns", 302, 1, "nowhere.example"),
    Fault("to-other", to("http://fine.fault.example/a/1.html"), "ok", 200, 2),
    Fault("to-chinese", to_chinese, "ok", 200, 2),
    Fault("cookie-trap", cookie_trap, "ok", 200, 2),
    # Statuses
    Fault("gone", page(b"", status="410 Gone"), "http_error", 410, 1, "410"),
    Fault("no-content", page(b"", status="204 No Content", length=None), "http_error", 204),
    Fault("broken", page(b"", status="500 Oops"), "http_error", 500, 4),
    Fault("status-522", page(b"", status="522 Connection Timed Out"), "http_error", 522, 4),
    Fault("busy-once", then(page(b"", status="503 Busy"), page()), "ok", 200, 2),
    Fault("retry-seconds", then(retry_seconds, page()), "ok", 200, 2),
    Fault("retry-date", then(retry_date, page()), "ok", 200, 2),
    Fault("retry-tomorrow", page(b"", "Retry-After: 86400", status="429 No"), "http_error", 429, 1, "429"),
    Fault("unchanged", conditional, "not_modified", 304, etag='"v1"'),
    Fault("unasked-304", page(b"", status="304 Not Modified", length=None), "http_error", 304, 1, "304"),
    Fault("challenge", page(CHALLENGE, PLAIN_TYPE, status="403 Forbidden"), "challenge", 403, 1, "Just a moment"),
    Fault("challenge-200", page(CHALLENGE), "challenge", 200),
    Fault("forbidden", page(b"<p>No.", PLAIN_TYPE, status="403 Forbidden"), "http_error", 403),
    # Types and charsets
    Fault("no-type", page(ARTICLE, "X-Nothing: 1"), "ok"),
    Fault("no-type-binary", page(b"\x89PNG\r\n\x1a\n" + bytes(200), "X-Nothing: 1"), "bad_type"),
    Fault("image", page(b"\x89PNG", "Content-Type: image/png"), "bad_type", 200, 1, "image/png"),
    Fault("lying-charset", page(ARTICLE.decode().encode("gb18030"), "Content-Type: text/html; charset=utf-8"), "ok"),
    # robots.txt
    Fault("robots-no", page(), "robots", None, 0, "forbidden", robots=robots_txt("User-agent: *\nDisallow: /")),
    Fault("robots-other", page(), "ok", robots=robots_txt("User-agent: other\nDisallow: /")),
    Fault("robots-silent", page(), "robots", None, 0, "unreachable", robots=silence),
    Fault("robots-broken", page(), "robots", None, 0, "unreachable", robots=page(b"", status="503 Busy")),
    Fault("robots-long", page(), "robots", None, 0, "forbidden", robots=long_robots),
    Fault("robots-nan", page(), "ok", robots=robots_txt("User-agent: *\nCrawl-delay: nan")),
    Fault("robots-html", page(), "ok", robots=page(b"<!doctype html><p>welcome")),
    Fault(
        "robots-slow-down",
        page(),
        "rested",
        None,
        0,
        "Crawl-delay",
        robots=robots_txt("User-agent: *\nCrawl-delay: 999"),
    ),
)
