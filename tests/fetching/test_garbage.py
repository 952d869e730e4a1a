"""Whatever bytes a server sends, `get` ends with a row and raises nothing."""

from __future__ import annotations

import asyncio
import gzip
import random
from typing import get_args

from pipelines.fetch import Fetcher, FetchSettings
from pipelines.records import Outcome, Role
from tests.fetching.fault_server import serving
from tests.fetching.faults import ARTICLE, Serve, page
from tests.fetching.wire import Request, Wire

CASES = 300


def answers() -> list[bytes]:
    packed = gzip.compress(ARTICLE, mtime=0)
    heads = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(ARTICLE) + ARTICLE,
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
        % len(packed)
        + packed,
        b"HTTP/1.1 302 Found\r\nLocation: http://a.example/elsewhere\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 429 Slow\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    )
    rng = random.Random(20261124)
    return [mutated(rng.choice(heads), rng) for _ in range(CASES)]


def mutated(answer: bytes, rng: random.Random) -> bytes:
    """The answer with some bytes changed, left out, doubled or cut off."""
    found = bytearray(answer)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(found) + 1)
        match rng.randrange(5):
            case 0:
                found[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                del found[at : at + rng.randint(1, 20)]
            case 2:
                found[at:at] = found[at : at + rng.randint(1, 60)]
            case 3:
                found[at:at] = bytes(rng.randrange(256) for _ in range(rng.randint(1, 10)))
            case _:
                del found[at:]
    return bytes(found)


def test_garbage() -> None:
    cases = answers()

    async def garbage(wire: Wire, request: Request) -> None:
        await wire.send(cases[int(request.path.strip("/"))])
        wire.writer.close()

    def choose(host: str, path: str) -> Serve:
        return garbage if path.strip("/").isdigit() else page(b"", status="404 Not Found")

    async def run() -> list[Outcome]:
        async with serving(choose) as (_, port):
            # A host for each case, so that a Retry-After of one does not rest the others.
            routes = {f"{name}.example": ("127.0.0.1", port) for name in ("a", *map(str, range(CASES)))}
            settings = FetchSettings(delay=0, attempts=1, patience=0, deadline=5, respect_robots=False, routes=routes)
            roles: tuple[Role, ...] = ("page", "feed")
            async with Fetcher(settings, run_id="t") as fetcher:
                tried = [fetcher.get(f"http://{n}.example/{n}", source="a", role=roles[n % 2]) for n in range(CASES)]
                found = await asyncio.gather(*tried)
            assert all((answer.page is not None) == (answer.fetch.outcome == "ok") for answer in found)
            return [answer.fetch.outcome for answer in found]

    found = asyncio.run(run())
    assert set(found) <= set(get_args(Outcome))
    # The cases are various: some still arrive, the others fail in different ways.
    assert {"ok", "bad_headers", "reset"} <= set(found)
