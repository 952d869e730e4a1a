"""The peers' own test cases, judged by value and unit."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from extractors.entities.money import find_money
from extractors.entities.passage import Passage

ROOT = Path(__file__).parents[2]
SUITES = ROOT.parent / "shared" / "suites"
DISAGREEMENTS = Path(__file__).with_name("suite_disagreements.toml")
NAMES = (
    "recognizers_currency_zh",
    "recognizers_currency_en",
    "recognizers_number_zh",
    "recognizers_number_en",
    "cn2an_zh",
    "price_parser_mul",
    "quantulum3_money_en",
)
# Units that a peer leaves open and the guidelines do not.
_CODES = {
    "Dollar": "USD",
    "Cent": "USD",
    "cent": "USD",
    "dime": "USD",
    "Rupee": "INR",
    "Pound": "GBP",
    "Franc": "CHF",
    "Pence": "GBP",
}
# What price-parser writes for a unit where it has no code.
_NOT_ISO = {"LEI": "RON", "CFA": "XOF"}
# The peer counts these, the guidelines count in whole units.
_PARTS = {
    "Cent": Decimal("0.01"),
    "cent": Decimal("0.01"),
    "Pence": Decimal("0.01"),
    "Penny": Decimal("0.01"),
    "dime": Decimal("0.1"),
}


def cases(name: str) -> Iterator[dict[str, Any]]:
    with (SUITES / f"{name}.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def disagreements() -> dict[str, dict[int, tuple[str, bool]]]:
    """By suite and case: the reason, and whether the case contradicts the guidelines."""
    table = tomllib.loads(DISAGREEMENTS.read_text("utf-8"))
    out: dict[str, dict[int, tuple[str, bool]]] = {name: {} for name in NAMES}
    for row in table["disagreement"]:
        for case in row["cases"]:
            out[row["suite"]][case] = (row["reason"], row["contradicts"])
    return out


def is_right(name: str, case: dict[str, Any]) -> bool:
    """Whether our values and units are those that the peer expects.

    price-parser reads one price from a text: its first is compared with our first.
    """
    text = case["text"]
    lang = case["lang"] if case["lang"] in ("zh", "en") else None
    passage = Passage.of(text, lang)
    expected = [e for e in case["expected"] if e["value"] is not None]
    if name == "price_parser_mul" and not case["currency_in_text"]:
        return _same(expected[:1], [(0, len(text), q.low, None) for q in passage.quantities][:1], spans=False)
    if "number" in name or (name == "cn2an_zh" and not any(c in text for c in "元圆")):
        return _same(expected, [(q.start, q.end, q.low, None) for q in passage.quantities])
    money = [(m.start, m.end, m.low, m.currency) for m in find_money(passage)]
    if name == "price_parser_mul":
        return _same(expected[:1], money[:1], spans=False)
    return _same(expected, money)


def _same(
    expected: list[dict[str, Any]], ours: Sequence[tuple[int, int, Decimal, str | None]], *, spans: bool = True
) -> bool:
    if len(expected) != len(ours):
        return False
    return all(
        (not spans or (start < e["end"] and e["start"] < end)) and _close(value, e) and _unit(currency, e)
        for e, (start, end, value, currency) in zip(expected, ours, strict=True)
    )


def _close(value: Decimal, e: dict[str, Any]) -> bool:
    wanted = float(Decimal(str(e["value"])) * _PARTS.get(e["unit_raw"] or "", Decimal(1)))
    return abs(float(value) - wanted) <= 1e-9 * max(1.0, abs(wanted))


def _unit(currency: str | None, e: dict[str, Any]) -> bool:
    wanted = _NOT_ISO.get(e["unit"] or "", e["unit"]) or _CODES.get(e["unit_raw"] or "")
    return currency is None or wanted is None or currency == wanted
