"""Writes first_look.ipynb and runs it, so that its outputs can be read without running anything.

    chipwire demo && python notebooks/make_first_look.py

The notebook is kept here as plain cells: a diff of a notebook's JSON is hard to read.
"""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent
NOTEBOOK = HERE / "first_look.ipynb"
PICTURE = HERE / "first_look.png"
"""The first picture again, for the README."""

CELLS = (
    """# A first look at the tables

Each table is a folder of parquet files and opens in one line. Run `chipwire demo` first; its sample sites are invented,
so the figures below are too. `CHIPWIRE_DATA` names another data folder.""",
    """import os

import matplotlib.pyplot as plt
import pandas as pd

DATA = os.environ.get("CHIPWIRE_DATA", "../demo-data")
articles = pd.read_parquet(f"{DATA}/articles")
sentences = pd.read_parquet(f"{DATA}/sentences")
companies = pd.read_parquet(f"{DATA}/companies")
gpu_counts = pd.read_parquet(f"{DATA}/gpu_counts")
money = pd.read_parquet(f"{DATA}/money")
pd.set_option("display.max_colwidth", 90)
# The first of these fonts that this machine has; names without an English form are drawn in Chinese.
plt.rcParams["font.sans-serif"] = ["Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "DejaVu Sans"]
articles.groupby(["source", "lang"], observed=True).size().rename("articles").to_frame()""",
    """## Every number with the sentence it came from

`article_id`, `part` and `sentence` join an entity to its sentence; `start` and `end` are offsets into the part, so
`text[start:end]` is the surface, and `raw_file` with `raw_offset` leads on to the stored page.""",
    """WHERE = ["article_id", "part", "sentence"]
said = sentences[[*WHERE, "text"]].rename(columns={"text": "sentence_text"})
counts = gpu_counts.merge(said, on=WHERE).merge(articles[["article_id", "published_at", "title"]], on="article_id")
shown = ["published_at", "low", "high", "bound", "vendor", "model", "text", "sentence_text"]
counts[shown].sort_values("low", ascending=False).head(12)""",
    """sums = money.merge(said, on=WHERE).merge(articles[["article_id", "published_at", "title"]], on="article_id")
shown = ["published_at", "low", "currency", "per", "usd_low", "rate_date", "text", "sentence_text"]
sums[shown].sort_values("usd_low", ascending=False).head(12)""",
    """## Each story once

Sites reprint each other. Copies of one text share a `story_id`; one line counts by story instead of by article.""",
    """stories = pd.read_parquet(f"{DATA}/stories")
once = articles.drop_duplicates("story_id")
print(f"{len(articles)} articles tell {len(once)} stories")
stories[stories["articles"] > 1][["title", "articles", "sources", "first_at", "last_at"]]""",
    """## GPU counts by company over time

A count belongs to the company named nearest before it in the same sentence that does not make the chip. That is a rule
of thumb, good enough for a first picture: the sentence is beside each row for whoever wants to check.""",
    """named = companies[companies["kind"] == "company"][[*WHERE, "start", "name"]]
near = counts.merge(named, on=WHERE, suffixes=("", "_company"))
near = near[(near["name"] != near["vendor"]) & (near["start_company"] < near["start"])]
near = near.sort_values("start_company").drop_duplicates([*WHERE, "start"], keep="last")
near = near.dropna(subset=["published_at"])

most = near["name"].value_counts().head(10).index
figure, axis = plt.subplots(figsize=(9, 4.5))
rest = near[~near["name"].isin(most)]
axis.scatter(rest["published_at"], rest["low"], label="others", s=25, color="0.75")
for colour, name in zip(plt.colormaps["tab10"].colors, most, strict=False):
    rows = near[near["name"] == name]
    axis.scatter(rows["published_at"], rows["low"], label=name, s=45, color=colour)
axis.set(yscale="log", ylabel="GPUs", title="GPU counts in the news, by company")
axis.grid(alpha=0.3)
axis.legend(fontsize=9, loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
figure.autofmt_xdate()
figure.tight_layout()""",
    """## Money by currency

Sums only, no prices and rates (`per` is empty); in US dollars at the article's date. A currency without an ECB series,
such as TWD, has no dollar value and is left out here, not guessed.""",
    """plain = money[money["per"].isna()]
by_currency = plain.groupby("currency", observed=True).agg(
    mentions=("text", "size"),
    largest_usd=("usd_low", "max"),
    total_usd=("usd_low", "sum"),
    without_rate=("usd_low", lambda values: int(values.isna().sum())),
)
by_currency.sort_values("mentions", ascending=False)""",
    """shown = by_currency[by_currency["total_usd"] > 0].sort_values("total_usd")
figure, axis = plt.subplots(figsize=(7, 3.5))
axis.barh(shown.index.astype(str), shown["total_usd"] / 1e9, color="#3b6ea5")
axis.set(xlabel="billion USD at the article's date", xscale="log", title="Sums named, by currency")
axis.grid(axis="x", alpha=0.3)
figure.tight_layout()""",
)


def build() -> nbformat.NotebookNode:
    notebook: nbformat.NotebookNode = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    for n, source in enumerate(CELLS):
        code = not source.startswith(("#", "##"))
        cell = nbformat.v4.new_code_cell(source) if code else nbformat.v4.new_markdown_cell(source)
        cell["id"] = f"cell-{n:02}"  # random ids would make every diff a whole notebook
        notebook.cells.append(cell)
    return notebook


def pictures(notebook: nbformat.NotebookNode) -> list[str]:
    """The notebook's pictures in their order, as base64 of PNG."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [output["data"]["image/png"] for output in outputs if "image/png" in output.get("data", {})]


def main() -> None:
    notebook = build()
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(HERE)}}).execute()
    for cell in notebook.cells:
        cell.get("metadata", {}).pop("execution", None)
    nbformat.write(notebook, NOTEBOOK)
    PICTURE.write_bytes(base64.b64decode(pictures(notebook)[0]))
    sys.stdout.write(f"{NOTEBOOK}\n")


if __name__ == "__main__":
    main()
