"""Every test that a page of the project names is there: a promise without one is a wish."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NAMED = re.compile(r"`?(tests/[\w/]+\.py)(?:::(\w+))?")
PAGES = [ROOT / "SECURITY.md", ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def functions_in(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_is_named_exists(page):
    for file, test in NAMED.findall(page.read_text(encoding="utf-8")):
        if (ROOT / file).name == "test_name.py":
            continue  # CONTRIBUTING: whatever somebody will call it
        assert (ROOT / file).exists(), file
        assert not test or test in functions_in(ROOT / file), f"{file}::{test}"


def test_every_promise_names_one():
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 15
    for row in rows:
        assert NAMED.search(row.split(" | ")[-1]), row


LINKED = re.compile(r"\]\((?!https?:|#)([^)#]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_linked_exists(page):
    for name in LINKED.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / name).exists(), name
