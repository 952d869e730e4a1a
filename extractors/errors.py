"""Everything that can go wrong with an input, as one tree.

    ChipwireError
    ├── PageError(url)            a page that gives no article
    │   ├── UnreadablePage        not text, or not decodable, or over a limit
    │   └── NotAnArticle(kind)    readable, but a front page, a list, a video, an error, a paywall stub …
    ├── TextError                 an input text that cannot be read (not a string, an unknown language)
    └── LexiconError(file, line)  a lexicon row that breaks its file's rules

Every error carries what failed; `str(error)` is one line that a person can act on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

NotArticleKind: TypeAlias = Literal["front page", "list", "video", "error", "paywall", "empty"]


class ChipwireError(Exception):
    """Base of all errors that an input can cause. What it carries survives the way out of a worker process.

    >>> from pickle import dumps, loads
    >>> error = loads(dumps(LexiconError("no id", file="companies.csv", line=7)))
    >>> str(error), error.line
    ('companies.csv:7: no id', 7)
    """

    def __reduce__(self) -> tuple[Callable[..., ChipwireError], tuple[object, ...]]:
        # Left to itself, pickle calls the class with the message alone: a pool then breaks over the error it was told.
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[ChipwireError], args: tuple[object, ...], carried: dict[str, object]) -> ChipwireError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(carried)
    return error


class PageError(ChipwireError):
    """A page that gives no article. `url` is the page's address, or `None` for a bare file."""

    def __init__(self, message: str, *, url: str | None = None) -> None:
        super().__init__(f"{url}: {message}" if url else message)
        self.url = url


class UnreadablePage(PageError):
    """The bytes are no page: binary, undecodable, or over a limit."""


class NotAnArticle(PageError):
    """The page can be read and holds no article; `kind` says what it is instead."""

    def __init__(self, kind: NotArticleKind, *, url: str | None = None, detail: str = "") -> None:
        super().__init__(f"no article: {kind}" + (f" ({detail})" if detail else ""), url=url)
        self.kind = kind


class TextError(ChipwireError):
    """An input text that cannot be read."""


class LexiconError(ChipwireError):
    """A lexicon row that breaks the rules of its file."""

    def __init__(self, message: str, *, file: str, line: int) -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.file = file
        self.line = line
