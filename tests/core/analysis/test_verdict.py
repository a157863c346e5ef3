"""What is said of a run that is no result."""

import math

import numpy as np
import pytest

from core.analysis.verdict import COMMONEST, like_chance, state_words, verdict
from core.checkpoints import summary
from core.config import PRESETS, CNNConfig, MLPConfig
from core.history import EpochEnd
from core.training import begin, train


def epochs_of(*values: tuple[float, float]) -> list[EpochEnd]:
    """A history with these validation accuracies and losses."""
    return [EpochEnd(epoch, loss, acc, acc, 0.01, 1.0, loss) for epoch, (acc, loss) in enumerate(values, 1)]


def test_the_commonest_digit_of_the_validation_images_is_as_common_as_is_said(digits):
    assert np.bincount(digits.y_val).max() / len(digits.y_val) == COMMONEST


def test_always_the_same_digit_is_like_chance_whichever_it_is(digits):
    for count in np.bincount(digits.y_val):
        assert like_chance(count / len(digits.y_val))
    assert like_chance(0.0974)
    assert like_chance(0.02)
    assert not like_chance(0.13)


@pytest.mark.parametrize("loss", [2.31, 70.0])
def test_a_finished_run_at_chance_has_learnt_nothing(loss):
    found = verdict(epochs_of((0.0974, loss)), 1)
    assert found.chance
    assert found.sentence.startswith("It has learnt nothing: it answers like chance.")
    assert "it reads 9.74% of the 10,000 validation images right" in found.sentence
    assert ("sure of answers that are wrong" in found.sentence) == (loss > 2 * math.log(10))


def test_a_run_that_may_go_on_has_learnt_nothing_so_far():
    assert "nothing so far" in verdict(epochs_of((0.1, 2.3)), 60).sentence


def test_what_was_learnt_and_lost_is_not_called_never_learnt():
    found = verdict(epochs_of((0.95, 0.2), (0.976, 0.1), (0.0974, 2.4)), 3)
    assert "It has lost what it had learnt (97.60% after epoch 2): it answers like chance." in found.sentence
    assert "learnt nothing" not in found.sentence


def test_a_run_that_is_sure_and_wrong_is_called_that():
    found = verdict(epochs_of((0.23, 69.7)), 1)
    assert not found.chance
    assert found.sentence == (
        "It is sure and wrong. After epoch 1 of 1 it reads 23.00% of the 10,000 validation images right. Its loss on them is "
        "69.70, where one tenth for every digit would make 2.30: it is sure of answers that are wrong."
    )


def test_a_run_that_is_wrong_more_often_than_right_is_called_that():
    assert verdict(epochs_of((0.35, 1.9)), 1).words == "mostly wrong"


def test_of_no_epoch_and_of_a_good_run_there_is_nothing_to_say():
    assert verdict([], 5) is None
    assert verdict(epochs_of((0.9, 0.4)), 1) is None
    assert [verdict(summary(config.key).history, config.epochs) for config in PRESETS.values()] == [None] * len(PRESETS)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("config", "words"),
    [
        (CNNConfig(train_size=1_000, learning_rate=1.0, epochs=2), "like chance"),
        (
            MLPConfig(train_size=100, hidden_units=256, activation="tanh", learning_rate=1.0, epochs=70),
            "sure and wrong",
        ),
    ],
)
def test_real_runs_with_too_large_a_step_are_not_passed_off_as_learnt(config, words, digits):
    checkpoint = begin(config, digits)
    for _ in train(config, digits, checkpoint):
        pass
    assert verdict(checkpoint.history, config.epochs).words == words


def test_the_state_of_a_run_says_what_came_of_it():
    chance, good = epochs_of((0.1, 2.3)), epochs_of((0.9, 0.4))
    assert state_words("done", good, 1) == "done"
    assert state_words("done", chance, 1) == "done, like chance"
    assert state_words("stopped", good, 60) == "stopped, 1 of 60"
    assert state_words("training", chance, 60) == "training"
    assert state_words("failed", good, 60, "Diverged at epoch 2: the learning rate 1.0 is too high.") == "diverged"
    assert state_words("failed", [], 60, "No worker could be started.") == "failed"
