"""How well near-duplicates are found, and how fast: made pairs from saved pages, and a million made articles.

    python tests/bench/stories.py                quality, beside MinHash LSH of datasketch in the same run
    python tests/bench/stories.py --million      speed and memory of the index over a million articles

Pairs are made from the article texts of ../shared/pages: each is cut, edited, given another headline and a note,
contaminated as content farms do, merged with another article, and all of it together. Unrelated pairs are all pairs of
different pages of one language that stand on one site, or whose texts are nearest by topic; pages that the measuring
material itself holds twice are left out (they share more than half of the shorter text word for word).
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from datasketch import MinHash, MinHashLSH

sys.path.insert(0, str(Path(__file__).parents[2]))

from pipelines.stories.overlaps import OverlapIndex
from pipelines.stories.sketches import LARGEST, Hashes, shingles, sketch
from pipelines.stories.stories import SAME

PERMUTATIONS = 128
PAGES = Path(__file__).parents[3] / "shared" / "pages"
SENTENCE = {"zh": re.compile(r"[^。！？\n]*[。！？\n]?"), "en": re.compile(r".*?(?:[.!?](?=\s)|\n|$)", re.DOTALL)}
NOTE = {
    "zh": "编者按：本文经授权转载，内容略有删改，仅供参考。\n",
    "en": "Editor's note: this story was first published elsewhere and has been updated.\n",
}


class Text(NamedTuple):
    site: str
    lang: str
    text: str


def load() -> list[Text]:
    texts = []
    for line in (PAGES / "manifest.jsonl").read_text().splitlines():
        entry = json.loads(line)
        text = (PAGES / entry["lang"] / f"{entry['id']}.txt").read_text()
        if len(text) >= 200:
            site = re.sub(r"^daniel-\d+-|-[0-9a-f]+$|-\d+$", "", entry["id"])
            texts.append(Text(site if site else entry["origin"], entry["lang"], text))
    return texts


Change = Callable[[Text, list[Text], random.Random], str]


def cut(one: Text, others: list[Text], rng: random.Random) -> str:
    return one.text[: int(len(one.text) * rng.uniform(0.4, 0.9))]


def headed(one: Text, others: list[Text], rng: random.Random) -> str:
    return f"{rng.choice(others).text[:30]}\n{NOTE[one.lang]}{one.text}"


def edited(one: Text, others: list[Text], rng: random.Random) -> str:
    """One sentence of twelve dropped, one word of twenty or character of thirty-three another."""
    text = "".join(s for s in SENTENCE[one.lang].findall(one.text) if rng.random() > 0.08)
    glue, share = (" ", 0.05) if one.lang == "en" else ("", 0.03)
    units = text.split(" ") if one.lang == "en" else list(text)
    return NOTE[one.lang] + glue.join(rng.choice(units) if rng.random() < share else unit for unit in units)


def contaminated(one: Text, others: list[Text], rng: random.Random) -> str:
    """A shard of another headline every few sentences, teasers of three stories behind."""
    shard = rng.choice(others).text[:20]
    step = rng.randrange(100, 250) if one.lang == "zh" else rng.randrange(250, 600)
    pieces = [one.text[at : at + step] for at in range(0, len(one.text), step)]
    teasers = [rng.choice(others).text[: rng.randrange(80, 300)] for _ in range(3)]
    return shard.join(pieces) + "\n" + "\n".join(teasers)


def merged(one: Text, others: list[Text], rng: random.Random) -> str:
    other = rng.choice(others).text[: int(len(one.text) * rng.uniform(0.5, 2))]
    return "\n".join([one.text, other] if rng.random() < 0.5 else [other, one.text])


def everything(one: Text, others: list[Text], rng: random.Random) -> str:
    text = one._replace(text=cut(one, others, rng))
    return contaminated(text._replace(text=edited(text, others, rng)), others, rng)


CHANGES: tuple[Change, ...] = (cut, headed, edited, contaminated, merged, everything)


def exact(first: str, second: str, lang: str) -> float:
    a, b = _shingles(first, lang), _shingles(second, lang)
    return len(np.intersect1d(a, b, assume_unique=True)) / max(1, min(len(a), len(b)))


def quality(seed: int) -> None:
    texts, rng = load(), random.Random(seed)
    rows: list[tuple[str, str, list[bool], list[bool]]] = []
    unrelated: dict[str, list[tuple[Text, Text]]] = {}
    for lang in ("zh", "en"):
        of_lang = [text for text in texts if text.lang == lang]
        unrelated[lang] = unrelated_pairs(of_lang)
        for change in CHANGES:
            pairs = [(one, change(one, [o for o in of_lang if o is not one], rng)) for one in of_lang]
            found = [related(one.text, copy, lang) for one, copy in pairs]
            peer = [minhash_related(one.text, copy, lang) for one, copy in pairs]
            rows.append((lang, change.__name__, found, peer))
    print(f"{'':14}{'pairs':>7}{'found':>9}{'datasketch':>12}")
    for lang, name, found, peer in rows:
        print(f"{lang} {name:11}{len(found):7}{np.mean(found):9.3f}{np.mean(peer):12.3f}")
    for lang in ("zh", "en"):
        wrong = [related(a.text, b.text, lang) for a, b in unrelated[lang]]
        peer = [minhash_related(a.text, b.text, lang) for a, b in unrelated[lang]]
        hits = [hit for of, _, found, _ in rows if of == lang for hit in found]
        peers = [hit for of, _, _, found in rows if of == lang for hit in found]
        for who, good, bad in (("chipwire", hits, wrong), ("datasketch", peers, peer)):
            precision = sum(good) / max(1, sum(good) + sum(bad))
            print(
                f"{lang} {who:11} recall {np.mean(good):.3f}, precision {precision:.3f}: "
                f"{sum(bad)} of {len(bad)} unrelated pairs taken for one story"
            )
        for (a, b), hit in zip(unrelated[lang], wrong, strict=True):
            if hit:
                print(f"   {a.site} / {b.site}: share {exact(a.text, b.text, lang):.2f}")


def unrelated_pairs(texts: list[Text]) -> list[tuple[Text, Text]]:
    """Pairs of one site, and each text with the five that share most words with it; without what is one story."""
    words = [set(re.findall(r"\w\w" if one.lang == "zh" else r"\w{4,}", one.text.lower())) for one in texts]
    pairs = {(i, j) for i in range(len(texts)) for j in range(i) if texts[i].site == texts[j].site}
    for i in range(len(texts)):
        near = sorted(range(len(texts)), key=lambda j: -len(words[i] & words[j]) / len(words[i] | words[j]))[1:6]
        pairs |= {(max(i, j), min(i, j)) for j in near if i != j}
    found = [(texts[i], texts[j]) for i, j in sorted(pairs)]
    return [(a, b) for a, b in found if exact(a.text, b.text, a.lang) < 0.5]


def related(first: str, second: str, lang: str) -> bool:
    index = OverlapIndex()
    return len(index.add([_sketch(first, lang), _sketch(second, lang)], SAME).later) > 0


@cache
def _shingles(text: str, lang: str) -> Hashes:
    return shingles(text, lang)


@cache
def _sketch(text: str, lang: str) -> Hashes:
    return sketch(text, lang)


@cache
def _signature(text: str, lang: str) -> MinHash:
    signature = MinHash(num_perm=PERMUTATIONS, hashfunc=int)
    signature.update_batch((shingles(text, lang) & np.uint64(0xFFFFFFFF)).tolist())
    return signature


def minhash_related(first: str, second: str, lang: str) -> bool:
    """datasketch as its documentation uses it, over the same shingles."""
    lsh = _lsh()
    lsh.insert("first", _signature(first, lang))
    found = "first" in lsh.query(_signature(second, lang))
    lsh.remove("first")
    return found


@cache
def _lsh() -> MinHashLSH:
    return MinHashLSH(threshold=SAME, num_perm=PERMUTATIONS)


def speed() -> None:
    """Processor time of sketching, for chipwire and datasketch, on the same texts in one run."""
    texts = load()
    start = time.process_time()
    for one in texts:
        sketch(one.text, one.lang)
    own = (time.process_time() - start) / len(texts)
    start = time.process_time()
    for one in texts:
        MinHash(num_perm=128, hashfunc=int).update_batch(
            (shingles(one.text, one.lang) & np.uint64(0xFFFFFFFF)).tolist()
        )
    peer = (time.process_time() - start) / len(texts)
    mean = np.mean([len(one.text) for one in texts])
    print(
        f"sketching texts of {mean:.0f} characters: {1 / own:.0f} a second and core; "
        f"datasketch {1 / peer:.0f} ({peer / own:.1f} times the time)"
    )


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
        found += len(index.add(batch, SAME).later)
    spent = time.process_time() - start - making
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{count:,} synthetic articles in {nights} nights: {count / spent:,.0f} a second, {found:,} pairs")
    print(f"peak memory of the whole process: {peak:.2f} GB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.million:
        million(args.count, 30)
    else:
        quality(args.seed)
        speed()


if __name__ == "__main__":
    main()
