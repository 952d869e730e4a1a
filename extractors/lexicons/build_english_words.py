"""Writes english_words.txt (common words) and english_names.txt (first names, then surnames).

    python -m extractors.lexicons.build_english_words

Common words are the most frequent of SymSpell's English dictionary (symspellpy, MIT: words of SCOWL counted in Google
Books Ngrams, CC BY 3.0) that Webster's Second (public domain) or GCIDE's word list (package english-words, MIT) writes
in lower case, themselves or their stem: so `intel`, `sony` and `antonio` are none. Names are the most frequent of the
US census of 1990 (public domain, package names). The three packages are needed only here.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

WORDS = 24_000
FIRST_NAMES = 700
SURNAMES = 3_000
ENDINGS = (
    ("", ""),
    ("s", ""),
    ("es", ""),
    ("ies", "y"),
    ("ied", "y"),
    ("ed", ""),
    ("d", ""),
    ("ing", ""),
    ("ing", "e"),
    ("ings", ""),
    ("ly", ""),
    ("er", ""),
    ("er", "e"),
    ("ers", ""),
    ("ers", "e"),
    ("est", ""),
    ("ness", ""),
)
# Words that are younger than both lists, or irregular.
MODERN = """
app apps began became behaviour biotech blockchain blog blogger bloggers blogging blogs boxes broadband byte bytes
centre centres chatbot chatbots colour cooperation coordination crypto cryptocurrency customise cybersecurity
databases dataset datasets datacenter datacenters deepfake demo denied desktop desktops diversified download
downloaded downloading downloads ecommerce email emails ethernet exclusive favour favourite fintech firmware
fundraising gigawatt gigawatts globalization groundwater hardware has healthcare held hyperscale hyperscaler
hyperscalers implied info internet interdisciplinary knives laptop laptops lifestyle logistics metadata metaverse
multimedia neocloud offence online organisation organisations outsourcing paid petaflop podcast podcasts programme
programmes pixels prepaid quizzes recognised replied restructuring roadmap robotaxi robotics screenshots shortcuts
smartphone smartphones software specified startup startups superchip supercomputer supercomputers supplied
sustainability teraflop timeline unicorn unicorns undertaken using verified vs wafer wafers webcast webinar webpage
website websites workflow workflows workforce workstation
"""


def _column(package: str, name: str, count: int) -> list[str]:
    lines = files(package).joinpath(name).read_text("utf-8-sig").splitlines()
    return [line.split()[0].lower() for line in lines[:count] if line.strip()]


def _stems(word: str) -> Iterator[str]:
    for ending, instead in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            stem = word[: len(word) - len(ending)]
            yield stem + instead
            if ending in {"ed", "er", "ing"} and len(stem) > 3 and stem[-1] == stem[-2]:
                yield stem[:-1]


def main() -> None:
    from english_words import get_english_words_set  # installed only to rebuild

    folder = Path(__file__).parent
    lower = {w for w in get_english_words_set(["web2", "gcide"], alpha=True) if w.islower()}
    frequent = _column("symspellpy", "frequency_dictionary_en_82_765.txt", WORDS)
    common = {w for w in frequent if len(w) > 1 and w.isascii() and w.isalpha() and not lower.isdisjoint(_stems(w))}
    common.update(MODERN.split())
    folder.joinpath("english_words.txt").write_text("\n".join(sorted(common)) + "\n", encoding="utf-8")
    first = _column("names", "dist.male.first", FIRST_NAMES) + _column("names", "dist.female.first", FIRST_NAMES)
    last = _column("names", "dist.all.last", SURNAMES)
    names = "\n".join([" ".join(sorted(set(first))), " ".join(sorted(set(last)))]) + "\n"
    folder.joinpath("english_names.txt").write_text(names, encoding="utf-8")


if __name__ == "__main__":
    main()
