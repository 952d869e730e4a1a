"""English words whose tokens follow from a small grammar of their own, so that spaCy need not be asked.

    “ high-speed ’s ,     before, stem, possessive, after
    $ 1,299.50 .

spaCy peels marks off both ends of a word, one after another, and cuts what is left at its hyphens, unless what is left
at some moment is one of its exceptions. Afterwards it looks for exceptions that its own marks have cut (`:` `)`) and
mends them. A word of the grammar that comes near an exception in either way is left to spaCy.
"""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import pairwise

# Each of these marks is cut off alone; a full stop is one of them only behind a small letter or a digit.
_WORD = re.compile(
    r"([“\"‘(\[]?)"
    r"([A-Za-z]+(?:-[A-Za-z]+)*|\$?[0-9]+(?:[.,][0-9]+)?)"
    r"((?<=[A-Za-z])['’]s)?"
    r"((?:(?<=[a-z0-9])\.)?[,;:!?)\]”\"’]{0,2})"
)
_PARTS = re.compile(r"[A-Za-z]+|[-$]|[0-9.,]+")


def tokens_of(word: str, exceptions: Container[str], mended: Container[tuple[str, str]]) -> tuple[str, ...] | None:
    """The tokens of a word that the grammar covers, `None` for any other.

    `exceptions` are words that spaCy does not cut by its rules, `mended` the first two tokens of each exception that
    it looks for among the tokens.

    >>> tokens_of("(high-speed", (), ()), tokens_of("Acme’s,”", (), ()), tokens_of("$1,299.", (), ())
    (('(', 'high', '-', 'speed'), ('Acme', '’s', ',', '”'), ('$', '1,299', '.'))
    >>> tokens_of("word.”", {"word."}, ()), tokens_of("8)", (), {("8", ")")}), tokens_of("U.S.", (), ())
    (None, None, None)
    """
    if word.isascii() and word.isalpha():
        return None if word in exceptions else (word,)
    found = _WORD.fullmatch(word)
    if found is None or word in exceptions:
        return None
    before, stem, possessive, after = found.groups()
    if len(stem) == len(word):
        return (word,) if stem.isalnum() else _unmended(tuple(_PARTS.findall(stem)), mended)
    # What is left while marks are cut off either end. Of a sum the `$` goes first, as a mark does.
    first = len(before) + stem.startswith("$")
    last = len(word) - len(after) - len(possessive or "")
    for start in range(first + 1):
        for end in range(last, len(word) + 1):
            if word[start:end] in exceptions:
                return None
    parts = [before] if before else []
    if stem.isalnum():
        parts.append(stem)
    else:
        parts += _PARTS.findall(stem)
    if possessive:
        parts.append(possessive)
    return _unmended((*parts, *after), mended)


def _unmended(tokens: tuple[str, ...], mended: Container[tuple[str, str]]) -> tuple[str, ...] | None:
    return None if any(pair in mended for pair in pairwise(tokens)) else tokens
