"""The spaCy components: after blank pipelines, beside other components, through serialisation."""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span

from extractors import spacy_components

ROOT = Path(__file__).parents[2]
COMPONENTS = ("chipwire_company", "chipwire_gpu_count", "chipwire_money")


def pipeline(lang: str) -> Language:
    nlp = spacy.blank(lang)
    for name in COMPONENTS:
        nlp.add_pipe(name)
    return nlp


def found(doc: Doc, label: str) -> list[tuple[str, object, object]]:
    return [(s.text, s._.chipwire_low, s._.chipwire_bound) for s in doc.spans["chipwire"] if s.label_ == label]


@pytest.mark.parametrize("lang", ["zh", "xx"])
def test_chinese(lang: str) -> None:
    doc = pipeline(lang)("xAI 计划采购约10万块英伟达H100，耗资超过60亿美元。")
    spans = {s.label_: s for s in doc.spans["chipwire"]}
    assert set(spans) == {"COMPANY", "GPU_COUNT", "MONEY"}
    count, money = spans["GPU_COUNT"]._, spans["MONEY"]._
    assert (count.chipwire_low, count.chipwire_bound, count.chipwire_model) == (100_000, "about", "H100")
    assert (money.chipwire_low, money.chipwire_bound, money.chipwire_currency) == (6_000_000_000, "min", "USD")
    assert money.chipwire_per is None
    assert count.chipwire_currency is None
    assert doc.text[count.chipwire_start : count.chipwire_end] == "10万块英伟达H100"


def test_english() -> None:
    doc = pipeline("en")("Oracle pays $2.50/hour for each of 8x H100s, up to $4 billion.")
    assert found(doc, "MONEY") == [("$2.50", 2.5, "exact"), ("$4 billion", 4_000_000_000, "max")]
    assert found(doc, "GPU_COUNT") == [("8x H100s", 8, "exact")]


def test_tokens_that_hold_more_keep_the_offsets() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("chipwire_money")
    text = "at $399/month."
    doc = nlp(text)
    (span,) = doc.spans["chipwire"]
    assert "$399" in span.text
    assert text[span._.chipwire_start : span._.chipwire_end] == "$399"


def test_other_components_keep_their_spans_and_entities() -> None:
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "ORG", "pattern": "Oracle"}])  # type: ignore[attr-defined]  # an EntityRuler
    nlp.add_pipe("chipwire_money", last=True)
    nlp.add_pipe("chipwire_gpu_count", first=True)
    doc = nlp("Oracle bought 5,000 GPUs for $1bn")
    assert [(e.text, e.label_) for e in doc.ents] == [("Oracle", "ORG")]
    assert [s.label_ for s in doc.spans["chipwire"]] == ["GPU_COUNT", "MONEY"]


def test_nothing_found_is_an_empty_group() -> None:
    for text in ("", " ", "no numbers here"):
        doc = pipeline("en")(text)
        assert len(doc.spans["chipwire"]) == 0


def test_docs_survive_serialisation() -> None:
    nlp = pipeline("zh")
    docs = DocBin(docs=[nlp("融资数百万美元，3.5万张A100")], store_user_data=True)
    (doc,) = DocBin(store_user_data=True).from_bytes(docs.to_bytes()).get_docs(nlp.vocab)
    assert found(doc, "MONEY") == [("数百万美元", 1_000_000, "vague")]
    assert found(doc, "GPU_COUNT") == [("3.5万张A100", 35_000, "exact")]


def test_pipe_gives_what_a_call_gives() -> None:
    nlp = pipeline("en")
    texts = ["$5 million", "8 GPUs", "nothing"]
    assert [found(d, "MONEY") for d in nlp.pipe(texts)] == [found(nlp(t), "MONEY") for t in texts]


def test_entry_points_are_the_factories() -> None:
    entry_points = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"][
        "spacy_factories"
    ]
    assert set(entry_points) == set(COMPONENTS)
    for name, target in entry_points.items():
        module, _, function = target.partition(":")
        assert Language.has_factory(name)
        assert getattr(import_module(module), function)(spacy.blank("en"), name)(
            Doc(spacy.blank("en").vocab, words=["x"])
        )


def test_every_attribute_is_registered() -> None:
    pipeline("en")
    assert all(Span.has_extension(f"chipwire_{field}") for field in spacy_components.FIELDS)
