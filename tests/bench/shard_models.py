"""Other weights and trees than those in extractors/lexicons, for the scripts that fit and measure them."""

from __future__ import annotations

import shutil
from pathlib import Path

from extractors.pages import shard_alarm, shard_evidence, shard_trees

LEXICONS = Path(shard_trees.__file__).parents[1] / "lexicons"


def use(folder: Path) -> None:
    """Reads the shard models from `folder`; what is not there is taken over from the lexicons."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in LEXICONS.glob("shard_*"):
        if not (folder / path.name).exists():
            shutil.copy(path, folder)
    for module in (shard_alarm, shard_evidence, shard_trees):
        vars(module)["files"] = lambda _package: folder
    for read in (shard_alarm.weights, shard_evidence.weights, shard_trees.trees):
        read.cache_clear()
