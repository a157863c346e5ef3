"""What holds on Windows, as far as another system can show it: windows/sitecustomize.py takes away what it lacks."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.test_structure import CORE, UI, imported, name_of

ROOT = Path(__file__).parent.parent.parent.parent
HERE = Path(__file__).parent / "windows"
MISSING = {"crypt", "fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"}
pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the rules are made of /proc")


def under_its_rules(*command: str, folder: Path) -> subprocess.CompletedProcess:
    """Run a script as Windows would, with its temporary files in a folder."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(HERE), str(ROOT)]),
        "PYTHONWARNDEFAULTENCODING": "1",
        "TMPDIR": str(folder),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    command = (sys.executable, *command)
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=500)


@pytest.mark.slow
def test_the_whole_life_of_a_run_passes(tmp_path):
    (tmp_path / "weights").mkdir()
    (tmp_path / "scratch").mkdir()
    result = under_its_rules(str(HERE / "life.py"), str(tmp_path / "weights"), folder=tmp_path / "scratch")
    said = ["stopped and resumed", "1 killed", "deleted and uploaded", "moved aside", "closed"]
    assert result.stdout.splitlines() == said, result.stderr
    assert not [*(tmp_path / "scratch").glob("digit-lab-*")], "nothing is left behind"
    left = {path.name for path in (tmp_path / "weights").iterdir()}
    assert not {name for name in left if name.startswith(".")}


@pytest.mark.parametrize(
    "breach",
    [
        "import os; os.nice(0)",
        "import ctypes; ctypes.CDLL(None)",
        "import os; file = open('there', 'w', encoding='utf-8'); os.replace('there', 'here')",
        "import os; file = open('there', 'w', encoding='utf-8'); os.unlink('there')",
        "open('there', 'w')",
    ],
)
def test_the_rules_bite(breach, tmp_path):
    script = tmp_path / "breach.py"
    script.write_text(f"import os; os.chdir({str(tmp_path)!r})\n{breach}\n", encoding="utf-8")
    assert under_its_rules(str(script), folder=tmp_path).returncode == 1
    script.write_text(f"import os; os.chdir({str(tmp_path)!r})\n", encoding="utf-8")
    assert under_its_rules(str(script), folder=tmp_path).returncode == 0


@pytest.mark.parametrize("path", CORE + UI, ids=name_of)
def test_nothing_imports_what_it_lacks(path):
    assert not imported(path) & MISSING


@pytest.mark.slow
def test_every_text_that_is_opened_names_its_encoding(tmp_path):
    """Also where nothing is written that would be read otherwise: importing everything reads the files of every page."""
    modules = [name_of(path) for path in [*CORE, *UI] if name_of(path) != "core.__main__"]
    script = tmp_path / "imports.py"
    script.write_text("\n".join(f"import {module}" for module in modules), encoding="utf-8")
    result = under_its_rules(str(script), folder=tmp_path)
    assert result.returncode == 0, result.stderr


def test_a_worker_is_polite_with_the_means_of_each_system(monkeypatch):
    from core.runs import worker

    said = []
    process = SimpleNamespace(nice=lambda *level: said.extend(level) or 0)
    windows = {"WINDOWS": True, "BELOW_NORMAL_PRIORITY_CLASS": 16384}
    monkeypatch.setattr(worker, "psutil", SimpleNamespace(Process=lambda: process, **windows))
    worker.be_nice()
    assert said == [16384], "a class there, a number elsewhere"
