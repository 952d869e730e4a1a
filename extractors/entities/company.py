"""COMPANY."""

from __future__ import annotations

from extractors.entities.passage import Passage
from extractors.model import Company


def find_companies(passage: Passage) -> list[Company]:
    raise NotImplementedError
