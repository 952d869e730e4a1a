"""COMPANY on gold files: as scored by score.py, and on names that no lexicon row knows.

    python tests/bench/companies.py hidden ../shared/gold/zh-dev.jsonl [--errors N]

`hidden`: for each required gold company that a row of companies.csv knows, the row is hidden (from the finder and from
jieba's dictionary) and the record is run again. Recall is the share of gold mentions found although no row knows them;
precision the share of all distinct unknown names found, over all runs, that gold has as well.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from extractors.entities.company import find_companies
from extractors.entities.passage import Passage
from extractors.language.zh import new_cutter
from extractors.lexicons.companies import build_index, rows, segmenter_words
from extractors.model import Company
from extractors.text import check_lang, fold


def plain(name: str | None) -> str:
    return re.sub(r"[\s\-_.·]+", "", (name or "").casefold())


def read(path: str) -> list[dict]:
    return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines() if line.strip()]


def passage(record: dict) -> Passage:
    text = record["text"]
    return Passage(text, fold(text), check_lang(record["lang"], text), ())


@dataclass
class Tally:
    gold: int = 0
    span: int = 0
    touch: int = 0
    name: int = 0
    guesses: dict[tuple[str, int, int], tuple[bool, bool, str]] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    def note(self, record: dict, company: Company) -> None:
        """A found unknown name: whether gold has this span, and whether it has one here at all."""
        gold = [e for e in record["entities"] if e["type"] == "COMPANY"]
        here = [e for e in gold if e["start"] < company.end and company.start < e["end"]]
        exact = any((e["start"], e["end"]) == (company.start, company.end) or e.get("optional") for e in here)
        excerpt = record["text"][max(0, company.start - 25) : company.end + 25].replace("\n", " ")
        self.guesses[record["id"], company.start, company.end] = exact, bool(here), f"{company.text!r} in {excerpt!r}"


def runs(records: list[dict]) -> Iterator[tuple[dict, list[dict], list[Company]]]:
    """Record, the gold mentions whose row is hidden, and what is found then; gold without a row comes with all rows."""
    by_name: dict[str, set[str]] = defaultdict(set)
    for row in rows().values():
        for surface in (row.name, *row.surfaces):
            by_name[plain(surface)].add(row.company_id)
    tasks: dict[frozenset[str], list[tuple[dict, list[dict]]]] = defaultdict(list)
    for record in records:
        groups: dict[frozenset[str], list[dict]] = defaultdict(list)
        for e in record["entities"]:
            if e["type"] == "COMPANY" and not e.get("optional"):
                ids = by_name.get(plain(e["name"]), set()) | by_name.get(plain(e["text"]), set())
                groups[frozenset(ids)].append(e)
        for ids, mentions in groups.items():
            tasks[ids].append((record, mentions))
        tasks[frozenset()].append((record, [])) if frozenset() not in groups else None
    words = set(segmenter_words())
    whole = new_cutter(sorted(words))
    for ids, items in tasks.items():
        left = {i: row for i, row in rows().items() if i not in ids}
        hidden = words - set(segmenter_words(left))
        cutter = new_cutter(segmenter_words(left)) if hidden else whole
        index = build_index(left)
        for record, mentions in items:
            yield record, mentions, find_companies(passage(record), index, cutter)


def hidden(path: str, errors: int) -> None:
    tally = Tally()
    for record, mentions, found in runs(read(path)):
        for company in found:
            if not company.known:
                tally.note(record, company)
        for e in mentions:
            near = [c for c in found if c.start < e["end"] and e["start"] < c.end]
            exact = any((c.start, c.end) == (e["start"], e["end"]) for c in near)
            tally.gold += 1
            tally.span += exact
            tally.touch += bool(near)
            if not exact:
                tally.missed.append(
                    f"{e['text']!r} got {[c.text for c in near]} in "
                    f"{record['text'][max(0, e['start'] - 25) : e['end'] + 30]!r}"
                )
    right = sum(exact for exact, _, _ in tally.guesses.values())
    touching = sum(touch for _, touch, _ in tally.guesses.values())
    count = max(1, len(tally.guesses))
    print(
        f"{Path(path).name}: names without a row: recall span {tally.span / tally.gold:.3f} touch "
        f"{tally.touch / tally.gold:.3f} of {tally.gold}; precision span {right / count:.3f} touch "
        f"{touching / count:.3f} of {count}"
    )
    for line in tally.missed[:errors]:
        print("  missed", line)
    for exact, _, line in list(tally.guesses.values())[: errors * 3]:
        if not exact:
            print("  wrong ", line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=["hidden"])
    parser.add_argument("gold", nargs="+")
    parser.add_argument("--errors", type=int, default=0)
    args = parser.parse_args()
    for path in args.gold:
        hidden(path, args.errors)


if __name__ == "__main__":
    main()
