"""Which sources a rerun knows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.errors import PipelineError
from pipelines.registry import SOURCES, load
from pipelines.sample_sites import SITES
from pipelines.used_registries import remember, sources_of


def test_without_nights_it_is_the_bundled_registry(tmp_path: Path) -> None:
    assert sources_of(tmp_path) == load(SOURCES)


def test_the_registries_of_the_nights_come_on_top(tmp_path: Path) -> None:
    remember(tmp_path / "data", SITES)
    ids = {source.id for source in sources_of(tmp_path / "data")}
    assert ids == {source.id for source in (*load(SOURCES), *load(SITES))}


def test_of_one_source_the_settings_used_last_stand(tmp_path: Path) -> None:
    site = next(SITES.glob("suanli/source.toml"))
    for zone in ("Europe/Berlin", "Asia/Tokyo"):
        folder = tmp_path / zone.replace("/", "-")
        folder.mkdir()
        text = site.read_text("utf-8")
        assert "Asia/Shanghai" in text
        (folder / "suanli.toml").write_text(text.replace("Asia/Shanghai", zone), "utf-8")
    berlin, tokyo = tmp_path / "Europe-Berlin", tmp_path / "Asia-Tokyo"
    for order, zone in (((berlin, tokyo), "Asia/Tokyo"), ((berlin, tokyo, berlin), "Europe/Berlin")):
        data = tmp_path / zone.partition("/")[2]
        for folder in order:
            remember(data, folder)
        assert {source.tz for source in sources_of(data) if source.id == "suanli"} == {zone}


def test_a_registry_that_is_named_stands_alone(tmp_path: Path) -> None:
    remember(tmp_path, SITES)
    assert sources_of(tmp_path, SOURCES) == load(SOURCES)


def test_a_registry_that_is_gone_is_told(tmp_path: Path) -> None:
    shutil.copytree(SITES, tmp_path / "mine")
    remember(tmp_path / "data", tmp_path / "mine")
    shutil.rmtree(tmp_path / "mine")
    with pytest.raises(PipelineError, match="mine, which is gone; name one by --registry"):
        sources_of(tmp_path / "data")
