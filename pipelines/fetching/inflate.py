"""Content codings undone in bounded steps, with the limits looked at while inflating.

A decoder never gives more than a few MiB at a time, however little it was fed, so a bomb costs one step and is dropped.

>>> import gzip
>>> body = Inflater("gzip", max_body=100, max_ratio=200, ratio_from=100)
>>> body.feed(gzip.compress("芯片".encode())); body.finish().decode()
'芯片'
>>> body = Inflater("gzip", max_body=100, max_ratio=200, ratio_from=100)
>>> body.feed(gzip.compress(b"0" * 101))
Traceback (most recent call last):
pipelines.fetching.failures.CannotInflate: over 100 bytes inflated
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli
import zstandard

from pipelines.fetching.failures import CannotInflate

_STEP = 64 * 1024
_SLICE = 8 * 1024
_WINDOW = 8 * 1024 * 1024
"""What RFC 8878 tells decoders of web content to support."""
_MAX_CODINGS = 3


class _Decoder(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]:
        """The pieces that `data` completes, each of bounded size."""
        ...

    def finish(self) -> None:
        """Raises `CannotInflate` when the stream stops in the middle."""
        ...


def _bad(coding: str, why: str) -> CannotInflate:
    return CannotInflate("bad_encoding", f"{coding}: {why}")


class _Zlib:
    """gzip (of any number of members) and deflate (with or without its zlib wrapper, as servers differ)."""

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._gzip = coding == "gzip"
        self._stream = zlib.decompressobj(31 if self._gzip else 15)
        self._first = True
        self._started = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._stream.eof:
                # Zero bytes after a member are padding; anything else that is no gzip header is a server's junk.
                if not self._gzip or not data.startswith(b"\x1f"):
                    return
                self._stream = zlib.decompressobj(31)
            if self._first and not self._gzip and not (data[0] & 0x0F == 8 and data[0] >> 4 <= 7):
                self._stream = zlib.decompressobj(-15)
            self._first, self._started = False, True
            try:
                piece = self._stream.decompress(data, _STEP)
            except zlib.error as error:
                raise _bad(self._coding, str(error)) from error
            data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            if piece:
                yield piece
            elif not data:
                return
        while not self._stream.eof:
            # What the window still holds once the input is used up.
            piece = self._stream.decompress(b"", _STEP)
            if not piece:
                return
            yield piece

    def finish(self) -> None:
        if self._started and not self._stream.eof:
            raise _bad(self._coding, "cut off")


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._started = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._started = True
        while not self._stream.is_finished():
            try:
                piece = self._stream.process(data, output_buffer_limit=_STEP)
            except brotli.error as error:
                raise _bad("br", str(error)) from error
            data = b""
            if piece:
                yield piece
            if self._stream.can_accept_more_data():
                return

    def finish(self) -> None:
        if self._started and not self._stream.is_finished():
            raise _bad("br", "cut off")


class _Zstd:
    # A block of zstd may be 4 bytes long and say 128 KiB, and the binding has no limit for one call's output: so it
    # is fed by the spoonful, and a spoon holds no more than 16 such blocks.
    _SPOON = 64

    def __init__(self) -> None:
        self._stream = self._new()
        self._started = False

    @staticmethod
    def _new() -> zstandard.ZstdDecompressionObj:
        return zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()

    def feed(self, data: bytes) -> Iterator[bytes]:
        view = memoryview(data)
        for at in range(0, len(view), self._SPOON):
            rest = bytes(view[at : at + self._SPOON])
            while rest:
                if self._stream.eof:
                    self._stream = self._new()
                self._started = True
                try:
                    piece = self._stream.decompress(rest)
                except zstandard.ZstdError as error:
                    raise _bad("zstd", str(error)) from error
                rest = self._stream.unused_data if self._stream.eof else b""
                if piece:
                    yield piece

    def finish(self) -> None:
        if self._started and not self._stream.eof:
            raise _bad("zstd", "cut off")


def _decoders(header: str) -> list[_Decoder]:
    codings = [c.strip().lower() for c in header.split(",")]
    codings = [c for c in codings if c not in ("", "identity")]
    if len(codings) > _MAX_CODINGS:
        raise CannotInflate("bad_encoding", f"{len(codings)} content codings, one in the other")
    found: list[_Decoder] = []
    for coding in reversed(codings):
        match coding:
            case "gzip" | "x-gzip":
                found.append(_Zlib("gzip"))
            case "deflate":
                found.append(_Zlib("deflate"))
            case "br":
                found.append(_Brotli())
            case "zstd":
                found.append(_Zstd())
            case _:
                raise _bad(coding[:40], "unknown content coding")
    return found


class Inflater:
    """One body: `feed` it the bytes off the wire, then take `finish()`.

    `max_body` holds for the bytes on the wire and for what every coding inflates to; `max_ratio` is looked at once
    `ratio_from` bytes are inflated, since short texts of one letter inflate well and harm nobody. Raises
    `CannotInflate`.
    """

    def __init__(self, content_encoding: str, *, max_body: int, max_ratio: int, ratio_from: int) -> None:
        self._decoders = _decoders(content_encoding)
        self._max_body = max_body
        self._max_ratio = max_ratio
        self._ratio_from = ratio_from
        self._between = [0] * len(self._decoders)
        self._parts: list[bytes] = []
        self.wire = 0
        self.size = 0

    def _check(self, inflated: int) -> None:
        if inflated > self._max_body:
            raise CannotInflate("too_large", f"over {self._max_body} bytes inflated")
        if inflated > self._ratio_from and inflated > self.wire * self._max_ratio:
            raise CannotInflate("too_large", f"{self.wire} bytes inflate to over {inflated}")

    def _through(self, data: bytes, at: int) -> Iterator[bytes]:
        last = at == len(self._decoders) - 1
        for piece in self._decoders[at].feed(data):
            if last:
                yield piece
            else:
                # What one coding gives to the next is bounded as the body is: nested bombs are built of such layers.
                self._between[at] += len(piece)
                self._check(self._between[at])
                yield from self._through(piece, at + 1)

    def feed(self, data: bytes) -> None:
        if self.wire + len(data) > self._max_body:
            raise CannotInflate("too_large", f"over {self._max_body} bytes on the wire")
        if not self._decoders:
            self.wire += len(data)
            self.size += len(data)
            self._parts.append(data)
            return
        # In slices, so that the ratio is one of what was really used, not of all that has arrived.
        for at in range(0, len(data), _SLICE):
            part = data[at : at + _SLICE]
            self.wire += len(part)
            for piece in self._through(part, 0):
                self.size += len(piece)
                self._check(self.size)
                self._parts.append(piece)

    def finish(self) -> bytes:
        for decoder in self._decoders:
            decoder.finish()
        return self.so_far()

    def so_far(self) -> bytes:
        """What has come yet, for a body that need not be whole."""
        body = b"".join(self._parts)
        self._parts = [body]
        return body
