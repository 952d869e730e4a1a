"""How well near-duplicates are found, and how fast: made pairs from saved pages, and a million made articles.

    python tests/bench/stories.py                quality on the half of the pages that no threshold was chosen on
    python tests/bench/stories.py --choose       what other thresholds would give, on the other half
    python tests/bench/stories.py --million      speed and memory of the index over a million articles

`story_pairs.py` says how pairs are made, `story_peers.py` measures libraries beside it.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

from story_pairs import COPIES, DOUBLES, Pair, copies, doubled, exact, load, serials, unrelated

from pipelines.stories import stories
from pipelines.stories.overlaps import OverlapIndex, Overlaps
from pipelines.stories.sketches import LARGEST, sketch

ROUNDS = 3
"""Copies of each kind made of each page."""
HARD = 500
"""Pairs of each harder kind of unrelated texts, of each language."""


def overlaps(pairs: list[Pair], lang: str) -> Overlaps:
    """One row a pair: its overlap, or zeros when the index finds none."""
    rows = []
    for first, second in pairs:
        found = OverlapIndex().add([sketch(first, lang), sketch(second, lang)], stories.RELATED)
        rows.append([column[0] if len(column) else 0 for column in found])
    return Overlaps(*np.array(rows).T)


def kinds(lang: str, half: int | None, seed: int, rounds: int = ROUNDS) -> Iterator[tuple[str, bool, list[Pair]]]:
    """Name, whether the pairs are of one story, and the pairs."""
    rng = random.Random(seed)
    of = load(lang, half)
    for change in COPIES:
        yield change.__name__, True, [pair for _ in range(rounds) for pair in copies(of, change, rng)]
    yield "unrelated", False, [(a.text, b.text) for a, b in unrelated(of)]
    for kind in DOUBLES:
        yield f"same {kind}", False, doubled(of, kind, rng, HARD)
    yield "serial", False, serials(lang, HARD, rng)


def quality(half: int | None, seed: int) -> None:
    for lang in ("zh", "en"):
        good, bad, plain_bad = [], [], 0
        for name, alike, pairs in kinds(lang, half, seed):
            found = stories.same(overlaps(pairs, lang))
            (good if alike else bad).append(found)
            what = f"recall {found.mean():.3f}" if alike else f"{found.sum()} taken for one story"
            print(f"{lang} {name:18}{len(pairs):7}  {what}")
            if name == "unrelated":
                plain_bad = found.sum()
                for (first, second), hit in zip(pairs, found, strict=True):
                    if hit:
                        print(f"      share {exact(first, second, lang):.2f}: {first[:20]!r} / {second[:20]!r}")
        hits, wrong = np.concatenate(good), np.concatenate(bad).sum()
        print(
            f"{lang} all: recall {hits.mean():.3f}, precision {hits.sum() / (hits.sum() + plain_bad):.3f} against "
            f"unrelated pages, {hits.sum() / (hits.sum() + wrong):.3f} with the harder kinds"
        )


def choose(seed: int) -> None:
    """Recall of each kind of copy, and wrong pairs of each other kind, by thresholds, on half 0."""
    for lang in ("zh", "en"):
        made = [(name, alike, overlaps(pairs, lang)) for name, alike, pairs in kinds(lang, 0, seed)]
        for stories.SAME, stories.CLOSE, stories.HEAD in (
            (0.40, 9, 9), (0.30, 9, 9), (0.25, 9, 9), (0.40, 0.30, 0.2), (0.40, 0.30, 0.3), (0.40, 0.25, 0.2),
            (0.40, 0.25, 0.3), (0.40, 0.25, 0.4), (0.40, 0.20, 0.3), (0.40, 0.20, 0.4), (0.45, 0.25, 0.3),
            (0.45, 0.20, 0.3), (0.35, 0.25, 0.3), (0.50, 0.25, 0.3),
        ):  # fmt: skip
            cells = [
                f"{name} {found.mean():.3f}" if alike else f"{name} {found.sum()}/{len(found)}"
                for name, alike, of in made
                for found in [stories.same(of)]
                if not alike or found.any()
                if not (alike and found.all())
            ]
            print(f"{lang} {stories.SAME:.2f} {stories.CLOSE:.2f} {stories.HEAD:.2f}: {', '.join(cells)}")


def speed() -> None:
    texts = [*load("zh", None), *load("en", None)]
    start = time.process_time()
    for one in texts:
        sketch(one.text, one.lang)
    own = (time.process_time() - start) / len(texts)
    mean = np.mean([len(one.text) for one in texts])
    print(f"sketching texts of {mean:.0f} characters: {1 / own:.0f} a second and core")


def million(count: int, nights: int) -> None:
    """Index synthetic sketches, each of the size that texts of 600 words have; a fifth are copies of earlier ones.

    Sketching is measured on real texts by `speed`; this is the index alone, night by night.
    """
    rng = np.random.default_rng(1)
    index, start, found = OverlapIndex(), time.process_time(), 0
    making = 0.0
    recent: list[np.ndarray] = []
    for _ in range(nights):
        began = time.process_time()
        batch = []
        for _ in range(count // nights):
            if recent and rng.random() < 0.2:
                original = recent[rng.integers(len(recent))]
                batch.append(original[rng.random(len(original)) < 0.8])
            else:
                batch.append(np.unique(rng.integers(0, 2**62, rng.integers(LARGEST // 2, LARGEST), dtype=np.uint64)))
        recent = batch[:5_000]
        making += time.process_time() - began
        found += int(stories.same(index.add(batch, stories.RELATED)).sum())
    spent = time.process_time() - start - making
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{count:,} synthetic articles in {nights} nights: {count / spent:,.0f} a second, {found:,} pairs")
    print(f"peak memory of the whole process: {peak:.2f} GB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--half", type=int, choices=(0, 1), default=1)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.million:
        million(args.count, 30)
    elif args.choose:
        choose(args.seed)
    else:
        quality(args.half, args.seed)
        speed()


if __name__ == "__main__":
    main()
