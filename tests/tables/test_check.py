"""`check` finds each kind of damage, `repair` mends it from the raw pages, `diff` says what would change."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from pipelines.errors import TableError
from pipelines.records import Outcome, RawRef
from pipelines.storage.check import check
from pipelines.storage.diff import differences, show
from pipelines.storage.repair_data import repair
from pipelines.storage.store import RawStore
from pipelines.storage.tables import Tables
from tests.tables.nights import extract, run_night, state
from tests.tables.synthetic import batch, rows

NOBODY = 65534


@pytest.fixture(scope="module")
def two_nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("nights") / "data"
    for night in range(2):
        run_night(data, night, f"n{night}")
    return data


@pytest.fixture
def data(two_nights: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(two_nights, tmp_path / "data", symlinks=True))


@dataclass(frozen=True)
class PageResult:
    ref: RawRef
    outcome: Outcome = "ok"
    error: str | None = None


@dataclass(frozen=True)
class Read:
    tables: dict[str, pa.Table]
    results: tuple[PageResult, ...]


def reader(data: Path) -> Callable[[tuple[str, ...]], Read]:
    def read(files: tuple[str, ...]) -> Read:
        newest = {}
        pages = list(RawStore(data).pages(files))
        for ref, page in sorted(pages, key=lambda found: str(found[1].fetched_at)):
            newest[page.url] = extract(ref, page)
        return Read(batch(newest.values()), tuple(PageResult(ref) for ref, _ in pages))

    return read


def part(data: Path, name: str) -> Path:
    version = Tables(data).version()
    assert version is not None
    return max((version / name).rglob("part.parquet"), key=lambda path: pq.read_metadata(path).num_rows)


def rewrite(data: Path, name: str, change: Callable[[pa.Table], pa.Table]) -> None:
    path = part(data, name)
    pq.write_table(change(pq.ParquetFile(path).read()), path)


def setting(column: str, value: object) -> Callable[[pa.Table], pa.Table]:
    """A change of the first row's value in one column."""

    def change(table: pa.Table) -> pa.Table:
        values = table[column].to_pylist()
        place = table.schema.get_field_index(column)
        return table.set_column(place, table.schema.field(column), pa.array([value, *values[1:]], table[column].type))

    return change


def test_a_sound_folder_has_no_problem(data: Path) -> None:
    assert check(data) == []


def empty(data: Path) -> None:
    shutil.rmtree(data)
    data.mkdir()


DAMAGE: list[tuple[str, Callable[[Path], object], str]] = [
    ("surface", lambda d: rewrite(d, "money", setting("text", "$301 million")), "does not say that at these offsets"),
    ("token", lambda d: rewrite(d, "sentences", setting("token_starts", [1, 2, 3])), "tokens that do not stand"),
    ("orphan", lambda d: rewrite(d, "companies", setting("article_id", "0" * 16)), "rows without their article"),
    ("sentence", lambda d: rewrite(d, "gpu_counts", setting("sentence", 99)), "sentences that do not exist"),
    ("range", lambda d: rewrite(d, "gpu_counts", setting("low", -1)), "break the schema"),
    ("null", lambda d: rewrite(d, "money", setting("currency", None)), "break the schema"),
    ("double", lambda d: rewrite(d, "removed", lambda t: pa.concat_tables([t, t.slice(0, 1)])), "break the schema"),
    ("order", lambda d: rewrite(d, "money", lambda t: t.take(list(range(len(t)))[::-1])), "order of their keys"),
    ("digest", lambda d: rewrite(d, "articles", setting("text_sha256", "0" * 64)), "text_sha256 is not the text's"),
    ("place", lambda d: rewrite(d, "articles", setting("raw_offset", 7)), "no page in the raw store"),
    ("story", lambda d: rewrite(d, "articles", setting("story_id", "0" * 16)), "stories that do not exist"),
    ("old schema", lambda d: rewrite(d, "money", lambda t: t.drop_columns(["per"])), "column per is missing"),
    ("text type", lambda d: rewrite(d, "gpu_counts", casting("low", pa.string())), "column low is string, not int64"),
    ("list type", lambda d: rewrite(d, "gpu_counts", listing("low")), "column low: Unsupported cast"),
    ("null text", lambda d: rewrite(d, "articles", setting("text", None)), "text: not_nullable"),
    ("null file", lambda d: rewrite(d, "articles", setting("raw_file", None)), "raw_file: not_nullable"),
    ("null tokens", lambda d: rewrite(d, "sentences", setting("tokens", None)), "tokens: not_nullable"),
    ("null token", lambda d: rewrite(d, "sentences", setting("tokens", [None] * 3)), "tokens that do not stand"),
    (
        "article twice",
        lambda d: rewrite(d, "articles", lambda t: pa.concat_tables([t, t.slice(0, 1)])),
        "break the sch",
    ),
    ("two months", lambda d: shutil.copytree(part(d, "articles").parent, month(d, "1999-01")), "keys in two months"),
    (
        "more rows",
        lambda d: shutil.copy(part(d, "money"), part(d, "money").with_name("b.parquet")),
        "b.parquet adds rows",
    ),
    ("foreign file", lambda d: part(d, "money").with_name("note.txt").touch(), "note.txt is no table's"),
    ("foreign table", lambda d: pq.write_table(pa.table({"x": [1]}), part(d, "money")), "unknown columns x"),
    ("empty file", lambda d: replace(part(d, "articles"), b""), "not readable: Parquet file size is 0 bytes"),
    ("folder", lambda d: in_the_way(part(d, "money")), "is a directory"),
    ("no month", lambda d: part(d, "companies").unlink(), "is missing"),
    ("no articles", lambda d: shutil.rmtree(part(d, "articles").parents[1]), "rows in a month without articles"),
    ("no stories", lambda d: shutil.rmtree(part(d, "stories").parents[1]), "stories that do not exist"),
    ("fetches bytes", lambda d: flip(part(d, "fetches"), 60), "table fetches, "),
    ("no version", lambda d: shutil.rmtree(part(d, "money").parents[2]), "does not lead to the current version"),
    ("no pointer", lambda d: (d / ".tables/current").unlink(), "there are none, though the raw store has pages"),
    ("index cut", lambda d: cut(d / "raw/index.jsonl"), "the index does not know it"),
    ("index garbage", lambda d: (d / "raw/index.jsonl").write_bytes(b"\xff[]\n{}\n"), "the index does not know it"),
    ("index folder", lambda d: in_the_way(d / "raw/index.jsonl"), "raw/index.jsonl: not readable"),
    ("warc empty", lambda d: (d / "raw/site0/n0.warc.gz").write_bytes(b""), "records 0, not"),
    ("warc garbage", lambda d: (d / "raw/site0/n0.warc.gz").write_bytes(b"no gzip"), "not what the index says"),
    ("warc tail", lambda d: append(d / "raw/site0/n0.warc.gz"), "n0.warc.gz: "),
    ("warc folder", lambda d: in_the_way(d / "raw/site0/n0.warc.gz"), "n0.warc.gz: "),
    ("strange column", lambda d: rewrite(d, "money", lambda t: t.append_column("x", t["low"])), "newer version"),
    ("parquet bytes", lambda d: flip(part(d, "money"), 60), "not readable"),
    ("parquet cut", lambda d: cut(part(d, "sentences")), "not readable"),
    ("no table", lambda d: (d / "money").unlink(), "does not lead to the current version"),
    ("link elsewhere", lambda d: link(d / "money", d), "does not lead to the current version"),
    ("link loop", lambda d: link(d / "money", Path("money")), "does not lead to the current version"),
    ("nothing", empty, "neither tables nor raw pages"),
    ("warc bytes", lambda d: flip(d / "raw/site0/n0.warc.gz", 300), "not readable as WARC"),
    ("warc cut", lambda d: cut(d / "raw/site0/n0.warc.gz"), "not what the index says"),
    ("warc gone", lambda d: (d / "raw/site0/n0.warc.gz").unlink(), "in the index, but not there"),
    ("no index", lambda d: (d / "raw/index.jsonl").unlink(), "the index does not know it"),
    ("unfinished", lambda d: (d / "raw/site0/.x.warc.gz").touch(), "unfinished"),
    ("unmerged", lambda d: unmerged(d), "no run has merged"),
    ("leftover", lambda d: (d / ".tables/v99999999").mkdir(), "killed"),
]


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 0xFF
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-11])


def replace(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


def append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"junk")


def link(path: Path, target: Path) -> None:
    path.unlink()
    path.symlink_to(target)


def in_the_way(path: Path) -> None:
    path.unlink()
    path.mkdir()


def month(data: Path, name: str) -> Path:
    return part(data, "articles").parents[1] / f"month={name}"


def casting(column: str, to: pa.DataType) -> Callable[[pa.Table], pa.Table]:
    return lambda t: t.set_column(t.schema.get_field_index(column), column, t[column].cast(to))


def listing(column: str) -> Callable[[pa.Table], pa.Table]:
    return lambda t: t.set_column(t.schema.get_field_index(column), column, pa.array([[1]] * len(t)))


def unmerged(data: Path) -> None:
    shutil.copy(data / "raw/site0/n0.warc.gz", data / "raw/site0/other.warc.gz")
    RawStore(data).reindex()


@pytest.mark.parametrize(("damage", "says"), [case[1:] for case in DAMAGE], ids=[case[0] for case in DAMAGE])
def test_check_finds(data: Path, damage: Callable[[Path], object], says: str) -> None:
    damage(data)
    assert any(says in str(problem) for problem in check(data))


TABLES_DAMAGED = [
    *("surface", "orphan", "null", "text type", "list type", "null text", "null tokens", "article twice", "two months"),
    *("more rows", "foreign file", "foreign table", "parquet bytes", "parquet cut", "empty file", "folder", "no month"),
    *("no articles", "no stories", "fetches bytes", "no table", "no version", "no pointer"),
    *("link elsewhere", "link loop"),
    *("no index", "index cut", "index garbage"),
]
"""What the raw pages can mend in full."""


@pytest.mark.parametrize("name", TABLES_DAMAGED)
def test_repair_mends_from_the_raw_pages(data: Path, two_nights: Path, name: str) -> None:
    next(damage for what, damage, _ in DAMAGE if what == name)(data)
    assert check(data) != []
    repaired = repair(data, reader(data))
    assert (repaired.rescued, repaired.damaged) == ((), ())
    assert check(data) == []
    assert state(data, places=True) == state(two_nights, places=True)


@pytest.mark.parametrize(
    ("forbid", "says"),
    [
        (lambda d: part(d, "money"), "table money, month=2026-0"),
        (lambda d: part(d, "money").parent, "table money, 2026-0"),
        (lambda d: d / "raw/site0/n0.warc.gz", "raw/site0/n0.warc.gz: "),
        (lambda d: d / "raw/site0", "in the index, but not there"),
        (lambda d: d / "raw/index.jsonl", "raw/index.jsonl: not readable"),
        (lambda d: d / ".tables", "/.tables: "),
    ],
    ids=["parquet", "month", "warc", "source", "index", "tables"],
)
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else")
def test_what_may_not_be_read_is_a_problem_like_others(data: Path, forbid: Callable[[Path], Path], says: str) -> None:
    for folder in (data, *data.parents[:-2]):
        folder.chmod(0o755)
    forbid(data).chmod(0)
    os.seteuid(NOBODY)
    try:
        problems = check(data)
    finally:
        os.seteuid(0)
    assert any(says in str(problem) for problem in problems)


def test_a_file_in_place_of_the_pointer_is_a_clear_error(data: Path) -> None:
    in_its_place = data / ".tables/current"
    in_its_place.unlink()
    in_its_place.write_text("mine")
    assert check(data) != []
    with pytest.raises(TableError, match="is a file where a link to a version should be"):
        repair(data, reader(data))
    assert in_its_place.read_text() == "mine"


def test_repair_works_without_any_table(data: Path, two_nights: Path) -> None:
    shutil.rmtree(data / ".tables")
    (data / "raw/index.jsonl").unlink()
    repair(data, reader(data))
    assert check(data) == []
    assert state(data, places=True) == state(two_nights, places=True)


def test_repair_keeps_the_readable_start_of_a_damaged_file(data: Path) -> None:
    path = data / "raw/site1/n1.warc.gz"
    whole = path.read_bytes()
    flip(path, len(whole) // 2)
    repaired = repair(data, reader(data))
    assert repaired.damaged == ("site1/n1.warc.gz",)
    assert len(path.with_name("n1.warc.gz.damaged").read_bytes()) == len(whole)
    assert whole.startswith(path.read_bytes())
    assert check(data) == []
    urls = set(Tables(data).read("articles")["url"])
    assert 24 < len(urls) < 48


def test_diff_shows_what_a_rerun_would_change(data: Path) -> None:
    tables = Tables(data)
    before = state(data)
    articles = pq.ParquetFile(part(data, "articles")).read()
    one = articles.filter(pc.equal(articles["url"], "https://site.example/7")).to_pylist()[0]
    changed = rows(7, ref=RawRef(one["raw_file"], one["raw_offset"]), extractor="2")
    changed["articles"][0]["fetched_at"] = one["fetched_at"]
    changed["gpu_counts"][0]["low"] = 12_345
    changed["companies"].pop()
    found = list(differences(tables.survey(batch([changed]))))
    assert [(d.table, d.row, d.column, d.old, d.new) for d in found] == [
        ("companies", "body 0:6", "", "Nvidia", None),
        ("gpu_counts", "body 12:28", "low", "10000", "12345"),
    ]
    out = StringIO()
    assert show(found, Console(file=out, width=120), limit=1) == 2
    assert "Nvidia" in out.getvalue()
    assert "and 1 more values" in out.getvalue()
    assert state(data) == before
    changes = tables.merge(batch([changed]))
    assert changes.columns == {("companies", ""): 1, ("gpu_counts", "low"): 1}
    assert changes.reasons == {"extractor 1 -> 2": 1}
