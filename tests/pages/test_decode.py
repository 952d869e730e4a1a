"""Bytes to text: declarations, lies and damage."""

from __future__ import annotations

import pytest

from extractors.errors import UnreadablePage
from extractors.pages.decode import MAX_BYTES, decode

HANS = "<p>公司在上海发布了新的芯片，这是今年的第二次，用户可以在网上订购。</p>" * 20
HANT = "<p>公司在臺北發布了新的晶片，這是今年的第二次，用戶可以在網上訂購。</p>" * 20


@pytest.mark.parametrize("codec", ["gb18030", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32"])
@pytest.mark.parametrize("declared", ["", "gb2312", "utf-8", "big5", "iso-8859-1", "no-such-charset", "hex"])
def test_simplified_is_read_whatever_is_declared(codec: str, declared: str) -> None:
    page = f"<html><meta charset={declared}>{HANS}</html>"
    assert decode(page.encode(codec)) == page


@pytest.mark.parametrize("declared", ["", "gb2312", "utf-8", "big5", "iso-8859-1"])
def test_big5_is_read_whatever_is_declared(declared: str) -> None:
    page = f"<html><meta charset={declared}>{HANT}</html>"
    assert decode(page.encode("big5hkscs")) == page


def test_header_and_site_count_where_the_page_is_silent() -> None:
    page = "<p>Ein paar Wörter für den Test, größer als nichts</p>" * 10
    raw = page.encode("iso8859-15")
    assert decode(raw, headers=(("Content-Type", "text/html; charset=ISO-8859-15"),)) == page
    assert decode(raw, charset="iso-8859-15") == page


def test_a_broken_tail_does_not_change_the_charset() -> None:
    raw = HANS.encode()
    assert decode(raw[:-8]).startswith(HANS[:-10])
    raw = HANS.encode("gb18030")
    assert decode(raw[:-5] + b"\xff").startswith(HANS[:-10])


@pytest.mark.parametrize(
    "raw",
    [b"%PDF-1.7\n...", b"\x1f\x8b\x08\x00rest", b"\x89PNG\r\n\x1a\n", b"MZ\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00"],
)
def test_binary_is_refused_by_name(raw: bytes) -> None:
    with pytest.raises(UnreadablePage, match=r"bytes are|zero bytes"):
        decode(raw, url="https://example.org/x")


def test_too_large_is_refused() -> None:
    with pytest.raises(UnreadablePage, match="over the limit"):
        decode(b" " * (MAX_BYTES + 1))


@pytest.mark.parametrize("first", ["utf-8", "gb18030"])
@pytest.mark.parametrize("between", ["latin-1", "iso8859-15"])
def test_a_text_that_was_encoded_twice_is_read(first: str, between: str) -> None:
    page = f"<html><meta charset=gb2312>{HANS}</html>"
    assert decode(page.encode(first).decode(between).encode()) == page


def test_a_text_that_was_encoded_three_times_is_read() -> None:
    page = f"<html>{HANS}</html>"
    assert decode(page.encode("gb18030").decode("iso8859-15").encode().decode("latin-1").encode()) == page


def test_accents_by_the_hundred_are_not_undone() -> None:
    page = "<p>Ça a déjà été révélé à l'Élysée, où l'on préfère se taire, a-t-il répété.</p>" * 60
    assert decode(page.encode()) == page
