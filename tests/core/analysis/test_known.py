"""Published figures beside ours."""

from dataclasses import replace

import pytest

from core.analysis.known import IMAGES_SEEN, LEARNING_CURVE, beside, learning_curve, learning_curve_words, line, sources
from core.config import PRESETS, MLPConfig

MLP, CNN = PRESETS["MLP full"], PRESETS["CNN full"]


def test_a_network_stands_beside_those_of_its_kind():
    assert line(MLP).startswith("Published for comparison: 64 hidden units with ReLU 96.74% · ")
    assert line(replace(MLP, hidden_units=128)).startswith(
        "Published for comparison: 128 hidden units with ReLU 97.37% · "
    )
    assert "LeNet-5 99.05% · three networks together 99.87%" in line(CNN)
    for config in (MLP, CNN):
        assert " · people 97.63% of other digits, from envelopes · " in line(config)
        assert line(config).endswith("more than 99.85% only by agreeing with labels that people dispute")


@pytest.mark.parametrize(
    "config", [replace(MLP, hidden_units=65), replace(MLP, train_size=2_000), PRESETS["CNN small"]]
)
def test_what_nobody_published_is_beside_nothing(config):
    assert beside(config) == []
    assert line(config) == ""


def test_every_figure_has_its_source():
    for config in (MLP, CNN):
        assert sources(config).count("](http") == len(beside(config)) + 1
    assert sources(CNN).startswith("LeNet-5: ")


def test_the_curve_rises_with_the_size_and_every_epoch_is_whole():
    """His script trains for 1500000 / size epochs, a division of whole numbers."""
    sizes, accuracies = zip(*LEARNING_CURVE, strict=True)
    assert list(sizes) == sorted(sizes)
    assert list(accuracies) == sorted(accuracies)
    assert all(IMAGES_SEEN % size == 0 for size in sizes)


def test_of_the_curve_only_what_lies_between_the_sizes_is_drawn():
    assert [point.size for point in learning_curve(2_000, 50_000)] == [2_000, 5_000, 10_000, 20_000, 50_000]
    assert learning_curve(2_000, 4_999) == (), "one point is no line"
    assert learning_curve_words(learning_curve(2_000, 50_000)).endswith("750 epochs of 2,000 images, 30 of 50,000.")


def test_the_widths_are_those_that_can_be_chosen():
    assert beside(MLPConfig(hidden_units=256))
