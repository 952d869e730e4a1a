"""USD at a date, from the ECB reference rates that CurrencyConverter carries. No network.

>>> usd(Decimal("100"), "CNY", date(2024, 7, 10))
Usd(value=13.74376293437274, rate_date=datetime.date(2024, 7, 10))
>>> usd(Decimal("5"), "USD", date(2024, 7, 14))
Usd(value=5.0, rate_date=datetime.date(2024, 7, 14))

A Sunday takes Friday's rate and says so; a currency without a series, or whose series ended long before, gives None.

>>> usd(Decimal("100"), "CNY", date(2024, 7, 14)).rate_date
datetime.date(2024, 7, 12)
>>> usd(Decimal("100"), "TWD", date(2024, 7, 10)) is None, usd(Decimal("1"), "RUB", date(2024, 7, 10)) is None
(True, True)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, lru_cache

from currency_converter import CurrencyConverter, RateNotFoundError

MAX_RATE_AGE = timedelta(days=31)
"""How old the newest rate may be. The series comes with a package that is released about once a month; a rate of that
age, with its date beside it, is still of use, an older one is a guess."""


@dataclass(frozen=True, slots=True)
class Usd:
    value: float
    rate_date: date


@cache
def _converter() -> CurrencyConverter:
    return CurrencyConverter()


@lru_cache(maxsize=100_000)
def _rate(currency: str, on: date) -> tuple[float, date] | None:
    if currency == "USD":
        return 1.0, on
    converter = _converter()
    if currency not in converter.currencies:
        return None
    bounds = converter.bounds[currency]
    day = min(on, bounds.last_date)
    while day >= max(on - MAX_RATE_AGE, bounds.first_date):
        try:
            return float(converter.convert(1, currency, "USD", date=day)), day
        except RateNotFoundError:  # weekends and bank holidays have no rate
            day -= timedelta(days=1)
    return None


def usd(amount: Decimal, currency: str, on: date) -> Usd | None:
    """`amount` of `currency` (ISO 4217) in US dollars, at the newest ECB rate not after `on`; None without one."""
    rate = _rate(currency, on)
    return None if rate is None else Usd(float(amount) * rate[0], rate[1])
