"""All tables change at once: versions of the whole set, and one rename that makes a version current.

    data/.tables/v00000007/money/month=2026-03/part.parquet
    data/.tables/current  -> v00000007
    data/money            -> .tables/current/money

A writer builds the next version beside the current one: files that change are written, all others hard-linked, every
file and folder synced. Then one rename of `current` is the commit. A process killed before it leaves the old tables, a
process killed after it the new ones; there is no moment between, for one table or for all together, and nothing to
replay. Files of a version are never changed, and every name of a version is a name of the next.

So a reader of `data/money` that lists, then opens while a commit happens, finds every file it listed, and each whole:
of the version before or after. A tool that opens a file twice (DuckDB and Polars read the footer first) may meet both
and fail to decode; it has to read again. Whoever wants one version for sure, of several tables too, resolves the link
first (`Path("data/money").resolve()`): the version before the current one stays until the next commit.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from pipelines.storage import durable
from pipelines.storage.threads import in_threads

PART = "part.parquet"
_VERSION = re.compile(r"v(\d{8})")


class Snapshots:
    """The versions of the tables `names` in a data folder."""

    def __init__(self, data_dir: Path, names: Iterable[str]) -> None:
        self.data_dir = data_dir
        self.names = tuple(names)
        self.root = data_dir / ".tables"
        self._current = self.root / "current"

    def current(self) -> Path | None:
        """The folder of the current version, or `None` before the first commit."""
        try:
            return self.root / os.readlink(self._current)
        except FileNotFoundError:
            return None
        except OSError:
            # A copy of the data that followed the links has a folder here; the next writer makes a version of it.
            return self._current

    @contextmanager
    def next_version(self) -> Iterator[Draft]:
        """A draft of the next version; only `Draft.commit` makes it visible.

        Holds a lock, so that two writers, also two threads, come one after the other. What killed writers left goes.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with FileLock(self.root / ".lock", thread_local=False):
            self._repair_links()
            old = self.current()
            draft = Draft(self, old, self.root / f"v{_number(old) + 1:08d}")
            self._sweep(keep=_kept(self.root, old))
            try:
                yield draft
            finally:
                if self.current() != draft.folder:
                    shutil.rmtree(draft.folder, ignore_errors=True)

    def _sweep(self, keep: set[Path]) -> None:
        for path in list(self.root.iterdir()):
            if _VERSION.fullmatch(path.name) and path not in keep:
                # Renamed first: a reader that still holds it fails to find it, and never lists a half of it.
                path = path.rename(path.with_name(f"{path.name}.gone"))
            if path.name.endswith(".gone"):
                shutil.rmtree(path)

    def _repair_links(self) -> None:
        """Make the tables' names point into the current version.

        They may be missing after a kill, or be real folders: tables that another program wrote, which become the first
        version, or a copy of the data that followed the links. Raises `FileExistsError` for a folder that holds what
        the current version does not, and for a file in place of the pointer: they are not ours to remove.
        """
        if self._current.is_file():
            raise FileExistsError(f"{self._current} is a file where a link to a version should be")
        if self._current.is_dir() and not self._current.is_symlink():
            version = self.root / f"v{max(_numbers(self.root), default=0) + 1:08d}"
            self._current.rename(version)
            self._point(version)
        real = [name for name in self.names if _is_real_dir(self.data_dir / name)]
        if self.current() is None and real:
            first = self.root / "v00000001"
            first.mkdir(exist_ok=True)
            for name in real:
                (self.data_dir / name).rename(first / name)
            self._point(first)
        current = self.current()
        if current is None:
            return
        for name in self.names:
            link = self.data_dir / name
            if _is_real_dir(link):
                if _sizes(link) != _sizes(current / name):
                    raise FileExistsError(f"{link} is a folder where a link to {current / name} should be")
                shutil.rmtree(link)
            target = Path(".tables", "current", name)
            if not link.is_symlink():
                link.symlink_to(target)
            elif link.readlink() != target:
                self._switch(link, target)
        durable.sync_dir(self.data_dir)

    def _point(self, version: Path) -> None:
        self._switch(self._current, Path(version.name))

    def _switch(self, link: Path, target: Path) -> None:
        """Let a link lead elsewhere, in one step."""
        temporary = self.root / "next"
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(target)
        durable.move(temporary, link)


class Draft:
    """The next version while it is being built; `folder` does not exist before `start`."""

    def __init__(self, snapshots: Snapshots, old: Path | None, folder: Path) -> None:
        self._snapshots = snapshots
        self.old = old
        self.folder = folder
        self.written: set[Path] = set()

    def place(self, name: str, partition: str) -> Path:
        """Where a partition's one file (`month=2026-03`, or `""`) is to be written, instead of all it had."""
        inner = Path(name, partition)
        self.written.add(inner)
        (self.folder / inner).mkdir(parents=True, exist_ok=True)
        return self.folder / inner / PART

    def version_of(self, name: str, partition: str) -> Path | None:
        """The folder that holds what this draft has in a partition: its own, or the current version's."""
        return self.folder if Path(name, partition) in self.written else self.old

    def files(self, name: str) -> list[Path]:
        """The files that a table would have if the draft were committed now."""
        kept = [file for file in files(self.old, [name]) if file.parent not in self.written]
        own = files(self.folder, [name])
        return [self._old_path(file) for file in kept] + [self.folder / file for file in own]

    def forget(self) -> list[Path]:
        """Take nothing over from the current version; says which partitions it had, for their names must live on."""
        partitions = sorted({file.parent for file in files(self.old, self._snapshots.names)})
        self.old = None
        return partitions

    def commit(self) -> None:
        """Link what did not change, sync everything, and make this version current."""
        for inner in files(self.old, self._snapshots.names):
            if inner.parent not in self.written:
                target = self.folder / inner
                target.parent.mkdir(parents=True, exist_ok=True)
                _link(self._old_path(inner), target)
        in_threads(durable.sync_file, [path for part in self.written for path in (self.folder / part).iterdir()])
        # All names first, then all syncs: journalling file systems write the whole lot with the first of them.
        for folder in sorted(path for path in self.folder.rglob("*") if path.is_dir()):
            durable.sync_dir(folder)
        durable.sync_dir(self.folder)
        durable.sync_dir(self._snapshots.root)
        self._snapshots._point(self.folder)
        self._snapshots._repair_links()

    def _old_path(self, inner: Path) -> Path:
        assert self.old is not None
        return self.old / inner


def files(version: Path | None, names: Iterable[str]) -> list[Path]:
    """The parquet files of a version, relative to it."""
    if version is None:
        return []
    return sorted(path.relative_to(version) for name in names for path in (version / name).rglob("*.parquet"))


def _is_real_dir(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _sizes(folder: Path) -> dict[Path, int]:
    return {path.relative_to(folder): path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def _link(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except PermissionError:
        raise
    except OSError:
        # A file system without hard links.
        shutil.copyfile(old, new)
        durable.sync_file(new)


def _number(version: Path | None) -> int:
    return 0 if version is None else int(version.name[1:])


def _numbers(root: Path) -> Iterator[int]:
    for path in root.iterdir():
        if match := _VERSION.fullmatch(path.name):
            yield int(match[1])


def _kept(root: Path, current: Path | None) -> set[Path]:
    """The current version and the one before it, for readers that hold it."""
    if current is None:
        return set()
    before = [number for number in _numbers(root) if number < _number(current)]
    return {current, *(root / f"v{number:08d}" for number in sorted(before)[-1:])}
