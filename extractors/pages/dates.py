"""Dates of publication: as machines write them, in words, told from the moment of fetching, in an address."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from extractors.pages.dateline import published

_ISO = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s,]*(\d{1,2})[:时點点](\d{2})(?:[:分](\d{2}))?(?:\.\d+)?\s*([AaPp]\.?[Mm]\b)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_SLASHED = re.compile(
    r"(?<![\d/])(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)(?![\d/])(?:[,\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp]\.?[Mm]\b)?)?"
)
_DIGIT = re.compile(r"\d")
_COMPACT = re.compile(r"^((?:19|20)\d\d)([01]\d)([0-3]\d)(?:T?(\d\d)(\d\d)(\d\d)?)?$")
_RELATIVE = re.compile(
    r"(?<!\d)(\d{1,3})\s*(分钟|分鐘|小时|小時|天|日|minutes?|mins?|hours?|hrs?|days?)\s*(?:前|ago\b)"
    r"|(刚刚|剛剛|just now)"
    r"|(今天|昨天|前天|today|yesterday)(?:\s*(?:at\s*)?(\d{1,2}):(\d{2}))?",
    re.IGNORECASE,
)
_URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/_]?([01]\d)[-/_]?([0-3]\d)(?!\d)")
_MONTH_NAMES = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)


def parse_date(text: str | None, zone: tzinfo) -> datetime | None:
    """A date for machines, or one in words; a time without an offset is read in `zone`.

    >>> parse_date("2024-07-10T08:30:00+0800", UTC).isoformat(), parse_date("20240710", UTC).isoformat()
    ('2024-07-10T08:30:00+08:00', '2024-07-10T00:00:00+00:00')
    >>> parse_date("2024-02-31", UTC) is None, parse_date("soon", UTC) is None, parse_date(None, UTC) is None
    (True, True, True)
    """
    if not text:
        return None
    text = text.strip()[:80]
    m = _ISO.search(text)
    if m:
        year, month, day, hour, minute, second, half, offset = m.groups()
    else:
        m = _COMPACT.match(text)
        if not m:
            if (found := _slashed(text, zone)) is not None:
                return found
            if _MONTH_NAMES.search(text):
                found = published(text, fetched_at=None, years=(), tz=None)
                return found.replace(tzinfo=zone) if found is not None else None
            return _epoch(text)
        year, month, day, hour, minute, second = m.groups()
        half = offset = None
    h = int(hour or 0)
    if half:
        h = h % 12 + (12 if half[0] in "pP" else 0)
    try:
        return datetime(
            int(year), int(month), int(day), h, int(minute or 0), int(second or 0), tzinfo=_offset(offset) or zone
        )
    except ValueError:
        return None


def _slashed(text: str, zone: tzinfo) -> datetime | None:
    """A date with its year last, where nobody can take the day for the month.

    >>> _slashed("09/25/2025", UTC).isoformat(), _slashed("25/09/2025", UTC).isoformat()
    ('2025-09-25T00:00:00+00:00', '2025-09-25T00:00:00+00:00')
    >>> _slashed("9/7/2025 5:54:13 PM", UTC).isoformat(), _slashed("9/7/2025", UTC)
    ('2025-09-07T17:54:13+00:00', None)
    """
    m = _SLASHED.search(text)
    if m is None:
        return None
    first, second, hour = int(m.group(1)), int(m.group(2)), int(m.group(4) or 0)
    if m.group(7):
        hour = hour % 12 + (12 if m.group(7)[0] in "pP" else 0)
    # A clock of twelve hours is that of those who write the month first.
    if first <= 12 and second <= 12 and not m.group(7) and first != second:
        return None
    month, day = (second, first) if first > 12 else (first, second)
    try:
        return datetime(int(m.group(3)), month, day, hour, int(m.group(5) or 0), int(m.group(6) or 0), tzinfo=zone)
    except ValueError:
        return None


def _epoch(text: str) -> datetime | None:
    """Seconds or milliseconds since 1970, of this century only."""
    if not text.isdecimal() or len(text) not in (10, 13):
        return None
    seconds = int(text) / (1000 if len(text) == 13 else 1)
    return datetime.fromtimestamp(seconds, UTC) if seconds > 946_684_800 else None


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes)) if minutes < 24 * 60 else None


def date_in_line(line: str, fetched_at: datetime | None, zone: tzinfo, tz: str | None) -> datetime | None:
    """The date that a line next to the body states, if a digit gives it any chance of one."""
    # What every such date has in it.
    if ("20" in line or "19" in line) and (m := _ISO.search(line)):
        found = parse_date(m.group(), zone)
        if found is not None:
            return found
    if (
        _DIGIT.search(line) is not None
        and (found := published(line, fetched_at=fetched_at, years=(), tz=tz) or _slashed(line, zone)) is not None
    ):
        return found
    return _relative(line, fetched_at, zone) if fetched_at is not None and len(line) < 60 else None


def _relative(line: str, fetched_at: datetime, zone: tzinfo) -> datetime | None:
    """A time told from the moment of fetching.

    >>> _relative("3小时前", datetime(2024, 7, 10, 12, tzinfo=UTC), UTC).isoformat()
    '2024-07-10T09:00:00+00:00'
    >>> _relative("昨天 10:30", datetime(2024, 7, 10, 12, tzinfo=UTC), UTC).isoformat()
    '2024-07-09T10:30:00+00:00'
    """
    m = _RELATIVE.search(line)
    if m is None:
        return None
    now = fetched_at if fetched_at.tzinfo else fetched_at.replace(tzinfo=UTC)
    if m.group(1):
        unit = m.group(2).lower()
        minutes = 1 if unit[0] in "分m" else 60 if unit[0] in "小h" else 24 * 60
        return now - timedelta(minutes=int(m.group(1)) * minutes)
    if m.group(3):
        return now
    local = now.astimezone(zone)
    day = local - timedelta(days={"今": 0, "昨": 1, "前": 2, "t": 0, "y": 1}[m.group(4)[0].lower()])
    try:
        return day.replace(hour=int(m.group(5) or 0), minute=int(m.group(6) or 0), second=0, microsecond=0)
    except ValueError:
        return None


def date_in_url(url: str, zone: tzinfo) -> datetime | None:
    m = _URL_DATE.search(url)
    if m is None:
        return None
    try:
        return datetime(int(m.group(1)), int(m.group(2)), int(m.group(3)), tzinfo=zone)
    except ValueError:
        return None
