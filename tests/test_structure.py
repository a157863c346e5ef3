"""What may know what: core never knows the browser, and what is light does not import what is heavy."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(path.stem for path in (ROOT / "core").glob("*.py") if path.stem != "__init__")

# Each of these may import those before it and none after it.
BELOW = ["config", "data", "mlp", "cnn", "training", "checkpoints", "worker", "runs"]
# What is about the CNN: whoever imports it waits a second for torch.
WITH_TORCH = ["cnn", "inspection_cnn"]
LATER = ["neighbours"]  # imports it once it is asked about a CNN


def imported(path: Path) -> set[str]:
    """Every module that a file imports, wherever in it, e.g. {"numpy", "core.config"}."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            # `from core import checkpoints` imports core.checkpoints
            names |= {f"core.{alias.name}" for alias in node.names} if node.module == "core" else {node.module}
    return names


@pytest.mark.parametrize("module", MODULES)
def test_core_never_imports_what_knows_the_browser(module):
    tops = {name.split(".")[0] for name in imported(ROOT / "core" / f"{module}.py")}
    assert not tops & {"streamlit", "streamlit_drawable_canvas", "ui", "pages", "app", "tests"}


@pytest.mark.parametrize("module", [name for name in MODULES if name in BELOW])
def test_imports_within_core_point_one_way(module):
    names = imported(ROOT / "core" / f"{module}.py")
    used = {name.split(".")[1] for name in names if name.startswith("core.")}
    assert not used & set(BELOW[BELOW.index(module) :])


def test_only_what_is_about_the_cnn_imports_torch():
    with_torch = [name for name in MODULES if "torch" in imported(ROOT / "core" / f"{name}.py")]
    assert with_torch == sorted(WITH_TORCH + LATER)


@pytest.mark.parametrize("path", sorted((ROOT / "ui").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_ui_never_imports_a_page(path):
    assert not {name.split(".")[0] for name in imported(path)} & {"pages", "app"}


def loaded_after(imports: str) -> set[str]:
    """The heavy packages that are loaded in a fresh interpreter after some imports."""
    script = f"import {imports}, sys; print(*({{'streamlit', 'torch'}} & sys.modules.keys()))"
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(result.stdout.split())


def test_everything_but_the_cnn_loads_without_torch_and_streamlit():
    assert loaded_after(", ".join(f"core.{name}" for name in MODULES if name not in WITH_TORCH)) == set()


@pytest.mark.parametrize("module", WITH_TORCH)
def test_the_cnn_loads_without_streamlit(module):
    assert loaded_after(f"core.{module}") == {"torch"}
