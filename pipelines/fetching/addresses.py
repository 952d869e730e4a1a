"""Which addresses may be connected to: public ones only, whatever they are written like.

>>> is_public("8.8.8.8"), is_public("10.0.0.1"), is_public("::ffff:127.0.0.1"), is_public("64:ff9b::7f00:1")
(True, False, False, False)
>>> literal("2130706433"), literal("0177.0.0.1"), literal("[::1]"), literal("example.org")
('127.0.0.1', '127.0.0.1', '::1', None)
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit

from tld import get_fld

from pipelines.fetching.failures import FetchFailed, UnsafeAddress

Resolver: TypeAlias = Callable[[str, int], Awaitable[list[str]]]
"""Host and port to IP addresses, in the order in which to try them; raises `OSError` when there is none."""

_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}\.?", re.I)


def is_public(address: str) -> bool:
    """Whether an IP address is globally reachable, and so is every IPv4 address that it carries inside."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if "%" in address or ip.is_site_local:
            return False
        inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in _NAT64[0]:
            inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        found = [i for i in inner if i is not None]
        if found:
            return all(is_public(str(i)) for i in found)
        # The deprecated ::a.b.c.d form is in no registry of special addresses, yet some stacks still map it.
        if ip in _NAT64[1] or int(ip) >> 32 == 0:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


def literal(host: str) -> str | None:
    """The IP address that `host` is a spelling of, decimal, octal, hexadecimal and short forms included.

    Those odd forms are what `getaddrinfo` and browsers accept; `None` for a name.
    """
    bare = host.removeprefix("[").removesuffix("]")
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        pass
    if _NUMERIC.fullmatch(bare):
        try:
            return socket.inet_ntoa(socket.inet_aton(bare.rstrip(".")))
        except OSError as error:
            raise UnsafeAddress(f"{host!r} is a number, but no address") from error
    return None


def split(url: str) -> SplitResult:
    """A URL in its parts, if it is one that may be asked for at all.

    >>> split("file:///etc/passwd")
    Traceback (most recent call last):
    pipelines.fetching.failures.UnsafeAddress: file:///etc/passwd: only http and https
    >>> split("https://me:pass@example.org/").hostname
    Traceback (most recent call last):
    pipelines.fetching.failures.UnsafeAddress: credentials in the URL of example.org
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise FetchFailed("unsafe_address", f"{url[:200]}: {error}") from error
    if parts.scheme not in ("http", "https"):
        raise UnsafeAddress(f"{url[:200]}: only http and https")
    if not parts.hostname:
        raise UnsafeAddress(f"{url[:200]}: no host")
    if parts.username is not None or parts.password is not None:
        raise UnsafeAddress(f"credentials in the URL of {parts.hostname}")
    return parts


def _not_public(host: str, address: str) -> str:
    return f"{host} is not public" if host == address else f"{host} is {address}, which is not public"


def refuse_private(host: str) -> None:
    """Raises `UnsafeAddress` for a host that is written as an address and is no public one."""
    address = literal(host)
    if address is not None and not is_public(address):
        raise UnsafeAddress(_not_public(host, address))


def same_site(one: str, other: str) -> bool:
    """Whether two URLs belong to one owner's domain, as the public suffix list has it.

    >>> same_site("https://www.36kr.com/feed", "https://36kr.com/feed"), same_site("https://a.co.uk/", "https://b.co.uk/")
    (True, False)
    """
    first, second = (urlsplit(url).hostname or "" for url in (one, other))
    return first == second or _site(first) == _site(second)


def _site(host: str) -> str:
    known = get_fld(host, fix_protocol=True, fail_silently=True)
    if known is not None or ":" in host or _NUMERIC.fullmatch(host):
        return known or host
    # A name under no public suffix (a test's, an intranet's) is told by its last two labels.
    return ".".join(host.split(".")[-2:])


async def system_resolver(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


async def checked_addresses(host: str, port: int, resolver: Resolver) -> list[str]:
    """The addresses of a host, all of them public.

    One private address among public ones refuses the host: which of them a connection takes is the name server's
    choice, not ours. Raises `UnsafeAddress`, or `FetchFailed` with `dns`.
    """
    known = literal(host)
    if known is not None:
        addresses = [known]
    else:
        try:
            addresses = await resolver(host, port)
        except (OSError, UnicodeError) as error:
            again = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
            raise FetchFailed("dns", f"{host}: {error}", again=again) from error
    if not addresses:
        raise FetchFailed("dns", f"{host}: no address")
    for address in addresses:
        if not is_public(address):
            raise UnsafeAddress(_not_public(host, address))
    return addresses
