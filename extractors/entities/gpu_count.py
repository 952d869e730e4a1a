"""GPU_COUNT."""

from __future__ import annotations

from extractors.entities.passage import Passage
from extractors.model import GpuCount


def find_gpu_counts(passage: Passage) -> list[GpuCount]:
    raise NotImplementedError
