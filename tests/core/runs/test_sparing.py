"""Where memory is scarce: no process has torch before somebody asks for a CNN, and what is trained is the same."""

import time

import psutil
import pytest

from core import checkpoints
from core.config import CNNConfig, MLPConfig
from core.host.hosting import Hosting
from core.runs import Runs
from tests.outcome import outcome, run
from tests.waiting import wait_until

pytestmark = pytest.mark.slow


def libraries(process: psutil.Process) -> str:
    return " ".join(mapped.path for mapped in process.memory_maps())


@pytest.mark.skipif(not psutil.LINUX, reason="it is Linux that says which libraries a process has")
def test_a_sparing_worker_has_torch_once_it_trains_a_cnn_and_learns_the_same(tmp_path, digits):
    runs = Runs(tmp_path, host=Hosting(memory="low"))
    try:
        assert runs.workers == 1
        mlp = runs.start(MLPConfig(train_size=500, epochs=2))
        wait_until(lambda: not mlp.live)
        (worker,) = runs.crew.own.workers
        process = psutil.Process(worker.handle.pid)
        assert "libtorch" not in libraries(process)
        assert process.nice() > psutil.Process().nice(), "polite all the same"
        config = CNNConfig(train_size=300, epochs=2)
        cnn = runs.start(config)
        wait_until(lambda: not cnn.live)
        assert "libtorch" in libraries(process)
        assert outcome(checkpoints.load(config.key, tmp_path)) == outcome(run(config, digits))
    finally:
        runs.close()


def test_a_showcase_starts_no_process_and_is_ready(tmp_path):
    runs = Runs(tmp_path, host=Hosting(mode="showcase"))
    try:
        time.sleep(2)  # four looks
        assert runs.crew.own is None
        assert runs.ready()
    finally:
        runs.close()
