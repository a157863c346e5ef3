"""The confusion matrices that lie ready, against the networks that they are of."""

import numpy as np
import pytest

from core import checkpoints
from core.analysis import matrices
from core.config import PRESETS, MLPConfig
from core.data import load_test
from core.training import model_at
from tests.outcome import run

LABELS = load_test()[1]


def state(key: str) -> tuple[str, checkpoints.Checkpoint]:
    return checkpoints.summary(key).state_id, checkpoints.load(key)


def counted(network) -> np.ndarray:
    """(10, 10): how often each digit was read as each, one image at a time."""
    found = np.zeros((10, 10), int)
    for label, answer in zip(LABELS, network.predict_proba(load_test()[0]).argmax(axis=1), strict=True):
        found[label, answer] += 1
    return found


@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS)
def test_every_run_that_comes_with_the_project_has_one_for_every_epoch_that_is_kept(preset):
    identity, checkpoint = state(PRESETS[preset].key)
    found = matrices.ready(identity, checkpoint)
    assert [*found] == sorted(checkpoint.snapshots)
    for matrix in found.values():
        assert matrix.sum(axis=1).tolist() == np.bincount(LABELS).tolist()
    last = found[len(checkpoint.history)]
    assert np.trace(last) / 10_000 == pytest.approx(checkpoints.summary(PRESETS[preset].key).test_accuracy, abs=2e-4)


@pytest.mark.slow
@pytest.mark.parametrize("preset", ["MLP full", "CNN full"])
def test_they_are_what_the_networks_answer(preset):
    identity, checkpoint = state(PRESETS[preset].key)
    found = matrices.ready(identity, checkpoint)
    middle = sorted(checkpoint.snapshots)[3]
    for epoch, network in ((middle, model_at(checkpoint, middle)), (max(found), checkpoint.model)):
        # Another processor adds up in another order: an image whose two best digits are as good as equal may change sides.
        assert np.abs(found[epoch] - counted(network)).sum() <= 4


def test_another_state_has_none_ready_and_is_counted(few):
    checkpoint = run(MLPConfig(train_size=len(few.x_train), epochs=2, hidden_units=16), few)
    assert matrices.ready("another", checkpoint) == {}
    identity, of_a_preset = state(PRESETS["MLP full"].key)
    assert matrices.ready(identity, checkpoint) == {}, "which keeps other epochs"
    np.testing.assert_array_equal(
        matrices.matrix_after(checkpoint, 2, load_test()), counted(checkpoint.model), "the run's own at its end"
    )
    np.testing.assert_array_equal(matrices.matrix_after(checkpoint, 1, load_test()), counted(model_at(checkpoint, 1)))
    assert matrices.ready(identity, of_a_preset)
