"""Numbers, money and counts beside the peers that are installed: accuracy on gold and suites, characters a second.

    python -m tests.bench.quantities [--seconds 3] [--peers-from SITE_PACKAGES]

Everything runs in one process, one after the other, on one core; times are of the process, so the ratios hold on a
busy machine. A peer that is not installed is left out (`pip install chipwire[bench]`; Recognizers-Text needs emoji<2).
The gold records and the peers' suites lie beside a developer's checkout, in ../shared.

Accuracy, money in gold: an amount is found when the peer gives an overlapping one with the same value (the lower end of
a range will do for a peer without ranges) and, in the second figure, the same currency. Suites: the share of cases
whose values, and units where the peer names them, are all right and nothing more is found; each suite is its author's
own.
"""

from __future__ import annotations

import argparse
import importlib
import json
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from extractors.entities.gpu_count import find_gpu_counts
from extractors.entities.money import find_money
from extractors.entities.passage import Passage
from extractors.lexicons.currencies import load_currencies
from tests.quantities import suites

ROOT = Path(__file__).parents[2]
GOLD = ROOT.parent / "shared" / "gold"
# Numbers and their like, for texts that hold none.
NUMERALS = {
    "zh": re.compile("[0-9０-９零〇一二三四五六七八九十百千万亿兆两数几上单壹贰叁肆伍陆柒捌玖拾佰仟萬億兩幾單數]"),
    "en": re.compile(
        r"[0-9]|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|\w*hundreds?"
        r"|\w*thousands?|\w*[mbtr]+illions?|dozens?|half|quarter|several|few|couple|many|multi|single|tens)\b",
        re.I,
    ),
}
HOSTILE = (
    "1",
    "万",
    "$",
    " ",
    "1,",
    "1，",
    "一",
    "¥1",
    "8 GPU ",
    "1 chip ",
    "one ",
    "and ",
    "$1-",
    "元",
    "1元/",
    "单",
    "H100 x ",
)


@dataclass(frozen=True, slots=True)
class Found:
    start: int
    end: int
    value: float
    currency: str | None


@dataclass(frozen=True, slots=True)
class Reader:
    name: str
    langs: tuple[str, ...]
    money: Callable[[str, str], Sequence[Found]]
    numbers: Callable[[str, str], Sequence[Found]] | None
    whole_text: bool = False
    """Reads one price from a text and finds none inside it."""


def ours() -> Reader:
    def money(text: str, lang: str) -> list[Found]:
        return [Found(m.start, m.end, float(m.low), m.currency) for m in find_money(Passage.of(text, lang))]

    def numbers(text: str, lang: str) -> list[Found]:
        return [Found(q.start, q.end, float(q.low), None) for q in Passage.of(text, lang).quantities]

    return Reader("chipwire", ("zh", "en"), money, numbers)


def _code(word: str | None) -> str | None:
    """The ISO code of a peer's name for a currency."""
    if not word:
        return None
    for c in load_currencies():
        if word == c.code or word in c.symbols or word.lower() in c.names or word in c.zh:
            return c.code
    return {"Dollar": "USD", "dollar": "USD", "元": "CNY", "Pound": "GBP", "pound sterling": "GBP", "Cent": "USD"}.get(
        word
    )


class PeerResult(Protocol):
    start: int
    end: int
    resolution: Mapping[str, str]


class Peer(Protocol):
    def parse(self, text: str) -> Sequence[PeerResult]: ...


def recognizers() -> Reader:
    units = importlib.import_module("recognizers_number_with_unit")
    plain = importlib.import_module("recognizers_number")
    culture = {"zh": units.Culture.Chinese, "en": units.Culture.English}
    money_model = {lang: units.NumberWithUnitRecognizer(c).get_currency_model() for lang, c in culture.items()}
    number_model = {lang: plain.NumberRecognizer(c).get_number_model() for lang, c in culture.items()}

    def read(model: dict[str, Peer], text: str, lang: str) -> list[Found]:
        out = []
        for r in model[lang].parse(text):
            value = r.resolution.get("value")
            if value is not None:
                unit = r.resolution.get("isoCurrency") or _code(r.resolution.get("unit"))
                out.append(Found(r.start, r.end + 1, float(value), unit))
        return out

    return Reader(
        "Recognizers-Text",
        ("zh", "en"),
        lambda text, lang: read(money_model, text, lang),
        lambda text, lang: read(number_model, text, lang),
    )


def jionlp() -> Reader:
    jio = importlib.import_module("jionlp")

    def money(text: str, lang: str) -> list[Found]:
        out = []
        for row in jio.ner.extract_money(text, with_parsing=True):
            number = (row.get("detail") or {}).get("num")
            first = number[0] if isinstance(number, (list, tuple)) else number
            if first is not None:
                out.append(Found(*row["offset"], float(first), _code(row["detail"].get("case"))))
        return out

    return Reader("JioNLP", ("zh",), money, None)


def quantulum() -> Reader:
    parser = importlib.import_module("quantulum3.parser")

    def money(text: str, lang: str) -> list[Found]:
        return [
            Found(*q.span, float(q.value), _code(q.unit.name))
            for q in parser.parse(text)
            if q.unit.entity.name == "currency"
        ]

    def numbers(text: str, lang: str) -> list[Found]:
        return [Found(*q.span, float(q.value), None) for q in parser.parse(text)]

    return Reader("quantulum3", ("en",), money, numbers)


def price_parser() -> Reader:
    price = importlib.import_module("price_parser").Price

    def money(text: str, lang: str) -> list[Found]:
        p = price.fromstring(text)
        return [] if p.amount is None else [Found(0, len(text), float(p.amount), _code(p.currency))]

    return Reader("price-parser", ("zh", "en"), money, money, whole_text=True)


def cn2an() -> Reader:
    convert = importlib.import_module("cn2an").cn2an

    def numbers(text: str, lang: str) -> list[Found]:
        try:
            return [Found(0, len(text), float(convert(text, "smart")), None)]
        except (ValueError, IndexError, KeyError):
            return []  # It raises either on what it cannot read.

    return Reader("cn2an", ("zh",), numbers, numbers, whole_text=True)


PEERS = (recognizers, jionlp, quantulum, price_parser, cn2an)


def gold(lang: str) -> list[dict]:
    path = GOLD / f"{lang}-dev.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def on_gold(reader: Reader, lang: str) -> str:
    right = same_currency = total = found = 0
    for record in gold(lang):
        amounts = [e for e in record["entities"] if e["type"] == "MONEY" and not e.get("optional")]
        predicted = list(reader.money(record["text"], lang))
        found += len(predicted)
        total += len(amounts)
        for e in amounts:
            hit = next(
                (p for p in predicted if p.start < e["end"] and e["start"] < p.end and _close(p.value, e["low"])), None
            )
            right += hit is not None
            same_currency += hit is not None and hit.currency == e["currency"]
    return f"{right / total:6.3f} {same_currency / total:6.3f}   {same_currency}/{found} of {total}"


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-6 * max(1.0, abs(b))


def on_suite(reader: Reader, name: str) -> float:
    """The share of cases that are right; for us, contradictions of the guidelines count as wrong here."""
    right = total = 0
    for case in suites.cases(name):
        lang = case["lang"] if case["lang"] in ("zh", "en") else reader.langs[-1]
        total += 1
        if lang not in reader.langs:
            continue
        expected = [e for e in case["expected"] if e["value"] is not None]
        money = "currency" in name or "money" in name or (name == "price_parser_mul" and case["currency_in_text"])
        read = reader.money if money else reader.numbers
        if read is None:
            continue
        predicted = list(read(case["text"], lang))
        if name == "price_parser_mul":
            expected, predicted = expected[:1], predicted[:1]
        right += len(expected) == len(predicted) and all(
            (_close(p.value, e["value"]) or _close(p.value * 100, e["value"]))
            and (not money or p.currency is None or e["unit"] in (None, p.currency))
            for e, p in zip(expected, predicted, strict=True)
        )
    return right / total


def speed(read: Callable[[str], object], text: str, seconds: float) -> float:
    """Characters a second of process time, over at least `seconds` or one pass."""
    paragraphs = [p for p in text.split("\n") if p]
    done = 0
    start = time.process_time()
    while True:
        for paragraph in paragraphs:
            read(paragraph)
            done += len(paragraph) + 1
            if (spent := time.process_time() - start) >= seconds:
                return done / spent
        if spent >= seconds / 2:
            return done / spent


def everything(text: str, lang: str) -> None:
    passage = Passage.of(text, lang)
    find_money(passage)
    find_gpu_counts(passage)


def samples(lang: str) -> dict[str, str]:
    """Texts to measure speed on: gold paragraphs, thick with numbers, and news pages as they come."""
    pages = sorted((ROOT.parent / "shared" / "pages" / lang).glob("*.txt"))
    texts = {
        "gold paragraphs": "\n".join(record["text"] for record in gold(lang)),
        "news pages": "\n".join(page.read_text("utf-8") for page in pages)[:400_000],
    }
    return {name: text for name, text in texts.items() if text}


def speeds(lang: str, readers: Sequence[Reader], seconds: float) -> None:
    for name, text in samples(lang).items():
        print(f"\nCharacters a second in {lang}, {name}, a paragraph at a time")
        own = speed(lambda t: everything(t, lang), text, seconds)
        print(f"  {'chipwire: numbers, money and counts':37} {own:12,.0f}")
        for reader in readers[1:]:
            if lang in reader.langs and not reader.whole_text:
                other = speed(lambda t, r=reader: r.money(t, lang), text, seconds)
                print(f"  {reader.name + ': money':37} {other:12,.0f}   {own / other:8.1f} times slower")
        bare = "\n".join(NUMERALS[lang].sub("", paragraph) for paragraph in text.split("\n") * 3)
        whole, without = len(text) / _once(text, lang), len(bare) / _once(bare, lang)
        print(f"  {'chipwire, as one text':37} {whole:12,.0f}")
        print(f"  {'chipwire, its numerals taken out':37} {without:12,.0f}   {without / whole:8.1f} times faster")


def linear() -> None:
    print("\nHostile texts, time at four times the length over time at one (4 is linear), microseconds a character")
    for lang in ("zh", "en"):
        worst: list[tuple[float, float, str]] = []
        for unit in HOSTILE:
            times = []
            for length in (60_000, 240_000):
                text = (unit * (length // len(unit) + 1))[:length]
                start = time.process_time()
                everything(text, lang)
                times.append(time.process_time() - start)
            worst.append((times[1] / max(times[0], 1e-3), times[1] / 0.24, unit))
        ratio, _, unit = max(worst)
        slow = max(worst, key=lambda w: w[1])
        print(f"  {lang}  highest ratio {ratio:.1f} ({unit!r}), slowest {slow[1]:.1f} us ({slow[2]!r})")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--seconds", type=float, default=3.0, help="process time for each speed")
    arguments.add_argument("--peers-from", help="a site-packages folder where peers are installed")
    options = arguments.parse_args()
    if options.peers_from:
        sys.path.append(options.peers_from)
    readers = [ours()]
    for peer in PEERS:
        try:
            readers.append(peer())
        except ImportError as error:
            print(f"{peer.__name__}: left out ({error})")
    for lang in ("zh", "en"):
        if not gold(lang):
            print(f"no gold records at {GOLD}")
            continue
        print(f"\nMONEY in {lang}-dev: share with their value, and with their currency too; right/found of gold")
        for reader in readers:
            if lang in reader.langs and not reader.whole_text:
                print(f"  {reader.name:18} {on_gold(reader, lang)}")
    if suites.SUITES.is_dir():
        print(
            "\nSuites, share of all cases as their author expects them (ours: also where the guidelines say otherwise)"
        )
        print(f"  {'':26}" + "".join(f"{r.name:>18}" for r in readers))
        for name in suites.NAMES:
            print(f"  {name:26}" + "".join(f"{on_suite(r, name):18.3f}" for r in readers))
    for lang in ("zh", "en"):
        speeds(lang, readers, options.seconds)
    linear()


def _once(text: str, lang: str) -> float:
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        everything(text, lang)
        best = min(best, time.process_time() - start)
    return best


if __name__ == "__main__":
    main()
