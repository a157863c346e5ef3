"""Whatever is killed or frozen while a run trains: it trains on, and ends in the weights of the run that nobody interrupted."""

import re
import subprocess
import sys
import time

import pytest

from core import checkpoints
from core.config import CNNConfig, MLPConfig
from core.runs import Runs, crew, supervisor
from core.runs.job import MOST_LOSSES
from core.runs.processes import Process, Processes
from tests.faults.kills import FAULTS, KILLS, SECONDS_TO_TRAIN_AGAIN, interrupted
from tests.outcome import outcome, run
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

LONG_ENOUGH = CNNConfig(train_size=1_000, epochs=20)


@pytest.fixture(scope="module")
def expected(digits):
    return outcome(run(LONG_ENOUGH, digits))


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    runs = Runs(tmp_path_factory.mktemp("runs"), workers=2)
    wait_until(runs.ready)
    yield runs
    runs.close()


def test_a_run_that_loses_one_worker_after_another_fails_and_keeps_its_history_when_it_is_tried_again(runs):
    config = MLPConfig(train_size=10_000, epochs=200, seed=5)
    failed = runs.start(config)
    wait_until(lambda: failed.state and checkpoints.summary_of(failed.state).history)  # which words of it are ahead of
    job = runs._engine._jobs[config.key]
    while failed.live:  # a state that is saved in between says that it came further
        job.losses = MOST_LOSSES
        time.sleep(0.1)
    assert failed.status == "failed"
    assert failed.error == "4 workers in a row were lost before this run came any further."
    again = runs.start(config)
    assert again.history, "the epochs of the state that it goes on from"
    assert again.history == failed.saved.history
    runs.stop(config.key)
    wait_until(lambda: not again.live)


SENTENCES = {
    "every worker": "Its worker was lost. Another one is started, and the run goes on in epoch 1.",
    "scheduler": "The scheduler of the workers was lost. It is started again, and the run goes on in epoch 1.",
    "a frozen worker": "Its worker no longer answered. Another one is started, and the run goes on in epoch 1.",
}


@pytest.mark.parametrize("fault", SENTENCES)  # `make soak` has them all, and counts the seconds
def test_a_run_survives_bit_for_bit_and_its_page_says_what_happened(fault, runs, expected, monkeypatch):
    monkeypatch.setattr(crew, "SECONDS_OF_SILENCE", 5.0)
    monkeypatch.setattr(supervisor, "SECONDS_OF_SILENCE", 5.0)
    fate = interrupted(runs, LONG_ENOUGH, (KILLS | FAULTS)[fault], expected)
    assert (fate.status, fate.same) == ("done", True)
    assert re.sub(r"epoch \d+", "epoch 1", fate.notice) == SENTENCES[fault]
    assert fate.trained_again < 4 * SECONDS_TO_TRAIN_AGAIN, "on a busy machine"


def test_workers_that_end_at_first_and_start_late_are_waited_for(tmp_path, monkeypatch):
    start = Processes._start_worker
    slow = [subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({seconds})"]) for seconds in (1, 2)]

    def late(processes: Processes) -> Process:
        return Process("slow", slow.pop(), tmp_path / "no.log") if slow else start(processes)

    monkeypatch.setattr(Processes, "_start_worker", late)
    runs = Runs(tmp_path, workers=1)
    try:
        waiting = runs.start(MLPConfig(train_size=200, epochs=1))
        wait_until(lambda: not slow)
        assert (waiting.status, runs.ready()) == ("queued", False)
        assert runs.trouble() == "Starting the workers …"
        wait_until(lambda: not waiting.live)
        assert waiting.status == "done"
    finally:
        runs.close()
