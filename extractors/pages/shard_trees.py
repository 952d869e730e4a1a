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

Tree: TypeAlias = "tuple[int, float, Tree | None, Tree | None]"
"""A node with its branches, for which each step is a comparison and nothing else."""


@cache
def trees(stem: str, names: tuple[str, ...]) -> tuple[float, tuple[Tree, ...]]:
    """The base score and the trees of a file, as `shard_trees_zh_none`; `names` are those of the evidence."""
    name = f"{stem}.txt"
    fitted, base, *lines = files("extractors.lexicons").joinpath(name).read_text("utf-8").split("\n")
    if tuple(fitted.split()) != names:
        raise LexiconError("the trees were fitted to other evidence; run tests/bench/fit_repair.py", file=name, line=1)
    out: list[Tree] = []
    for number, line in enumerate(lines, start=3):
        nodes = line.split()
        made: dict[int, Tree] = {}
        # Branches have larger numbers than what they grow from.
        for at in range(len(nodes) - 1, -1, -1):
            feature, value, left, right = nodes[at].split(",")
            if int(feature) < 0:
                made[at] = (-1, float(value), None, None)
                continue
            if not (at < int(left) < len(nodes) and at < int(right) < len(nodes)):
                raise LexiconError("a branch leads out of its tree", file=name, line=number)
            made[at] = (int(feature), float(value), made[int(left)], made[int(right)])
        if nodes:
            out.append(made[0])
    return float(base), tuple(out)


def score(model: tuple[float, tuple[Tree, ...]], x: Sequence[float]) -> float:
    """Log odds that the candidate with this evidence is the farm's."""
    total, forest = model
    for feature, value, left, right in forest:
        while left is not None and right is not None:
            feature, value, left, right = left if x[feature] <= value else right
        total += value
    return total
