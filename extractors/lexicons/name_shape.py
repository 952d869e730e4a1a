"""How far a string of Chinese characters looks like the name of a company, by a small logistic model.

`name_shape.txt` holds its weights, one feature a line; `train_name_shape` writes it. It knows no context.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from importlib.resources import files


def features(text: str) -> list[str]:
    """Characters, the first and the last of them, pairs, and the length.

    >>> features("芯联")
    ['#2', '芯', '^芯', '联', '联$', '芯联', '^芯联', '芯联$']
    """
    found = [f"#{min(len(text), 7)}"]
    for i, char in enumerate(text):
        found.append(char)
        if i == 0:
            found.append("^" + char)
        if i == len(text) - 1:
            found.append(char + "$")
    found += [text[i : i + 2] for i in range(len(text) - 1)]
    found.append("^" + text[:2])
    found.append(text[-2:] + "$")
    return found


@cache
def _weights() -> dict[str, float]:
    text = files("extractors.lexicons").joinpath("name_shape.txt").read_text("utf-8")
    return {f: float(w) for f, _, w in (line.partition("\t") for line in text.splitlines())}


@lru_cache(maxsize=1 << 14)
def name_shape(text: str) -> float:
    """From 0 (a word) to 1 (a company's name); folded text.

    >>> name_shape("芯澜科技") > 0.9, name_shape("防腐剂") < 0.2, name_shape("")
    (True, True, 0.0)
    """
    if not text:
        return 0.0
    weights = _weights()
    total = sum(weights.get(f, 0.0) for f in features(text))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
