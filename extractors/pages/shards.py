"""Shards of a headline among the sentences of an article: which occurrence is the farm's, and which the author's.

A farm drops short pieces of the headline into the article, over and over, where a clause begins, after 的, or anywhere.
Each place where a piece of the headline (or, without one, a string that comes back) stands is a candidate. Two stories
are compared for each: the author wrote it, or the author's sentence reads on without it. What the candidates that look
like the farm's have in common (which pieces, in which order, how dense) then weighs on each of them, in a few rounds;
in each a Viterbi pass over the whole article picks those that together explain it best. Where they leave no doubt, all
other places are asked once more, now that the farm's habits are known.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from operator import mul

from extractors.model import Lang
from extractors.pages import shard_trees
from extractors.pages.shard_adverts import complete
from extractors.pages.shard_alarm import alarming
from extractors.pages.shard_chain import viterbi
from extractors.pages.shard_evidence import FIRST, SECOND, first, second, weights
from extractors.pages.shard_habits import HABITS, habits, inventory, order
from extractors.pages.shard_text import Candidate, ShardText, pieces_of_headline, read, slot, unit_name
from extractors.pages.shard_words import WORDS, words

LONGEST_HEADLINE = {"zh": 60, "en": 30}
"""Cells; what is longer is a sentence or a paragraph, and no farm cuts that."""
SCHEDULE = ((1.0, 3.0), (0.5, 1.5), (0.0, 0.5))
"""For each round of weighing, what is added to every score, and to a piece's that goes on where the last ended."""
LAST = {"zh": ((-0.1, 0.5), (-0.8, 0.0)), "en": ((-0.1, 0.5), (-1.8, 0.0))}
"""The same for the rounds in which the trees decide."""
MOST = 8_000
"""Candidates of an article. News has hundreds; what has more is no article, and would only cost time."""
PROMISING = 4.0
"""Log odds above -2, over the best four places together, below which an article is not looked at further."""
_BEST = 4
COMING_BACK = {"zh": (8.0, 5.0), "en": (15.0, 0.0)}
"""The same without a headline, where all strings that come back are weighed; and how much more in a long article."""
HOPELESS = -5.0
"""Log odds from the place alone below which the other places are not asked."""
UNPROMISING = -4.5
"""Log odds from the place alone below which only the strings that were chosen elsewhere are asked what the farm's
habits say."""
UNLIKELY = -5.0
"""Log odds from all places together below which the trees are not asked."""

SURE = {"zh_headline": -1.2, "zh_none": -1.5, "en_headline": -1.2, "en_none": -1.5}
"""Added to the log odds of the trees that know the farm's habits."""
CHOSEN = {"zh": 1.1, "en": 0.0}
"""Added for a place that was chosen before the habits were known: it takes more than a doubt to give it up."""
ROUNDS = 2
"""How often these are asked; the second time on what they chose."""
NEEDED = {"zh_headline": 4.0, "zh_none": 9.0, "en_headline": 4.0, "en_none": 25.0}
"""Log odds of all cuts together that prove a farm in a short article."""
SPARSE = {"zh_headline": 1e9, "zh_none": 200.0, "en_headline": 1e9, "en_none": 1e9}
"""Words to a cut from which cuts prove nothing: a long article has strings of its own that come back."""
_NEW = 2.5
"""Log odds from which a piece counts that only the strings that came back, taken for a headline, showed."""
_NO_WORD = 0.8
_DOUBTFUL = -2.5
"""Log odds from which a place counts when its string is no word and the farm's elsewhere."""


@dataclass(frozen=True, slots=True)
class Span:
    """`start:end` of paragraph number `paragraph`."""

    paragraph: int
    start: int
    end: int


@dataclass(slots=True)
class Search:
    """The candidates of an article in the order of the text, the evidence of each place, and which were chosen."""

    text: ShardText
    found: list[Candidate]
    here: list[list[float]]
    chain: list[int]

    @property
    def chosen(self) -> list[Candidate]:
        return [self.found[k] for k in self.chain]


def find(title: str | None, paragraphs: Sequence[str], lang: Lang) -> list[Span]:
    """Where a farm dropped something in, in the order of the text."""
    if not alarming(title, paragraphs, lang):
        return []
    seen = search(title, paragraphs, lang)
    if seen is None:
        return []
    name = f"{lang}_{'headline' if title else 'none'}"
    return [span(seen.text, c) for c in refine(seen, name)]


def search(title: str | None, paragraphs: Sequence[str], lang: Lang) -> Search | None:
    """What the headline, or what comes back without one, shows; none where nothing is likely to be a farm's."""
    text = read(title, paragraphs, lang)
    if len(text.head) > LONGEST_HEADLINE[lang]:
        return None
    seen = decide(text)
    if not suspected(text, seen.chosen):
        return None
    if text.head:
        return widened(seen)
    # The strings that came back stand for the headline, and show where their like stand only once or in mid-clause.
    sep = "" if lang == "zh" else " "
    known = order(seen.found, seen.chain)
    again = decide(read(sep.join(known), paragraphs, lang))
    return widened(again, [*seen.chosen, *(c for c in again.chosen if c.unit in known or c.score > _NEW)])


def widened(seen: Search, chosen: Sequence[Candidate] | None = None) -> Search:
    """The search with every place of the chosen shards and adverts, wherever it is."""
    text = seen.text
    taken = seen.chosen if chosen is None else list(chosen)
    all_ = {(c.paragraph, c.start, c.end): (c, x) for c, x in zip(seen.found, seen.here, strict=True)}
    other = [c for c in taken if (c.paragraph, c.start, c.end) not in all_]
    for c, x, y in zip(other, [first(text, c) for c in other], words(text, other), strict=True):
        all_[c.paragraph, c.start, c.end] = (c, x + y)
    more = inventory(text, [c for c, _ in all_.values()], taken)
    for c, x in zip(more, weighed(text, more, [first(text, c) for c in more]), strict=True):
        all_[c.paragraph, c.start, c.end] = (c, x)
    units = {c.unit for c in taken}
    own = {(c.paragraph, c.start, c.end) for c in taken}
    places = sorted(p for p, (c, _) in all_.items() if c.first > UNPROMISING or c.unit in units or p in own)
    at = {place: k for k, place in enumerate(places)}
    chain: list[int] = []
    for c in taken:
        if not any(p == c.paragraph and a < c.end and c.start < b for p, a, b in (places[k] for k in chain)):
            chain.append(at[c.paragraph, c.start, c.end])
    return Search(text, [all_[p][0] for p in places], [all_[p][1] for p in places], sorted(chain))


def weighed(text: ShardText, found: Sequence[Candidate], here: Sequence[list[float]]) -> list[list[float]]:
    """The evidence of each place with what whole words say; what both together say goes into the candidates."""
    known = weights(text.lang, bool(text.head))
    all_ = [x + y for x, y in zip(here, words(text, found), strict=True)]
    for c, row in zip(found, all_, strict=True):
        c.first = c.score = sum(map(mul, known.words or known.first, row))
    return all_


def evidence(seen: Search) -> list[list[float]]:
    """All that is known of each candidate when the chosen ones are taken for the farm's."""
    rows = zip(
        seen.here, second(seen.text, seen.found, seen.chain), habits(seen.text, seen.found, seen.chain), strict=True
    )
    return [[*x, *y, *z] for x, y, z in rows]


def refine(seen: Search, name: str) -> list[Candidate]:
    """The farm's places, once its habits are known: all of them, or none where they prove nothing."""
    lang = seen.text.lang
    model = shard_trees.trees(f"shard_habits_{name}", FIRST[lang] + WORDS[lang] + SECOND + HABITS)
    before = frozenset(seen.chain)
    for left in reversed(range(ROUNDS)):
        if len(seen.chain) < 2:
            return []
        for k, (c, row) in enumerate(zip(seen.found, evidence(seen), strict=True)):
            c.score = shard_trees.score(model, row) + (CHOSEN[name[:2]] if k in before else 0.0)
        seen.chain = viterbi(seen.found, 0, 0.0 if left else SURE[name], 0.0)
    chosen = seen.chosen
    return chosen if proven(seen.text, chosen, name) else []


def decide(text: ShardText) -> Search:
    """The candidates that are the farm's rather than the author's."""
    nothing = Search(text, [], [], [])
    pieces = pieces_of_headline(text)
    head = len(text.head)
    known = weights(text.lang, bool(head))
    here = known.first
    if head and not _promising(text, pieces, here):
        return nothing
    found = complete(text, pieces)
    if len(found) > MOST:
        return nothing
    evidence = [first(text, c) for c in found]
    for c, x in zip(found, evidence, strict=True):
        c.first = c.score = sum(map(mul, here, x))
    least, more = COMING_BACK[text.lang]
    if not head and _together(nlargest(_BEST, [c.first for c in found])) < least + more * min(1.0, text.words / 1500):
        return nothing
    hopeful = [k for k, c in enumerate(found) if c.first > HOPELESS and not _a_phrase(text, c)]
    found = [found[k] for k in hopeful]
    stage = weighed(text, found, [evidence[k] for k in hopeful])
    chain = viterbi(found, head, *SCHEDULE[0])
    model = shard_trees.trees(
        f"shard_trees_{text.lang}_{'headline' if head else 'none'}", FIRST[text.lang] + WORDS[text.lang] + SECOND
    )
    for bias, link in SCHEDULE[1:] + LAST[text.lang]:
        if len(chain) < 2:
            return nothing
        early = (bias, link) in SCHEDULE
        rows = second(text, found, chain, -math.inf if early else UNLIKELY)
        for c, x, y in zip(found, stage, rows, strict=True):
            if early:
                c.score = sum(map(mul, known.second, y))
            elif y:
                c.score = shard_trees.score(model, x + y)
        chain = viterbi(found, head, bias, link)
    again = {id(c) for c in _again(text, found, [found[k] for k in chain])}
    return Search(text, found, stage, [k for k, c in enumerate(found) if id(c) in again])


def _promising(text: ShardText, pieces: Sequence[Candidate], here: Sequence[float]) -> bool:
    """Whether the places where farms like to drop something in look like it, taken alone."""
    likely = [c for c in pieces if slot(text, c.paragraph, c.start, c.end) != "word"]
    if len(likely) > MOST:
        return False
    needed = PROMISING * (1 + min(1.0, text.words / 1500))
    best: list[float] = []
    for c in likely:
        x = sum(map(mul, here, first(text, c)))
        if x > -2:
            # The others can only add to it.
            best = sorted([x, *best], reverse=True)[:_BEST]
            if _together(best) >= needed:
                return True
    return False


def _together(best: Sequence[float]) -> float:
    return sum([max(0.0, x + 2) for x in best])


def _a_phrase(text: ShardText, c: Candidate) -> bool:
    """Whether it is a phrase of the headline in other words (one left out) that stands here once and reads well."""
    return c.flaw == "skip" and c.odd < 0.3 and text.dropped[c.unit] + text.free[c.unit] < 2


def _again(text: ShardText, found: Sequence[Candidate], chosen: list[Candidate]) -> list[Candidate]:
    """The chosen, and the other places of a string that is no word and was caught once: the farm's, too."""
    caught = {unit_name(text, c.paragraph, c.start, c.start + n) for c in chosen for n in range(2, c.end - c.start + 1)}
    taken = {(c.paragraph, i) for c in chosen for i in range(c.start, c.end)}
    out = list(chosen)
    for c in sorted(found, key=lambda c: -c.score):
        if c.odd < _NO_WORD or c.score < _DOUBTFUL or c.unit not in caught or c.flaw == "skip":
            continue
        place = {(c.paragraph, i) for i in range(c.start, c.end)}
        if not place & taken:
            taken |= place
            out.append(c)
    return sorted(out, key=lambda c: (c.paragraph, c.start))


def suspected(text: ShardText, chosen: Sequence[Candidate]) -> bool:
    """Whether the cuts together deserve a second look."""
    return len({c.unit for c in chosen}) >= 2 and sum(c.score for c in chosen) > 1.0


def proven(text: ShardText, chosen: Sequence[Candidate], name: str) -> bool:
    """Whether the cuts together are beyond doubt, so that an article may be touched at all.

    Single characters and little words prove nothing, long articles offer more chances, and more is needed where no
    headline was shown.
    """
    least = 2 if text.lang == "zh" else 4
    kinds: Counter[str] = Counter()
    sums: dict[str, float] = defaultdict(float)
    places = 0.0
    for c in chosen:
        unit = unit_name(text, c.paragraph, c.start, c.end)
        if len(unit) >= least:
            kinds[unit] += 1
            sums[unit] += c.score
            places += c.first
    if len(kinds) < 2 or kinds.total() * SPARSE[name] < text.words:
        return False
    total = sum(sums.values())
    others = total - max(sums.values())
    needed = NEEDED[name] + min(6.0, text.words / 500)
    # Without the likeliest string, but with what the places say before anything is known of a farm.
    if others + places >= needed:
        return True
    # One string over and over is a name, and two are the article's subject: then the others must prove it alone.
    most = 3 + 0.6 * kinds.total() if text.lang == "zh" else 2 + 0.5 * kinds.total()
    alone = max(kinds.values()) > most or (name.endswith("none") and len(kinds) < 3)
    return (others if alone else total) >= 3 * needed


def span(text: ShardText, c: Candidate) -> Span:
    """The characters to cut. Between English words one of the blanks around the shard goes with it."""
    part = text.body[c.paragraph]
    start, end = part.starts[c.start], part.ends[c.end - 1]
    if text.lang == "en":
        blank_before = start > 0 and part.text[start - 1].isspace()
        blank_after = end < len(part.text) and part.text[end].isspace()
        if blank_after and (blank_before or start == 0):
            end = part.starts[c.end] if c.end < len(part.starts) else len(part.text)
        elif blank_before:
            start = part.ends[c.start - 1] if c.start else 0
    return Span(c.paragraph, start, end)
