"""What the documents say is held to what the code does."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT
from tests.test_cli import COMMANDS

README, README_ZH = ROOT / "README.md", ROOT / "README.zh-CN.md"


def blocks(text: str) -> list[str]:
    return re.findall(r"^```[a-z]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_both_readmes_have_the_same_command_blocks() -> None:
    english, chinese = (blocks(path.read_text("utf-8")) for path in (README, README_ZH))
    assert english
    assert english == chinese


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_the_readme_names_every_command(path: tuple[str, ...]) -> None:
    assert f"chipwire {' '.join(path)}" in README.read_text("utf-8")


@pytest.mark.parametrize("readme", [README, README_ZH], ids=lambda path: path.name)
def test_files_that_the_readmes_point_at_exist(readme: object) -> None:
    text = (README if readme == README else README_ZH).read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def python_blocks() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_the_readme_s_spacy_example_runs() -> None:
    pytest.importorskip("spacy")
    (code,) = [block for block in python_blocks() if "import spacy" in block]
    names: dict[str, object] = {}
    exec(code.replace("print(", "found = ("), names)
    found = sorted(str(span) for span in names["found"])  # type: ignore[attr-defined]  # a group of spans
    assert found == ["10万块英伟达H100 GPU", "xAI", "英伟达"]
