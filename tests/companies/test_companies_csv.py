"""The company lexicon held to its word: its form, its references, no surface with two meanings unsaid, ids for ever."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from functools import cache
from importlib.resources import files

import pytest

from extractors.entities.company import find_companies
from extractors.entities.passage import Passage
from extractors.model import Lang
from extractors.text import fold

COLUMNS = (
    "company_id", "name", "zh", "zh_hant", "aliases", "former", "tickers", "kind", "country", "parent", "ambiguous",
)  # fmt: skip
SURFACES = ("name", "zh", "zh_hant", "aliases", "former")
# ISO 3166-1 alpha-2, the codes assigned when this was written.
_CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY "
    "BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK "
    "FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR "
    "IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
    "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
    "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
    "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
COUNTRIES = frozenset(_CODES.split())
# Products, models and projects: news names them beside companies, the guidelines say that they are none.
NO_COMPANIES = (
    "ChatGPT Azure Kimi Grok Claude Copilot Stargate Colossus H100 Blackwell Llama Qwen Doubao 豆包 通义千问 星际之门"
)
# 吒 and 昇 stand so in these simplified names too; the folding writes 咤 and 升 for them.
FOLDED_THOUGH_SIMPLIFIED = {"哪吒汽车", "昇维旭"}
_HAN = re.compile(r"[\u3400-\u9fff]")
_TICKER = re.compile(r"[A-Z]{1,6}(?:\.[AB])?|[0-9A-Z&-]{1,10}\.[A-Z]{1,3}")


def read(name: str) -> str:
    return files("extractors.lexicons").joinpath(name).read_text("utf-8")


@cache
def rows() -> tuple[dict[str, str], ...]:
    return tuple(csv.DictReader(io.StringIO(read("companies.csv"))))


def cell(row: dict[str, str], column: str) -> list[str]:
    return row[column].split(";") if row[column] else []


def key(surface: str) -> str:
    return fold(surface).casefold()


def surfaces(row: dict[str, str]) -> list[str]:
    return [s for column in SURFACES for s in cell(row, column)]


def ambiguous(row: dict[str, str]) -> set[str]:
    return {key(s) for s in cell(row, "ambiguous")}


@cache
def claims() -> dict[str, list[dict[str, str]]]:
    """Each folded surface with the rows that claim it."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows():
        for surface in {key(s) for s in surfaces(row)}:
            found[surface].append(row)
    return dict(found)


def test_form() -> None:
    text = read("companies.csv")
    assert text.splitlines()[0].split(",") == list(COLUMNS)
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows(), key=lambda r: r["company_id"]))
    assert out.getvalue() == text, "rows stand in order of company_id, quoted as the csv module quotes"
    for row in rows():
        for column in COLUMNS:
            for value in cell(row, column):
                assert value, (row["company_id"], column)
                assert value == " ".join(value.split()), (row["company_id"], column, value)


def test_size() -> None:
    assert len(rows()) >= 1500
    assert {row["kind"] for row in rows()} == {"company", "investor", "media"}


def test_ids() -> None:
    ids = [row["company_id"] for row in rows()]
    assert [i for i, n in Counter(ids).items() if n > 1] == []
    assert [i for i in ids if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", i)] == []
    # `x-` opens the ids that the finder makes for names of no row.
    assert [i for i in ids if i.startswith("x-")] == []


def test_ids_are_kept_for_ever() -> None:
    issued = read("company_ids.txt").split()
    assert issued == sorted(set(issued))
    ids = {row["company_id"] for row in rows()}
    assert sorted(set(issued) - ids) == [], "an issued id is gone: tables already written point to it"
    assert sorted(ids - set(issued)) == [], "new ids belong into company_ids.txt too"


def test_names() -> None:
    assert [row["company_id"] for row in rows() if not row["name"] or ";" in row["name"]] == []


def test_kinds_and_countries() -> None:
    for row in rows():
        assert row["kind"] in {"company", "investor", "media"}, row
        assert not row["country"] or row["country"] in COUNTRIES, row


def test_parents_exist_and_end() -> None:
    parents = {row["company_id"]: row["parent"] for row in rows()}
    for start in parents:
        seen, now = set(), start
        while now:
            assert now in parents, f"{start}: no row for parent {now}"
            assert now not in seen, f"{start} is its own ancestor"
            seen.add(now)
            now = parents[now]


def test_tickers() -> None:
    owners = defaultdict(list)
    for row in rows():
        for ticker in cell(row, "tickers"):
            assert _TICKER.fullmatch(ticker), (row["company_id"], ticker)
            owners[ticker].append(row["company_id"])
    assert {t: ids for t, ids in owners.items() if len(ids) > 1} == {}


def test_chinese_columns_are_chinese() -> None:
    for row in rows():
        for name in cell(row, "zh"):
            assert _HAN.search(name), (row["company_id"], name)
            assert fold(name) == name or name in FOLDED_THOUGH_SIMPLIFIED, (row["company_id"], name, "is for zh_hant")
        for name in cell(row, "zh_hant"):
            assert _HAN.search(name), (row["company_id"], name)


def test_no_surface_twice_in_a_row() -> None:
    for row in rows():
        # A traditional form may repeat a simplified one character for character; a reader looks for it in its column.
        mine = Counter(key(s) for column in SURFACES if column != "zh_hant" for s in cell(row, column))
        assert [s for s, n in mine.items() if n > 1] == [], row["company_id"]


def test_ambiguous_ones_are_surfaces_or_tickers() -> None:
    for row in rows():
        assert ambiguous(row) <= {key(s) for s in surfaces(row) + cell(row, "tickers")}, row["company_id"]


def test_tickers_that_name_another_row_are_marked() -> None:
    for row in rows():
        for ticker in cell(row, "tickers"):
            others = [r["company_id"] for r in claims().get(key(ticker), []) if r is not row]
            if ticker.isalpha() and len(ticker) > 2 and others:
                assert key(ticker) in ambiguous(row), f"{ticker} of {row['company_id']} also names {others}"


def test_no_surface_claimed_twice_unmarked() -> None:
    for surface, owners in claims().items():
        if len(owners) > 1:
            unmarked = [row["company_id"] for row in owners if surface not in ambiguous(row)]
            assert unmarked == [], f"{surface} is claimed by {[row['company_id'] for row in owners]}"


def test_short_surfaces_are_marked() -> None:
    for surface, owners in claims().items():
        if len(surface) < 2:
            assert all(surface in ambiguous(row) for row in owners), surface


def test_products_are_no_surfaces() -> None:
    assert [name for name in NO_COMPANIES.split() if key(name) in claims()] == []


@pytest.mark.parametrize(
    ("surface", "company_id"),
    [
        ("甲骨文", "oracle"), ("Oracle", "oracle"), ("輝達", "nvidia"), ("英伟达", "nvidia"), ("超微", "amd"),
        ("美超微", "supermicro"), ("阿里云", "alibaba-cloud"), ("AWS", "aws"), ("月之暗面", "moonshot-ai"),
        ("a16z", "andreessen-horowitz"), ("彭博行业研究", "bloomberg-intelligence"), ("中芯国际", "smic"),
        ("智谱", "zhipu-ai"), ("台積電", "tsmc"), ("鴻海", "foxconn"), ("蓝鲸新闻", "lanjing-news"),
    ],
)  # fmt: skip
def test_one_identity_in_two_languages(surface: str, company_id: str) -> None:
    assert [row["company_id"] for row in claims()[key(surface)]] == [company_id]


def test_columns_are_explained() -> None:
    page = read("SOURCES.md")
    assert [c for c in COLUMNS if f"`{c}`" not in page] == []


# What the text around a surface says, by script and kind; {0} is the surface.
NEUTRAL = {"zh": "昨日,{0}发布了新的计划。", "en": "Yesterday {0} published a new plan."}
TELLING = {
    ("zh", "company"): "{0}公司宣布推出新产品,{0}公司创始人兼首席执行官表示将扩大招聘。",
    ("zh", "investor"): "该公司完成新一轮融资,由{0}领投,{0}合伙人加入董事会。",
    ("zh", "media"): "据{0}报道,该公司计划裁员;{0}援引知情人士称,计划下周公布。",
    (
        "en",
        "company",
    ): "Shares of {0} rose 3% after the chief executive of {0} Inc. said that it would buy a start-up.",
    ("en", "investor"): "The start-up raised $20 million in a round led by {0}, and a partner at {0} joins its board.",
    ("en", "media"): "The company plans cuts, {0} reported on Monday, citing people familiar with the matter.",
}

# Known failures of the finder; when one is found, it goes from this set.
NOT_FOUND_YET = {"360", "X", "界面"}


def lang_of(surface: str) -> Lang:
    return "zh" if _HAN.search(surface) else "en"


@cache
def ticker_owners() -> dict[str, str]:
    return {ticker: row["company_id"] for row in rows() for ticker in cell(row, "tickers")}


def is_found(surface: str, sentence: str) -> bool:
    """Whether a company of one of the surface's rows covers it in the sentence; a ticker's row may claim it too."""
    text, start = sentence.format(surface), sentence.index("{0}")
    owners = {row["company_id"] for row in claims()[key(surface)]} | {ticker_owners().get(surface)}
    return any(
        c.start <= start and c.end >= start + len(surface) and c.company_id in owners
        for c in find_companies(Passage.of(text, lang_of(surface)))
    )


def test_every_plain_surface_is_found() -> None:
    plain = {s for row in rows() for s in surfaces(row) if key(s) not in ambiguous(row)}
    assert sorted(s for s in plain if not is_found(s, NEUTRAL[lang_of(s)])) == []


def test_every_ambiguous_surface_is_found_where_the_text_says_company() -> None:
    marked = {(s, row["kind"]) for row in rows() for s in surfaces(row) if key(s) in ambiguous(row)}
    lost = {s for s, kind in marked if not is_found(s, TELLING[lang_of(s), kind])}
    assert lost == NOT_FOUND_YET
