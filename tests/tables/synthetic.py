"""Articles with rows in every table, made from a number: equal numbers give equal rows."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

import pyarrow as pa

from pipelines.records import RawRef
from pipelines.storage.schemas import ARROW

Value: TypeAlias = object
Row: TypeAlias = dict[str, Value]
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
TITLE, BODY = "Nvidia sells chips", "Nvidia sold 10,000 H100 GPUs. It took $300 million for them."


def article_id(number: int) -> str:
    return hashlib.sha256(f"https://site.example/{number}".encode()).hexdigest()[:16]


def own_words(number: int) -> str:
    """Words that no other article has; but the second of each five after the first is a reprint of its neighbour."""
    rng = random.Random(number - 1 if number % 5 == 2 else number)
    return "".join(f" w{rng.randrange(10**6)}" for _ in range(60))


def rows(
    number: int, *, version: int = 0, day: int | None = None, extractor: str = "1", ref: RawRef | None = None
) -> dict[str, list[Row]]:
    """Rows of article `number` as fetched the `version`th time; `day` counts from the first of January 2026."""
    ref = ref or RawRef(f"site{number % 3}/r{version}.warc.gz", number * 100)
    rng = random.Random(number * 1000 + version)
    key = article_id(number)
    published = EPOCH + timedelta(days=number % 90 if day is None else day)
    body = f"{BODY} Version {version}." + " More." * rng.randrange(3) + own_words(number)
    span = {"article_id": key, "part": "body", "sentence": 0}
    return {
        "articles": [
            {
                "article_id": key,
                "url": f"https://site.example/{number}",
                "source": f"site{number % 3}",
                "lang": "en",
                "title": TITLE,
                "published_at": published,
                "fetched_at": EPOCH + timedelta(days=100 + version, microseconds=number),
                "text": body,
                "text_sha256": hashlib.sha256(body.encode()).hexdigest(),
                "raw_file": ref.file,
                "raw_offset": ref.offset,
                "extractor": extractor,
            }
        ],
        "removed": [
            {"article_id": key, "n": n, "text": f"Menu {n}", "reason": "navigation", "position": None}
            for n in range(rng.randrange(3))
        ],
        "sentences": [
            {
                **span,
                "part": "title",
                "start": 0,
                "end": 18,
                "text": TITLE,
                "tokens": TITLE.split(),
                "token_starts": [0, 7, 13],
            },
            {**span, "start": 0, "end": 29, "text": body[:29], "tokens": ["Nvidia", "sold"], "token_starts": [0, 7]},
            {
                **span,
                "sentence": 1,
                "start": 30,
                "end": 60,
                "text": body[30:60],
                "tokens": ["It"],
                "token_starts": [30],
            },
        ],
        "companies": [
            {
                **span,
                "part": "title",
                "start": 0,
                "end": 6,
                "text": "Nvidia",
                "company_id": "nvidia",
                "name": "NVIDIA",
                "kind": "company",
                "known": True,
            },
            {
                **span,
                "start": 0,
                "end": 6,
                "text": "Nvidia",
                "company_id": "nvidia",
                "name": "NVIDIA",
                "kind": "company",
                "known": True,
            },
        ],
        "gpu_counts": [
            {
                **span,
                "start": 12,
                "end": 28,
                "text": "10,000 H100 GPUs",
                "low": 10_000 + version,
                "high": None if number % 2 else 20_000,
                "bound": "exact",
                "vendor": "nvidia",
                "model": "H100",
                "h100_equivalent": 10_000.0,
            }
        ],
        "money": [
            {
                **span,
                "sentence": 1,
                "start": body.index("$"),
                "end": body.index("$") + 12,
                "text": "$300 million",
                "low": Decimal(300_000_000),
                "high": None,
                "bound": "exact",
                "currency": "USD",
                "per": None,
                "usd_low": 3e8,
                "usd_high": None,
                "rate_date": date(2026, 1, 2),
            }
        ],
        "fetches": [
            {
                "run_id": f"r{version}",
                "source": f"site{number % 3}",
                "url": f"https://site.example/{number}",
                "final_url": f"https://site.example/{number}",
                "role": "page",
                "outcome": "ok",
                "status": 200,
                "attempts": 1,
                "wire_bytes": 10,
                "body_bytes": 20,
                "seconds": 0.5,
                "fetched_at": EPOCH + timedelta(days=100 + version, microseconds=number),
                "raw_file": ref.file,
                "raw_offset": ref.offset,
            }
        ],
    }


def batch(articles: Iterable[dict[str, list[Row]]]) -> dict[str, pa.Table]:
    """Rows of several articles as one batch."""
    collected: dict[str, list[Row]] = {}
    for tables in articles:
        for name, records in tables.items():
            collected.setdefault(name, []).extend(records)
    return {
        name: pa.Table.from_pylist([{c: r.get(c) for c in ARROW[name].names} for r in records], schema=ARROW[name])
        for name, records in collected.items()
    }
