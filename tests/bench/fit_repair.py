"""Fits the weights and trees of extractors/pages/shard_evidence.py on generated contamination, and writes them.

    pip install scikit-learn
    PYTHONPATH=. python tests/bench/fit_repair.py zh 24
    PYTHONPATH=. python tests/bench/fit_repair.py en 9

The number is how many farms each article of a half (tests/bench/repair_corpus.py), 0 if none is named, is shown to;
every article is also shown clean. Takes minutes. What was fitted on one half is measured on the other: `--to DIR`
writes to a folder for `tests/bench/repair.py --models DIR`. Twice the Chinese articles found 1.5 % more of the shards
at the same precision; but a fit on `--half all` takes new names for shards in a test article
(tests/pages/test_repair.py), so the files are those of half 0.

The first stage is a logistic regression on the place alone, and another one with what words say of those places that
are not hopeless (extractors/pages/shard_words.py); the second one is on the places together, refitted in each round of
`SCHEDULE` on what the round before chose; the last round is boosted trees over both. Where these find something, other
trees are fitted on the farm's habits (extractors/pages/shard_habits.py), with farms that the first stages were not
fitted on. `--habits` fits these alone.
"""

from __future__ import annotations

import argparse
import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from extractors.model import Lang
from extractors.pages import shards
from extractors.pages.shard_adverts import candidates
from extractors.pages.shard_chain import viterbi
from extractors.pages.shard_evidence import FIRST, SECOND, first, second
from extractors.pages.shard_habits import HABITS
from extractors.pages.shard_text import Candidate, ShardText, read
from extractors.pages.shard_words import WORDS, words
from tests.bench import shard_models
from tests.bench.fit_articles import alias, articles, variant
from tests.bench.repair_corpus import Clean, chosen
from tests.pages.contaminate import contaminate, recipe

FEATURES = {"zh": 0.3, "en": 1.0}
"""The share of the evidence that a branch of the trees may choose from: with less, no single number decides for the few
articles that there are."""
OTHER_FARMS = 7_000_000
"""The seed from which the farms count whose habits are fitted."""


@dataclass
class Sample:
    text: ShardText
    found: list[Candidate]
    labels: list[bool]
    here: np.ndarray


def samples(lang: Lang, clean: Sequence[Clean], farms: int, head: bool) -> list[Sample]:
    out = []
    for title, paragraphs, injections in articles(lang, clean, farms, head):
        if not head and injections:
            title = None  # contaminated articles serve both ways
        if bool(title) != head:
            continue
        text = read(title, paragraphs, lang)
        if len(text.head) > shards.LONGEST_HEADLINE[lang]:
            continue
        found = candidates(text)
        there = {(i.paragraph, i.start, i.end) for i in injections}
        spans = [shards.span(text, c) for c in found]
        labels = [(s.paragraph, s.start, s.end) in there for s in spans]
        if found:
            out.append(Sample(text, found, labels, np.array([first(text, c) for c in found], np.float32)))
    return out


def regression(x: np.ndarray, y: np.ndarray, ridge: float = 0.3) -> np.ndarray:
    """Logistic regression by Newton's method."""
    w = np.zeros(x.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + ridge * np.eye(len(w)), x.T @ (y - p) - ridge * w)
        w += step
        if abs(step).max() < 1e-4:
            break
    return np.round(w, 3)


@dataclass
class Stages:
    here: np.ndarray
    with_words: np.ndarray
    together: np.ndarray
    trees: HistGradientBoostingClassifier


def fit(lang: Lang, clean: Sequence[Clean], farms: int, head: bool) -> Stages:
    data = samples(lang, clean, farms, head)
    target = np.array([label for s in data for label in s.labels], float)
    here = regression(np.vstack([s.here for s in data]).astype(float), target)
    hopeful = []
    for s in data:
        for c, x in zip(s.found, s.here @ here, strict=True):
            c.first = c.score = float(x)
        keep = [i for i, c in enumerate(s.found) if c.first > shards.HOPELESS]
        if keep:
            hopeful.append(Sample(s.text, [s.found[i] for i in keep], [s.labels[i] for i in keep], s.here[keep]))
    target = np.array([label for s in hopeful for label in s.labels], float)
    with_words = np.zeros(0)
    if WORDS[lang]:
        for s in hopeful:
            s.here = np.hstack([s.here, np.array(words(s.text, s.found), np.float32)])
        with_words = regression(np.vstack([s.here for s in hopeful]).astype(float), target)
        for s in hopeful:
            for c, x in zip(s.found, s.here @ with_words, strict=True):
                c.first = c.score = float(x)
    together = np.zeros(len(SECOND))
    rounds = []
    for bias, link in shards.SCHEDULE:
        chains = [viterbi(s.found, len(s.text.head), bias, link) for s in hopeful]
        rounds = [
            np.array(second(s.text, s.found, chain), np.float32) for s, chain in zip(hopeful, chains, strict=True)
        ]
        if (bias, link) == shards.SCHEDULE[-1]:
            break
        together = regression(np.vstack(rounds).astype(float), target)
        for s, x in zip(hopeful, rounds, strict=True):
            for c, score in zip(s.found, x @ together, strict=True):
                c.score = float(score)
    trees = HistGradientBoostingClassifier(
        max_depth=4, max_iter=150, learning_rate=0.06, min_samples_leaf=100, l2_regularization=1.0, random_state=0,
        max_features=FEATURES[lang],
    )  # fmt: skip
    trees.fit(np.hstack([np.vstack([s.here for s in hopeful]), np.vstack(rounds)]), target)
    return Stages(here, with_words, together, trees)


def write(to: Path, lang: Lang, name: str, stages: Stages) -> None:
    path = to / "shard_weights.toml"
    data = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    data[name] = {
        "first": dict(zip(FIRST[lang], map(float, stages.here), strict=True)),
        "second": dict(zip(SECOND, map(float, stages.together), strict=True)),
    }
    if WORDS[lang]:
        data[name]["words"] = dict(zip(FIRST[lang] + WORDS[lang], map(float, stages.with_words), strict=True))
    lines = [
        "# Weights of the evidence on a candidate (extractors/pages/shard_evidence.py), in log odds.",
        "# Written by tests/bench/fit_repair.py.",
    ]
    for table in sorted(data):
        for stage in data[table]:
            lines.append(f"\n[{table}.{stage}]")
            lines += [f"{key} = {value}" for key, value in data[table][stage].items()]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    write_trees(to, f"shard_trees_{name}", FIRST[lang] + WORDS[lang] + SECOND, stages.trees)


def write_trees(to: Path, stem: str, names: tuple[str, ...], model: HistGradientBoostingClassifier) -> None:
    rows = [" ".join(names), str(round(float(model._baseline_prediction.ravel()[0]), 4))]
    for (tree,) in model._predictors:
        rows.append(
            " ".join(
                f"-1,{round(float(n['value']), 4)},0,0"
                if n["is_leaf"]
                else f"{n['feature_idx']},{round(float(n['num_threshold']), 4)},{n['left']},{n['right']}"
                for n in tree.nodes
            )
        )
    (to / f"{stem}.txt").write_text("\n".join(rows) + "\n", "utf-8")


@dataclass
class Known:
    """An article in which the first stages found something."""

    seen: shards.Search
    labels: list[bool]
    evidence: np.ndarray
    half: int


def known(lang: Lang, clean: Sequence[Clean], farms: int, shown: bool) -> Iterator[Known]:
    for number, article in enumerate(a for a in clean if a.fit_to_cut):
        for seed in range(farms):
            title, paragraphs = article.title, article.paragraphs
            if lang == "zh" and seed % 2:
                title, paragraphs = variant(article, random.Random(seed * 1000 + number + 900))
            if lang == "zh" and seed % (2 if shown else 3) == (1 if shown else 2):
                title, paragraphs = alias(title, paragraphs, random.Random(seed * 1000 + number))
            dirty = contaminate(title, paragraphs, replace(recipe(OTHER_FARMS + 1000 * seed + number), headline=shown))
            seen = shards.search(dirty.title, dirty.paragraphs, lang)
            if seen is None:
                continue
            there = {(i.paragraph, i.start, i.end) for i in dirty.injections}
            spans = [shards.span(seen.text, c) for c in seen.found]
            labels = [(s.paragraph, s.start, s.end) in there for s in spans]
            yield Known(seen, labels, np.array(shards.evidence(seen), np.float32), number % 2)
    # What the search finds in a clean article is the author's.
    for number, article in enumerate(clean if lang == "zh" else ()):
        seen = shards.search(article.title if shown else None, article.paragraphs, lang)
        if seen is not None and len(seen.chain) > 1:
            labels = [False] * len(seen.found)
            yield Known(seen, labels, np.array(shards.evidence(seen), np.float32), number % 2)


def boosted(lang: Lang, data: Sequence[Known]) -> HistGradientBoostingClassifier:
    trees = HistGradientBoostingClassifier(
        max_depth=5, max_iter=150, learning_rate=0.1, min_samples_leaf=60, l2_regularization=1.0, random_state=0,
        max_bins=100, max_features=FEATURES[lang],
    )  # fmt: skip
    return trees.fit(np.vstack([k.evidence for k in data]), np.hstack([k.labels for k in data]))


def fit_habits(lang: Lang, clean: Sequence[Clean], farms: int, shown: bool) -> HistGradientBoostingClassifier:
    data = list(known(lang, clean, farms, shown))
    # What the second round sees is what trees that do not know the article chose.
    again = []
    for half in (0, 1):
        trees = boosted(lang, [k for k in data if k.half != half])
        for k in data:
            if k.half == half:
                for c, score in zip(k.seen.found, trees.decision_function(k.evidence), strict=True):
                    c.score = float(score)
                k.seen.chain = viterbi(k.seen.found, 0, 0.0, 0.0)
                if len(k.seen.chain) > 1:
                    again.append(Known(k.seen, k.labels, np.array(shards.evidence(k.seen), np.float32), half))
    return boosted(lang, [*data, *again])


def stages(to: Path, lang: Lang, clean: Sequence[Clean], farms: int, kind: str) -> None:
    write(to, lang, f"{lang}_{kind}", fit(lang, clean, farms, kind == "headline"))


def last(to: Path, lang: Lang, clean: Sequence[Clean], farms: int, kind: str) -> None:
    model = fit_habits(lang, clean, farms, kind == "headline")
    write_trees(to, f"shard_habits_{lang}_{kind}", FIRST[lang] + WORDS[lang] + SECOND + HABITS, model)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lang", choices=("zh", "en"))
    parser.add_argument("farms", type=int)
    parser.add_argument("--half", default="0", choices=("0", "1", "all"))
    parser.add_argument("--to", type=Path, default=shard_models.LEXICONS)
    parser.add_argument("--habits", action="store_true")
    options = parser.parse_args()
    language: Lang = "zh" if options.lang == "zh" else "en"
    kinds = ("headline", "none")
    clean_articles = chosen(language, options.half)
    # What was written is read again for the habits.
    shard_models.use(options.to)
    # The trees are also shown what the search would give up for little promise.
    shards.COMING_BACK.update(dict.fromkeys(shards.COMING_BACK, (shards.PROMISING, 0.0)))
    if not options.habits:
        for each in kinds:
            stages(options.to, language, clean_articles, options.farms, each)
    for each in kinds:
        last(options.to, language, clean_articles, options.farms, each)
