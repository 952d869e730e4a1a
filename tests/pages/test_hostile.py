"""Pages made to hurt get an answer or a clear refusal. How fast is measured by tests/bench/hostile_pages.py."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest

from extractors.errors import PageError, UnreadablePage
from extractors.model import Article
from extractors.pages import read_page
from tests.pages.pages_made import EN, ZH, page, paragraphs

BODY = paragraphs(EN)


def check(article: Article) -> None:
    assert article.text
    assert "\n".join(article.text[b.start : b.end] for b in article.blocks) == article.text
    assert all(0 <= (r.where or 0) <= len(article.text) for r in article.removed)


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        ("<div>" * 10_000 + BODY + "</div>" * 10_000, "deep"),
        ("<span>" * 20_000 + BODY, "deep"),
        ("<x-y>" * 20_000 + BODY, "deep"),
        ("<div>" * 100_000 + BODY + "</div>" * 100_000, "tags"),
        ("".join(f"<font size={i}>" for i in range(5_000)) + BODY, "formatting"),
        ("<p>x" * 500_000, "tags"),
        ("<div " + " ".join(f"a{i}" for i in range(20_000)) + ">" + BODY, "attributes"),
    ],
)
def test_what_would_cost_too_much_is_refused(markup: str, why: str) -> None:
    with pytest.raises(UnreadablePage, match=why):
        read_page(markup.encode())


@pytest.mark.parametrize(
    "markup",
    [
        "<blockquote>" * 1_000 + BODY,
        "<a href=x>one</a> " * 20_000 + f"<div>{BODY}</div>",
        "<!--" * 50_000 + "-->" + BODY,
        "<title>" + "a | " * 100_000 + "</title>" + BODY,
        "<h1>" + "1-" * 100_000 + "</h1>" + BODY,
        "<div class='" + "related " * 50_000 + "'>" + BODY + "</div>",
        "<div data-x='" + "a=b " * 50_000 + "'>" + BODY + "</div>",
        '<script type="application/ld+json">' + "[" * 200_000 + "</script>" + BODY,
        "<script>" + "window.state = {" * 20_000 + "</script>" + BODY,
        "<p>" + " " * 1_000_000 + BODY,
        "<p>" + "?" * 200_000 + "</p>" + BODY,
    ],
)
def test_the_body_is_read_through_the_noise(markup: str) -> None:
    assert EN[0] in read_page(markup.encode()).text


@pytest.mark.parametrize("char", ["a", "字", ",", "，", "1", ".", "?", "<", "&", "\u200b", "锟", " ", "\x00", "\ufffd"])
def test_a_megabyte_of_one_character(char: str) -> None:
    for markup in (char * 300_000, f"<p>{char * 300_000}"):
        with suppress(PageError):
            check(read_page(markup.encode()))


def test_random_bytes_and_broken_pages_raise_nothing_else() -> None:
    rng = random.Random(7)
    pages = [page(f"<div>{paragraphs(lines)}</div>") for lines in (EN, ZH)]
    for _ in range(300):
        raw = bytearray(rng.choice(pages))
        for _ in range(rng.randint(1, 20)):
            at = rng.randrange(len(raw))
            raw[at : at + rng.randint(0, 20)] = bytes(rng.randrange(256) for _ in range(rng.randint(0, 20)))
        with suppress(PageError):
            check(read_page(bytes(raw)))
