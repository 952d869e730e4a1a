"""What an answer's head and first bytes say: a kind we read or not, a bot check or not, how long to leave off."""

from __future__ import annotations

import re
import time
from email.utils import parsedate_to_datetime

from pipelines.records import Role

Headers = tuple[tuple[str, str], ...]

_READ = re.compile(
    r"(?:text/(?:html|plain|xml|x?-?json|vnd\.wap\.wml)|application/(?:[\w.+-]*\+)?(?:xml|json|rss|atom|xhtml)"
    r"|(?:application|text)/(?:x-)?javascript|application/(?:gzip|x-gzip|octet-stream|x-rss|xml-dtd)|binary/octet-stream)\b",
    re.I,
)
_SNIFFED = re.compile(r"(?:application/(?:x-)?gzip|(?:application|binary)/octet-stream)\b|$", re.I)
_TEXT_START = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*[<{\[]")

# Served with an error status, any of these is a bot check.
_CHECKS = re.compile(
    rb"_cf_chl_opt|cf-browser-verification|cdn-cgi/challenge-platform|<title>Just a moment|<title>Attention Required"
    rb"|_waftokenid|acw_sc__v|aliyun_?waf|captcha|geetest|_Incapsula_Resource|px-captcha|datadome|ddos-guard"
    rb"|verify (?:that )?you are (?:a )?human|enable javascript and cookies to continue",
    re.I,
)
# With status 200 a page may well speak of captchas or carry a checker's script, so only what a short page that is
# nothing else contains counts.
_CHECKS_OK = re.compile(
    rb"_cf_chl_opt|<title>Just a moment|_waftokenid|acw_sc__v|_Incapsula_Resource|px-captcha|<title>DDoS-Guard", re.I
)
_CHECK_SIZE = 30_000


def header(headers: Headers, name: str) -> str | None:
    """The first header of that name.

    >>> header((("ETag", '"1"'),), "etag"), header((), "etag")
    ('"1"', None)
    """
    return next((value for key, value in headers if key.lower() == name), None)


def readable_type(content_type: str | None) -> bool:
    """Whether this type can be a page or a feed; `None` and the types that say nothing are looked at later.

    >>> readable_type("text/html; charset=gbk"), readable_type("application/rss+xml"), readable_type(None)
    (True, True, True)
    >>> readable_type("image/png"), readable_type("application/pdf")
    (False, False)
    """
    return not content_type or not content_type.strip() or _READ.match(content_type.strip()) is not None


def looks_binary(content_type: str | None, body: bytes, role: Role) -> bool:
    """Whether a body whose type says nothing is no text.

    >>> looks_binary(None, b"<html>", "page"), looks_binary(None, b"\\x89PNG\\r\\n\\x1a\\n\\0\\0", "page")
    (False, True)
    """
    if not _SNIFFED.match((content_type or "").strip()):
        return False
    if body[:2] == b"\x1f\x8b":
        return role != "feed"
    return b"\0" in body[:1024] and _TEXT_START.match(body) is None


def bot_check(status: int, headers: Headers, body: bytes) -> str | None:
    """What shows that the answer is a bot check instead of the page.

    >>> bot_check(403, (), b"<title>Just a moment...</title>")
    'Just a moment'
    >>> bot_check(200, (), b"<p>How a captcha works</p>"), bot_check(404, (), b"")
    (None, None)
    """
    if (header(headers, "cf-mitigated") or "").lower() == "challenge":
        return "cf-mitigated"
    if status == 200:
        found = _CHECKS_OK.search(body) if len(body) < _CHECK_SIZE else None
    else:
        found = _CHECKS.search(body[:_CHECK_SIZE]) if status in (202, 401, 403, 405, 429, 503) else None
    return found[0].decode("latin-1").removeprefix("<title>") if found else None


def retry_after(headers: Headers, now: float | None = None) -> float | None:
    """Seconds that `Retry-After` asks for, in either of its forms; `None` when it is absent or nonsense.

    >>> retry_after((("Retry-After", "30"),)), retry_after((("Retry-After", "soon"),))
    (30.0, None)
    >>> retry_after((("Retry-After", "Thu, 01 Jan 1970 00:01:00 GMT"),), now=20.0)
    40.0
    """
    value = (header(headers, "retry-after") or "").strip()
    if not value:
        return None
    if re.fullmatch(r"\d{1,9}", value):
        return float(value)
    try:
        until = parsedate_to_datetime(value).timestamp()
    except (ValueError, OverflowError):
        return None
    return max(0.0, until - (time.time() if now is None else now))
