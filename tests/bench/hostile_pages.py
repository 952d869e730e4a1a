"""Pages made to hurt: each is read once, with its size, outcome, processor time and peak memory.

    python tests/bench/hostile_pages.py [--only NAME]

Every page must give an article or a `PageError` within a budget that grows with its size; a line says so when not.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable

from extractors.errors import PageError
from extractors.pages import read_page

PARAGRAPH = "<p>The company said on Monday that it had ordered more machines, which will arrive in the spring.</p>"
ZH = "<p>公司周一表示，已经订购了更多的机器，将于明年春天交付使用，相关负责人没有透露金额。</p>"
BUDGET = 1.0
"""Seconds of processor time that any page may take, however small."""
PER_MEGABYTE = 1.0
MEMORY_FACTOR = 20


def pages() -> dict[str, Callable[[], str | bytes]]:
    """The pages by name, each made only when it is read: its making must not be its peak."""
    n = 100_000
    body = PARAGRAPH * 20
    return {
        "nested divs": lambda: "<div>" * n + body + "</div>" * n,
        "nested divs unclosed": lambda: "<div>" * n + body,
        "nested inline": lambda: "<span>" * n + body,
        "nested bold": lambda: "<b>" * n + body,
        "nested fonts, all different": lambda: "".join(f"<font size={i}>" for i in range(20_000)) + body * 5,
        "open fonts before paragraphs": lambda: "".join(f"<font color=c{i}>" for i in range(500)) + PARAGRAPH * 20_000,
        "nested tables": lambda: "<table><tr><td>" * 20_000 + body,
        "nested lists": lambda: "<ul><li>" * 50_000 + body,
        "nested quotes below the limit": lambda: "<blockquote>" * 1_900 + body,
        "custom elements": lambda: "<x-y>" * n + body,
        "million links": lambda: "<a href=x>one</a> " * 1_000_000 + body,
        "million paragraphs": lambda: "<p>x" * 1_000_000 + body,
        "million breaks": lambda: "word, word. <br>" * 1_000_000,
        "many regions of text": lambda: ("<div class=a>" + PARAGRAPH + "</div>") * 100_000,
        "attributes": lambda: "<div " + " ".join(f"a{i}=1" for i in range(n)) + ">" + body,
        "one huge attribute": lambda: "<div class='" + "related " * 1_000_000 + "'>" + body,
        "one huge text": lambda: "<p>" + "a" * 20_000_000,
        "one huge Han text": lambda: "<p>" + "字" * 6_000_000,
        "commas": lambda: "<p>" + ", " * 5_000_000,
        "spaces": lambda: "<p>" + " " * 20_000_000 + body,
        "open tags": lambda: "<" * 5_000_000,
        "open comments": lambda: "<!--" * 3_000_000 + body,
        "entities": lambda: "<p>" + "&amp;" * 3_000_000,
        "open braces in JSON-LD": lambda: '<script type="application/ld+json">' + "[" * 5_000_000 + "</script>" + body,
        "many JSON-LD": lambda: '<script type="application/ld+json">{"@type":"X"}</script>' * 100_000 + body,
        "state marks": lambda: "<script>" + "window.state = {" * 200_000 + "</script>",
        "title of separators": lambda: "<title>" + "a | " * 500_000 + "</title>" + body,
        "heading of digits": lambda: "<h1>" + "1-" * 2_000_000 + "</h1>" + body,
        "meta elements": lambda: "<meta name=a content=b>" * 200_000 + body,
        "headings": lambda: "<h2>Related</h2>" * 200_000 + body,
        "list of cards": lambda: ("<ul>" + "<li><a href=x>headline</a> text</li>" * 300 + "</ul>") * 300 + body,
        "question marks": lambda: "<p>" + "?" * 3_000_000 + "</p>" + body,
        "unclosed anchors": lambda: "<a href=x>one " * 300_000 + body,
        "doctype soup": lambda: "<!doctype html>" * 200_000 + body,
        "20 MB of Chinese": lambda: "<html><body>" + ZH * 180_000,
        "GBK cut in half": lambda: (ZH * 100_000).encode("gb18030")[:-1],
        "random high bytes": lambda: b"<p>" + bytes((i * 7919) % 128 + 128 for i in range(3_000_000)),
        "UTF-16 of tags": lambda: ("<p>字" * 1_000_000).encode("utf-16"),
        "no markup, one line": lambda: ("word " * 1_000_000).encode(),
        "no markup, many lines": lambda: ("a line of words that says something\n" * 300_000).encode(),
    }


def run(name: str) -> int:
    """Read one page in this process and print its line; 1 if it broke the budget."""
    made = pages()[name]()
    page = made.encode() if isinstance(made, str) else made
    del made
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    try:
        outcome = f"{len(read_page(page).text)} characters"
    except PageError as e:
        outcome = f"{type(e).__name__}: {e}"[:60]
    seconds = time.process_time() - start
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    size = len(page) / 1e6
    slow = seconds > BUDGET + size * PER_MEGABYTE
    fat = memory > MEMORY_FACTOR * len(page) + 50e6
    verdict = " TOO SLOW" * slow + " TOO MUCH MEMORY" * fat
    print(f"{name:32} {size:6.1f} MB {seconds:7.2f} s {memory / 1e6:7.0f} MB  {outcome}{verdict}", flush=True)
    return int(slow or fat)


def main() -> None:
    """Every page in a process of its own, so that its peak of memory is its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only")
    args = parser.parse_args()
    if args.only:
        sys.exit(run(args.only))
    broke = 0
    for name in pages():
        try:
            broke += subprocess.run([sys.executable, __file__, "--only", name], timeout=120, check=False).returncode
        except subprocess.TimeoutExpired:
            print(f"{name:32} STOPPED after 120 s")
            broke += 1
    print(
        f"{broke} of {len(pages())} broke the budget: {BUDGET} s + {PER_MEGABYTE} s a MB, memory {MEMORY_FACTOR} times"
    )
    sys.exit(bool(broke))


if __name__ == "__main__":
    main()
