"""Files that a person points at, as pages: saved HTML, text scrapes, WARC files, fixture folders, a data folder.

data folder (has raw/)    its raw store, WARC by WARC
folder                    every fixture (`page.json` beside its body) or else every page and WARC file below it
*.warc, *.warc.gz         its responses
any other file            one page, whatever its name and encoding, gzipped or not
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from extractors.model import Page
from pipelines.errors import PipelineError
from pipelines.records import RawRef
from pipelines.storage.store import RawStore, read_warc

MAX_BYTES = 64 << 20
"""Bytes of one page, inflated; the extractors themselves refuse far less."""
PAGE_SUFFIXES = frozenset({".html", ".htm", ".shtml", ".xhtml", ".txt", ".gz"})


class InputError(PipelineError):
    """A path that cannot be read as pages."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = str(path)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Input:
    """A page and where it came from; `ref` is what the tables will name as its place."""

    ref: RawRef
    page: Page


def read_body(path: Path) -> bytes:
    """A file's bytes, inflated when they are gzip, whatever its name says.

    Raises `InputError` for a file that cannot be read, a torn gzip, and anything over `MAX_BYTES`.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(path, error.strerror or str(error)) from error
    return inflate(data, path)


def inflate(data: bytes, path: Path | str) -> bytes:
    """`data`, inflated when it begins like gzip.

    >>> inflate(b"<html>", "a.html")
    b'<html>'
    >>> inflate(b"\\x1f\\x8b\\x08 not gzip", "a.html.gz")
    Traceback (most recent call last):
    pipelines.inputs.InputError: a.html.gz: not a whole gzip file
    """
    if data[:2] == b"\x1f\x8b":
        inflater = zlib.decompressobj(wbits=31)
        try:
            data = inflater.decompress(data, MAX_BYTES + 1)
        except zlib.error as error:
            raise InputError(path, "not a whole gzip file") from error
        if not inflater.eof and len(data) <= MAX_BYTES:
            raise InputError(path, "not a whole gzip file")
    if len(data) > MAX_BYTES:
        raise InputError(path, f"over {MAX_BYTES >> 20} MB")
    return data


def read_inputs(path: Path) -> Iterator[Input | InputError]:
    """The pages at a path, in a stable order. A file that cannot be read comes as its error; the others go on.

    Raises `InputError` when the path itself holds nothing that could be a page.
    """
    if not path.exists():
        raise InputError(path, "no such file or folder")
    if path.is_file():
        yield from _file(path)
        return
    if is_data_folder(path):
        store = RawStore(path)
        yield from (Input(ref, page) for ref, page in store.pages())
        return
    fixtures = sorted(path.rglob("page.json"))
    files = fixtures or sorted(p for p in path.rglob("*") if p.is_file() and _is_page_file(p))
    if not files:
        raise InputError(path, "holds no page (.html, .txt, .gz), no fixture (page.json) and no WARC file")
    for file in files:
        yield from _fixture(file) if fixtures else _file(file)


def is_data_folder(path: Path) -> bool:
    """Whether a path is a data folder with raw pages in it."""
    return (path / "raw").is_dir()


def _is_page_file(path: Path) -> bool:
    return path.suffix.lower() in PAGE_SUFFIXES or _is_warc(path)


def _is_warc(path: Path) -> bool:
    return path.name.lower().endswith((".warc", ".warc.gz"))


def _file(path: Path) -> Iterator[Input | InputError]:
    name = path.as_posix()
    try:
        if _is_warc(path):
            yield from (Input(RawRef(name, offset), page) for offset, page in read_warc(path))
        else:
            # Nobody knows when a bare file was fetched; its date on this disk would be a guess.
            yield Input(RawRef(name, 0), Page("", f"file:{name}", None, 200, (), read_body(path)))
    except PipelineError as error:
        yield error if isinstance(error, InputError) else InputError(path, str(error))


def _fixture(meta: Path) -> Iterator[Input | InputError]:
    bodies = [p for p in sorted(meta.parent.glob("page.*")) if p != meta]
    if not bodies or bodies[0].suffix == ".xml":  # feeds have no article
        return
    try:
        said = json.loads(meta.read_bytes())
        headers = tuple((str(name), str(value)) for name, value in said["headers"])
        at = datetime.fromisoformat(said["fetched_at"])
        page = Page(_site(meta), str(said["url"]), at, int(said["status"]), headers, read_body(bodies[0]))
    except InputError as error:
        yield error
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield InputError(meta, f"not a fixture's page.json: {error}")
    else:
        yield Input(RawRef(bodies[0].as_posix(), 0), page)


def _site(meta: Path) -> str:
    """The id of the site that a fixture belongs to: the nearest folder above it that has a source.toml."""
    return next((folder.name for folder in meta.parents if (folder / "source.toml").exists()), "")
