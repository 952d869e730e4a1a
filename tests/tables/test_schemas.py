"""The schemas follow the records, and the documentation follows the schemas."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from extractors.model import Article, Company, GpuCount, Money, Removed
from pipelines.records import Fetch
from pipelines.storage import table_docs
from pipelines.storage.schemas import ARROW, ARTICLE_KEYED, TABLES

DOCUMENT = Path(table_docs.__file__).with_name("TABLES.md")


def test_documentation_is_current() -> None:
    again = "run: python -m pipelines.storage.table_docs > pipelines/storage/TABLES.md"
    assert DOCUMENT.read_text("utf-8") == table_docs.document(), again


@pytest.mark.parametrize(
    ("record", "table", "renamed"),
    [
        (Company, "companies", {}),
        (GpuCount, "gpu_counts", {}),
        (Money, "money", {}),
        (Fetch, "fetches", {}),
        (Removed, "removed", {"where": "position"}),
    ],
)
def test_every_field_of_a_record_is_a_column(record: type, table: str, renamed: dict[str, str]) -> None:
    names = {renamed.get(field.name, field.name) for field in dataclasses.fields(record)}
    assert names <= set(ARROW[table].names)


def test_every_field_of_an_article_has_its_place() -> None:
    elsewhere = {"blocks", "removed", "canonical_url"}
    names = {field.name for field in dataclasses.fields(Article)} - elsewhere
    assert names <= set(ARROW["articles"].names)


@pytest.mark.parametrize("name", TABLES)
def test_a_column_may_be_null_if_and_only_if_it_says_what_that_means(name: str) -> None:
    for column in TABLES[name].model.to_schema().columns.values():
        assert column.nullable == bool((column.metadata or {})["null"]), column.name
        assert column.description


@pytest.mark.parametrize("name", TABLES)
def test_keys_are_columns_that_are_never_null(name: str) -> None:
    columns = TABLES[name].model.to_schema().columns
    assert all(not columns[key].nullable for key in TABLES[name].key)
    assert (name in ARTICLE_KEYED) == (TABLES[name].key[0] == "article_id")
