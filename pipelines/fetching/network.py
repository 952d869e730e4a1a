"""Where connections are made: to the address that was checked, never to a name that is looked up again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import httpcore

from pipelines.fetching.addresses import Resolver, checked_addresses

_TRIED = 3
"""Addresses of one host that are tried before its connection counts as refused."""


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """httpcore's network, with every host resolved and checked here, and connected to by number.

    A second look-up between check and connection does not exist, so a name server cannot answer it differently.
    `routes` are the hosts that a user allows explicitly.
    """

    def __init__(
        self,
        routes: Mapping[str, tuple[str, int]],
        resolver: Resolver,
        inner: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._routes = routes
        self._resolver = resolver
        self._inner = inner or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        if host in self._routes:
            addresses, port = [self._routes[host][0]], self._routes[host][1]
        else:
            addresses = (await checked_addresses(host, port, self._resolver))[:_TRIED]
        last: Exception | None = None
        for address in addresses:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        assert last is not None
        raise last

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)
