"""Pages that the tests of this folder are built from; every sentence in them is made up."""

from __future__ import annotations

EN = (
    "The company said on Monday that it had ordered ten thousand accelerators for a new hall.",
    "Delivery starts in spring, according to a filing, and will take about nine months.",
    "A spokeswoman declined to name the supplier, but pointed to earlier contracts.",
    "Analysts had expected a smaller order, since money has become harder to raise this year.",
)
ZH = (
    "甲公司周一表示，已经为新的机房订购了一万张加速卡。",
    "公告显示，设备从明年春天开始交付，预计需要九个月。",
    "发言人没有透露供应商的名字，只是提到了此前的合同。",
    "分析师此前预计的订单要小一些，因为今年融资更加困难。",
)
TEASERS_EN = "".join(
    f'<li><a href="/{i}">Another story with a headline of its own, number {i}</a></li>' for i in range(6)
)
TEASERS_ZH = "".join(f'<li><a href="/{i}">另一条新闻的标题，第{i}条，与本文无关</a></li>' for i in range(6))


def paragraphs(lines: tuple[str, ...]) -> str:
    """Each line as a `<p>`."""
    return "".join(f"<p>{line}</p>" for line in lines)


def page(body: str, *, title: str = "Firm orders accelerators | The Daily", head: str = "", lang: str = "en") -> bytes:
    """A page around `body`, with a menu before it and teasers behind it."""
    teasers = TEASERS_ZH if lang == "zh" else TEASERS_EN
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>"
        f'<div class="top"><ul><li><a href="/">Home</a></li><li><a href="/tech">Technology</a></li></ul></div>'
        f"{body}<div><ul>{teasers}</ul></div><footer>Contact us. All rights reserved.</footer></body></html>"
    ).encode()
