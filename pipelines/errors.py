"""Everything that can go wrong around the data folder, as one tree below `extractors.errors.ChipwireError`.

    ChipwireError
    └── PipelineError
        ├── StoreError(path)        a raw file that cannot be written, read or trusted
        ├── TableError(table)       a table that cannot be written or read, or rows that do not fit it
        └── RunUnderWay(path)       another run holds the data folder

A full disk or a missing permission is a `StoreError` or a `TableError`, never a bare `OSError`: whoever catches
`PipelineError` can print `str(error)` as one line and knows that what was there before is still there.
"""

from __future__ import annotations

import errno
from pathlib import Path

from extractors.errors import ChipwireError

FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What a mistake of ours, or of a library, raises on input that nobody foresaw. It costs that input, with the cause on
record; a full disk or memory (OSError, MemoryError) is no fault of the input and goes up."""

_PLAIN = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file is larger than this system allows",
    errno.EACCES: "no permission",
    errno.EPERM: "no permission",
    errno.EROFS: "the file system is read-only",
    errno.ENOENT: "there is no such file",
    errno.ENOTDIR: "a file stands where a folder should be",
}


def plain_reason(error: OSError) -> str:
    """What happened, in words that a person can act on.

    >>> plain_reason(OSError(errno.ENOSPC, "x"))
    'the disk is full'
    >>> plain_reason(OSError("pyarrow says only this"))
    'pyarrow says only this'
    """
    return _PLAIN.get(error.errno or 0) or error.strerror or str(error)


class PipelineError(ChipwireError):
    """Base of the errors of the stages that touch the disk."""


class StoreError(PipelineError):
    """A raw file that cannot be written, read or trusted."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = str(path)
        self.reason = reason


class TableError(PipelineError):
    """A table that cannot be written or read, or rows that do not fit its schema; `table` is "" for all of them.

    >>> print(TableError("money", "column per is missing"), TableError("", "data: the disk is full"), sep="\\n")
    table money: column per is missing
    tables: data: the disk is full
    """

    def __init__(self, table: str, reason: str) -> None:
        super().__init__(f"table {table}: {reason}" if table else f"tables: {reason}")
        self.table = table
        self.reason = reason


class RunUnderWay(PipelineError):
    """Another run holds the data folder; `who` says which, as far as it told."""

    def __init__(self, path: Path | str, who: str) -> None:
        super().__init__(f"{path}: a run is under way ({who}); start again when it has ended")
        self.path = str(path)
        self.who = who
