"""What a proven farm's habits say about each place of its article: the third kind of evidence.

Once some cuts are beyond doubt, the farm's inventory is known (which shards, in which order, behind what, how dense,
with which adverts), and the other places of the article are looked at again with it.

Whether a shard goes with its advert each time is left out: one farm does it, the next does not.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import accumulate, pairwise

from extractors.pages.shard_text import Candidate, ShardText, slot, unit_name

HABITS = (
    "known", "next_before", "next_after", "between", "missing", "none_missing", "in_order", "next_in_order",
    "missing_in_order", "fair", "occurs", "occurs_share", "same_slot", "slot_share", "room_before", "room_after",
    "in_paragraph", "to_before", "to_after", "last_seen", "next_seen", "advert_known", "kinds_known",
    "chosen_all", "longer_known", "mean_first", "rivals", "above_rivals", "gap", "room_for",
)  # fmt: skip
_FAR = 60
"""Cells from which a shard next to a place is far away."""
_MOST_KINDS = 40
_MOST_RIVALS = 20


def inventory(text: ShardText, found: Sequence[Candidate], chosen: Sequence[Candidate]) -> list[Candidate]:
    """The places of the farm's shards that are not among the candidates: in the middle of a clause, or very short."""
    sizes: dict[str, Candidate] = {}
    for c in chosen:
        sizes.setdefault(c.unit, c)
    ads = {(c.unit, _advert(text, c)) for c in chosen if c.end > c.shard}
    there = {(c.paragraph, c.start, c.end) for c in found}
    lengths = sorted({c.shard - c.start for c in sizes.values()})
    out = []
    for p, part in enumerate(text.body):
        for i in range(len(part.names)):
            for n in lengths:
                if i + n > len(part.names):
                    break
                like = sizes.get(unit_name(text, p, i, i + n))
                if like is None:
                    continue
                ends = [i + n]
                for unit, ad in ads:
                    if unit == like.unit:
                        m = ad.count("\0") + 1
                        if "\0".join(part.names[i + n : i + n + m]) == ad:
                            ends.append(i + n + m)
                out += [
                    Candidate(p, i, i + n, end, like.unit, like.begin, like.stop, like.flaw, end > i + n)
                    for end in ends
                    if (p, i, end) not in there
                ]
    return out


def _advert(text: ShardText, c: Candidate) -> str:
    return "\0".join(text.body[c.paragraph].names[c.shard : c.end])


def order(found: Sequence[Candidate], chain: Sequence[int]) -> list[str]:
    """The chosen shards in the order in which the farm goes through them, as far as it shows."""
    units = [found[k].unit for k in chain]
    after: dict[str, Counter[str]] = defaultdict(Counter)
    for x, y in pairwise(units):
        after[x][y] += 1
    left = Counter(units)
    out: list[str] = []
    while left:
        at = max(left, key=lambda u: left[u])
        while at:
            out.append(at)
            del left[at]
            following = after[at]
            at = max((u for u in following if u in left), key=following.__getitem__, default="")
    return out


def _stands(found: Sequence[Candidate], begins: Sequence[int]) -> dict[str, list[tuple[int, float]]]:
    """Where each unit stands, in cells of the article, and what the place itself says."""
    best: dict[str, dict[int, float]] = defaultdict(dict)
    for c in found:
        at = begins[c.paragraph] + c.start
        best[c.unit][at] = max(c.first, best[c.unit].get(at, c.first))
    return {unit: sorted(places.items()) for unit, places in best.items()}


def _rivals(stands: Sequence[tuple[int, float]], own: int, low: int, high: int) -> list[float]:
    """What speaks for the other places of a shard between two neighbours of one place, cells `low` to `high`."""
    i = bisect_left(stands, (low, -math.inf))
    return [x for at, x in stands[i : i + _MOST_RIVALS] if at < high and at != own]


def habits(text: ShardText, found: Sequence[Candidate], chain: Sequence[int]) -> list[list[float]]:
    """The numbers named in `HABITS`, for each candidate; `chain` are the numbers of the chosen ones."""
    taken = [found[k] for k in chain]
    total = len(taken)
    chosen = set(chain)
    counts = Counter(c.unit for c in taken)
    kinds = sorted({(c.begin if c.begin >= 0 else 999, c.unit) for c in taken}, key=lambda x: (x[0], x[1]))
    if any(b == 999 for b, _ in kinds):
        rank = {u: i for i, u in enumerate(order(found, chain))}
    else:
        rank = {u: i for i, (_, u) in enumerate(kinds)}
    size = max(1, len(rank))
    steps = [(rank[y.unit] - rank[x.unit]) % size for x, y in pairwise(taken)]
    cyclic = (sum(s == 1 for s in steps) + 0.5) / (len(steps) + 2)
    occurs = Counter(c.unit for c in found if c.end == c.shard)
    slots = [slot(text, c.paragraph, c.start, c.end) for c in found]
    habit = Counter(slots[k] for k in chain)
    offered = Counter(s for c, s in zip(found, slots, strict=True) if c.unit in counts and c.end == c.shard)
    ads: dict[str, Counter[str]] = defaultdict(Counter)
    for c in taken:
        ads[c.unit][_advert(text, c)] += 1
    dense = Counter(c.paragraph for c in taken)
    sums: dict[str, float] = defaultdict(float)
    for c in taken:
        sums[c.unit] += max(-5.0, min(5.0, c.first))
    where: dict[str, list[int]] = defaultdict(list)
    for i, c in enumerate(taken):
        where[c.unit].append(i)
    longer: Counter[str] = Counter()
    for u in counts:
        for v in counts:
            if u != v and u in v:
                longer[u] += counts[v]
    begins = [0, *accumulate(len(b.names) for b in text.body)]
    usual = begins[-1] / (total + 1)
    stands = _stands(found, begins)
    out = []
    at = 0
    for k, c in enumerate(found):
        while at < total and (taken[at].paragraph, taken[at].start) < (c.paragraph, c.start):
            at += 1
        own = k in chosen
        last = at - 1
        if last >= 0 and taken[last].paragraph == c.paragraph and taken[last].end > c.start:
            last -= 1
        onward = at
        while onward < total and taken[onward].paragraph == c.paragraph and taken[onward].start < c.end:
            onward += 1
        before = taken[last] if last >= 0 else None
        after = taken[onward] if onward < total else None
        same = counts[c.unit] - own
        mine = rank.get(c.unit, -1) if same or own else -1
        next_before = next_after = between = 0.0
        missing = -1.0
        if mine >= 0:
            next_before = float(before is not None and (mine - rank[before.unit]) % size == 1)
            next_after = float(after is not None and (rank[after.unit] - mine) % size == 1)
        if before is not None and after is not None:
            missing = float((rank[after.unit] - rank[before.unit] - 1) % size)
            if mine >= 0:
                between = float(1 <= (mine - rank[before.unit]) % size <= missing)
        spots = where.get(c.unit, [])
        last_seen = min((last - i + 1 for i in spots if i <= last), default=3 * size)
        next_seen = min((i - onward + 1 for i in spots if i >= onward), default=3 * size)
        with_ad = _advert(text, c)
        this_ad = ads[c.unit][with_ad] - own if with_ad else 0
        room_before = c.start - before.end if before is not None and before.paragraph == c.paragraph else _FAR
        room_after = after.start - c.end if after is not None and after.paragraph == c.paragraph else _FAR
        low = begins[before.paragraph] + before.end if before is not None else 0
        high = begins[after.paragraph] + after.start if after is not None else begins[-1]
        rivals = _rivals(stands[c.unit], begins[c.paragraph] + c.start, low, high)
        far = math.log((high - low + 1) / (usual + 1))
        s = slots[k]
        uses = occurs[c.unit] - own
        out.append([
            math.log(1 + same), next_before, next_after, between, missing, float(missing == 0), cyclic,
            (next_before + next_after) * cyclic, (between - (missing == 0)) * cyclic,
            math.log((same + 0.5) / (total / size + 0.5)), math.log(1 + max(0, uses - same)),
            (same + 0.3) / (max(same, uses) + 0.6),
            (habit[s] - own + 0.5) / (total - own + 2.5),
            (habit[s] - own + 0.3) / (max(offered[s], habit[s]) - own + 1.0),
            min(_FAR, room_before), min(_FAR, room_after), dense[c.paragraph] - own,
            min(9, c.paragraph - before.paragraph) if before is not None else 9,
            min(9, after.paragraph - c.paragraph) if after is not None else 9,
            min(3.0, last_seen / size), min(3.0, next_seen / size),
            min(5, this_ad),
            min(size, _MOST_KINDS), math.log(1 + total), math.log(1 + longer[c.unit]),
            (sums[c.unit] - own * max(-5.0, min(5.0, c.first))) / same if same else -5.0,
            math.log(1 + len(rivals)), max(-6.0, min(6.0, c.first - max(rivals, default=-9.0))), far,
            (high - low) / usual - max(0.0, missing),
        ])  # fmt: skip
    return out
