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

from typing import Literal, TypeAlias

NotArticleKind: TypeAlias = Literal["front page", "list", "video", "error", "paywall", "empty"]


class ChipwireError(Exception):
    """Base of all errors that an input can cause."""


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
