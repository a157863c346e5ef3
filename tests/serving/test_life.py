"""The end of a server: what trains is saved, everybody is gone, and it does not take long."""

import signal
import socket
import subprocess
import time
from pathlib import Path

import psutil
import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from core import checkpoints
from core.config import CNNConfig
from core.runs import Runs
from tests.fuzz.test_websocket import Browser, controls
from tests.outcome import outcome, run
from tests.server import Server
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

CONFIG = CNNConfig(train_size=5_000, epochs=200, seed=3)
LONG = "network=cnn&train_size=5000&epochs=200&seed=3"


@pytest.fixture
def begin(tmp_path):
    """Begin a server; one that a test has not ended is ended for it."""
    begun: list[Server] = []

    def make(script: str) -> Server:
        begun.append(Server(tmp_path, script, DIGIT_LAB_WORKERS="1"))
        return begun[-1].wait()

    yield make
    for server in begun:
        server.process.kill()
        server.process.wait()


def train(server: Server) -> Browser:
    """A tab in which a run trains that has been saved once."""
    visitor = Browser(server)
    (button,) = (name for name in controls(visitor.rerun("train", LONG)) if name.endswith("-train"))
    visitor.rerun("train", LONG, WidgetState(id=button, trigger_value=True))
    path = checkpoints.path_of(CONFIG.key, server.weights)
    wait_until(path.exists)
    return visitor


def end(server: Server, how: signal.Signals, seconds: float) -> list[psutil.Process]:
    """Tell it to end, and wait for so long. Returns the processes that are left."""
    children = psutil.Process(server.process.pid).children(recursive=True)
    assert len(children) >= 2
    server.process.send_signal(how)
    try:
        server.process.wait(seconds)
    except subprocess.TimeoutExpired:
        server.process.kill()
        pytest.fail(f"it was not gone after {seconds} s")
    return psutil.wait_procs(children, timeout=5)[1]


@pytest.mark.parametrize(
    ("script", "how"), [("app.py", signal.SIGTERM), ("serve.py", signal.SIGTERM), ("serve.py", signal.SIGINT)]
)
def test_a_server_that_is_told_to_end_saves_what_trains_and_leaves_nobody(script, how, begin):
    server = begin(script)
    visitor = train(server)
    told = time.time()
    assert not end(server, how, seconds=15)
    visitor.socket.close()
    assert checkpoints.path_of(CONFIG.key, server.weights).stat().st_mtime > told
    assert checkpoints.summary(CONFIG.key, server.weights).config == CONFIG


def test_whoever_takes_for_ever_to_send_a_file_does_not_hold_up_the_end(begin):
    server = begin("serve.py")
    train(server)
    told = time.time()
    with socket.create_connection(("127.0.0.1", server.port)) as slow:
        slow.sendall(b"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\n\r\nx")
        time.sleep(0.5)
        assert not end(server, signal.SIGTERM, seconds=20)
    assert checkpoints.path_of(CONFIG.key, server.weights).stat().st_mtime > told


def steps(path: Path) -> int:
    """How many steps of its training a file holds."""
    checkpoint = checkpoints.loads(path.read_bytes())
    return len(checkpoint.history) * CONFIG.steps_per_epoch + checkpoint.step


def test_workers_hand_in_all_that_they_have_learnt(tmp_path):
    runs = Runs(tmp_path, workers=2)
    both = [CONFIG, CNNConfig(train_size=5_000, epochs=200, seed=4)]
    started = runs.start_all(both)
    wait_until(lambda: all(run.states >= 3 for run in started))
    time.sleep(1.5)
    known = [run.steps_done for run in started]
    told = time.monotonic()
    runs.close()
    assert time.monotonic() - told < 10
    for config, steps_known in zip(both, known, strict=True):
        assert steps(checkpoints.path_of(config.key, tmp_path)) >= steps_known
    assert [run.status for run in started] == ["stopped"] * 2


def test_a_scheduler_that_does_not_answer_does_not_hold_up_the_end(tmp_path):
    runs = Runs(tmp_path, workers=1)
    run = runs.start(CONFIG)
    wait_until(lambda: run.states >= 2)
    own = runs.crew.own
    own.scheduler.handle.send_signal(signal.SIGSTOP)
    told = time.monotonic()
    runs.close()
    assert time.monotonic() - told < 15
    assert not any(process.alive for process in (own.scheduler, *own.workers))
    assert checkpoints.summary(CONFIG.key, tmp_path).config == CONFIG


def test_a_run_that_was_saved_at_the_end_comes_to_the_same_weights(tmp_path, digits):
    config = CNNConfig(train_size=500, epochs=12)
    runs = Runs(tmp_path, workers=1)
    started = runs.start(config)
    wait_until(lambda: len(started.history) > 1)
    runs.close()
    runs = Runs(tmp_path, workers=1)
    again = runs.start(config)
    wait_until(lambda: not again.live)
    runs.close()
    assert outcome(checkpoints.load(config.key, tmp_path)) == outcome(run(config, digits))
