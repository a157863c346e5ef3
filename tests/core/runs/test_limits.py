"""What a host's limits do to real runs: the longest run, and the size of their folder."""

import pytest

from core import checkpoints
from core.config import CNNConfig
from core.host.hosting import Hosting
from core.runs import Runs
from core.words import SPACE
from tests.outcome import outcome, run
from tests.waiting import wait_until

LONG = CNNConfig(train_size=500, epochs=50)


@pytest.mark.slow
def test_a_run_that_reaches_the_longest_time_stops_says_why_and_ends_in_the_same_weights(tmp_path, digits):
    runs = Runs(tmp_path, workers=1, host=Hosting(minutes_per_run=0.1))
    try:
        first, goes = runs.start(LONG), 1
        wait_until(lambda: not first.live)
        assert first.status == "stopped"
        assert 0 < len(first.history) < LONG.epochs
        assert f"longer than 6.0{SPACE}s in one go" in first.notice
        assert checkpoints.summary(LONG.key, tmp_path).history == first.history
        while (again := runs.start(LONG)).status != "done" and goes < 40:
            assert again.notice == ""
            wait_until(lambda: not again.live)
            goes += 1
        assert again.status == "done"
        assert again.notice == ""
    finally:
        runs.close()
    assert outcome(checkpoints.load(LONG.key, tmp_path)) == outcome(run(LONG, digits))
