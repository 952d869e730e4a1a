"""The registry's files are sound, and what is not is found."""

from __future__ import annotations

import re
import time
import tomllib
from pathlib import Path

import pytest

from pipelines.discovery.links import canonical_url, clean_link
from pipelines.records import Source
from pipelines.registry import SOURCES, Problem, SourceError, check, load, parse_source

FACTS = Path(__file__).parents[3] / "shared" / "sources" / "sources.toml"
ALL = load()

GOOD = r"""
id = "a"
name = "A"
lang = "en"
tz = "Europe/London"
home = "https://a.example"
article_urls = ['^https://a\.example/p/\d+']
example = "https://a.example/p/1"
[[ways]]
kind = "list"
url = "https://a.example/news"
links = "h2 a"
[selectors]
body = ["div.text", "article"]
"""


def test_all_files_are_sound() -> None:
    assert check() == []
    assert len(ALL) >= 91


@pytest.mark.skipif(not FACTS.exists(), reason="the gathered facts are not part of the project")
def test_every_source_of_the_facts_has_its_file() -> None:
    facts = tomllib.loads(FACTS.read_text("utf-8"))["source"]
    assert {f["id"] for f in facts} <= {s.id for s in ALL}
    by_id = {s.id: s for s in ALL}
    for fact in facts:
        source = by_id[fact["id"]]
        assert (source.name, source.lang, source.tz) == (fact["name"], fact["lang"], fact["tz"])
        for url in fact.get("url_examples", ()):
            assert any(re.search(p, url) for p in source.article_urls), url


@pytest.mark.parametrize("source", ALL, ids=lambda s: s.id)
def test_a_source(source: Source) -> None:
    assert source.enabled or source.why_disabled
    assert source.example is not None
    # The example survives the cleaning that links go through, and its canonical form is one.
    cleaned = clean_link(source.example)
    assert cleaned is not None
    assert any(re.search(p, cleaned) for p in source.article_urls)
    assert canonical_url(cleaned) == canonical_url(source.example)
    assert not any(re.search(p, source.home) for p in source.article_urls), "the home page is no article"
    for way in source.ways:
        assert way.url.isascii()
        assert not way.also or way is not source.ways[0]


@pytest.mark.parametrize("source", ALL, ids=lambda s: s.id)
def test_patterns_are_quick_on_long_addresses(source: Source) -> None:
    start = re.match(r"https?://[^/]+", source.example or "")
    assert start
    hostile = [start[0] + "/" + unit * (1900 // len(unit)) for unit in ("a", "a-", "a/", "/", "1", "1-", "2026/11/24/")]
    began = time.process_time()
    for pattern in source.article_urls:
        for url in hostile:
            re.search(pattern, url)
    # A pattern that backtracks takes minutes for this, a good one microseconds.
    assert time.process_time() - began < 2


def test_a_good_file() -> None:
    source = parse_source(GOOD, "a.toml")
    assert source.ways[0].links == "h2 a"
    assert source.selectors.body == ("div.text", "article")
    assert (source.enabled, source.delay, source.charset) == (True, 1.0, None)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "a"', 'id = "b"', "id 'b' is not the name of the file"),
        ('name = "A"', "", "name must be a non-empty string"),
        ('"en"', '"fr"', "lang 'fr' is none of"),
        ("Europe/London", "Europe/Londinium", "no IANA time zone"),
        ('home = "https://a.example"', 'home = "a.example"', "home is no web address"),
        (r"'^https://a\.example/p/\d+'", "'('", "is no regular expression"),
        ("/p/1", "/q/1", "no pattern of article_urls matches the example"),
        ('kind = "list"', 'kind = "lists"', "kind 'lists' is none of"),
        ('kind = "list"', 'kind = "json"', "a json way needs item_link"),
        ('"h2 a"', '"h2 >"', "the selector 'h2 >' does not parse"),
        ('"div.text"', '"div["', "selectors.body: the selector 'div[' does not parse"),
        ("[selectors]", "[selektors]", "unknown key 'selektors'"),
        ("body = [", "bodi = [", "selectors: unknown key 'bodi'"),
        ("links = ", "link = ", "unknown key 'link'"),
        ('["div.text", "article"]', '"div"', "body must be a list of strings"),
        ("name", "charset = 'utf-9'\nname", "charset 'utf-9' is unknown"),
        ("name", "delay = -1\nname", "delay must be between"),
        ("name", "delay = true\nname", "delay must be between"),
        ("name", "enabled = false\nname", "why_disabled belongs to enabled = false"),
        ("name", "why_disabled = 'dead'\nname", "why_disabled belongs to enabled = false"),
        ("name", "enabled = 'no'\nname", "enabled must be true or false"),
        ('"https://a.example/news"', '"/news"', "url is no web address"),
        ("[[ways]]", "[ways", "no TOML"),
    ],
)
def test_what_is_wrong_is_said(old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(SourceError) as failure:
        parse_source(GOOD.replace(old, new, 1), "a.toml")
    assert message in str(failure.value)
    assert all(problem.file == "a.toml" for problem in failure.value.problems)


def test_all_problems_of_a_folder_are_found_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD)
    (tmp_path / "b.toml").write_text(GOOD.replace('id = "a"', 'id = "b"'))
    (tmp_path / "c.toml").write_text("id = 1")
    (tmp_path / "d.toml").write_bytes(b"\xff")
    found = check(tmp_path)
    assert {p.file for p in found} == {"b.toml", "c.toml", "d.toml"}
    assert Problem("b.toml", "https://a.example/news is a's way in too") in found
    with pytest.raises(SourceError, match=r"d\.toml: cannot be read"):
        load(tmp_path)


def test_an_empty_folder_is_a_problem(tmp_path: Path) -> None:
    assert [p.message for p in check(tmp_path)] == ["no source files"]


def test_the_files_lie_where_the_package_data_is() -> None:
    assert SOURCES.parts[-2:] == ("pipelines", "sources")
