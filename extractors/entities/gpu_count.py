"""GPU_COUNT: a quantity, then a classifier, modifiers, a vendor, and the noun or model that is counted."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from extractors.entities.passage import Passage
from extractors.lexicons.bounds import bound_after, bound_around
from extractors.lexicons.chips import Chip, load_chips
from extractors.lexicons.trie import trie
from extractors.model import Bound, GpuCount, Lang, Quantity
from extractors.text import fold


@dataclass(frozen=True, slots=True)
class _Vendor:
    name: str
    gpu: bool
    chip: bool


@dataclass(frozen=True, slots=True)
class _Rules:
    after: re.Pattern[str]
    """From the end of the quantity to the end of the counted noun; groups model, strong, weak, card."""
    model: re.Pattern[str]
    vendor: re.Pattern[str]
    chips: dict[str, Chip]
    vendors: dict[str, _Vendor]
    implied: dict[str, str]
    context: re.Pattern[str]
    names: re.Pattern[str]
    classifiers: re.Pattern[str]


def _plain(surface: str) -> str:
    return re.sub(r"[\s\-]+", "", surface).casefold()


# Names that the lexicon cannot know yet: the next H, B and R numbers, and GeForce cards.
_UNKNOWN = r"G?[BHR][1-9][0-9]{2}[A-Z]?|(?:RTX|GTX) ?[0-9]{4}(?: ?Ti| ?SUPER)?|MI[1-9][0-9]{2}[A-Z]?|TPU ?v[0-9][a-z]?"
_SIZE = r"(?:[ -]?(?:[0-9]+ ?GB?|[0-9]+W|SXM[0-9]?|PCIe|NVL|HBM[0-9]?e?)(?![A-Za-z0-9]))"


@cache
def _rules(lang: Lang) -> _Rules:
    table = tomllib.loads(files("extractors.lexicons").joinpath("chip_words.toml").read_text("utf-8"))
    chips: dict[str, Chip] = {}
    surfaces: list[str] = []
    bare: list[str] = []
    for chip in load_chips():
        for surface in chip.surfaces:
            chips[_plain(surface)] = chip
            surfaces.append(surface.lower())
            card = re.fullmatch(r"RTX (\d{4} ?(?:D|Ti)?)", surface)
            if card:
                chips.setdefault(_plain(card[1]), chip)
                bare.append(card[1].lower())
    vendors: dict[str, _Vendor] = {}
    for name, row in table["vendors"].items():
        for surface in row["surfaces"]:
            vendors[_plain(fold(surface))] = _Vendor(name, bool(row.get("gpu")), bool(row.get("chip")))
    vendor_words = [fold(s).lower() for row in table["vendors"].values() for s in row["surfaces"]]
    edge = "(?![A-Za-z0-9])"
    model = rf"(?:(?i:{trie([*surfaces, *bare])})|{_UNKNOWN})(?:'?s(?![A-Za-z]))?{edge}"
    vendor = rf"(?i:{trie(vendor_words)})(?:'s)?(?![A-Za-z])"
    words = table[lang]
    strong = rf"(?i:{trie(fold(w).lower() for w in table['nouns']['strong_' + lang])}){edge}"
    weak = rf"(?i:{trie(fold(w).lower() for w in table['nouns']['weak_' + lang])}){edge}"
    modifiers = rf"(?i:{trie(fold(w).lower() for w in words['modifiers'])})"
    joint = r" ?(?:/|或|和|或者|or|and|&) ?"
    models = rf"(?:{model})(?:{joint}(?:(?:{vendor}) ?)?(?:{model}))*"
    if lang == "zh":
        classifier = rf"(?:{trie(words['classifiers'])})"
        lead = rf"[ -]?(?:(?P<times>[xX×*✕] ?)|(?P<classifier>{classifier}) ?|(?P<cards>卡(?!车|路里|片|位|牌|通|带|塔|宾|特|尔|顿|脖|口|壳|点|级|时|/小时)) ?)?"
        filler = rf"(?:(?:{modifiers}|{vendor}[™®]?|“|”|\"|[0-9]+GB 显存的|[A-Za-z]+架构的?|™|®) ?){{0,7}}?"
        tail = rf"(?:(?: ?(?:/|或|和) ?| ?)(?:{models}|{strong}|(?:系列)? ?(?:{weak})|(?:的 ?)?(?:AI )?(?:{strong}|芯片|晶片)|Tensor Core|{_SIZE}|超级芯片|系列单元|(?<=[A-Za-z0-9])系列))*"
        noun = rf"(?:(?P<model>{models})|(?P<strong>{strong})|(?P<weak>{weak})(?!组|带|通|路|车))"
    else:
        lead = r"(?:(?P<times> ?[xX×*✕] ?)|[ -]|(?P<classifier>\+ ))?"
        filler = rf"(?:(?:{modifiers}|(?:{vendor})[™®]?|[A-Za-z]+-[A-Za-z\-]+|[0-9]+ ?GB|™|®)(?:[ -]|, )){{0,6}}?"
        tail = rf"(?:[ -](?:\([0-9]+ ?GB?\) (?={strong}))?(?:{models}|{strong}|(?:Tensor Core|AI|SXM[0-9]?|PCIe|NVL|series|Series|family|Ultra|-class|based) (?={strong}|{weak})|(?:{weak})|equivalents?)|{_SIZE})*"
        noun = rf"(?:(?P<model>{models})|(?P<strong>{strong})|(?P<weak>{weak}))"
    return _Rules(
        re.compile(lead + filler + noun + tail),
        re.compile(rf"(?<![A-Za-z0-9])(?:{model})"),
        re.compile(rf"(?<![A-Za-z])(?:{vendor})"),
        chips,
        vendors,
        table["implied"],
        re.compile(trie(fold(w) for w in table["context"][lang])),
        re.compile(rf"(?:{trie(fold(w) for w in table['names']['words'])}) ?$"),
        re.compile(rf" ?(?:{trie(table['zh']['classifiers'])})? ?(?:、|和|或|到|至|-|乃至|甚至) ?"),
    )


_NOT_ZH = re.compile(
    r" ?(?:/|·)?(?:小时|时(?!代|候|间)|核|型号|厂商|公司|供应商|架构|项目|计划|利用率|显存|代(?!理)|服务商|租赁|云|产品线)"
)
_NOT_EN = re.compile(
    r"[ -](?:hours?|hrs?|days?|weeks?|months?|years?|minutes?|cores?|makers?|vendors?|models?|generations?|architectures?|companies|startups?|designs?|types?|variants?|families|suppliers?|providers?|manufacturers?|rivals?|stocks?|architectures|customers?|companies|designers?|firms?|projects?|products?|series|programs?|clouds?|market|segments?|instance types?|SKUs?)\b",
    re.I,
)
_GROUPS = re.compile(
    r" (?:clusters|servers|nodes|machines|systems|instances|racks|boxes|pods|farms|deals|data)\b", re.I
)
_PLURAL = re.compile(r"s'?$|'s$")


def _year(folded: str, q: Quantity) -> bool:
    surface = folded[q.start : q.end]
    return len(surface) == 4 and surface.isdigit() and 1990 <= int(surface) <= 2035


def _inside_name(rules: _Rules, folded: str, q: Quantity) -> bool:
    left = max(0, q.start - 24)
    if rules.names.search(folded, left, q.start) and folded[q.start : q.end].isdigit():
        return True
    for hit in rules.model.finditer(folded, left, min(len(folded), q.end + 8)):
        if hit.start() < q.start < hit.end():
            return True
    return False


def _models(rules: _Rules, folded: str, start: int, end: int) -> tuple[str | None, str | None]:
    """The canonical model (two as `A/B`) and its vendor."""
    names: list[str] = []
    vendors: list[str] = []
    last = 0
    for hit in rules.model.finditer(folded, start, end):
        surface = re.sub(r"'?s$", "", hit[0]) if _plain(hit[0]) not in rules.chips else hit[0]
        chip = rules.chips.get(_plain(surface))
        name = chip.name if chip else re.sub(r"(?<=[A-Z])(?=\d{4})", " ", surface).strip()
        vendor = chip.vendor if chip else _unknown_vendor(surface)
        joint = (
            bool(names)
            and re.fullmatch(r"(?:GPU)? ?(?:/|或|和|或者|or|and|&) ?[A-Za-z]* ?", folded[last : hit.start()])
            is not None
        )
        if not names or joint:
            if name not in names:
                names.append(name)
                vendors.append(vendor)
        elif not any(c.isdigit() for c in names[-1]) and any(c.isdigit() for c in name):
            names[-1], vendors[-1] = name, vendor
        last = hit.end()
    if not names:
        return None, None
    return "/".join(names), vendors[0] if len(set(vendors)) == 1 else None


def _unknown_vendor(surface: str) -> str:
    if surface.startswith("MI"):
        return "AMD"
    return "Google" if surface.startswith("TPU") else "NVIDIA"


_SENTENCE_END = re.compile(r"[。!?;\n]|\.(?=\s|$)")


def _sentence(folded: str, start: int, end: int) -> tuple[int, int]:
    left = 0
    for hit in _SENTENCE_END.finditer(folded, max(0, start - 400), start):
        left = hit.end()
    after = _SENTENCE_END.search(folded, end, end + 400)
    return max(left, start - 400), after.start() if after else min(len(folded), end + 400)


def _vendor(rules: _Rules, folded: str, start: int, end: int) -> str | None:
    inside = [rules.vendors[_plain(re.sub(r"'s$", "", m[0]))].name for m in rules.vendor.finditer(folded, start, end)]
    if inside:
        return inside[0]
    for noun, vendor in rules.implied.items():
        if noun in folded[start:end].upper():
            return vendor
    left, right = _sentence(folded, start, end)
    makers = {
        rules.vendors[_plain(re.sub(r"'s$", "", m[0]))].name
        for m in rules.vendor.finditer(folded, left, right)
        if rules.vendors[_plain(re.sub(r"'s$", "", m[0]))].gpu
    }
    for hit in rules.model.finditer(folded, left, right):
        chip = rules.chips.get(_plain(hit[0])) or rules.chips.get(_plain(re.sub(r"'?s$", "", hit[0])))
        if chip:
            makers.add(chip.vendor)
    return makers.pop() if len(makers) == 1 else None


def _weak_counts(rules: _Rules, passage: Passage, start: int, end: int) -> bool:
    """Whether plain chips or cards are accelerators here."""
    vendors = [
        rules.vendors[_plain(re.sub(r"'s$", "", m[0]))] for m in rules.vendor.finditer(passage.folded, start, end)
    ]
    if any(v.chip for v in vendors):
        return True
    if vendors:
        return False
    return rules.context.search(passage.folded) is not None


def _count(passage: Passage, rules: _Rules, q: Quantity, at: int, unit: bool = False) -> GpuCount | None:
    folded, lang = passage.folded, passage.lang
    hit = rules.after.match(folded, at)
    end = at
    if hit is not None:
        end = hit.end()
    cards_only = False
    if hit is None:
        if lang != "zh":
            return None
        card = _CARDS.match(folded, at)
        if card is None or folded[q.start : q.end] == "一":
            return None
        end = card.end()
        cards_only = True
    if q.low != q.low.to_integral() or (q.high is not None and q.high != q.high.to_integral()):
        return None
    if _inside_name(rules, folded, q):
        return None
    if hit is not None and hit["weak"] and not _weak_counts(rules, passage, q.start, end):
        return None
    if lang == "zh":
        if _NOT_ZH.match(folded, end):
            return None
        if hit is not None and not hit["classifier"] and not hit["times"] and not hit["cards"] and _year(folded, q):
            return None
    else:
        if _NOT_EN.match(folded, end):
            return None
        plural = bool(_PLURAL.search(folded[q.start : end]))
        if not plural:
            if _year(folded, q):
                return None
            spelled = folded[q.start].isalpha()
            if (
                q.low > 1
                and folded[q.end : q.end + 1] == " "
                and hit is not None
                and not hit["times"]
                and _GROUPS.match(folded, end)
            ):
                if spelled or (q.low < 100 and q.low not in (4, 8, 16, 32, 64, 72)):
                    return None
    start = q.start
    model, vendor = _models(rules, folded, at, end)
    if vendor is None:
        vendor = _vendor(rules, folded, start, end) if not cards_only else None
    bound: Bound = q.bound
    if bound in ("exact", "about"):
        after = bound_after(folded, end, lang)
        if after in ("min", "max") or bound == "exact":
            bound = after
    return GpuCount(
        start, end, passage.text[start:end], int(q.low), None if q.high is None else int(q.high), bound, vendor, model
    )


_CARDS = re.compile(
    r" ?卡(?!车|路里|片|位|牌|通|带|塔|宾|特|尔|顿|脖|口|壳|点|时|/小时|丁|拉|罗|里|西|萨|布|夫|迪|座|券|号|包|套|费|友|奴|机)"
)
_TIMES_LEFT = re.compile(r" ?[xX×*✕] ?$")
_SINGLE = {
    "zh": re.compile(r"单(?=[一个块张颗枚片台]|GPU|TPU|[ ]?[A-Z])一?"),
    "en": re.compile(r"\b[Ss]ingle(?=[ -])"),
}


def find_gpu_counts(passage: Passage) -> list[GpuCount]:
    """How many accelerators a passage names, in order of start."""
    rules = _rules(passage.lang)
    folded = passage.folded
    out: list[GpuCount] = []
    singles = [
        Quantity(m.start(), m.end(), Decimal(1), Decimal(1), bound_around(folded, m.start(), m.end(), passage.lang))
        for m in _SINGLE[passage.lang].finditer(folded)
    ]
    quantities = sorted([*passage.quantities, *singles], key=lambda q: q.start) if singles else passage.quantities
    before: Quantity | None = None
    for q in quantities:
        if out and q.start < out[-1].end:
            continue
        if before is not None and q.start < before.end:
            continue
        count = _count(passage, rules, q, q.end)
        if count is None:
            count = _reversed(passage, rules, q)
        elif before is not None and passage.lang == "zh" and before.end < q.start <= before.end + 6:
            gap = rules.classifiers.fullmatch(folded, before.end, q.start)
            if gap and before.low < q.low and (not out or out[-1].end <= before.start):
                count = GpuCount(
                    before.start,
                    count.end,
                    passage.text[before.start : count.end],
                    int(before.low),
                    count.high,
                    count.bound,
                    count.vendor,
                    count.model,
                )
        if count is not None:
            out.append(count)
        before = q
    return out


def _reversed(passage: Passage, rules: _Rules, q: Quantity) -> GpuCount | None:
    """`H100 x 8`."""
    folded = passage.folded
    times = _TIMES_LEFT.search(folded, max(0, q.start - 3), q.start)
    if times is None or q.high != q.low or q.low != q.low.to_integral():
        return None
    for hit in rules.model.finditer(folded, max(0, q.start - 32), times.start()):
        if hit.end() == times.start():
            model, vendor = _models(rules, folded, hit.start(), hit.end())
            return GpuCount(
                hit.start(), q.end, passage.text[hit.start() : q.end], int(q.low), int(q.low), q.bound, vendor, model
            )
    return None
