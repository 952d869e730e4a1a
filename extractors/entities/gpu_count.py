"""GPU_COUNT: a quantity with accelerators behind it.

>>> [(c.text, c.low, c.vendor, c.model) for c in find_gpu_counts(Passage.of("计划采购约10万块英伟达H100 GPU"))]
[('10万块英伟达H100 GPU', 100000, 'NVIDIA', 'H100')]
>>> find_gpu_counts(Passage.of("It took 2.8 million H800 GPU hours, $30 a GPU."))
[]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from extractors.entities.chip_grammar import ADJECTIVE, Grammar, grammar
from extractors.entities.gpu_model_first import model_first, whole
from extractors.entities.passage import Passage
from extractors.entities.vendor import model_and_vendor, vendor_before, vendor_inside
from extractors.lexicons.bounds import bound_after
from extractors.model import GpuCount, Lang
from extractors.numbers.shared import ONE, Atom, bound_of

_SINGLE: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(r"单一?(?=[个块张颗枚片台]|卡 ?(?:[A-Z]|[0-9]{4})| ?[GTNL]PU| ?[A-Z][0-9A-Z])"),
    "en": re.compile(
        r"[AaCcPpSs](?<![A-Za-z].)(?:(?<=[Ss])ingle(?=[ -])"
        r"|(?:(?<=[Pp])air|(?<=[Cc])ouple|(?<=[Aa]) (?:[Pp]air|[Cc]ouple)) of(?= [A-Za-z0-9]))"
    ),
}
# $1,200 RTX 2080: a price before a model.
_PRICED = re.compile(r"[$€£¥₹₩] ?$")
_LATIN_NAME = re.compile(r"(?<![A-Za-z])(?!Nvidia|Intel|Huawei)[A-Za-z]*[a-z]{2,} $")
_SINGLE_PARTS = (b"ingle", b"air of", b"ouple of")
_ELIDED = re.compile(r" ?[块张颗枚片个台卡只]? ?(?:、|和|或|或者|到|至|-|乃至|甚至|以及|及) ?")
_NEW = re.compile(r"\b(?:new|different|upcoming|forthcoming|next-gen\w*|new-generation|future|unreleased)\b", re.I)
_FEW = frozenset("一二两三五六七九")
_UNVEILED_ZH = re.compile("(?:发布|推出|揭晓|亮相|公布|展示|首发)了?[^,。;!?]{0,4}$")
_UNVEILED = re.compile(
    r"\b(?:unveil|announc|launch|introduc|releas|reveal|design|develop|show|debut|present|plan|prepar)\w*\b[^.;!?]{0,32}$",
    re.I,
)
# "In 2023 Nvidia GPUs were scarce."
_WHEN = re.compile(
    r"\b(?:in|by|since|during|until|from|for|early|late|mid|fiscal|year|through|before|after|to|and) $", re.I
)
_TIME = re.compile(r"[ /-]?(?:hours?|hrs?|days?|weeks?|months?|years?|minutes?|seconds?|cores?|小时)\b", re.I)
_PLURAL_END = re.compile(r"s(?:'|$)|'s$")
_EN_WORD = re.compile(r"[ -]?([A-Za-z0-9.]*)([-™®×*]?)")
# A model that no row knows, or one that touches its "x".
_NAME_LIKE = re.compile(r"x|[a-z]{1,4}[0-9]|[0-9]+(?:gb?)?$")
_ADJECTIVE = re.compile(ADJECTIVE)
# Software that supports two more cards holds none.
_SUPPORT = re.compile(r"\bsupport(?:s|ed|ing)?(?: for)? $", re.I)
_MORE = re.compile(r" (?:more|new|additional|further|other|older) ")
_CALORIES = re.compile("热量|卡路里|大卡|减肥|营养|摄入|摄取|脂肪|饮食")
_MANY = 1000
# Nobody has as many, and the column of the tables holds what is smaller.
_TOO_MANY = 10**18
_BUILT_ON = re.compile("(?:基于|采用|使用|搭载)[^,。;!?、\n]{2,10}的 ?$")


def find_gpu_counts(passage: Passage) -> list[GpuCount]:
    """How many accelerators a passage names, in order of start, without overlap."""
    folded, lang = passage.folded, passage.lang
    singles = _singles(folded, lang)
    quantities = sorted([*passage.numbers, *singles], key=lambda q: q.start) if singles else passage.numbers
    if not quantities:
        return []
    rules = grammar(lang)
    subject = _Subject(passage, rules)
    out: list[GpuCount] = []
    before: Atom | None = None
    end = 0
    for q in quantities:
        if q.start < end or max(q.low, q.high or 0) >= _TOO_MANY:
            continue
        count = None
        if _may_begin(rules, folded, q.end, lang):
            count = _count(passage, rules, q, subject)
            if count is not None and before is not None:
                count = _with_elided(passage, before, q, count, end)
        turned = model_first(passage, rules, q)
        if turned is not None and turned.start >= end:
            # H100×8, H100×8卡: the number closes the count, or a bare noun behind it does.
            end_of = count.end if count is not None and count.model is None else turned.end
            count = replace(turned, end=end_of, text=passage.text[turned.start : end_of])
        if count is not None:
            out.append(count)
            end = count.end
        before = q
    return out


def _singles(folded: str, lang: Lang) -> list[Atom]:
    """The words that count one or two and are no numerals: 单张, single, a pair of."""
    if lang == "zh":
        hits = list(_SINGLE[lang].finditer(folded)) if "单" in folded else []
    else:
        hits = [hit for start, end in _places(folded) if (hit := _SINGLE[lang].search(folded, start, end)) is not None]
    out: list[Atom] = []
    for hit in hits:
        number = Decimal(2 if hit[0].endswith(" of") else 1)
        out.append(Atom(*hit.span(), number, number, "exact", ONE))
    return out


def _places(folded: str) -> Iterator[tuple[int, int]]:
    """Where the rare parts of the English ones stand, with what their pattern looks at on both sides."""
    plain = folded.encode("ascii", "replace")
    for part in _SINGLE_PARTS:
        at = plain.find(part)
        while at >= 0:
            yield max(0, at - 3), at + len(part) + 2
            at = plain.find(part, at + 1)


def _may_begin(rules: Grammar, folded: str, at: int, lang: Lang) -> bool:
    """A cheap look at what follows, since most numbers count something else."""
    if lang == "zh":
        return folded[at : at + 2].lstrip(" -")[:1] in rules.first
    word = _EN_WORD.match(folded, at)
    if word is None or word[2]:
        return word is not None
    head = word[1].lower().rstrip(".")
    if head in rules.first or head.rstrip("s") in rules.first or _NAME_LIKE.match(head) is not None:
        return True
    return _ADJECTIVE.fullmatch(head) is not None


class _Subject:
    """Whether the passage is about accelerators, looked up once and only if a rule asks."""

    def __init__(self, passage: Passage, rules: Grammar) -> None:
        self._passage, self._rules = passage, rules
        self._known: bool | None = None
        self._calories: bool | None = None

    def food(self) -> bool:
        """卡 is also a calorie."""
        if self._calories is None:
            self._calories = _CALORIES.search(self._passage.folded) is not None
        return self._calories

    def accelerators(self) -> bool:
        if self._known is None:
            folded = self._passage.folded
            models = self._rules.models_in(folded, 0, len(folded))
            self._known = self._rules.context.search(folded) is not None or next(models, None) is not None
        return self._known


def _count(passage: Passage, rules: Grammar, q: Atom, subject: _Subject) -> GpuCount | None:
    folded, lang = passage.folded, passage.lang
    hit = rules.after.match(folded, q.end)
    if hit is None or not whole(q):
        return None
    end = hit.end()
    # An 8-GPU deal counts GPUs, three GPU deals and 8-GPU hours do not.
    hyphened = folded.startswith("-", q.end)
    if rules.others.match(folded, end) and not (hyphened and not _TIME.match(folded, end)):
        return None
    if _inside_name(rules, folded, q):
        return None
    if _PRICED.search(folded, max(0, q.start - 3), q.start):
        return None
    cards = hit["cards"] is not None
    if hit["weak"] and not _counts_chips(rules, passage, q, hit, subject):
        return None
    if folded[q.start : q.end] in rules.models and not (hit["times"] or hit["unit"]):
        # "The 4090 cards" are cards of one kind.
        return None
    if not (_plausible_zh if lang == "zh" else _plausible_en)(rules, folded, q, hit):
        return None
    if cards and subject.food():
        return None
    model, vendor = model_and_vendor(rules, folded, q.end, end)
    if vendor is None:
        vendor = vendor_inside(rules, folded, q.end, end)
    if (
        vendor is None
        and (not cards or _BUILT_ON.search(folded, max(0, q.start - 16), q.start))
        and not rules.vendor.search(folded, q.end, end)
    ):
        vendor = vendor_before(rules, folded, q.start)
    bound = bound_of(q, folded, lang)
    if bound in ("exact", "about"):
        after = bound_after(folded, end, lang)
        if after in ("min", "max") or bound == "exact":
            bound = after
    high = None if q.high is None else int(q.high)
    return GpuCount(q.start, end, passage.text[q.start : end], int(q.low), high, bound, vendor, model)


def _plausible_zh(rules: Grammar, folded: str, q: Atom, hit: re.Match[str]) -> bool:
    surface = folded[q.start : q.end]
    if hit["cards"]:
        # 一卡难求; VectorPath 815卡 is the name of one card.
        return surface not in ("一", "1") and not _LATIN_NAME.search(folded, max(0, q.start - 16), q.start)
    if not (hit["unit"] or hit["times"]):
        # 1660显卡 is a card's name; 1660块显卡 are so many.
        named = surface.isdigit() and len(surface) in (3, 4) and (hit["strong"] or "").startswith("显")
        return surface != "一" and not named and not _year(folded, q)
    if surface in _FEW:
        # 两个GPU集群 are clusters, 一张卡 has an article, 发布两颗AI芯片 tells of two kinds.
        if hit["unit"] in ("个", "台") and rules.holders.match(folded, hit.end()):
            return False
        if surface == "一":
            return not hit["weak"]
        return hit["model"] is not None or not _UNVEILED_ZH.search(folded, max(0, q.start - 8), q.start)
    return True


def _plausible_en(rules: Grammar, folded: str, q: Atom, hit: re.Match[str]) -> bool:
    end = hit.end()
    if folded[q.start].isalpha() and 2 <= q.low < 10:
        # "Unveiled two AI chips", "three new GPUs": numbers of kinds.
        near = _UNVEILED.search(folded, max(0, q.start - 48), q.start) if "GPU" not in hit[0] else None
        if near or _NEW.search(folded, q.end, end):
            return False
    year = _year(folded, q)
    if q.low <= 20 and _MORE.match(folded, q.end) and _SUPPORT.search(folded, max(0, q.start - 16), q.start):
        return False
    if hit["adjective"] and (q.low < 2 or not _PLURAL_END.search(folded, max(q.end, end - 2), end)):
        return False
    if year and _WHEN.search(folded, max(0, q.start - 12), q.start):
        return False
    if _PLURAL_END.search(folded, max(q.end, end - 2), end):
        return True
    if year:
        return False
    if hit["times"] or folded.startswith("-", q.end):
        return True
    if q.low == 1:
        if hit["weak"] and folded[q.start].isalpha():
            return False
        return rules.holders.match(folded, end) is None
    # "three GPU clusters" are clusters; "24k GPU clusters" and "8 GPU servers" hold so many GPUs each.
    if rules.holders.match(folded, end):
        return not folded[q.start].isalpha() and (q.low >= 100 or q.low in (4, 8, 16, 32, 64, 72))
    return True


def _year(folded: str, q: Atom) -> bool:
    surface = folded[q.start : q.end]
    return len(surface) == 4 and surface.isdigit() and 1990 <= int(surface) <= 2035


def _inside_name(rules: Grammar, folded: str, q: Atom) -> bool:
    """Whether the number belongs to a product's name: RTX 4090, 昇腾 910, Snapdragon 8."""
    left = max(0, q.start - 24)
    if folded[q.start : q.end].isdigit() and rules.names.search(folded, left, q.start):
        return True
    return any(m.start() < q.start < m.end() for m in rules.models_in(folded, left, min(len(folded), q.end + 8)))


def _counts_chips(rules: Grammar, passage: Passage, q: Atom, hit: re.Match[str], subject: _Subject) -> bool:
    """Whether plain chips or cards are accelerators here: by their vendor, else by what the text is about."""
    if passage.lang == "zh" and hit["weak"] == "卡" and not hit["unit"]:
        return False
    vendors = [rules.vendor_of(m[0]) for m in rules.vendor.finditer(passage.folded, hit.start(), hit.end())]
    if vendors:
        return any(v.chip for v in vendors)
    if q.low >= _MANY and hit["weak"].lower().startswith("accelerator"):
        # A fund runs a dozen start-up accelerators, nobody runs a thousand.
        return True
    return subject.accelerators()


def _with_elided(passage: Passage, before: Atom, q: Atom, count: GpuCount, taken: int) -> GpuCount:
    """`单个和八个GPU`: the noun of the first number is said with the second, so the list is one span."""
    if passage.lang != "zh" or before.start < taken or not 0 < q.start - before.end <= 6:
        return count
    if before.low >= q.low or not _ELIDED.fullmatch(passage.folded, before.end, q.start):
        return count
    return replace(count, start=before.start, text=passage.text[before.start : count.end], low=int(before.low))
