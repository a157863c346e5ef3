"""The same runs on a Dask cluster that somebody else has started: a scheduler and two workers, each in its own folder."""

import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import dask
import psutil
import pytest

from core import checkpoints
from core.config import CNNConfig, MLPConfig
from core.runs import Runs
from core.sweep import Sweep
from tests import waiting
from tests.outcome import outcome, run

ROOT = Path(__file__).parent.parent.parent.parent
pytestmark = pytest.mark.slow


wait_until = partial(waiting.wait_until, seconds=120)


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    """A scheduler and two workers on loopback; the address is where Dask itself looks for it."""
    processes = []
    threads = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}

    def start(name: str, *arguments: str) -> subprocess.Popen:
        folder = tmp_path / name
        folder.mkdir()
        command = [sys.executable, "-m", "dask", *arguments]
        environment = {**os.environ, **threads, "PYTHONPATH": str(ROOT)}
        with open(folder / "log", "w") as log:
            processes.append(subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log))
        return processes[-1]

    description = tmp_path / "scheduler.json"
    scheduler = ("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    start("scheduler", *scheduler, "--scheduler-file", str(description))
    wait_until(description.exists)
    address = json.loads(description.read_text())["address"]
    for name in ("one", "two"):
        start(name, "worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard", "--name", name)
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", address)
    dask.config.refresh()
    yield processes
    monkeypatch.undo()
    dask.config.refresh()
    for process in reversed(processes):
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
        process.kill()
        process.wait()


@pytest.fixture
def runs(cluster, tmp_path):
    runs = Runs(tmp_path / "weights")
    yield runs
    runs.close()


def test_a_sweep_runs_there_streams_its_progress_and_equals_the_local_runs(runs, digits):
    sweep = Sweep(networks=("mlp", "cnn"), sizes=(300, 600), shared=MLPConfig(epochs=4))
    started = [runs.start(config) for config in sweep.configs()]
    wait_until(lambda: any(len(run.history) > 0 for run in started))
    wait_until(lambda: not any(run.live for run in started))
    assert [run.status for run in started] == ["done"] * 4
    assert runs._engine.crew.own is None, "nothing of its own was started"
    for config in sweep.configs():
        there = checkpoints.load(config.key, runs.folder)
        assert outcome(there) == outcome(run(config, digits))


def test_a_worker_that_is_killed_costs_the_last_seconds_at_most(runs, cluster, digits):
    config = CNNConfig(train_size=2_000, epochs=20)
    started = runs.start(config)
    wait_until(lambda: len(started.history) >= 8)
    busy = max(worker_processes(cluster), key=lambda process: process.cpu_times().user).pid
    os.kill(busy, signal.SIGKILL)
    told, before = len(started.events), started.history
    wait_until(lambda: len(started.events) > told)
    again = started.events[told]
    lost = sum(event.seconds for event in before if event.epoch >= again.epoch)
    assert lost < 8, "a state is saved every 5 s at least, and the epoch that it falls into is told again"
    wait_until(lambda: not started.live)
    assert started.status == "done"
    assert [event.epoch for event in started.history] == list(range(1, 21))
    assert outcome(checkpoints.load(config.key, runs.folder)) == outcome(run(config, digits))


def worker_processes(cluster) -> list[psutil.Process]:
    return [process for worker in cluster[1:] for process in psutil.Process(worker.pid).children(recursive=True)]
