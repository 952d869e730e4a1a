"""The shape of a count behind its number: classifier, modifiers, vendor, then the model or noun that is counted."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from extractors.lexicons.chips import load_chips
from extractors.lexicons.trie import trie
from extractors.model import Lang
from extractors.text import fold

_SPACES = re.compile(r"[\s\-_]+")
# Models whose last letter news writes small too.
_LOWER_S = frozenset(("L40S",))
_PLURAL = re.compile(r"'?s$")


@dataclass(frozen=True, slots=True)
class Vendor:
    name: str
    gpu: bool
    """Whether a GPU that a sentence about this vendor counts is its own."""
    chip: bool
    """Whether its plain "chips" are accelerators."""


@dataclass(frozen=True, slots=True)
class Model:
    name: str
    vendor: str


@dataclass(frozen=True, slots=True)
class Grammar:
    after: re.Pattern[str]
    """From the end of the quantity to the end of the noun; groups times, unit, model, strong, weak, cards."""
    first: frozenset[str]
    """What `after` can begin with, spaces and hyphens aside: characters in Chinese, lower-case words in English."""
    others: re.Pattern[str]
    """What behind the noun shows that something else is counted."""
    holders: re.Pattern[str]
    """What holds chips: one GPU cluster is one cluster."""
    model: re.Pattern[str]
    model_start: re.Pattern[str]
    """Where a model's name may begin: a test of one character, since its names are many."""
    vendor: re.Pattern[str]
    context: re.Pattern[str]
    names: re.Pattern[str]
    vendors: dict[str, Vendor]
    models: dict[str, Model]
    implied: dict[str, str]
    """Vendors by the noun that only one of them makes."""
    implying: re.Pattern[str]

    def models_in(self, folded: str, start: int, end: int) -> Iterator[re.Match[str]]:
        """The names of models in `folded[start:end]`, in order, without overlap."""
        for place in self.model_start.finditer(folded, start, end):
            if place.start() >= start and (hit := self.model.match(folded, place.start(), end)):
                start = hit.end()
                yield hit

    def vendor_of(self, surface: str) -> Vendor:
        return self.vendors[plain(surface.removesuffix("'s"))]

    def model_of(self, surface: str) -> Model:
        """The model that a surface of `model` names; for one that no row knows, as written."""
        surface = _TPU_TURNED.sub(r"TPU \1", surface)
        singular = self.models.get(plain(_PLURAL.sub("", surface)))
        known = self.models.get(plain(surface))
        if known is None or (singular is not None and surface.endswith("s") and known.name not in _LOWER_S):
            # V100s are many V100, though a V100S exists.
            known = singular or known
        if known is not None:
            return known
        name = " ".join(re.findall(r"[A-Za-z]+ ?v?[0-9]+[A-Za-z]*|[A-Za-z]+|[0-9]+", _PLURAL.sub("", surface)))
        name = re.sub(r"^(RTX|GTX|TPU) ?", r"\1 ", name)
        return Model(name, "AMD" if name.startswith("MI") else "Google" if name.startswith("TPU") else "NVIDIA")


def plain(surface: str) -> str:
    """What surfaces are compared by: no case, no spaces, no hyphens."""
    return _SPACES.sub("", surface).casefold()


# Models that no row can know yet: further H, B, R and MI numbers, GeForce cards, TPU versions.
_UNKNOWN = (
    r"G?[BHR][1-9][0-9]{2}[A-Z]?|(?:RTX|GTX) ?[0-9]{3,4}(?: ?Ti| ?SUPER)?|MI[1-9][0-9]{2}[A-Z]?"
    r"|TPU ?v[0-9][a-z]?|v[2-9][a-z]? TPU"
)
_TPU_TURNED = re.compile(r"(v[0-9][a-z]?) TPU", re.I)
# GeForce cards go by their number alone; 5000 and 6000 are round numbers more often than cards.
_CARD = re.compile(r"RTX (\d(?!000)\d{3} ?(?:D|S|Ti|SUPER|Ti ?SUPER)?)|GTX (\d{3,4} ?Ti)")
_EDGE = "(?![A-Za-z0-9])"
_SIZE = rf"(?:[0-9]+ ?GB?|[0-9]+ ?W|SXM[0-9]?|PCIe|NVL|HBM[0-9]?e?){_EDGE}"


def _words(words: list[str]) -> str:
    """Any of the words, letter case aside; a Latin end must be the end of the word."""
    folded = {fold(w).lower() for w in words}
    latin = [w for w in folded if w[-1].isascii() and w[-1].isalnum()]
    other = [w for w in folded if w not in latin]
    parts = ([f"{trie(latin)}{_EDGE}"] if latin else []) + ([trie(other)] if other else [])
    return f"(?i:{'|'.join(parts)})"


@cache
def grammar(lang: Lang) -> Grammar:
    """The compiled patterns of a language; 10 ms once."""
    table = tomllib.loads(files("extractors.lexicons").joinpath("chip_words.toml").read_text("utf-8"))
    models: dict[str, Model] = {}
    surfaces: list[str] = []
    bare: list[str] = []
    for chip in load_chips():
        for surface in chip.surfaces:
            models[plain(surface)] = Model(chip.name, chip.vendor)
            surfaces.append(surface)
            if card := _CARD.fullmatch(surface):
                number = card[1] or card[2]
                models.setdefault(plain(number), Model(chip.name, chip.vendor))
                bare.append(number)
    vendors = {
        plain(fold(surface)): Vendor(name, bool(row.get("gpu")), bool(row.get("chip")))
        for name, row in table["vendors"].items()
        for surface in row["surfaces"]
    }
    makers = [s for row in table["vendors"].values() for s in row["surfaces"]]
    named = rf"(?:{_words(surfaces)}|(?:{_UNKNOWN}){_EDGE})"
    plural = "(?:'?s(?![A-Za-z]))?"
    model = rf"(?:(?i:{trie({s.lower() for s in (*surfaces, *bare)})}|{_UNKNOWN}){plural}{_EDGE})"
    vendor = rf"{_words(makers)}(?:'s)?"
    strong = _words(table["nouns"]["strong_" + lang])
    weak = _words(table["nouns"]["weak_" + lang])
    ends = f"{weak}|{_words(table['nouns']['tail_' + lang])}"
    han = trie(s for s in surfaces if not s[0].isascii())
    modifier = _words(table[lang]["modifiers"])
    models_pattern = rf"{model}(?: ?(?:/|或者?|和|or|and|&) ?(?:{vendor} ?)?{model})*"
    if lang == "zh":
        after, first = _zh(table["zh"]["classifiers"], modifier, vendor, models_pattern, strong, weak, ends)
    else:
        after, first = _en(modifier, vendor, models_pattern, strong, weak, ends)
    starts = [
        *table[lang]["modifiers"],
        *makers,
        *surfaces,
        *bare,
        *table["nouns"]["strong_" + lang],
        *table["nouns"]["weak_" + lang],
    ]
    if lang == "zh":
        first |= {c for s in starts for c in (fold(s)[0], fold(s)[0].lower(), fold(s)[0].upper())} | set("GBHRMT")
    else:
        first |= {re.split("[^a-z0-9.]", fold(s).lower(), maxsplit=1)[0] for s in starts}
    return Grammar(
        re.compile(after),
        frozenset(first),
        _others(table),
        _holders(table[lang]["holders"], lang),
        re.compile(f"{model}|{named}{plural}|{han}"),
        _model_start((*surfaces, *bare)),
        re.compile(rf"(?<![A-Za-z]){vendor}"),
        re.compile("|".join(re.escape(fold(w)) for w in table["context"][lang])),
        re.compile(rf"(?<![A-Za-z]){trie(fold(w) for w in table['names']['words'])} ?$"),
        vendors,
        models,
        table["implied"],
        re.compile(rf"(?<![A-Za-z])(?:{'|'.join(table['implied'])})[sS]?(?![A-Za-z])"),
    )


def _model_start(surfaces: tuple[str, ...]) -> re.Pattern[str]:
    """A first character of a surface, where a Latin one begins its word or follows the x of 8xH100."""
    firsts = {s[0] for s in surfaces} | set("GBHRMT")
    latin = "".join(sorted({c for f in firsts if f.isascii() for c in (f.lower(), f.upper())}))
    han = "".join(sorted(f for f in firsts if not f.isascii()))
    return re.compile(f"[{latin}{han}](?:(?<=[{han}])|(?<![A-Za-z0-9].)|(?<=[0-9][xX].))")


def _others(table: dict[str, dict[str, list[str]]]) -> re.Pattern[str]:
    """Of both languages, since Chinese news writes GPU hours too."""
    english = "|".join(word.replace(" ", "[ -]") for word in table["en"]["others"])
    return re.compile(
        rf" ?(?:/|·|\*)?(?:{trie(table['zh']['others'])}|时(?!代|候|间)|核|代(?!理|表)|云(?!端))|[ -](?i:{english})s?\b"
    )


def _holders(words: list[str], lang: Lang) -> re.Pattern[str]:
    return re.compile(f" ?{trie(words)}" if lang == "zh" else rf" (?i:{'|'.join(words)})s?\b")


# Adjectives by their endings, for those that no list holds (unopened, serviceable); a plural noun must follow.
ADJECTIVE = "(?:un[a-z]{4,16}|[a-z]{3,16}(?:ed|able|ible|less|ish|ous|ic|ian|ese|ern|ary|ive|ful|ing|al))"
# A word that a counted chip may bear before its name: 半高, 涡轮版. Verbs and particles begin another clause.
_HAN_WORD = (
    "[^\\W0-9A-Za-z_装用有在为与和及的了到给由从以搭载配需买卖来是内把被让使含每各等"
    "出供租售换运付花第系代款种图照]{1,4}?"
)

# What 卡 begins when it counts no cards.
_NO_CARD = "车路里片位牌通带塔宾特尔顿脖口壳点时丁拉罗西萨布夫迪座券号包套费友奴/"


def _zh(
    classifiers: list[str], modifier: str, vendor: str, models: str, strong: str, weak: str, ends: str
) -> tuple[str, set[str]]:
    unit = rf"[ ]?(?P<unit>{trie(classifiers)})[ ]?(?:的[ ]?)?"
    times = r"[ ]?(?P<times>[xX×*✕])[ ]?"
    filler = rf"(?:(?:{modifier}|{vendor}[™®]?|[\"“”「」]|[0-9]+ ?GB(?:显存)?的?|[A-Za-z]+架构的?)[ ]?){{0,7}}?"
    whole = r"(?!组|带|通|路|车)"
    noun = rf"(?:(?P<model>{models})|(?P<strong>{strong})|(?P<weak>{weak}){whole})"
    odd = rf"(?P<odd>(?<=[张块颗枚片]){_HAN_WORD}(?={strong}|[A-Z]{{1,3}}[0-9]))?"
    tail = (
        rf"(?:[ ]?(?:/|或|和)[ ]?(?:{models}|{strong})"
        rf"|[ ]?(?:™|®|(?:系列|架构的?)[ ]?(?={strong}|{ends}))?(?:{models}|{strong}|(?:{ends}){whole})"
        rf"|[ ]?Tensor Core|[ -]?{_SIZE})*"
    )
    cards = rf"[ ]?(?P<cards>卡)(?![{_NO_CARD}])(?:[ ]?(?:{vendor}[ ]?)?{models})?"
    first = {"卡", *(c[0] for c in classifiers), *'xX×*✕"“”「」'}
    # 40系显卡 is a series, 三代GPU a generation.
    return rf"(?![ ]?[系代款种])(?:{cards}|(?:{unit}|{times}|[ -]?)(?:{filler}|{odd}){noun}{tail})", first


def _en(modifier: str, vendor: str, models: str, strong: str, weak: str, ends: str) -> tuple[str, set[str]]:
    # 40-series cards and 3nm chips are kinds, and no number of them.
    lead = (
        r"(?![ -]?(?:series|gen(?:eration)?|class|nm|inch|bit|core|way|th|nanometer)\b)"
        r"(?:[ ]or[ ](?:more|fewer|so)[ ]|[ ]?(?P<times>[xX×*✕])[ ]?|[ -]|(?P<unit>(?P<cards>\+[ ]))|)"
    )
    other = (
        r"(?!(?:year|month|week|day|decade|hour|minute)s?-)[A-Za-z]+(?:-[A-Za-z]+)+|[0-9]+ ?GB"
        r"|[\"“‘][A-Za-z ]+[\"”’]|™|®"
    )
    filler = rf"(?:(?:{modifier}|{vendor}[™®]?|{other}|(?P<adjective>{ADJECTIVE}))(?:[ -]|,[ ])){{0,6}}?"
    noun = rf"(?:(?P<model>{models})|(?P<strong>{strong})|(?P<weak>{weak}))"
    between = r"Tensor Core|AI|SXM[0-9]?|PCIe|NVL|series|Series|family|Ultra|class|based|powered"
    tail = (
        rf"(?:[ -](?:\([0-9]+ ?GB?\)[ ](?={strong}))?(?:{models}|{strong}|{ends}"
        rf"|(?:{between})(?=[ -](?:{strong}|{ends})))|[ -]?{_SIZE})*"
    )
    return lead + filler + noun + tail, {"x", "or"}
