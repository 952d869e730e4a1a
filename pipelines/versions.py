"""Which rules made a row, told by the code and the lexicons themselves: nobody has to remember to count a number up."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from extractors import __version__

READERS: Final = (
    "__init__.py",
    "errors.py",
    "model.py",
    "text.py",
    "pages/",
    "lexicons/__init__.py",
    "lexicons/page_wording.toml",
    "lexicons/pair",
    "lexicons/scrape_wording.toml",
    "lexicons/shard_",
    "lexicons/traditional.txt",
    "lexicons/words_zh.txt",
)
"""How the names of those files in `extractors` begin that decide what is read from a page."""
_LIBRARIES = ("ahocorasick-rs", "selectolax")


@cache
def extractor_version() -> str:
    """The release, and a digest of the code and lexicons that made a row, like `0.1.0+5f0c21d9`."""
    return f"{__version__}+{_digest(())[:8]}"


@cache
def reader_version() -> str:
    """A digest of all that decides what is read from a page, and of nothing that only finds entities in its text."""
    libraries = [f"{name} {version(name)}" for name in _LIBRARIES]
    return hashlib.sha256(f"{_digest(READERS)} {platform.python_version()} {libraries}".encode()).hexdigest()


def _digest(beginnings: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for name, data in _package_files(files("extractors"), ""):
        if not beginnings or name.startswith(beginnings):
            digest.update(name.encode())
            digest.update(data)
    return digest.hexdigest()


def _package_files(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _package_files(entry, f"{path}{entry.name}/")
        elif entry.name.endswith((".py", ".toml", ".csv", ".txt")):
            yield path + entry.name, entry.read_bytes()
