"""What must hold for every number, amount and count, not only for those in the phrases."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.entities.gpu_count import find_gpu_counts
from extractors.entities.money import find_money
from extractors.entities.passage import Passage
from extractors.lexicons.currencies import Currency, load_currencies
from extractors.numbers import find_quantities
from extractors.text import fold
from tests.quantities import render
from tests.quantities.phrases import Phrase, load

# The first example compiles the patterns.
relaxed = settings(deadline=None)
WHOLE = st.integers(min_value=1, max_value=10**12 - 1)
CENTS = st.decimals(min_value="1000.01", max_value="99999999.99", places=2)
CURRENCIES = st.sampled_from(load_currencies())
PHRASES = [p for name in ("numbers", "money", "gpu_count") for p in load(name)[0] if p.lang == "zh"]


def values(text: str, lang: str) -> list[tuple[Decimal, Decimal | None, str]]:
    return [(q.low, q.high, q.bound) for q in Passage.of(text, lang).quantities]


@relaxed
@given(WHOLE)
def test_chinese_numerals_parse_back(n: int) -> None:
    if n in (10_000, 10**8):
        return
    written = render.zh(n)
    assert values(f"共{written}。", "zh") == [(Decimal(n), Decimal(n), "exact")]


@relaxed
@given(st.integers(min_value=10, max_value=10**12 - 1))
def test_financial_numerals_parse_back(n: int) -> None:
    assert values(f"共{render.zh(n).translate(render.FINANCIAL)}元", "zh") == [(Decimal(n), Decimal(n), "exact")]


@relaxed
@given(WHOLE, st.sampled_from([" ", " and "]))
def test_english_words_parse_back(n: int, joint: str) -> None:
    assert values(f"There are {render.en(n, joint)}.", "en") == [(Decimal(n), Decimal(n), "exact")]


@relaxed
@given(WHOLE, st.sampled_from(["zh", "en"]))
def test_separators_change_no_value(n: int, lang: str) -> None:
    by_four = ""
    digits = str(n)
    while digits:
        digits, by_four = digits[:-4], digits[-4:] + ("," if by_four else "") + by_four
    for written in (str(n), f"{n:,}", f"{n:,}".replace(",", "'"), by_four):
        assert values(f" {written} ", lang) == [(Decimal(n), Decimal(n), "exact")]


@relaxed
@given(
    st.integers(1, 9999),
    st.integers(0, 9),
    st.sampled_from([("k", 3), ("m", 6), (" million", 6), ("bn", 9), (" trillion", 12)]),
)
def test_scales_multiply(whole: int, tenth: int, scale: tuple[str, int]) -> None:
    word, power = scale
    wanted = Decimal(f"{whole}.{tenth}") * 10**power
    assert values(f"{whole}.{tenth}{word}", "en") == [(wanted, wanted, "exact")]


@relaxed
@given(st.integers(1, 9999), st.sampled_from([("万", 4), ("亿", 8), ("千万", 7), ("百万", 6), ("万亿", 12)]))
def test_chinese_scales_multiply(whole: int, scale: tuple[str, int]) -> None:
    word, power = scale
    wanted = Decimal(whole) * 10**power
    spelled = [f"{render.zh(whole)}{word}"] if word in ("万", "亿", "万亿") else []
    for written in (f"{whole}{word}", f"{whole} {word}", *spelled):
        assert values(f"约{written}个", "zh") == [(wanted, wanted, "about")]


@relaxed
@given(CENTS, CURRENCIES)
def test_codes_and_names_give_their_currency(amount: Decimal, currency: Currency) -> None:
    surfaces = [f"{currency.code} {amount}", f"{amount} {currency.code}"] if currency.code in currency.symbols else []
    surfaces += [f"{amount} {name}" for name in currency.names if not name.startswith(("pound", "won"))]
    for surface in surfaces:
        text = f"They paid {surface} in cash."
        (money,) = find_money(Passage.of(text, "en"))
        assert (money.low, money.high, money.currency, money.text) == (amount, amount, currency.code, surface)


@relaxed
@given(CENTS, CURRENCIES)
def test_chinese_names_give_their_currency(amount: Decimal, currency: Currency) -> None:
    for name in currency.zh:
        text = f"共支付{amount}{name}。"
        (money,) = find_money(Passage.of(text, "zh"))
        assert (money.low, money.currency, money.text) == (amount, currency.code, f"{amount}{name}")


@relaxed
@given(st.integers(2, 10**9), st.sampled_from(["H100", "A100", "MI300X", "GB200", "TPU v5p"]))
def test_counts_parse_back(n: int, model: str) -> None:
    for text, lang, span in (
        (f"部署{n}块{model}。", "zh", f"{n}块{model}"),
        (f"部署 {n:,} 张 {model} 显卡", "zh", f"{n:,} 张 {model} 显卡"),
        (f"It has {n:,} {model} GPUs.", "en", f"{n:,} {model} GPUs"),
        (f"It has {n:,} {model}s.", "en", f"{n:,} {model}s"),
    ):
        (count,) = find_gpu_counts(Passage.of(text, lang))
        assert (count.low, count.high, count.model, count.text) == (n, n, model, span)


CHARACTERS = "0123456789.,-+$¥€£% 万亿百千十一两数几多余约近超元块张个卡美港人民币到至或、()（），。HAGPU80xX×"
WORDS = [
    "H100", " GPUs", "million", " billion", "US$", "RMB ", "dollars", "英伟达", " to ", "between ", "per ", "/股",
    "up to ", "half a ", "minus ",
]  # fmt: skip
ALPHABET = st.sampled_from([*CHARACTERS, *WORDS])


@settings(max_examples=400, deadline=None)
@given(st.lists(ALPHABET, max_size=40).map("".join), st.sampled_from(["zh", "en"]))
def test_whatever_the_text(text: str, lang: str) -> None:
    passage = Passage.of(text, lang)
    for found in (passage.quantities, find_money(passage), find_gpu_counts(passage)):
        end = 0
        for e in found:
            assert end <= e.start < e.end <= len(text)
            assert e.high is None or e.low <= e.high
            assert getattr(e, "text", None) in (None, text[e.start : e.end])
            end = e.end


@relaxed
@given(st.text(max_size=60))
def test_any_unicode(text: str) -> None:
    for lang in ("zh", "en"):
        passage = Passage.of(text, lang)
        find_money(passage)
        find_gpu_counts(passage)


def everything(text: str, lang: str) -> list[tuple[object, ...]]:
    passage = Passage.of(text, lang)
    return [
        *((q.low, q.high, q.bound) for q in passage.quantities),
        *((m.low, m.high, m.bound, m.currency, m.per) for m in find_money(passage)),
        *((c.low, c.high, c.bound, c.vendor, c.model) for c in find_gpu_counts(passage)),
    ]


@pytest.mark.parametrize("phrase", PHRASES, ids=str)
def test_width_changes_no_value(phrase: Phrase) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in phrase.text)
    if "," in phrase.text:
        # A full-width comma between full-width digits still groups them.
        assert len(wide) == len(phrase.text)
    assert everything(wide, "zh") == everything(phrase.text, "zh")


@cache
def converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


@pytest.mark.parametrize("target", ["s2t", "s2tw", "s2hk"])
def test_script_changes_no_value(target: str) -> None:
    convert = converter(target).convert
    changed = [
        (p.text, convert(p.text)) for p in PHRASES if everything(convert(p.text), "zh") != everything(p.text, "zh")
    ]
    assert changed == []


def test_folded_text_is_what_the_rules_read() -> None:
    text = "１０萬塊Ｈ１００"
    assert [(q.low, q.end) for q in find_quantities(fold(text), "zh")] == [(Decimal(100000), 3)]
