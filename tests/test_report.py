"""The report's runs, trained again, and as they are committed: do they reach what is said of them?"""

from pathlib import Path

import pytest

from core import checkpoints
from core.config import PRESETS
from core.history import MAX_SNAPSHOTS
from core.training import evaluate
from tests.outcome import begun, run

pytestmark = pytest.mark.slow

COMMITTED = Path(__file__).parent.parent / "cached_weights"

# The least that training, validation and test accuracy may be: what was measured when the project was made, less what
# another processor's rounding may change.
LEAST = {
    "MLP baseline": (0.955, 0.955, 0.950),
    "MLP small": (0.980, 0.900, 0.885),
    "MLP full": (0.995, 0.972, 0.972),
    "CNN baseline": (0.920, 0.925, 0.920),
    "CNN small": (0.995, 0.950, 0.950),
    "CNN full": (0.990, 0.985, 0.985),
    "CNN sketch": (0.993, 0.993, 0.993),
    "CNN hands": (0.992, 0.993, 0.993),
}


def test_a_whole_run_that_is_trained_again_reaches_the_figures(digits):
    checkpoint = run(PRESETS["MLP small"], digits)
    last = checkpoint.history[-1]
    least = LEAST["MLP small"]
    assert last.train_accuracy >= least[0]
    assert last.val_accuracy >= least[1]
    assert checkpoint.test_accuracy >= least[2]


@pytest.mark.parametrize(
    ("name", "epochs"), [("MLP baseline", 12), ("MLP full", 10), ("CNN small", 15), ("CNN full", 1)]
)
def test_training_again_goes_the_way_of_the_committed_run(name, epochs, digits):
    """Another processor rounds otherwise, which grows from step to step: the accuracies stay close."""
    committed = checkpoints.load(PRESETS[name].key, COMMITTED).history[:epochs]
    again = begun(PRESETS[name], digits, epochs).history
    for there, here in zip(committed, again, strict=True):
        assert here.val_accuracy == pytest.approx(there.val_accuracy, abs=0.01)
        assert here.val_loss == pytest.approx(there.val_loss, rel=0.1)


@pytest.mark.parametrize("name", PRESETS)
def test_the_committed_run_is_complete_and_reaches_the_figures(name, digits):
    checkpoint = checkpoints.load(PRESETS[name].key, COMMITTED)
    assert checkpoint.config == PRESETS[name]
    assert [event.epoch for event in checkpoint.history] == list(range(1, PRESETS[name].epochs + 1))
    assert {0, PRESETS[name].epochs} <= checkpoint.snapshots.keys()
    assert len(checkpoint.snapshots) <= MAX_SNAPSHOTS == 24
    last = checkpoint.history[-1]
    assert last.train_accuracy >= LEAST[name][0]
    assert last.val_accuracy >= LEAST[name][1]
    assert checkpoint.test_accuracy >= LEAST[name][2]
    # Another processor rounds otherwise, which may tip an image or two.
    assert evaluate(checkpoint.model, digits.x_test, digits.y_test).accuracy == pytest.approx(
        checkpoint.test_accuracy, abs=0.0003
    )


def test_the_committed_runs_together_stay_below_15_mb():
    assert sum(checkpoints.path_of(config.key, COMMITTED).stat().st_size for config in PRESETS.values()) <= 15e6
