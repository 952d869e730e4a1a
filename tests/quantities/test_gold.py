"""The targets on the gold records that lie beside a checkout of the developers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from extractors.entities.gpu_count import find_gpu_counts
from extractors.entities.money import find_money
from extractors.entities.passage import Passage
from extractors.model import GpuCount, Money

TARGETS = {
    "GPU_COUNT.value": 0.97,
    "GPU_COUNT.span": 0.95,
    "GPU_COUNT.bound": 0.95,
    "GPU_COUNT.vendor": 0.97,
    "MONEY.value": 0.98,
    "MONEY.span": 0.96,
    "MONEY.bound": 0.95,
    "MONEY.per": 0.92,
}


def predicted(record: dict[str, str]) -> dict[str, object]:
    passage = Passage.of(record["text"], record["lang"])
    found: list[Money | GpuCount] = [*find_money(passage), *find_gpu_counts(passage)]
    entities: list[dict[str, object]] = []
    for e in found:
        fields = ("start", "end", "text", "low", "high", "bound", "currency", "per", "vendor", "model")
        row = {name: getattr(e, name) for name in fields if hasattr(e, name)}
        entities.append(row | {"type": e.type, "low": float(e.low), "high": None if e.high is None else float(e.high)})
    return {"id": record["id"], "entities": entities}


@pytest.mark.parametrize("file", ["gold/zh-dev.jsonl", "gold/en-dev.jsonl", "seed/entities.jsonl"])
def test_targets(file: str, shared: Path, tmp_path: Path) -> None:
    records = [json.loads(line) for line in (shared / file).read_text("utf-8").splitlines() if line]
    out = tmp_path / "predicted.jsonl"
    out.write_text("".join(json.dumps(predicted(r), ensure_ascii=False) + "\n" for r in records), "utf-8")
    command = [sys.executable, str(shared / "gold" / "score.py"), str(shared / file), str(out), "--json"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    scores = json.loads(answer.stdout)
    reached = {key: scores[key]["f1"] if isinstance(scores[key], dict) else scores[key] for key in TARGETS}
    assert {key: value for key, value in reached.items() if value < TARGETS[key]} == {}
