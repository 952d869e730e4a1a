"""companies.csv: who is who. One row a company, in two languages.

Columns: `company_id,name,zh,zh_hant,aliases,former,tickers,kind,country,parent,ambiguous`; `;` separates the values of
a cell. `ambiguous` repeats the surfaces of the row that are also common words or other things: they count only in a
context that speaks of a company.

>>> rows()["nvidia"].name, "英伟达" in rows()["nvidia"].zh
('NVIDIA', True)
>>> read_companies("company_id,name\\n", "x.csv")
Traceback (most recent call last):
extractors.errors.LexiconError: x.csv:1: columns are company_id, name, not company_id, name, zh, zh_hant, aliases, \
former, tickers, kind, country, parent, ambiguous
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple, get_args

from ahocorasick_rs import AhoCorasick, BytesAhoCorasick, Implementation

from extractors.errors import LexiconError
from extractors.model import Kind
from extractors.text import beyond_ascii, fold, word_form

FILE = "companies.csv"
COLUMNS = (
    "company_id",
    "name",
    "zh",
    "zh_hant",
    "aliases",
    "former",
    "tickers",
    "kind",
    "country",
    "parent",
    "ambiguous",
)
KINDS: Mapping[str, Kind] = {kind: kind for kind in get_args(Kind)}


class CompanyRow(NamedTuple):
    """A row; every tuple is in the order of its cell."""

    company_id: str
    name: str
    zh: tuple[str, ...]
    zh_hant: tuple[str, ...]
    aliases: tuple[str, ...]
    former: tuple[str, ...]
    tickers: tuple[str, ...]
    kind: Kind
    country: str
    parent: str
    ambiguous: tuple[str, ...]

    @property
    def surfaces(self) -> tuple[str, ...]:
        """Every way to write the company, tickers apart, without repeats."""
        return tuple(dict.fromkeys((self.name, *self.zh, *self.zh_hant, *self.aliases, *self.former)))


class Sense(NamedTuple):
    """One reading of a surface: `written` as the row has it, `row` whose it is."""

    row: CompanyRow
    written: str
    ambiguous: bool
    traditional_only: bool
    """Whether only the row's `zh_hant` cell has it: the usual reading in traditional text."""
    ticker: bool = False


class Spelled(NamedTuple):
    """A surface of ASCII, in lower case."""

    text: str
    senses: tuple[Sense, ...]
    back: int
    """How many characters before the end of its form's first line break it begins: 0, or 1 if it begins with a mark."""
    word: bool
    """Whether it is one word, of which the form tells all."""


class Fitting(NamedTuple):
    """What a surface in the letter case of a text means: the `senses` whose own case fits."""

    senses: tuple[Sense, ...]
    ambiguous: bool
    sure: bool


@dataclass(frozen=True, slots=True)
class CompanyIndex:
    """All surfaces, folded and in lower case, and the automata that find them, each in one pass.

    Most surfaces are Latin words, and most places that spell one lie inside longer words (ai in said): those are looked
    for with their edges, in a text that has a line break for every other character. In such a form a surface of several
    words has its blanks as line breaks, and a place is looked at again. A text with a character that only surfaces
    beyond ASCII have is searched a second time, for all surfaces but single words.
    """

    forms: BytesAhoCorasick
    spelled: tuple[tuple[Spelled, ...], ...]
    """One entry a pattern of `forms`, in its order."""
    others: AhoCorasick
    other_senses: tuple[tuple[Sense, ...], ...]
    """One entry a pattern of `others`, which are all surfaces that are no single word of ASCII."""
    foreign: frozenset[str]
    """The characters beyond ASCII of `others`, and one that is ASCII in lower case."""
    fitting: dict[str, Fitting]
    """What was found out about surfaces in the letter case of texts; filled by whoever finds it out, and bounded."""

    def hits(self, folded: str) -> Iterator[tuple[int, int, tuple[Sense, ...]]]:
        """Every place that spells a surface, letter case aside; Latin words of ASCII stand there whole.

        >>> [(start, end) for start, end, _ in index().hits("said:AMD,SAIC and xAMD")]
        [(5, 8), (9, 13)]
        >>> sorted((start, end) for start, end, _ in index().hits("Micron Technology, Micron-Technology, Nestlé"))
        [(0, 6), (0, 17), (19, 25), (38, 44)]
        """
        plain = self._is_plain(folded)
        latin = b"\n%b\n" % word_form(folded)
        for form, at, end in self.forms.find_matches_as_indexes(latin, overlapping=True):
            for text, senses, back, word in self.spelled[form]:
                if word:
                    yield at, end - 2, senses
                elif plain and folded[at - back : at - back + len(text)].lower() == text:
                    yield at - back, at - back + len(text), senses
        if not plain:
            for pattern, start, end in self.others.find_matches_as_indexes(lower(folded), overlapping=True):
                yield start, end, self.other_senses[pattern]

    def _is_plain(self, folded: str) -> bool:
        """Whether a text has no character by which surfaces differ from ASCII."""
        if not self.foreign.isdisjoint(folded[:_SAMPLE]):
            return False
        other = beyond_ascii(folded)
        return self.foreign.isdisjoint(other + other.lower())


_WORD = re.compile(r"[a-z0-9]+")
# The one character beyond ASCII that has its lower case there.
_KELVIN = "\u212a"
# How much of a text is looked at first: Chinese text need not be read to its end to be told from English.
_SAMPLE = 256


def _cell(text: str) -> tuple[str, ...]:
    if ";" not in text:
        return (text.strip(),) if text else ()
    return tuple([part for part in map(str.strip, text.split(";")) if part])


def read_companies(text: str, file: str = FILE) -> dict[str, CompanyRow]:
    """The rows of a file's text, by id. Raises `LexiconError` for a row that breaks the rules in the module's head."""
    reader = csv.reader(io.StringIO(text))
    header = next(reader, [])
    if tuple(header) != COLUMNS:
        raise LexiconError(f"columns are {', '.join(header)}, not {', '.join(COLUMNS)}", file=file, line=1)
    found: dict[str, CompanyRow] = {}
    for record in reader:
        line = reader.line_num
        if len(record) != len(COLUMNS):
            raise LexiconError(f"{len(record)} cells, not {len(COLUMNS)}", file=file, line=line)
        company_id, name, zh, zh_hant, aliases, former, tickers, kind, country, parent, ambiguous = record
        if not company_id or not name:
            raise LexiconError("a row needs an id and a name", file=file, line=line)
        if kind not in KINDS:
            raise LexiconError(f"kind {kind!r} is none of {', '.join(KINDS)}", file=file, line=line)
        if company_id in found:
            raise LexiconError(f"{company_id} stands here for the second time", file=file, line=line)
        found[company_id] = CompanyRow(
            company_id,
            name,
            _cell(zh),
            _cell(zh_hant),
            _cell(aliases),
            _cell(former),
            _cell(tickers),
            KINDS[kind],
            country,
            parent,
            _cell(ambiguous),
        )
    for row in found.values():
        if row.parent and row.parent not in found:
            raise LexiconError(f"{row.company_id} has the parent {row.parent}, which no row is", file=file, line=0)
    return found


@cache
def rows() -> Mapping[str, CompanyRow]:
    """The rows of companies.csv by id; read once."""
    return read_companies(files("extractors.lexicons").joinpath(FILE).read_text("utf-8"))


def key(surface: str) -> str:
    """What surfaces are compared by: folded, in lower case, as long as the surface.

    >>> key("輝達"), key("Ｎｖｉｄｉａ"), len(key("İ"))
    ('辉达', 'nvidia', 1)
    """
    return surface.lower() if surface.isascii() else lower(fold(surface))


def lower(folded: str) -> str:
    """Folded text in lower case, code point for code point.

    >>> lower("İX"), lower("OpenAI")
    ('İx', 'openai')
    """
    small = folded.lower()
    if len(small) == len(folded):
        return small
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in folded)


def build_index(companies: Mapping[str, CompanyRow]) -> CompanyIndex:
    """The index of some rows. A surface of several rows has several senses, in the order of the rows."""
    by_key: dict[str, list[Sense]] = {}

    def add(sense: Sense, k: str) -> None:
        senses = by_key.get(k)
        if senses is None:
            by_key[k] = [sense]
        elif senses[-1].row is not sense.row:
            senses.append(sense)

    for row in companies.values():
        ambiguous = {key(surface) for surface in row.ambiguous} if row.ambiguous else frozenset()
        for surface in (row.name, *row.zh, *row.aliases, *row.former):
            k = key(surface)
            add(Sense(row, surface, k in ambiguous, False), k)
        for surface in row.zh_hant:
            k = key(surface)
            add(Sense(row, surface, k in ambiguous, True), k)
        for ticker in row.tickers:
            if ticker.isascii() and ticker.isalpha() and len(ticker) >= 3:
                k = ticker.lower()
                add(Sense(row, ticker, k in ambiguous, False, True), k)
    others = {k: tuple(senses) for k, senses in by_key.items() if not _WORD.fullmatch(k)}
    forms: dict[bytes, list[Spelled]] = {}
    for k, senses in by_key.items():
        if k.isascii():
            form = word_form(k)
            begins, ends = form[:1] != b"\n", form[-1:] != b"\n"
            spelled = Spelled(k, tuple(senses), 0 if begins else 1, k not in others)
            forms.setdefault(b"\n" * begins + form + b"\n" * ends, []).append(spelled)
    return CompanyIndex(
        BytesAhoCorasick(list(forms), implementation=Implementation.ContiguousNFA),
        tuple(map(tuple, forms.values())),
        AhoCorasick(list(others), implementation=Implementation.ContiguousNFA, store_patterns=False),
        tuple(others.values()),
        frozenset(c for k in others for c in k if not c.isascii()) | {_KELVIN},
        {},
    )


@cache
def index() -> CompanyIndex:
    """The index of companies.csv; built once."""
    return build_index(rows())


def segmenter_words(companies: Mapping[str, CompanyRow] | None = None) -> list[str]:
    """Folded surfaces with Han characters, for the segmenter's dictionary; of companies.csv unless rows are given.

    >>> "英伟达" in segmenter_words()
    True
    """
    chosen = rows() if companies is None else companies
    words = dict.fromkeys(fold(surface) for row in chosen.values() for surface in row.surfaces)
    return [word for word in words if len(word) > 1 and any("\u4e00" <= c <= "\u9fff" for c in word)]
