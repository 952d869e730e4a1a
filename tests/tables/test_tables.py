"""Each article's rows once, whatever was refetched, updated or read again; and readers of every kind agree."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import TableError
from pipelines.records import RawRef
from pipelines.storage.schemas import ARROW, ARTICLE_KEYED, TABLES
from pipelines.storage.tables import Tables
from tests.tables.nights import faults, state
from tests.tables.synthetic import article_id, batch, rows

Batch = dict[str, pa.Table]


def content(data: Path) -> dict[Path, bytes]:
    version = Tables(data).version()
    assert version is not None
    return {path.relative_to(version): path.read_bytes() for path in sorted(version.rglob("*.parquet"))}


def test_order_and_repetition_of_merges_do_not_matter(tmp_path: Path) -> None:
    pieces: list[Batch] = [
        batch(rows(n, version=v, day=(n + 40 * v) % 90) for n in range(start, 20, 2))
        for start, v in itertools.product(range(2), range(3))
    ]
    all_at_once = Tables(tmp_path / "once")
    all_at_once.merge(pieces)
    expected = state(tmp_path / "once", places=True, stories=False)
    for seed in range(1):
        shuffled = [*pieces, *pieces[:2]]
        random.Random(seed).shuffle(shuffled)
        tables = Tables(tmp_path / f"shuffled{seed}")
        for piece in shuffled:
            tables.merge(piece)
        assert state(tmp_path / f"shuffled{seed}", places=True, stories=False) == expected
        version = tables.version()
        assert version is not None
        assert faults(version) == []
    articles = pd.read_parquet(tmp_path / "once/articles")
    assert sorted(articles["article_id"]) == sorted(article_id(n) for n in range(20))
    assert articles["text"].str.contains("Version 2").all()


def test_equal_rows_are_equal_bytes(tmp_path: Path) -> None:
    Tables(tmp_path / "a").merge(batch(rows(n) for n in range(20)))
    Tables(tmp_path / "b").merge(batch(rows(n) for n in reversed(range(20))))
    assert content(tmp_path / "a") == content(tmp_path / "b")


def test_a_merge_that_changes_nothing_writes_nothing(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    tables.merge(batch(rows(n) for n in range(20)))
    before = tables.version()
    changes = tables.merge(batch(rows(n, extractor="2") for n in range(20)))
    assert not changes
    assert changes.unchanged == 20
    assert tables.version() == before
    assert set(tables.read("articles")["extractor"]) == {"1"}


def test_only_months_with_changes_are_written(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    tables.merge(batch(rows(n, day=n * 10) for n in range(9)))
    before = content(tmp_path)
    changes = tables.merge(batch([rows(0, version=1, day=0)]))
    after = content(tmp_path)
    assert changes.changed == 1
    assert changes.reasons == {"the page was fetched again": 1}
    assert changes.columns["gpu_counts", "low"] == 1
    assert ("gpu_counts", "high") not in changes.columns
    written = {path for path in after if before.get(path) != after[path] and path.parts[0] != "fetches"}
    assert {path.parent.name for path in written} == {"month=2026-01"}


def test_an_article_that_moves_to_another_month_leaves_the_old_one(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    tables.merge(batch([rows(0, day=0), rows(1, day=1)]))
    tables.merge(batch([rows(0, version=1, day=40)]))
    for name in ARTICLE_KEYED:
        table = tables.read(name)
        assert set(table.loc[table["article_id"] == article_id(0), "month"]) <= {"2026-02"}
    assert len(tables.read("articles")) == 2


def test_reread_pages_lose_what_they_do_not_give_any_more(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    tables.merge(batch(rows(n) for n in range(4)))
    reread = [RawRef(f"site{n % 3}/r0.warc.gz", n * 100) for n in range(3)]
    changes = tables.merge(batch([rows(0), rows(1)]), reread=reread)
    assert changes.removed == 1
    assert set(tables.read("articles")["url"]) == {f"https://site.example/{n}" for n in (0, 1, 3)}
    assert article_id(2) not in set(tables.read("companies")["article_id"])


def test_a_broken_row_costs_its_article_only(tmp_path: Path) -> None:
    broken, fine = rows(1), rows(2)
    broken["money"][0]["currency"] = "dollars"
    doubled = rows(3)
    doubled["companies"].append(dict(doubled["companies"][0]))
    backwards = rows(4)
    backwards["gpu_counts"][0]["end"] = 3
    tables = Tables(tmp_path)
    changes = tables.merge(batch([broken, fine, doubled, backwards]), run_id="r0")
    assert (changes.new, changes.quarantined) == (1, 3)
    assert tables.read("articles")["url"].tolist() == ["https://site.example/2"]
    held = tables.read("quarantine").set_index("url")
    assert "currency" in str(held.loc["https://site.example/1", "reason"])
    assert held.loc["https://site.example/1", "table"] == "money"
    assert "twice" in str(held.loc["https://site.example/3", "reason"])
    assert "behind start" in str(held.loc["https://site.example/4", "reason"])
    # Read again by better rules, it leaves the quarantine.
    changes = tables.merge(batch([rows(1)]), reread=[RawRef("site1/r0.warc.gz", 100)])
    assert changes.new == 1
    assert sorted(tables.read("quarantine")["url"]) == ["https://site.example/3", "https://site.example/4"]


@pytest.mark.parametrize("with_fetches", [True, False])
def test_a_night_of_nothing_but_broken_rows(tmp_path: Path, with_fetches: bool) -> None:
    broken = rows(1)
    broken["articles"][0]["lang"] = "Klingon"
    fetches = broken.pop("fetches")
    tables = Tables(tmp_path)
    changes = tables.merge(batch([broken, {"fetches": fetches}] if with_fetches else [broken]))
    assert (changes.new, changes.quarantined) == (0, 1)
    for name in TABLES:
        assert len(pd.read_parquet(tmp_path / name)) == (name == "quarantine" or (name == "fetches" and with_fetches))
    folders = {path.parts[-2] for path in tables.files() if "quarantine" not in path.parts[-3:]}
    assert folders == {"month=2026-04"} if with_fetches else {"month=unknown"}
    tables.merge(batch([rows(2)]))
    assert len(pd.read_parquet(tmp_path / "money")) == 1


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ({"nonsense": pa.table({"a": [1]})}, "no such table"),
        ({"money": pa.table({"nonsense": [1]})}, "unknown columns nonsense"),
        ({"money": pa.table({"article_id": ["0" * 16]})}, "column part is missing"),
        ({"articles": pa.table({"article_id": [1.5]})}, "missing"),
        ({"money": batch([rows(1)])["money"]}, "which the batch does not hold"),
    ],
)
def test_what_is_no_batch_is_refused(tmp_path: Path, tables: Batch, says: str) -> None:
    target = Tables(tmp_path)
    target.merge(batch([rows(0)]))
    before = content(tmp_path)
    with pytest.raises(TableError, match=says):
        target.merge(tables)
    assert content(tmp_path) == before


def test_a_folder_without_tables_reads_as_empty_ones(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    for name in TABLES:
        table = tables.read(name)
        assert table.empty
        assert list(table.columns) == [*ARROW[name].names, "month"]
    assert tables.article_ids() == set()


# readers


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readers")
    large = rows(0)
    large["gpu_counts"][0] |= {"low": 2**53 + 1, "high": 2**53 + 3}
    large["money"][0] |= {"low": Decimal("123456789012345678.000001"), "high": Decimal("123456789012345678.000002")}
    Tables(folder).merge(batch([large, *(rows(n) for n in range(1, 10))]))
    return folder


def test_pandas_reads_types_that_survive(data: Path) -> None:
    counts, money = pd.read_parquet(data / "gpu_counts"), pd.read_parquet(data / "money")
    assert str(counts["high"].dtype) == "Int64"
    assert counts["high"].isna().sum() == 5
    assert counts["low"].max() == 2**53 + 1
    assert money["low"].max() == Decimal("123456789012345678.000001")
    articles = pd.read_parquet(data / "articles")
    assert str(articles["published_at"].dtype) == "datetime64[us, UTC]"
    assert str(pd.read_parquet(data / "fetches")["status"].dtype) == "Int32"


def test_polars_reads_the_same(data: Path) -> None:
    counts = pl.read_parquet(data / "gpu_counts")
    assert counts.schema["high"] == pl.Int64
    assert counts["high"].null_count() == 5
    assert counts["low"].max() == 2**53 + 1
    money = pl.read_parquet(data / "money")
    assert money.schema["low"] == pl.Decimal(38, 12)
    assert money["low"].max() == Decimal("123456789012345678.000001")
    articles = pl.read_parquet(data / "articles")
    assert articles.schema["published_at"] == pl.Datetime("us", "UTC")
    assert articles["month"].unique().to_list() == ["2026-01"]
    assert sorted(articles["article_id"]) == sorted(pd.read_parquet(data / "articles")["article_id"])
    assert pl.read_parquet(data / "sentences").schema["tokens"] == pl.List(pl.String)


def test_duckdb_reads_the_same(data: Path) -> None:
    with duckdb.connect() as db:
        db.sql("set timezone = 'UTC'")
        counts = f"read_parquet('{data}/gpu_counts/**/*.parquet', hive_partitioning = true)"
        found = db.sql(
            f"select max(low), count(*) - count(high), typeof(max(high)), min(month) from {counts}"
        ).fetchall()
        assert found == [(2**53 + 1, 5, "BIGINT", "2026-01")]
        money = db.sql(f"select max(low), typeof(max(low)) from '{data}/money/*/*.parquet'").fetchall()
        assert money == [(Decimal("123456789012345678.000001"), "DECIMAL(38,12)")]
        times = db.sql(
            f"select typeof(published_at), epoch_us(published_at) from '{data}/articles/*/*.parquet' order by 2 limit 1"
        ).fetchall()
        first = pd.read_parquet(data / "articles")["published_at"].min()
        assert times == [("TIMESTAMP WITH TIME ZONE", int(first.timestamp() * 1_000_000))]


# schemas change


def old_layout(data: Path, name: str, drop: str) -> None:
    """The tables as a version wrote them that did not know the column `drop` yet, in two files a month."""
    version = Tables(data).version()
    assert version is not None
    for path in (version / name).rglob("*.parquet"):
        whole = pq.ParquetFile(path).read().drop_columns([drop])
        pq.write_table(whole.slice(0, 2), path.with_name("a.parquet"))
        pq.write_table(whole.slice(2), path)


def test_a_new_column_comes_into_old_months_with_the_next_merge(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    tables.merge(batch(rows(n, day=n * 10) for n in range(8)))
    old_layout(tmp_path, "gpu_counts", "h100_equivalent")
    assert "h100_equivalent" not in tables.read("gpu_counts")
    tables.merge(batch([rows(9, day=1)]))
    counts = tables.read("gpu_counts")
    assert list(counts.columns) == [*ARROW["gpu_counts"].names, "month"]
    assert counts["h100_equivalent"].notna().sum() == 1
    assert len(counts) == 9
    changes = tables.merge(batch(rows(n, day=n * 10) for n in range(8)))
    assert changes.columns == {("gpu_counts", "h100_equivalent"): 8}
    assert tables.read("gpu_counts")["h100_equivalent"].notna().all()


def test_a_wider_type_comes_into_old_months_with_a_merge_that_changes_no_row(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    tables.merge(batch(rows(n, day=n * 10) for n in range(8)))
    before = tables.read("money")
    version = tables.version()
    assert version is not None
    for path in (version / "money").rglob("*.parquet"):
        narrow = pq.ParquetFile(path).read()
        place = narrow.schema.get_field_index("low")
        pq.write_table(narrow.set_column(place, "low", narrow["low"].cast(pa.decimal128(28, 6))), path)
    changes = tables.merge(batch(rows(n, day=n * 10) for n in range(8)))
    assert (changes.articles, changes.unchanged) == (0, 8)
    assert changes.files == len(set(before["month"]))
    assert {pq.read_schema(tmp_path / file).field("low").type for file in tables.files() if "/money/" in str(file)} == {
        ARROW["money"].field("low").type
    }
    assert tables.read("money").equals(before)


def test_compaction_makes_one_file_a_month_and_keeps_every_row(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    tables.merge(batch(rows(n, day=n * 10) for n in range(8)))
    before = tables.read("gpu_counts")
    old_layout(tmp_path, "gpu_counts", "h100_equivalent")
    assert tables.compact() == len(before["month"].unique())
    assert tables.compact() == 0
    after = tables.read("gpu_counts")
    pd.testing.assert_frame_equal(after.drop(columns="h100_equivalent"), before.drop(columns="h100_equivalent"))
    version = tables.version()
    assert version is not None
    rows_in_files = {p.name: pq.read_metadata(p).num_rows for p in (version / "gpu_counts").rglob("*.parquet")}
    assert rows_in_files["a.parquet"] == 0


def test_a_newer_programs_column_is_not_dropped_silently(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    tables.merge(batch([rows(0, day=0)]))
    version = tables.version()
    assert version is not None
    path = next((version / "money").rglob("*.parquet"))
    pq.write_table(pq.ParquetFile(path).read().append_column("tomorrow", pa.array([1])), path)
    with pytest.raises(TableError, match="newer version"):
        tables.merge(batch([rows(1, day=0)]))
    assert len(tables.read("money")) == 1


def test_many_nights_stay_one_file_a_month(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    for night in range(12):
        tables.merge(batch(rows(night * 5 + n, day=night) for n in range(5)))
    assert len([path for path in tables.files() if path.parts[-3] == "money"]) == 1
    assert len(tables.read("money")) == 60


def test_partitions_are_months_in_utc(tmp_path: Path) -> None:
    late = rows(0)
    late["articles"][0]["published_at"] = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)
    later = rows(1)
    later["articles"][0]["published_at"] = datetime(2026, 2, 1, tzinfo=UTC) + timedelta(0)
    undated = rows(2)
    undated["articles"][0] |= {"published_at": None, "fetched_at": datetime(2026, 3, 5, tzinfo=UTC)}
    Tables(tmp_path).merge(batch([late, later, undated]))
    months = pd.read_parquet(tmp_path / "money").set_index("article_id")["month"]
    assert [months[article_id(n)] for n in range(3)] == ["2026-01", "2026-02", "2026-03"]
