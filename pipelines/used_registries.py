"""The registries that a data folder's nights used: a rerun reads each source's pages with that source's own settings.

    data/.registries    one folder a line, the one used last at the end

Without them a clock time on a page of a source that only another registry knows would be read in no time zone.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.errors import PipelineError, StoreError, plain_reason
from pipelines.records import Source
from pipelines.registry import SOURCES, load
from pipelines.storage import durable

_FILE = ".registries"


def remember(data: Path, registry: Path) -> None:
    """Note that a night used this registry. Raises `StoreError` when it cannot be written."""
    folder = str(registry.resolve())
    lines = [line for line in _lines(data) if line != folder]
    try:
        data.mkdir(parents=True, exist_ok=True)
        durable.write(data / _FILE, "".join(f"{line}\n" for line in [*lines, folder]).encode())
    except OSError as error:
        raise StoreError(data / _FILE, plain_reason(error)) from error


def sources_of(data: Path, registry: Path | None = None) -> tuple[Source, ...]:
    """The sources of `registry`, or of the bundled one and all that the nights used; of one id the last used stands.

    Raises `SourceError` for a broken file in them, and `PipelineError` for a folder that is gone.
    """
    if registry is not None:
        return load(registry)
    by_id = {source.id: source for source in load(SOURCES)}
    for line in _lines(data):
        folder = Path(line)
        if not folder.is_dir():
            raise PipelineError(f"{data}: its nights used the registry {folder}, which is gone; name one by --registry")
        by_id |= {source.id: source for source in load(folder)}
    return tuple(by_id.values())


def _lines(data: Path) -> list[str]:
    try:
        return (data / _FILE).read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(data / _FILE, plain_reason(error)) from error
