"""Whatever is killed or frozen while a run trains: it trains on, and ends in the weights of the run that nobody interrupted."""

import pytest

from core import checkpoints
from core.config import CNNConfig, MLPConfig, to_query
from core.runs import Runs
from tests.faults.kills import FAULTS, KILLS, SECONDS_TO_TRAIN_AGAIN, Server, interrupted, wait_until
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


@pytest.mark.parametrize("fault", [*KILLS, *FAULTS])
def test_a_run_survives_bit_for_bit_and_its_page_says_what_happened(fault, runs, expected):
    fate = interrupted(runs, LONG_ENOUGH, (KILLS | FAULTS)[fault], expected)
    assert (fate.status, fate.same) == ("done", True)
    assert "lost" in fate.notice or "no longer answered" in fate.notice
    assert fate.trained_again < 4 * SECONDS_TO_TRAIN_AGAIN, "on a busy machine; `make soak` counts the seconds"
