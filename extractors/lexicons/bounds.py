"""Words of estimate, from bounds.toml, and the bound that they give a stretch of text.

>>> bound_around("预计超过10万块左右", 4, 8, "zh")
'min'
>>> bound_around("up to about 8 GPUs", 12, 13, "en"), bound_around("8 GPUs", 0, 1, "en")
('max', 'exact')
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from extractors.errors import LexiconError
from extractors.lexicons.trie import trie
from extractors.model import Bound, Lang

_KINDS: tuple[Bound, ...] = ("about", "min", "max")
_WINDOW = 28
# What may stand between a word of estimate and the number.
_FILLER = {
    "zh": r" {0,2}(?:[的了是为达有]|了?共)? ?",
    "en": r" {0,2}(?:(?:a|an|the|its|their|about|only|just|another|additional) )?",
}
_CLAUSE = re.compile(r"[,。;;!?、()「」“”\"\n:]")


@dataclass(frozen=True, slots=True)
class _Words:
    before: re.Pattern[str]
    """Matches reversed text from the number leftwards."""
    after: re.Pattern[str]
    kinds_before: dict[str, Bound | None]
    kinds_after: dict[str, Bound | None]
    reach: tuple[tuple[str, Bound], ...]
    reach_chars: int


def _squeeze(word: str) -> str:
    return " ".join(word.lower().split())


@cache
def _words(lang: Lang) -> _Words:
    table = tomllib.loads(files("extractors.lexicons").joinpath("bounds.toml").read_text("utf-8"))[lang]
    before: dict[str, Bound | None] = {}
    after: dict[str, Bound | None] = {}
    reach: list[tuple[str, Bound]] = []
    for kind in _KINDS:
        for place, words in (("before", before), ("after", after)):
            for word in table[kind][place]:
                if words.setdefault(word, kind) != kind:
                    raise LexiconError(f"{word!r} is {words[word]} and {kind}", file="bounds.toml", line=1)
        reach += [(word, kind) for word in table[kind].get("reach", ())]
    for word in table["neutral"]:
        before.setdefault(word, None)
        after.setdefault(word, None)
    filler = _FILLER[lang]
    edge = r"(?![^\W\d_])" if lang == "en" else ""
    # The filler is written forwards and read backwards, so it is spelled reversed here.
    reverse_filler = {
        "zh": r" {0,2}[的了是为达有共]? ?",
        "en": r" {0,2}(?:(?:a|na|eht|sti|rieht|tuoba|ylno|tsuj|rehtona|lanoitidda) )?",
    }[lang]
    del filler
    left = "|".join(
        trie(w[::-1] for w in before if bool(w[0].isalpha()) is alpha) + (edge if alpha else "")
        for alpha in (True, False)
        if any(bool(w[0].isalpha()) is alpha for w in before)
    )
    alpha_after = trie(w for w in after if w[-1].isalpha())
    other_after = trie(w for w in after if not w[-1].isalpha())
    return _Words(
        re.compile(rf"{reverse_filler}({left})", re.I),
        re.compile(rf" ?({alpha_after}{edge}|{other_after})", re.I),
        before,
        after,
        tuple(reach),
        table["reach_chars"],
    )


def bound_before(folded: str, start: int, lang: Lang) -> Bound:
    """The bound that the words before `start` give; `min` and `max` win over an `about` inside them."""
    words = _words(lang)
    window = folded[max(0, start - _WINDOW) : start][::-1]
    at = 0
    found: Bound = "exact"
    for _ in range(3):
        hit = words.before.match(window, at)
        if hit is None:
            break
        kind = words.kinds_before.get(_squeeze(hit[1][::-1]))
        if kind is None:
            return found
        if kind != "about":
            return kind
        found = kind
        at = hit.end()
    if words.reach_chars and found == "exact":
        near = folded[max(0, start - words.reach_chars) : start]
        for word, kind in words.reach:
            place = near.rfind(word)
            if place >= 0 and not _CLAUSE.search(near, place):
                return kind
    return found


def bound_after(folded: str, end: int, lang: Lang) -> Bound:
    """The bound that the words after `end` give."""
    words = _words(lang)
    hit = words.after.match(folded, end)
    return (words.kinds_after.get(_squeeze(hit[1])) if hit else None) or "exact"


def bound_around(folded: str, start: int, end: int, lang: Lang) -> Bound:
    """The bound of `folded[start:end]` from the words on both sides; `min` and `max` win over `about`."""
    before = bound_before(folded, start, lang)
    if before in ("min", "max"):
        return before
    after = bound_after(folded, end, lang)
    return after if after != "exact" else before
