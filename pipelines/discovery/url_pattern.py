"""A regular expression for a site's article addresses, guessed from some of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

_SHAPE = re.compile(r"\d+|[^\d/._-]+")
_EXTENSION = re.compile(r"\.[a-z]{2,5}$")


def _parts(url: str) -> tuple[str, ...]:
    return tuple(urlsplit(url).path.strip("/").split("/"))


def _shape(url: str) -> tuple[int, str, bool]:
    """What addresses of one kind share: depth, extension, and whether the last part has a number or is a slug."""
    parts = _parts(url)
    extension = _EXTENSION.search(parts[-1])
    words = len(_SHAPE.findall(parts[-1]))
    return len(parts), extension[0] if extension else "", any(c.isdigit() for c in url) or words > 3


def likely_articles(urls: Sequence[str]) -> list[str]:
    """Of a page's links those that look most like articles: the largest group of one shape with numbers or slugs.

    >>> likely_articles(["https://a.example/", "https://a.example/about", "https://a.example/0/1/2.htm",
    ...                  "https://a.example/0/3/4.htm"])
    ['https://a.example/0/1/2.htm', 'https://a.example/0/3/4.htm']
    >>> likely_articles([])
    []
    """
    shapes = Counter(_shape(url) for url in urls)
    good = [shape for shape in shapes if shape[2]]
    if not good:
        return []
    best = max(good, key=lambda shape: (shapes[shape], shape[0]))
    return [url for url in urls if _shape(url) == best]


def _one_part(values: Sequence[str]) -> str:
    """The pattern of one part of the path, of which these values were seen."""
    distinct = set(values)
    # The extension stays, whatever stands before it.
    extensions = {m[0] if (m := _EXTENSION.search(v)) else "" for v in values}
    end = extensions.pop() if len(extensions) == 1 else ""
    stems = [v.removesuffix(end) for v in values]
    if all(s.isdigit() for s in stems):
        lengths = {len(s) for s in stems}
        # Years, months and days keep their length; a running number grows.
        fixed = len(lengths) == 1 and lengths <= {2, 4}
        return (rf"\d{{{lengths.pop()}}}" if fixed else r"\d+") + re.escape(end)
    if len(distinct) == 1 and len(values) > 1:
        return re.escape(values[0])
    if len(values) == 1 and re.fullmatch(r"[a-z]{1,12}", stems[0]):
        return re.escape(values[0])
    prefix = re.match(r"[A-Za-z]+(?=[-_]?\d)", stems[0])
    if prefix and all(re.fullmatch(re.escape(prefix[0]) + r"[-_]?\d+", s) for s in stems):
        return re.escape(prefix[0]) + r"[-_]?\d+" + re.escape(end)
    return r"[^/?]+" + re.escape(end)


def guess_pattern(urls: Sequence[str]) -> str | None:
    """A pattern that all of these addresses match, as narrow as they allow; `None` for none.

    >>> print(guess_pattern(["https://www.a.example/0/957/477.htm", "https://a.example/0/958/12.htm"]))
    ^https?://(www\\.)?a\\.example/\\d+/\\d+/\\d+\\.htm
    >>> print(guess_pattern(["https://a.example/2026/11/24/one-deal/", "https://a.example/2026/11/23/two/"]))
    ^https?://(www\\.)?a\\.example/\\d{4}/\\d{2}/\\d{2}/[^/?]+
    >>> guess_pattern([]) is None
    True
    """
    if not urls:
        return None
    hosts = sorted({(urlsplit(u).hostname or "").removeprefix("www.") for u in urls})
    host = re.escape(hosts[0]) if len(hosts) == 1 else "(" + "|".join(map(re.escape, hosts)) + ")"
    shapes = Counter(_shape(u)[:2] for u in urls)
    depth = shapes.most_common(1)[0][0]
    same = [u for u in urls if _shape(u)[:2] == depth]
    rows = [_parts(u) for u in same]
    path = "/".join(_one_part(column) for column in zip(*rows, strict=True))
    numbers = {urlsplit(u).port for u in urls}
    number = numbers.pop() if len(numbers) == 1 else None
    port = f":{number}" if number else r"(:\d+)?" if numbers else ""
    keys = [set(re.findall(r"(?:^|&)([\w-]+)=", urlsplit(u).query)) for u in same]
    shared = sorted(set.intersection(*keys))
    query = rf"\?(.*&)?{re.escape(shared[0])}=" if shared else ""
    return rf"^https?://(www\.)?{host}{port}/{path}{query}"
