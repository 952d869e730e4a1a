"""Compare the tickers of companies.csv with lists that PyPI packages ship; not a test, since it needs those packages.

    pip install --no-deps pytickersymbols adata twstock && python -m tests.companies.check_tickers

Prints each row whose ticker another list gives to another name, and how many agree. A name agrees when one of the row's
names holds it or lies in it, letter case, width, variants and legal suffixes aside.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from extractors.lexicons.companies import CompanyRow, rows
from extractors.text import fold

# The exchange's suffix of an index's bare symbols.
INDICES = {
    "S&P 500": "", "S&P 600": "", "NASDAQ 100": "", "DOW JONES": "", "DAX": ".DE", "MDAX": ".DE", "SDAX": ".DE",
    "TecDAX": ".DE", "FTSE 100": ".L", "CAC_40": ".PA", "CAC Mid 60": ".PA", "AEX": ".AS", "BEL 20": ".BR",
    "IBEX 35": ".MC", "NIKKEI 225": ".T", "Switzerland 20": ".SW", "OMX Stockholm 30": ".ST", "OMX Helsinki 25": ".HE",
}  # fmt: skip
_SUFFIX = re.compile(
    r"[,\s]*\b(?:inc|corp|corporation|plc|ltd|limited|group|holdings?|company|co|ag|se|sa|nv|spa|asa|ab|oyj|kgaa|the"
    r"|class [abc]|technologies|international)\b\.?",
    re.IGNORECASE,
)
_SHARE_CLASS = re.compile(r"-(?:UW|U|W|KY)|\*?ST|A$| ")


def plain(name: str) -> str:
    return re.sub(r"[^a-z0-9\u3400-\u9fff]", "", _SUFFIX.sub("", _SHARE_CLASS.sub("", fold(name))).casefold())


def table(package: str, path: str) -> Iterator[dict[str, str]]:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is not installed")
    with Path(spec.origin).parent.joinpath(path).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def listed() -> Iterator[tuple[str, str]]:
    """Each list's tickers, written as companies.csv writes them, with its name for them."""
    symbols = import_module("pytickersymbols").PyTickerSymbols()
    for index, suffix in INDICES.items():
        for stock in symbols.get_stocks_by_index(index):
            symbol = (stock.get("symbol") or "").strip()
            if symbol:
                yield (symbol if "." in symbol else symbol + suffix), stock["name"]
    for share in table("adata", "stock/cache/code.csv"):
        code = share["stock_code"]
        yield f"{code}.{'SH' if code[0] == '6' else 'SZ' if code[0] in '03' else 'BJ'}", share["short_name"]
    for board, suffix in (("twse", ".TW"), ("tpex", ".TWO")):
        for share in table("twstock", f"codes/{board}_equities.csv"):
            yield share["code"] + suffix, share["name"]


def agrees(row: CompanyRow, name: str) -> bool:
    theirs, ours = plain(name), [plain(surface) for surface in row.surfaces]
    return any(mine and (mine in theirs or theirs in mine) for mine in ours)


def compare(companies: Mapping[str, CompanyRow]) -> None:
    owner = {ticker: row for row in companies.values() for ticker in row.tickers}
    right: set[str] = set()
    wrong: dict[str, str] = {}
    for ticker, name in listed():
        row = owner.get(ticker)
        if row is None:
            continue
        if agrees(row, name):
            right.add(ticker)
        else:
            wrong[ticker] = f"{ticker}: {name}, here {row.name} ({row.company_id})"
    for ticker, line in sorted(wrong.items()):
        if ticker not in right:
            print(line)
    print(f"{len(right)} tickers agree, {len(wrong.keys() - right)} differ, {len(owner.keys() - right - wrong.keys())} "
          "stand in none of the lists")  # fmt: skip


if __name__ == "__main__":
    compare(rows())
