"""HTML bytes to an Article."""

from __future__ import annotations

from datetime import datetime

from extractors.model import Article, Selectors


def read_page(
    body: bytes,
    *,
    url: str | None = None,
    source: str = "",
    headers: tuple[tuple[str, str], ...] = (),
    fetched_at: datetime | None = None,
    charset: str | None = None,
    tz: str | None = None,
    selectors: Selectors | None = None,
) -> Article:
    """The article of a page.

    `charset` is what the site is known to send when the page itself says nothing; `tz` the IANA zone in which its bare
    clock times are read (UTC without it); `fetched_at` what relative dates ("3小时前") count from. Bytes without markup
    are a text scrape: paragraphs by line, and a first line that reads like a headline is the title.

    Raises `UnreadablePage` and `NotAnArticle`.
    """
    raise NotImplementedError
