"""Destroyed text is known as such, and real text is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.pages.mojibake import is_mojibake
from tests.pages.articles import EN, ZH

SENTENCES = [p for p in ZH if len(p) > 30]


@pytest.mark.parametrize(
    ("wrote", "read"),
    [
        ("utf-8", "latin-1"),
        ("utf-8", "cp1252"),
        ("gbk", "latin-1"),
        ("utf-8", "gbk"),
        ("gbk", "utf-8"),
        ("utf-8", "big5"),
        ("gbk", "shift-jis"),
        ("ascii", "ascii"),
    ],
)
@pytest.mark.parametrize("text", SENTENCES)
def test_wrong_encodings(text: str, wrote: str, read: str) -> None:
    assert is_mojibake(text.encode(wrote, "replace").decode(read, "replace"))


@pytest.mark.parametrize(
    "text",
    [
        "??ʵά??ũ??Ⱥ?ںϷ?Ȩ??",
        "锟斤拷锟斤拷锟斤拷锟斤拷",
        "\ufffd\ufffd\ufffd\ufffd年\ufffd\ufffd",
        "ÖÐ¹úÐÂÎÅÍø±±¾©",
        "烫烫烫烫烫烫",
        "????????????4??9?",
        "涓浗鏂伴椈缃戝寳浜",
    ],
)
def test_destroyed(text: str) -> None:
    assert is_mojibake(text)


@pytest.mark.parametrize(
    "text",
    [
        *ZH,
        *EN,
        "",
        "?",
        "真的？？？？",
        "Really??? You think so???",
        "https://example.com/?a=1&b=2&c=??",
        "Café, naïveté, Ångström, Łódź, Dvořák",
        "Ça a été très différé, répète-t-il, là où l’été s’achève",
        "Straße, Größe, Übergänge, fünfzehn Bäche",
        "itâ€™s only one apostrophe, and the rest of this sentence can be read",
        "他姓「龘」，名「靐」。",
        "鑫淼焱垚森，昇腾麒麟鲲鹏",
        "Москва — столица России",
        "東京の新しい工場",
        "輝達與臺積電宣布在臺南擴建產線，預計明年量產",
        "1 ? 2 : 3 ? 4 : 5",
        "（１０，０００円）＋￥５０",
    ],
)
def test_real_text(text: str) -> None:
    assert not is_mojibake(text)


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    assert is_mojibake(text) in (True, False)


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="?"), max_size=200))
def test_ascii_without_question_marks_is_clean(text: str) -> None:
    assert not is_mojibake(text)
