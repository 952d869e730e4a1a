"""Trains name_shape.txt: does a string of Chinese characters look like the name of a company?

    python -m extractors.lexicons.train_name_shape [--without GOLD.jsonl ...] [--out FILE]

Positives are the Chinese surfaces of companies.csv, negatives words of jieba's dictionary (MIT).
A logistic model over characters, pairs of characters and length; nothing but these two lists is read. `--without`
leaves out the rows of companies that a gold file names, so that the gain on unseen names can be measured honestly.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
from collections import defaultdict
from pathlib import Path

from extractors.lexicons.companies import rows
from extractors.lexicons.name_shape import features
from extractors.text import fold

EPOCHS = 6
RATE = 0.12
DECAY = 2e-5
NEGATIVES_PER_POSITIVE = 4
_HAN = re.compile(r"[\u3400-\u9fff]{2,8}")
# Parts of speech that stand where a company's name could; many personal names, since news is full of them.
_SHARES = {"n": 0.4, "nr": 0.2, "v": 0.12, "ns": 0.08, "l": 0.06, "i": 0.04, "a": 0.03, "vn": 0.04, "nrt": 0.03}


def plain(name: str) -> str:
    return re.sub(r"[\s\-_.·]+", "", name.casefold())


def positives(without: list[str]) -> list[str]:
    named = {
        plain(e[field])
        for path in without
        for line in Path(path).read_text("utf-8").splitlines()
        for e in json.loads(line)["entities"]
        if e["type"] == "COMPANY"
        for field in ("name", "text")
    }
    found: dict[str, None] = {}
    for row in rows().values():
        if named.isdisjoint(plain(s) for s in row.surfaces):
            found |= dict.fromkeys(fold(s) for s in row.surfaces if _HAN.fullmatch(fold(s)))
    return list(found)


def negatives(count: int, choose: random.Random) -> list[str]:
    import jieba

    by_tag: dict[str, list[str]] = defaultdict(list)
    with jieba.get_module_res("dict.txt") as dictionary:
        for line in dictionary:
            word, _, tag = line.decode("utf-8").split()
            if tag in _SHARES and _HAN.fullmatch(word):
                by_tag[tag].append(word)
    return [word for tag, share in _SHARES.items() for word in choose.choices(by_tag[tag], k=int(count * share))]


def train(examples: list[tuple[str, bool]], choose: random.Random) -> dict[str, float]:
    weights: dict[str, float] = defaultdict(float)
    for epoch in range(EPOCHS):
        choose.shuffle(examples)
        rate = RATE / (1 + epoch)
        for text, is_name in examples:
            active = features(text)
            guess = 1 / (1 + math.exp(-max(-30.0, min(30.0, sum(weights[f] for f in active)))))
            step = rate * (is_name - guess) * (NEGATIVES_PER_POSITIVE if is_name else 1.0) ** 0.5
            for f in active:
                weights[f] += step - rate * DECAY * weights[f]
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("--out", default=str(Path(__file__).with_name("name_shape.txt")))
    args = parser.parse_args()
    choose = random.Random(7)
    names = positives(args.without)
    known = set(names)
    words = [w for w in negatives(len(names) * NEGATIVES_PER_POSITIVE, choose) if w not in known]
    examples = [(w, True) for w in names] + [(w, False) for w in words]
    choose.shuffle(examples)
    held = examples[: len(examples) // 10]
    weights = train(examples[len(held) :], choose)
    right = sum((sum(weights.get(f, 0.0) for f in features(w)) > 0) == y for w, y in held)
    print(f"{len(names)} names, {len(words)} words, held-out accuracy {right / len(held):.3f}")
    kept = sorted((f, round(w, 2)) for f, w in weights.items() if abs(w) >= 0.05)
    Path(args.out).write_text("".join(f"{f}\t{w}\n" for f, w in kept), encoding="utf-8")


if __name__ == "__main__":
    main()
