"""Characters that show nothing: put between the letters of a text to defeat a search, or left over from an editor.

>>> [s.group() for s in invisible("甲\\u200b骨\\u2060文")]
['\\u200b', '\\u2060']
>>> list(invisible("👩\\u200d💻 می\\u200cخواهم")), list(invisible(""))  # joiners that their scripts need
([], [])
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.text import uncommon

# Zero-width spaces and joiners, direction marks, invisible operators, soft hyphen, byte order mark, variation selectors
# of nothing, tag characters, and the control characters that no line break is.
_ALWAYS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\x00-\x08\x0b\x0e-\x1f\x7f"
)
# A joiner is needed between emoji and in scripts whose letters join; between Han or Latin letters it is nothing.
_OURS = "\u0000-\u024f\u2000-\u206f\u3000-\u9fff\uf900-\ufaff\uff00-\uffef"
_INVISIBLE = re.compile(f"(?:[{_ALWAYS}]|(?:(?<=[{_OURS}])|^)[\u200c\u200d]+|[\u200c\u200d]+(?:(?=[{_OURS}])|$))+")
_ANY = re.compile(f"[{_ALWAYS}\u200c\u200d]")
_MANY = 5
"""A stray mark or two is an editor's and harms nothing; so many in one article are there for a purpose."""


def invisible(text: str) -> Iterator[re.Match[str]]:
    """Every run of invisible characters in the text."""
    if text.isascii() and text.isprintable():
        return iter(())
    return _INVISIBLE.finditer(text) if _ANY.search(text) else iter(())


def hidden_marks(paragraphs: Sequence[str]) -> list[tuple[int, int, int]]:
    """Paragraph, start and end of each run of invisible characters in an article that was laced with them.

    One inside a word is enough (soft hyphens aside, which belong there), else it takes several.

    >>> hidden_marks(["Nvi\u200bdia", "a\u200b b"]), hidden_marks(["a\u200b b", "Not\u00adfall"])
    ([(0, 3, 4), (1, 1, 2)], [])
    """
    found: list[tuple[int, int, int]] = []
    inside = False
    # Nearly every article is clean, and then one search over all of it says so.
    doubtful = [(number, text) for number, text in enumerate(paragraphs) if not (text.isascii() and text.isprintable())]
    if _ANY.search(uncommon("\n".join([text for _, text in doubtful]))) is None:
        return []
    for number, text in doubtful:
        runs = list(invisible(text))
        if sum(m.end() - m.start() for m in runs) == len(text):
            continue
        for m in runs:
            found.append((number, m.start(), m.end()))
            around = text[m.start() - 1 : m.start()] + text[m.end() : m.end() + 1]
            inside = inside or (len(around) == 2 and around.isalnum() and m.group().strip("\u00ad") != "")
    return found if inside or len(found) >= _MANY else []
