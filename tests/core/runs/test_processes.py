"""The scheduler and the workers as processes: where they listen, who follows a lost one, and that nothing stays behind."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from core.config import MLPConfig
from core.runs import Runs, certificate, supervisor
from core.runs.engine import Connection, Lost
from core.runs.lifeline import folder_name, owner
from core.runs.processes import Processes, remove_folders_of_the_dead
from tests.waiting import wait_until

ROOT = Path(__file__).parent.parent.parent.parent
pytestmark = pytest.mark.slow

SERVER = f"""
import sys, time
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from core.config import MLPConfig
from core.runs import Runs
runs = Runs(Path.cwd() / "weights", workers=1)
run = runs.start(MLPConfig(train_size=50_000, epochs=200))
while run.states < 1:
    time.sleep(0.05)
try:
    print("training", flush=True)
    time.sleep(1000)
except KeyboardInterrupt:
    pass
"""


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """Where temporary files go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def two(scratch):
    two = Processes(2)
    yield two
    two.close()


def listening(process: subprocess.Popen) -> list[str]:
    return [
        connection.laddr.ip
        for connection in psutil.Process(process.pid).net_connections()
        if connection.status == psutil.CONN_LISTEN
    ]


def ports(process: subprocess.Popen) -> list[int]:
    return [
        connection.laddr.port
        for connection in psutil.Process(process.pid).net_connections()
        if connection.status == psutil.CONN_LISTEN
    ]


PATHS = ("/health", "/info/main/workers.html", "/metrics", "/json/counts.json", "/sitemap.json", "/api/v1")


def answer(port: int, path: str) -> int:
    """The status of an answer over HTTP; 0 where there is none."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as found:
            return found.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_they_listen_on_this_machine_alone_and_leave_nothing_behind(two, scratch):
    wait_until(lambda: two.address)
    handles = [process.handle for process in (two.scheduler, *two.workers)]
    wait_until(lambda: all(map(listening, handles)))
    assert {ip for handle in handles for ip in listening(handle)} == {"127.0.0.1"}
    assert {path.parent for path in scratch.rglob("dask-scratch-space")} <= {two.folder}
    started = time.monotonic()
    two.close()
    assert time.monotonic() - started < 2, "they are ended, not asked to end"
    assert all(handle.poll() is not None for handle in handles)
    assert not [*scratch.iterdir()]


def test_nobody_without_the_key_is_let_in(two, tmp_path, monkeypatch):
    wait_until(lambda: two.address)
    assert two.address.startswith("tls://127.0.0.1:")
    monkeypatch.setattr("core.runs.engine.SECONDS_TO_ANSWER", 1.0)
    with pytest.raises(Lost):
        Connection(two.address.replace("tls://", "tcp://"))
    (tmp_path / "else").mkdir()
    with pytest.raises(Lost):
        Connection(two.address, certificate.make(tmp_path / "else"))
    ours = Connection(two.address, two.certificate)
    wait_until(lambda: len(ours.workers()) == 2)
    assert all(worker.address.startswith("tls://127.0.0.1:") for worker in ours.workers())
    ours.close()


READ = "import os, sys; os.setgid(65534); os.setuid(65534); open(sys.argv[1], 'rb')"


@pytest.mark.skipif(os.name == "nt", reason="Windows gives each user a folder of their own for temporary files")
def test_no_other_user_can_read_the_key(two):
    key = two.certificate.key
    assert (key.stat().st_mode & 0o777, two.folder.stat().st_mode & 0o777) == (0o600, 0o700)
    if os.geteuid() == 0:  # who may be anybody
        read = subprocess.run([sys.executable, "-c", READ, key], capture_output=True, encoding="utf-8")
        assert "PermissionError" in read.stderr
    two.close()
    assert not key.exists()


def test_to_a_browser_they_say_that_they_are_alive_and_no_more(two):
    """Each has a port for HTTP, which anybody on the machine reaches."""
    wait_until(lambda: two.address)
    connection = Connection(two.address, two.certificate)
    wait_until(lambda: len(connection.workers()) == 2)
    handles = [process.handle for process in (two.scheduler, *two.workers)]
    answers = {path: [answer(port, path) for handle in handles for port in ports(handle)] for path in PATHS}
    connection.close()
    assert answers["/health"].count(200) == 3
    open_to_all = [path for path in PATHS if 200 in answers[path]]
    assert open_to_all == ["/health", "/sitemap.json"], "the second lists these two"


def test_another_worker_takes_the_place_of_one_that_ended_or_grew_too_large(two, monkeypatch):
    assert two.tend() == 0
    first, second = two.workers
    first.handle.kill()
    first.handle.wait()
    assert two.tend() == 1
    assert two.workers[0].alive
    assert two.workers[1] is second
    monkeypatch.setattr(two, "megabytes", 1)
    wait_until(lambda: two.workers[0].bytes() > 2**20)  # one that has only just been started takes less
    assert two.tend() == 2
    assert second.handle.returncode == -signal.SIGKILL


def test_a_folder_goes_when_its_server_has_gone(scratch):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    kept = [
        Path(tempfile.mkdtemp(prefix=folder_name())),
        scratch / "digit-lab-else-where-x",  # somebody else's
    ]
    removed = [
        scratch / f"digit-lab-{dead.pid}-1700000000-x",
        scratch / f"digit-lab-{os.getpid()}-1700000000-x",  # of a server that had this number before
    ]
    for folder in (*kept[1:], *removed):
        folder.mkdir()
    assert owner(kept[0]).pid == os.getpid()
    remove_folders_of_the_dead()
    assert sorted(scratch.iterdir()) == sorted(kept)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "kill -9"])
def test_no_process_and_no_file_stays_when_the_server_goes(end, tmp_path):
    (tmp_path / "scratch").mkdir()
    environment = {**os.environ, "TMPDIR": str(tmp_path / "scratch")}
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as server:
        assert server.stdout.readline() == "training\n"
        started = psutil.Process(server.pid).children(recursive=True)
        assert len(started) == 2
        server.send_signal(end)
        try:
            server.wait(30)
        finally:
            server.kill()  # or nothing here would ever end
        wait_until(lambda: not any(child.is_running() for child in started), seconds=60)
        assert server.stderr.read() == "", "it ends without a word"
    wait_until(lambda: not [*(tmp_path / "scratch").glob("digit-lab-*")], seconds=10)
    assert len([*(tmp_path / "weights").glob("*.npz")]) == 1


def test_the_first_page_has_the_processors_to_itself_unless_a_run_waits_for_workers(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "SECONDS_TO_ARRIVE", 600.0)
    runs = Runs(tmp_path, workers=1)
    try:
        time.sleep(2 * supervisor.SECONDS_BETWEEN_LOOKS)
        assert runs.crew.own is None
        run = runs.start(MLPConfig(train_size=100, epochs=1))
        wait_until(lambda: run.status == "done")
    finally:
        begun = time.monotonic()
        runs.close()
    assert time.monotonic() - begun < 60


def test_a_server_that_ends_before_it_had_workers_ends_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "SECONDS_TO_ARRIVE", 600.0)
    runs = Runs(tmp_path, workers=1)
    begun = time.monotonic()
    runs.close()
    assert time.monotonic() - begun < 60
