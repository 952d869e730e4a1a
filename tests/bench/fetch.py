"""Fetching side by side: chipwire's client, Scrapy and bare httpx on the same pages with the same limits, in one run.

    python -m tests.bench.fetch                    2,000 pages over 50 hosts on loopback, delays off, three rounds
    python -m tests.bench.fetch --pages 500 --rounds 1

Each contender runs in a process of its own and reports its own processor time; the server has another process. What
counts is the ratio of processor time a page within one run, since wall time on a shared machine is mostly noise.
Needs the `bench` extra.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gzip
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).parents[2]
HOSTS = 50
CONCURRENCY = 20
MAX_BODY = 10 * 1024 * 1024


def host(number: int) -> str:
    return f"127.0.0.{number % HOSTS + 1}"


def urls(port: int, pages: int) -> list[str]:
    return [f"http://{host(n)}:{port}/news/{n}.html" for n in range(pages)]


# ------------------------------------------------------------------ the server


def make_page() -> bytes:
    """About 50 kB of markup that packs like news pages do, to about a fifth."""
    rng = random.Random(1)
    words = ["".join(chr(rng.randrange(0x4E00, 0x6000)) for _ in range(rng.randint(2, 4))) for _ in range(3000)]
    paragraphs = "".join(f"<p class=text>{''.join(rng.choices(words, k=60))}</p>\n" for _ in range(80))
    return f"<!DOCTYPE html><html><head><title>bench</title></head><body>{paragraphs}</body></html>".encode()


class Server(asyncio.Protocol):
    page = b""
    robots = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 25\r\n\r\nUser-agent: *\nDisallow: \n"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.got = b""

    def data_received(self, data: bytes) -> None:
        self.got += data
        while (end := self.got.find(b"\r\n\r\n")) >= 0:
            robots = self.got.startswith(b"GET /robots.txt")
            self.got = self.got[end + 4 :]
            self.transport.write(self.robots if robots else self.page)


async def serve() -> None:
    packed = gzip.compress(make_page(), 6)
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    )
    Server.page = head.encode() + packed
    loop = asyncio.get_running_loop()
    first = await loop.create_server(Server, host(0), 0)
    port = first.sockets[0].getsockname()[1]
    for n in range(1, HOSTS):
        await loop.create_server(Server, host(n), port)
    print(port, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


# ------------------------------------------------------------------ the contenders


async def run_chipwire(port: int, pages: int) -> int:
    from pipelines.fetch import Fetcher, FetchSettings

    settings = FetchSettings(delay=0, concurrency=CONCURRENCY, routes={host(n): (host(n), port) for n in range(HOSTS)})
    total = 0
    async with Fetcher(settings, run_id="bench") as fetcher:

        async def one(url: str) -> None:
            nonlocal total
            answer = await fetcher.get(url, source="bench")
            assert answer.page is not None, answer.fetch
            total += len(answer.page.body)

        await asyncio.gather(*map(one, urls(port, pages)))
    return total


async def run_httpx(port: int, pages: int) -> int:
    import httpx

    total = 0
    gate = asyncio.Semaphore(CONCURRENCY)
    locks = {host(n): asyncio.Lock() for n in range(HOSTS)}
    async with httpx.AsyncClient(trust_env=False, timeout=30, follow_redirects=True) as client:

        async def one(url: str) -> None:
            nonlocal total
            async with locks[url.split("/")[2].split(":")[0]], gate:
                response = await client.get(url)
            assert response.status_code == 200
            total += len(response.content)

        await asyncio.gather(*map(one, urls(port, pages)))
    return total


class Body(Protocol):
    """What is used of Scrapy's answers."""

    body: bytes


def run_scrapy(port: int, pages: int) -> int:
    import scrapy
    from scrapy.crawler import CrawlerProcess

    found = [0]

    class Bench(scrapy.Spider):
        name = "bench"

        async def start(self) -> AsyncIterator[object]:
            for url in urls(port, pages):
                yield scrapy.Request(url, self.parse, dont_filter=True)

        def parse(self, response: Body) -> None:
            found[0] += len(response.body)

    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS": CONCURRENCY,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "DOWNLOAD_DELAY": 0,
            "DOWNLOAD_TIMEOUT": 30,
            "DOWNLOAD_MAXSIZE": MAX_BODY,
            "DOWNLOAD_WARNSIZE": 0,
            "ROBOTSTXT_OBEY": True,
            "RETRY_TIMES": 3,
            "COOKIES_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "LOG_ENABLED": False,
        }
    )
    process.crawl(Bench)
    process.start()
    return found[0]


ASYNC: dict[str, Callable[[int, int], Awaitable[int]]] = {"chipwire": run_chipwire, "httpx": run_httpx}
CONTENDERS = ("chipwire", "scrapy", "httpx")
LOADED = {"chipwire": "pipelines.fetch", "scrapy": "scrapy.crawler", "httpx": "httpx"}


def contend(name: str, port: int, pages: int) -> None:
    """One contender's whole work, reported as JSON: importing is not counted, opening connections is."""
    import_module(LOADED[name])
    cpu, wall = time.process_time(), time.monotonic()
    total = run_scrapy(port, pages) if name == "scrapy" else asyncio.run(_await(ASYNC[name](port, pages)))
    print(
        json.dumps(
            {
                "bytes": total,
                "cpu": time.process_time() - cpu,
                "wall": time.monotonic() - wall,
                "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )


async def _await(work: Awaitable[int]) -> int:
    return await work


# ------------------------------------------------------------------ the run


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=CONTENDERS)
    parser.add_argument("--as", dest="name", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.name == "server":
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(serve())
        return
    if args.name:
        contend(args.name, args.port, args.pages)
        return
    command = [sys.executable, "-m", "tests.bench.fetch", "--pages", str(args.pages)]
    results: dict[str, list[dict[str, float]]] = {name: [] for name in args.only}
    with subprocess.Popen(
        [*command, "--as", "server"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        for _ in range(args.rounds):
            for name in args.only:
                done = subprocess.run(
                    [*command, "--as", name, "--port", port], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
                )
                results[name].append(json.loads(done.stdout.splitlines()[-1]))
        server.communicate()
    sizes = {row["bytes"] for rows in results.values() for row in rows}
    assert sizes == {len(make_page()) * args.pages}, f"not everybody got everything: {sizes}"
    print(f"{args.pages} pages over {HOSTS} hosts, {CONCURRENCY} at once, medians of {args.rounds} rounds")
    print(f"{'':10}{'CPU ms/page':>12}{'pages/CPU s':>13}{'pages/s':>9}{'peak MB':>9}{'CPU vs chipwire':>17}")
    medians = {n: statistics.median(r["cpu"] for r in rows) for n, rows in results.items()}
    for name, rows in results.items():
        wall = statistics.median(r["wall"] for r in rows)
        ratio = medians[name] / medians["chipwire"] if "chipwire" in medians else float("nan")
        rss = max(r["rss"] for r in rows)
        each, per_second = medians[name] / args.pages * 1000, args.pages / medians[name]
        print(f"{name:10}{each:12.2f}{per_second:13.0f}{args.pages / wall:9.0f}{rss:9.0f}{ratio:16.2f}x")


if __name__ == "__main__":
    main()
