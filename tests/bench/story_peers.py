"""Libraries beside the sketches of pipelines/stories, in one run: quality on the same pairs, speed and memory.

    python tests/bench/story_peers.py --count 100000

Both libraries estimate Jaccard from 128 permutations over the same shingles. What share of the shorter text stands in
the other follows from that and from the two sizes; the share that makes one story is chosen for each on half the pages,
as low as a precision of 0.98 allows (reports of a series apart), and reported on the other half. That is the best an
LSH over these signatures can do, which has to find the pair first. The speed and memory are those of the LSH at the
Jaccard threshold that such shares need, over articles of random shingles, a fifth of them copies.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from datasketch import MinHash, MinHashLSH
from rensa import RMinHash, RMinHashLSH

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

from stories import kinds, overlaps
from story_pairs import Pair, load

from pipelines.stories import stories
from pipelines.stories.overlaps import OverlapIndex
from pipelines.stories.sketches import LARGEST, Hashes, shingles, sketch

PERMUTATIONS = 128
JACCARD = 0.1
SHINGLES = 900
"""Of an article of 600 words or 900 characters."""


def datasketched(found: Hashes) -> MinHash:
    signature = MinHash(num_perm=PERMUTATIONS, hashfunc=int)
    signature.update_batch((found >> np.uint64(20) & np.uint64(0xFFFFFFFF)).tolist())
    return signature


def rensaed(found: Hashes) -> RMinHash:
    signature = RMinHash(num_perm=PERMUTATIONS, seed=1)
    signature.update(list(map(str, found.tolist())))
    return signature


PEERS: dict[str, Callable[[Hashes], MinHash | RMinHash]] = {"datasketch": datasketched, "rensa": rensaed}


def shares(pairs: list[Pair], lang: str, make: Callable[[Hashes], MinHash | RMinHash]) -> np.ndarray:
    out = []
    for pair in pairs:
        first, second = (shingles(text, lang) for text in pair)
        alike = make(first).jaccard(make(second))
        both = alike / (1 + alike) * (len(first) + len(second))
        out.append(both / max(1, min(len(first), len(second))))
    return np.array(out)


def quality(seed: int) -> None:
    for lang in ("zh", "en"):
        made = list(kinds(lang, 1, seed, rounds=1))
        columns = {"chipwire": [stories.same(overlaps(pairs, lang)) for _, _, pairs in made]}
        for peer, make in PEERS.items():
            fitted = [
                (alike, shares(pairs, lang, make))
                for name, alike, pairs in kinds(lang, 0, seed, rounds=1)
                if name != "serial"
            ]
            bar = next(
                bar
                for bar in np.arange(0.2, 0.8, 0.02)
                for hits in [sum((found >= bar).sum() for alike, found in fitted if alike)]
                for wrong in [sum((found >= bar).sum() for alike, found in fitted if not alike)]
                if hits >= 0.98 * (hits + wrong)
            )
            print(f"{lang} {peer}: one story from a share of {bar:.2f}")
            columns[peer] = [shares(pairs, lang, make) >= bar for _, _, pairs in made]
        print(f"{'':24}" + "".join(f"{who:>12}" for who in columns))
        for row, (name, alike, pairs) in enumerate(made):
            cells = [found[row].mean() if alike else found[row].sum() for found in columns.values()]
            shown = "".join(f"{cell:12.3f}" if alike else f"{cell:12d}" for cell in cells)
            print(f"{lang} {name:16}{len(pairs):5}{shown}")


def sketching() -> None:
    texts = [*load("zh", None), *load("en", None)]
    start = time.process_time()
    for one in texts:
        sketch(one.text, one.lang)
    print(f"sketching: chipwire {len(texts) / (time.process_time() - start):.0f} a second", end="")
    for peer, make in PEERS.items():
        start = time.process_time()
        for one in texts:
            make(shingles(one.text, one.lang))
        print(f", {peer} {len(texts) / (time.process_time() - start):.0f}", end="")
    print()


def synthetic(count: int, size: int) -> Iterator[Hashes]:
    rng = np.random.default_rng(1)
    recent: list[Hashes] = []
    for _ in range(count):
        if recent and rng.random() < 0.2:
            original = recent[rng.integers(len(recent))]
            yield original[rng.random(len(original)) < 0.8]
        else:
            recent.append(np.unique(rng.integers(0, 2**62, size, dtype=np.uint64)))
            del recent[:-1_000]
            yield recent[-1]


def index_own(count: int) -> None:
    index = OverlapIndex()
    made, spent = synthetic(count, LARGEST * 3 // 4), 0.0
    for _ in range(20):
        batch = list(islice(made, count // 20))
        start = time.process_time()
        stories.same(index.add(batch, stories.RELATED))
        spent += time.process_time() - start
    told("chipwire index", count, spent)


def index_datasketch(count: int) -> None:
    lsh = MinHashLSH(threshold=JACCARD, num_perm=PERMUTATIONS)
    index_lsh(f"datasketch MinHashLSH, {lsh.b} bands of {lsh.r}", lsh, datasketched, count)


def index_rensa(count: int) -> None:
    lsh = RMinHashLSH(threshold=JACCARD, num_perm=PERMUTATIONS, num_bands=PERMUTATIONS // 2)
    index_lsh(f"rensa RMinHashLSH, {PERMUTATIONS // 2} bands of 2", lsh, rensaed, count)


def index_lsh(what: str, lsh: MinHashLSH | RMinHashLSH, sign: Callable[[Hashes], object], count: int) -> None:
    spent = 0.0
    for number, found in enumerate(synthetic(count, SHINGLES)):
        signature = sign(found)
        start = time.process_time()
        lsh.query(signature)
        lsh.insert(number, signature)
        spent += time.process_time() - start
    told(what, count, spent)


def told(what: str, count: int, spent: float) -> None:
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - BEFORE) / 2**20
    print(f"{what}: {count / spent:,.0f} a second, {grown / count * 1e6:.1f} GB a million", flush=True)


def main() -> None:
    global BEFORE
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    for work in (index_own, index_datasketch, index_rensa):
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            BEFORE = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            work(args.count)
            os._exit(0)
        os.waitpid(pid, 0)
    sketching()
    quality(args.seed)


if __name__ == "__main__":
    main()
