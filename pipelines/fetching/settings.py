"""What a user may set about fetching, with the defaults of the night."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """Politeness and limits of one run. Sizes are bytes, times seconds.

    >>> FetchSettings(contact="ops@example.org").agent
    'chipwire/0.1 (+ops@example.org)'
    >>> FetchSettings().agent
    'chipwire/0.1'
    """

    user_agent: str = "chipwire/0.1"
    """The first word's name is also what robots.txt files are asked about."""
    contact: str | None = None
    """An address or page where a site's owner reaches whoever runs this."""

    delay: float = 1.0
    """The least time between two requests to one host; a source may ask for more. 0 turns both off (local sites)."""
    jitter: float = 0.3
    """Each delay is lengthened by a random part of itself up to this."""
    per_host: int = 1
    concurrency: int = 20
    """Requests under way at once, over all hosts. Waiting for a host's turn takes none of them."""
    attempts: int = 4
    backoff: float = 1.0
    """The wait before the second attempt; it doubles for each further one."""
    patience: float = 120.0
    """A host that asks to be left alone for longer than this is not waited for, but rested for the run."""
    rest_after: int = 8
    """Failed attempts in a row after which a host is rested for the run."""

    deadline: float = 30.0
    """For one attempt at one address, from connecting to the last byte."""
    connect_timeout: float = 10.0
    max_body: int = 10 * MIB
    """Bytes of a body on the wire, and again when inflated."""
    max_ratio: int = 200
    """Inflated bytes for one byte on the wire; looked at from `ratio_from` inflated bytes on."""
    ratio_from: int = MIB
    max_headers: int = 128
    max_header_bytes: int = 64 * 1024
    max_redirects: int = 8
    max_robots: int = 512 * 1024
    """A longer robots.txt is read up to here, as RFC 9309 has it."""

    respect_robots: bool = True
    routes: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """Host to the address and port that stands in for it: explicitly allowed, whatever the address is."""
    proxy: str | None = None
    """An HTTP proxy; the environment is never asked. The proxy connects, so it must keep to public addresses itself."""

    @property
    def agent(self) -> str:
        return f"{self.user_agent} (+{self.contact})" if self.contact else self.user_agent

    @property
    def robots_name(self) -> str:
        return self.user_agent.split("/")[0].split()[0]
