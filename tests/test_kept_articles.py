"""What is kept of pages that were read: the same rows as from the pages, and never any longer than it is true."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import extractors.pages
from extractors.model import Page, Selectors
from pipelines import kept_articles
from pipelines.extract import read
from pipelines.inputs import Input, read_inputs
from pipelines.kept_articles import FOLDER, KeptArticles
from pipelines.records import Answer, Fetch, RawRef, Source
from pipelines.registry import load
from pipelines.rerun import rerun
from pipelines.sample_sites import SITES
from pipelines.storage.schemas import ARTICLE_SCHEMAS
from pipelines.storage.store import RawStore
from pipelines.storage.tables import Tables
from pipelines.stored_pages import read_files, read_refs
from pipelines.versions import READERS
from tests.test_rerun import digests

FIXTURES = Path(__file__).parents[1] / "fixtures"
SOURCES = {source.id: source for source in load(SITES)}


def _pages() -> list[Page]:
    return [found.page for found in read_inputs(FIXTURES / "sites") if isinstance(found, Input)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with every page of the sample sites, a raw file a site."""
    by_site: dict[str, list[Page]] = {}
    for page in _pages():
        by_site.setdefault(page.source, []).append(page)
    for site, pages in by_site.items():
        with RawStore(tmp_path).writer(site, "r1") as writer:
            for page in pages:
                size = len(page.body)
                at = page.fetched_at or datetime(2026, 1, 1, tzinfo=UTC)
                fetch = Fetch(
                    "r1", site, page.url, page.url, "page", "ok", 200, 1, size, size, 0.1, None, None, None, at
                )
                writer.add(Answer(fetch, page))
    return tmp_path


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of the pages that were read since."""
    seen: list[str] = []
    real = extractors.pages.read_page

    def counted(body: bytes, **keywords: object) -> object:
        seen.append(str(keywords["url"]))
        return real(body, **keywords)  # type: ignore[arg-type]

    monkeypatch.setattr("pipelines.extract.read_page", counted)
    return seen


def test_a_kept_page_comes_back_as_it_was(data: Path) -> None:
    kept = KeptArticles(data, SOURCES)
    for file in RawStore(data).files():
        pages = [read(ref, page, SOURCES.get(page.source)) for ref, page in RawStore(data).pages([file])]
        kept.keep(file, pages, whole=True)
        found = kept.of(file)
        assert found.whole
        assert all(one == other for one, other in zip(found.pages.values(), pages, strict=True))


def test_a_second_rerun_reads_no_page_and_changes_no_byte(data: Path, reads: list[str]) -> None:
    rerun([data], data, tuple(SOURCES.values()))
    assert len(reads) == len(_pages())
    before = digests(data)
    assert before
    reads.clear()
    again = rerun([data], data, tuple(SOURCES.values()))
    assert not reads
    assert len(again.results) == len(_pages())
    assert not again.changes
    assert digests(data) == before


def test_the_tables_from_kept_articles_are_those_from_pages(
    data: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    sources = tuple(SOURCES.values())
    rerun([data], data, sources)
    first = Tables(data).read("articles")
    for folder in ("articles", "removed", "sentences", "companies", "gpu_counts", "money"):
        (data / folder).unlink()
    for version in (data / ".tables").iterdir():
        version.rename(tmp_path_factory.mktemp("gone") / version.name)
    rerun([data], data, sources)
    kept = digests(data)
    other = tmp_path_factory.mktemp("other")
    rerun([data], other, sources)
    assert len(first) == len(Tables(data).read("articles")) > 0
    assert kept == digests(other)


def test_anew_reads_every_page(data: Path, reads: list[str]) -> None:
    rerun([data], data, tuple(SOURCES.values()))
    reads.clear()
    rerun([data], data, tuple(SOURCES.values()), anew=True)
    assert len(reads) == len(_pages())


def test_other_rules_for_pages_read_every_page(data: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    rerun([data], data, tuple(SOURCES.values()))
    reads.clear()
    monkeypatch.setattr(kept_articles, "reader_version", lambda: "another")
    rerun([data], data, tuple(SOURCES.values()))
    assert len(reads) == len(_pages())


def _other_body(source: Source) -> Source:
    return replace(source, selectors=replace(source.selectors, remove=("figure",)))


def _other_time(source: Source) -> Source:
    return replace(source, tz="Europe/Berlin")


def _other_charset(source: Source) -> Source:
    return replace(source, charset="big5", selectors=Selectors())


@pytest.mark.parametrize("change", [_other_body, _other_time, _other_charset])
def test_other_settings_of_a_source_read_its_pages(
    data: Path, reads: list[str], change: Callable[[Source], Source]
) -> None:
    rerun([data], data, tuple(SOURCES.values()))
    reads.clear()
    changed = {**SOURCES, "suanli": change(SOURCES["suanli"])}
    read_files(data, RawStore(data).files(), changed, ARTICLE_SCHEMAS, anew=False)
    assert reads
    assert set(reads) == {page.url for page in _pages() if page.source == "suanli"}


def test_what_is_torn_is_read_from_the_page(data: Path, reads: list[str]) -> None:
    rerun([data], data, tuple(SOURCES.values()))
    before = digests(data)
    reads.clear()
    part = next((data / FOLDER / "suanli").rglob("*.parquet"))
    part.write_bytes(part.read_bytes()[:-100])
    assert not rerun([data], data, tuple(SOURCES.values())).changes
    assert set(reads) == {page.url for page in _pages() if page.source == "suanli"}
    assert digests(data) == before


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(data: Path, reads: list[str]) -> None:
    (data / FOLDER).write_text("in the way")
    assert rerun([data], data, tuple(SOURCES.values())).changes.new
    reads.clear()
    assert not rerun([data], data, tuple(SOURCES.values())).changes
    assert len(reads) == len(_pages())


def test_a_night_keeps_what_it_reads_and_the_rerun_adds_the_rest(data: Path, reads: list[str]) -> None:
    refs = [ref for ref, _ in RawStore(data).pages()]
    half = refs[: len(refs) // 2]
    night = read_refs(data, half, SOURCES, ARTICLE_SCHEMAS)
    assert [result.ref for result in night.results] == half
    reads.clear()
    whole = read_files(data, RawStore(data).files(), SOURCES, ARTICLE_SCHEMAS, anew=False, keep=True)
    assert len(reads) == len(refs) - len(half)
    assert [result.ref for result in whole.results] == refs
    assert all(path.name == "whole.parquet" for path in (data / FOLDER).rglob("*.parquet"))


def test_another_folder_is_only_looked_at(data: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    rerun([data], tmp_path_factory.mktemp("other"), tuple(SOURCES.values()))
    assert not (data / FOLDER).exists()


def test_a_fault_of_ours_costs_its_page_alone(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise LookupError("no such thing")

    monkeypatch.setattr("pipelines.extract.read_page", broken)
    page = _pages()[0]
    found = read(RawRef("f", 0), page, None)
    assert (found.outcome, found.error, found.article) == ("unreadable", "LookupError: no such thing", None)


_WATCH = """
import sys
opened = set()
sys.addaudithook(lambda event, args: event == "open" and opened.add(str(args[0])))
from pathlib import Path
from extractors.errors import PageError
from pipelines.inputs import read_inputs
import extractors.pages
fixtures, package = Path(sys.argv[1]), Path(sys.argv[2])
before = set(opened)
for found in read_inputs(fixtures / "sites"):
    try:
        extractors.pages.read_page(found.page.body, url=found.page.url, fetched_at=found.page.fetched_at)
    except PageError:
        pass
modules = {m.__file__ for name, m in sys.modules.items() if name.startswith("extractors") and m.__file__}
for path in sorted(modules | opened):
    if path.startswith(str(package)) and "__pycache__" not in path:
        print(Path(path).relative_to(package).as_posix())
"""


def test_all_that_reading_opens_counts_for_the_version() -> None:
    """A file that decides what is read, and not what the version says, would keep articles that are no longer true."""
    package = Path(extractors.pages.__file__).parents[1]
    used = subprocess.run(
        [sys.executable, "-c", _WATCH, str(FIXTURES), str(package)],
        check=True,
        capture_output=True,
        text=True,
        cwd=package.parent,
    ).stdout.split()
    assert "pages/article.py" in used
    assert "lexicons/page_wording.toml" in used
    assert [name for name in used if not name.startswith(READERS)] == []
