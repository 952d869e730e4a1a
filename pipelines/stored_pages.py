"""Stored pages to rows, in whichever process: from the articles that are kept, or else from the pages.

`schemas` are handed on to `extract`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, groupby
from pathlib import Path

import pyarrow as pa

from pipelines.extract import Extraction, ReadPage, extract, read
from pipelines.kept_articles import Kept, KeptArticles
from pipelines.records import RawRef, Source
from pipelines.storage.store import RawStore


def read_files(
    data: Path,
    files: Sequence[str],
    sources: Mapping[str, Source],
    schemas: Mapping[str, pa.Schema],
    topic: Sequence[str] = (),
    *,
    anew: bool = True,
    keep: bool = False,
) -> Extraction:
    """The rows of all pages in these raw files of a data folder.

    Unless `anew`, articles that are kept there are not read again; with `keep` those that were read are kept. Raises
    `StoreError` for a raw file that cannot be read.
    """
    store, kept = RawStore(data), KeptArticles(data, sources)
    read_pages = (_of_file(store, file, sources, kept, anew, keep) for file in files)
    return extract(chain.from_iterable(read_pages), sources, schemas, topic)


def read_refs(
    data: Path,
    refs: Sequence[RawRef],
    sources: Mapping[str, Source],
    schemas: Mapping[str, pa.Schema],
    topic: Sequence[str] = (),
) -> Extraction:
    """The rows of these pages of a data folder, which are kept. Raises `StoreError` for one that is not there."""
    store, kept = RawStore(data), KeptArticles(data, sources)
    return extract(_of_refs(store, refs, sources, kept), sources, schemas, topic)


def _of_file(
    store: RawStore, file: str, sources: Mapping[str, Source], kept: KeptArticles, anew: bool, keep: bool
) -> Iterator[ReadPage]:
    known = Kept({}, whole=False) if anew else kept.of(file)
    if known.whole:
        yield from known.pages.values()
        return
    pages = [
        known.pages.get(ref.offset) or read(ref, page, sources.get(page.source)) for ref, page in store.pages([file])
    ]
    if keep:
        kept.keep(file, pages, whole=True)
    yield from pages


def _of_refs(
    store: RawStore, refs: Sequence[RawRef], sources: Mapping[str, Source], kept: KeptArticles
) -> Iterator[ReadPage]:
    for file, own in groupby(refs, key=lambda ref: ref.file):
        pages = []
        for ref in own:
            page = store.read(ref)
            pages.append(read(ref, page, sources.get(page.source)))
        kept.keep(file, pages, whole=False)
        yield from pages
