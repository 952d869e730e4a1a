"""Extraction again: from every kind of input, with the same bytes each time."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.errors import StoreError
from pipelines.inputs import InputError
from pipelines.registry import load
from pipelines.rerun import Rerun, rerun
from pipelines.sample_sites import SITES
from pipelines.storage.schemas import ARTICLE_SCHEMAS
from pipelines.storage.tables import Tables
from pipelines.stored_pages import read_files
from pipelines.workers import POOL_FROM, worker_pool
from tests.conftest import run_chipwire
from tests.test_cli import STORY


def run(data: Path, *paths: Path) -> Rerun:
    return rerun(paths, data, load(SITES))


def digests(data: Path) -> dict[str, str]:
    files = sorted(Tables(data).files())
    return {p.relative_to(data).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(tmp_path / name, SITES)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert len(Tables(tmp_path / "a").read("articles")) >= 28
    again = run(tmp_path / "a", SITES)
    assert (again.changes.new, again.changes.changed, again.changes.removed) == (0, 0, 0)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")


def test_single_files_of_any_name_and_encoding(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    (saved / "plain.html").write_bytes(STORY.encode("gbk"))
    (saved / "no-suffix").write_bytes(STORY.replace("gbk", "utf-8").encode())
    (saved / "zipped.html.gz").write_bytes(gzip.compress(STORY.encode("gbk")))
    (saved / "scrape.txt").write_bytes("晨星智能扩建机房\n晨星智能再装2万块英伟达H100，投资约8亿美元。".encode())
    names = ("plain.html", "no-suffix", "zipped.html.gz", "scrape.txt")
    done = run(tmp_path / "data", *(saved / name for name in names))
    assert [result.outcome for result in done.results] == ["ok"] * 4
    tables = Tables(tmp_path / "data")
    assert tables.read("gpu_counts")["low"].tolist() == [20_000] * 4
    assert tables.read("articles")["raw_file"].str.endswith(names).all()


def test_a_folder_of_pages_and_a_raw_store_and_its_warc_give_the_same_articles(
    demo: tuple[Path, str], tmp_path: Path
) -> None:
    data, _ = demo
    by_store, by_warc = tmp_path / "store", tmp_path / "warc"
    run(by_store, data)
    run(by_warc, *sorted((data / "raw").glob("*/*.warc.gz")))
    columns = ["article_id", "url", "source", "title", "text_sha256"]
    expected = Tables(data).read("articles")[columns]
    for found in (by_store, by_warc):
        assert Tables(found).read("articles")[columns].equals(expected)


def test_a_bad_file_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "good.html").write_bytes(STORY.encode("gbk"))
    (tmp_path / "torn.html.gz").write_bytes(gzip.compress(STORY.encode("gbk"))[:-20])
    (tmp_path / "noise.html").write_bytes(bytes(range(256)) * 64)
    done = run_chipwire("rerun", str(tmp_path), "--data", str(tmp_path / "data"))
    said = done.stderr.decode()
    assert done.returncode == 1
    assert "Traceback" not in said
    assert "torn.html.gz" in said
    assert "noise.html" in said
    assert len(Tables(tmp_path / "data").read("articles")) == 1


def test_a_folder_without_pages_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no page"):
        run(tmp_path / "data", tmp_path)


def test_an_error_in_a_worker_says_which_file(tmp_path: Path) -> None:
    with worker_pool(POOL_FROM) as pool, pytest.raises(StoreError) as caught:
        pool.submit(read_files, tmp_path, ["site/gone.warc.gz"], {}, ARTICLE_SCHEMAS).result()
    assert caught.value.path.endswith("site/gone.warc.gz")


def test_a_worker_loads_no_more_than_it_needs() -> None:
    """Pandas, pandera and the fetcher take a second and a half to import, in each worker."""
    code = "import sys, pipelines.workers, pipelines.stored_pages; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.split()
    assert {"pandas", "pandera", "prefect", "pipelines.fetch"}.isdisjoint(loaded)
    assert "pipelines.extract" in loaded


def test_the_seed_page(shared: Path, tmp_path: Path) -> None:
    """The page that the project began with: four sums, three counts, and nothing of the teasers below it."""
    page = tmp_path / "page.txt"
    shutil.copy(shared / "seed" / "page.txt", page)
    done = run_chipwire("rerun", str(page), "--data", str(tmp_path / "data"))
    assert done.returncode == 0, done.stderr.decode()
    tables = Tables(tmp_path / "data")
    money, counts, companies = (tables.read(name) for name in ("money", "gpu_counts", "companies"))
    assert sorted(float(low) for low in money["low"]) == [140.68, 6e9, 1e10, 2.4e10]
    assert money.loc[money["per"] == "share", "currency"].tolist() == ["USD"]
    assert counts["low"].tolist() == [100_000, 24_000, 20_000]
    assert counts["vendor"].dropna().tolist() == ["NVIDIA", "NVIDIA"]
    assert counts["model"].dropna().tolist() == ["H100", "H100"]
    names = set(companies["name"])
    assert {
        "Oracle",
        "xAI",
        "NVIDIA",
        "Microsoft",
        "OpenAI",
        "The Information",
        "Andreessen Horowitz",
        "Luma AI",
    } <= names
    assert {"Moonshot AI", "Alibaba Cloud", "Lanjing News", "Bloomberg Intelligence", "Tesla"} <= names
    assert not names & {"NetEase", "Meituan", "JD.com", "Ele.me", "IM Motors"}
