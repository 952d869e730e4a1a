"""The last word on a candidate: boosted trees over all of its evidence.

extractors/lexicons/shard_(trees|habits)_LANGUAGE_(headline|none).txt hold them as tests/bench/fit_repair.py wrote them:
a line with the names of the evidence, a line with the base score, then one tree a line. A node is
`feature,threshold,left,right`, a leaf `-1,value,0,0`; features count through the names.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TypeAlias

from extractors.errors import LexiconError

Tree: TypeAlias = tuple[tuple[int, float, int, int], ...]


@cache
def trees(stem: str, names: tuple[str, ...]) -> tuple[float, tuple[Tree, ...]]:
    """The base score and the trees of a file, as `shard_trees_zh_none`; `names` are those of the evidence."""
    name = f"{stem}.txt"
    fitted, base, *lines = files("extractors.lexicons").joinpath(name).read_text("utf-8").split("\n")
    if tuple(fitted.split()) != names:
        raise LexiconError("the trees were fitted to other evidence; run tests/bench/fit_repair.py", file=name, line=1)
    out: list[Tree] = []
    for number, line in enumerate(lines, start=3):
        nodes: list[tuple[int, float, int, int]] = []
        for node in line.split():
            feature, value, left, right = node.split(",")
            nodes.append((int(feature), float(value), int(left), int(right)))
        if any(f >= 0 and max(left, right) >= len(nodes) for f, _, left, right in nodes):
            raise LexiconError("a branch leads out of its tree", file=name, line=number)
        if nodes:
            out.append(tuple(nodes))
    return float(base), tuple(out)


def score(model: tuple[float, tuple[Tree, ...]], x: Sequence[float]) -> float:
    """Log odds that the candidate with this evidence is the farm's."""
    total, forest = model
    for tree in forest:
        feature, value, left, right = tree[0]
        while feature >= 0:
            feature, value, left, right = tree[left if x[feature] <= value else right]
        total += value
    return total
