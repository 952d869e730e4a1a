"""robots.txt as RFC 9309 has it: absent means all is allowed, unreachable means nothing is."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

from pipelines.fetching.failures import FetchFailed


@dataclass(frozen=True, slots=True)
class Robots:
    """One host's rules for one robot."""

    rules: Protego | None
    refused: FetchFailed | None = None
    """Why nothing may be asked for, whatever the address."""

    def allows(self, url: str, name: str) -> bool:
        return self.refused is None and (self.rules is None or bool(self.rules.can_fetch(url, name)))

    def crawl_delay(self, name: str) -> float:
        delay = self.rules.crawl_delay(name) if self.rules else None
        return delay if delay is not None and delay > 0 else 0.0  # a file may say nan

    def sitemaps(self) -> tuple[str, ...]:
        return tuple(self.rules.sitemaps) if self.rules else ()


def read(status: int, body: bytes) -> Robots:
    """The rules in an answer to /robots.txt.

    >>> r = read(200, b"User-agent: *\\nDisallow: /private\\nCrawl-delay: 5")
    >>> r.allows("https://example.org/private/1", "chipwire"), r.crawl_delay("chipwire")
    (False, 5.0)
    >>> read(404, b"").allows("https://example.org/", "chipwire")
    True
    >>> read(503, b"").allows("https://example.org/", "chipwire")
    False
    """
    if status == 200:
        # An HTML page in its place holds no directive, so it allows everything, as no file would.
        return Robots(Protego.parse(body.decode("utf-8", "replace").replace("\0", "")))
    if status == 429 or status >= 500:
        return unreachable(f"status {status}")
    return Robots(None)


def unreachable(why: str) -> Robots:
    return Robots(None, FetchFailed("robots", f"robots.txt unreachable: {why}"))


def failed(error: FetchFailed) -> Robots:
    """A robots.txt that could not be had. When the host itself is not there, the page's row says so in those words."""
    if error.outcome in ("refused", "reset", "dns", "tls", "unsafe_address", "rested"):
        return Robots(None, FetchFailed(error.outcome, f"robots.txt: {error.error}"))
    if error.outcome in ("bad_redirect", "bad_type"):
        return Robots(None)
    return unreachable(f"{error.outcome}, {error.error}")
