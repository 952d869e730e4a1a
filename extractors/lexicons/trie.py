"""Many surfaces as one regular expression that reads each character once.

A plain alternation of a thousand names tries them one by one; nested by common beginnings it tries one a character.

>>> trie(["GPU", "GPUs", "TPU"])
'(?:GPU(?:s)?|TPU)'
>>> import re
>>> re.match(trie(["万", "万亿"]), "万亿元")[0]
'万亿'
"""

from __future__ import annotations

import re
from collections.abc import Iterable


class _Node(dict[str, "_Node"]):
    """Children by character; `ends` says that a surface stops here."""

    ends: bool = False


def trie(surfaces: Iterable[str]) -> str:
    """A pattern, one non-capturing group, that matches the longest of `surfaces` at a place.

    A space in a surface matches any number of spaces up to one, so `RTX 4090` also reads `RTX4090`.
    Raises `ValueError` when a surface is empty or there is none, since the pattern would match everywhere.
    """
    root = _Node()
    for surface in sorted(set(surfaces)):
        node = root
        for char in surface:
            node = node.setdefault(char, _Node())
        node.ends = True
    if root.ends or not root:
        raise ValueError("no surfaces, or an empty one")
    return f"(?:{_branches(root)})"


def _branches(node: _Node) -> str:
    return "|".join((" ?" if char == " " else re.escape(char)) + _tail(child) for char, child in node.items())


def _tail(node: _Node) -> str:
    if not node:
        return ""
    if len(node) == 1 and not node.ends:
        return _branches(node)
    return f"(?:{_branches(node)})" + ("?" if node.ends else "")
