"""The lexicons hold what they promise, and refuse what breaks their rules."""

from __future__ import annotations

from importlib.resources import files

import pytest

from extractors.entities.gpu_count import find_gpu_counts
from extractors.entities.passage import Passage
from extractors.errors import LexiconError
from extractors.lexicons import bounds, chips, currencies
from extractors.lexicons.chips import h100_equivalent, load_chips
from extractors.lexicons.currencies import load_currencies
from extractors.lexicons.trie import trie

# ISO 4217 list one (2026), without funds codes (BOV, CHE, CHW, CLF, COU, MXV, USN, UYI, UYW), metals, XTS, XXX, XDR,
# XSU and XUA.
ISO_4217 = [
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BHD", "BIF",
    "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY",
    "COP", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD",
    "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR",
    "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW",
    "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK",
    "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR",
    "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF",
    "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP",
    "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU",
    "UZS", "VED", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZAR", "ZMW",
    "ZWG",
]  # fmt: skip


def test_every_active_currency_is_there() -> None:
    codes = {c.code for c in load_currencies()}
    # The lev was in use until the end of 2025, and older news counts in it.
    assert codes - {"BGN"} == set(ISO_4217)


def test_every_currency_has_words_in_both_languages() -> None:
    assert [c.code for c in load_currencies() if not c.names or not c.zh] == []


def test_parts_are_smaller_than_the_whole() -> None:
    assert all(0 < worth < 1 for c in load_currencies() for _, worth in c.minor)


def test_a_word_of_two_currencies_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(currencies, "_text", lambda: '[USD]\nsymbols = ["$"]\n\n[CAD]\nsymbols = ["$"]\n')
    load_currencies.cache_clear()
    try:
        with pytest.raises(LexiconError, match=r"currencies\.toml:4: \[CAD\] '\$' is already USD"):
            load_currencies()
    finally:
        monkeypatch.undo()
        load_currencies.cache_clear()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[usd]\nsymbols = ["$"]', "must be an ISO code"),
        ("[USD]\nsymbols = 5", "symbols must be a list"),
        ("[USD]\nminor = { cent = 'few' }", "minor must give each word its worth"),
        ("[USD]\nnickname = ['buck']", "with the fields that the head names"),
    ],
)
def test_bad_currencies_name_their_line(monkeypatch: pytest.MonkeyPatch, text: str, problem: str) -> None:
    monkeypatch.setattr(currencies, "_text", lambda: text)
    load_currencies.cache_clear()
    try:
        with pytest.raises(LexiconError, match=problem):
            load_currencies()
    finally:
        monkeypatch.undo()
        load_currencies.cache_clear()


def test_chips_are_one_vendor_each_and_have_plausible_figures() -> None:
    for chip in load_chips():
        assert chip.year is None or 2010 <= chip.year <= 2030, chip
        assert chip.memory_gb is None or 0 < chip.memory_gb <= 1024, chip
        assert chip.tflops_bf16 is None or 10 <= chip.tflops_bf16 <= 5000, chip
        assert chip.tdp_w is None or 1 < chip.tdp_w <= 2000, chip


def test_the_chips_that_news_names_are_known() -> None:
    vendors = {c.vendor for c in load_chips()}
    assert vendors >= {
        "NVIDIA", "AMD", "Intel", "Google", "AWS", "Microsoft", "Meta", "Groq", "Cerebras", "SambaNova", "Huawei",
        "Cambricon", "Hygon", "Kunlunxin", "Moore Threads", "Biren", "MetaX", "Enflame", "Iluvatar", "T-Head",
    }  # fmt: skip
    assert {c.name for c in load_chips()} >= {
        "P100",
        "V100",
        "A100",
        "H100",
        "H200",
        "H20",
        "B200",
        "GB200",
        "GB300",
        "Rubin",
    }


@pytest.mark.parametrize(("surface", "name"), [(s, c.name) for c in load_chips() for s in c.surfaces])
def test_every_surface_counts_as_its_chip(surface: str, name: str) -> None:
    (count,) = find_gpu_counts(Passage.of(f"采购了1200块{surface}芯片。", "zh"))
    assert (count.low, count.model) == (1200, name)


def test_h100_equivalents() -> None:
    assert h100_equivalent("H100", 7) == 7.0
    assert h100_equivalent("Ascend 950", 1000) is None  # No dense BF16 figure is public.
    assert h100_equivalent("no such chip", 5) is None
    assert h100_equivalent("H100/B200", 8) is None  # Which of the two is not said.
    assert h100_equivalent("mi300x", 1000) == pytest.approx(1321.4)


@pytest.mark.parametrize(
    ("rows", "line", "problem"),
    [
        ("name,family\n", 1, "columns must be"),
        ("H100,Hopper,,H100,2022,80,989.4,700\n", 2, "needs name, family, vendor"),
        ("H100,Hopper,NVIDIA,H100,2022,lots,989.4,700\n", 2, "not a number: 'lots'"),
        ("A1,A,X,A1,,,,\nA2,A,X,a1,,,,\n", 3, "'a1' is also A1"),
    ],
)
def test_bad_chips_name_their_line(monkeypatch: pytest.MonkeyPatch, rows: str, line: int, problem: str) -> None:
    head = files("extractors.lexicons").joinpath("chips.csv").read_text("utf-8").split("\n")[0]
    monkeypatch.setattr(chips, "_text", lambda: rows if rows.startswith("name") else f"{head}\n{rows}")
    load_chips.cache_clear()
    try:
        with pytest.raises(LexiconError, match=problem) as caught:
            load_chips()
        assert caught.value.line == line
    finally:
        monkeypatch.undo()
        load_chips.cache_clear()


def test_min_and_max_win_over_about() -> None:
    assert bounds.bound_around("超过约13亿", 3, 6, "zh") == "min"
    assert bounds.bound_around("约13亿以上", 1, 4, "zh") == "min"
    assert bounds.bound_around("up to roughly 13 GPUs", 14, 16, "en") == "max"


def test_trie_needs_surfaces() -> None:
    for none in ([], [""]):
        with pytest.raises(ValueError, match="no surfaces"):
            trie(none)
