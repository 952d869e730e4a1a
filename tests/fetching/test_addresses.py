"""What is public and what is not, in every spelling."""

from __future__ import annotations

import asyncio

import pytest

from pipelines.fetching.addresses import checked_addresses, is_public, literal, same_site
from pipelines.fetching.failures import FetchFailed, UnsafeAddress


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1"),
        *("192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1"),
        *("240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "100::1"),
        *("64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "no address", ""),
    ],
)
def test_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "114.114.114.114", "2606:4700:4700::1111", "2400:3200::1", "64:ff9b::8.8.8.8"]
)
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.1", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("3232235777", "192.168.1.1"),
        ("[::1]", "::1"),
        ("0", "0.0.0.0"),
        ("36kr.com", None),
        ("0x.example", None),
        ("", None),
    ],
)
def test_spellings(host: str, address: str | None) -> None:
    assert literal(host) == address


def test_a_number_that_is_no_address_is_refused() -> None:
    with pytest.raises(UnsafeAddress):
        literal("4294967296")


@pytest.mark.parametrize(
    ("addresses", "error"),
    [
        (["93.184.216.34", "10.0.0.1"], "unsafe_address"),
        (["10.0.0.1"], "unsafe_address"),
        (["2606:4700::1", "::1"], "unsafe_address"),
        ([], "dns"),
    ],
)
def test_all_answers_of_a_name_server_must_be_public(addresses: list[str], error: str) -> None:
    async def resolver(host: str, port: int) -> list[str]:
        return addresses

    with pytest.raises(FetchFailed) as failure:
        asyncio.run(checked_addresses("a.example", 80, resolver))
    assert failure.value.outcome == error


def test_public_answers_are_taken_in_their_order() -> None:
    async def resolver(host: str, port: int) -> list[str]:
        return ["2606:4700::1", "1.1.1.1"]

    assert asyncio.run(checked_addresses("a.example", 80, resolver)) == ["2606:4700::1", "1.1.1.1"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://rss.cnbeta.com.tw/", "https://www.cnbeta.com.tw/x", True),
        ("https://www.cnbeta.com.tw/", "https://www.msn.com/", False),
        ("https://a.com.cn/", "https://b.com.cn/", False),
        ("http://a.yunhai.example/", "http://b.yunhai.example/", True),
        ("http://127.0.0.1:1/", "http://127.0.0.1:2/", True),
        ("http://127.0.0.1/", "http://10.0.0.1/", False),
    ],
)
def test_same_site(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same
