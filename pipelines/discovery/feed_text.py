"""A feed's bytes made safe for feedparser: one encoding, no entities of its own, no more of anything than a feed needs.

feedparser is thorough and, on hostile input, slow: 15 µs for each tag, the square of the length for an author's name,
and of the number of namespaces. The limits here keep any answer below some seconds of its time.
"""

from __future__ import annotations

import re

from extractors.errors import ChipwireError

MAX_ITEMS = 2000
"""Items of one feed that are read; the newest come first in nearly all of them."""
MAX_TEXT = 4 * 1024 * 1024
MAX_TAGS = 100_000
MAX_NAMESPACES = 2000

# Only encodings that write ASCII as ASCII: in any other, markup could hide from the checks below.
_ENCODINGS = {
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "gb_2312-80", "cp936", "x-gbk"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "cp950"), "big5hkscs"),
    **dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii"), "utf-8"),
    **dict.fromkeys(("iso-8859-1", "latin1", "windows-1252", "cp1252"), "cp1252"),
    **{name: name for name in ("iso-8859-15", "shift_jis", "euc-jp", "euc-kr", "euc-tw")},
}
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,300}?\?>")
_DECLARED = re.compile(rb"""\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.I)
_NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_ROOT = re.compile(r"<[A-Za-z]")
_ITEM = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.I)
# Elements that we have no use for: in some feedparser looks for mail addresses, without limit, and it fails at a
# category that ends outside its item.
_UNUSED = re.compile(
    r"(</?)(?=(?:[\w.-]+:)?(?:author|creator|contributor|managing_?editor|web_?master|owner|publisher|category)\b)",
    re.I,
)
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_BEYOND = 0x110000  # no code point is as large
_HTML = re.compile(r"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)


class FeedError(ChipwireError):
    """An answer that is no list of articles; the text says what it is instead."""


def decode(body: bytes, content_type: str | None) -> str:
    """The text of a feed. What it declares is tried first, then what the server says, then UTF-8 and GB 18030.

    >>> decode('<?xml version="1.0" encoding="gb2312"?><a>芯片</a>'.encode("gbk"), None)[-9:]
    '<a>芯片</a>'
    >>> decode("<a>é</a>".encode("cp1252"), "text/xml; charset=iso-8859-1")
    '<a>é</a>'
    """
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    body = body.removeprefix(b"\xef\xbb\xbf")
    declared, said = _DECLARED.match(body), _CHARSET.search(content_type or "")
    names = [declared[1].decode("ascii", "replace")] if declared else []
    names += [said[1]] if said else []
    tried = [_ENCODINGS[n.lower()] for n in names if n.lower() in _ENCODINGS]
    for encoding in [*tried, "utf-8", "gb18030"]:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return body.decode(tried[0] if tried else "utf-8", "replace")


def xml_text(body: bytes, content_type: str | None) -> str:
    """The document without its XML declaration, known to be no HTML and to declare no entities. Raises `FeedError`.

    >>> xml_text(b"<!DOCTYPE html><html>", None)
    Traceback (most recent call last):
    pipelines.discovery.feed_text.FeedError: an HTML page instead of a feed
    """
    text = _references(decode(body, content_type)).translate(_NOT_XML).lstrip()
    if not text:
        raise FeedError("an empty answer")
    if _HTML.match(text):
        raise FeedError("an HTML page instead of a feed")
    declaration = _DECLARATION.match(text)
    text = text[declaration.end() :] if declaration else text
    root = _ROOT.search(text)
    if root is None:
        raise FeedError("no XML")
    if "<!ENTITY" in text[: root.start()]:
        raise FeedError("it declares entities of its own, which no feed needs")
    return text


def _references(text: str) -> str:
    """The text with the references written out that are no character: an emoji in halves, or a number out of range.

    XML forbids them and feedparser fails at them; many sites write an emoji as the two halves that UTF-16 has for it.

    >>> _references("&#55357;&#xDE80; &#x110000; &#65;")
    '🚀 \ufffd &#65;'
    """
    if "&#" not in text:
        return text
    halves = _REFERENCE.sub(_character, text)
    return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _character(reference: re.Match[str]) -> str:
    hexadecimal, decimal = reference.groups()
    digits = (hexadecimal or decimal).lstrip("0")
    code = int(digits or "0", 16 if hexadecimal else 10) if len(digits) <= 8 else _BEYOND
    if code >= _BEYOND:
        return "\ufffd"
    return chr(code) if 0xD800 <= code < 0xE000 else reference[0]


def prepare(body: bytes, content_type: str | None) -> bytes:
    """A feed as UTF-8, cut after `MAX_ITEMS` items, with no more in it than feedparser can chew. Raises `FeedError`."""
    text = xml_text(body, content_type)
    text = _cut(text)
    if _tags(text) > MAX_TAGS or text.count("xmlns") > MAX_NAMESPACES:
        raise FeedError(f"over {MAX_TAGS} tags or {MAX_NAMESPACES} namespaces")
    return b'<?xml version="1.0" encoding="utf-8"?>' + _UNUSED.sub(r"\1x-", text).encode("utf-8", "replace")


def _tags(text: str) -> int:
    """How many tags a parser will meet; those of CDATA are text to it."""
    count, at = text.count("<"), 0
    while (start := text.find("<![CDATA[", at)) >= 0 and (end := text.find("]]>", start)) >= 0:
        count -= text.count("<", start, end)
        at = end
    return count


def _cut(text: str) -> str:
    """The text up to its item number `MAX_ITEMS` and `MAX_TEXT` characters, closed again."""
    end = None
    start = 0
    for number, item in enumerate(_ITEM.finditer(text)):
        if item.start() > MAX_TEXT or number == MAX_ITEMS:
            # Too long an item is left out whole, so that what stays is well-formed.
            end = item.start() if item.start() <= MAX_TEXT else start
            break
        start = item.start()
    else:
        if len(text) <= MAX_TEXT:
            return text
        end = start
    if not end:
        raise FeedError(f"over {MAX_TEXT} characters and no item among them")
    head = text[:5000]
    closing = "</rdf:RDF>" if "<rdf:RDF" in head else "</channel></rss>" if "<rss" in head else "</feed>"
    return text[:end] + closing
