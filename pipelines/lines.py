"""JSON lines for the command line: pages and texts in, records out, one bad input never costing the next."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.entities import find_entities
from extractors.errors import ChipwireError, TextError
from extractors.jsonable import article_json, entity_json
from extractors.model import Json
from extractors.pages import read_page
from extractors.text import check_lang
from pipelines.inputs import inflate, read_body


@dataclass(frozen=True, slots=True)
class Line:
    """A line to print; `failed` ones belong on standard error."""

    text: str
    failed: bool = False


def _line(record: dict[str, Json], *, failed: bool = False) -> Line:
    return Line(json.dumps(record, ensure_ascii=False), failed)


def page_lines(files: Sequence[str], *, url: str | None, only_text: bool) -> Iterator[Line]:
    """One line a file, in order; `-` is standard input. A file that gives no article is a failed line with `error`."""
    for name in files:
        try:
            body = inflate(sys.stdin.buffer.read(), "-") if name == "-" else read_body(Path(name))
            article = read_page(body, url=url)
        except ChipwireError as error:
            yield _line({"file": name, "error": str(error)}, failed=True)
            continue
        if only_text:
            yield Line(article.text)
        else:
            shown = article_json(article)
            yield _line({"file": name} | shown | {"url": article.url or article.canonical_url})


def entity_lines(lines: Iterable[bytes], lang: str | None) -> Iterator[Line]:
    """One line for each record, in order: `id`, `lang`, `entities`. Blank lines are skipped.

    A line that is no record, or whose language has no rules, is a failed line with its number and the cause.

    >>> [line.text for line in entity_lines([b'{"id": 7, "text": "$6 billion"}'], None)]  # doctest: +ELLIPSIS
    ['{"id": 7, "lang": "en", "entities": [{"type": "MONEY", "start": 0, "end": 10, ...}]}']
    >>> [line.text for line in entity_lines([b"{"], None)]
    ['{"line": 1, "error": "not JSON: Expecting property name enclosed in double quotes, column 2"}']
    """
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        try:
            yield _line(_entities(raw, lang))
        except TextError as error:
            yield _line({"line": number, "error": str(error)}, failed=True)


def _entities(raw: bytes, lang: str | None) -> dict[str, Json]:
    try:
        record = json.loads(raw.decode())
    except UnicodeDecodeError as error:
        raise TextError(f"not UTF-8: {error.reason} at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise TextError(f"not JSON: {error.msg}, column {error.colno}") from error
    except RecursionError as error:
        raise TextError("nested too deep") from error
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise TextError('not an object with a string "text"')
    said = record.get("lang", lang)
    if said is not None and not isinstance(said, str):
        raise TextError('"lang" is not a string')
    rules = check_lang(said or lang, record["text"])
    found = find_entities(record["text"], rules)
    return {"id": record.get("id"), "lang": rules, "entities": [entity_json(entity) for entity in found]}
