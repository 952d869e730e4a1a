"""Writes next_words_en.txt: how often one English word follows another.

The probabilities are those of the general language model for US English that pocketsphinx 5.1.1 ships (BSD licence):
72,000 words, 2 million pairs. Kept are its most frequent words, and of their pairs those that say most: by how much the
model gets worse without a pair, as in Stolcke's pruning. Only words and probabilities go into the file.

    pip install pocketsphinx numpy
    python -m extractors.lexicons.build_next_words_en

A line of the file, its parts apart by tabs: a word; a code for its own probability and one for the share that is left
to words that did not follow it; those that did, each as one character; a code for each of them. The character of the
word on line n, counted from 0, is chr(0x4E00 + n); a code is chr(33 + n) for a cost of n / 5 nats. `<s>` and `</s>`
stand for where a sentence begins and ends. Takes some minutes: the model is asked for every pair.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

WORDS = 20_000
PAIRS = 300_000
_BASE = 1.0001
_WORD = re.compile(r"[a-z][a-z'-]*")


def code(cost: float) -> str:
    return chr(33 + min(93, max(0, round(5 * cost))))


def main() -> None:
    from pocketsphinx import Config, LogMath, NGramModel, get_model_path

    model = NGramModel(Config(), LogMath(_BASE), f"{get_model_path()}/en-us/en-us.lm.bin")
    step = np.log(_BASE)
    vocabulary = Path(get_model_path(), "en-us", "cmudict-en-us.dict").read_text("utf-8").split("\n")
    spoken = {line.split(" ")[0] for line in vocabulary}
    own = {word: model.prob([word]) * step for word in spoken if _WORD.fullmatch(word)}
    words = sorted(own, key=lambda word: (-own[word], word))[:WORDS]
    words += ["<s>", "</s>"]
    alone = np.array([model.prob([word]) * step for word in words])
    left, found = [], []
    for i, first in enumerate(words):
        row = np.array([model.prob([second, first]) for second in words], np.float32) * step
        # What was never seen behind a word has its own probability, times one and the same share.
        share = float(np.median((row - alone)[-WORDS // 2 : -2]))
        left.append(share)
        apart = row - alone - share
        seen = np.nonzero(np.abs(apart) > 0.02)[0]
        loss = np.exp(alone[i] + row[seen]) * np.abs(apart[seen])
        found += [(float(x), i, int(j), float(row[j])) for x, j in zip(loss, seen, strict=True)]
    found = sorted(found, reverse=True)[:PAIRS]
    rows: dict[int, list[tuple[int, float]]] = {}
    for _, i, j, p in sorted(found, key=lambda pair: pair[1:]):
        rows.setdefault(i, []).append((j, p))
    lines = []
    for i, word in enumerate(words):
        followers = "".join(chr(0x4E00 + j) for j, _ in rows.get(i, ()))
        codes = "".join(code(-p) for _, p in rows.get(i, ()))
        # A share may be above 1: its code is moved by 5 nats.
        lines.append(f"{word}\t{code(-alone[i])}{code(5 - left[i])}\t{followers}\t{codes}")
    Path(__file__).with_name("next_words_en.txt").write_text("\n".join(lines) + "\n", "utf-8")
    print(len(words), "words,", len(found), "pairs")


if __name__ == "__main__":
    main()
