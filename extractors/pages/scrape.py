"""A text scrape: a page's visible text without its markup, headline first, paragraphs by line.

>>> lines = ["新机房用什么芯片？", "![]()", "图片来源:某图库", "某社7月10日讯(记者 王五)机房落成。", "(责任编辑:赵六)"]
>>> article = read_scrape("\\n".join(lines))
>>> article.title, article.text, article.byline
('新机房用什么芯片？', '某社7月10日讯(记者 王五)机房落成。', '王五')
>>> [(r.text, r.reason) for r in article.removed]
[('![]()', 'caption'), ('图片来源:某图库', 'caption'), ('(责任编辑:赵六)', 'credit')]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from extractors.errors import NotAnArticle
from extractors.model import Article, Block, Reason, Removed
from extractors.pages.dateline import byline, published, years_in
from extractors.pages.mojibake import is_mojibake
from extractors.pages.repair import repair
from extractors.pages.scrape_wording import is_more, is_separator, line_reason
from extractors.pages.teasers import is_finished, tail_start
from extractors.text import page_lang

_LONGEST_HEADLINE = 160
_DATE_LINE = re.compile(
    r"^\W*(?:\d{4}[-年/.]|\d{1,2}月\d{1,2}日|\d{1,2}:\d\d|(?:发布|更新|时间|日期|published|updated|posted)\W)",
    re.IGNORECASE,
)
_FULL_STOP = re.compile(r"[。；;，,：:、][”’\"'」』)）]*$|[^.]\.[”’\"')]*$")
_DATELINE = re.compile(r"(?:月\d{1,2}日|\d{1,2} ?)(?:讯|电|消息|报道)|^[（(【\[]?(?:本报|本刊|本网|新华社)")
_BY = re.compile(r"(?:written )?by[: ]|(?:本报|见习|实习)?(?:记者|作者|撰文|文)\s*[:：丨|/／]", re.IGNORECASE)
_SENTENCE = re.compile(r"[。！？]|[.!?] ")


def _is_headline(line: str, rest: Sequence[str]) -> bool:
    """Whether a first line reads like a headline: short, no sentence, with longer lines below it."""
    if not 4 <= len(line) <= _LONGEST_HEADLINE or _FULL_STOP.search(line) or _DATE_LINE.search(line):
        return False
    if _DATELINE.search(line[:40]) or not any(len(other) > len(line) or is_finished(other) for other in rest):
        return False
    # One question or exclamation inside is usual, two sentences are a paragraph.
    return len(_SENTENCE.findall(line.rstrip("。！？.!? "))) <= 1


def read_scrape(
    text: str,
    *,
    url: str | None = None,
    source: str = "",
    fetched_at: datetime | None = None,
    tz: str | None = None,
) -> Article:
    """The article in a page's text that has lost its markup.

    A first line that reads like a headline is the title. Image marks, captions, credits, destroyed lines, the openings
    of other stories and what a copying site dropped into the sentences are taken out and listed in `removed`.
    `published_at` comes from a dateline; `fetched_at` or the text itself completes its year, `tz` is its zone.

    Raises `NotAnArticle` when no line of a body is left.
    """
    lines = [line.strip() for line in text.replace("\ufeff", "").splitlines()]
    lines = [line for line in lines if line]
    title, lines, reasons = _headline(lines)
    for i, line in enumerate(lines):
        if reasons[i] is None:
            reasons[i] = "mojibake" if is_mojibake(line) else line_reason(line)
    body = [i for i, reason in enumerate(reasons) if reason != "mojibake"]
    end = tail_start(title, [lines[i] for i in body])
    for i in body[end:] if end else ():
        # The closing credits are what they say; in a feed item the same words belong to the other story.
        own = reasons[i] is not None and len(lines[i]) <= 40
        reasons[i] = reasons[i] if own else "other" if is_separator(lines[i]) else "teaser"
    tail = body[end] if end < len(body) else len(lines)
    for i in range(tail):
        if reasons[i] is None and is_more(lines[i]):
            reasons[i] = "teaser"
        elif reasons[i] is None and is_separator(lines[i]):
            reasons[i] = "other"
    kept = [i for i, reason in enumerate(reasons) if reason is None]
    if not kept:
        raise NotAnArticle("empty", url=url, detail=f"{len(lines)} lines, none of a body")
    return _assemble(title, lines, reasons, kept, url=url, source=source, fetched_at=fetched_at, tz=tz)


def _headline(lines: list[str]) -> tuple[str | None, list[str], list[Reason | None]]:
    """The title, the other lines in order, and for those before the title why they go."""
    for i, line in enumerate(lines[:6]):
        reason = line_reason(line) or ("mojibake" if is_mojibake(line) else None)
        if reason is None and is_separator(line):
            reason = "other"
        if reason is not None:
            continue
        bare = line.lstrip("#").strip() if line.startswith("#") else line
        if not _is_headline(bare, lines[i + 1 :]):
            break
        rest = lines[:i] + lines[i + 1 :]
        reasons: list[Reason | None] = [line_reason(other) or "other" for other in lines[:i]]
        return bare, rest, reasons + [None] * (len(rest) - i)
    return None, lines, [None] * len(lines)


def _assemble(
    title: str | None,
    lines: Sequence[str],
    reasons: list[Reason | None],
    kept: Sequence[int],
    *,
    url: str | None,
    source: str,
    fetched_at: datetime | None,
    tz: str | None,
) -> Article:
    repaired = repair(title, [lines[i] for i in kept])
    names, moment = _who_and_when(lines, reasons, kept, repaired.paragraphs, fetched_at, tz)
    # A second headline, and lines of date and author above the body, are no paragraphs of it.
    starts: dict[int, int] = {}
    blocks: list[Block] = []
    pieces: list[str] = []
    removed: list[tuple[int, int, Removed]] = []
    at = 0
    for n, i in enumerate(kept):
        paragraph = repaired.paragraphs[n].strip()
        starts[i] = at
        reason = reasons[i] or (None if pieces or not paragraph else _above_body(paragraph, title))
        if reason is not None:
            removed.append((i, -1, Removed(lines[i], reason)))
        elif paragraph:
            pieces.append(paragraph)
            short = len(paragraph) <= 60 and not is_finished(paragraph)
            blocks.append(Block(at, at + len(paragraph), "heading" if short else "paragraph"))
            at += len(paragraph) + 1
    text = "\n".join(pieces)
    if not text:
        raise NotAnArticle("empty", url=url, detail="nothing is left of the body")
    dropped = 0
    last = -1
    for span in repaired.removed:
        dropped = dropped if span.paragraph == last else 0
        last = span.paragraph
        where = min(len(text), starts[kept[span.paragraph]] + span.start - dropped)
        removed.append((kept[span.paragraph], span.start, Removed(span.text, span.reason, where)))
        dropped += span.end - span.start
    for i, line in enumerate(lines):
        if (reason := reasons[i]) is not None:
            inside = kept[0] < i < kept[-1]
            after = next((starts[k] for k in kept if k > i), None) if inside else None
            removed.append((i, -1, Removed(line, reason, after)))
    removed.sort(key=lambda r: r[:2])
    return Article(
        source=source,
        url=url,
        lang=page_lang(text),
        title=title,
        byline=names,
        published_at=moment,
        text=text,
        blocks=tuple(blocks),
        removed=tuple(r for _, _, r in removed),
    )


def _above_body(line: str, title: str | None) -> Reason | None:
    """Why a line between the headline and the first paragraph is no part of the body."""
    if title is not None and line == title:
        return "headline"
    if len(line) <= 60 and not is_finished(line) and (_DATE_LINE.match(line) or _BY.match(line)):
        return "credit"
    return None


def _who_and_when(
    lines: Sequence[str],
    reasons: Sequence[Reason | None],
    kept: Sequence[int],
    paragraphs: Sequence[str],
    fetched_at: datetime | None,
    tz: str | None,
) -> tuple[str | None, datetime | None]:
    """Byline and date: of the lines above the body and the first two of its own, else of the credits below."""
    names: str | None = None
    moment: datetime | None = None
    years = years_in("\n".join(paragraphs))
    above = [line for i, line in enumerate(lines[: kept[0]]) if reasons[i] == "credit"]
    below = [line for i, line in enumerate(lines[:400]) if i > kept[0] and reasons[i] == "credit"]
    for line in [*above, *paragraphs[:4]]:
        names = names or byline(line)
        moment = moment or published(line, fetched_at=fetched_at, years=years, tz=tz)
    for line in below:
        names = names or byline(line)
    return names, moment
