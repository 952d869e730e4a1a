"""Where connections are made: to the address that was checked, never to a name that is looked up again."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterable, Mapping

import certifi
import httpcore
import httpx

from pipelines.fetching.addresses import Resolver, checked_addresses
from pipelines.fetching.settings import FetchSettings

_FAULTS = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, httpcore.ProxyError)
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
        # An address that answers nothing must leave time for the next, as IPv6 does where it is only half set up.
        each = timeout / len(addresses) if timeout is not None else None
        last: Exception | None = None
        for address in addresses:
            try:
                return await self._inner.connect_tcp(address, port, each, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        assert last is not None
        raise last

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


def _as_httpx(error: Exception) -> httpx.TransportError:
    """httpcore's exception as the one of httpx of that name."""
    kind: type[httpx.TransportError] = getattr(httpx, type(error).__name__, httpx.NetworkError)
    return kind(str(error))


class _Stream(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._response.aiter_stream():
                yield chunk
        except _FAULTS as error:
            raise _as_httpx(error) from error

    async def aclose(self) -> None:
        await self._response.aclose()


class CheckedTransport(httpx.AsyncBaseTransport):
    """httpx's way to the network through `CheckedBackend`, with a pool of connections for each origin.

    One pool for all would do, but httpcore looks at every connection of a pool for every request: with fifty hosts
    that was two thirds of the client's time.
    """

    _MOST = 256
    """Origins whose connections are kept; beyond that the one asked longest ago is closed, when it is idle."""

    def __init__(self, settings: FetchSettings, resolver: Resolver, context: ssl.SSLContext | None = None) -> None:
        self._settings = settings
        self._context = context or ssl.create_default_context(cafile=certifi.where())
        # With a proxy the proxy is what is connected to, and it looks names up by itself.
        self._backend = httpcore.AnyIOBackend() if settings.proxy else CheckedBackend(settings.routes, resolver)
        self._pools: dict[str, httpcore.AsyncConnectionPool] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        pool = await self._pool(f"{url.scheme}://{url.netloc.decode('ascii')}")
        plain = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        try:
            response = await pool.handle_async_request(plain)
        except _FAULTS as error:
            raise _as_httpx(error) from error
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Stream(response),
            extensions=response.extensions,
            request=request,
        )

    async def _pool(self, origin: str) -> httpcore.AsyncConnectionPool:
        pool = self._pools.pop(origin, None)
        if pool is None:
            pool = httpcore.AsyncConnectionPool(
                ssl_context=self._context,
                proxy=httpcore.Proxy(self._settings.proxy) if self._settings.proxy else None,
                max_connections=self._settings.per_host,
                keepalive_expiry=30.0,
                http2=True,
                network_backend=self._backend,
            )
        # Taken out and put in again, so that the dictionary is in the order of last use.
        self._pools[origin] = pool
        if len(self._pools) > self._MOST:
            await self._close_oldest()
        return pool

    async def _close_oldest(self) -> None:
        for origin, pool in self._pools.items():
            if all(connection.is_idle() for connection in pool.connections):
                del self._pools[origin]
                await pool.aclose()
                return

    async def aclose(self) -> None:
        while self._pools:
            _, pool = self._pools.popitem()
            await pool.aclose()
