"""One article, one address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.discovery.links import canonical_url, clean_link


@pytest.mark.parametrize(
    "twins",
    [
        (
            "https://36kr.com/p/3536738774948739",
            "https://36kr.com/p/3536738774948739?f=rss",
            "https://www.36kr.com/p/3536738774948739",
            "https://m.36kr.com/p/3536738774948739?from=timeline#comments",
        ),
        (
            "https://techsite.example/2026/11/23/deal/",
            "https://techsite.example/2026/11/23/deal",
            "https://www.techsite.example/2026/11/23/deal/?utm_source=feed&utm_medium=rss",
            "https://techsite.example/2026/11/23/deal/amp/",
            "https://techsite.example/2026/11/23/deal/?amp=1",
            "https://techsite.example/2026/11/23/deal/?outputType=amp",
            "https://amp.techsite.example/2026/11/23/deal/",
            "HTTPS://TechSite.example:443/2026/11/23/deal/",
        ),
        ("https://a.example/x.html?id=7&page=2", "https://a.example/x.html?page=2&id=7&spm=1.2.3&fbclid=xx"),
        ("https://a.example/x.html", "https://a.example/x.amp.html"),
    ],
)
def test_twins(twins: tuple[str, ...]) -> None:
    assert len({canonical_url(url) for url in twins}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/show?cid=1", "https://a.example/show?cid=2"),
        ("https://a.example/show?uid=1", "https://a.example/show?uid=2"),
        ("https://a.example/p/1", "https://a.example/p/2"),
        ("https://a.example/p/1", "https://b.example/p/1"),
        ("https://a.example/p?f=1", "https://a.example/p?f=2"),
        ("https://a.example/camp", "https://a.example/c"),
        ("https://a.example/P/aBc", "https://a.example/p/abc"),
        ("http://m.cn/1", "http://cn/1"),
    ],
)
def test_strangers(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize(
    ("href", "base", "link"),
    [
        ("//a.example/x", "https://b.example/", "https://a.example/x"),
        ("../x.htm", "https://a.example/news/list/", "https://a.example/news/x.htm"),
        (" https://a.example/x\n", None, "https://a.example/x"),
        ("https://a.example/x?a=%E4%B8%AD&b=", None, "https://a.example/x?a=%E4%B8%AD&b="),
        ("https://a.example/中文/1", None, "https://a.example/%E4%B8%AD%E6%96%87/1"),
        ("https://a.example", None, "https://a.example/"),
        ("#top", "https://a.example/x", "https://a.example/x"),
        ("data:text/html,x", None, None),
        ("http://[bad", None, None),
        ("http://me:pw@a.example/", None, None),
        ("/x", None, None),
        ("https://a.example/" + "x" * 3000, None, None),
    ],
)
def test_cleaning(href: str, base: str | None, link: str | None) -> None:
    assert clean_link(href, base) == link


@given(st.text(max_size=200))
def test_any_text_has_a_canonical_form_that_stays(text: str) -> None:
    once = canonical_url(text)
    assert canonical_url(once) == once


@given(st.from_regex(r"https?://(www\.|m\.)?[a-z]{1,5}\.[a-z]{2,4}(/[\w.%-]{0,5}){0,4}(\?([a-z]=[\w%]{0,3}&?){0,3})?"))
def test_any_address_has_a_canonical_form_that_stays(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once
