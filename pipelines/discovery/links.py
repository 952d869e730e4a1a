"""Addresses of articles: cleaned so that they can be fetched, and one canonical form to know an article again by."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from courlan.clean import normalize_url, scrub_url

_MAX_URL = 2000

# Parameters that say where a click came from. courlan's own list also drops names such as cid, uid and session, which
# on some sites are what tells one article from another; so only the path and host are courlan's, the query is ours.
_TRACKING = re.compile(
    r"utm_\w+|spm(?:_\w+)?|scm|from|ref|referr?er|src|source|fbclid|[gy]clid|msclkid|dclid|igshid|mc_[ce]id|mkt_tok"
    r"|_hs(?:enc|mi)|hss_channel|vero_(?:id|conv)|[gpm]k?_(?:source|campaign|medium|kwd)|ncid|cmpid?|ocid|xtor|smid|sr_share"
    r"|guccounter|guce_referr?er(?:_sig)?|isappinstalled|nsukey|share(?:_?\w+)?|wt_?(?:mc|zmc|kw)(?:_\w+)?|at_\w+|partner"
    r"|taid|soc_src|soc_trk|tsrc|feature|chn|weibo_id|wfr|timestamp_share",
    re.I,
)
_TRACKING_PAIRS = frozenset({("f", "rss"), ("feed", "rss"), ("rss", "1"), ("type", "rss"), ("amp", "1"), ("amp", "")})
_AMP_PAIRS = frozenset({("outputtype", "amp"), ("output", "amp"), ("view", "amp"), ("mode", "amp")})
_TWIN_HOST = re.compile(r"(?:www|m|mobile|wap|3g|amp)\.(?=[^.]+\..)")
_AMP_PATH = re.compile(r"(?<=.)/amp/?$|\.amp(?=\.html?$|$)|^/amp(?=/.)")


def _is_tracking(name: str, value: str) -> bool:
    name = name.lower()
    pair = (name, value.lower())
    return pair in _TRACKING_PAIRS or pair in _AMP_PAIRS or _TRACKING.fullmatch(name) is not None


def clean_link(href: str, base: str | None = None) -> str | None:
    """A link as it can be fetched: absolute, without fragment, stray markup and tracking; `None` for what is no page.

    >>> clean_link("/p/1?utm_source=x&id=7#top", "https://www.36kr.com/feed")
    'https://www.36kr.com/p/1?id=7'
    >>> clean_link("https://36kr.com/p/3536738774948739?f=rss")
    'https://36kr.com/p/3536738774948739'
    >>> clean_link("javascript:void(0)"), clean_link("mailto:a@example.org"), clean_link("")
    (None, None, None)
    """
    href = href.strip()
    if not href or len(href) > _MAX_URL:
        return None
    try:
        url = scrub_url(urljoin(base, href) if base else href)
        query = urlsplit(url).query
        parts = urlsplit(normalize_url(url))
        pairs = parse_qsl(query, keep_blank_values=True)
        kept = [(name, value) for name, value in pairs if not _is_tracking(name, value)]
        # A query without tracking keeps its own spelling, which some servers are particular about.
        query = query if len(kept) == len(pairs) else urlencode(kept)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
            return None
    except ValueError:
        return None
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, ""))


@lru_cache(maxsize=20_000)
def canonical_url(url: str) -> str:
    """The one address that stands for an article, however it was linked to. It names; it is not meant to be fetched.

    Mobile, AMP and www. hosts, tracking parameters, the order of parameters, a trailing slash and the fragment make no
    difference; the scheme is kept. What is no web address is returned as it is.

    >>> canonical_url("https://m.36kr.com/p/1?f=rss") == canonical_url("https://www.36kr.com/p/1/#a")
    True
    >>> canonical_url("https://www.example.com/2026/11/deal/amp/?b=2&a=1&utm_medium=social")
    'https://example.com/2026/11/deal?a=1&b=2'
    >>> canonical_url("")
    ''
    """
    cleaned = clean_link(url)
    if cleaned is None:
        return url.strip()
    parts = urlsplit(cleaned)
    host = _TWIN_HOST.sub("", parts.netloc, count=1) if _TWIN_HOST.match(parts.netloc) else parts.netloc
    path = _AMP_PATH.sub("", parts.path)
    path = path.rstrip("/") or "/"
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return urlunsplit((parts.scheme, host, path, query, ""))
