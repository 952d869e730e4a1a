"""Writes pairs_en.txt: how often one kind of English word follows another.

A kind is a function word itself, a mark itself, `0` for a number, or an ending (`-ing`, `-ed`, `-ly`, `-s`, `-x` for
any other). Words are counted over the pairs that wordsegment 1.3.1 ships (bigrams.txt, frequencies of the Web 1T
corpus, Apache-2.0), marks over the help texts of Python itself (pydoc_data.topics). Only counts of kinds go into the
file.

    pip install wordsegment
    python -m extractors.lexicons.build_pairs_en PATH/TO/wordsegment/bigrams.txt

A line of the file: a kind, its own cost, and the costs that each kind of the first line follows it, in tenths of a nat.
"""

from __future__ import annotations

import math
import pydoc_data.topics
import re
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

FUNCTION = re.findall(
    r"\w+",
    """a about after all also although an and any are as at be because been before being between both but by can could
    did do does during each either even every few first for from had has have he her here him his how however i if in
    into is it its just last like made many may me might more most much must my new no not now of off on one only or
    other our out over own said same says she should since so some still such than that the their them then there
    these they this those through to too two under until up us very was we well were what when where whether which
    while who whose why will with within without would year years yet you your""",
)
_MARKS = re.findall(r"\S", ",.;:!?”“\"()–—-'’/$%")
_ENDINGS = ("ing", "ed", "ly", "s")
KINDS = list(dict.fromkeys([*FUNCTION, *_MARKS, "0", *(f"-{e}" for e in _ENDINGS), "-x", "^", "$$"]))
_KNOWN = frozenset(KINDS)
_WORD = re.compile(r"[a-z][a-z'’]*|\d[\d.,]*|[^\sa-z\d]")


def kind(word: str) -> str:
    if word in _KNOWN:
        return word
    if word[:1].isdigit():
        return "0"
    return next((f"-{e}" for e in _ENDINGS if len(word) > len(e) + 2 and word.endswith(e)), "-x")


def main(source: str) -> None:
    pairs: Counter[tuple[str, str]] = Counter()
    for line in Path(source).read_text("utf-8").splitlines():
        words, _, count = line.partition("\t")
        a, _, b = words.partition(" ")
        pairs[kind(a), kind(b)] += int(count) // 10_000
    marks: Counter[tuple[str, str]] = Counter()
    for topic in pydoc_data.topics.topics.values():
        for paragraph in topic.lower().split("\n\n"):
            if paragraph.startswith("   ") or "::" in paragraph:
                continue
            kinds = ["^", *(kind(w) for w in _WORD.findall(paragraph)), "$$"]
            marks.update((a, b) for a, b in pairwise(kinds))
    totals: Counter[str] = Counter()
    word_totals: Counter[str] = Counter()
    special = {*_MARKS, "^", "$$"}
    for (a, _), n in pairs.items():
        word_totals[a] += n
    for (a, _), n in marks.items():
        totals[a] += n
    own: Counter[str] = Counter()
    for (_, b), n in pairs.items():
        own[b] += n
    everything = sum(own.values())

    def chance(a: str, b: str) -> float:
        base = (own[b] + 20) / (everything + 20 * len(KINDS))
        told = (marks[a, b] + 20 * base) / (totals[a] + 20)
        if a in special or b in special:
            return told
        mark_share = sum(marks[a, s] for s in special) / (totals[a] + 1)
        return (1 - min(0.5, mark_share)) * (pairs[a, b] + 50 * base) / (word_totals[a] + 50)

    lines = [" ".join(KINDS)]
    for a in KINDS:
        alone = -math.log((own[a] + 20) / (everything + 20 * len(KINDS)))
        costs = " ".join(str(round(-10 * math.log(chance(a, b)))) for b in KINDS)
        lines.append(f"{a} {round(alone * 10)} {costs}")
    Path(__file__).with_name("pairs_en.txt").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
