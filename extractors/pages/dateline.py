"""Who wrote a bare text and when, from its dateline and the lines around the headline.

>>> from datetime import datetime, timezone
>>> night = datetime(2024, 7, 11, 2, tzinfo=timezone.utc)
>>> published("蓝天社7月10日讯(记者 王五)", fetched_at=night, years=(), tz="Asia/Shanghai")
datetime.datetime(2024, 7, 10, 0, 0, tzinfo=zoneinfo.ZoneInfo(key='Asia/Shanghai'))
>>> published("蓝天社7月10日讯(记者 王五)", fetched_at=None, years=(), tz=None) is None  # which year?
True
>>> byline("蓝天社7月10日讯(记者 王五 赵六)"), byline("By Ann Other and Bo Li"), byline("记者会上")
('王五 赵六', 'Ann Other and Bo Li', None)
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from extractors.text import fold

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_CLOCK = (
    r"(?:[ T,]{0,3}(?:at |上午|下午|晚)?(?P<hour>[01]?\d|2[0-3])[:时](?P<minute>[0-5]\d)"
    r"(?::(?P<second>[0-5]\d))?(?P<half> ?[ap]\.?m\.?)?)?"
)
_FULL = (
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)年(?P<m>[01]?\d)月(?P<d>[0-3]?\d)日" + _CLOCK),
    re.compile(r"(?<![\d./-])(?P<year>(?:19|20)\d\d)(?P<s>[-/.])(?P<m>[01]?\d)(?P=s)(?P<d>[0-3]?\d)(?!\d)" + _CLOCK),
    re.compile(rf"\b{_MONTH} (?P<d>[0-3]?\d)(?:st|nd|rd|th)?,? (?P<year>(?:19|20)\d\d)" + _CLOCK, re.IGNORECASE),
    re.compile(
        rf"(?<!\d)(?P<d>[0-3]?\d)(?:st|nd|rd|th)?[ -]{_MONTH},?[ -](?P<year>(?:19|20)\d\d)" + _CLOCK, re.IGNORECASE
    ),
    re.compile(rf"\b(?P<year>(?:19|20)\d\d)[ -]{_MONTH}[ -](?P<d>[0-3]?\d)(?!\d)" + _CLOCK, re.IGNORECASE),
)
_NO_YEAR = (
    # 某报7月10日讯, 某社北京7月10日电, 7月10日消息, 某网7月10日报道
    re.compile(
        r"(?<!\d)(?P<m>[01]?\d)月(?P<d>[0-3]?\d)日(?:[上下]午|晚间?|早间?|凌晨)?(?:讯|电|消息|报道|专电|综合报道)"
    ),
    # NEW YORK, July 10 (Agency) -
    re.compile(rf"^[A-Z][A-Za-z .,/]{{2,40}}, {_MONTH} (?P<d>[0-3]?\d) ?(?:\(|[-–—])", re.IGNORECASE),
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年|财年|財年| ?[.,)]|\b)")
_ZH_BYLINE = re.compile(
    r"(?:[（(【\[]\s*|^|[ |丨])(?:本报|本刊|本网|见习|实习|特约|首席|驻\w{1,6})*"
    r"(?:记者|作者|撰文|采写|通讯员|文)\s*[:：丨|/／ ]\s*"
    r"(?P<names>[\u4e00-\u9fff·]{2,12}(?:[ 、,，][\u4e00-\u9fff·]{2,6}){0,5})\s*(?=[)）】\]]|$|[ |丨])"
)
_ZH_WRITERS = re.compile(r"[者文写员][\s:：丨|/／]")
"""What every byline of the first kind has in it, and few other lines."""
_EN_BYLINE = re.compile(
    r"(?:written )?by[: ]+(?P<names>[A-Z][\w.'’-]*(?:(?: |, | and | & )[A-Z][\w.'’-]*){0,9})\b", re.IGNORECASE
)
_LONGEST = 200
"""How far into a line a dateline or byline can reach."""


def _zone(tz: str | None) -> tzinfo:
    return ZoneInfo(tz) if tz else UTC


def published(line: str, *, fetched_at: datetime | None, years: Iterable[int], tz: str | None) -> datetime | None:
    """The date of publication that one line states: a whole date, or the day and month of a dateline.

    A dateline without its year takes that of `fetched_at` (the year before, if the day would lie ahead of it), else the
    commonest of `years`, else gives no date. A bare day is its midnight in the zone `tz` (UTC without it).
    """
    head = fold(line[:_LONGEST])
    for pattern in _FULL:
        if m := pattern.search(head):
            return _make(m, int(m["year"]), tz)
    for pattern in _NO_YEAR:
        if m := pattern.search(head):
            if fetched_at is not None:
                found = _make(m, fetched_at.year, tz)
                ahead = found is not None and found > _aware(fetched_at) + timedelta(days=1)
                return _make(m, fetched_at.year - 1, tz) if ahead or found is None else found
            common = Counter(years).most_common(1)
            return _make(m, common[0][0], tz) if common else None
    return None


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _make(m: re.Match[str], year: int, tz: str | None) -> datetime | None:
    groups = m.groupdict()
    month = int(groups["m"]) if groups.get("m") else _MONTHS[groups["month"].lower()[:3]]
    hour = int(groups.get("hour") or 0)
    half = (groups.get("half") or "").strip().lower()[:1]
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    try:
        return datetime(
            year,
            month,
            int(groups["d"]),
            hour,
            int(groups.get("minute") or 0),
            int(groups.get("second") or 0),
            tzinfo=_zone(tz),
        )
    except ValueError:  # 2月30日
        return None


def years_in(text: str) -> tuple[int, ...]:
    """Every year that the text names, in order, as a hint for a dateline that leaves it out."""
    return tuple(int(y) for y in _YEAR.findall(text))


def byline(line: str) -> str | None:
    """The writers that a dateline or a line of its own names."""
    head = line[:_LONGEST]
    if not head.isascii() and _ZH_WRITERS.search(head) is not None and (m := _ZH_BYLINE.search(head)):
        return m["names"]
    if (m := _EN_BYLINE.match(head)) and m["names"][0].isupper():
        return m["names"]
    return None
