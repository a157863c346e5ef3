"""What Confusion and Weights say of networks that have learnt nothing: each sentence is true of them as well."""

from dataclasses import replace

import numpy as np
import pytest

from core import checkpoints, description
from core.config import CNNConfig, MLPConfig
from core.history import EpochEnd
from core.images.codes import code_of_drawing
from core.networks import restore
from core.training import begin
from tests.pages.sentences import unlinked
from tests.pages.visit import metrics, visit

DEAD = MLPConfig(train_size=100, hidden_units=16, activation="relu", epochs=1, seed=41)
BLIND = CNNConfig(train_size=100, epochs=1, seed=41)
BLANK = code_of_drawing(np.zeros((28, 28), np.uint8))


def says(at) -> str:
    return unlinked(
        " ".join(element.value for element in [*at.markdown, *at.info, *at.warning, *at.error, *at.caption])
    )


def always_four(arrays: dict[str, np.ndarray]) -> None:
    """Make a network answer 4 to everything, and every neuron of it silent, in place."""
    for array in arrays.values():
        if array.ndim:  # a CNN knows the mean and the deviation of its pixels, too
            array[...] = 0
        if array.shape == (10,):  # the biases of the outputs
            array[4] = 30


@pytest.fixture(params=[DEAD, BLIND], ids=["mlp", "cnn"])
def hopeless(request, shelf, digits):
    """The key of a finished run whose answer is 4, whatever it is shown, and sure of that."""
    checkpoint = begin(request.param, digits)
    for snapshot in checkpoint.snapshots.values():
        always_four(snapshot)
    arrays = {name: np.array(array) for name, array in checkpoint.model.arrays().items()}
    always_four(arrays)
    model = restore(request.param, arrays)
    checkpoint = replace(
        checkpoint,
        model=model,
        history=[EpochEnd(1, 2.3, 0.1, 0.0983, 0.01, 0.1, 27.0)],
        test_accuracy=0.0982,
        snapshots={**checkpoint.snapshots, 1: {name: array.astype(np.float16) for name, array in arrays.items()}},
    )
    checkpoint.about = description.about(model)
    checkpoints.save(checkpoint, shelf.folder)
    yield request.param.key
    shelf.delete(request.param.key)


def test_its_matrix_is_read_as_guessing(hopeless):
    said = says(visit("confusion", run=hopeless))
    assert "The answer to every image is **4**." in said
    assert "**No better than guessing**" in said
    assert "whoever always answers 1 is right on 11.35%" in said
    assert "Hardest" not in said
    assert "1,135** of 1,135 1s are taken for 4: **100%**" in said


def test_its_digits_and_its_certainty_are_said_without_a_number_that_is_none(hopeless):
    at = visit("confusion", run=hopeless, view="digits")
    assert "nan" not in says(at)
    assert at.dataframe[0].value["± precision"][3] == "–", "no image is read as a 3"
    at = visit("confusion", run=hopeless, view="certainty")
    assert ">\u00a099.9% sure, and 9.82% of them are right: **over-confident**" in says(at)
    assert metrics(at)["Accuracy"] == "9.82%"


def test_two_runs_of_which_one_guesses_are_compared(hopeless):
    said = says(visit("confusion", run=hopeless, view="compare"))
    assert "No better than guessing:" in said
    assert "CNN full is better by more than chance" in said


def test_what_pruning_costs_it_is_said_of_what_it_can(hopeless):
    at = visit("weights", run=hopeless, view="break")
    assert metrics(at)["Test accuracy now"] == metrics(at)["Before ablation"] == "9.82%"
    assert "**No better than guessing**" in says(at)
    assert "pruning costs it no more than one point, however much of it goes" in says(at)
    assert "0 are no longer read right, and 0 are now that were not." in says(at)


@pytest.mark.parametrize("image", ["test-0", BLANK])
def test_why_it_answers_has_no_reason(hopeless, image):
    said = says(visit("weights", run=hopeless, view="why", image=image))
    assert "as a **4** (>\u00a099.9% sure)" in said
    assert "nan" not in said
    if hopeless == DEAD.key:
        assert "No neuron gives anything" in said
    else:
        assert "No place lowers the probability of 4." in said


def test_its_parts_are_called_dead_or_silent(hopeless):
    at = visit("weights", run=hopeless)
    if hopeless == DEAD.key:
        assert "Votes for no digit and against none" in says(at)
        assert "Dead" in says(at)
        assert "All test images excite it equally." in says(at)
    else:
        assert "Nothing excites filter 0" in says(at)
