"""Which runs a sweep of settings has."""

from dataclasses import fields

import pytest

from core.config import NETWORKS, CNNConfig, MLPConfig
from core.kinds import Choice, SettingsError
from core.search.grid import (
    MOST_RUNS,
    MOST_VALUES,
    SETTINGS,
    Axis,
    Grid,
    default_of,
    kind_of,
    read_value,
    read_values,
    scale,
    usual_values,
)

BOTH = (MLPConfig(epochs=5, hidden_units=32), CNNConfig(epochs=5, dropout=0.2))


def grid(*axes: Axis, shared=BOTH[:1], seeds: int = 1) -> Grid:
    return Grid(shared=shared, axes=axes, seeds=seeds)


def test_a_grid_is_networks_times_values_times_seeds_and_each_network_keeps_its_own_settings():
    both = grid(Axis("learning_rate", (0.1, 0.01)), shared=BOTH, seeds=2)
    assert list(both.panels()) == [("mlp", 0.01), ("mlp", 0.1), ("cnn", 0.01), ("cnn", 0.1)]
    assert both.panels()["cnn", 0.1] == [
        CNNConfig(epochs=5, dropout=0.2, learning_rate=0.1, seed=seed) for seed in (0, 1)
    ]
    assert both.panels()["mlp", 0.01][0] == MLPConfig(epochs=5, hidden_units=32)
    assert len({config.key for config in both.configs()}) == 8


def test_two_settings_are_every_value_of_the_one_with_every_value_of_the_other():
    two = grid(Axis("learning_rate", (0.01, 0.1)), Axis("activation", ("relu", "sigmoid")))
    assert list(two.panels()) == [
        ("mlp", 0.01, "sigmoid"),
        ("mlp", 0.01, "relu"),
        ("mlp", 0.1, "sigmoid"),
        ("mlp", 0.1, "relu"),
    ]
    assert two.words(("mlp", 0.1, "relu")) == "rate 0.1 at relu"


def test_the_quickest_runs_come_first_and_every_value_before_the_next_seed():
    configs = grid(Axis("epochs", (20, 5)), seeds=2).configs()
    assert [(config.seed, config.epochs) for config in configs] == [(0, 5), (0, 20), (1, 5), (1, 20)]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: grid(shared=()), "Choose the MLP, the CNN or both."),
        (lambda: grid(Axis("epochs", (1, 2)), Axis("epochs", (3, 4))), "Choose one setting, or two different ones."),
        (lambda: grid(Axis("epochs", (5,))), "Choose 2 to 8 different values of the epochs."),
        (lambda: grid(Axis("epochs", (5, 5))), "Choose 2 to 8 different values of the epochs."),
        (lambda: grid(Axis("epochs", (5, 300))), "Epochs must be a whole number from 1 to 200, not 300."),
        (lambda: grid(Axis("dropout", (0.0, 0.5))), "Dropout is no setting of the MLP: choose another one."),
        (lambda: grid(Axis("seed", (0, 1))), "Seed is no setting of the MLP: choose another one."),
        (
            lambda: grid(Axis("activation", ("relu", "elu"))),
            "Activation must be one of sigmoid, tanh, relu, not “elu”.",
        ),
        (
            lambda: grid(Axis("epochs", (5, 6)), seeds=6),
            "The number of seeds must be a whole number from 1 to 5, not 6.",
        ),
        (
            lambda: grid(Axis("epochs", tuple(range(1, 8))), Axis("batch_size", (16, 32)), seeds=5),
            "This would be 70 runs, and at most 60 fit into one comparison: take fewer values, or fewer seeds.",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused_in_one_sentence(make, sentence):
    with pytest.raises(SettingsError) as refused:
        make()
    assert str(refused.value) == sentence


def test_every_setting_of_the_table_but_the_seed_can_be_varied():
    table = {spec.name for network in NETWORKS.values() for spec in fields(network)}
    assert {*SETTINGS} == table - {"seed"}


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_usual_values_of_a_setting_are_allowed_and_make_a_grid_around_its_default(setting):
    values = usual_values(setting)
    shared = next(network() for network in NETWORKS.values() if hasattr(network, setting))
    made = Grid(shared=(shared,), axes=(Axis(setting, values),), seeds=5)
    assert made.axes[0].values == values, "in their order"
    assert 2 <= len(values) <= MOST_VALUES
    assert len(made.configs()) <= MOST_RUNS
    if not isinstance(kind_of(setting), Choice) and setting not in ("epochs", "train_size"):
        assert default_of(setting) in values
        assert values[0] < default_of(setting) or default_of(setting) == kind_of(setting).low


@pytest.mark.parametrize(
    ("setting", "kind", "values"),
    [
        ("learning_rate", "log", (0.001, 0.003, 0.01, 0.03, 0.1)),
        ("batch_size", "log", (16, 32, 64, 128, 256)),
        ("hidden_units", "log", (16, 32, 64, 128, 256)),
        ("epochs", "log", (2, 5, 10, 20, 50)),
        ("train_size", "log", (2_000, 5_000, 10_000, 20_000, 50_000)),
        ("weight_decay", "log", (0.0, 1e-05, 1e-04, 1e-03, 1e-02)),
        ("dropout", "linear", (0.0, 0.2, 0.4, 0.5, 0.6, 0.8)),
        ("momentum", "linear", (0.0, 0.2, 0.4, 0.6, 0.8, 0.9)),
        ("augmentation", "linear", (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        ("learning_rate_decay", "linear", (0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 1.0)),
        ("activation", "words", ("sigmoid", "tanh", "relu")),
        ("architecture", "words", ("lenet", "deep")),
    ],
)
def test_values_lie_by_their_ratio_or_by_their_difference_as_fits_the_setting(setting, kind, values):
    assert scale(setting) == kind
    assert usual_values(setting) == values


def test_a_value_is_read_from_a_text_or_refused_in_one_sentence():
    assert read_value("learning_rate", "1e-3") == 0.001
    assert read_values("batch_size", ["64", "64.0", "8"]) == (64, 8)
    with pytest.raises(SettingsError, match=r"^Learning rate must be a number from 1e-05 to 1.0, not “x”\.$"):
        read_value("learning_rate", "x")
    with pytest.raises(SettingsError, match=r"^Batch size must be a whole number from 1 to 1,024, not 0\.5\.$"):
        read_value("batch_size", "0.5")
