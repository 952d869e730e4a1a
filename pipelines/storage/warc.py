"""WARC records and pages: the bytes of one answer, and the pages of any WARC file.

An answer is up to three gzip members, so that each can be read alone: the response, the request, and a metadata record
with the fields of `records.Fetch` as JSON. Answers without a page leave the metadata record only. `Page.body` is
inflated, so the headers that describe the transfer are written as `X-Crawl-Content-Encoding` and so on, as Common Crawl
does: other readers of the file then do not try to inflate again.
"""

from __future__ import annotations

import copy
import hashlib
import json
import uuid
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from extractors.model import Page
from pipelines.errors import StoreError, plain_reason
from pipelines.records import Fetch

MAX_BODY = 64 << 20
"""Bytes of a foreign file's inflated page that are read; own files are bounded when they are fetched."""

SOURCE = "WARC-Chipwire-Source"
ROLE = "WARC-Chipwire-Role"
_TRANSFER = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_MOVED = "X-Crawl-"
_LEVEL = 6
_LINE_END = str.maketrans({"\r": " ", "\n": " ", "\0": " "})


def _clean(value: str) -> bytes:
    return value.translate(_LINE_END).encode("utf-8", "surrogateescape")


def _member(kind: WarcRecordType, fetch: Fetch, record_id: str, related: str | None, mime: str, block: bytes) -> bytes:
    """One record as one gzip member."""
    record = WarcRecord()
    record.init_headers(record_type=kind, record_urn=f"uuid:{record_id}".encode())
    # WARC/1.1 allows fractions of a second, and `fetched_at` must come back as it went in.
    moment = fetch.fetched_at.astimezone(UTC).replace(tzinfo=None)
    record.headers["WARC-Date"] = moment.isoformat(timespec="microseconds") + "Z"
    # The address that gave this answer, behind all redirects; the one that was asked for stands in the metadata.
    record.headers["WARC-Target-URI"] = (fetch.final_url or fetch.url).translate(_LINE_END)
    if related is not None:
        record.headers["WARC-Concurrent-To"] = f"<urn:uuid:{related}>"
    record.headers[SOURCE] = fetch.source
    record.headers[ROLE] = fetch.role
    record.headers["Content-Type"] = mime
    record.set_bytes_content(block)
    payload = None
    if kind == WarcRecordType.response:
        payload = hashlib.sha1(block.partition(b"\r\n\r\n")[2], usedforsecurity=False).digest()
    out = BytesIO()
    stream = GzipWriter(out, compression_level=_LEVEL)
    record.write(stream, checksum_data=True, payload_digest=payload)
    stream.finish()
    return out.getvalue()


def _http_block(first_line: str, headers: Iterable[tuple[str, str]], body: bytes) -> bytes:
    lines = [_clean(first_line), *(_clean(name) + b": " + _clean(value) for name, value in headers)]
    return b"\r\n".join([*lines, b"", body])


def _stored_headers(page: Page) -> Iterator[tuple[str, str]]:
    for name, value in page.headers:
        yield (_MOVED + name if name.lower() in _TRANSFER else name), value
    yield "Content-Length", str(len(page.body))


def encode(fetch: Fetch, page: Page | None, request_headers: tuple[tuple[str, str], ...], seed: str) -> list[bytes]:
    """The gzip members of one answer; the first is the one that a `RawRef` points to.

    `seed` names the answer within the store (its file and number): record ids derive from it, so that equal answers
    give equal bytes.
    """
    ids = [str(uuid.uuid5(uuid.NAMESPACE_URL, f"chipwire:{seed}:{n}")) for n in range(3)]
    members = []
    if page is not None:
        phrase = HTTPStatus(page.status).phrase if page.status in set(HTTPStatus) else ""
        block = _http_block(f"HTTP/1.1 {page.status:03d} {phrase}", _stored_headers(page), page.body)
        mime = "application/http; msgtype=response"
        members.append(_member(WarcRecordType.response, fetch, ids[0], None, mime, block))
        parts = urlsplit(page.url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        block = _http_block(f"GET {target} HTTP/1.1", (("Host", parts.netloc), *request_headers), b"")
        mime = "application/http; msgtype=request"
        members.append(_member(WarcRecordType.request, fetch, ids[1], ids[0], mime, block))
    fields_json = asdict(fetch) | {"fetched_at": fetch.fetched_at.isoformat()}
    block = json.dumps(fields_json, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogateescape")
    related = ids[0] if page is not None else None
    members.append(_member(WarcRecordType.metadata, fetch, ids[2], related, "application/json", block))
    return members


def _decoded(name: bytes) -> str:
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("latin-1")


def _own_page(record: WarcRecord, source: str) -> Page:
    headers = [(_decoded(name), _decoded(value)) for name, value in record.http_headers.items_bytes()]
    headers.pop()  # the Content-Length that `encode` added
    restored = tuple(
        (name[len(_MOVED) :] if name.startswith(_MOVED) and name[len(_MOVED) :].lower() in _TRANSFER else name, value)
        for name, value in headers
    )
    return Page(
        source=source,
        url=record.headers.get("WARC-Target-URI") or "",
        fetched_at=record.record_date,
        status=record.http_headers.status_code or 0,
        headers=restored,
        body=record.reader.read(),
    )


def _foreign_page(record: WarcRecord, limit: int) -> Page:
    """A page from a file that another program wrote: chunked and compressed as it came off the wire, or not."""
    url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    record.freeze()
    encoded = copy.copy(record)
    record.parse_http()
    headers = tuple((_decoded(name), _decoded(value)) for name, value in record.http_headers.items_bytes())
    body = record.reader.read(limit)
    if any(name.lower() in ("content-encoding", "transfer-encoding") for name, _ in headers):
        try:
            encoded.parse_http(auto_decode="all")
            body = encoded.reader.read(limit)
        except OSError:
            # Many archives keep the header of an encoding that their crawler had already undone: the bytes stand.
            pass
    return Page(
        source=urlsplit(url).hostname or "",
        url=url,
        fetched_at=record.record_date,
        status=record.http_headers.status_code or 0,
        headers=headers,
        body=body,
    )


def _records(path: Path, kinds: WarcRecordType, offset: int = 0) -> Iterator[WarcRecord]:
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            yield from ArchiveIterator(stream, record_types=kinds, parse_http=False, quirks_mode=True)
    except OSError as error:
        raise StoreError(path, f"not readable as WARC: {plain_reason(error)}") from error


def page_of(record: WarcRecord, limit: int = MAX_BODY) -> Page | None:
    """The page of a response record, or `None` when the record holds no HTTP answer."""
    source = record.headers.get(SOURCE)
    if source is None:
        return _foreign_page(record, limit) if record.is_http else None
    record.parse_http()
    return _own_page(record, source)


def role_of(record: WarcRecord) -> str:
    """What the answer was fetched for; every page of a foreign file counts as a page."""
    return record.headers.get(ROLE) or "page"


def responses(path: Path) -> Iterator[tuple[int, WarcRecord]]:
    """The response records of any WARC file with their offsets, in file order. Raises `StoreError`."""
    for record in _records(path, WarcRecordType.response):
        yield record.stream_pos, record


def read_warc(path: Path, *, limit: int = MAX_BODY) -> Iterator[tuple[int, Page]]:
    """The pages of any WARC file, compressed or not, also of other programs, with their offsets.

    The `source` of a foreign page is its host. At most `limit` inflated bytes of a foreign page are read. Raises
    `StoreError` when the file is no WARC or breaks off in a way that can be seen; a torn gzip tail cannot (the index
    of `store.RawStore` knows how many records a file must have).
    """
    for offset, record in responses(path):
        page = page_of(record, limit)
        if page is not None:
            yield offset, page


def read_one(path: Path, offset: int) -> Page:
    """The page whose response record starts at `offset`. Raises `StoreError` when none does."""
    for record in _records(path, WarcRecordType.response, offset):
        page = page_of(record) if record.stream_pos == offset else None
        if page is not None:
            return page
        break
    raise StoreError(path, f"no page at offset {offset}")


def read_fetches(path: Path) -> Iterator[Fetch]:
    """The `Fetch` records that chipwire kept in one of its own files, in file order."""
    for record in _records(path, WarcRecordType.metadata):
        if record.headers.get(SOURCE) is None:
            continue
        try:
            values = json.loads(record.reader.read())
            values["fetched_at"] = datetime.fromisoformat(values["fetched_at"])
            known = {field.name for field in fields(Fetch)}
            yield Fetch(**{name: value for name, value in values.items() if name in known})
        except (ValueError, TypeError, KeyError) as error:
            raise StoreError(path, f"metadata record at {record.stream_pos}: {error}") from error


def whole_members(path: Path) -> Iterator[tuple[int, int]]:
    """Start and end of every complete gzip member from the start of a file; stops before the first that is torn.

    A reader of gzip takes a torn tail for the end of the file. This one inflates each member and demands its checksum.
    """
    size = 1 << 20
    with path.open("rb") as stream:
        start, held = 0, b""
        while True:
            inflate, position = zlib.decompressobj(wbits=31), start
            while not inflate.eof:
                chunk = held or stream.read(size)
                if not chunk:
                    return
                held = b""
                try:
                    inflate.decompress(chunk)
                except zlib.error:
                    return
                position += len(chunk)
            held = inflate.unused_data
            end = position - len(held)
            yield start, end
            start = end
