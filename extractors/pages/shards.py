"""Shards of a headline among the sentences of an article: which occurrence is the farm's, and which the author's.

A farm drops short pieces of the headline into the article, over and over, where a clause begins, after 的, or anywhere.
Each place where a piece of the headline (or, without one, a string that comes back) stands is a candidate. For each the
likelihood of two stories is compared: the author wrote it, or the author's sentence read on without it. The pieces and
the order in which they come are learned from the article itself, in a few rounds, and a Viterbi pass over the
candidates of the whole article decides, so that evidence adds up.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.pages.charpairs import alone, cost
from extractors.text import fold

_CLAUSE = ",。、;:!?”)》」』—…"
_LONGEST = 6
_BREAK = re.compile(r"[,。、;:!?“”()《》「」『』—…\"'\s]")
_PUNCT = frozenset(",。、;:!?“”()《》「」『』—…\"'$")
_LEAST = 8.0
_EACH = 0.0
_ROUNDS = 3
_TRADE = "有限责任公司|有限公司|集团|公司|中心|工作室|学校|经营部|事务所|厂|店|门市部|服务部|协会|学院|医院|商行|诊所"
_CONTACT = (
    r"(?:电话|热线|微信|联系|手机|QQ|咨询)[A-Za-z:]{0,4}[\d-]{6,14}|(?:https?://|www\.)[A-Za-z0-9./-]{4,40}"
    r"|1[3-9]\d{9}|0\d{2,3}-\d{7,8}|400-?\d{3}-?\d{3,4}"
)
# A name has none of the words that hold a sentence together.
_AD = re.compile(
    rf"(?:(?:(?![的了是在和与于为被把将及或对从到也就都而])[\u4e00-\u9fff]){{3,18}}?(?:{_TRADE}))?(?:{_CONTACT})?"
)
_SOLD_AT = re.compile(rf"{_TRADE}")
_SOLD = re.compile(rf"(?:{_TRADE}|[\d-]{{6,}}|\.(?:com|cn|net|org|top|cc|xyz|info)[A-Za-z0-9/]*)$")


@dataclass(frozen=True, slots=True)
class Span:
    paragraph: int
    start: int
    end: int


@dataclass(slots=True)
class Candidate:
    paragraph: int
    start: int
    shard: int
    """End of the shard; an advert may follow."""
    end: int
    unit: str
    begin: int
    """Where in the headline the unit begins, or -1."""
    features: list[float]
    local: float = 0.0
    score: float = 0.0


def _slot(text: str, i: int, end: int) -> str:
    if i == 0:
        return "start"
    before = text[i - 1]
    if before in _CLAUSE:
        return "clause"
    if end == len(text):
        return "end"
    if before == "的":
        return "de"
    return "word"


class Article:
    """The folded paragraphs and how the author's own words weigh in them."""

    def __init__(self, title: str | None, paragraphs: Sequence[str]) -> None:
        self.texts = [fold(p) for p in paragraphs]
        self.head = _BREAK.sub("", fold(title or ""))
        self.pairs: Counter[str] = Counter()
        self.singles: Counter[str] = Counter()
        for t in [*self.texts, fold(title or "")]:
            self.pairs.update(map("".join, zip(t, t[1:])))
            self.singles.update(t)
        self.words = max(200.0, sum(map(len, self.texts)) / 2)
        self.free: Counter[str] = Counter()
        """Occurrences of a unit at places where the author uses words, not where things are dropped in."""
        self.dropped: Counter[str] = Counter()

    def step(self, a: str, b: str, own: int) -> float:
        """Cost of `b` after `a`; `own` is 1 when the pair stands in the text by the occurrence in question."""
        general = math.exp(-cost(a, b))
        n = self.singles.get(a, 0)
        seen = self.pairs.get(a + b, 0) - own
        return -math.log(0.75 * general + 0.25 * max(seen, 0) / (n + 2))

    def next_char(self, p: int, i: int) -> str:
        t = self.texts[p]
        while i < len(t) and t[i] == " ":
            i += 1
        return t[i] if i < len(t) else "$"

    def last_char(self, p: int, i: int) -> str:
        t = self.texts[p]
        i -= 1
        while i >= 0 and t[i] == " ":
            i -= 1
        return t[i] if i >= 0 else "^"

    def features(self, p: int, start: int, shard: int, end: int, begin: int, contiguous: bool) -> list[float]:
        t = self.texts[p]
        unit = t[start:shard]
        a, b = self.last_char(p, start), self.next_char(p, end)
        slot = _slot(t, start, end)
        word = slot == "word"
        after = min(12.0, self.step(t[end - 1], b, 1))
        bridge = min(12.0, self.step(a, b, 0))
        first = min(10.0, self.step(a, t[start], 1))
        inner = sum(self.step(t[i - 1], t[i], 1) for i in range(start + 1, shard) if t[i] != " " and t[i - 1] != " ")
        uses = max(0.0, self.free[unit] - word)
        drops = max(0.0, self.dropped[unit] - (not word))
        n = shard - start
        head = self.head
        right = begin >= 0 and begin + n < len(head) and head[begin + n] == b
        left = begin > 0 and head[begin - 1] == a
        ad = t[shard:end]
        sold = bool(ad) and _SOLD.search(ad) is not None
        hinge = min(10.0, self.step(t[shard - 1], ad[0], 1)) if ad else 0.0
        free_word = math.log(uses + 1)
        plain = min(10.0, alone(b))
        cut_left = min(8.0, cost(head[begin - 1], head[begin])) if begin > 0 and contiguous and not left else 8.0
        at = begin + n
        cut_right = (
            min(8.0, cost(head[at - 1], head[at]))
            if 0 <= begin and at < len(head) and contiguous and not right
            else 8.0
        )
        return [
            1.0,
            plain,
            (after - plain) * free_word,
            free_word,
            cut_left,
            cut_right,
            slot == "de",
            slot == "end",
            slot == "start",
            word,
            after,
            bridge,
            (after - bridge) * word,
            first * (not ad),
            min(8.0, inner),
            math.log(uses / self.words * 500 + 0.5),
            math.log(drops + 0.5),
            left,
            right,
            n == 1,
            n == 3,
            n >= 4,
            b in _PUNCT,
            bool(ad),
            sold,
            hinge,
            min(len(ad), 12),
            not contiguous,
            (n == 1) * free_word,
            (n == 1) * first,
            (n == 2) * inner,
            drops == 0,
            uses == 0,
            (slot == "clause") * (a in "。!?”"),
            (a == "的") * (b in _PUNCT),
        ]


WEIGHTS: list[list[float]] = [
    [
        -0.057,
        0.048,
        -0.002,
        -0.416,
        -0.452,
        -0.452,
        -0.026,
        -0.236,
        -2.233,
        0.0,
        0.599,
        -0.541,
        0.0,
        0.355,
        0.398,
        0.086,
        0.801,
        0.0,
        0.0,
        0.0,
        0.612,
        -0.506,
        0.839,
        -1.219,
        3.9,
        -0.233,
        0.312,
        -0.057,
        0.0,
        0.0,
        0.301,
        0.0,
        -0.569,
        0.19,
        -2.204,
    ],
    [
        0.122,
        -0.056,
        -0.129,
        -0.443,
        -0.331,
        -0.218,
        -0.487,
        1.574,
        -2.646,
        -4.589,
        0.677,
        -0.481,
        0.081,
        0.369,
        0.311,
        -0.982,
        0.351,
        -2.94,
        -1.358,
        -1.804,
        -0.019,
        -1.281,
        0.862,
        -1.97,
        3.711,
        0.084,
        0.342,
        1.378,
        1.34,
        0.199,
        0.155,
        -0.766,
        -1.343,
        0.234,
        -2.23,
    ],
]
WEIGHTS2: list[list[float]] = [
    [
        0.405,
        0.709,
        -0.388,
        1.165,
        0.553,
        0.987,
        0.703,
        0.0,
        0.0,
        0.0,
        0.0,
        0.318,
        -0.507,
        0.404,
        0.454,
        -1.696,
        0.242,
        0.242,
        -0.14,
    ],
    [
        -0.862,
        0.924,
        0.298,
        0.489,
        -0.082,
        0.756,
        1.375,
        1.447,
        1.242,
        0.421,
        -0.263,
        0.474,
        -0.043,
        -0.325,
        0.052,
        -1.785,
        0.058,
        0.058,
        0.003,
    ],
]


def candidates(article: Article) -> list[Candidate]:
    head = article.head
    places: dict[str, list[int]] = defaultdict(list)
    for i, c in enumerate(head):
        places[c].append(i)
    found: list[tuple[int, int, int, int, bool]] = []
    slots: list[tuple[int, int]] = []
    for p, t in enumerate(article.texts):
        for i in range(len(t)):
            inside = _slot(t, i, -1) == "word"
            if not inside:
                slots.append((p, i))
            seen: set[int] = set()
            for h in places.get(t[i], ()):
                m = 1
                while m < _LONGEST and i + m < len(t) and h + m < len(head) and t[i + m] == head[h + m]:
                    m += 1
                left = i > 0 and h > 0 and t[i - 1] == head[h - 1]
                for length in range(2 if inside and i + m < len(t) else 1, m + 1):
                    if length in seen:
                        continue
                    seen.add(length)
                    found.append((p, i, i + length, h, True))
                    whole = not left and length == m
                    (article.free if inside else article.dropped)[t[i : i + length]] += whole
    known = {article.texts[p][i:e] for p, i, e, _, _ in found}
    # Strings that come back where something could be dropped in.
    at: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for p, i in slots:
        t = article.texts[p]
        for length in range(2, _LONGEST + 1):
            s = t[i : i + length]
            if len(s) < length or _BREAK.search(s):
                break
            at[s].append((p, i))
    chars = set(head)
    # A string that always goes on the same way is a part of the longer one.
    inner = {s[:-1] for s, where in at.items() if len(where) > 1 and len(where) == len(at.get(s[:-1], ()))}
    for s, where in at.items():
        if len(where) < 2 or s in known or s in inner:
            continue
        if head:
            foreign = sum(c not in chars for c in s)
            if foreign > 1 or (foreign and not any(c.isascii() for c in s if c not in chars)):
                continue
        everywhere = sum(t.count(s) for t in article.texts)
        article.free[s] = everywhere - len(where)
        article.dropped[s] = len(where)
        for p, i in where:
            found.append((p, i, i + len(s), -1, False))
    out: list[Candidate] = []
    groups: dict[str, list[tuple[int, int, int, int, bool]]] = defaultdict(list)
    for f in found:
        groups[article.texts[f[0]][f[1] : f[2]]].append(f)
    for unit, group in groups.items():
        for p, i, e, h, whole in group:
            out.append(Candidate(p, i, e, e, unit, h, article.features(p, i, e, e, h, whole)))
        for k, end in _adverts(article, group):
            p, i, e, h, whole = group[k]
            out.append(Candidate(p, i, e, end, unit, h, article.features(p, i, e, end, h, whole)))
    out.sort(key=lambda c: (c.paragraph, c.start, c.end))
    return out


def _adverts(article: Article, group: list[tuple[int, int, int, int, bool]]) -> list[tuple[int, int]]:
    """Occurrences of a shard that an advert follows, with the advert's end."""
    out: set[tuple[int, int]] = set()
    repeated: set[int] = set()
    tails = sorted((article.texts[p][e : e + 48], k) for k, (p, _, e, _, _) in enumerate(group))
    for (x, k), (y, m) in zip(tails, tails[1:]):
        n = 0
        while n < min(len(x), len(y)) and x[n] == y[n] and x[n] not in ',。、;!?“”()"':
            n += 1
        if n >= 4:
            sold = [e.end() for e in _SOLD_AT.finditer(x, 0, n) if e.end() >= max(4, n - 6)]
            for j in (k, m):
                repeated.add(j)
                if sold or cost(article.texts[group[j][0]][group[j][2] - 1], x[0]) > 5:
                    out.add((j, group[j][2] + n))
                out.update((j, group[j][2] + e) for e in sold)
    for k, (p, _, e, _, _) in enumerate(group):
        if k not in repeated and (m2 := _AD.match(article.texts[p], e)) and m2.end() - e >= 4:
            out.add((k, m2.end()))
    return sorted(out)


def find(title: str | None, paragraphs: Sequence[str]) -> list[Span]:
    article = Article(title, paragraphs)
    found = candidates(article)
    if len(found) < 2:
        return []
    for c in found:
        c.local = sum(w * f for w, f in zip(WEIGHTS[bool(article.head)], c.features))
        c.score = c.local
    chain = viterbi(found)
    for _ in range(_ROUNDS):
        if len(chain) < 2:
            return []
        for c, features in zip(found, second(article, found, chain)):
            c.score = sum(w * f for w, f in zip(WEIGHTS2[bool(article.head)], features))
        chain = viterbi(found)
    gain = sum(found[k].score for k in chain)
    if gain < _LEAST or len(chain) < 2:
        return []
    return [Span(found[k].paragraph, found[k].start, found[k].end) for k in chain]


def viterbi(found: list[Candidate]) -> list[int]:
    """The best set of candidates that do not overlap."""
    best: list[tuple[float, int]] = []
    top: tuple[float, int] = (0.0, -1)
    pending: list[int] = []
    for k, c in enumerate(found):
        still = []
        for j in pending:
            o = found[j]
            if o.paragraph < c.paragraph or o.end <= c.start:
                if best[j][0] > top[0]:
                    top = (best[j][0], j)
            else:
                still.append(j)
        pending = still
        best.append((top[0] + c.score - _EACH, top[1]))
        if c.score > _EACH:
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


def second(article: Article, found: list[Candidate], chain: list[int]) -> list[list[float]]:
    """What the other places that look like the farm's say about each candidate."""
    taken = [found[k] for k in chain]
    head = len(article.head)
    counts = Counter(c.unit for c in taken)
    sums: dict[str, float] = defaultdict(float)
    for c in taken:
        sums[c.unit] += min(c.score, 4.0)
    pairs: Counter[tuple[str, str]] = Counter()
    for x, y in zip(taken, taken[1:]):
        pairs[x.unit, y.unit] += 1
    starts: Counter[int] = Counter()
    ends: Counter[int] = Counter()
    cover = [0] * (head + 1)
    for c in taken:
        if c.begin >= 0:
            e = c.begin + c.shard - c.start
            starts[c.begin] += 1
            ends[e if e < head else 0] += 1
            for i in range(c.begin, e):
                cover[i] += 1
    density = Counter(c.paragraph for c in taken)
    units: dict[str, list[float]] = defaultdict(lambda: [0.0, 0])
    for c in found:
        row = units[c.unit]
        row[0] += min(5.0, max(-5.0, c.local))
        row[1] += 1
    total = len(taken)
    kinds = len(counts)
    # Position of each candidate in the chain, by one walk over both.
    out = []
    at = 0
    chosen = set(chain)
    for k, c in enumerate(found):
        while at < total and (taken[at].paragraph, taken[at].start) < (c.paragraph, c.start):
            at += 1
        own = k in chosen
        before = taken[at - 1] if at else None
        if before is not None and before.paragraph == c.paragraph and before.end > c.start:
            before = taken[at - 2] if at > 1 else None
        after_at = at
        while after_at < total and taken[after_at].paragraph == c.paragraph and taken[after_at].start < c.end:
            after_at += 1
        after = taken[after_at] if after_at < total else None
        same = counts[c.unit] - own
        mean = (sums[c.unit] - (min(c.score, 4.0) if own else 0.0)) / same if same else 0.0
        length = c.shard - c.start
        order = order2 = cont = cont2 = 0
        if before is not None:
            order = pairs[before.unit, c.unit] - own > 0
            cont = (
                c.begin >= 0
                and before.begin >= 0
                and before.begin + before.shard - before.start in (c.begin, c.begin + head)
            )
        if after is not None:
            order2 = pairs[c.unit, after.unit] - own > 0
            cont2 = c.begin >= 0 and after.begin >= 0 and c.begin + length in (after.begin, after.begin + head)
        tile = clash = 0.0
        if c.begin >= 0:
            e = c.begin + length
            tile = (ends[c.begin] > 0) + (starts[e if e < head else 0] > 0)
            mine = counts[c.unit]
            clash = max((cover[i] for i in range(c.begin, e)), default=0) - mine
        others = units[c.unit][1] - 1
        average = (units[c.unit][0] - min(5.0, max(-5.0, c.local))) / others if others else 0.0
        near = sum(density[c.paragraph + d] for d in (-1, 0, 1)) - own
        out.append(
            [
                1.0,
                c.local,
                same > 0,
                math.log(1 + same),
                mean,
                order,
                order2,
                cont,
                cont2,
                tile,
                math.log(1 + max(clash, 0.0)),
                math.log(1 + near),
                math.log(1 + total - own),
                math.log(1 + total / max(1, len(article.texts))),
                math.log(1 + kinds),
                same / max(1, total) * math.log(1 + total),
                average,
                average * (others > 0),
                math.log(1 + others),
            ]
        )
    return out
