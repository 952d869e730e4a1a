"""The sample sites, served on this machine: what `chipwire demo` and the tests fetch from instead of the internet.

`fixtures/sites/<site>/` holds saved answers: a folder with `page.json` (url, status, headers, fetched_at) and the body
beside it as `page.html`, `page.xml` … in the bytes that came off the wire. One HTTP server on 127.0.0.1 answers for all
hosts by the Host header; `routes` says which address stands for which host, so that pages and feeds keep their absolute
URLs. A site folder that holds nothing but `source.toml` is a host that is down: its address refuses connections.

The server does what a polite client needs of a real one: ETag and If-None-Match with 304, HEAD, gzip where it is asked
for, robots.txt, 404 for everything that was not saved, redirects and error statuses as `page.json` has them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import cast
from urllib.parse import urlsplit

from pipelines.errors import PipelineError
from pipelines.records import Source
from pipelines.registry import load_source

SITES = Path(__file__).resolve().parent.parent / "fixtures" / "sites"
"""The saved sites of this checkout; an installed wheel does not carry them."""

# What the server says where a site's folder has no robots.txt of its own.
_ROBOTS = b"User-agent: *\nDisallow: /search\n"


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """One saved answer. `headers` are the site's own, without those that the server computes."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    fetched_at: str
    body: bytes

    @property
    def etag(self) -> str:
        return '"' + hashlib.sha256(self.body).hexdigest()[:16] + '"'


def read_answer(folder: Path) -> SavedAnswer:
    """The answer saved in `folder`: `page.json` and at most one body file `page.*` beside it."""
    meta = json.loads((folder / "page.json").read_text("utf-8"))
    bodies = [path for path in sorted(folder.glob("page.*")) if path.name != "page.json"]
    if len(bodies) > 1:
        raise ValueError(f"{folder}: more than one body: {', '.join(path.name for path in bodies)}")
    headers = tuple((str(name), str(value)) for name, value in meta["headers"])
    body = bodies[0].read_bytes() if bodies else b""
    return SavedAnswer(str(meta["url"]), int(meta["status"]), headers, str(meta["fetched_at"]), body)


def answer_folders(site: Path, *, later: bool = False) -> Iterator[Path]:
    """The folders of a site that hold a saved answer.

    An article that its site changed has the second state of the page in a folder `later` below it; `later` chooses
    which of the two is served.
    """
    for meta in sorted(site.rglob("page.json")):
        folder = meta.parent
        if folder.name == "later":
            if later:
                yield folder
        elif not (later and (folder / "later" / "page.json").exists()):
            yield folder


class SampleSites:
    """Serves the saved sites while the context is open.

    `with SampleSites() as sites:` then `sites.routes` maps each host to its `(address, port)`, and `sites.sources` is
    the registry of the sample sites. `later=True` serves the second state of pages that have one.

    Raises `PipelineError` where the saved sites are not part of the installation.
    """

    def __init__(self, root: Path = SITES, *, later: bool = False) -> None:
        if not root.is_dir():
            raise PipelineError(f"no sample sites at {root}: they come with the checkout, not with a wheel")
        folders = sorted(path.parent for path in root.glob("*/source.toml"))
        self.sources: tuple[Source, ...] = tuple(load_source(folder / "source.toml") for folder in folders)
        self._answers: dict[tuple[str, str], SavedAnswer] = {}
        self._robots: dict[str, bytes] = {}
        self._down: set[str] = set()
        for folder, source in zip(folders, self.sources, strict=True):
            host = _host(source.home)
            answers = [read_answer(path) for path in answer_folders(folder, later=later)]
            if not answers:
                self._down.add(host)
                continue
            robots = folder / "robots.txt"
            for answer in answers:
                parts = urlsplit(answer.url)
                target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                self._answers[(_host(answer.url), target)] = answer
                self._robots[_host(answer.url)] = robots.read_bytes() if robots.exists() else _ROBOTS
        self._hits = 0
        self._lock = threading.Lock()
        self._server: _Server | None = None
        self._closed_port: socket.socket | None = None
        self.routes: Mapping[str, tuple[str, int]] = MappingProxyType({})

    @property
    def requests(self) -> int:
        """How many requests were answered so far."""
        return self._hits

    def __enter__(self) -> SampleSites:
        server = _Server(self)
        # A port that is taken and does not listen refuses every connection, and nobody else can get it meanwhile.
        closed = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        closed.bind(("127.0.0.1", 0))
        self._server, self._closed_port = server, closed
        up = dict.fromkeys(self._robots, ("127.0.0.1", server.server_port))
        down = dict.fromkeys(self._down, ("127.0.0.1", int(closed.getsockname()[1])))
        self.routes = MappingProxyType(up | down)
        threading.Thread(target=server.serve_forever, name="sample-sites", args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        if self._closed_port is not None:
            self._closed_port.close()
            self._closed_port = None
        self.routes = MappingProxyType({})

    def answer(self, host: str, target: str) -> SavedAnswer:
        """What the sites answer to a request for `target` (path and query) at `host`."""
        with self._lock:
            self._hits += 1
        # A query that was not saved is one that the page does not read, such as a feed's utm_source.
        found = self._answers.get((host, target)) or self._answers.get((host, target.partition("?")[0]))
        if found is not None:
            return found
        if target == "/robots.txt" and host in self._robots:
            return SavedAnswer("", 200, (("Content-Type", "text/plain"),), "", self._robots[host])
        body = b"<!DOCTYPE html><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>\n"
        return SavedAnswer("", 404, (("Content-Type", "text/html; charset=utf-8"),), "", body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # An idle keep-alive connection must not hold up the end of the run.
    block_on_close = False
    request_queue_size = 64

    def __init__(self, sites: SampleSites) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.sites = sites


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "sample-sites"
    sys_version = ""
    timeout = 30
    # Head and body are two writes; without this each answer waits 40 ms for the client's delayed acknowledgement.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._respond(with_body=True)

    def do_HEAD(self) -> None:
        self._respond(with_body=False)

    def _respond(self, *, with_body: bool) -> None:
        host = self.headers.get("Host", "").rsplit(":", 1)[0].lower()
        answer = cast(_Server, self.server).sites.answer(host, self.path)
        known = [tag.strip() for tag in self.headers.get("If-None-Match", "").split(",")]
        own = {name.lower() for name, _ in answer.headers}
        if answer.status == 200 and answer.etag in known:
            self.send_response(304)
            self.send_header("ETag", answer.etag)
            self.end_headers()
            return
        body, encoding = answer.body, None
        if body and "content-encoding" not in own and "gzip" in self.headers.get("Accept-Encoding", ""):
            body, encoding = gzip.compress(body, compresslevel=6, mtime=0), "gzip"
        self.send_response(answer.status)
        for name, value in answer.headers:
            # The server sends its own Server and length.
            if name.lower() not in ("server", "content-length"):
                self.send_header(name, value)
        if answer.status == 200 and "etag" not in own:
            self.send_header("ETag", answer.etag)
        if encoding:
            self.send_header("Content-Encoding", encoding)
            self.send_header("Vary", "Accept-Encoding")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the run's own log says what was fetched."""


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()
