"""A page as a flat list of text blocks inside a tree of regions.

A block is what a browser would set as one paragraph, heading, list item or table cell. Regions are the elements that
can hold blocks; each covers a run of consecutive blocks, so sums over a region are differences of running sums.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from extractors.model import Reason


@dataclass(slots=True)
class Raw:
    """A block as it stands on the page. `weight` counts UTF-8 bytes: a Han character says about as much as a word."""

    text: str
    weight: int
    linked: int
    """How many characters stand inside links."""
    kind: str
    region: int
    own: Reason | None = None
    """What the block's own element says, where that element is no region."""
    leaf: bool = False
    """Whether the block is an element of its own directly in `region`."""
    label: Reason | None = None
    """Why the block is furniture, as far as names and tags tell; set when the body is looked for."""


@dataclass(slots=True)
class Outline:
    """The blocks of a page, and its regions as columns (region `r` holds `blocks[start[r]:end[r]]`)."""

    blocks: list[Raw] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    tag: list[int] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    """Class and id of the region's element."""
    own: list[Reason | None] = field(default_factory=list)
    """What the region's own tag, name and style say about it."""
    strong: list[bool] = field(default_factory=list)
    """Whether the region is called what bodies are called."""
    metas: list[LexborNode] = field(default_factory=list)
    """`<meta>` elements in the body, where microdata keeps dates and names."""
    target: int | None = None
    """The region that a site's own selector names."""
    times: list[tuple[LexborNode, int]] = field(default_factory=list)
    """`<time>` elements with the index of the block they stand in or before."""
