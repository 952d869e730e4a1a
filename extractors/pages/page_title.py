"""The headline as a page's head and headings have it, without the names of the site and its sections."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.pages.embedded import LinkedArticle
from extractors.pages.regions import Outline

_SEPARATOR = re.compile(
    r"\s+[-–—·•»›|:：/]+\s+|\s*[|｜_»›〉]+\s*|\s*(?:--+|——)\s*|(?<=[\u3400-\u9fff])-(?=[\u3400-\u9fff《])"
)
_ALNUM = re.compile(r"[^\W_]+")
_PIECE = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
_CRUMB = re.compile(r"\s+[〉»›>]\s*|\s*[〉»›]\s+")
TITLE_SIZE = 400


def headline_of(named: dict[str, str], page: Outline, linked: LinkedArticle | None) -> str | None:
    """The headline without the site's name: as a heading or the data has it, where they agree with the title bar."""
    bar = named.get("title", "")
    social = named.get("og:title") or named.get("twitter:title") or ""
    whole = key_of(bar)
    known = whole + "\n" + key_of(social)
    site = key_of(named.get("og:site_name", ""))
    headings = [b.text for b in page.blocks if b.kind == "h1" and 6 <= b.weight <= 3 * TITLE_SIZE]
    keys = [key_of(text) for text in headings]
    headings = [text for text, key in zip(headings, keys, strict=True) if key != site]
    for text, key in zip(headings, [key for key in keys if key != site], strict=True):
        # A logo in a heading stands at the end of the title bar.
        if len(key) >= 4 and key in known and not (len(key) < 20 and whole.endswith(key) and key != whole):
            return _trail_end(text)
    words = set(_PIECE.findall(f"{bar} {social}".lower()))
    for text in headings:
        own = set(_PIECE.findall(text.lower()))
        if len(own) > 2 and len(own & words) * 2 >= len(own):
            return _trail_end(text)
    if linked is not None and linked.headline and key_of(linked.headline) in known:
        return " ".join(linked.headline.split())
    for text in (social, bar):
        if text:
            return _without_site(" ".join(text[:TITLE_SIZE].split()), site, headings)
    return headings[0] if headings else None


def _trail_end(text: str) -> str:
    """The headline at the end of a trail from the site's name to it.

    >>> _trail_end("某网 〉科技新闻 〉某公司发布新芯片"), _trail_end("A » B")
    ('某公司发布新芯片', 'A » B')
    """
    pieces = _CRUMB.split(text)
    last = pieces[-1].strip()
    return last if len(pieces) > 2 and 2 * len(last) > len(text) - len(last) else text


def key_of(text: str) -> str:
    """The letters and digits of a headline, in lower case: what two spellings of it have in common."""
    return "".join(_ALNUM.findall(text.lower()))


def _without_site(text: str, site: str, headings: Sequence[str]) -> str:
    """A title bar without the site's and the section's names.

    >>> _without_site("某公司发布新芯片_科技频道_某网", "", []), _without_site("A - B: all of it | The Daily", "", [])
    ('某公司发布新芯片', 'A - B: all of it')
    >>> _without_site("某网 - 某公司发布新芯片", "某网", []), _without_site("", "", [])
    ('某公司发布新芯片', '')
    """
    text = _trail_end(text)
    cuts = list(_SEPARATOR.finditer(text))
    if not cuts:
        return text
    keys = {key_of(h) for h in headings}
    for m in reversed(cuts):
        if key_of(text[: m.start()]) in keys:
            return text[: m.start()]
    start, end = 0, len(text)
    # The site first: known by its name, or much shorter than what follows.
    first, rest = text[: cuts[0].start()], text[cuts[0].end() :]
    if (site and key_of(first) == site) or (
        len(cuts) == 1 and len(first.encode()) <= 24 and len(rest) > 2 * len(first)
    ):
        start = cuts[0].end()
    # The site's and the section's names last: shorter than the headline. Bars and low lines only join names, a dash
    # may also be the headline's own, so only the last counts, and any that Chinese
    # letters stand close to or few of them behind.
    for m in reversed(cuts):
        if m.start() <= start:
            break
        tail, body, mark = text[m.end() : end], text[start : m.start()], m.group().strip()
        joint = mark[:1] in "|｜_»›" or (
            mark[:1] in "-–—－" and (end == len(text) or m.group() == "-" or (len(tail) <= 8 and not tail.isascii()))
        )
        if key_of(tail) == site or (joint and len(tail) <= max(len(body), 12)):
            end = m.start()
        else:
            break
    return text[start:end].strip() or text
