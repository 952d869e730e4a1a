"""The evidence on each candidate as numbers, and their weights.

Weights are log odds, fitted by tests/bench/fit_repair.py on generated contamination; they stand with their names in
extractors/lexicons/shard_weights.toml. `first` looks at the place alone: would the author have written this here, and
does the sentence read on without it? Where that leaves hope, whole words are asked the same
(extractors/pages/shard_words.py). `second` looks at what the other places that look like the farm's say about it.
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from extractors.errors import LexiconError
from extractors.model import Lang
from extractors.pages import charpairs, nextword, wordpairs
from extractors.pages.shard_adverts import advert
from extractors.pages.shard_text import Candidate, ShardText, is_punctuation, slot
from extractors.pages.shard_words import WORDS

_ANY = (
    "bias", "plain", "after_plain_uses", "uses_many", "cut_left", "cut_right",
    "slot_de", "slot_end", "slot_start", "slot_word", "after", "bridge", "gap_word", "lead", "inner", "uses", "drops",
    "goes_on_left", "goes_on_right", "one", "three", "more", "before_mark", "advert", "sold", "hinge", "advert_length",
    "no_piece", "one_uses", "one_lead", "one_plain", "two_inner", "no_drops", "no_uses", "after_stop", "de_mark",
    "advert_repeated", "advert_once_sold", "advert_left_out", "advert_latin", "case_after", "case_lead", "case_odd",
    "junk", "skip", "odd", "odd_no_piece", "word_after", "word_cost",
)  # fmt: skip
FIRST: Mapping[Lang, tuple[str, ...]] = {
    "zh": _ANY,
    "en": (*_ANY, "next_bridge", "next_after", "next_gain", "next_shard", "next_lead"),
}
SECOND = (
    "bias", "first", "same_soft", "average", "average_others", "others", "same", "order_before", "order_after",
    "order_both", "follows_before", "follows_after", "follows_both", "closed", "closed_cyclic", "follows_cyclic",
    "order_repeats", "tile_left", "tile_right", "clash", "piece", "near", "total", "density", "kinds", "share",
    "advert", "run", "runs",
    "odd", "odd_same", "odd_others", "uses_same", "odd_average", "odd_gap",
)  # fmt: skip
_FILE = "shard_weights.toml"


@dataclass(frozen=True, slots=True)
class Weights:
    first: tuple[float, ...]
    second: tuple[float, ...]
    words: tuple[float, ...]
    """Of `FIRST` and `WORDS` together; empty for a language that has no `WORDS`."""


@cache
def weights(lang: Lang, head: bool) -> Weights:
    """The weights for a language, with or without a headline."""
    data = tomllib.loads(files("extractors.lexicons").joinpath(_FILE).read_text("utf-8"))
    table = data[f"{lang}_{'headline' if head else 'none'}"]
    own = FIRST[lang]
    stages = {"first": own, "second": SECOND, "words": own + WORDS[lang] if WORDS[lang] else ()}
    out: dict[str, tuple[float, ...]] = {}
    for stage, names in stages.items():
        found = table.get(stage, {})
        if found.keys() != set(names):
            raise LexiconError(f"{sorted(found.keys() ^ set(names))} do not match the evidence", file=_FILE, line=0)
        out[stage] = tuple(float(found[n]) for n in names)
    return Weights(**out)


def _costs(text: ShardText, a: str, b: str, own: int) -> float:
    """Cost in nats of `b` after `a`; `own` is 1 when the pair stands in the text by the candidate in question."""
    known = text.costs.get((a, b, own))
    if known is None:
        general = math.exp(-(charpairs.cost(a, b) if text.lang == "zh" else wordpairs.cost(a, b)))
        seen = text.pairs.get((a, b), 0) - own
        known = -math.log(0.75 * general + 0.25 * max(seen, 0) / (text.singles.get(a, 0) + 2))
        text.costs[a, b, own] = known
    return known


def _alone(text: ShardText, b: str) -> float:
    return charpairs.alone(b) if text.lang == "zh" else wordpairs.alone(b)


def _between(text: ShardText, a: str, b: str) -> float:
    return charpairs.cost(a, b) if text.lang == "zh" else wordpairs.cost(a, b)


def first(text: ShardText, c: Candidate) -> list[float]:
    """The numbers named in `FIRST`."""
    part = text.body[c.paragraph]
    names, head = part.names, text.head
    a = names[c.start - 1] if c.start else "^"
    b = names[c.end] if c.end < len(names) else "$"
    where = slot(text, c.paragraph, c.start, c.end)
    gap = where == "word"
    after = min(12.0, _costs(text, names[c.end - 1], b, 1))
    bridge = min(12.0, _costs(text, a, b, 0))
    lead = min(10.0, _costs(text, a, names[c.start], 1))
    n = c.shard - c.start
    inner = (
        min(8.0, sum([_costs(text, names[i - 1], names[i], 1) for i in range(c.start + 1, c.shard)])) if n > 1 else 0
    )
    uses = max(0.0, text.free.get(c.unit, 0) - gap)
    drops = max(0.0, text.dropped.get(c.unit, 0) - (not gap))
    left = c.begin > 0 and head[c.begin - 1] == a
    stop = c.stop
    right = c.begin >= 0 and stop < len(head) and head[stop] == b
    cut_left = min(8.0, _between(text, head[c.begin - 1], head[c.begin])) if c.begin > 0 and not left else 8.0
    inside = c.begin >= 0 and stop < len(head) and not right
    cut_right = min(8.0, _between(text, head[stop - 1], head[stop])) if inside else 8.0
    c.odd = _oddness(text, c, min(cut_left, cut_right))
    ad, sold = advert(text, c) if c.end > c.shard else ("", False)
    before_mark = is_punctuation(b)
    hinge = min(10.0, _costs(text, names[c.shard - 1], names[c.shard], 1)) if ad else 0.0
    many = math.log(uses + 1)
    plain = min(10.0, _alone(text, b))
    # A word that the article uses elsewhere may be followed by whatever begins a word, and costs what words cost.
    word_after = -math.log(math.exp(-after) + uses / (2 * uses + 4) * math.exp(-plain))
    word = -math.log((uses + 0.3 * drops + 0.3) / text.words)
    case_after = case_lead = False
    case_odd = 0
    if text.lang == "en":
        # After a full stop the author's next sentence begins with a capital; elsewhere a capital is a name's.
        fresh = a in '.!?^”"'
        upper = [part.text[part.starts[i]].isupper() for i in range(c.start, c.shard)]
        case_lead = upper[0] != fresh
        if b != "$" and not before_mark:
            case_after = fresh and part.text[part.starts[c.end]].isupper()
        common = [name in text.lower for name in names[c.start : c.shard]]
        # The first word of a sentence has its capital from there.
        case_odd = sum([u and known for u, known in zip(upper[fresh:], common[fresh:], strict=True)])
        case_odd += fresh and not upper[0] and common[0]
    words = _next_words(names, c) if text.lang == "en" else ()
    return [
        1.0, plain, (after - plain) * many, many, cut_left, cut_right,
        where == "de", where == "end", where == "start", gap, after, bridge, (after - bridge) * gap,
        lead, inner, math.log(uses / text.words * 500 + 0.5), math.log(drops + 0.5),
        left, right, n == 1, n == 3, n >= 4, before_mark, bool(ad), sold, hinge, min(len(ad), 12),
        c.begin < 0, (n == 1) * many, (n == 1) * lead, _alone(text, names[c.start]) if n == 1 else 0, (n == 2) * inner,
        drops == 0, uses == 0, (where == "clause") * (a in "。!?”."), (a == "的") * before_mark,
        c.repeated, bool(ad) * (not c.repeated) * sold, c.followed, bool(ad) * ad[-1:].isascii(),
        case_after, case_lead, case_odd, c.flaw == "junk", c.flaw == "skip",
        c.odd, c.odd * (c.begin < 0), word_after - bridge, min(lead + inner, word),
        *words,
    ]  # fmt: skip


def _next_words(names: Sequence[str], c: Candidate) -> tuple[float, ...]:
    """What people say: the author's sentence without the shard, the one with it, and the shard itself."""
    left, follows = nextword.before(names, c.start), nextword.behind(names, c.end)
    bridge = nextword.cost(left, follows)
    after = nextword.cost(nextword.before(names, c.end), follows)
    shard = [left, *nextword.spoken(names[c.start : c.end])]
    costs = [nextword.cost(a, b) for a, b in pairwise(shard)] or [nextword.UNKNOWN]
    return bridge, after, after - bridge, min(40.0, sum(costs)), costs[0]


def _oddness(text: ShardText, c: Candidate, cut: float) -> float:
    """How surely the shard is no word of the author's, 0 to 1; `cut`: the cost of the headline's pair that it parts."""
    if c.flaw == "junk":
        return 1.0
    if c.begin >= 0 and not c.flaw:
        return max(0.0, (6 - cut) / 6)
    names = text.body[c.paragraph].names
    joints = [
        # A letter against a Han character, where the headline has no such pair, is a seam whatever the letter.
        9.0 if names[i - 1].isascii() != names[i].isascii() else _between(text, names[i - 1], names[i])
        for i in range(c.start + 1, c.shard)
        if (names[i - 1], names[i]) not in text.joined
    ]
    return min(1.0, max(0.0, (max(joints, default=0.0) - 5) / 4))


def follows(x: Candidate, y: Candidate, head: int) -> bool:
    """Whether `y` is the piece of the headline behind `x`, the first one behind the last."""
    if x.begin < 0 or y.begin < 0:
        return False
    return x.stop == y.begin or (x.stop >= head - 1 and y.begin <= 1)


def _capped(x: float) -> float:
    return min(5.0, max(-5.0, x))


def second(
    text: ShardText, found: Sequence[Candidate], chain: Sequence[int], above: float = -math.inf
) -> list[list[float]]:
    """The numbers named in `SECOND`, for each candidate; `chain` are the numbers of those that look like the farm's.

    A candidate that does not score `above` gets an empty list.
    """
    taken = [found[k] for k in chain]
    head = len(text.head)
    chosen = set(chain)
    odds = [1 / (1 + math.exp(-max(-20.0, min(20.0, c.score)))) for c in found]
    # A place counts once, however many readings of it there are: those that lost to a chosen one count little.
    weight = [o if k in chosen else 0.5 * o for k, o in enumerate(odds)]
    soft: dict[str, float] = defaultdict(float)
    starts, ends, cross = [0.0] * (head + 2), [0.0] * (head + 2), [0.0] * (head + 2)
    sums: dict[str, float] = defaultdict(float)
    sizes: Counter[str] = Counter()
    for c, w in zip(found, weight, strict=True):
        soft[c.unit] += w
        sums[c.unit] += _capped(c.first)
        sizes[c.unit] += 1
        if c.begin >= 0:
            e = c.stop
            starts[c.begin] += w
            ends[e] += w
            for i in range(c.begin + 1, e):
                cross[i] += w
    counts = Counter(c.unit for c in taken)
    pairs = Counter((x.unit, y.unit) for x, y in pairwise(taken))
    linked = sum(follows(x, y, head) for x, y in pairwise(taken))
    total = len(taken)
    cyclic = (linked + 0.2) / (total + 1)
    repeats = sum(n - 1 for n in pairs.values()) / max(1, total)
    density = Counter(c.paragraph for c in taken)
    # How many links in a row lead to, and go out from, each place of the chain.
    into, onward = [0] * total, [0] * total
    for i in range(1, total):
        if follows(taken[i - 1], taken[i], head):
            into[i] = into[i - 1] + 1
    for i in range(total - 2, -1, -1):
        if follows(taken[i], taken[i + 1], head):
            onward[i] = onward[i + 1] + 1
    runs = sum(1 for n in into if n >= 2) / max(1, total)
    out: list[list[float]] = []
    at = 0
    for k, c in enumerate(found):
        while at < total and (taken[at].paragraph, taken[at].start) < (c.paragraph, c.start):
            at += 1
        if c.score <= above:
            out.append([])
            continue
        own = k in chosen
        w = weight[k]
        last = at - 1
        if last >= 0 and taken[last].paragraph == c.paragraph and taken[last].end > c.start:
            last -= 1
        before = taken[last] if last >= 0 else None
        next_at = at
        while next_at < total and taken[next_at].paragraph == c.paragraph and taken[next_at].start < c.end:
            next_at += 1
        after = taken[next_at] if next_at < total else None
        same = counts.get(c.unit, 0) - own
        others = sizes[c.unit] - 1
        average = (sums[c.unit] - _capped(c.first)) / others if others else 0.0
        order_before = before is not None and pairs.get((before.unit, c.unit), 0) > own
        order_after = after is not None and pairs.get((c.unit, after.unit), 0) > own
        follows_before = before is not None and follows(before, c, head)
        follows_after = after is not None and follows(c, after, head)
        run = (into[last] + 1 if follows_before else 0) + (onward[next_at] + 1 if follows_after else 0)
        closed = False
        if before is not None and after is not None:
            closed = follows(before, after, head) or pairs.get((before.unit, after.unit), 0) > (not own)
        tile_left = tile_right = clash = 0.0
        if c.begin >= 0:
            e = c.stop
            tile_left = math.log(1 + ends[c.begin] + (ends[head] if c.begin == 0 else 0) + starts[c.begin] - w)
            tile_right = math.log(1 + starts[e] + ends[e] - w)
            clash = max(cross[c.begin], cross[e], *(max(starts[i], ends[i]) for i in range(c.begin + 1, e)), 0.0)
        near = sum([density.get(c.paragraph + d, 0) for d in (-1, 0, 1)]) - own
        out.append([
            1.0, c.first, math.log(1 + soft[c.unit] - w), average, average * (others > 0), math.log(1 + others),
            same > 0, order_before, order_after, order_before and order_after,
            follows_before, follows_after, follows_before and follows_after, closed, closed * cyclic,
            (follows_before + follows_after) * cyclic, (order_before + order_after) * repeats,
            tile_left, tile_right, math.log(1 + clash), c.begin >= 0,
            math.log(1 + near), math.log(1 + total - own), math.log(1 + total / max(1, len(text.body))),
            math.log(1 + len(counts)), same / max(1, total), c.end > c.shard, min(6, run), min(6, run) * runs,
            c.odd, c.odd * min(3.0, soft[c.unit] - w), c.odd * (average > 0) * min(others, 3),
            math.log(1 + text.free[c.unit]) * (same > 0), c.odd * max(0.0, average),
            c.odd * (same > 0) * min(0.0, c.first),
        ])  # fmt: skip
    return out
