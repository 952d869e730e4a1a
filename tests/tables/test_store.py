"""The raw store gives back what was put in, whatever happened meanwhile."""

from __future__ import annotations

import gzip
import uuid
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.model import Page
from pipelines.errors import StoreError
from pipelines.records import Answer, Fetch, Outcome, RawRef, Role
from pipelines.storage.store import RawStore, read_warc

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def fetch(url: str, outcome: Outcome = "ok", role: Role = "page") -> Fetch:
    return Fetch(
        run_id="r1",
        source="site",
        url=url,
        final_url=url,
        role=role,
        outcome=outcome,
        status=200,
        attempts=1,
        wire_bytes=3,
        body_bytes=5,
        seconds=0.25,
        etag=None,
        last_modified=None,
        error=None if outcome == "ok" else "no",
        fetched_at=NOON,
    )


def page(url: str, body: bytes = b"<p>hello</p>", headers: tuple[tuple[str, str], ...] = ()) -> Page:
    return Page("site", url, NOON, 200, headers, body)


def answer(url: str, body: bytes = b"<p>hello</p>", headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    return Answer(fetch(url), page(url, body, headers), (("User-Agent", "chipwire"),))


HEADERS = (
    ("Content-Type", "text/html; charset=gbk"),
    ("Content-Encoding", "gzip"),
    ("Content-Length", "17"),
    ("Transfer-Encoding", "chunked"),
    ("Set-Cookie", "a=1"),
    ("Set-Cookie", "b=中"),
)


@pytest.mark.parametrize(
    "body", [b"", b"x", b"\r\n\r\n", b"WARC/1.1\r\nfake", bytes(range(256)) * 999, gzip.compress(b"inner", mtime=0)]
)
def test_pages_come_back_as_they_went_in(tmp_path: Path, body: bytes) -> None:
    store = RawStore(tmp_path)
    put = [answer("https://a.example/1", body, HEADERS), answer("https://a.example/二?q=%20", body)]
    with store.writer("site", "r1") as writer:
        refs = [writer.add(one) for one in put]
    assert [(ref, page) for ref, page in store.pages()] == [(r, a.page) for r, a in zip(refs, put, strict=True)]
    assert [store.read(ref) for ref in refs] == [a.page for a in put]
    assert [f.raw_offset for f in store.fetches()] == [ref.offset for ref in refs]


def test_equal_answers_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        with RawStore(tmp_path / name).writer("site", "r1") as writer:
            writer.add(answer("https://a.example/1", b"body", HEADERS))
    first, second = (tmp_path / name / "raw/site/r1.warc.gz" for name in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()


def test_other_programs_read_the_files(tmp_path: Path) -> None:
    warcio = pytest.importorskip("warcio.archiveiterator")
    with RawStore(tmp_path).writer("site", "r1") as writer:
        writer.add(answer("https://a.example/1", b"<p>body</p>", HEADERS))
    with (tmp_path / "raw/site/r1.warc.gz").open("rb") as stream:
        records = [
            (r.rec_type, r.content_stream().read()) for r in warcio.ArchiveIterator(stream, check_digests="raise")
        ]
    assert [kind for kind, _ in records] == ["response", "request", "metadata"]
    assert records[0][1] == b"<p>body</p>"


def test_fetches_without_a_page_are_kept(tmp_path: Path) -> None:
    store = RawStore(tmp_path)
    with store.writer("site", "r1") as writer:
        writer.add(Answer(fetch("https://a.example/x", "timeout"), None))
        writer.add(answer("https://a.example/1"))
        writer.add(replace(answer("https://a.example/feed"), fetch=fetch("https://a.example/feed", role="feed")))
    assert [(f.url, f.outcome, f.error) for f in store.fetches()] == [
        ("https://a.example/x", "timeout", "no"),
        ("https://a.example/1", "ok", None),
        ("https://a.example/feed", "ok", None),
    ]
    assert [p.url for _, p in store.pages()] == ["https://a.example/1"]
    assert len(list(store.pages(role=None))) == 2
    assert store.index()["site/r1.warc.gz"].records == 7
    assert store.index()["site/r1.warc.gz"].pages == 2


def test_an_exception_keeps_what_was_stored(tmp_path: Path) -> None:
    store = RawStore(tmp_path)

    def fail_halfway() -> None:
        with store.writer("site", "r1") as writer:
            writer.add(answer("https://a.example/1"))
            raise RuntimeError("network")

    with pytest.raises(RuntimeError, match="network"):
        fail_halfway()
    assert store.files() == ["site/r1.warc.gz"] == list(store.index())
    with store.writer("site", "r1") as writer:
        writer.add(answer("https://a.example/2"))
    assert store.files() == ["site/r1+2.warc.gz", "site/r1.warc.gz"]


def test_an_empty_run_leaves_no_file(tmp_path: Path) -> None:
    store = RawStore(tmp_path)
    with store.writer("site", "r1"):
        pass
    assert store.files() == []
    assert list((tmp_path / "raw/site").iterdir()) == []


@pytest.mark.parametrize("name", ["../x", "", "a/b", ".hidden", "a\0b"])
def test_names_cannot_leave_the_store(tmp_path: Path, name: str) -> None:
    store = RawStore(tmp_path)
    with pytest.raises(StoreError, match="file name"), store.writer(name, "r1"):
        pass
    with pytest.raises(StoreError, match="outside"):
        store.read(RawRef("../../etc/passwd", 0))


def test_every_torn_tail_is_cut_to_whole_records(tmp_path: Path) -> None:
    whole = RawStore(tmp_path / "whole")
    with whole.writer("site", "r1") as writer:
        refs = [writer.add(answer(f"https://a.example/{n}", b"body" * n)) for n in range(4)]
    data = (whole.root / "site/r1.warc.gz").read_bytes()
    pages = [page for _, page in whole.pages()]
    for cut in range(0, len(data), 37):
        store = RawStore(tmp_path / f"cut{cut}")
        left = store.root / "site/.r1.warc.gz"
        left.parent.mkdir(parents=True)
        left.write_bytes(data[:cut])
        store.recover()
        # A response survives when its own member is whole, even if the request behind it is torn.
        kept = [page for _, page in store.pages()]
        assert kept == pages[: len(kept)]
        assert len(kept) >= sum(ref.offset <= cut for ref in refs) - 1
        assert not left.exists()
        assert list(store.index()) == store.files()
        for ref, stored in store.pages():
            assert store.read(ref) == stored


def test_recover_mends_the_index(tmp_path: Path) -> None:
    store = RawStore(tmp_path)
    for run in ("r1", "r2", "r3"):
        with store.writer("site", run) as writer:
            writer.add(answer("https://a.example/1"))
    right = store.index()
    index = store.root / "index.jsonl"
    index.write_bytes(index.read_bytes()[:-20])
    (store.root / "site/r1.warc.gz").unlink()
    assert store.recover() == []
    assert store.index() == {file: entry for file, entry in right.items() if "r1" not in file}


def test_a_torn_file_cannot_pass_for_whole(tmp_path: Path) -> None:
    store = RawStore(tmp_path)
    with store.writer("site", "r1") as writer:
        writer.add(answer("https://a.example/1"))
        writer.add(answer("https://a.example/2"))
    before = store.index()["site/r1.warc.gz"]
    path = store.root / "site/r1.warc.gz"
    path.write_bytes(path.read_bytes()[:-5])
    after = store.reindex()["site/r1.warc.gz"]
    assert after.records == before.records - 1
    assert after.sha256 != before.sha256


def test_no_permission_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "raw").write_text("in the way")
    with pytest.raises(StoreError), RawStore(tmp_path).writer("site", "r1"):
        pass


def foreign(url: str, headers: bytes, body: bytes) -> bytes:
    block = b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n" + body
    head = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:%s>\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
        b"WARC-Target-URI: %s\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n"
    )
    return head % (str(uuid.uuid4()).encode(), url.encode(), len(block)) + block + b"\r\n\r\n"


@pytest.mark.parametrize("compressed", [True, False])
def test_foreign_files(tmp_path: Path, compressed: bool) -> None:
    inner = gzip.compress(b"<p>hello</p>")
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(inner), inner)
    cases = [
        (b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", chunked, b"<p>hello</p>"),
        (b"Content-Encoding: gzip\r\n", b"already inflated", b"already inflated"),
        (b"Content-Encoding: unheard-of\r\n", b"as it is", b"as it is"),
        (b"Content-Type: text/html\r\n", b"plain", b"plain"),
    ]
    records = [foreign(f"https://b.example/{n}", headers, body) for n, (headers, body, _) in enumerate(cases)]
    path = tmp_path / "foreign.warc"
    path.write_bytes(b"".join(gzip.compress(record) if compressed else record for record in records))
    found = list(read_warc(path))
    assert [page.body for _, page in found] == [body for _, _, body in cases]
    assert {page.source for _, page in found} == {"b.example"}
    assert [page.fetched_at for _, page in found] == [datetime(2026, 1, 1, tzinfo=UTC)] * len(cases)


@pytest.mark.parametrize("content", [b"", b"no warc at all\n" * 9, b"\x1f\x8b\x08\x00garbage"])
def test_what_is_no_warc_gives_no_page(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    with suppress(StoreError):
        assert list(read_warc(path)) == []
