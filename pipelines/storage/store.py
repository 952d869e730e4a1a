"""Raw pages: one WARC file per source and run below `data/raw/`, never appended to, with an index.

    raw/<source>/<run_id>.warc.gz     whole, or not there
    raw/<source>/.<run_id>.warc.gz    being written; what a killed run leaves is rescued by `RawStore.recover`
    raw/index.jsonl                   one line per file: records, pages, bytes, sha256

A torn gzip tail reads as a clean end of file, and what is appended after it cannot be reached. So a file gets its
name only when it is complete and on the disk, and the index knows how many records it must hold.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from extractors.model import Page
from pipelines.errors import StoreError, plain_reason
from pipelines.records import Answer, Fetch, RawRef, Role
from pipelines.storage import durable, warc
from pipelines.storage.warc import read_warc

__all__ = ["RawFile", "RawStore", "Writer", "read_warc", "run_of"]

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,120}")
_SUFFIX = ".warc.gz"


@dataclass(frozen=True, slots=True)
class RawFile:
    """A line of the index: `records` counts all gzip members, `pages` the responses, `bytes` the compressed size."""

    file: str
    records: int
    pages: int
    bytes: int
    sha256: str


class Writer:
    """Writes one WARC file; made by `RawStore.writer`. May be used from several threads."""

    def __init__(self, store: RawStore, file: str) -> None:
        self.file = file
        self._store = store
        self._final = store.root / file
        self._temporary = self._final.with_name(f".{self._final.name}")
        self._lock = threading.Lock()
        self._offset = 0
        self._count = 0
        try:
            self._final.parent.mkdir(parents=True, exist_ok=True)
            # Unbuffered: a kill then loses no answer that `add` has returned for.
            self._stream = self._temporary.open("xb", buffering=0)
        except FileExistsError as error:
            raise StoreError(self._temporary, "left by a killed run, or being written; recover() first") from error
        except OSError as error:
            raise StoreError(self._temporary, plain_reason(error)) from error

    def add(self, answer: Answer) -> RawRef:
        """Store an answer with the fetch that brought it, and say where it lies.

        An answer without a page leaves its fetch alone, so that the `fetches` table can be rebuilt. Raises
        `StoreError` when the bytes cannot be written; what was added before stays.
        """
        with self._lock:
            ref = RawRef(self.file, self._offset)
            fetch = answer.fetch
            if answer.page is not None:
                fetch = replace(fetch, raw_file=ref.file, raw_offset=ref.offset)
            data = b"".join(warc.encode(fetch, answer.page, answer.request_headers, seed=f"{self.file}:{self._count}"))
            try:
                view = memoryview(data)
                while view:
                    view = view[self._stream.write(view) :]
            except OSError as error:
                self._rewind()
                raise StoreError(self._temporary, plain_reason(error)) from error
            self._offset += len(data)
            self._count += 1
            return ref

    def _rewind(self) -> None:
        """Cut off the half of an answer that a full disk left, so that the file stays whole."""
        os.ftruncate(self._stream.fileno(), self._offset)
        self._stream.seek(self._offset)

    def _finish(self) -> None:
        try:
            os.fsync(self._stream.fileno())
        except OSError as error:
            raise StoreError(self._temporary, plain_reason(error)) from error
        finally:
            self._stream.close()
        self._store._adopt(self._temporary, self._final, self._count)


class RawStore:
    """The raw pages of a data folder. Reading needs no lock; one run at a time may write (`locking.one_run`)."""

    def __init__(self, data_dir: Path | str) -> None:
        self.root = Path(data_dir) / "raw"
        self._index_path = self.root / "index.jsonl"
        self._lock = threading.Lock()

    @contextmanager
    def writer(self, source: str, run_id: str) -> Iterator[Writer]:
        """A new file for one source and run.

        The file appears when the block ends, also when it ends by an exception: what was stored by then is whole. A
        second file of the same source and run gets a number. A block that stores nothing leaves no file.
        """
        for name in (source, run_id):
            if not _NAME.fullmatch(name):
                raise StoreError(self.root, f"{name!r} cannot be part of a file name")
        file, number = f"{source}/{run_id}{_SUFFIX}", 1
        while (self.root / file).exists():
            number += 1
            file = f"{source}/{run_id}+{number}{_SUFFIX}"
        writer = Writer(self, file)
        try:
            yield writer
        finally:
            writer._finish()

    def _adopt(self, temporary: Path, final: Path, answers: int) -> None:
        """Name a complete file and enter it into the index; without answers, drop it."""
        try:
            if not answers:
                temporary.unlink()
                return
            line = describe(temporary, final.relative_to(self.root).as_posix())
            durable.move(temporary, final)
            durable.sync_dir(self.root)
            with self._lock, self._index_path.open("ab") as index:
                index.write(_line(line))
                index.flush()
                os.fsync(index.fileno())
        except OSError as error:
            raise StoreError(final, plain_reason(error)) from error

    def recover(self) -> list[str]:
        """Rescue what killed runs left, and bring the index up to date; says which files were rescued.

        Complete records of an unfinished file get the name they were meant for; a torn one behind them is cut off.
        Call it at the start of a run, under the run's lock: a file that is being written looks like one that was left.
        """
        rescued: list[str] = []
        if not self.root.is_dir():
            return rescued
        for temporary in sorted(self.root.glob(f"*/.*{_SUFFIX}")):
            final = temporary.with_name(temporary.name[1:])
            try:
                ends = [end for _, end in warc.whole_members(temporary)]
                os.truncate(temporary, ends[-1] if ends else 0)
                durable.sync_file(temporary)
            except OSError as error:
                raise StoreError(temporary, plain_reason(error)) from error
            self._adopt(temporary, final, len(ends))
            if ends:
                rescued.append(final.relative_to(self.root).as_posix())
        known = self.index()
        missing = [file for file in self.files() if file not in known]
        gone = [file for file in known if not (self.root / file).exists()]
        if missing or gone or self._torn():
            self.reindex(keep={file: entry for file, entry in known.items() if file not in gone})
        return rescued

    def reindex(self, keep: dict[str, RawFile] | None = None) -> dict[str, RawFile]:
        """Write the index anew from the files; entries in `keep` are believed, all others read."""
        keep = keep or {}
        entries = {file: keep.get(file) or describe(self.root / file, file) for file in self.files()}
        try:
            with self._lock:
                durable.write(self._index_path, b"".join(map(_line, entries.values())))
        except OSError as error:
            raise StoreError(self._index_path, plain_reason(error)) from error
        return entries

    def index(self) -> dict[str, RawFile]:
        """The index by file. A line that a kill tore is as good as absent: `recover` reads its file again."""
        entries = {}
        for line in self._lines():
            try:
                entry = RawFile(**json.loads(line))
            except (ValueError, TypeError):
                continue
            entries[entry.file] = entry
        return dict(sorted(entries.items()))

    def _lines(self) -> list[bytes]:
        try:
            return self._index_path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StoreError(self._index_path, plain_reason(error)) from error

    def _torn(self) -> bool:
        return len(self._lines()) != len(self.index())

    def files(self) -> list[str]:
        """All complete files, in the order of their names."""
        found = (path.relative_to(self.root).as_posix() for path in self.root.glob(f"*/*{_SUFFIX}"))
        return sorted(file for file in found if not file.rpartition("/")[2].startswith("."))

    def _path(self, file: str) -> Path:
        path = self.root / file
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise StoreError(self.root, f"{file!r} lies outside the store")
        return path

    def pages(self, files: Iterable[str] | None = None, *, role: Role | None = "page") -> Iterator[tuple[RawRef, Page]]:
        """Stored pages by file and offset: of `files`, or of all; `role=None` gives feeds and robots.txt too.

        Raises `StoreError` when a file cannot be read; `check` finds files that end too early.
        """
        for file in self.files() if files is None else files:
            for offset, record in warc.responses(self._path(file)):
                if role is None or warc.role_of(record) == role:
                    page = warc.page_of(record)
                    if page is not None:
                        yield RawRef(file, offset), page

    def fetches(self, files: Iterable[str] | None = None) -> Iterator[Fetch]:
        """Every fetch that the files remember, those without a page too."""
        for file in self.files() if files is None else files:
            yield from warc.read_fetches(self._path(file))

    def read(self, ref: RawRef) -> Page:
        """One page. Raises `StoreError` when there is none."""
        return warc.read_one(self._path(ref.file), ref.offset)


def run_of(file: str) -> tuple[str, str]:
    """Source and run that a file's name tells.

    >>> run_of("site/r1.warc.gz"), run_of("site/r1+2.warc.gz")
    (('site', 'r1'), ('site', 'r1'))
    """
    source, _, name = file.partition("/")
    return source, name.removesuffix(_SUFFIX).partition("+")[0]


def _line(entry: RawFile) -> bytes:
    return json.dumps(asdict(entry), ensure_ascii=False).encode() + b"\n"


def describe(path: Path, file: str) -> RawFile:
    """What the index says of a file, read from the file itself."""
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        records = sum(1 for _ in warc.whole_members(path))
        pages = sum(1 for _ in warc.responses(path))
        return RawFile(file, records, pages, path.stat().st_size, digest)
    except OSError as error:
        raise StoreError(path, plain_reason(error)) from error
