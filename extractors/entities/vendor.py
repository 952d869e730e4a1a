"""Which model, and whose, a stretch of text counts."""

from __future__ import annotations

import re

from extractors.entities.chip_grammar import Grammar

_JOINT = re.compile(r"(?: ?GPUs?)? ?(?:/|或者?|和|or|and|&) ?(?:[A-Za-z]+ )?")
_SENTENCE_END = re.compile(r"[。!?;\n]|\.(?=\s|$)")
_REACH = 300
# A vendor that is only a partner, or whose other product is meant, does not make the GPUs of the sentence.
_PARTNER_BEFORE = re.compile(
    r"(?:与|和|同|跟|、|及|联合|携手|\b(?:unlike|than|rivals?|rivaling|against|versus|vs\.?)) ?$", re.I
)
# Who signs with a maker buys what it makes.
_DEAL = re.compile(r"(?:公司)?(?:达成|签署|签订|签约|签下|订购|采购|购买)")
# What is said of one side of a contrast is not said of the other.
_CONTRAST = re.compile(
    r"\b(?:while|whereas|whilst|unlike|by contrast|rather than|compared (?:with|to))\b"
    r"|相比之下|反观|(?<![规原法准守细])则"
)
_PARTNER = re.compile(r"\b(?:with|and|like|by) $", re.I)
_PARTNER_AFTER = re.compile(r" ?(?:[,.;)]|to |and |for |on |or |in )")


def model_and_vendor(grammar: Grammar, folded: str, start: int, end: int) -> tuple[str | None, str | None]:
    """The model that `start:end` names (two as `A/B`) and its vendor.

    A family beside its own model (Blackwell B200) says no more than the model.
    """
    names: list[str] = []
    vendors: set[str] = set()
    last = start
    for hit in grammar.models_in(folded, start, end):
        model = grammar.model_of(hit[0])
        if not names or _JOINT.fullmatch(folded, last, hit.start()):
            if model.name not in names:
                names.append(model.name)
            vendors.add(model.vendor)
        elif not any(c.isdigit() for c in names[-1]) and any(c.isdigit() for c in model.name):
            names[-1], vendors = model.name, {model.vendor}
        last = hit.end()
    if not names:
        return None, None
    return "/".join(names), vendors.pop() if len(vendors) == 1 else None


def vendor_inside(grammar: Grammar, folded: str, start: int, end: int) -> str | None:
    """The vendor that `start:end` says, or that its noun implies (a TPU is Google's)."""
    hit = grammar.vendor.search(folded, start, end)
    if hit is not None:
        vendor = grammar.vendor_of(hit[0])
        # AWS GPUs are GPUs that AWS rents out.
        return vendor.name if vendor.gpu or "GPU" not in folded[start:end] else None
    noun = grammar.implying.search(folded, start, end)
    return grammar.implied[noun[0].upper().rstrip("S")] if noun else None


def vendor_before(grammar: Grammar, folded: str, start: int) -> str | None:
    """The one maker that the sentence names before the count; `None` when it names none, several, or only partners."""
    left = max(0, start - _REACH)
    for end in _SENTENCE_END.finditer(folded, left, start):
        left = end.end()
    for turn in _CONTRAST.finditer(folded, left, start):
        left = turn.end()
    makers: set[str] = set()
    for hit in grammar.vendor.finditer(folded, left, start):
        vendor = grammar.vendor_of(hit[0])
        if vendor.gpu:
            near = max(left, hit.start() - 12)
            if (_PARTNER_BEFORE.search(folded, near, hit.start()) and not _DEAL.match(folded, hit.end())) or (
                _PARTNER.search(folded, near, hit.start()) and _PARTNER_AFTER.match(folded, hit.end())
            ):
                return None
            makers.add(vendor.name)
    makers |= {grammar.model_of(hit[0]).vendor for hit in grammar.models_in(folded, left, start)}
    makers |= {grammar.implied[hit[0].upper().rstrip("S")] for hit in grammar.implying.finditer(folded, left, start)}
    return makers.pop() if len(makers) == 1 else None
