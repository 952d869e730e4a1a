"""Words of a text that is cut once are those of its sentences cut one by one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.language import cut
from extractors.language.en import _English
from extractors.language.sentences import Cut, sentences_zh
from extractors.language.zh import Cutter, JiebaCutter, cut_zh, cutter
from extractors.lexicons.companies import segmenter_words
from extractors.model import Lang
from extractors.text import fold

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "pages" / "zh"

# What ends sentences, what jieba takes into a word beside characters, and blanks of several kinds.
_MARKS = "。！？!?….\"”') \n\r\t\u3000\x85%+-#&_"
_CHINESE = st.lists(st.sampled_from([*_MARKS, "英伟达", "臺積電", "3.5", "GPU", "涨", "ｋ"]), max_size=20).map("".join)


def one_by_one(text: str, segmenter: Cutter) -> list[Cut]:
    folded = fold(text)
    found = []
    for start, end in sentences_zh(text):
        tokens: list[str] = []
        starts: list[int] = []
        at = start
        for word in segmenter.cut(folded[start:end]):
            if not word.isspace():
                tokens.append(text[at : at + len(word)])
                starts.append(at)
            at += len(word)
        found.append(Cut(start, end, tokens, starts))
    return found


def _sample_texts(lang: Lang) -> Iterator[str]:
    for path in sorted((ROOT / "fixtures" / "sites").rglob("article.json")):
        article = json.loads(path.read_text("utf-8"))
        if article["lang"].startswith(lang):
            yield article["text"]


def test_chinese_samples() -> None:
    texts = list(_sample_texts("zh"))
    assert len(texts) > 10
    texts += [path.read_text("utf-8") for path in sorted(SHARED.glob("*.txt"))[::5]]
    for text in texts:
        assert cut(text, "zh") == one_by_one(text, cutter())


@settings(max_examples=300, deadline=None)
@given(_CHINESE | st.text(st.characters(codec="utf-8"), max_size=40))
def test_any_chinese_text(text: str) -> None:
    assert cut(text, "zh") == one_by_one(text, cutter())


def test_the_other_jieba_too(monkeypatch: pytest.MonkeyPatch) -> None:
    jieba = JiebaCutter(segmenter_words())
    monkeypatch.setattr("extractors.language.zh.cutter", lambda: jieba)

    @settings(max_examples=200, deadline=None)
    @given(_CHINESE)
    def same(text: str) -> None:
        assert cut_zh(text) == one_by_one(text, jieba)

    same()


def test_english_samples_as_spacy_cuts_the_whole_text() -> None:
    tokenizer = spacy.blank("en").tokenizer
    for text in _sample_texts("en"):
        whole = [(t.idx, t.text) for t in tokenizer(text) if not t.is_space]
        assert [(at, token) for c in cut(text, "en") for token, at in zip(c.tokens, c.starts, strict=True)] == whole


def test_spacy_keeps_no_word_for_good() -> None:
    """A crawl's endless new words fill neither our memory of them, which is bounded, nor spaCy's."""
    english = _English()
    before = len(english._vocab.strings)
    text = " ".join(f"w{n}-x." for n in range(500))
    assert len(english.cut(text, [(0, len(text))])[0].tokens) >= 500
    assert len(english._vocab.strings) == before
