"""Files that are whole or absent: temporary name, fsync, rename, and fsync of the folder that holds the name."""

from __future__ import annotations

import os
from pathlib import Path


def sync_file(path: Path) -> None:
    """Force a closed file's bytes to the disk. Raises `OSError`, also for errors that a write had not met."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def sync_dir(path: Path) -> None:
    """Force a folder's names to the disk."""
    sync_file(path)


def move(temporary: Path, final: Path) -> None:
    """Give a synced file its name, over whatever had it. Both must be on one file system."""
    os.replace(temporary, final)
    sync_dir(final.parent)


def write(path: Path, data: bytes) -> None:
    """A file's whole content, so that a reader at any moment finds the old content or the new.

    The temporary file stands beside it with a leading dot, which readers of parquet folders skip.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    with temporary.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    move(temporary, path)
