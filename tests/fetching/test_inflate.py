"""Content codings: what goes in comes out, whatever the pieces, and no more than the limits allow."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pipelines.fetching.failures import CannotInflate
from pipelines.fetching.inflate import Inflater
from tests.fetching.wire import MIB, bomb

CODINGS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
    "identity": bytes,
}


def inflater(coding: str, max_body: int = 10 * MIB, max_ratio: int = 10**9) -> Inflater:
    return Inflater(coding, max_body=max_body, max_ratio=max_ratio, ratio_from=MIB)


def feed(found: Inflater, coded: list[bytes]) -> None:
    for piece in coded:
        found.feed(piece)


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@pytest.mark.parametrize("coding", CODINGS)
@given(body=st.binary(max_size=3000), repeat=st.integers(1, 60), size=st.integers(1, 5000))
def test_what_was_coded_comes_out(coding: str, body: bytes, repeat: int, size: int) -> None:
    whole = body * repeat
    found = inflater(coding)
    feed(found, pieces(CODINGS[coding](whole), size))
    assert found.finish() == whole
    assert found.size == len(whole)


@pytest.mark.parametrize("coding", [c for c in CODINGS if c != "identity"])
@given(cut=st.integers(1, 40))
def test_what_is_cut_off_is_told(coding: str, cut: int) -> None:
    coded = CODINGS[coding](bytes(range(256)) * 10)
    found = inflater(coding)
    found.feed(coded[: max(1, len(coded) - cut)])
    with pytest.raises(CannotInflate, match="cut off"):
        found.finish()


def test_deflate_without_its_wrapper() -> None:
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    found = inflater("deflate")
    found.feed(stream.compress(b"hello") + stream.flush())
    assert found.finish() == b"hello"


def test_members_and_padding_of_gzip() -> None:
    found = inflater("gzip")
    found.feed(gzip.compress(b"one ") + gzip.compress(b"two") + bytes(10))
    assert found.finish() == b"one two"


def test_an_empty_body_needs_no_coding() -> None:
    # Answers to HEAD and some error pages name a coding and carry nothing.
    assert [inflater(coding).finish() for coding in CODINGS] == [b""] * len(CODINGS)


@pytest.mark.parametrize("coding", ["gzip", "members", "deflate", "br", "zstd", "gzip, gzip", "br, gzip"])
@pytest.mark.parametrize("size", [1000, 65536])
def test_a_bomb_costs_some_mib(coding: str, size: int) -> None:
    found = Inflater("gzip" if coding == "members" else coding, max_body=10 * MIB, max_ratio=200, ratio_from=MIB)
    with pytest.raises(CannotInflate) as failure:
        feed(found, pieces(bomb(coding), size))
    assert failure.value.outcome == "too_large"
    assert found.size < 6 * MIB


def test_a_bomb_of_low_ratio_meets_the_size() -> None:
    found = inflater("gzip", max_body=MIB)
    with pytest.raises(CannotInflate, match="over 1048576 bytes inflated"):
        feed(found, pieces(bomb("gzip"), 100))
    assert found.size <= MIB + 64 * 1024


def test_the_wire_has_a_limit_of_its_own() -> None:
    found = inflater("", max_body=100)
    with pytest.raises(CannotInflate, match="on the wire"):
        found.feed(bytes(101))
    assert found.so_far() == b""


def test_a_window_that_no_browser_would_open() -> None:
    wide = zstandard.ZstdCompressionParameters(window_log=27)
    stream = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    found = inflater("zstd")
    with pytest.raises(CannotInflate, match=r"memory|window|parameter"):
        found.feed(stream.compress(bytes(100)) + stream.flush())
