"""Writes pairs_en.txt and pair_kinds_en.txt: how often one kind of English word follows another.

A kind is a function word itself, a mark itself, `0` for a number, a class of words that stand beside the same words
(`~0` and on), or, for words that have no class, an ending (`-ing`, `-ed`, `-ly`, `-s`, `-x` for any other). Words are
counted over the pairs that wordsegment 1.3.1 ships (bigrams.txt, unigrams.txt, frequencies of the Web 1T corpus,
Apache-2.0), marks over the help texts of Python itself (pydoc_data.topics). The classes come out of these pairs, too:
what stands beside a word, weighed by how surprising it is, in few dimensions, and gathered by k-means. Only words and
counts of kinds go into the files.

    pip install wordsegment scikit-learn
    python -m extractors.lexicons.build_pairs_en PATH/TO/wordsegment

The first line of pairs_en.txt names the kinds; each other line is a kind, a blank, and one character for its own cost
and for the cost of each kind behind it, in fifths of a nat from `!` on. A line of pair_kinds_en.txt is a class and its
words.
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
_TYPES = list(dict.fromkeys([*FUNCTION, *_MARKS, "0", *(f"-{e}" for e in _ENDINGS), "-x", "^", "$$"]))
_KNOWN = frozenset(_TYPES)
_WORD = re.compile(r"[a-z][a-z'’]*|\d[\d.,]*|[^\sa-z\d]")
_VOCABULARY = 20_000
_NEIGHBOURS = 3_000
_DIMENSIONS = 60
_CLASSES = 300
_LEAST = 4
"""Neighbours of a word that has a class."""
_WEB = 1.024908e12
"""Words of the corpus that was counted."""


def ending(word: str) -> str:
    """The kind of a word that has no class."""
    if word in _KNOWN:
        return word
    if word[:1].isdigit():
        return "0"
    return next((f"-{e}" for e in _ENDINGS if len(word) > len(e) + 2 and word.endswith(e)), "-x")


def classes(unigrams: dict[str, float], bigrams: dict[tuple[str, str], float]) -> dict[str, str]:
    """Word to its class."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    vocabulary = [w for w in unigrams if w.isalpha() and w.isascii() and (len(w) > 1 or w in "ai")][:_VOCABULARY]
    at = {w: i for i, w in enumerate(vocabulary)}
    rows, columns, values = [], [], []
    for (a, b), often in bigrams.items():
        if a in at and b in at:
            surprise = math.log(often * _WEB / (unigrams[a] * unigrams[b]))
            for word, other, side in ((a, b, 0), (b, a, _NEIGHBOURS)):
                if surprise > 0 and at[other] < _NEIGHBOURS:
                    rows.append(at[word])
                    columns.append(side + at[other])
                    values.append(surprise)
    beside = csr_matrix((values, (rows, columns)), shape=(len(vocabulary), 2 * _NEIGHBOURS))
    close = normalize(TruncatedSVD(_DIMENSIONS, random_state=0).fit_transform(normalize(beside)))
    free = [i for i, w in enumerate(vocabulary) if w not in _KNOWN and beside[i].nnz >= _LEAST]
    weight = np.sqrt([unigrams[vocabulary[i]] for i in free])
    labels = KMeans(_CLASSES, n_init=4, random_state=0).fit(close[free], sample_weight=weight).labels_
    return {vocabulary[i]: f"~{k}" for i, k in zip(free, labels, strict=True)}


def counted(path: Path) -> dict[str, float]:
    out = {}
    for line in path.read_text("utf-8").splitlines():
        words, _, count = line.partition("\t")
        out[words] = float(count)
    return out


def beside_marks() -> tuple[Counter[tuple[str, str]], Counter[str]]:
    """How often one ending, mark or function word follows another, and each one is followed at all."""
    marks: Counter[tuple[str, str]] = Counter()
    for topic in pydoc_data.topics.topics.values():
        for paragraph in topic.lower().split("\n\n"):
            if paragraph.startswith("   ") or "::" in paragraph:
                continue
            marks.update(pairwise(["^", *(ending(w) for w in _WORD.findall(paragraph)), "$$"]))
    totals: Counter[str] = Counter()
    for (a, _), n in marks.items():
        totals[a] += n
    return marks, totals


def main(folder: str) -> None:
    unigrams = counted(Path(folder) / "unigrams.txt")
    bigrams: dict[tuple[str, str], float] = {}
    for words, count in counted(Path(folder) / "bigrams.txt").items():
        a, _, b = words.partition(" ")
        if a in unigrams and b in unigrams:
            bigrams[a, b] = count
    of = classes(unigrams, bigrams)
    names = [*_TYPES, *sorted(set(of.values()), key=lambda c: int(c[1:]))]

    def kind(word: str) -> str:
        return of.get(word) or ending(word)

    pairs: Counter[tuple[str, str]] = Counter()
    # A class shares what its words do beside marks with the endings that they have.
    shares: dict[str, Counter[str]] = {n: Counter() for n in names}
    for (a, b), count in bigrams.items():
        n = int(count) // 10_000
        pairs[kind(a), kind(b)] += n
        shares[kind(b)][ending(b)] += n + 1
    marks, totals = beside_marks()
    special = {*_MARKS, "^", "$$"}
    own: Counter[str] = Counter()
    wide: Counter[str] = Counter()
    follows: Counter[str] = Counter()
    for (a, b), n in pairs.items():
        own[b] += n
        follows[a] += n
    everything = sum(own.values())

    def base(b: str) -> float:
        return (own[b] + 20) / (everything + 20 * len(names))

    def by_ending(a: str, b: str) -> float:
        whole = (wide[b] + 20) / (everything + 20 * len(_TYPES))
        return (marks[a, b] + 20 * whole) / (totals[a] + 20)

    def chance(a: str, b: str) -> float:
        if a in special or b in special:
            before = {a: 1.0} if a in special else of_ending[a]
            if b in special:
                return sum(x * by_ending(e, b) for e, x in before.items())
            return sum(x * by_ending(e, f) * n / wide[f] for e, x in before.items() for f, n in shares[b].items())
        mark_share = sum(x * sum(marks[e, s] for s in special) / (totals[e] + 1) for e, x in of_ending[a].items())
        return (1 - min(0.5, mark_share)) * (pairs[a, b] + 50 * base(b)) / (follows[a] + 50)

    of_ending: dict[str, dict[str, float]] = {}
    for name in names:
        if not shares[name]:
            shares[name][name] = 1
        total = shares[name].total()
        of_ending[name] = {e: n / total for e, n in shares[name].items()}
        for e, n in shares[name].items():
            wide[e] += n
    lines = [" ".join(names)]
    for a in names:
        costs = [-math.log(base(a)), *(-math.log(chance(a, b)) for b in names)]
        lines.append(f"{a} {''.join(chr(33 + min(93, round(5 * c))) for c in costs)}")
    here = Path(__file__)
    here.with_name("pairs_en.txt").write_text("\n".join(lines) + "\n", "utf-8")
    lines = [" ".join([c, *(w for w, k in of.items() if k == c)]) for c in names if c in of.values()]
    here.with_name("pair_kinds_en.txt").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
