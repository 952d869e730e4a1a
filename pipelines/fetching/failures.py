"""How a request can fail: one exception that carries the word for the `fetches` table.

    FetchFailed(outcome, error)
    ├── UnsafeAddress      outcome `unsafe_address`
    └── CannotInflate      outcomes `bad_encoding`, `too_large`

None of them leaves `Fetcher.get`.
"""

from __future__ import annotations

import ssl

import httpx

from pipelines.records import Outcome

_TLS_WAITS = (ssl.SSLWantReadError, ssl.SSLWantWriteError, ssl.SSLZeroReturnError)


class FetchFailed(Exception):
    """`error` is a line for a person; `again` says whether another attempt may help, `wait` how long to leave off."""

    def __init__(self, outcome: Outcome, error: str, *, again: bool = False, wait: float | None = None) -> None:
        super().__init__(error)
        self.outcome: Outcome = outcome
        self.error = error
        self.again = again
        self.wait = wait


class UnsafeAddress(FetchFailed):
    def __init__(self, error: str) -> None:
        super().__init__("unsafe_address", error)


class CannotInflate(FetchFailed):
    """Raised by `inflate`; `too_large` when a limit was met, `bad_encoding` when the bytes make no sense."""


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        if isinstance(error, BaseExceptionGroup):
            found.extend(error.exceptions)
        error = error.__cause__ or error.__context__
    return found


def from_network(error: Exception, *, sent: bool) -> FetchFailed:
    """The failure behind an exception of httpx or the operating system.

    `sent` says whether a connection had been made, so that a read fault counts as broken off, not as refused.
    """
    chain = _chain(error)
    # anyio's own cancellation stands in the chain of each of its timeouts, with a text that helps nobody.
    told = (str(e) for e in chain if isinstance(e, Exception))
    text = next((t for t in told if t), type(error).__name__)
    if isinstance(error, httpx.TimeoutException):
        return FetchFailed("timeout", type(error).__name__, again=True)
    if any(isinstance(e, ssl.SSLError) and not isinstance(e, _TLS_WAITS) for e in chain):
        return FetchFailed("tls", text)
    if any(isinstance(e, ConnectionRefusedError) for e in chain):
        return FetchFailed("refused", text, again=True)
    if isinstance(error, httpx.RemoteProtocolError):
        # httpcore has one class for a peer that hung up and for one that talks nonsense; the text tells them apart.
        if "disconnected" in text or "closed connection" in text or "ConnectionTerminated" in text:
            return FetchFailed("reset", text, again=True)
        return FetchFailed("bad_headers", text)
    if isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol):
        return FetchFailed("bad_headers", text)
    if isinstance(error, httpx.ConnectError | httpx.ProxyError) and not sent:
        return FetchFailed("refused", text, again=True)
    return FetchFailed("reset", text, again=True)
