"""The frozen records that flow between the stages.

Offsets are Unicode code points of one text, `end` exclusive: `text[start:end]` is the surface. Amounts are whole units
of what they count (dollars, chips), never thousands or millions; `None` as `high` means that no upper end was said.
The meaning of each entity field is defined in the annotation guidelines that README.md summarises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Literal, TypeAlias

Lang: TypeAlias = Literal["zh", "en"]
"""The language whose rules read a text."""

PageLang: TypeAlias = Literal["zh-Hans", "zh-Hant", "en", "other"]
"""The language of an article; `other` is kept out of the tables."""

Bound: TypeAlias = Literal["exact", "about", "min", "max", "vague"]
Kind: TypeAlias = Literal["company", "investor", "media"]

Reason: TypeAlias = Literal[
    "navigation",  # menus, breadcrumbs, tag clouds, footers
    "related",  # lists of other stories
    "teaser",  # the opening of another story, glued to this one
    "credit",  # editor, photographer, source lines
    "copyright",  # rights, disclaimers
    "share",  # share bars, app banners, "scan the code"
    "comments",
    "newsletter",  # subscription and cookie boxes
    "advert",
    "caption",
    "injected",  # text that a copying site dropped into the author's
    "hidden",  # invisible on the page
    "mojibake",  # destroyed before it reached us
    "headline",  # the title again, inside the body
    "other",
]


@dataclass(frozen=True, slots=True)
class Page:
    """An answer as it came off the wire: `body` is inflated, otherwise untouched.

    `fetched_at` is `None` for a bare file, whose time of fetching nobody knows.
    """

    source: str
    url: str
    fetched_at: datetime | None
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Selectors:
    """CSS selectors that one site's pages are known to need; each field holds alternatives, the first hit wins.

    `remove` is different: everything that any of its selectors matches goes.
    """

    title: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph-like piece of `Article.text`."""

    start: int
    end: int
    kind: Literal["paragraph", "heading", "item", "quote", "table", "code"]


@dataclass(frozen=True, slots=True)
class Removed:
    """Something visible that was stripped, and why.

    `where` is the offset in `Article.text` at which it stood, `None` when it stood outside the body.
    """

    text: str
    reason: Reason
    where: int | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """`text` is the body, one paragraph a line, without the headline; `blocks` slice it."""

    source: str
    url: str | None
    lang: PageLang
    title: str | None
    byline: str | None
    published_at: datetime | None
    text: str
    blocks: tuple[Block, ...]
    removed: tuple[Removed, ...]
    credit: str | None = None
    """Whom the page names as the text's first publisher (来源)."""
    canonical_url: str | None = None


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    start: int
    end: int
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in the text, before anyone knows of what."""

    start: int
    end: int
    low: Decimal
    high: Decimal | None
    bound: Bound


@dataclass(frozen=True, slots=True)
class Company:
    type: ClassVar[Literal["COMPANY"]] = "COMPANY"
    start: int
    end: int
    text: str
    company_id: str | None
    """Stable id of the lexicon row; for a name that no row knows, `x-` and the folded name."""
    name: str
    kind: Kind
    known: bool
    """Whether a lexicon row knows the name."""


@dataclass(frozen=True, slots=True)
class GpuCount:
    type: ClassVar[Literal["GPU_COUNT"]] = "GPU_COUNT"
    start: int
    end: int
    text: str
    low: int
    high: int | None
    bound: Bound
    vendor: str | None
    model: str | None


@dataclass(frozen=True, slots=True)
class Money:
    type: ClassVar[Literal["MONEY"]] = "MONEY"
    start: int
    end: int
    text: str
    low: Decimal
    high: Decimal | None
    bound: Bound
    currency: str
    """ISO 4217."""
    per: str | None
    """`share`, `hour`, `month`, `year`, `1M tokens`, `unit`; `None` when it is no rate."""


Entity: TypeAlias = Company | GpuCount | Money

Json: TypeAlias = "str | int | float | bool | list[Json] | Mapping[str, Json] | None"
