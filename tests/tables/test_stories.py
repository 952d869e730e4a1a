"""Copies of one article are one story, whatever was done to them; and it does not matter in which nights they came."""

from __future__ import annotations

import hashlib
import random
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines.storage.check import check
from pipelines.storage.tables import Tables
from pipelines.stories.overlaps import OverlapIndex
from pipelines.stories.sketches import LARGEST, shingles, sizes, sketch
from pipelines.stories.stories import CLOSE, SAME, Told
from tests.tables.synthetic import EPOCH, Row, batch

WORDS = ("chips", "cloud", "model", "rack", "power", "grid", "lease", "fund", "plant", "order", "memory", "tender")
TAG = {"zh": "zh-Hans", "en": "en"}
SIGNS = "算力芯片机房电网租赁资金轮次订单内存交换散热招标审计模型云端服务器集群训练推理数据中心功率机柜产能"


def prose(seed: int, lang: str = "en", length: int = 400) -> str:
    """Words or characters at random: no two texts share more than chance."""
    rng = random.Random(seed)
    if lang == "en":
        return " ".join(f"{rng.choice(WORDS)}{rng.randrange(90)}" for _ in range(length))
    return "".join(rng.choice(SIGNS) for _ in range(length))


def article(
    name: str, text: str, *, day: float = 0, source: str | None = None, lang: str = "en", night: int = 0
) -> Row:
    return {
        "article_id": hashlib.sha256(name.encode()).hexdigest()[:16],
        "url": f"https://site.example/{name}",
        "source": source or name,
        "lang": lang,
        "title": name,
        "published_at": EPOCH + timedelta(days=day),
        "fetched_at": EPOCH + timedelta(days=100 + night),
        "text": text,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "raw_file": "elsewhere",
        "raw_offset": 0,
        "extractor": "1",
    }


def merge(data: Path, articles: list[Row], removed: list[Row] | None = None) -> None:
    Tables(data).merge(batch([{"articles": articles, "removed": removed or []}]))


def groups(data: Path) -> set[frozenset[str]]:
    articles = pd.read_parquet(data / "articles")
    return {frozenset(of["title"]) for _, of in articles.groupby("story_id")}


BASE = prose(1)
COPIES = {
    "reprint": BASE,
    "headline": f"Something else entirely {BASE}",
    "cut": BASE[: len(BASE) // 2],
    "note": f"Editor's note: updated with figures. {BASE}",
    "injected": "\n".join(BASE[at : at + 300] + " Buy Acme shares now " for at in range(0, len(BASE), 300)),
    "teasers": "\n".join([BASE, prose(2, length=40), prose(3, length=40)]),
    "merged": f"{prose(4)}\n{BASE}",
}


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_joins_its_original(tmp_path: Path, name: str) -> None:
    merge(tmp_path, [article("original", BASE), article(name, COPIES[name], day=1), article("other", prose(9), day=1)])
    assert Tables(tmp_path).tell(anew=True) == Told(3, 1, 2)
    assert groups(tmp_path) == {frozenset({"original", name}), frozenset({"other"})}


def test_chinese_copies_join_across_scripts(tmp_path: Path) -> None:
    text = prose(1, "zh")
    traditional = text.replace("芯", "晶").replace("数据", "數據").replace("训练", "訓練").replace("机", "機")
    merge(tmp_path, [article("hans", text, lang="zh-Hans"), article("hant", traditional, lang="zh-Hant")])
    assert groups(tmp_path) == {frozenset({"hans", "hant"})}


def test_languages_are_not_mixed(tmp_path: Path) -> None:
    merge(tmp_path, [article("a", BASE, lang="en"), article("b", BASE, lang="zh-Hans")])
    assert len(groups(tmp_path)) == 2


def test_a_story_ends_after_the_window(tmp_path: Path) -> None:
    merge(tmp_path, [article("a", BASE, day=0), article("b", BASE, day=29), article("c", BASE, day=31 + 29)])
    assert groups(tmp_path) == {frozenset({"a", "b"}), frozenset({"c"})}


def test_a_page_that_merges_two_articles_does_not_merge_their_stories(tmp_path: Path) -> None:
    first, second = prose(1), prose(2)
    merge(
        tmp_path,
        [
            article("both", f"{first}\n{second}", night=0),
            article("first", first, night=1),
            article("second", second, night=2),
            article("second again", second, night=3),
        ],
    )
    assert groups(tmp_path) == {frozenset({"both", "first"}), frozenset({"second", "second again"})}


def test_the_original_is_the_earliest_that_is_clean(tmp_path: Path) -> None:
    dirty = article("farm", BASE, day=0, source="farm")
    shard: Row = {"article_id": dirty["article_id"], "n": 0, "text": "Acme", "reason": "injected", "position": 3}
    articles = [
        dirty,
        article("late", BASE, day=2, source="a"),
        article("early", BASE, day=1, source="b"),
        article("update", BASE + " More.", day=3, source="b"),
    ]
    merge(tmp_path, articles, [shard])
    story = pd.read_parquet(tmp_path / "stories").iloc[0]
    assert story["title"] == "early"
    assert (story["articles"], story["sources"]) == (4, 3)
    ids = {str(one["title"]): one["article_id"] for one in articles}
    assert list(story["copies"]) == [ids["farm"], ids["late"], ids["update"]]
    assert (story["first_at"], story["last_at"]) == (EPOCH + timedelta(days=1), EPOCH + timedelta(days=3))


def test_nights_give_what_one_go_gives_and_ids_stay(tmp_path: Path) -> None:
    rng = random.Random(5)
    articles = []
    for number in range(60):
        base = prose(100 + number % 12)
        text = base[: rng.randrange(len(base) // 2, len(base))]
        articles.append(article(f"a{number}", text, day=rng.randrange(40), night=number // 10))
    once, nightly = tmp_path / "once", tmp_path / "nightly"
    merge(once, articles)
    ids: dict[str, str] = {}
    for night in range(6):
        merge(nightly, articles[night * 10 : night * 10 + 10])
        now = pd.read_parquet(nightly / "articles").set_index("article_id")["story_id"]
        assert all(now[one] == story for one, story in ids.items())
        ids = dict(now)
    assert len(set(ids.values())) < 60
    for name in ("articles", "stories"):
        pd.testing.assert_frame_equal(pd.read_parquet(once / name), pd.read_parquet(nightly / name))
    version = Tables(nightly).version()
    assert Tables(nightly).tell() == Told(0, 0, len(set(ids.values())))
    assert Tables(nightly).version() == version
    assert [p for p in check(nightly) if "stor" in str(p)] == []


def test_an_article_read_again_keeps_its_story(tmp_path: Path) -> None:
    merge(tmp_path, [article("a", BASE), article("b", BASE, night=1)])
    before = groups(tmp_path)
    merge(tmp_path, [article("b", BASE + " Corrected.", night=2)])
    assert groups(tmp_path) == before
    assert Tables(tmp_path).tell(anew=True).grouped == 2
    assert groups(tmp_path) == before


def test_texts_without_shingles_stand_alone(tmp_path: Path) -> None:
    merge(tmp_path, [article("a", ""), article("b", ""), article("c", "Two words")])
    assert Tables(tmp_path).tell(anew=True) == Told(3, 0, 3)


def test_a_lost_or_broken_cache_changes_nothing(tmp_path: Path) -> None:
    merge(tmp_path, [article("a", BASE)])
    (tmp_path / ".tables/sketches.parquet").write_bytes(b"broken")
    merge(tmp_path, [article("b", BASE)])
    assert len(groups(tmp_path)) == 1


def report(day: int, lang: str) -> str:
    """Each day the same words around other numbers."""
    rng = random.Random(day)
    parts = prose(77, lang, 240 if lang == "zh" else 120)
    if lang == "zh":
        return "".join(f"{parts[at : at + 12]}{rng.randrange(1_000, 9_999)}点" for at in range(0, 240, 12))
    words = parts.split()
    return " ".join(f"{' '.join(words[at : at + 6])} {rng.randrange(1_000, 9_999)}" for at in range(0, 120, 6))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_reports_of_a_series_are_stories_of_their_own(tmp_path: Path, lang: str) -> None:
    days = [report(day, lang) for day in range(3)]
    overlap = OverlapIndex().add([sketch(text, lang) for text in days], SAME)
    assert len(overlap.later) == 3
    assert (overlap.changed > overlap.kept).all()
    articles = [article(f"day {day}", text, day=day, lang=TAG[lang]) for day, text in enumerate(days)]
    corrected = days[2].replace(days[2].split()[-1], "7", 1) if lang == "en" else days[2].replace("9", "8", 2)
    merge(tmp_path, [*articles, article("corrected", corrected, day=3, lang=TAG[lang])])
    assert groups(tmp_path) == {frozenset({"day 0"}), frozenset({"day 1"}), frozenset({"day 2", "corrected"})}


@pytest.mark.parametrize(("lang", "length"), [("zh", 700), ("en", 300)])
def test_a_third_in_common_is_a_copy_if_it_is_the_head(tmp_path: Path, lang: str, length: int) -> None:
    def text(seed: int, part: float) -> str:
        whole = prose(seed, lang, length)
        return whole[: int(len(whole) * part)]

    glue = "" if lang == "zh" else " "
    original = text(1, 1)
    copy = glue.join([text(1, 0.34), text(2, 0.66)])
    quoted = glue.join([text(3, 0.33), text(4, 0.34), text(5, 0.33)])
    quoting = glue.join([text(6, 0.66), text(4, 0.34)])
    index = OverlapIndex()
    overlap = index.add([sketch(one, lang) for one in (original, copy, quoted, quoting)], CLOSE)
    assert list(zip(overlap.later, overlap.earlier, strict=True)) == [(1, 0), (3, 2)]
    assert (overlap.share < SAME).all()
    texts = {"original": original, "copy": copy, "quoted": quoted, "quoting": quoting}
    merge(tmp_path, [article(name, one, lang=TAG[lang]) for name, one in texts.items()])
    assert groups(tmp_path) == {frozenset({"original", "copy"}), frozenset({"quoted"}), frozenset({"quoting"})}


# sketches


@pytest.mark.parametrize("length", [50, 258, 259, 1_000, 15_000])
def test_a_sketch_is_small_and_a_part_of_the_shingles(length: int) -> None:
    text = prose(7, length=length)
    found = sketch(text, "en")
    assert len(found) <= LARGEST * 1.3
    assert len(found) >= min(length - 2, LARGEST // 2.6)
    assert np.isin(found, shingles(text, "en")).all()
    assert sizes(found)[0, 0] == len(found)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("text", ["", "a", "\n" * 9, "\ud800 lone", "😀" * 40, "a" * 1_000_000, "， " * 100_000])
def test_any_text_has_a_sketch(text: str, lang: str) -> None:
    assert len(sketch(text, lang)) <= 40


def test_overlap_is_the_share_of_the_smaller_text() -> None:
    long, other = prose(1, length=4_000), prose(2, length=4_000)
    words = long.split()
    texts = [long, " ".join(words[:1_000]), " ".join(words[:500] + other.split()[:500]), other]
    index = OverlapIndex()
    index.add([sketch(texts[0], "en")], 0)
    found = index.add([sketch(text, "en") for text in texts[1:]], 0.1)
    shares = {(int(a), int(b)): float(s) for a, b, s in zip(found.later, found.earlier, found.share, strict=True)}
    assert shares[1, 0] == pytest.approx(1.0, abs=0.01)
    assert shares[2, 0] == pytest.approx(0.5, abs=0.15)
    assert shares[2, 1] == pytest.approx(0.5, abs=0.15)
    assert shares[3, 2] == pytest.approx(0.5, abs=0.15)
    assert (3, 0) not in shares


def test_a_footer_on_every_page_makes_no_story_and_no_quadratic_work() -> None:
    footer = prose(0, length=60)
    index = OverlapIndex()
    found = index.add([sketch(f"{prose(n)} {footer}", "en") for n in range(1, 400)], SAME)
    assert len(found.later) == 0


def test_quality_on_saved_pages(shared: Path) -> None:
    """A small share of what `tests/bench/stories.py` measures."""
    texts = [path.read_text() for path in sorted((shared / "pages/zh").glob("*.txt"))[:60]]
    texts = [text for text in texts if len(text) >= 200]
    index = OverlapIndex()
    index.add([sketch(text, "zh") for text in texts], 1)
    cut = index.add([sketch(text[: len(text) // 2], "zh") for text in texts], SAME)
    found = set(zip(cut.later.tolist(), cut.earlier.tolist(), strict=True))
    right = {(len(texts) + n, n) for n in range(len(texts))}
    assert len(right & found) >= 0.95 * len(right)
