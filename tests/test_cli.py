"""The command line: help, exit codes, lines in and lines out."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pipelines.cli import main
from tests.conftest import ROOT, run_chipwire


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


COMMANDS = dict(commands(main))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_says_what_it_does_with_an_example(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    assert command.help
    assert f"chipwire {' '.join(path)}" in command.help.split("Example:")[1]
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


def test_help_imports_nothing_heavy() -> None:
    heavy = ("pandas", "pyarrow", "prefect", "spacy", "rjieba", "httpx", "selectolax", "rich.progress", "numpy")
    code = (
        "import sys; from pipelines.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["nonsense"], 2),
        (["nightly", "--since", "yesterday"], 2),
        (["page"], 2),
        (["schedule"], 2),
        (["schedule", "--cron", "0 2 * * *", "--every", "5"], 2),
        (["entities", "no-such-file.jsonl"], 2),
        (["nightly", "--source", "no-such-source"], 1),
        (["rerun", "no-such-folder"], 1),
        (["show", "--data", "no-such-folder"], 1),
        (["check", "--data", "no-such-folder"], 1),
        (["repair", "--data", "no-such-folder"], 1),
        (["schedule", "--cron", "whenever"], 1),
        (["schedule", "--cron", "0 2 * * *", "--tz", "Mars/Olympus"], 1),
    ],
)
def test_wrong_use_is_2_and_failed_work_is_1_in_one_line(args: list[str], code: int, tmp_path: Path) -> None:
    done = run_chipwire(*args, cwd=tmp_path)
    said = done.stderr.decode()
    assert done.returncode == code, said
    assert "Traceback" not in said
    errors = [line for line in said.splitlines() if line.startswith("Error:")]
    assert len(errors) == 1, said


STORY = """<!doctype html><meta charset="gbk"><title>晨星智能扩建机房</title><article><h1>晨星智能扩建机房</h1>
<p>晨星智能周三表示，公司将在贵州机房再装2万块英伟达H100，为下一代模型提供算力，预计明年第一季度完工。</p>
<p>这笔投资约为8亿美元，其中一半来自银行贷款，另一半由现有股东承担，公司没有透露各家的份额。</p></article>"""


def test_page_reads_files_and_standard_input_and_goes_on_after_a_bad_one(tmp_path: Path) -> None:
    (tmp_path / "good.html").write_bytes(STORY.encode("gbk"))
    (tmp_path / "zipped").write_bytes(gzip.compress(STORY.encode("gbk")))
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 64)
    names = ["good.html", "noise.bin", "zipped", "absent.html", "-"]
    done = run_chipwire("page", *names, stdin=STORY.encode("gbk"), cwd=tmp_path)
    good = [json.loads(line) for line in done.stdout.splitlines()]
    bad = [json.loads(line) for line in done.stderr.splitlines()]
    assert done.returncode == 1
    assert [line["file"] for line in good] == ["good.html", "zipped", "-"]
    assert [line["file"] for line in bad] == ["noise.bin", "absent.html"]
    assert all(line["error"] for line in bad)
    assert {line["text"] for line in good} == {good[0]["text"]}
    assert good[0]["title"] == "晨星智能扩建机房"
    assert good[0]["text"].startswith("晨星智能周三表示")
    assert {"file", "url", "lang", "title", "byline", "published_at", "text", "removed"} <= good[0].keys()


def test_page_text_prints_the_text_alone(tmp_path: Path) -> None:
    (tmp_path / "good.html").write_bytes(STORY.encode("gbk"))
    done = run_chipwire("page", "--text", "good.html", cwd=tmp_path)
    lines = done.stdout.decode().splitlines()
    assert done.returncode == 0
    assert len(lines) == 2
    assert lines[1].startswith("这笔投资约为8亿美元")


def test_entities_keep_order_and_survive_bad_lines() -> None:
    lines = (
        b'{"id": 1, "text": "xAI raised $6 billion"}',
        b"not json",
        b"",
        b'{"id": "b", "text": 5}',
        b'{"id": 3, "text": "", "lang": "zh"}',
        b'{"id": 4, "text": "x", "lang": "fr"}',
        b'{"id": 5, "text": "\\ud800 $5"}',
        b"\xff\xfe{",
        b"[" * 100_000,
    )
    done = run_chipwire("entities", stdin=b"\n".join(lines))
    good = [json.loads(line) for line in done.stdout.splitlines()]
    bad = [json.loads(line) for line in done.stderr.splitlines()]
    assert done.returncode == 1
    assert [(r["id"], r["lang"]) for r in good] == [(1, "en"), (3, "zh")]
    assert [r["line"] for r in bad] == [2, 4, 6, 7, 8, 9]
    money = next(e for e in good[0]["entities"] if e["type"] == "MONEY")
    assert money == {
        "type": "MONEY",
        "start": 11,
        "end": 21,
        "text": "$6 billion",
        "low": 6000000000,
        "high": 6000000000,
        "bound": "exact",
        "currency": "USD",
        "per": None,
    }
    company = next(e for e in good[0]["entities"] if e["type"] == "COMPANY")
    assert (company["name"], company["company_id"]) == ("xAI", "xai")


def test_entities_answer_each_line_as_it_comes() -> None:
    """Streaming: the answer to the first line arrives while the input is still open."""
    with subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "entities"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'{"id": 1, "text": "5 GPUs"}\n')
        process.stdin.flush()
        first = json.loads(process.stdout.readline())
        process.stdin.close()
        assert first["id"] == 1
        assert process.wait(30) == 0
