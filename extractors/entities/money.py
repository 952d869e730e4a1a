"""MONEY."""

from __future__ import annotations

from extractors.entities.passage import Passage
from extractors.model import Money


def find_money(passage: Passage) -> list[Money]:
    raise NotImplementedError
