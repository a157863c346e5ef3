"""How long a run will take: worked examples, and which finished run counts as most like it."""

import pytest

from core import checkpoints
from core.config import PRESETS, CNNConfig, Config, MLPConfig
from core.description import machine
from core.history import EpochEnd
from core.runs.estimate import Estimate, estimate


def took(config: Config, seconds: float, where: str | None = machine()) -> checkpoints.Summary:
    """A finished run that took so many seconds."""
    history = [EpochEnd(epoch, 0.1, 0.9, 0.9, 0.01, 1.0, 0.1) for epoch in range(1, config.epochs + 1)]
    return checkpoints.Summary(config, history, 0.9, seconds, {"machine": where}, [0, config.epochs], "0" * 16)


@pytest.fixture(scope="module")
def committed() -> list[checkpoints.Summary]:
    return [checkpoints.summary(config.key) for config in PRESETS.values()]


@pytest.mark.parametrize("name", PRESETS)
def test_what_has_been_measured_takes_as_long_as_it_took(name, committed):
    assert estimate(PRESETS[name], committed).seconds == pytest.approx(checkpoints.summary(PRESETS[name].key).seconds)


def test_twice_as_many_epochs_take_twice_as_long(committed):
    full = estimate(MLPConfig(epochs=70), committed)
    assert estimate(MLPConfig(epochs=140), committed).seconds == pytest.approx(2 * full.seconds)


def test_a_run_that_ended_early_counts_by_the_epochs_that_it_has_done():
    whole = took(MLPConfig(epochs=60), 60.0)
    early = whole._replace(config=MLPConfig(epochs=60, patience=5), history=whole.history[:20])
    assert estimate(MLPConfig(epochs=20), [early]).seconds == pytest.approx(60.0)


def test_looking_at_an_image_costs_a_fifth_of_learning_from_it():
    """2,000 images: 2,000 + (2,000 + 10,000 that validate) / 5 = 4,400; of 1,000 it is 3,200."""
    found = estimate(MLPConfig(train_size=1_000), [took(MLPConfig(train_size=2_000), 44.0)])
    assert found == Estimate(pytest.approx(32.0), MLPConfig(train_size=2_000), "this machine")


def test_the_work_of_an_image_grows_with_the_network():
    """784 weights and a bias to each hidden neuron, and one from each of them and a bias to each of ten outputs."""
    found = estimate(MLPConfig(hidden_units=128), [took(MLPConfig(hidden_units=64), 785 * 64 + 65 * 10)])
    assert found.seconds == pytest.approx(785 * 128 + 129 * 10)


@pytest.mark.parametrize(
    "config",
    [
        MLPConfig(augmentation=0.5),
        CNNConfig(),
        CNNConfig(augmentation=0.5),
        CNNConfig(architecture="deep"),
        CNNConfig(architecture="deep", augmentation=0.5),
    ],
    ids=lambda config: config.key,
)
def test_the_time_of_one_kind_of_run_says_nothing_of_another(config):
    assert estimate(config, []) is None
    assert estimate(config, [took(MLPConfig(), 10.0)]) is None
    assert estimate(config, [took(MLPConfig(), 10.0), took(config, 7.0)]).seconds == 7.0
    assert estimate(MLPConfig(), [took(config, 7.0)]) is None


def test_the_kind_comes_before_the_size_of_a_batch(committed):
    deep = CNNConfig(architecture="deep", augmentation=0.5, batch_size=256)
    assert estimate(deep, committed).like == PRESETS["CNN sketch"], "not the LeNet of the same batch size"
    assert estimate(MLPConfig(augmentation=1.0), committed) is None, "nobody has measured one yet"


@pytest.mark.parametrize(
    ("near", "far"),
    [
        ({"batch_size": 32}, {"batch_size": 256}),  # a factor of 2 and one of 4
        ({"batch_size": 256}, {"batch_size": 8}),  # 4 and 8
        ({"hidden_units": 128}, {"hidden_units": 16}),
        ({"epochs": 1, "train_size": 100, "seed": 9}, {"batch_size": 128}),  # neither makes an image quicker
        ({"train_size": 20_000}, {"train_size": 2_000}),  # but where all else is the same, the longer run says more
        ({"epochs": 60}, {"epochs": 7}),
    ],
)
def test_the_run_whose_images_take_most_nearly_as_long_counts(near, far):
    runs = [took(MLPConfig(**near), 10.0), took(MLPConfig(**far), 10.0)]
    for finished in (runs, runs[::-1]):
        assert estimate(MLPConfig(batch_size=64, hidden_units=64), finished).like == MLPConfig(**near)


def test_a_run_of_this_machine_comes_before_one_of_another_however_like():
    elsewhere, here = took(MLPConfig(), 5.0, "a faster one, 64 cores"), took(MLPConfig(batch_size=256), 50.0)
    assert estimate(MLPConfig(), [elsewhere]).machine == "a faster one, 64 cores"
    assert estimate(MLPConfig(), [elsewhere, here]) == Estimate(50.0, MLPConfig(batch_size=256), "this machine")
    assert estimate(MLPConfig(), [took(MLPConfig(), 5.0, None)]).machine is None, "nobody knows where"
