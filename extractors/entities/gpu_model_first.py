"""Counts that name the model first and the number behind it: `H100 x 8`, `H800 256张`.

>>> from extractors.entities.chip_grammar import grammar
>>> def read(text): p = Passage.of(text); return model_first(p, grammar(p.lang), p.numbers[-1])
>>> [(c.text, c.model, c.low) for text in ("8台H800 256张", "H100 x 8") if (c := read(text))]
[('H800 256张', 'H800', 256), ('H100 x 8', 'H100', 8)]
>>> read("H100 or 8")
"""

from __future__ import annotations

import re

from extractors.entities.chip_grammar import Grammar
from extractors.entities.passage import Passage
from extractors.entities.vendor import model_and_vendor
from extractors.model import GpuCount
from extractors.numbers.shared import Atom, bound_of

_TIMES = frozenset("xX×*✕ ")
_TIMES_LEFT = re.compile(r" ?[xX×*✕] ?$")
# 张 with nothing behind it that it could count.
_COUNTED_BEHIND = re.compile("[ ]?[张颗片枚](?=[,。;、!?)\n和及以共]|，|$)")
_LISTED_GAP = re.compile("[ :]{0,2}(?:[GTNX]PU|芯片|显卡|加速卡|卡)?[ :]{0,2}(?:共计?|合计|约|近|超|逾|各)?[ ]?")


def whole(q: Atom) -> bool:
    """Whether things can be counted with it: a whole number, at least one."""
    return q.low >= 1 and q.low == q.low.to_integral() and (q.high is None or q.high == q.high.to_integral())


def _listed(passage: Passage, rules: Grammar, q: Atom, end: int) -> GpuCount | None:
    folded = passage.folded
    left = max(0, q.start - 32)
    for hit in rules.model.finditer(folded, left, q.start):
        if _LISTED_GAP.fullmatch(folded, hit.end(), q.start) and whole(q):
            model, vendor = model_and_vendor(rules, folded, hit.start(), hit.end())
            high = None if q.high is None else int(q.high)
            bound = bound_of(q, folded, passage.lang)
            return GpuCount(hit.start(), end, passage.text[hit.start() : end], int(q.low), high, bound, vendor, model)
    return None


def model_first(passage: Passage, rules: Grammar, q: Atom) -> GpuCount | None:
    """The count whose number is `q` behind its model; `None` where no model stands there."""
    folded = passage.folded
    if passage.lang == "zh" and (classifier := _COUNTED_BEHIND.match(folded, q.end)):
        return _listed(passage, rules, q, classifier.end())
    beside = folded[max(0, q.start - 2) : q.start]
    if beside[-1:] not in _TIMES or (beside[-1] == " " and beside[0] not in _TIMES):
        return None
    times = _TIMES_LEFT.search(folded, max(0, q.start - 3), q.start)
    if times is None or q.high != q.low or q.low < 1 or q.low != q.low.to_integral():
        return None
    for hit in rules.models_in(folded, max(0, q.start - 32), times.start()):
        if hit.end() == times.start():
            model, vendor = model_and_vendor(rules, folded, hit.start(), hit.end())
            text = passage.text[hit.start() : q.end]
            bound = bound_of(q, folded, passage.lang)
            return GpuCount(hit.start(), q.end, text, int(q.low), int(q.low), bound, vendor, model)
    return None
