"""Mutated pages through `read_page`: no crash, no hang, and offsets that hold.

    python tests/bench/fuzz_pages.py [--inputs 200000] [--seed 1] [--pages ../shared/pages] [--minutes 20]

Seeds are the heads of real pages (where they are at hand) and small pages made here. Each input is a seed with one to
eight mutations of its bytes or its markup; one in four is read with selectors, as a registry may hold them. Any
exception but a `PageError`, any input over two seconds of processor time, and any offset that does not hold is printed
with its number; the same seed gives the same inputs again.
"""

from __future__ import annotations

import argparse
import gzip
import pathlib
import random
import sys
import time
from collections import Counter
from datetime import UTC, datetime

from extractors.errors import PageError
from extractors.model import Article, Selectors
from extractors.pages import read_page

SLOW = 2.0
# fmt: off
_OPENED = ("p", "div", "td", "table", "tr", "ul", "li", "a", "b", "font", "article", "section", "h1", "pre", "style")
_CLOSED = ("p", "div", "td", "table", "ul", "li", "a", "b", "body", "html", "head", "script", "style", "title")
QUERIES = (*_OPENED, "html", "head", "body", "title", "div div", "[class]", "[id]", "li:last-child", "p, [class]")
TOKENS = [
    *(f"<{t}>" for t in _OPENED), *(f"</{t}>" for t in _CLOSED), "<!--", "-->", "<![CDATA[", "<br>", "<a href=x>",
    '<div class="related">', '<div style="display:none">', "<title>", "<meta charset=big5>", '<meta charset="utf-16">',
    '<script type="application/ld+json">', '{"@type":"NewsArticle","articleBody":', "window.__STATE__ = {",
    '<script id="__NEXT_DATA__" type="application/json">', "&#x0;", "&#xD800;", "&lt;p&gt;", "\u200b", "\u3000",
    "责任编辑：", "来源：", "2024-13-45", "99:99", "昨天 25:61", "1小时前", "\x00", "\ufeff", "<template>", "<svg><p>",
    "<math><annotation-xml encoding='text/html'>", "<select><option>", "<plaintext>", "<noscript>", "</p", "<", ">",
    "锟斤拷", "??ʵά??", "...[详细]", "<frameset>", "<time datetime=x>", "<script>", "<span>", "<nav>", "<blockquote>",
]
# fmt: on
MADE = [
    "<html><head><title>甲公司发布芯片_某网</title></head><body><h1>甲公司发布芯片</h1>"
    + "<div>2024-07-10 来源：某报</div><div class=content>"
    + "<p>甲公司周三发布了新的芯片，预计明年量产，客户已经下单。</p>" * 6
    + "</div><ul><li><a href=1>另一条新闻的标题</a></li></ul></body></html>",
    "<title>Firm orders chips | Daily</title><article><h1>Firm orders chips</h1><p>By Ann Other</p>"
    + "<p>The firm said on Monday that it had ordered ten thousand chips, for delivery in spring.</p>" * 6
    + "</article><footer>© 2024</footer>",
    '<script id="__NEXT_DATA__" type="application/json">{"props":{"title":"T","content":"<p>'
    + "One sentence, then another. " * 20
    + '</p>"}}</script><div id=__next></div>',
    "标题一行\n\n某社7月10日讯（记者 王五）正文的第一段，有逗号，有句号。\n"
    "第二段也是这样，说了一些别的事情。\n(责任编辑：赵六)",
]


def seeds(folder: pathlib.Path, rng: random.Random) -> list[bytes]:
    """The bytes that mutation starts from."""
    out = [page.encode(codec) for page in MADE for codec in ("utf-8", "gb18030", "utf-16")]
    for path in sorted(folder.glob("*/*.html.gz")):
        page = gzip.decompress(path.read_bytes())
        # A piece of the middle, where the text is: small inputs are fast, and still hold every kind of markup.
        at = max(0, page.find(b"</p>", len(page) // 3) - rng.randint(200, 2500))
        out.append(b"<html><head><title>A page</title></head><body>" + page[at : at + rng.randint(1500, 6000)])
    return out


def mutate(data: bytes, pool: list[bytes], rng: random.Random) -> bytes:
    """One to eight changes."""
    page = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        at = rng.randint(0, len(page))
        size = rng.choice((1, 2, 8, 60, 400))
        match rng.randint(0, 8):
            case 0:
                for i in range(at, min(len(page), at + size)):
                    page[i] = rng.randrange(256)
            case 1:
                del page[at : at + size]
            case 2:
                page[at:at] = page[at : at + size] * rng.randint(1, 30)
            case 3:
                other = rng.choice(pool)
                start = rng.randint(0, len(other))
                page[at:at] = other[start : start + size * 4]
            case 4:
                del page[at:]
            case 5:
                page[at:at] = rng.choice(TOKENS).encode(rng.choice(("utf-8", "gb18030")), "ignore") * rng.randint(1, 60)
            case 6:
                page[at : at + size] = bytes(reversed(page[at : at + size]))
            case _:
                page[at:at] = rng.choice(TOKENS).encode("utf-8", "ignore")
    return bytes(page[:40_000])


def selectors(rng: random.Random) -> Selectors | None:
    """What a registry may say of a site, sensible or not; mostly nothing."""
    if rng.random() < 0.75:
        return None
    fields = ("title", "body", "date", "byline", "remove")
    return Selectors(**{field: (rng.choice(QUERIES),) for field in fields if rng.random() < 0.5})


def check(article: Article) -> str | None:
    """What does not hold in a result, or `None`."""
    at = 0
    for block in article.blocks:
        if not at <= block.start < block.end <= len(article.text):
            return f"block {block} of {len(article.text)}"
        if "\n" in article.text[block.start : block.end]:
            return f"line break inside {block}"
        at = block.end + 1
    if "\n".join(article.text[b.start : b.end] for b in article.blocks) != article.text:
        return "blocks do not make the text"
    for removed in article.removed:
        if removed.where is not None and not 0 <= removed.where <= len(article.text):
            return f"where {removed.where} of {len(article.text)}"
    try:
        article.text.encode()
    except UnicodeEncodeError:
        return "text with a lone surrogate"
    if article.published_at is not None and article.published_at.tzinfo is None:
        return "a date without its zone"
    return None


def main() -> None:
    """Run, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--pages", type=pathlib.Path, default=pathlib.Path("../shared/pages"))
    args = parser.parse_args()
    pool = seeds(args.pages, random.Random(args.seed))
    outcomes: Counter[str] = Counter()
    broken = ran = 0
    slowest = 0.0
    end = time.monotonic() + args.minutes * 60
    for number in range(args.inputs):
        if time.monotonic() > end:
            break
        rng = random.Random(f"{args.seed} {number}")
        page = mutate(rng.choice(pool), pool, rng)
        start = time.process_time()
        fault: str | None = None
        try:
            article = read_page(
                page,
                url="https://example.org/2024/07/10/a",
                fetched_at=datetime(2024, 7, 11, tzinfo=UTC),
                tz="Asia/Shanghai",
                selectors=selectors(rng),
            )
            outcomes["article"] += 1
            fault = check(article)
        except PageError as e:
            outcomes[type(e).__name__] += 1
        except Exception as e:  # noqa: BLE001  what a fuzzer is for: any other exception is the finding
            fault = f"{type(e).__name__}: {e}"
        seconds = time.process_time() - start
        slowest = max(slowest, seconds)
        if seconds > SLOW:
            fault = f"{seconds:.1f} s"
        ran += 1
        if fault:
            broken += 1
            print(f"input {number} of seed {args.seed}, {len(page)} bytes: {fault}", flush=True)
    print(f"{ran} inputs from {len(pool)} seeds: {dict(outcomes)}, {broken} broken, slowest {slowest:.2f} s")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
