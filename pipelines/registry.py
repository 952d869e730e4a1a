"""The source registry: one TOML file a site in `pipelines/sources/`, read into `records.Source`.

Every key is known and every value checked, since a registry of ninety files is edited by many hands: a selector that
does not parse or an example that its own pattern misses is found by `chipwire sources check`, not in the night.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from extractors.errors import ChipwireError
from extractors.model import PageLang, Selectors
from pipelines.records import Source, Way, WayKind

SOURCES = Path(__file__).parent / "sources"

_KEYS = frozenset(field.name for field in fields(Source))
_WAY_KEYS = frozenset(field.name for field in fields(Way))
_SELECTOR_KEYS = frozenset({"title", "body", "date", "byline", "remove"})
_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_EMPTY = LexborHTMLParser("<p></p>")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one source file."""

    file: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.message}"


class SourceError(ChipwireError):
    """A source file that cannot be used; `problems` lists everything wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


class _Reader:
    """Takes typed values out of a TOML table and notes what is wrong."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def wrong(self, message: str) -> None:
        self.problems.append(Problem(self.file, message))

    def keys(self, table: Mapping[str, object], known: frozenset[str], where: str) -> None:
        for key in sorted(set(table) - known):
            self.wrong(f"{where}unknown key {key!r}")

    def text(self, table: Mapping[str, object], key: str, where: str = "") -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            self.wrong(f"{where}{key} must be a non-empty string")
            return ""
        return value

    def maybe(self, table: Mapping[str, object], key: str, where: str = "") -> str | None:
        return self.text(table, key, where) if key in table else None

    def texts(self, table: Mapping[str, object], key: str, where: str = "") -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            self.wrong(f"{where}{key} must be a list of strings")
            return ()
        return tuple(value)

    def flag(self, table: Mapping[str, object], key: str, default: bool, where: str = "") -> bool:
        value = table.get(key, default)
        if not isinstance(value, bool):
            self.wrong(f"{where}{key} must be true or false")
            return default
        return value

    def web(self, url: str, what: str) -> None:
        if url and not re.fullmatch(r"https?://[^\s/]+(?:/\S*)?", url):
            self.wrong(f"{what} is no web address: {url!r}")

    def css(self, selector: str, what: str) -> None:
        try:
            _EMPTY.css(selector)
        except SelectolaxError:
            self.wrong(f"{what}: the selector {selector!r} does not parse")


def _way(read: _Reader, table: object, number: int) -> Way | None:
    where = f"ways[{number}]: "
    if not isinstance(table, dict):
        read.wrong(f"{where}must be a table")
        return None
    read.keys(table, _WAY_KEYS, where)
    kind = read.text(table, "kind", where)
    url = read.text(table, "url", where)
    body = table.get("body", "none")
    read.web(url, f"{where}url")
    if kind and kind not in get_args(WayKind):
        read.wrong(f"{where}kind {kind!r} is none of {', '.join(get_args(WayKind))}")
        return None
    if body not in ("full", "summary", "none"):
        read.wrong(f"{where}body {body!r} is none of full, summary, none")
        return None
    links = read.maybe(table, "links", where)
    if links and kind == "list":
        read.css(links, f"{where}links")
    item = {key: read.maybe(table, key, where) for key in ("item_link", "item_title", "item_date")}
    if kind == "json" and not item["item_link"]:
        read.wrong(f"{where}a json way needs item_link")
    also = read.flag(table, "also", False, where)
    return Way(cast("WayKind", kind), url, body, links, also, **item)


def _selectors(read: _Reader, table: object) -> Selectors:
    if not isinstance(table, dict):
        read.wrong("selectors must be a table")
        return Selectors()
    read.keys(table, _SELECTOR_KEYS, "selectors: ")
    for key in sorted(_SELECTOR_KEYS & set(table)):
        for selector in read.texts(table, key, "selectors: "):
            read.css(selector, f"selectors.{key}")
    return Selectors(**{key: read.texts(table, key) for key in _SELECTOR_KEYS})


def parse_source(text: str, file: str = "source.toml") -> Source:
    """A source out of the text of its file. Raises `SourceError` with everything wrong in it.

    >>> try:
    ...     parse_source('id = "x"', "y.toml")
    ... except SourceError as error:
    ...     print(error.problems[0], len(error.problems))
    y.toml: id 'x' is not the name of the file 7
    """
    read = _Reader(file)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError([Problem(file, f"no TOML: {error}")]) from error
    read.keys(table, _KEYS, "")
    source_id = read.text(table, "id")
    if source_id and (source_id != Path(file).stem or not _ID.fullmatch(source_id)):
        read.wrong(f"id {source_id!r} is not the name of the file")
    name, lang, tz, home = (read.text(table, key) for key in ("name", "lang", "tz", "home"))
    if lang and lang not in get_args(PageLang):
        read.wrong(f"lang {lang!r} is none of {', '.join(get_args(PageLang))}")
    if tz:
        try:
            ZoneInfo(tz)
        except (ZoneInfoNotFoundError, ValueError):
            read.wrong(f"tz {tz!r} is no IANA time zone")
    read.web(home, "home")
    enabled = read.flag(table, "enabled", True)
    why_disabled = read.maybe(table, "why_disabled")
    if enabled == (why_disabled is not None):
        read.wrong("why_disabled belongs to enabled = false, and the other way round")
    tables = table.get("ways", [])
    ways = [_way(read, way, n) for n, way in enumerate(tables if isinstance(tables, list) else [tables])]
    if not ways and enabled:
        read.wrong("no way in, and not disabled")
    charset = read.maybe(table, "charset")
    if charset:
        try:
            codecs.lookup(charset)
        except LookupError:
            read.wrong(f"charset {charset!r} is unknown")
    delay = table.get("delay", 1.0)
    if isinstance(delay, bool) or not isinstance(delay, int | float) or not 0 <= delay <= 60:
        read.wrong("delay must be between 0 and 60 seconds")
        delay = 1.0
    example = read.maybe(table, "example")
    article_urls = read.texts(table, "article_urls")
    _patterns(read, article_urls, example, enabled)
    selectors = _selectors(read, table.get("selectors", {}))
    topic = read.texts(table, "topic")
    if read.problems:
        raise SourceError(read.problems)
    return Source(
        id=source_id,
        name=name,
        lang=cast("PageLang", lang),
        tz=tz,
        home=home,
        ways=tuple(w for w in ways if w is not None),
        article_urls=article_urls,
        example=example,
        selectors=selectors,
        charset=charset,
        delay=float(delay),
        enabled=enabled,
        why_disabled=why_disabled,
        topic=topic,
    )


def _patterns(read: _Reader, patterns: tuple[str, ...], example: str | None, enabled: bool) -> None:
    if not patterns and enabled:
        read.wrong("no article_urls")
    compiled = []
    for pattern in patterns:
        try:
            compiled.append(re.compile(pattern))
        except re.error as error:
            read.wrong(f"article_urls: {pattern!r} is no regular expression: {error}")
    if example is not None:
        read.web(example, "example")
        if len(compiled) == len(patterns) and not any(p.search(example) for p in compiled):
            read.wrong(f"no pattern of article_urls matches the example {example!r}")


def load_source(path: Path) -> Source:
    """One source file. Raises `SourceError`."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError([Problem(path.name, f"cannot be read: {error}")]) from error
    # In a folder of fixtures the site's folder has the name that a file has in the registry.
    return parse_source(text, f"{path.parent.name}.toml" if path.name == "source.toml" else path.name)


def load(folder: Path = SOURCES) -> tuple[Source, ...]:
    """All sources of a folder, by id. Raises `SourceError` with the problems of all files."""
    sources, problems = _load(folder)
    if problems:
        raise SourceError(problems)
    return sources


def choose(sources: Sequence[Source], ids: Sequence[str] | None) -> tuple[Source, ...]:
    """The sources with these ids, or all enabled ones. Raises `SourceError` for an id that does not exist or is off."""
    if not ids:
        return tuple(source for source in sources if source.enabled)
    by_id = {source.id: source for source in sources}
    problems = [Problem(name, "no such source; `chipwire sources` lists them") for name in ids if name not in by_id]
    problems += [
        Problem(name, f"is disabled: {by_id[name].why_disabled}")
        for name in ids
        if name in by_id and not by_id[name].enabled
    ]
    if problems:
        raise SourceError(problems)
    return tuple(by_id[name] for name in dict.fromkeys(ids))


def check(folder: Path = SOURCES) -> list[Problem]:
    """Everything wrong with the registry, file by file; also an address that two sources would both ask for."""
    sources, problems = _load(folder)
    asked: dict[str, str] = {}
    for source in sources:
        for way in source.ways:
            other = asked.setdefault(way.url, source.id)
            if other != source.id:
                problems.append(Problem(f"{source.id}.toml", f"{way.url} is {other}'s way in too"))
    if not sources and not problems:
        problems.append(Problem(str(folder), "no source files"))
    return problems


def _load(folder: Path) -> tuple[tuple[Source, ...], list[Problem]]:
    sources: list[Source] = []
    problems: list[Problem] = []
    # A folder of fixtures has one folder a site, with the source's file beside its saved pages.
    for path in sorted([*folder.glob("*.toml"), *folder.glob("*/source.toml")]):
        try:
            sources.append(load_source(path))
        except SourceError as error:
            problems.extend(error.problems)
    return tuple(sources), problems
