"""Whatever is killed or frozen while a run trains: it trains on, and ends in the weights of the run that nobody interrupted."""

import time

import pytest

from core.config import CNNConfig
from core.runs import Runs
from core.runs.job import MOST_LOSSES
from tests.faults.kills import FAULTS, KILLS, SECONDS_TO_TRAIN_AGAIN, interrupted, wait_until
from tests.outcome import outcome, run

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
    config = CNNConfig(train_size=1_000, epochs=60, seed=5)
    failed = runs.start(config)
    wait_until(lambda: failed.written and len(failed.history) > 2)
    while failed.live:  # a state that is saved in between says that it came further
        runs._engine._jobs[config.key].losses = MOST_LOSSES
        time.sleep(0.1)
    assert failed.status == "failed"
    assert failed.error == "4 workers in a row were lost before this run came any further."
    again = runs.start(config)
    assert again.history, "the epochs of the state that it goes on from"
    assert again.history == failed.saved.history
    runs.stop(config.key)
    wait_until(lambda: not again.live)


@pytest.mark.parametrize("fault", [*KILLS, *FAULTS])
def test_a_run_survives_bit_for_bit_and_its_page_says_what_happened(fault, runs, expected):
    fate = interrupted(runs, LONG_ENOUGH, (KILLS | FAULTS)[fault], expected)
    assert (fate.status, fate.same) == ("done", True)
    assert "lost" in fate.notice or "no longer answered" in fate.notice
    assert fate.trained_again < 4 * SECONDS_TO_TRAIN_AGAIN, "on a busy machine; `make soak` counts the seconds"
