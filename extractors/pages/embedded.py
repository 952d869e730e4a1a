"""Articles in a page's embedded JSON: schema.org data, and the state that a script turns into the page.

The scripts are found in the page's source, not its tree: a search for a few literal marks costs next to nothing.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, cast

from extractors.model import Json
from extractors.pages.marks import Mark, closing

_MAX_JSON = 4_000_000
_MAX_SCRIPTS = 40
_MAX_STRINGS = 200_000
_LINKED_DATA = Mark.of(b"ld+json")
# Each begins with a literal, which the regex engine finds at the speed of a plain search.
_STATES = (
    re.compile(
        r"""<script[^>]{0,300}\bid\s*=\s*["']?(?:__NEXT_DATA__|__NUXT_DATA__|__UNIVERSAL_DATA\w{0,30}|serverApp-state)\b"""
        r"""[^>]{0,300}>"""
    ),
    re.compile(r"""window(?:\.|\[["'])([\w$]{1,60})(?:["']\])?\s*=\s*(?=[{\["'J])"""),
    re.compile(r"""var ([\w$]{1,60})\s*=\s*(?=[{\[])"""),
)
_STATE_NAME = re.compile(r"state|data|store|props|nuxt|context|article|detail", re.IGNORECASE)
_JSON_START = re.compile(r"\s*(?:<!--|//<!\[CDATA\[|JSON\.parse\()?\s*")
_ARTICLE_TYPE = re.compile(r"Article|BlogPosting|Report|NewsStory|SocialMediaPosting")
_TEXT_KEYS = frozenset(
    ("articlebody", "content", "contents", "body", "html", "text", "articlecontent", "detail", "contenthtml", "value")
)
_AUTHOR_KEYS = ("author", "authorname", "authors", "writer", "byline")
_DATE_KEYS = (
    "datepublished",
    "publishedat",
    "publishtime",
    "published",
    "pubdate",
    "pubtime",
    "publishdate",
    "createtime",
)
_OWNER_KEYS = frozenset((*_AUTHOR_KEYS, *_DATE_KEYS))
_SENTENCES = re.compile(r"[。！？，]|[.!?] |, ")
_TAG = re.compile(r"<[a-z!/]", re.IGNORECASE)
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """What a page's schema.org data says of its article."""

    headline: str | None = None
    author: str | None = None
    published: str | None = None
    publisher: str | None = None
    body: str | None = None


def linked_article(source: bytes) -> LinkedArticle | None:
    """The article that the page's JSON-LD describes; of a page that is no more than a page there, its date.

    >>> linked_article(b'<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A"}</script>')
    LinkedArticle(headline='A', author=None, published=None, publisher=None, body=None)
    >>> linked_article(b'<script type="application/ld+json">{"@type": ') is None
    True
    """
    dated: LinkedArticle | None = None
    start = scripts = 0
    for at in _LINKED_DATA.places(source):
        if at < start:
            continue
        start = source.find(b">", at) + 1
        if not start or scripts == _MAX_SCRIPTS:
            break
        scripts += 1
        # A character beyond ASCII is no more than four bytes.
        end = closing(source, b"</script", start, len(source))
        piece = source[start : end if end >= 0 else len(source)]
        if len(piece) > 4 * _MAX_JSON:
            continue
        for item in _things(_value(piece.decode("utf-8", "replace"))):
            kinds = item.get("@type")
            if isinstance(kinds, list):
                kinds = " ".join(k for k in kinds if isinstance(k, str))
            if isinstance(kinds, str) and _ARTICLE_TYPE.search(kinds):
                return LinkedArticle(
                    _text(item.get("headline")) or _text(item.get("name")),
                    _names(item.get("author")),
                    _text(item.get("datePublished")) or _text(item.get("dateCreated")),
                    _names(item.get("publisher")),
                    _text(item.get("articleBody")),
                )
            if dated is None and kinds == "WebPage" and (published := _text(item.get("datePublished"))):
                dated = LinkedArticle(published=published)
    return dated


def _value_at(source: str, start: int) -> Json:
    # A page of unclosed braces must not be read to its end again and again.
    m = _JSON_START.match(source, start)
    if m is None or source[m.end() : m.end() + 1] not in ("{", "[", '"'):
        return None
    end = source.find("</script", start)
    return _value(source[start : end if end >= 0 else len(source)])


def _value(script: str) -> Json:
    m = _JSON_START.match(script)
    begin = m.end() if m else 0
    if script[begin : begin + 1] not in ("{", "[", '"') or len(script) - begin > _MAX_JSON:
        return None
    try:
        value = cast("Json", _DECODER.raw_decode(script, begin)[0])
        if isinstance(value, str) and value[:1] in ("{", "["):
            value = cast("Json", _DECODER.raw_decode(value)[0])
    except (ValueError, RecursionError):
        return None
    return value


def _things(value: Json) -> Iterator[Mapping[str, Json]]:
    """The items of a JSON-LD value: itself, its list, its graph, the main entity of a page."""
    stack = [value]
    for _ in range(1000):
        if not stack:
            return
        item = stack.pop()
        if isinstance(item, list):
            stack += reversed(item)
        elif isinstance(item, Mapping):
            yield item
            stack += [item[key] for key in ("mainEntity", "@graph") if key in item]


def _text(value: Json) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, str):
        return None
    return html.unescape(value).strip() or None


def _names(value: Json) -> str | None:
    people = value if isinstance(value, list) else [value]
    names = [name for p in people if (name := _text(p.get("name") if isinstance(p, Mapping) else p))]
    return ", ".join(dict.fromkeys(n for n in names if not n.startswith("http"))) or None


def state_article(source: str, title: str | None) -> LinkedArticle | None:
    """The article in a page's state (`__NEXT_DATA__`, `window.__INITIAL_STATE__` …), its body text or HTML, or `None`.

    Of all lists and objects that hold prose, the one with the most of it is taken, with a preference for what is called
    content and for what stands beside the page's headline. Writer and date are those of the object around it.
    """
    best = _Prose(0.0, "", {})
    for pattern in _STATES:
        tried = 0
        for m in pattern.finditer(source):
            if pattern.groups and not _STATE_NAME.search(m.group(1)):
                continue
            tried += 1
            if tried > _MAX_SCRIPTS:
                break
            value = _value_at(source, m.end())
            if value is not None:
                best = max(best, _richest(value, title), key=_weight)
    if not best.text:
        return None
    named = {key.lower().replace("_", ""): value for key, value in best.owner.items()}
    author = next((found for key in _AUTHOR_KEYS if (found := _names(named.get(key)))), None)
    when = next((named[key] for key in _DATE_KEYS if isinstance(named.get(key), str | int)), None)
    return LinkedArticle(author=author, published=str(when) if when else None, body=best.text)


class _Prose(NamedTuple):
    weight: float
    text: str
    owner: Mapping[str, Json]
    """The nearest object around the text that names a writer or a date."""


def _weight(prose: _Prose) -> float:
    return prose.weight


def _richest(value: Json, title: str | None) -> _Prose:
    best = _Prose(0.0, "", {})
    # Each entry: a value, the key it stands under, whether its object also holds the headline, and whose it is.
    stack: list[tuple[Json, str, bool, Mapping[str, Json]]] = [(value, "", False, {})]
    seen = 0
    while stack and seen < _MAX_STRINGS:
        item, key, beside, owner = stack.pop()
        seen += 1
        text: str | None = None
        if isinstance(item, str):
            text = item
        elif isinstance(item, Mapping):
            mine = title is not None and any(isinstance(v, str) and v.strip() == title for v in item.values())
            known = any(k.lower().replace("_", "") in _OWNER_KEYS for k in item)
            stack += [(v, k, mine, item if known else owner) for k, v in item.items()]
        elif isinstance(item, list):
            # Paragraphs as a list of objects with a text each.
            texts = [t for part in item if (t := _paragraph(part))]
            text = "\n".join(texts) if len(texts) > 1 else None
            stack += [(v, key, beside, owner) for v in item]
        if text is not None and (found := _prose(text, key, beside))[0] > best.weight:
            best = _Prose(*found, owner)
    return best


def _paragraph(part: Json) -> str | None:
    if isinstance(part, str):
        return part
    if isinstance(part, Mapping):
        for key, value in part.items():
            if key.lower() in _TEXT_KEYS and isinstance(value, str):
                return value
    return None


def _prose(text: str, key: str, beside: bool) -> tuple[float, str]:
    if len(text) < 100:
        return 0.0, ""
    if _TAG.search(html.unescape(text[:2000])):
        text = html.unescape(text) if "&lt;" in text[:2000] else text
    sentences = len(_SENTENCES.findall(text[:100_000]))
    if sentences < 4:
        return 0.0, ""
    weight = min(len(text), sentences * 80) * (2 if key.lower() in _TEXT_KEYS else 1) * (3 if beside else 1)
    return float(weight), text
