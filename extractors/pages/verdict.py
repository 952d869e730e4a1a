"""Pages that hold no article, and pages that would cost too much to find out. Both only on plain evidence."""

from __future__ import annotations

import re
from itertools import accumulate

import numpy as np

from extractors.errors import NotAnArticle, NotArticleKind, UnreadablePage
from extractors.pages.content import Content
from extractors.pages.metadata import Head
from extractors.pages.regions import Outline
from extractors.pages.wording import phrases

_MANY_TAGS = 6_000
_MANY_OPEN = 1_000
_MAX_TAGS = 400_000
_TAGS = 55_000
_BYTES_PER_TAG = 50
"""A parsed tag takes up to 900 bytes: so many for any page and one more for so many bytes keep it below 20 times."""
_MAX_DEPTH = 2_000
"""The parser's time grows with the square of the depth; browsers cut off at 512."""
_MAX_FORMATTING = 1_000
"""Formatting left open is opened again in every paragraph that follows."""
_MAX_ATTRIBUTES = 10_000
"""The parser compares every attribute of an element with every other."""
_FORMATTING = frozenset(b"b big code em font i nobr s small strike strong tt u".split())
_VOID = b"br img meta link input hr area base col embed source track wbr param".split()
# Opened again, these close the one before them.
_SELF_CLOSING = b"p li dt dd option a tr td th tbody body html head".split()
_FLAT = frozenset((*_VOID, *_SELF_CLOSING))
_TAG = re.compile(rb"</?[a-zA-Z][a-zA-Z0-9:-]{0,40}")
_LONG_TAG = 20_000
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_DATED = ("article:published_time", "datepublished")
_ROOT_PAGES = frozenset(("", "index.html", "index.htm", "index.php", "index.shtml"))
_NUMBERED = re.compile(r"(?:^|&)(?:p|id|[an]id|article_?id|news_?id|post(?:_?id)?)=\d+/?(?:&|$)", re.IGNORECASE)
"""How sites without speaking addresses say which article is meant."""
_FEW = 700
"""Weight of a body (UTF-8 bytes) from which on nothing else is asked."""
_MANY_LINKED = 60


def check_parsable(source: bytes, *, url: str | None = None) -> None:
    """Refuse markup that costs the parser more than its size allows.

    That is what nests too deep, leaves too much formatting open, or hangs too many attributes on one element.
    """
    _check_attributes(source, url)
    # Every page is counted, and this takes a quarter of the time of `bytes.count`, for two letters a tenth.
    letters = np.frombuffer(source, np.uint8)
    less = letters == ord("<")
    tags = int(np.count_nonzero(less))
    if tags < _MANY_TAGS:
        if tags < 2 * _MANY_OPEN:
            return
        closing = int(np.count_nonzero(less[:-1] & (letters[1:] == ord("/"))))
        if tags - 2 * closing < _MANY_OPEN:
            return
    most = min(_MAX_TAGS, _TAGS + len(source) // _BYTES_PER_TAG)
    if tags > most:
        raise UnreadablePage(f"{tags} tags, over the limit of {most} for its size", url=url)
    found = _TAG.findall(source)
    steps = {tag: _step(tag) for tag in set(found)}
    steps = {tag: step for tag, step in steps.items() if step}
    formats = {tag: step for tag, step in steps.items() if tag.lstrip(b"</").lower() in _FORMATTING}
    # An end without its start does not lift what comes after it, so nothing nests deeper than the sums are apart.
    if _apart(found, steps) <= _MAX_DEPTH and _apart(found, formats) <= _MAX_FORMATTING:
        return
    depth = formatting = 0
    for tag in found:
        if tag not in steps:
            continue
        depth = max(0, depth + steps[tag])
        if tag in formats:
            formatting = max(0, formatting + steps[tag])
        if depth > _MAX_DEPTH:
            raise UnreadablePage(f"elements nested more than {_MAX_DEPTH} deep", url=url)
        if formatting > _MAX_FORMATTING:
            raise UnreadablePage(f"more than {_MAX_FORMATTING} formatting elements left open", url=url)


def _step(tag: bytes) -> int:
    """By how much a tag leads deeper."""
    if tag.lstrip(b"</").lower() in _FLAT:
        return 0
    return -1 if tag.startswith(b"</") else 1


def _apart(found: list[bytes], steps: dict[bytes, int]) -> int:
    sums = list(accumulate([steps[tag] for tag in found if tag in steps], initial=0))
    return max(sums) - min(sums)


def _check_attributes(raw: bytes, url: str | None) -> None:
    """Refuse an element with attributes without end, found by strides, as a tag that long covers one whole."""
    half = _LONG_TAG // 2
    at = 0
    while at < len(raw):
        # In most pages this search ends at once, again and again.
        if raw.find(b"<", at, at + half) >= 0:
            at += half
            continue
        start = raw.rfind(b"<", 0, at)
        after = raw.find(b"<", at)
        at = len(raw) if after < 0 else after
        if start >= 0 and raw[start + 1 : start + 2].isalpha() and raw.find(b">", start, start + _LONG_TAG) < 0:
            tag = raw[start:at].partition(b">")[0]
            if len(_QUOTED.sub(b"", tag).split(maxsplit=_MAX_ATTRIBUTES)) > _MAX_ATTRIBUTES:
                raise UnreadablePage(f"more than {_MAX_ATTRIBUTES} attributes on one element", url=url)


def checked(page: Outline, content: Content | None, head: Head, *, url: str | None) -> Content:
    """The content of a page that is an article.

    Raises `NotAnArticle` for a page without a body, and for one whose own words and shape leave no doubt.

    A body of any length is an article's unless the page itself calls itself something else: a false refusal costs a
    whole article, a false article costs a row.
    """
    weight = 0
    if content is not None:
        kept = zip(page.blocks[content.first : content.last], content.reasons, strict=True)
        weight = sum([raw.weight for raw, reason in kept if reason is None])
        said = head.named.get("og:type", "").lower()
        if url is not None and _is_root(url) and said != "article" and not any(k in head.named for k in _DATED):
            raise NotAnArticle("front page", url=url, detail="the address of a site, not of a page")
        if weight >= _FEW:
            return content
    kind, detail = _other_kind(page, head, url, weight)
    if kind is not None:
        raise NotAnArticle(kind, url=url, detail=detail)
    if content is None:
        raise NotAnArticle("empty", url=url)
    return content


def _other_kind(page: Outline, head: Head, url: str | None, weight: int) -> tuple[NotArticleKind | None, str]:
    """What a page with little or no body is instead."""
    title = head.page_title or ""
    if phrases("verdict", "error").search(title):
        return "error", title[:80]
    said = head.named.get("og:type", "").lower()
    if weight < _FEW // 2 and (said.startswith("video") or phrases("verdict", "video").search(title)):
        return "video", f"og:type {said}" if said.startswith("video") else title[:80]
    if weight < _FEW // 2 and any(phrases("verdict", "paywall").search(b.text) for b in page.blocks if b.weight < _FEW):
        return "paywall", ""
    if weight == 0 and url is not None and _is_root(url):
        return "front page", "the address of a site, without a text"
    # A region that was passed over for its name has no weight, and its links were not counted.
    linked = sum([min(b.linked, len(b.text)) for b in page.blocks if b.weight])
    shown = sum([len(b.text) for b in page.blocks if b.weight])
    if weight > 0 or linked * 2 < shown or linked < _MANY_LINKED:
        return None, ""
    return "list", f"{linked} of {shown} characters are links"


def _is_root(url: str) -> bool:
    """Whether an address has no path and no number of an article in its query: articles never stand there.

    >>> _is_root("https://example.org/?p=959"), _is_root("https://example.org/?utm_id=7&lang=en")
    (False, True)
    >>> _is_root("https://example.org/index.html?x=1"), _is_root("https://example.org"), _is_root("https://example.org/a")
    (True, True, False)
    >>> _is_root("file:saved.html")
    False
    """
    scheme, _, address = url.partition("://")
    if not scheme.startswith("http"):
        return False
    path, _, query = address.partition("#")[0].partition("?")
    path = path.partition("/")[2]
    return path.strip("/") in _ROOT_PAGES and not _NUMBERED.search(query)
