"""Words of a Chinese text that is cut once are those of its sentences cut one by one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.entities import entities_of, find_entities
from extractors.language import cut
from extractors.language.reading import columns, read
from extractors.language.sentences import Cut, sentences_zh
from extractors.language.zh import Cutter, JiebaCutter, cutter
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
    for start, end in sentences_zh(folded):
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


def test_chinese_samples() -> None:
    articles = [json.loads(p.read_text("utf-8")) for p in sorted((ROOT / "fixtures" / "sites").rglob("article.json"))]
    texts = [article["text"] for article in articles if article["lang"].startswith("zh")]
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
        assert cut(text, "zh") == one_by_one(text, jieba)

    same()


@settings(max_examples=300, deadline=None)
@given(_CHINESE, _CHINESE, st.sampled_from(["zh", "en"]))
def test_title_and_body_read_as_one_are_cut_as_two(title: str, body: str, lang: Lang) -> None:
    whole = read(f"{title}\n{body}", lang)
    assert columns(whole, 0, len(title)) == cut(title, lang)
    assert columns(whole, len(title) + 1, len(whole.text)) == cut(body, lang)
    assert entities_of(whole) == find_entities(whole.text, lang)
