"""Sentences and tokens: offsets, line breaks, English abbreviations, and jieba as the reference of the Rust jieba."""

from __future__ import annotations

import re

import pytest

from extractors.language import segment
from extractors.language.zh import Cutter, JiebaCutter, rust_cutter
from extractors.lexicons.companies import segmenter_words
from extractors.model import Lang

CHINESE = """\
英伟达与台积电签下三年供货协议，首批晶圆将于明年二月交付。
“我们不缺订单，缺的是电力。”一位数据中心运营商的负责人说。
甲骨文、微软和谷歌在得克萨斯州争抢同一块土地，每亩报价涨了三成多。
月之暗面、零一万物和智谱都在谈新一轮融资，投资人却在算显卡的折旧。
这家公司去年亏损4.5亿元，同比扩大12.3%，现金只够撑到秋天。
他抬头望向空旷视野里的塔吊，想起十年前这里还是一片苹果园。
字节跳动否认自研芯片流片失败，称进度符合预期！
你见过凌晨四点的机房吗？值班工程师见过。
上海壁仞科技股份有限公司提交了上市辅导备案。
研究生物理成绩下来了，南京市长江大桥上堵满了车。
中国移动互联网用户突破十二亿，其中六成用短视频买过东西。
联想到去年的涨价潮，分销商把库存从四周提高到了九周。
第一批服务器装了八千张加速卡，液冷机柜一直排到走廊尽头。
寒武纪跌停，海光信息跌近7%，沪指失守三千点。
她把旧手机卖给了回收站，换来一把螺丝刀和两节电池。
大众对电动车的热情没有消退，大众汽车却关掉了一座工厂。""".splitlines()


@pytest.mark.parametrize("sentence", CHINESE)
def test_rust_jieba_cuts_as_jieba_does(sentence: str, cutters: tuple[Cutter, Cutter | None]) -> None:
    reference, rust = cutters
    if rust is None:
        pytest.skip("rjieba is not installed")
    assert [w for w, _ in rust.tag(sentence)] == [w for w, _ in reference.tag(sentence)]


@pytest.fixture(scope="module")
def cutters() -> tuple[Cutter, Cutter | None]:
    words = segmenter_words()
    return JiebaCutter(words), rust_cutter(words)


def test_fallback_has_the_dictionary_tags(cutters: tuple[Cutter, Cutter | None]) -> None:
    assert cutters[0].tag("公司宣布在上海") == [("公司", "n"), ("宣布", "v"), ("在", "p"), ("上海", "ns")]
    assert cutters[0].has_word("英伟达")


def test_rust_jieba_keeps_latin_words_whole() -> None:
    assert [t.text for t in segment("Grok-2发布", "zh")[0].tokens] == ["Grok-2", "发布"]


@pytest.mark.parametrize("name", ["英伟达", "月之暗面", "零一万物", "台积电", "字节跳动"])
def test_names_of_the_lexicon_stay_whole(name: str) -> None:
    tokens = [t.text for s in segment(f"昨天{name}的股价没有变化", "zh") for t in s.tokens]
    assert name in tokens


def test_traditional_text_is_cut_like_simplified_and_kept_as_written() -> None:
    traditional = [t.text for t in segment("輝達宣布與臺積電擴大合作。", "zh")[0].tokens]
    assert traditional == ["輝達", "宣布", "與", "臺積電", "擴大", "合作", "。"]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Acme Inc. bought it for $1.5 billion.", 1),
        ("It was sold to Acme Inc. The price was not named.", 2),
        ("Acme Corp. said Dr. J. R. Roe of the U.S. Army met its CEO on Feb. 3.", 1),
        ("The U.S. Department of Energy paid 3.5 million.", 1),
        ("Nobody knows why. Nobody asked!  Did you?", 3),
        ("He said “It works.” She agreed.", 2),
        ("version 2.5 is out. it is free", 1),
        ("See No. 7 vs. No. 9.", 1),
        ("One\nTwo\r\nThree", 3),
        ("Prices start at 9 a.m. Monday in the U.K. and end at noon.", 1),
    ],
)
def test_english_sentences(text: str, sentences: int) -> None:
    assert len(segment(text, "en")) == sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("他说：“好。”然后走了。", 2),
        ("真的吗？！是的……好", 3),
        ("价格是3.5元。", 1),
        ("第一行\n第二行", 2),
        ("", 0),
        (" \n \u3000\n", 0),
    ],
)
def test_chinese_sentences(text: str, sentences: int) -> None:
    assert len(segment(text, "zh")) == sentences


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "text",
    [
        "\u3000\u3000輝達（NVIDIA）發布 H100。\r\n\r\n“真的？”  U.S. firms paid\u2028$1.5bn!",
        "((((((((" * 40 + " end.",
        "𠀀𠀁 emoji 👩‍💻。",
    ],
)
def test_tokens_slice_the_text(text: str, lang: Lang) -> None:
    """Tokens are in order, do not overlap, and together hold everything visible."""
    position = 0
    seen = []
    for sentence in segment(text, lang):
        assert position <= sentence.start < sentence.end <= len(text)
        assert not text[sentence.start].isspace()
        assert not text[sentence.end - 1].isspace()
        for token in sentence.tokens:
            assert position <= token.start < token.end <= sentence.end
            assert text[token.start : token.end] == token.text
            position = token.end
            seen.append(token.text)
    assert re.sub(r"\s", "", "".join(seen)) == re.sub(r"\s", "", text)
