"""The bytes of a page as text: byte order mark, declarations, and what the bytes themselves say.

Declarations lie often enough (a template says gb2312, the server sends UTF-8) that they are candidates, not orders:
valid UTF-8 is UTF-8, and otherwise the candidate with the fewest undecodable places wins, the declared one on a tie.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from extractors.errors import UnreadablePage
from extractors.pages.mojibake import BLANKED, undone

MAX_BYTES = 32_000_000
"""A larger page is refused: the largest article page met in the wild is a tenth of it."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x89PNG", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"RIFF", "a RIFF file"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an Office file"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a rar archive"),
    (b"ID3", "an audio file"),
    (b"OggS", "an audio file"),
    (b"\x00\x00\x00\x18ftyp", "a video"),
    (b"\x00\x00\x00\x20ftyp", "a video"),
)
_MAGIC = tuple(magic for magic, _ in _BINARY)
# The web means the larger repertoire by each of the older names.
_SUPERSET = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "chinese": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "big-5": "big5hkscs",
    "cp950": "big5hkscs",
    "utf8": "utf-8",
    "utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "unicode": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "windows-1252": "cp1252",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "hz-gb-2312": "hz",
}
_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,30})""", re.IGNORECASE)
_XML = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9_:.-]{2,30})""")
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,30})""", re.IGNORECASE)
_TWICE, _TWICE_MANY = b"\xc3", 60
"""What every fourth byte is in a text that was encoded twice, and more of it than samples of most pages have."""
# Characters that every Chinese page uses; a wrong double-byte decoding yields rare ones instead.
_COMMON = "的一在，。"
_ASCII = bytes(range(128))
_SAMPLE = 8_192
_HEAD_BYTES = 16_384


class Decoded(NamedTuple):
    """A page's text, and the same as UTF-8: the parser wants that, and bytes are searched faster."""

    text: str
    utf8: bytes


def _encoded(text: str) -> Decoded:
    # Some codecs let half a character through that no other can write.
    return Decoded(text, text.encode("utf-8", "ignore"))


def decode(
    body: bytes, *, headers: tuple[tuple[str, str], ...] = (), charset: str | None = None, url: str | None = None
) -> str:
    """The text of a page's bytes.

    `headers` are the answer's (its Content-Type may name a charset), `charset` is what the site is known to send.
    Undecodable places become U+FFFD. Raises `UnreadablePage` for what is no text.

    >>> decode("<meta charset=gb2312>镕".encode("gb18030"))
    '<meta charset=gb2312>镕'
    >>> decode("<meta charset=gb2312>英伟达".encode())  # the declaration is wrong
    '<meta charset=gb2312>英伟达'
    >>> decode(b"")
    ''
    """
    return decode_page(body, headers=headers, charset=charset, url=url).text


def decode_page(
    body: bytes, *, headers: tuple[tuple[str, str], ...] = (), charset: str | None = None, url: str | None = None
) -> Decoded:
    """The same, with the bytes for the parser."""
    if len(body) > MAX_BYTES:
        raise UnreadablePage(f"{len(body)} bytes, over the limit of {MAX_BYTES}", url=url)
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _encoded(body[len(mark) :].decode(name, "replace"))
    head = body[:_HEAD_BYTES]
    if head.startswith(_MAGIC):
        what = next(what for magic, what in _BINARY if head.startswith(magic))
        raise UnreadablePage(f"the bytes are {what}", url=url)
    if b"\x00" in head[:1024]:
        return _with_nuls(body, headers, charset, url)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return _encoded(_best(body, list(_declared(head, headers, charset)), url))
    third = len(body) // 3
    # Most pages have next to none, and then to split at them costs less than to count them.
    pieces = [body[at : at + _SAMPLE].split(_TWICE, _TWICE_MANY + 1) for at in (0, third, 2 * third)]
    many = max(map(len, pieces)) > _TWICE_MANY + 1
    if many and (before := undone(text)) is not None:
        return _encoded(before)
    if body.isascii() and b"~{" in body and "hz" in _declared(head, headers, charset):
        return _encoded(body.decode("hz", "replace"))
    return Decoded(text, body)


def _with_nuls(body: bytes, headers: tuple[tuple[str, str], ...], charset: str | None, url: str | None) -> Decoded:
    """UTF-16 without its mark shows as zero bytes at every second place; zero bytes elsewhere are binary."""
    head = body[: min(4096, len(body) // 2 * 2)]
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    ends = head.count(b"<\x00"), head.count(b"\x00<")
    if odd > half // 8 and odd > 4 * even and ends[0]:
        return _encoded(body.decode("utf-16-le", "replace"))
    if even > half // 8 and even > 4 * odd and ends[1]:
        return _encoded(body.decode("utf-16-be", "replace"))
    if even + odd > 8:
        raise UnreadablePage("binary data: zero bytes among the first thousand", url=url)
    return decode_page(body.replace(b"\x00", b""), headers=headers, charset=charset, url=url)


def _declared(head: bytes, headers: tuple[tuple[str, str], ...], charset: str | None) -> Iterator[str]:
    """What is declared, as Python's codec names, the strongest claim first."""
    for name, value in headers:
        if name.lower() == "content-type" and (m := _HEADER.search(value)):
            yield from _codec(m.group(1))
    if found := _META.search(head) or _XML.search(head):
        yield from _codec(found.group(1).decode("ascii"))
    if charset:
        yield from _codec(charset)


def _codec(name: str) -> Iterator[str]:
    name = name.lower().strip()
    known = _SUPERSET.get(name)
    if known is None:
        try:
            info = codecs.lookup(name)
        except LookupError:
            return
        # Python also keeps codecs that are no charsets (hex, zlib, rot13); a page may not call them.
        if not getattr(info, "_is_text_encoding", False) or info.name in {"idna", "punycode", "unicode_escape", "mbcs"}:
            return
        known = info.name
    yield known


def _best(body: bytes, declared: list[str], url: str | None) -> str:
    """The reading with the fewest undecodable places; on a near tie the more usual Chinese, then the earlier claim."""
    foreign = len(body.translate(None, _ASCII))
    accents = _has_accents(body, foreign)
    found: list[tuple[float, int, str]] = []
    for rank, name in enumerate(dict.fromkeys([*declared, "utf-8", "gb18030", "big5hkscs", "cp1252"])):
        text = body.decode(name, "replace")
        bad = text.count("\ufffd") / foreign
        if name == "utf-8":
            # Nothing else looks like UTF-8 by accident: a broken tail or a few cut characters.
            if bad < 0.05:
                return text
        elif name.startswith(("cp125", "iso8859")):
            # A single-byte reading hardly ever fails, so it must not win by that.
            bad += 0.0 if accents else 0.5
        elif accents or not _usual(text, name, foreign):
            bad += 0.1
        if rank == 0 and declared and bad < 0.002:
            return text
        found.append((bad, rank, text))
    best = min(found)
    if best[0] > 0.4:
        raise UnreadablePage(f"no charset fits: {best[0]:.0%} of the bytes beyond ASCII cannot be decoded", url=url)
    return best[2]


def _has_accents(body: bytes, foreign: int) -> bool:
    """Whether the bytes beyond ASCII stand alone between letters, as accents do; those of Chinese come in runs."""
    if foreign <= 20:
        return False
    at = max(0, body.find(b"<body"))
    runs = [len(run) for run in body[at : at + _SAMPLE].translate(BLANKED).split()]
    return sum([n for n in runs if n < 3]) * 2 > sum(runs)


def _usual(text: str, name: str, foreign: int) -> bool:
    """Whether a double-byte Chinese reading gives the characters that Chinese text is made of."""
    if name not in ("gb18030", "big5hkscs", "hz"):
        return True
    usual = 0
    for char in _COMMON:
        # The first of them is mostly enough.
        if foreign < 100 or usual > foreign * 0.003:
            break
        usual += text.count(char)
    return foreign < 100 or usual > foreign * 0.003
