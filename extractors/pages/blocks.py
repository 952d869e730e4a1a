"""A parsed page as its outline: one walk, no recursion."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from extractors.model import Reason
from extractors.pages.labels import LABELS, STYLES, hides, label
from extractors.pages.regions import Outline, Raw
from extractors.pages.tags import (
    ACTIONS,
    BLOCK,
    BREAK,
    CODE,
    HEADINGS,
    IMG,
    KEPT_INSIDE,
    KIND,
    KNOWN_TAGS,
    LINK,
    META,
    PRUNED,
    ROOTS,
    SPAN,
    TAG_LABEL,
    TEXT_ID,
    TIME,
)

_FURNITURE_SIZE = 200
_FEW_SENTENCES, _SENTENCES = 3, 10
_SENTENCE_SIZE = 200
"""A region named as furniture is read block by block from so many sentences on, or from few that fill it."""
_LEAF_SIZE = 400
_CAPTION_WEIGHT = 180


def _furniture(node: LexborNode) -> str | None:
    """The text of a region that its name calls furniture, or `None` if it must be read block by block.

    That is the case when it holds running text: names lie, and then it may be the body.
    """
    text = node.text(separator="\n", strip=True, skip_empty=True)
    if "{" in text or ";" in text:
        # Code; or marks that code has, too. Backwards, as one may stand inside another.
        for code in reversed(node.css(CODE)):
            code.decompose()
        text = node.text(separator="\n", strip=True, skip_empty=True)
    if len(text) > _FURNITURE_SIZE:
        sentences = text.count(", ")
        if not text.isascii():
            sentences += text.count("，") + text.count("。")
        # Prose has commas enough. Else, single marks are counted much faster than what stands behind them, and most
        # menus have next to none.
        if _holds(len(text), sentences) or (
            _holds(len(text), sentences + text.count("."))
            and _holds(len(text), sentences + text.count(". ") + text.count(".\n"))
        ):
            return None
    return text


def _holds(size: int, sentences: int) -> bool:
    """Whether so many sentences in a region named as furniture are running text."""
    return sentences >= _SENTENCES or (sentences >= _FEW_SENTENCES and sentences * _SENTENCE_SIZE > size)


def _is_caption(block: Raw) -> bool:
    """Whether the only text beside a picture reads like what is said about it: short, and no sentence."""
    short = 6 < block.weight < _CAPTION_WEIGHT and block.own is None and block.linked == 0
    return short and block.kind in ("div", "p") and block.text[-1] not in '。！？.!?”"'


def _block(buffer: list[str], linked: int, kind: str, region: int) -> Raw | None:
    """The block that collected pieces of text make; they are used up."""
    text = buffer[0] if len(buffer) == 1 else "".join(buffer)
    buffer.clear()
    if not text.isascii():
        text = " ".join(text.split())
        weight = len(text.encode("utf-8", "surrogatepass"))
    else:
        # Most lines of many words have single spaces only, and to see that costs less than to take them apart.
        text = text.strip()
        if not text.isprintable() or "  " in text:
            text = " ".join(text.split())
        weight = len(text)
    size = len(text)
    if not size:
        return None
    return Raw(text, weight, linked if linked < size else size, kind, region)


def outline(root: LexborNode, *, prune: bool = True, target: int | None = None) -> Outline:
    """Walk the tree below `root` once.

    With `prune`, a region named as furniture becomes one block of no weight. `target` is the `mem_id` of an element
    whose region is wanted by number.
    """
    # The loop runs for every node of every page: it calls nothing that it can do itself, and asks a node for what costs
    # more (its text, its attributes) only when it will use it.
    out = Outline()
    blocks, parent, start, end = out.blocks, out.parent, out.start, out.end
    tags, names, owns, strongs = out.tag, out.name, out.own, out.strong
    actions, kinds, tag_labels, labels, styles = ACTIONS, KIND, TAG_LABEL, LABELS, STYLES
    buffer: list[str] = []
    linked = 0
    region = -1
    kind = "div"
    in_link = False
    styled = -1  # how long the buffer was behind the last span with a class
    image = -1  # the region of the last picture
    # One entry for every open element: what to restore when it closes.
    stack: list[tuple[LexborNode, int, str, bool]] = []
    node: LexborNode | None = root
    while True:
        if node is None:
            node, was_region, was_kind, in_link = stack.pop()
            if was_region != region:
                if buffer:
                    if (block := _block(buffer, linked, kind, region)) is not None:
                        blocks.append(block)
                    linked = 0
                end[region] = len(blocks)
                if image == region and len(blocks) == start[region] + 1 and _is_caption(blocks[-1]):
                    blocks[-1].own = "caption"
                region = was_region
            kind = was_kind
            if not stack:
                break
            node = node.next
            continue
        tag = node.tag_id
        if tag == TEXT_ID:
            if node.is_empty_text_node:
                if buffer:
                    buffer.append(" ")
            else:
                text = node.text_content or ""
                if not text.isspace():
                    buffer.append(text)
                    if in_link:
                        linked += len(text)
                elif buffer:
                    buffer.append(" ")
            node = node.next
            continue
        action = actions[tag] if tag < KNOWN_TAGS else BLOCK
        if action == BLOCK:
            if buffer:
                if (block := _block(buffer, linked, kind, region)) is not None:
                    blocks.append(block)
                linked = 0
            child = node.first_child
            if child is None:
                node = node.next
                continue
            own: Reason | None = None
            strong = False
            name = ""
            attributes = node.attributes
            if attributes:
                if "class" in attributes:
                    name = attributes["class"] or ""
                    only = len(attributes) == 1
                else:
                    only = False
                if not only and "id" in attributes and (css_id := attributes["id"]):
                    name = f"{name} {css_id}"
                if name:
                    own, strong = labels.get(name) or label(name)
                    if own == "navigation" and tag in HEADINGS:
                        own = None  # the target of a link in a table of contents
                if not only:
                    if "itemprop" in attributes and attributes["itemprop"] == "articleBody":
                        own, strong = None, True
                    if "style" in attributes:
                        style = attributes["style"]
                        hidden = styles.get(style)
                        if hides(style) if hidden is None else hidden:
                            own = "hidden"
                    if "hidden" in attributes:
                        own = "hidden"
            if own is None and tag in tag_labels:
                own = tag_labels[tag]
            if prune and own is not None and own in PRUNED and tag not in ROOTS:
                furniture = _furniture(node)
                if furniture is not None:
                    if furniture and not furniture.isspace():
                        blocks.append(Raw(furniture, 0, 0, kinds.get(tag, "div"), region, own))
                    node = node.next
                    continue
            inner = kinds.get(tag) or (kind if kind in KEPT_INSIDE else "div")
            if target is not None and node.mem_id == target:
                strong, out.target = True, len(start)
            after: LexborNode | None = child
            if child.tag_id == TEXT_ID:
                after = child.next
                if after is not None and child.is_empty_text_node:
                    child = after
            if after is None and not strong:
                text = child.text_content or ""
                if len(text) < _LEAF_SIZE:
                    text = " ".join(text.split())
                    if text:
                        size = len(text)
                        weight = size if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
                        blocks.append(Raw(text, weight, size if in_link else 0, inner, region, own, True))
                else:
                    parent.append(region)
                    start.append(len(blocks))
                    block = _block([text], len(text) if in_link else 0, inner, len(end))
                    if block is not None:
                        blocks.append(block)
                    end.append(len(blocks))
                    tags.append(tag)
                    names.append(name)
                    owns.append(own)
                    strongs.append(False)
                node = node.next
                continue
            stack.append((node, region, kind, in_link))
            parent.append(region)
            region = len(start)
            start.append(len(blocks))
            end.append(0)
            tags.append(tag)
            names.append(name)
            owns.append(own)
            strongs.append(strong)
            kind = inner
            node = child
        elif action >= LINK:
            if tag == TIME:
                out.times.append((node, len(blocks)))
            child = node.first_child
            if child is None:
                node = node.next
                continue
            attributes = node.attributes
            link = in_link
            if attributes:
                hidden = "hidden" in attributes
                if not hidden and "style" in attributes:
                    style = attributes["style"]
                    hidden = styles.get(style)
                    if hidden is None:
                        hidden = hides(style)
                if hidden:
                    # Invisible inside a paragraph: jammer text, a block of its own.
                    text = " ".join(node.text().split())
                    if text:
                        blocks.append(Raw(text, len(text), 0, "div", region, "hidden"))
                    node = node.next
                    continue
                if action == LINK:
                    if "href" in attributes:
                        link = True
                elif tag == SPAN and kind == "div" and "class" in attributes:
                    # The items of a line of data (source, writer, date) stand apart by their style.
                    if styled == len(buffer):
                        buffer.append(" ")
                    styled = len(buffer) + 1
            if child.tag_id == TEXT_ID and child.next is None:
                text = child.text_content or ""
                buffer.append(text)
                if link:
                    linked += len(text)
                node = node.next
            else:
                stack.append((node, region, kind, in_link))
                in_link = link
                node = child
        elif action == BREAK:
            if buffer:
                if (block := _block(buffer, linked, kind, region)) is not None:
                    blocks.append(block)
                linked = 0
            node = node.next
        else:
            if tag == META:
                out.metas.append(node)
            elif tag == IMG:
                image = region
            node = node.next
    return out
