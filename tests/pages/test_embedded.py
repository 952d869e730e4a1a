"""Articles that only a script holds."""

from __future__ import annotations

import json

import pytest

from extractors.errors import NotAnArticle
from extractors.pages import read_page
from extractors.pages.embedded import linked_article, state_article
from tests.pages.pages_made import EN, ZH, page, paragraphs

HTML = paragraphs(ZH)


@pytest.mark.parametrize(
    "script",
    [
        '<script id="__NEXT_DATA__" type="application/json">{json}</script>',
        "<script>window.__INITIAL_STATE__={json};</script>",
        '<script>window["initialState"] = {json}</script>',
        "<script>window.initialState={quoted};</script>",
        "<script>window.__NUXT__ = {json};(function(){{}})()</script>",
        "<script>var pageData = {json};</script>",
    ],
)
@pytest.mark.parametrize(
    "state",
    [
        {"props": {"article": {"title": "甲公司订购加速卡", "content": HTML}}},
        {"list": [{"a": 1}, {"articleContent": HTML}], "menu": ["首页", "科技"]},
        {"body": [{"type": "p", "text": line} for line in ZH]},
        {"detail": {"text": "\n".join(ZH)}},
    ],
)
def test_state_of_a_script(script: str, state: object) -> None:
    text = json.dumps(state, ensure_ascii=False)
    filled = script.format(json=text, quoted=json.dumps(text))
    article = read_page(page(f"<div id=app></div>{filled}", title="甲公司订购加速卡_某网", lang="zh"))
    assert article.text == "\n".join(ZH)


def test_writer_and_date_stand_beside_the_text_in_the_state() -> None:
    data = {"id": 7, "author": {"name": "王五"}, "publishedAt": "2024-07-10T08:30:00+08:00", "content": HTML}
    state = json.dumps({"article": data, "user": {"name": "guest"}}, ensure_ascii=False)
    article = read_page(page(f'<script id="__NEXT_DATA__" type="application/json">{state}</script>'))
    assert article.byline == "王五"
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2024-07-10T08:30:00+08:00"


def test_article_body_of_linked_data() -> None:
    data = json.dumps({"@type": "NewsArticle", "headline": "Firm orders", "articleBody": "\n\n".join(EN)})
    raw = page(f'<script type="application/ld+json">{data}</script><div id=root></div>')
    assert read_page(raw).text == "\n".join(EN)


def test_markup_goes_before_a_summary_in_json() -> None:
    data = json.dumps({"@type": "NewsArticle", "articleBody": EN[0]})
    raw = page(f'<script type="application/ld+json">{data}</script><div>{paragraphs(EN)}</div>')
    assert read_page(raw).text == "\n".join(EN)


@pytest.mark.parametrize(
    "broken",
    [
        "{",
        '{"@type": "NewsArticle", "articleBody": ',
        "[" * 100_000,
        '"',
        "nonsense",
        "",
        '{"@type": 3}',
        '{"@graph": 1}',
        "null",
    ],
)
def test_broken_json_is_no_article_and_no_crash(broken: str) -> None:
    assert linked_article(f'<script type="application/ld+json">{broken}</script>'.encode()) is None
    assert state_article(f"<script>window.__STATE__ = {broken}</script>", None) is None
    with pytest.raises(NotAnArticle):
        read_page(page(f'<script id="__NEXT_DATA__">{broken}</script>'))
