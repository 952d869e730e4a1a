"""Fits the weights of the quick look for shards (extractors/pages/shard_signs.py) on contamination, and writes them.

    PYTHONPATH=. python tests/bench/fit_look.py [--lang zh en] [--half 0|1|all] [--to DIR]

Two logistic regressions on clean articles (tests/bench/repair_corpus.py, half 0 if none is named; `--to DIR` as for
fit_repair.py) and on what farms make of them:
whether a string is the farm's, from its own numbers, and whether a farm was at the article, from all strings together.
Prints, for several thresholds, the share of clean articles that would be searched, and of contaminated ones by their
insertions; those of the half that was fitted on are new farms. Needs numpy, which pandas brings.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from extractors.model import Lang
from extractors.pages import shard_alarm
from extractors.pages.shard_alarm import article_names, seen_in
from extractors.pages.shard_signs import PLACE, Sign, signs_en, signs_zh
from tests.bench import shard_models
from tests.bench.repair_corpus import Clean, chosen
from tests.pages.contaminate import contaminate, recipe

FARMS = {"zh": 6, "en": 3}
LANGS: tuple[Lang, ...] = ("zh", "en")
FILE = "shard_look.toml"


@dataclass
class Look:
    injections: int
    signs: list[Sign]
    labels: list[bool]
    size: int


def looks(lang: Lang, shown: bool, articles: Sequence[Clean], farms: int, first: int) -> Iterator[Look]:
    for number, article in enumerate(articles):
        title = article.title if shown else None
        size = sum(map(len, article.paragraphs))
        if size > shard_alarm.LONGEST[lang]:
            continue
        made = [(article.paragraphs, ())]
        for seed in range(farms if article.fit_to_cut else 0):
            dirty = contaminate(article.title, article.paragraphs, recipe(first + 1000 * seed + number))
            if dirty.injections:
                made.append((dirty.paragraphs, dirty.injections))
        for paragraphs, injections in made:
            starts = [1]
            for p in paragraphs:
                starts.append(starts[-1] + 1 + (len(p) if lang == "zh" else len(p.split())))
            there = {
                starts[j.paragraph] + (j.start if lang == "zh" else len(paragraphs[j.paragraph][: j.start].split()))
                for j in injections
            }
            seen = signs_zh(title, paragraphs) if lang == "zh" else signs_en(title, paragraphs)
            yield Look(len(injections), seen, [any(i in there for i in s.places) for s in seen], size)


def regression(x: np.ndarray, y: np.ndarray, weight: np.ndarray, ridge: float = 0.3) -> np.ndarray:
    """Logistic regression by Newton's method."""
    w = np.zeros(x.shape[1])
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        curve = (x * (weight * p * (1 - p))[:, None]).T @ x + ridge * np.eye(len(w))
        step = np.linalg.solve(curve, x.T @ (weight * (y - p)) - ridge * w)
        w += step
        if abs(step).max() < 1e-5:
            break
    return np.round(w, 3)


def fit(lang: Lang, shown: bool, half: str) -> tuple[np.ndarray, np.ndarray]:
    name = f"{lang}_{'headline' if shown else 'none'}"
    data = list(looks(lang, shown, chosen(lang, half), FARMS[lang], 0))
    x = np.array([s.numbers for d in data for s in d.signs], float)
    y = np.array([label for d in data for label in d.labels], float)
    place = regression(x, y, np.ones(len(y)))
    many = np.array([d.injections for d in data])
    # An article counts more the more was dropped in; the clean ones together as much as the others.
    weight = np.where(many > 0, np.minimum(many, 12) / 6, (many > 0).sum() / (many == 0).sum())
    article = regression(
        np.array([seen_in(name, d.signs, place, d.size) for d in data], float), (many > 0).astype(float), weight
    )
    for other in ("0", "1"):
        shots = list(looks(lang, shown, chosen(lang, other), 2, 5_000_000 if half in (other, "all") else 1_000_000))
        many = np.array([d.injections for d in shots])
        odds = np.array([
            np.dot(article, seen_in(name, d.signs, place, d.size)) if len(d.signs) > 1 else -99.0 for d in shots
        ])  # fmt: skip
        for share in (0.85, 0.9, 0.93, 0.95, 0.97):
            least = np.quantile(odds[many == 0], share)
            groups = ((0, 1), (3, 6), (6, 12), (12, 10**9))
            passed = [float((odds[(many >= low) & (many < high)] > least).mean()) for low, high in groups]
            print(
                f"{name:11} half {other} from {least:5.2f}: clean {passed[0]:.3f}; "
                f"3 to 5 {passed[1]:.3f}, 6 to 11 {passed[2]:.3f}, more {passed[3]:.3f}"
            )
    return place, article


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lang", nargs="*", choices=LANGS, default=LANGS)
    parser.add_argument("--half", default="0", choices=("0", "1", "all"))
    parser.add_argument("--to", type=Path, default=shard_models.LEXICONS)
    options = parser.parse_args()
    shard_models.use(options.to)
    tables = tomllib.loads((options.to / FILE).read_text("utf-8"))
    for language in options.lang:
        for with_headline in (True, False):
            table = f"{language}_{'headline' if with_headline else 'none'}"
            at_place, over_all = fit(language, with_headline, options.half)
            tables[table] = {
                "place": dict(zip(PLACE[language], map(float, at_place), strict=True)),
                "article": dict(zip(article_names(table), map(float, over_all), strict=True)),
            }
    lines = [
        "# Weights of what the quick look for shards sees (extractors/pages/shard_signs.py), in log odds.",
        "# Written by tests/bench/fit_look.py.",
    ]
    for table, parts in tables.items():
        for part, values in parts.items():
            lines.append(f"\n[{table}.{part}]")
            lines += [f"{key} = {value}" for key, value in values.items()]
    (options.to / FILE).write_text("\n".join(lines) + "\n", "utf-8")
