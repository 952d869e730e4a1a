"""Writes traditional.txt: traditional characters and their simplified forms, one to one.

    python -m extractors.lexicons.build_t2s

The mapping is OpenCC's (Apache-2.0), asked character by character, so that folding never changes an offset.
"""

from __future__ import annotations

from pathlib import Path

import opencc

RANGES = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
# Characters that are words of their own in simplified text, or whose simplified form depends on the word.
KEEP = frozenset("乾瞭藉徵")


def main() -> None:
    convert = opencc.OpenCC("t2s").convert
    pairs = [(c, convert(c)) for low, high in RANGES for c in map(chr, range(low, high))]
    pairs = [(a, b) for a, b in pairs if a != b and len(b) == 1 and a not in KEEP]
    out = Path(__file__).with_name("traditional.txt")
    out.write_text("".join(a for a, _ in pairs) + "\n" + "".join(b for _, b in pairs) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
