"""The chain of candidates that together explain an article best.

A farm deals the pieces of a headline out in order, so a piece that goes on where the one before it ended counts for
more than one by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.pages.shard_text import Candidate


def viterbi(found: Sequence[Candidate], head: int, bias: float, link: float) -> list[int]:
    """The numbers of the candidates that score best together without overlapping.

    `bias` is added to every score, `link` to that of a piece of the headline (of `head` cells) that goes on where the
    one before it in the chain ended.
    """
    best: list[tuple[float, int]] = []
    top: tuple[float, int] = (0.0, -1)
    by_end: dict[int, tuple[float, int]] = {}
    pending: list[int] = []
    for k, c in enumerate(found):
        still = []
        for j in pending:
            o = found[j]
            if o.paragraph == c.paragraph and o.end > c.start:
                still.append(j)
                continue
            if best[j][0] > top[0]:
                top = (best[j][0], j)
            if o.begin >= 0:
                e = 0 if o.stop >= head - 1 else o.stop
                if best[j][0] > by_end.get(e, (-1e9, -1))[0]:
                    by_end[e] = (best[j][0], j)
        pending = still
        score, back = top
        if c.begin >= 0 and link:
            reach = by_end.get(0 if c.begin <= 1 else c.begin)
            if reach is not None and reach[0] + link > score:
                score, back = reach[0] + link, reach[1]
        best.append((score + c.score + bias, back))
        if c.score + bias + link > 0:
            pending.append(k)
    for j in pending:
        if best[j][0] > top[0]:
            top = (best[j][0], j)
    k = top[1]
    chain = []
    while k >= 0:
        chain.append(k)
        k = best[k][1]
    return chain[::-1]
