"""Article extraction side by side: every peer that is installed and chipwire, on the same pages, in one process.

    python tests/bench/pages.py [--pages ../shared/pages] [--only NAME ...] [--every N]

One table: F1 of Chinese and of English pages (multisets of 4-shingles, precision and recall as means over the pages, as
the pages' own `score.py` counts), milliseconds of processor time a page, and its ratio to the bare parse. Peers that
cannot find a page's charset get it decoded beforehand, by chipwire's decoder, outside their time; chipwire gets the raw
bytes without address and headers. The two halves are split by a hash of the page's id; rules were looked at on both by
now, so neither is a holdout.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import hashlib
import io
import json
import logging
import pathlib
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from statistics import mean
from types import ModuleType

from selectolax.lexbor import LexborHTMLParser

from extractors.errors import PageError
from extractors.pages import read_page
from extractors.pages.decode import decode

TOKEN = {"zh": re.compile(r"\w"), "en": re.compile(r"\w+")}
Rates = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Sample:
    """A page with its gold text."""

    id: str
    lang: str
    origin: str
    raw: bytes
    text: str
    gold: Counter[tuple[str, ...]]

    @property
    def half(self) -> int:
        return int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % 2


def shingles(text: str, lang: str) -> Counter[tuple[str, ...]]:
    """4-shingles of words, in Chinese of characters."""
    tokens = TOKEN[lang].findall(text)
    return Counter(tuple(tokens[i : i + 4]) for i in range(max(1, len(tokens) - 3) if tokens else 0))


def rates(gold: Counter[tuple[str, ...]], found: Counter[tuple[str, ...]]) -> Rates:
    """Precision and recall of one page, `None` where undefined."""
    both = (gold & found).total()
    return (both / found.total() if found else None, both / gold.total() if gold else None)


def f1(pages: list[Rates]) -> float:
    """F1 of the mean precision and the mean recall."""
    p = mean([x for x, _ in pages if x is not None] or [0.0])
    r = mean([x for _, x in pages if x is not None] or [0.0])
    return 2 * p * r / (p + r) if p + r else 0.0


def plain(markup: str) -> str:
    """The text of an extractor that answers with HTML."""
    body = LexborHTMLParser(markup).body
    return body.text(separator="\n") if body is not None else ""


def chipwire(page: Sample) -> str:
    try:
        return read_page(page.raw).text
    except PageError:
        return ""


def bare(page: Sample) -> str:
    LexborHTMLParser(page.text)
    return ""


def peers() -> dict[str, Callable[[Sample], str]]:
    """The peers that are installed here; each missing one is named on the way."""
    found: dict[str, Callable[[Sample], str]] = {"bare selectolax parse": bare, "chipwire": chipwire}
    with optional("trafilatura"):
        trafilatura = import_module("trafilatura")
        found["trafilatura"] = lambda p: trafilatura.extract(p.text) or ""
        found["trafilatura, raw bytes"] = lambda p: trafilatura.extract(p.raw) or ""
    with optional("readability-lxml"):
        readability = import_module("readability")
        found["readability-lxml"] = lambda p: plain(readability.Document(p.text).summary(html_partial=True))
    with optional("magic-html"):
        magic = import_module("magic_html").GeneralExtractor()
        found["magic-html"] = lambda p: plain(magic.extract(p.text, base_url="https://example.org/").get("html") or "")
    with optional("resiliparse"):
        resiliparse = import_module("resiliparse.extract.html2text").extract_plain_text
        found["resiliparse"] = lambda p: resiliparse(p.text, main_content=True)
    with optional("justext"):
        justext = import_module("justext")
        # jusText has no Chinese stop words; its language-independent thresholds are its own advice for that case.
        lists = {"zh": frozenset[str](), "en": justext.get_stoplist("English")}
        free = {"stopwords_low": 0, "stopwords_high": 0, "length_low": 20, "length_high": 60}
        found["justext"] = lambda p: "\n".join(
            x.text
            for x in justext.justext(p.text, lists[p.lang], **(free if p.lang == "zh" else {}))
            if not x.is_boilerplate
        )
    with optional("newspaper4k"):
        newspaper = import_module("newspaper")
        found["newspaper4k"] = lambda p: newspaper_text(newspaper, p)
    with optional("gne"):
        gne = import_module("gne").GeneralNewsExtractor()
        found["gne"] = lambda p: gne.extract(p.text).get("content") or ""
    return found


@contextlib.contextmanager
def optional(name: str) -> Iterator[None]:
    """A peer that may not be here."""
    try:
        yield
    except ImportError as e:
        print(f"{name} is not installed ({e})")


def newspaper_text(newspaper: ModuleType, page: Sample) -> str:
    article = newspaper.Article("https://example.org/", language=page.lang, fetch_images=False)
    article.download(input_html=page.text)
    article.parse()
    return article.text or ""


def load(folder: pathlib.Path, every: int) -> list[Sample]:
    """The pages of a manifest, each `every`-th."""
    out = []
    for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines()[::every]:
        row = json.loads(line)
        stem = folder / row["lang"] / row["id"]
        raw = gzip.decompress(stem.with_name(stem.name + ".html.gz").read_bytes())
        gold = stem.with_name(stem.name + ".txt").read_text("utf-8")
        out.append(Sample(row["id"], row["lang"], row["origin"], raw, decode(raw), shingles(gold, row["lang"])))
    return out


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=pathlib.Path, default=pathlib.Path("../shared/pages"))
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--every", type=int, default=1)
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    pages = load(args.pages, args.every)
    floor = 0.0
    print(f"{len(pages)} pages")
    columns = ("zh F1", "half 0", "half 1", "en F1", "half 0", "half 1", "scrap.hub", "ms/page", "x parse", "failed")
    print(f"{'':24} " + " ".join(f"{c:>9}" for c in columns))
    for name, extract in peers().items():
        if args.only and name not in args.only and name != "bare selectolax parse":
            continue
        found: list[tuple[Sample, Rates]] = []
        seconds = 0.0
        failed = 0
        for page in pages:
            start = time.process_time()
            try:
                with contextlib.redirect_stderr(io.StringIO()):
                    text = extract(page)
            except Exception:  # noqa: BLE001  a peer's crash on a page is an empty answer, and counted
                text = ""
                failed += 1
            seconds += time.process_time() - start
            found.append((page, rates(page.gold, shingles(text, page.lang))))
        each = seconds / len(pages) * 1000
        floor = floor or each
        scores = [
            f1([r for page, r in found if page.lang == lang and half in (None, page.half)])
            for lang in ("zh", "en")
            for half in (None, 0, 1)
        ]
        scrapinghub = f1([r for page, r in found if page.origin.startswith("scrapinghub")])
        cells = " ".join(f"{s:9.3f}" for s in [*scores, scrapinghub])
        print(f"{name:24} {cells} {each:9.2f} {each / floor:9.1f} {failed:9}", flush=True)


if __name__ == "__main__":
    main()
