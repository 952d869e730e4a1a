"""Texts before anyone reads them: folding of width and variants that keeps offsets, scripts, and language.

>>> fold("１０萬塊ＧＰＵ")
'10万块GPU'
>>> len(fold("億　元")) == len("億　元")
True
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from extractors.errors import TextError
from extractors.model import Lang, PageLang

_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_CLAUSE_COMMA = re.compile(r"，(?<=[0-9]，)(?=[0-9])(?!000(?![0-9]))")
_ASCII = bytes(range(128))
# In a text with fewer other characters than one in so many, of no more kinds than these, each is replaced by itself.
_FEW = 16
_SAMPLE = 256
_KINDS = 24
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_NO_LATIN = bytes(sorted({*range(256)} - {*b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"}))
_WORD_FORM = bytes(code if chr(code).isalnum() else 10 for code in range(128)).lower() + b"\n" * 128
_COMMON = bytes([*b"\t\n\x0c\r", *range(0x20, 0x7F)])
_OTHER = re.compile(r"[\u0370-\u03ff\u0400-\u052f\u0590-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u3040-\u30ff\uac00-\ud7af]+")
# The commonest English function words; enough to tell English from its Latin-script neighbours.
# fmt: off
_ENGLISH = frozenset((
    "the", "of", "and", "to", "in", "is", "that", "for", "on", "with", "as", "are", "was", "by", "it", "its", "has",
    "have", "from", "at", "this", "will", "be",
))
# fmt: on
_WORD = re.compile(r"\w+")


@cache
def _variants() -> dict[int, str]:
    """Traditional to simplified, as OpenCC maps single characters."""
    first, second = files("extractors.lexicons").joinpath("traditional.txt").read_text("utf-8").split("\n")[:2]
    return {ord(a): b for a, b in zip(first, second, strict=True)}


@cache
def _folding() -> list[int]:
    """The folded code point of each of the first 65,536: `str.translate` reads a list twice as fast as a dict."""
    table = list(range(0x10000))
    for code, char in _variants().items():
        if code < 0x10000:
            table[code] = ord(char)
    table[0xFF01:0xFF5F] = range(0x21, 0x7F)
    for char in _SPACES:
        table[ord(char)] = 0x20
    for code, char in ((0x2010, "-"), (0x2011, "-"), (0x2019, "'"), (0xFFE5, "¥"), (0xFFE1, "£"), (0xFFE0, "¢")):
        table[code] = ord(char)
    return table


def fold(text: str) -> str:
    """The text with full-width forms, spaces and traditional characters folded, code point for code point.

    `len(fold(text)) == len(text)`, so offsets found in one hold in the other. Letter case stays.

    >>> fold("台積電　ＮＴ＄１，０００億")
    '台积电 NT$1,000亿'
    """
    if text.isascii():
        return text
    folded = _replaced(text)
    if "，" in text:
        # Between half-width digits the comma of Chinese sentences ends a clause: 售价8，2024年 is no 82,024.
        places = [hit.start() for hit in _CLAUSE_COMMA.finditer(text)]
        if places:
            chars = list(folded)
            for place in places:
                chars[place] = "，"
            folded = "".join(chars)
    return folded


def _replaced(text: str) -> str:
    table = _folding()
    # The beginning tells whether it is worth a look at the rest.
    if len(beyond_ascii(text[:_SAMPLE])) * _FEW > _SAMPLE:
        return text.translate(table)
    foreign = beyond_ascii(text)
    if len(foreign) * _FEW < len(text) and len(kinds := set(foreign)) <= _KINDS:
        # English has some quotation marks and spaces of its own, and little else.
        changed = {c: chr(table[ord(c)]) for c in kinds if ord(c) < len(table) and table[ord(c)] != ord(c)}
        if all(map(str.isascii, changed.values())):
            for char, plain in changed.items():
                text = text.replace(char, plain)
            return text
    return text.translate(table)


def beyond_ascii(text: str) -> str:
    """The characters of a text that are no ASCII, in order.

    >>> beyond_ascii("a–b é😀"), beyond_ascii("plain")
    ('–é😀', '')
    """
    return "" if text.isascii() else _without(text, _ASCII)


def uncommon(text: str) -> str:
    """A text with the same uncommon characters (all but printable ASCII and blanks) and few others.

    A pattern that looks for one of them is done with English many times faster: only a little of it is left.

    >>> uncommon("He said: “Don’t.”"), uncommon("他说：“不。”"), uncommon("")
    ('“’”', '他说：“不。”', '')
    """
    if len(text[:_SAMPLE].encode("utf-8", "surrogatepass")) * 4 > _SAMPLE * 5:
        return text
    return _without(text, _COMMON)


def word_form(text: str) -> bytes:
    """A text as its words of ASCII in lower case, a byte a character, with a line break for any other character.

    >>> word_form("AMD's 3 chips、")
    b'amd\\ns\\n3\\nchips\\n'
    """
    return text.encode("ascii", "replace").translate(_WORD_FORM)


def _without(text: str, some: bytes) -> str:
    """A text without some ASCII characters; bytes are told several times as fast as by a pattern."""
    return text.encode("utf-8", "surrogatepass").translate(None, some).decode("utf-8", "surrogatepass")


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(map(len, pattern.findall(text)))


def _count_latin(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass").translate(None, _NO_LATIN))


def rules_lang(text: str) -> Lang:
    """Whose rules should read this text: a tenth of Han characters makes it Chinese.

    >>> rules_lang("xAI buys 10 GPUs"), rules_lang("OpenAI 宣布"), rules_lang("")
    ('en', 'zh', 'en')
    """
    if text.isascii():
        return "en"
    # The beginning of a Chinese text decides: it has no more Latin letters than characters.
    if _count(_HAN, text[:_SAMPLE]) * 10 >= len(text):
        return "zh"
    han = _count(_HAN, uncommon(text))
    return "zh" if han and han * 10 >= _count_latin(text) else "en"


def check_lang(lang: str | None, text: str) -> Lang:
    """`lang` as one of the two rule sets; `None` reads the text.

    >>> check_lang("zh-Hant", "")
    'zh'
    >>> check_lang("fr", "")
    Traceback (most recent call last):
    extractors.errors.TextError: language 'fr': only zh and en have rules
    """
    if lang is None:
        return rules_lang(text)
    base = lang.lower().replace("_", "-").split("-")[0]
    if base == "zh":
        return "zh"
    if base == "en":
        return "en"
    raise TextError(f"language {lang!r}: only zh and en have rules")


def page_lang(text: str) -> PageLang:
    """The language of an article's text.

    Chinese is told from Japanese and Korean by their own scripts, traditional from simplified by the characters that
    only one of them has, English from other Latin-script languages by its function words.

    >>> page_lang("輝達與臺積電宣布合作"), page_lang("英伟达与台积电宣布合作"), page_lang("NVIDIA がチップを発表した")
    ('zh-Hant', 'zh-Hans', 'other')
    """
    sample = text[:20_000]
    latin = _count_latin(sample)
    han = other = 0
    if not sample.isascii():
        han = _count(_HAN, sample)
        # What is neither Latin nor Han is mostly punctuation, and too little to matter.
        if (len(sample) - han - latin) * 4 > han + latin // 4 or han * 10 < latin:
            other = _count(_OTHER, sample)
    if other * 4 > han + latin // 4:
        return "other"
    if han * 10 >= latin and han:
        # Characters that arise from simplifying are simplified.
        variants, plain = _traditional_only(), _simplified_only()
        if variants.isdisjoint(sample):
            return "zh-Hans"
        traditional = sum(map(variants.__contains__, sample))
        simplified = sum(map(plain.__contains__, sample))
        return "zh-Hant" if traditional > simplified else "zh-Hans"
    words = latin / 5
    if latin and len([w for w in _WORD.findall(sample.lower()) if w in _ENGLISH]) >= words * 0.085:
        return "en"
    return "en" if latin and words < 12 and other == 0 and sample.isascii() else "other"


@cache
def _traditional_only() -> frozenset[str]:
    """Characters that change when simplified."""
    return frozenset(map(chr, _variants()))


@cache
def _simplified_only() -> frozenset[str]:
    """Simplified forms that traditional text does not use for themselves (台, 后, 里 are both, so they are no sign)."""
    both = frozenset(
        "台后里干面只余谷几了系向周松朱斗云冲丑范卷制准征致升占并布表别出当丰复回伙获鸡家尽据克困蜡累帘蒙弥蔑辟千签舍沈胜术苏坛涂团万吁咸须旋佣愈御郁岳韵扎折症志钟种注"
    )
    return frozenset(_variants().values()) - both
