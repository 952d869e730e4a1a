"""The parser's numbers for elements, and what the walk does with each."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from extractors.model import Reason

# fmt: off
SKIPPED_TAGS = (
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas", "audio", "video",
    "select", "option", "optgroup", "datalist", "input", "textarea", "img", "source", "track", "link", "meta", "base",
    "map", "area", "progress", "meter", "frame", "frameset", "applet", "head", "title", "picture", "param", "rt", "rp",
)
BLOCK_TAGS = (
    "p", "div", "section", "article", "main", "li", "ul", "ol", "dl", "dt", "dd", "table", "thead", "tbody", "tfoot",
    "tr", "td", "th", "caption", "figure", "figcaption", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6",
    "address", "details", "summary", "fieldset", "form", "hr", "center", "body", "html", "header", "footer", "nav",
    "aside", "hgroup", "legend", "dialog", "menu", "button", "marquee",
)
# fmt: on

SKIP, BREAK, BLOCK, LINK, INLINE = range(5)
"""In an order that lets the walk tell what stands inside a line (from `LINK` on) by one comparison."""


def _tag_ids() -> dict[str, int]:
    """The parser numbers its tags; the numbers may change with its version, so they are read from it."""
    names = [*SKIPPED_TAGS, *BLOCK_TAGS, "br", "a", "time", "span"]
    parser = LexborHTMLParser("<p></p>")
    return {name: parser.create_node(name).tag_id for name in dict.fromkeys(names)}


TAG = _tag_ids()
TEXT_ID = 2
ACTION = {
    **{TAG[name]: SKIP for name in SKIPPED_TAGS},
    **{TAG[name]: BLOCK for name in BLOCK_TAGS},
    TAG["br"]: BREAK,
    TAG["a"]: LINK,
}
KNOWN_TAGS = 400
"""Ids of the standard's elements are small numbers; those of unknown ones, which mostly wrap blocks, are addresses."""
ACTIONS = [ACTION.get(n, INLINE if n >= 8 else SKIP) for n in range(KNOWN_TAGS)]
KEPT_INSIDE = frozenset(("item", "quote", "table", "code"))
ROOTS = frozenset((TAG["html"], TAG["body"]))
PRUNED: frozenset[Reason | None] = frozenset(
    ("navigation", "related", "share", "newsletter", "advert", "comments", "copyright")
)
CODE = "script, style, noscript, template"
TIME, META, SPAN, IMG = TAG["time"], TAG["meta"], TAG["span"], TAG["img"]
KIND = {TAG[f"h{n}"]: f"h{n}" for n in range(1, 7)} | {
    TAG["li"]: "item",
    TAG["dd"]: "item",
    TAG["dt"]: "item",
    TAG["blockquote"]: "quote",
    TAG["td"]: "table",
    TAG["th"]: "table",
    TAG["pre"]: "code",
    TAG["p"]: "p",
}
HEADINGS = frozenset(TAG[f"h{n}"] for n in range(1, 7))
TAG_LABEL: dict[int, Reason] = {
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
