"""A parsed page as a flat list of text blocks inside a tree of regions: one walk, no recursion.

A block is what a browser would set as one paragraph, heading, list item or table cell. Regions are the elements that
can hold blocks; each covers a run of consecutive blocks, so sums over a region are differences of running sums.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.model import Reason
from extractors.pages.wording import region_words

MAX_NODES = 3_000_000

# fmt: off
_SKIP = (
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas", "audio", "video",
    "select", "option", "optgroup", "datalist", "input", "textarea", "img", "source", "track", "link", "meta", "base",
    "map", "area", "progress", "meter", "frame", "frameset", "applet", "head", "title", "picture", "param", "rt", "rp",
)
_BLOCK = (
    "p", "div", "section", "article", "main", "li", "ul", "ol", "dl", "dt", "dd", "table", "thead", "tbody", "tfoot",
    "tr", "td", "th", "caption", "figure", "figcaption", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6",
    "address", "details", "summary", "fieldset", "form", "hr", "center", "body", "html", "header", "footer", "nav",
    "aside", "hgroup", "legend", "dialog", "menu", "button", "marquee",
)
# fmt: on

SKIP, BLOCK, BREAK, LINK, INLINE = range(5)


def _tag_ids() -> dict[str, int]:
    """The parser numbers its tags; the numbers may change with its version, so they are read from it."""
    names = [*_SKIP, *_BLOCK, "br", "wbr", "a", "time", "span", "font", "b", "strong", "em", "i", "u", "label", "code"]
    parser = LexborHTMLParser("<p></p>")
    return {name: parser.create_node(name).tag_id for name in dict.fromkeys(names)}


TAG = _tag_ids()
_TEXT_ID = 2
_ACTION = {
    **{TAG[name]: SKIP for name in _SKIP},
    **{TAG[name]: BLOCK for name in _BLOCK},
    TAG["br"]: BREAK,
    TAG["a"]: LINK,
}
_INLINE_MAX = 400  # element ids of the standard are small numbers; those of unknown elements are addresses
_SCRIPT, _STYLE, _TIME = TAG["script"], TAG["style"], TAG["time"]
_KIND = {TAG[f"h{n}"]: f"h{n}" for n in range(1, 7)} | {
    TAG["li"]: "item",
    TAG["dd"]: "item",
    TAG["dt"]: "item",
    TAG["blockquote"]: "quote",
    TAG["td"]: "table",
    TAG["th"]: "table",
    TAG["pre"]: "code",
    TAG["p"]: "p",
}
_TAG_LABEL: dict[int, Reason] = {
    TAG["nav"]: "navigation",
    TAG["footer"]: "navigation",
    TAG["aside"]: "related",
    TAG["figcaption"]: "caption",
    TAG["button"]: "navigation",
    TAG["menu"]: "navigation",
    TAG["dialog"]: "newsletter",
    TAG["address"]: "credit",
    TAG["caption"]: "caption",
}
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])"
    r"|text-indent\s*:\s*-\d{3}|(?:left|top)\s*:\s*-\d{3,}px",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
ZERO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")
_LABELS: dict[str, tuple[Reason | None, bool]] = {}
_LABELS_MAX = 20_000
_SEPARATORS = str.maketrans({"_": "-", " ": "-"})


@dataclass(slots=True)
class Raw:
    """A block as it stands on the page. `weight` counts UTF-8 bytes: a Han character says about as much as a word."""

    text: str
    weight: int
    linked: int
    """How many characters stand inside links."""
    kind: str
    region: int
    label: Reason | None
    """Set at once for hidden pieces, otherwise by `content.label_blocks`."""


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
    scripts: list[LexborNode] = field(default_factory=list)
    times: list[tuple[LexborNode, int]] = field(default_factory=list)
    """`<time>` elements with the index of the block they stand in or before."""


def _label(name: str) -> tuple[Reason | None, bool]:
    """What a class and id say: a region's label, and whether it is called a body.

    >>> _label("sidebar relatedPosts"), _label("article_body"), _label("spread heading")
    (('navigation', False), (None, True), (None, False))
    """
    found = _LABELS.get(name)
    if found is None:
        if len(_LABELS) > _LABELS_MAX:
            _LABELS.clear()
        folded = name[:300]
        if not folded.islower():
            folded = _CAMEL.sub("-", folded).lower()
        found = region_words().label(f"-{folded.translate(_SEPARATORS)}-")
        if len(name) <= 300:
            _LABELS[name] = found
    return found


def outline(root: LexborNode) -> Outline:
    """Walk the tree below `root` once."""
    out = Outline()
    blocks, parent, start, end = out.blocks, out.parent, out.start, out.end
    tags, names, owns, strongs = out.tag, out.name, out.own, out.strong
    buffer: list[str] = []
    linked = 0
    region = -1
    kind = "div"
    in_link = False
    # One entry for every open element: what to restore when it closes.
    stack: list[tuple[LexborNode, int, str, bool]] = []

    def flush() -> None:
        nonlocal linked
        text = " ".join("".join(buffer).split())
        buffer.clear()
        if text:
            if text.isascii():
                weight = len(text)
            else:
                text = ZERO_WIDTH.sub("", text)
                weight = len(text.encode("utf-8", "surrogatepass"))
            blocks.append(Raw(text, weight, min(linked, len(text)), kind, region, None))
        linked = 0

    node: LexborNode | None = root
    while True:
        if node is None:
            if not stack:
                break
            node, was_region, kind_, in_link = stack.pop()
            if was_region != region:
                if buffer:
                    flush()
                end[region] = len(blocks)
            region, kind = was_region, kind_
            if not stack:
                break
            node = node.next
            continue
        tag = node.tag_id
        if tag == _TEXT_ID:
            text = node.text_content or ""
            if text.isspace():
                if buffer:
                    buffer.append(" ")
            else:
                buffer.append(text)
                if in_link:
                    linked += len(text)
            node = node.next
            continue
        action = _ACTION.get(tag)
        if action is None:
            # 4 is a comment; unknown elements are custom ones, which mostly wrap blocks
            action = SKIP if tag < 8 else INLINE if tag < _INLINE_MAX else BLOCK
        if action == SKIP:
            if tag == _SCRIPT:
                out.scripts.append(node)
            node = node.next
            continue
        if action == BREAK:
            if buffer:
                flush()
            node = node.next
            continue
        child = node.first_child
        if action == BLOCK:
            if buffer:
                flush()
            if child is None:
                node = node.next
                continue
            stack.append((node, region, kind, in_link))
            parent.append(region)
            region = len(start)
            start.append(len(blocks))
            end.append(len(blocks))
            tags.append(tag)
            kind = _KIND.get(tag) or (kind if kind in ("item", "quote", "table", "code") else "div")
            attributes = node.attributes
            name = ""
            own: Reason | None = None
            strong = False
            if attributes:
                name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
                if attributes.get("itemprop") == "articleBody":
                    strong = True
                elif len(name) > 1:
                    own, strong = _label(name)
                if "hidden" in attributes or (
                    "style" in attributes and _HIDDEN.search(attributes["style"] or "") is not None
                ):
                    own = "hidden"
            owns.append(own or _TAG_LABEL.get(tag))
            names.append(name)
            strongs.append(strong)
        else:
            if tag == _TIME:
                out.times.append((node, len(blocks)))
            if child is None:
                node = node.next
                continue
            attributes = node.attributes
            if attributes and (
                "hidden" in attributes
                or ("style" in attributes and _HIDDEN.search(attributes["style"] or "") is not None)
            ):
                # Invisible inside a paragraph: jammer text. Its own region, so that it is a block of its own.
                text = " ".join(node.text().split())
                if text:
                    blocks.append(Raw(text, len(text), 0, "div", region, "hidden"))
                node = node.next
                continue
            stack.append((node, region, kind, in_link))
            if action == LINK and "href" in attributes:
                in_link = True
        node = child
    return out
