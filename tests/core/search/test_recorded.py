"""What is recorded of runs that are on no shelf: that it is all there, and what training gives."""

import numpy as np
import pytest

from core import checkpoints
from core.config import REPORT, CNNConfig, MLPConfig
from core.history import EpochEnd, is_over
from core.search import tuning
from core.search.grid import MOST_RUNS
from core.search.recorded import FILE, Recorded, recorded, write
from core.training import begin, train


def test_every_run_of_the_reports_tuning_is_recorded_to_its_end_and_no_other():
    assert list(recorded()) == [config.key for config in tuning.configs()]
    for one in recorded().values():
        assert is_over(one.history, one.config) or one.error.startswith("Diverged")
        assert one.machine


@pytest.mark.parametrize("name", tuning.TUNING)
def test_each_grid_holds_the_reports_own_value_and_leaves_the_rest_alone(name):
    grid = tuning.TUNING[name]
    own = REPORT[f"{name[:3]} small"]
    assert own in grid.configs()
    varied = {axis.setting for axis in grid.axes}
    for config in grid.configs():
        assert {field for field, value in vars(config).items() if value != getattr(own, field)} <= {*varied, "seed"}
    assert len(grid.configs()) <= MOST_RUNS


def test_what_is_recorded_of_the_reports_own_runs_is_what_their_files_say():
    for name in ("MLP small", "CNN small"):
        config, saved = REPORT[name], checkpoints.summary(REPORT[name].key)
        for here, there in zip(recorded()[config.key].history, saved.history, strict=True):
            np.testing.assert_allclose(here.val_accuracy, there.val_accuracy, atol=0.006)
            np.testing.assert_allclose(here.train_accuracy, there.train_accuracy, atol=0.006)


def test_what_is_recorded_is_what_training_gives(digits):
    """The quickest of them, trained again: on another machine sums may be rounded in another way."""
    one = min(recorded().values(), key=lambda one: one.config.epochs * one.config.steps_per_epoch)
    again = [event for event in train(one.config, digits, begin(one.config, digits)) if isinstance(event, EpochEnd)]
    assert len(again) == len(one.history)
    for here, there in zip(one.history, again, strict=True):
        assert here.val_accuracy == pytest.approx(there.val_accuracy, abs=0.005)
        assert here.loss == pytest.approx(there.loss, rel=0.02)
        assert here.learning_rate == pytest.approx(there.learning_rate, rel=1e-4)


def test_a_file_reads_as_what_was_written_and_the_same_runs_are_the_same_bytes(tmp_path, monkeypatch):
    history = [EpochEnd(1, 0.51234, 0.9, 0.8765, 0.01, 1.25, 0.6), EpochEnd(2, 0.4, 0.95, 0.88, 0.0097, 1.5, 0.5)]
    some = [
        Recorded(MLPConfig(epochs=2), history, 0.87, "", "a machine"),
        Recorded(CNNConfig(epochs=5), [], None, "Diverged at epoch 1.", "another"),
    ]
    paths = [tmp_path / name for name in ("one", "other")]
    for path in paths:
        write(some, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    monkeypatch.setattr("core.search.recorded.FILE", paths[0])
    assert [*recorded.__wrapped__().values()] == some


def test_the_file_is_small():
    assert FILE.stat().st_size < 300_000
