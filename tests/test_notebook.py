"""The notebook runs top to bottom on the demo's data, and is the one that its cells are kept for."""

from __future__ import annotations

import runpy
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import ROOT

NOTEBOOK = ROOT / "notebooks" / "first_look.ipynb"


def test_it_runs_top_to_bottom(demo: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHIPWIRE_DATA", str(demo[0]))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(NOTEBOOK.parent)}}).execute()
    pictures = [o for c in notebook.cells for o in c.get("outputs", []) if "image/png" in o.get("data", {})]
    assert len(pictures) == 2


def test_it_is_committed_with_outputs_and_as_its_cells_say() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    cells = runpy.run_path(str(ROOT / "notebooks" / "make_first_look.py"))["CELLS"]
    assert [c.source for c in notebook.cells] == list(cells)
    assert all(c.outputs for c in notebook.cells if c.cell_type == "code" and "plt.subplots" in c.source)
