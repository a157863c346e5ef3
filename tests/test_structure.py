"""What may know what: imports go down, core never knows the browser, and what is light does not import what is heavy."""

import ast
import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CORE = sorted(path for path in (ROOT / "core").rglob("*.py"))
UI = sorted(path for path in (ROOT / "ui").rglob("*.py"))
SERVING = sorted(path for path in (ROOT / "serving").rglob("*.py"))
# What nobody imports, and few run: it would be broken for long before somebody saw it.
APART = sorted(
    path
    for folder in ("benchmarks", "deploy", "pages", "tests")
    for path in (ROOT / folder).rglob("*.py")
    if not path.name.startswith("test_")
)

# The floors of core, from the ground up. A module may import what is below it, and what is in its own room.
FLOORS = [
    [
        "core.words",
        "core.text",
        "core.files",
        "core.host",
        "core.data",
        "core.mlp",
        "core.pooling",
        "core.cnn",
        "core.kinds",
        "core.config",
        "core.layers",
    ],
    ["core.history", "core.commands.say", "core.search.grid", "core.sweep", "core.images", "core.glossary"],
    ["core.networks", "core.training"],
    ["core.description", "core.checkpoints"],
    ["core.labels"],
    ["core.naming"],
    ["core.analysis"],
    ["core.search"],
    ["core.charts", "core.runs", "core.sketch"],
    ["core.report", "core.lessons", "core.studies"],
    ["core.commands"],
    ["core.__main__"],
]
# What is about the CNN: whoever imports it waits a second for torch.
WITH_TORCH = ["core.analysis.filters", "core.cnn", "core.pooling"]
LATER = ["core.analysis.neighbours"]  # imports it once it is asked about a CNN
WITH_DASK = ["core.runs.engine", "core.runs.worker"]


def name_of(path: Path) -> str:
    """A file as one imports it, e.g. "core.runs.queue", "core.runs" for its __init__.py."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = [name_of(path) for path in CORE]
INSIDE = [name_of(path) for path in UI + SERVING]


def imported(path: Path) -> set[str]:
    """Every module that a file imports, wherever in it, e.g. {"numpy", "core.config"}."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            # `from core import checkpoints` imports core.checkpoints, `from core.charts import curves` core.charts.curves
            modules = {f"{node.module}.{alias.name}" for alias in node.names} & {*MODULES}
            names |= modules or {node.module}
    return names


def floor(module: str) -> int:
    """On which floor a module of core stands."""
    return next(
        i for i, rooms in enumerate(FLOORS) for room in rooms if module == room or module.startswith(f"{room}.")
    )


def room(module: str) -> str:
    """The folder of core that a module is in, or the module itself."""
    return ".".join(module.split(".")[:2])


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_core_never_imports_what_knows_the_browser(path):
    tops = {name.split(".")[0] for name in imported(path)}
    assert not tops & {"streamlit", "ui", "serving", "serve", "pages", "app", "tests"}


@pytest.mark.parametrize("path", [path for path in CORE if name_of(path) != "core"], ids=name_of)
def test_imports_within_core_go_down(path):
    module = name_of(path)
    for name in imported(path):
        if name.startswith("core.") and room(name) != room(module):
            assert floor(name) <= floor(module), f"{module} imports {name}, which stands above it"


def test_no_two_modules_of_core_import_each_other():
    graph = {name_of(path): {name for name in imported(path) if name in MODULES} for path in CORE}
    done: set[str] = set()

    def visit(module: str, way: list[str]) -> None:
        assert module not in way, " -> ".join([*way, module])
        if module not in done:
            for name in sorted(graph[module]):
                visit(name, [*way, module])
            done.add(module)

    for module in graph:
        visit(module, [])


def test_only_what_is_about_the_cnn_imports_torch():
    with_torch = [name_of(path) for path in CORE if "torch" in {name.split(".")[0] for name in imported(path)}]
    assert sorted(with_torch) == sorted(WITH_TORCH + LATER)


def test_only_the_engine_and_the_worker_import_dask():
    with_dask = [name_of(path) for path in CORE if {"dask", "distributed"} & {n.split(".")[0] for n in imported(path)}]
    assert with_dask == WITH_DASK


def test_the_mlp_imports_numpy_alone():
    assert {name.split(".")[0] for name in imported(ROOT / "core" / "mlp.py")} == {"collections", "typing", "numpy"}


@pytest.mark.parametrize("path", UI, ids=name_of)
def test_ui_never_imports_a_page_nor_what_stands_in_front_of_it(path):
    assert not {name.split(".")[0] for name in imported(path)} & {"pages", "app", "serving", "serve"}


@pytest.mark.parametrize("path", SERVING, ids=name_of)
def test_what_stands_in_front_of_the_pages_imports_none(path):
    assert not {name.split(".")[0] for name in imported(path)} & {"pages", "app", "serve", "torch", "distributed"}


@pytest.mark.parametrize("path", CORE + UI + SERVING, ids=name_of)
def test_files_and_classes_can_be_read_aloud(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef):
            assert node.end_lineno - node.lineno < 120, f"{node.name} is longer than 120 lines"


@pytest.mark.parametrize("path", [*APART, ROOT / "app.py", ROOT / "serve.py"], ids=name_of)
def test_what_a_file_imports_of_the_project_is_there(path):
    missing = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] in ("core", "ui", "serving"):
            module = importlib.import_module(node.module)
            names = {alias.name for alias in node.names if f"{node.module}.{alias.name}" not in MODULES + INSIDE}
            missing += [f"{node.module}.{name}" for name in names if not hasattr(module, name)]
    assert not missing


@pytest.mark.slow
@pytest.mark.parametrize("page", ["app.py", "pages/weights.py"])
def test_a_page_is_drawn_without_what_it_does_not_need(page):
    """Before anybody asks for more: the imports are a good part of what a first visitor waits for."""
    assert drawn(page, "*({'altair', 'scipy', 'torch', 'sklearn'} & sys.modules.keys())") == []


@pytest.mark.slow
@pytest.mark.parametrize(("memory", "waits"), [("usual", False), ("low", True)])
def test_sketch_waits_for_torch_on_a_sparing_server_alone(memory, waits):
    """Whoever has drawn nothing yet has no answer to wait for: elsewhere a thread imports it, which is told to begin."""
    said = "*('altair' in sys.modules, 'torch' in sys.modules, ui.shared.of_the_process(ui.shared._torch_is_wanted).is_set())"
    assert drawn("pages/sketch.py", said, DIGIT_LAB_MEMORY=memory) == ["False", str(waits), str(not waits)]


def drawn(page: str, said: str, **environment: str) -> list[str]:
    """What can be `said` in a process that has drawn Home, and a page after it, without all of MNIST and without a warm-up."""
    script = (
        "import sys, ui.shared; from streamlit.testing.v1 import AppTest; "
        "ui.shared._warm_up = ui.shared.load_digits = lambda: None; "
        "at = AppTest.from_file(sys.argv[1], default_timeout=100).run(); assert not at.exception; "
        f"at.switch_page('{page}').run(); assert not at.exception; print({said})"
    )
    command = [sys.executable, "-c", script, str(ROOT / "app.py")]
    everything = {**os.environ, **environment}
    return subprocess.run(command, cwd=ROOT, env=everything, capture_output=True, text=True, check=True).stdout.split()


def loaded_after(imports: str) -> set[str]:
    """The heavy packages that are loaded in a fresh interpreter after some imports."""
    script = f"import {imports}, sys; print(*({{'streamlit', 'torch', 'distributed'}} & sys.modules.keys()))"
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(result.stdout.split())


def test_everything_but_cnn_and_worker_loads_without_torch_dask_and_streamlit():
    heavy = {*WITH_TORCH, "core.runs.worker", "core.__main__"}
    assert loaded_after(", ".join(name for name in MODULES if name not in heavy)) == set()


@pytest.mark.slow
@pytest.mark.parametrize("module", WITH_TORCH)
def test_the_cnn_loads_without_streamlit(module):
    assert loaded_after(module) == {"torch"}
