"""The Dockerfile and compose.yaml: built and run where Docker is there, and read everywhere."""

import re
import shlex
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import yaml

from serving.alive import is_alive
from tests.serving.conftest import served  # noqa: F401
from tests.waiting import wait_until

ROOT = Path(__file__).parent.parent.parent


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions with what follows them, in order."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines)]


def of(name: str) -> list[str]:
    return [rest for found, rest in instructions() if found == name]


def docker_answers() -> bool:
    command = shutil.which("docker")
    return bool(command) and subprocess.run([command, "info"], capture_output=True, timeout=30).returncode == 0


def test_the_base_is_one_exact_version():
    (base,) = of("FROM")
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", base)


def test_nothing_runs_as_root():
    kinds = [name for name, _ in instructions()]
    assert of("USER") == ["lab"]
    assert kinds.index("USER") < kinds.index("CMD")
    assert "--uid 1000 lab" in of("RUN")[0]


def test_all_that_is_copied_exists_and_is_not_left_out():
    copied = [word for rest in of("COPY") for word in shlex.split(rest)[:-1] if not word.startswith("--")]
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert copied
    for name in copied:
        assert (ROOT / name).exists(), name
        assert f"!{name}" in ignored, name
    assert "*" in ignored, "what nobody has named stays outside"


def test_every_module_that_the_pages_import_is_copied():
    copied = {word for rest in of("COPY") for word in shlex.split(rest)}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert packages | {"pages", "data", ".streamlit", "cached_weights", "app.py", "serve.py"} <= copied


def test_torch_is_of_the_version_that_everybody_else_has():
    (install,) = (rest for rest in of("RUN") if "torch.txt" in rest)
    pattern = re.search(r"grep -o '([^']*)'", install)[1]
    torch = re.findall(pattern, (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(torch) == 1
    assert re.fullmatch(r"torch==\d+\.\d+\.\d+", torch[0])


def test_runs_are_kept_where_the_volume_is():
    assert of("VOLUME") == ["/app/cached_weights"]
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert compose["services"]["lab"]["volumes"] == ["runs:/app/cached_weights"]
    assert "runs" in compose["volumes"]


@pytest.mark.slow
def test_the_check_of_its_health_reads_the_answer(served, tmp_path):  # noqa: F811
    (check,) = of("HEALTHCHECK")
    command = re.search(r'CMD \["python", (.*)\]', check)[1]
    arguments = [word.strip(' "') for word in command.split(",")]
    assert arguments == ["-m", "serving.alive"]
    for port, code in ((served.port, 0), (1, 1)):
        environment = {"PORT": str(port)}
        assert subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment).returncode == code


@pytest.mark.slow
def test_a_streamlit_of_somebody_elses_is_not_taken_for_it(tmp_path):
    from tests.server import Server

    other = tmp_path / "other.py"
    other.write_text("import streamlit as st\nst.title('Hello')\n", encoding="utf-8")
    server = Server(tmp_path, str(other)).wait()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/healthz", timeout=5) as answer:
            assert answer.status == 200, "its page, as for everything that it does not know"
        assert not is_alive(server.port)
    finally:
        server.close()


def test_compose_shows_nobody_but_nginx_to_the_outside():
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    lab, nginx = compose["services"]["lab"], compose["services"]["nginx"]
    assert "ports" not in lab
    assert lab["cap_drop"] == ["ALL"]
    assert lab["read_only"] is True
    assert nginx["depends_on"]["lab"]["condition"] == "service_healthy"
    assert re.fullmatch(r"nginx:\d+\.\d+\.\d+(-\w+)?", nginx["image"])
    for volume in nginx["volumes"]:
        source = volume.split(":")[0] if "${" not in volume else volume[: volume.index("}") + 6]
        for name in ("http", "tls"):
            assert (ROOT / source.replace("${NGINX:-http}", name)).exists(), source


@pytest.mark.slow
@pytest.mark.skipif(not docker_answers(), reason="no Docker daemon answers")
def test_it_is_built_runs_and_becomes_healthy():
    subprocess.run(["docker", "build", "--tag", "digit-lab-test", "."], cwd=ROOT, check=True, timeout=3_000)
    run = ["docker", "run", "--detach", "--rm", "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "digit-lab-test"]
    name = subprocess.run(run, check=True, capture_output=True, encoding="utf-8").stdout.strip()
    inspect = ["docker", "inspect", "--format", "{{.State.Health.Status}} {{.Config.User}}", name]
    try:
        wait_until(lambda: subprocess.check_output(inspect, encoding="utf-8").split() == ["healthy", "lab"])
        started = time.monotonic()
        subprocess.run(["docker", "stop", "--time", "30", name], check=True)
        assert time.monotonic() - started < 15
    finally:
        subprocess.run(["docker", "rm", "--force", name], capture_output=True)
