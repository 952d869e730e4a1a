"""Text destroyed before it reached us: read in the wrong encoding and saved again, so that no decoding brings it back.

>>> is_mojibake("??ʵά??ũ??Ⱥ?ںϷ?Ȩ??"), is_mojibake("锟斤拷锟斤拷锟斤拷"), is_mojibake("ÖÐ¹úÐÂÎÅÍø")
(True, True, True)
>>> is_mojibake("真的吗？？？"), is_mojibake("Really??? Who knew?"), is_mojibake("Châteauneuf-du-Pape"), is_mojibake("")
(False, False, False, False)

Recoverable damage of a few characters (`itâ€™s`) leaves a text that can be read, and is no mojibake.
"""

from __future__ import annotations

import re

from extractors.text import fold

_REPLACED = re.compile("\ufffd|锟斤?拷?|斤拷")
"""U+FFFD, and what its UTF-8 bytes give when they are read as GBK."""
_UNSET = re.compile("(?:烫{3,}|屯{3,})")
"""Memory that was never written, as GBK."""
_HIGH = re.compile("[\u0080-\u00ff]")
_UTF8_AS_LATIN = re.compile(
    # A UTF-8 lead byte and its continuation bytes, each read as Latin-1 or as Windows-1252.
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{1,3}"
)
_STRAY = re.compile("[\u0080-\u024f\u0250-\u02ff\u0370-\u03ff\u0400-\u052f\u0530-\u07bf]")
"""Letters that two GBK bytes become when they happen to be valid UTF-8, among the question marks of the others."""
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_NO_GBK_HAN = re.compile("[^\u4e00-\u9fa5]+")
_FIRST_LEVEL = bytes(range(0xB0, 0xD8))
_HALF_KANA = re.compile("[\uff61-\uff9f]")
"""What GBK bytes mostly become as Shift JIS; in Japanese itself no more than a word of them stands together."""
_COMPATIBILITY = re.compile("[\u3105-\u3129\u3040-\u30ff]")


BLANKED = b" " * 128 + bytes(range(128, 256))
"""A table that leaves nothing of a text's bytes but those beyond ASCII, where they stand."""
_TURNS = 3
_LATIN_RUN = re.compile("[\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u20ac]{6}")
_WINDOWS = {bytes([n]).decode("cp1252"): chr(n) for n in range(0x80, 0xA0) if n not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_LATIN_9 = {bytes([n]).decode("iso8859-15"): chr(n) for n in (0xA4, 0xA6, 0xA8, 0xB4, 0xB8, 0xBC, 0xBD, 0xBE)}
"""Letters beyond Latin-1 that browsers and the successor of Latin-1 read at places of their own."""


def undone(text: str) -> str | None:
    """A text that was encoded twice, as it was before; `None` if it was not, or cannot be had back without a loss.

    Bytes were taken for Latin letters, and those encoded once more; some pages went through it again and again.

    >>> once = "台积电将于下半年投产新的生产线".encode("gb18030").decode("latin-1")
    >>> undone(once), undone(once.encode().decode("cp1252", "replace"))
    ('台积电将于下半年投产新的生产线', None)
    >>> undone("Déjà vu à l'Élysée"), undone("投产ÖÐ¹úÐÂÎÅÍø")
    (None, None)
    """
    found: str | None = None
    for _ in range(_TURNS):
        if not _has_run(text) or (turned := _turned(text)) is None:
            break
        found = text = turned
    return found if found is not None and not _has_run(found) else None


def _has_run(text: str) -> bool:
    """Whether six such letters stand together; in most texts no six letters beyond ASCII do, of two bytes and more."""
    runs = text.encode("utf-8", "surrogatepass").translate(BLANKED).split()
    return max(map(len, runs), default=0) >= 12 and _LATIN_RUN.search(text) is not None


def _turned(text: str) -> str | None:
    """The bytes behind the letters, read as UTF-8 or else as Chinese, if all of them fit."""
    readings = _behind(text)
    for charset in ("utf-8", "gb18030", "big5hkscs"):
        fitting = []
        for raw in readings:
            try:
                fitting.append(raw.decode(charset))
            except UnicodeDecodeError:
                continue
        if fitting:
            # The two tables differ in eight places, and a wrong one gives characters that are seldom used.
            return max(fitting, key=_common) if len(fitting) > 1 else fitting[0]
    return None


def _behind(text: str) -> list[bytes]:
    """The bytes of which each became a letter, by both of the tables where they differ."""
    found = _as_latin(text)
    if found:
        # No letter is beyond Latin-1, so the tables have nothing to say.
        return found
    for table in (_WINDOWS, _LATIN_9):
        turned = text
        # The text has few of them, and a table would be asked for every one of its characters.
        for letter, byte in table.items():
            turned = turned.replace(letter, byte)
        found += [reading for reading in _as_latin(turned) if reading not in found]
    return found


def _as_latin(text: str) -> list[bytes]:
    try:
        return [text.encode("latin-1")]
    except UnicodeEncodeError:
        return []


def _common(text: str) -> int:
    """How many characters are of the first level of GB 2312, the 3,755 commonest."""
    # Each of the others' codes has two bytes, too; the first tells the level.
    rows = _NO_GBK_HAN.sub("", text).encode("gb18030")[::2]
    return len(rows) - len(rows.translate(None, _FIRST_LEVEL))


def is_mojibake(text: str) -> bool:
    """Whether a line or paragraph is destroyed as a whole, so that nothing in it should be passed on."""
    if text.isascii():
        return _question_marks(text)
    size = len(text) - text.count(" ")
    if size < 4:
        return text.count("\ufffd") == size > 0
    replaced = sum(map(len, _REPLACED.findall(text)))
    if "烫" in text or "屯" in text:
        replaced += sum(map(len, _UNSET.findall(text)))
    if replaced >= 4 and replaced * 5 >= size:
        return True
    if "?" in text and _question_marks(text):
        return True
    if len(_HALF_KANA.findall(text)) * 3 > size > 8:
        return True
    return _latin(text, size) or _han(text)


def _question_marks(text: str) -> bool:
    """Lost characters saved as `?`: many of them, and inside the words, where no question ends."""
    marks = text.count("?")
    if marks < 4:
        return False
    size = len(text) - text.count(" ")
    inside = text.rstrip("?!.\"') ").count("?")
    if marks - inside > 6:
        inside = marks  # nobody shouts with seven
    if marks == size:
        return marks > 4
    if inside * 4 >= size and inside >= 4:
        # `a=1?b=2??` of an address or code has its letters in ASCII.
        letters = sum(c.isalpha() and c.isascii() for c in text)
        return letters * 3 < size
    return inside >= 4 and (inside + len(_STRAY.findall(text))) * 2 >= size


def _latin(text: str, size: int) -> bool:
    """UTF-8, or GBK, read as Latin-1 or Windows-1252."""
    high = len(_HIGH.findall(text))
    if high < 4:
        return False
    pairs = sum(len(m) for m in _UTF8_AS_LATIN.findall(text))
    if pairs >= 6 and pairs * 3 >= size:
        return True
    # No Latin-script language writes half of its letters with accents.
    return high * 2 > size and high >= 6 and _UPPER_RUN.search(text) is not None


_UPPER_RUN = re.compile("[\u00a1-\u00ff]{4}")


def _han(text: str) -> bool:
    """Chinese in one encoding read as another of them: valid characters that nobody uses."""
    han = _HAN.findall(text)
    if len(han) < 4:
        return False
    try:
        raw = text.encode("gb18030")
        back = raw.decode("utf-8", "replace")
    except UnicodeEncodeError:
        return False
    if (
        len(raw) >= 9
        and back.count("\ufffd") * 2 < len(back)
        and len(_HAN.findall(back)) * 2 > len(back) - back.count(" ")
    ):
        return True
    if len(han) < 8:
        return False
    # 97 of 100 characters of any news text are common ones, half in a mess.
    common = _common(fold("".join(han)))
    stray = len(_COMPATIBILITY.findall(text))
    # A list of names can be full of rare characters, but is short.
    return common * 10 < len(han) * 6 and (stray * 12 > len(han) or (common * 2 < len(han) and len(han) >= 16))
