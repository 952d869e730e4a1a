"""The entities as spaCy components, for those who have a pipeline of their own.

    nlp = spacy.blank("zh")          # or any pipeline, in any language
    nlp.add_pipe("chipwire_money")   # also chipwire_gpu_count, chipwire_company
    doc = nlp("融资60亿美元")
    for span in doc.spans["chipwire"]:
        span.label_, span.text, span._.chipwire_low, span._.chipwire_currency

The rules read the characters of `doc.text`, never tokens, so any tokenizer will do. A span covers whole tokens: where a
token holds more than the entity, `chipwire_start` and `chipwire_end` give the entity's own offsets in `doc.text`. The
attributes are plain numbers and texts, so that docs can be serialised; one that its type does not have is `None`.

>>> import spacy
>>> nlp = spacy.blank("en")
>>> _ = nlp.add_pipe("chipwire_money"), nlp.add_pipe("chipwire_gpu_count")
>>> doc = nlp("It paid $4 billion for 100,000 H100s.")
>>> [(s.text, s.label_, s._.chipwire_low) for s in doc.spans["chipwire"]]
[('$4 billion', 'MONEY', 4000000000), ('100,000 H100s', 'GPU_COUNT', 100000)]
>>> empty = nlp("")
>>> len(empty.spans["chipwire"])
0
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial

from spacy.language import Language
from spacy.tokens import Doc, Span

from extractors.entities.company import find_companies
from extractors.entities.gpu_count import find_gpu_counts
from extractors.entities.money import find_money
from extractors.entities.passage import Passage
from extractors.model import Entity

SPANS_KEY = "chipwire"
FIELDS = (
    "start",
    "end",
    "low",
    "high",
    "bound",
    "currency",
    "per",
    "vendor",
    "model",
    "company_id",
    "name",
    "kind",
    "known",
)
"""The attributes of a span are these with `chipwire_` before them."""


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral() else float(value)
    return value


def _value(span: Span, field: str) -> object:
    values = span.doc.user_data.get(SPANS_KEY, {})
    return values.get(span.id_, {}).get(field)


class _Component:
    """Finds one type of entity and adds it to `doc.spans["chipwire"]`."""

    def __init__(self, find: Callable[[Passage], Sequence[Entity]], lang: str | None) -> None:
        self._find = find
        # A language without rules of its own is read by what the text looks like.
        self._lang = lang if lang in ("zh", "en") else None
        for field in FIELDS:
            if not Span.has_extension(f"chipwire_{field}"):
                Span.set_extension(f"chipwire_{field}", getter=partial(_value, field=field))

    def __call__(self, doc: Doc) -> Doc:
        spans = list(doc.spans[SPANS_KEY]) if SPANS_KEY in doc.spans else []
        values = doc.user_data.setdefault(SPANS_KEY, {})
        for entity in self._find(Passage.of(doc.text, self._lang)):
            start, end, label = entity.start, entity.end, entity.type
            # Several entities may lie in one token, so a span is known by its id and not by its place.
            key = f"{SPANS_KEY}:{label}:{start}:{end}"
            span = doc.char_span(start, end, label=label, span_id=key, alignment_mode="expand")
            values[key] = {f: _plain(getattr(entity, f)) for f in FIELDS if hasattr(entity, f)}
            spans.append(span)
        doc.spans[SPANS_KEY] = spans
        return doc


@Language.factory("chipwire_company", assigns=["doc.spans"])
def company(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """COMPANY spans: `chipwire_company_id`, `_name`, `_kind`, `_known`."""
    return _Component(find_companies, nlp.lang)


@Language.factory("chipwire_gpu_count", assigns=["doc.spans"])
def gpu_count(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """GPU_COUNT spans: `chipwire_low`, `_high`, `_bound`, `_vendor`, `_model`."""
    return _Component(find_gpu_counts, nlp.lang)


@Language.factory("chipwire_money", assigns=["doc.spans"])
def money(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """MONEY spans: `chipwire_low`, `_high`, `_bound`, `_currency`, `_per`."""
    return _Component(find_money, nlp.lang)
