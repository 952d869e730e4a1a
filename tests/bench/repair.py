"""How much of what farms drop into articles is found, and how much else.

    PYTHONPATH=. python tests/bench/repair.py [--half 0|1] [--lang zh en] [--seeds N] [--models DIR]

The clean articles are the gold texts of ../shared/pages; each is contaminated with the habits of a few drawn farms
(tests/pages/contaminate.py) and repaired. Precision and recall count removed characters. Clean articles are repaired,
too: the share that is touched, and what a repair costs as a ratio to folding the same text, which any reader of it must
do anyway.

Half 0 is what the weights were fitted on (with other farms), half 1 what to report. One half is easier than the other,
so constants are better chosen on what a fit on half 1 finds in half 0:

    PYTHONPATH=. python tests/bench/fit_look.py --lang zh --half 1 --to DIR
    PYTHONPATH=. python tests/bench/fit_repair.py zh 24 --half 1 --to DIR
    PYTHONPATH=. python tests/bench/repair.py --lang zh --half 0 --models DIR
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from extractors.pages.repair import Repaired, repair
from extractors.text import fold
from tests.bench import shard_models
from tests.bench.repair_corpus import Clean, load
from tests.pages.contaminate import Contaminated, Recipe, contaminate, recipe


@dataclass
class Count:
    articles: int = 0
    exact: int = 0
    removed: int = 0
    injected: int = 0
    right: int = 0

    def line(self, name: str) -> str:
        precision = self.right / self.removed if self.removed else float("nan")
        recall = self.right / self.injected if self.injected else float("nan")
        return (
            f"{name:44} {self.articles:5} {self.injected:8} {precision:9.4f} {recall:7.4f} "
            f"{self.exact / max(1, self.articles):6.2f}"
        )


def compare(dirty: Contaminated, repaired: Repaired) -> tuple[int, int, int, bool]:
    """Characters removed, injected, and both; and whether the article is exactly what it was."""
    gone = {(s.paragraph, i) for s in repaired.removed for i in range(s.start, s.end)}
    there = {(j.paragraph, i) for j in dirty.injections for i in range(j.start, j.end)}
    for number in {j.paragraph for j in dirty.injections}:
        text = dirty.paragraphs[number]
        clean = "".join(c for i, c in enumerate(text) if (number, i) not in there)
        if repaired.paragraphs[number] == clean:
            # `的X的` can be cut in two ways that read the same.
            gone = {x for x in gone if x[0] != number} | {x for x in there if x[0] == number}
    return len(gone), len(there), len(gone & there), gone == there


def asked(how: Recipe) -> bool:
    """Whether the farm does what farms mostly do: it cuts the headline into consecutive pieces of two cells and more,
    and drops these, in a cycle or shuffled, where a clause begins or after 的 (the, of, and, to, a).
    """
    return (
        how.cut in ("even", "whole")
        and min(how.lengths) >= 2
        and how.order in ("cycle", "shuffle")
        and how.slots in ("clause", "clause+de")
        and not how.junk
    )


def contaminated(lang: str, articles: list[Clean], seeds: int) -> None:
    groups: dict[str, Count] = defaultdict(Count)
    for number, article in enumerate(articles):
        if not article.fit_to_cut:
            continue
        for seed in range(seeds):
            how = recipe(1_000_000 + 1000 * seed + number)
            dirty = contaminate(article.title, article.paragraphs, how)
            if not dirty.injections:
                continue
            gone, there, both, exact = compare(dirty, repair(dirty.title, dirty.paragraphs))
            size = len(dirty.injections)
            many = "1 to 2" if size < 3 else "3 to 5" if size < 6 else "6 to 11" if size < 12 else "12 and more"
            shown = "headline shown" if how.headline else "no headline"
            hard = how.junk or 1 in how.lengths or how.cut in ("skip", "overlay", "any")
            for name in (
                "all",
                f"{shown}",
                f"{shown}, 6 and more" if size >= 6 else f"{shown}, fewer than 6",
                f"{shown}, {many}",
                "habits as asked" if asked(how) else "other habits",
                f"habits as asked, {shown}" if asked(how) else "",
                f"{shown}, 6 and more, {'hard cuts' if hard else 'plain cuts'}" if size >= 6 else "",
                f"{shown}, 6 and more, order {how.order}" if size >= 6 else "",
                f"{shown}, 6 and more, {'adverts' if how.adverts else 'no adverts'}" if size >= 6 else "",
            ):
                if name:
                    c = groups[name]
                    c.articles += 1
                    c.exact += exact
                    c.removed += gone
                    c.injected += there
                    c.right += both
    print(f"{lang + ', contaminated':44} farms    chars precision  recall  exact")
    for name in sorted(groups):
        print(groups[name].line(name))


def clean(lang: str, articles: list[Clean]) -> None:
    for shown in (True, False):
        touched, spent, folded = [], 0.0, 0.0
        for article in articles:
            start = time.process_time()
            repaired = repair(article.title if shown else None, article.paragraphs)
            middle = time.process_time()
            for p in article.paragraphs:
                fold(p)
            folded += time.process_time() - middle
            spent += middle - start
            if repaired.removed:
                touched.append(article.id)
        name = f"{lang}, clean, {'headline shown' if shown else 'no headline'}"
        print(
            f"{name:44} touched {len(touched)} of {len(articles)}; {1000 * spent / len(articles):.2f} ms an article, "
            f"{spent / folded:.0f} times folding it {touched[:5]}"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", type=int, default=1, choices=(0, 1))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--models", type=Path, help="a folder with what fit_repair.py --to wrote")
    parser.add_argument("--lang", nargs="*", default=["zh", "en"])
    options = parser.parse_args()
    if options.models:
        shard_models.use(options.models)
    for language in options.lang:
        chosen = [a for a in load(language) if a.half == options.half]
        repair(chosen[0].title, chosen[0].paragraphs)  # reads the tables
        contaminated(language, chosen, options.seeds)
        clean(language, chosen)
