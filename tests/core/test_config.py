"""Settings: their limits, their keys, and what a link makes of them."""

import math
from dataclasses import fields, replace

import numpy as np
import pytest

from core.config import (
    NETWORKS,
    PRESETS,
    Choice,
    CNNConfig,
    MLPConfig,
    Range,
    SettingsError,
    describe,
    from_dict,
    from_query,
    limits,
    preset_name,
    to_dict,
    to_query,
)

# Files, links and committed runs are named by these: a key that changes orphans them.
KEYS = {
    "MLP baseline": "mlp-52e741d953",
    "MLP small": "mlp-12b2d66af6",
    "MLP full": "mlp-44136fa355",
    "CNN baseline": "cnn-91cef3729f",
    "CNN small": "cnn-12b2d66af6",
    "CNN full": "cnn-44136fa355",
    "CNN sketch": "cnn-d0fea7684e",
    "CNN hands": "cnn-0509ee3673",
}


@pytest.mark.parametrize("name", PRESETS)
def test_keys_of_the_presets_never_change(name):
    assert PRESETS[name].key == KEYS[name]


def ends(config_class: type, name: str) -> tuple:
    """The values at both ends of a setting's limits, or all of its words."""
    allowed = limits(config_class, name)
    return allowed.words if isinstance(allowed, Choice) else (allowed.low, allowed.high)


@pytest.mark.parametrize("config", [MLPConfig(), CNNConfig()], ids=["mlp", "cnn"])
def test_every_setting_changes_the_key(config):
    other = {spec.name: ends(type(config), spec.name)[0] for spec in fields(config)}
    other |= {
        "activation": "relu",
        "architecture": "deep",
        "seed": 1,
        "augmentation": 1.0,
        "drawn": 0.3,
        "patience": 5,
        "schedule": "cosine",
    }  # not their defaults
    changed = [replace(config, **{spec.name: other[spec.name]}) for spec in fields(config)]
    assert len({config.key, *(one.key for one in changed)}) == 1 + len(fields(config))


def test_equal_settings_have_one_key_however_they_are_written():
    assert MLPConfig(learning_rate=1, weight_decay=0).key == MLPConfig(learning_rate=1.0, weight_decay=0.0).key
    assert MLPConfig(epochs=70.0) == MLPConfig()


@pytest.mark.parametrize("config_class", NETWORKS.values())
def test_a_setting_has_one_spelling_whatever_the_number_is_made_of(config_class):
    for spec in fields(config_class):
        allowed = limits(config_class, spec.name)
        if isinstance(allowed, Choice):
            spellings = [spec.default, np.str_(spec.default)]
        elif allowed.kind is int:
            spellings = [spec.default, float(spec.default), np.int64(spec.default), np.float64(spec.default)]
        else:
            spellings = [spec.default, np.float64(spec.default)]
        keys = {config_class(**{spec.name: value}).key for value in spellings}
        assert keys == {config_class().key}, spec.name
        if isinstance(allowed, Range) and allowed.low == 0:
            zeros = [0, 0.0, -0.0, np.float32(-0.0), np.float64(0), np.int32(0)]
            configs = [config_class(**{spec.name: value}) for value in zeros]
            configs += [
                from_query({"network": config_class.network, spec.name: text})[0]
                for text in ("0", "-0", "-0.0", "-1e-400")
            ]
            assert len({config.key for config in configs}) == 1, spec.name
            assert len({(str(to_query(config)), describe(config)) for config in configs}) == 1, spec.name


@pytest.mark.parametrize("config_class", NETWORKS.values())
def test_what_is_no_number_is_no_setting(config_class):
    numbers = (math.nan, math.inf, -math.inf, np.float64("nan"), 10**400, -(10**5000))
    for value in (True, False, np.True_, "0", None, [0], 1j, {}, *numbers):
        for spec in fields(config_class):
            with pytest.raises(SettingsError) as error:
                config_class(**{spec.name: value})
            assert len(str(error.value)) < 150


def test_the_networks_never_share_a_key():
    assert MLPConfig().key.split("-")[1] == CNNConfig().key.split("-")[1]  # both all defaults
    assert MLPConfig().key != CNNConfig().key


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"epochs": 0}, "Epochs must be a whole number from 1 to 200, not 0."),
        ({"epochs": 1.5}, "Epochs must be a whole number from 1 to 200, not 1.5."),
        ({"epochs": "ten"}, "Epochs must be a whole number from 1 to 200, not 'ten'."),
        ({"epochs": True}, "Epochs must be a whole number from 1 to 200, not True."),
        ({"train_size": 60_000}, "Training-set size must be a whole number from 100 to 50,000, not 60,000."),
        ({"learning_rate_decay": float("nan")}, "Learning rate decay must be a number from 0.5 to 1.0, not nan."),
        ({"weight_decay": -0.1}, "Weight decay must be a number from 0.0 to 0.1, not -0.1."),
        ({"activation": "swish"}, "Activation must be one of sigmoid, tanh, relu, not “swish”."),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_in_one_sentence(settings, sentence):
    with pytest.raises(SettingsError) as error:
        MLPConfig(**settings)
    assert str(error.value) == sentence


@pytest.mark.parametrize("config_class", NETWORKS.values())
def test_both_ends_of_every_limit_can_be_used(config_class):
    for spec in fields(config_class):
        for value in ends(config_class, spec.name):
            assert getattr(config_class(**{spec.name: value}), spec.name) == value


def test_the_last_batch_of_an_epoch_may_be_smaller():
    assert MLPConfig(train_size=128, batch_size=64).steps_per_epoch == 2
    assert MLPConfig(train_size=129, batch_size=64).steps_per_epoch == 3


@pytest.mark.parametrize("config", [*PRESETS.values(), MLPConfig(activation="tanh", learning_rate=0.1 + 0.2, seed=7)])
def test_settings_survive_json_and_links(config):
    assert from_dict(to_dict(config)) == config
    assert from_query(to_query(config)) == (config, [])


def test_a_link_holds_only_what_differs_from_the_defaults():
    assert to_query(MLPConfig()) == {"network": "mlp"}
    assert to_query(CNNConfig(dropout=0.25)) == {"network": "cnn", "dropout": "0.25"}


@pytest.mark.parametrize(
    ("query", "config", "sentences"),
    [
        ({}, MLPConfig(), []),
        ({"page": "2", "network": "cnn"}, CNNConfig(), []),
        (
            {"epochs": "999"},
            MLPConfig(epochs=200),
            ["Epochs must be a whole number from 1 to 200, not 999: using 200."],
        ),
        ({"epochs": "-inf"}, MLPConfig(epochs=1), ["Epochs must be a whole number from 1 to 200, not -inf: using 1."]),
        (
            {"batch_size": "32.2"},
            MLPConfig(batch_size=32),
            ["Batch size must be a whole number from 1 to 1,024, not 32.2: using 32."],
        ),
        (
            {"train_size": "many"},
            MLPConfig(),
            ["Training-set size must be a whole number from 100 to 50,000, not “many”: using 50,000."],
        ),
        ({"epochs": "nan"}, MLPConfig(), ["Epochs must be a whole number from 1 to 200, not “nan”: using 70."]),
        (
            {"activation": "swish"},
            MLPConfig(),
            ["Activation must be one of sigmoid, tanh, relu, not “swish”: using sigmoid."],
        ),
        ({"network": "rnn"}, MLPConfig(), ["There is no network called “rnn”: showing the MLP."]),
    ],
)
def test_a_link_leads_to_the_nearest_settings_and_says_so(query, config, sentences):
    assert from_query(query) == (config, sentences)


@pytest.mark.parametrize(
    "values", [{}, {"network": "rnn"}, {"network": "mlp", "dropout": 0.5}, {"network": "cnn", "epochs": "70"}]
)
def test_values_that_are_no_settings_are_refused(values):
    with pytest.raises(SettingsError):
        from_dict(values)


def test_settings_are_described_in_a_few_words():
    config = MLPConfig(train_size=2_000, activation="tanh", epochs=1)
    assert describe(config) == "2,000 images, batch 64, rate 0.01, 1 epoch, tanh"


def test_a_preset_is_known_by_its_settings():
    assert preset_name(MLPConfig(train_size=2_000)) == "MLP small"
    assert preset_name(MLPConfig(train_size=2_001)) is None
