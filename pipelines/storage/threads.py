"""Work on arrow data in a few threads: arrow lets go of the interpreter's lock while it reads, compares and writes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_threads(function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """`[function(item) for item in items]`, several at a time. The first error goes up when the others have ended.

    >>> in_threads(len, ["ab", "", "c"])
    [2, 0, 1]
    >>> in_threads(len, [])
    []
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, items))
