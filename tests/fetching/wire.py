"""What the fault server writes with: answers by the byte, and bodies that inflate beyond reason."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import zlib
from dataclasses import dataclass
from functools import cache

import brotli
import zstandard

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    headers: dict[str, str]
    number: int
    """How many requests for this path came before, over all connections."""


@dataclass(frozen=True, slots=True)
class Wire:
    """One connection, seen from the server."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(
        self,
        body: bytes = b"",
        status: str = "200 OK",
        headers: tuple[str, ...] = ("Content-Type: text/html; charset=utf-8",),
        length: int | None = -1,
    ) -> None:
        """A whole answer; `length` None sends no Content-Length, a number a wrong one."""
        lines = [f"HTTP/1.1 {status}", *headers]
        if length is not None:
            lines.append(f"Content-Length: {len(body) if length < 0 else length}")
        await self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    async def redirect(self, target: str, status: str = "302 Found", *more: str) -> None:
        await self.answer(b"", status, (f"Location: {target}", *more))

    def reset(self) -> None:
        """Ends the connection with RST instead of FIN."""
        raw = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


@cache
def flat_deflate(mib: int) -> bytes:
    """Raw deflate of so many MiB of zeros, made of one MiB's worth repeated."""
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = stream.compress(bytes(MIB)) + stream.flush(zlib.Z_FULL_FLUSH)
    return block * mib + b"\x03\x00"


@cache
def bomb(coding: str) -> bytes:
    match coding:
        case "gzip":
            return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + flat_deflate(512) + bytes(8)
        case "members":
            return gzip.compress(bytes(MIB)) * 512
        case "deflate":
            return flat_deflate(512)
        case "br":
            return bytes(brotli.compress(bytes(64 * MIB), quality=1))
        case "zstd":
            return zstandard.ZstdCompressor(level=1).compress(bytes(256 * MIB))
        case "gzip, gzip":
            return gzip.compress(bomb("gzip"))
        case "br, gzip":
            return gzip.compress(bomb("br"))
        case _:
            raise ValueError(coding)
