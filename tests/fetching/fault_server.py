"""A server on loopback that does everything `faults` lists, and serves good sites beside it.

    python -m tests.fetching.fault_server        prints its port, runs until its standard input closes

The host header chooses the fault. Hosts under `good.example` have a feed of ten articles each.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

from tests.fetching.faults import Serve, page
from tests.fetching.feed_faults import FAULTS, feed, items, xml
from tests.fetching.wire import Request, Wire

GOOD_ARTICLES = 10
GOOD_HOSTS = tuple(f"site{n}.good.example" for n in range(20))
_BY_HOST = {fault.host: fault for fault in FAULTS}


def _good(host: str, path: str) -> Serve | None:
    if not host.endswith(".good.example"):
        return None
    if path == "/feed":
        listed = items(host.removesuffix(".good.example"), GOOD_ARTICLES).replace(".fault.", ".good.")
        return xml(feed(listed))
    return page(f"<html><title>{path}</title><p>{'算力新闻。' * 2000}".encode())


def choose_fault(host: str, path: str) -> Serve:
    good = _good(host, path)
    fault = _BY_HOST.get(host)
    if path == "/robots.txt":
        return fault.robots if fault and fault.robots else page(b"", status="404 Not Found")
    if good:
        return good
    return fault.serve if fault else page(b"", status="421 Misdirected Request")


Choose: TypeAlias = Callable[[str, str], Serve]
"""Host and path to what serves it."""


class Server:
    """`asked` counts the requests by host and path, `arrivals` has the time of each, `connections` their number."""

    def __init__(self, choose: Choose) -> None:
        self.choose = choose
        self.asked: Counter[str] = Counter()
        self.arrivals: list[tuple[str, float]] = []
        self.connections = 0
        self.writers: list[asyncio.StreamWriter] = []
        self.open_now: Counter[str] = Counter()
        self.open_most: Counter[str] = Counter()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = Wire(reader, writer)
        self.connections += 1
        self.writers.append(writer)
        # The client hangs up in many of these, which is what most of them are about.
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while not writer.is_closing():
                first = await reader.readexactly(1)
                if first == b"\x16":
                    # A TLS greeting on a port that speaks plain HTTP.
                    await wire.answer(b"", "400 Bad Request")
                    break
                head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head[1:])}
                path = head[0].split(" ")[1]
                host = headers.get("host", "").partition(":")[0]
                # Through a proxy the whole address stands where the path does.
                path = "/" + path.split("/", 3)[3] if path.startswith("http://") else path
                request = Request(path, headers, self.asked[host + path])
                self.asked[host + path] += 1
                self.arrivals.append((host + path, time.monotonic()))
                for name in (host, "all"):
                    self.open_now[name] += 1
                    self.open_most[name] = max(self.open_most[name], self.open_now[name])
                try:
                    await self.choose(host, path)(wire, request)
                finally:
                    self.open_now.subtract((host, "all"))
        writer.close()


async def hang_up(writers: list[asyncio.StreamWriter]) -> None:
    """Closes what is still open, so that no test leaves a socket to the next."""
    for writer in writers:
        writer.transport.abort()
    for writer in writers:
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()


@asynccontextmanager
async def serving(choose: Choose, context: ssl.SSLContext | None = None) -> AsyncIterator[tuple[Server, int]]:
    """A server in this process, and its port."""
    server = Server(choose)
    listening = await asyncio.start_server(server.handle, "127.0.0.1", 0, ssl=context)
    try:
        yield server, listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        await hang_up(server.writers)


async def main() -> None:
    server = await asyncio.start_server(Server(choose_fault).handle, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    # Some handlers drip for ever and would not let the process end.
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main())
