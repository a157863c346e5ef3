"""What runs are called, on every page and in legends: two of them never the same."""

import itertools
import random
from dataclasses import fields, replace

import numpy as np
import pytest

from core.config import NETWORKS, PRESETS, Choice, CNNConfig, Config, MLPConfig, limits
from core.labels import Label
from core.naming import line_names, name, names, settings_that_differ
from core.text import folded

FULL, SMALL = PRESETS["MLP full"], PRESETS["MLP small"]
OWN = MLPConfig(learning_rate=0.1, activation="tanh", seed=3)


def any_config(rng: random.Random) -> Config:
    """Settings at random, many of them at their defaults and some next to each other."""
    config_class = rng.choice(list(NETWORKS.values()))
    values = {}
    for spec in fields(config_class):
        allowed = limits(config_class, spec.name)
        if rng.random() < 0.7:
            continue
        if isinstance(allowed, Choice):
            values[spec.name] = rng.choice(allowed.words)
        elif allowed.kind is int:
            values[spec.name] = rng.randint(allowed.low, allowed.high)
        else:
            near = rng.choice([allowed.low, allowed.high, spec.default, rng.uniform(allowed.low, allowed.high)])
            values[spec.name] = min(
                max(float(np.nextafter(near, rng.choice([near, 2.0, -1.0]))), allowed.low), allowed.high
            )
    return config_class(**values)


def test_a_run_is_called_by_the_given_name_else_the_presets_else_by_what_sets_it_apart():
    assert name(OWN, {OWN.key: Label("second try")}) == "second try"
    assert name(OWN, {OWN.key: Label("", pinned=True)}) == "MLP: rate 0.1, seed 3, tanh"
    assert name(MLPConfig(seed=1), {}) == "MLP: seed 1"
    assert name(CNNConfig(dropout=0.0), {}) == "CNN: dropout 0"
    assert [name(config, {}) for config in PRESETS.values()] == list(PRESETS)


@pytest.mark.parametrize(
    "given", ["MLP full", "mlp  FULL", "MLP\u200d full", "CNN sketch", "MLP: seed 1", "x (CNN: seed 1)"]
)
def test_a_name_that_is_another_runs_has_the_settings_behind_it(given):
    assert name(OWN, {OWN.key: Label(given)}) == f"{given} (MLP: rate 0.1, seed 3, tanh)"


def test_a_name_given_twice_is_told_apart_and_ones_own_is_not():
    given = {SMALL.key: Label("mine"), OWN.key: Label("Mine")}
    assert names([SMALL, OWN], given) == {SMALL.key: "mine (MLP small)", OWN.key: "Mine (MLP: rate 0.1, seed 3, tanh)"}
    assert name(SMALL, given) == "mine (MLP small)", "on a page of its own, too"
    assert name(SMALL, {SMALL.key: Label("mlp small")}) == "MLP small"


def test_no_two_runs_have_one_name_whatever_they_are_called():
    rng = random.Random(0)
    words = [
        "mine",
        "MLP full",
        "MLP: seed 1",
        "MLP",
        "2,000 images",
        "mine (MLP small)",
        "MLP small: 2,000 images",
        "",
    ]
    for _ in range(300):
        configs = [*{config.key: config for config in [any_config(rng) for _ in range(12)]}.values(), FULL, SMALL]
        configs = list({config.key: config for config in configs}.values())
        given = {config.key: Label(rng.choice(words)) for config in configs if rng.random() < 0.5}
        called = names(configs, given)
        assert all(called.values())
        assert len({folded(words) for words in called.values()}) == len(configs), called
        legend = line_names(configs, given)
        assert len(set(legend)) == len(configs), legend


def test_settings_next_to_each_other_have_names_of_their_own():
    rng = random.Random(1)
    for _ in range(2_000):
        first, second = any_config(rng), any_config(rng)
        assert (name(first, {}) == name(second, {})) == (first == second) == (first.key == second.key)
        if first != second:
            assert len(set(line_names([first, second], {}))) == 2


@pytest.mark.parametrize(
    ("setting", "one", "other"),
    [
        ("learning_rate", 0.01, 0.010000001),
        ("learning_rate", 0.3, 0.1 + 0.2),
        ("weight_decay", 1e-5, 1.0000001e-5),
        ("learning_rate_decay", 0.97, 0.9700000000000001),
    ],
)
def test_a_legend_tells_numbers_apart_that_six_digits_do_not(setting, one, other):
    legend = line_names([replace(OWN, **{setting: one}), replace(OWN, **{setting: other})], {})
    assert len(set(legend)) == 2
    assert repr(other) in legend[1]


def test_only_the_settings_that_differ_are_named():
    assert settings_that_differ([SMALL, FULL]) == {"train_size": [2_000, 50_000]}
    assert settings_that_differ([SMALL, SMALL]) == settings_that_differ([SMALL]) == settings_that_differ([]) == {}
    wide, cnn = MLPConfig(hidden_units=128), CNNConfig(dropout=0.0)
    assert settings_that_differ([FULL, cnn]) == {"network": ["mlp", "cnn"]}
    assert settings_that_differ([FULL, wide, cnn]) == {
        "network": ["mlp", "mlp", "cnn"],
        "hidden_units": [64, 128, None],
    }


def test_a_legend_says_what_differs_behind_the_names_that_there_are():
    wide = MLPConfig(hidden_units=128)
    assert line_names([SMALL, FULL], {}) == ["MLP small: 2,000 images", "MLP full: 50,000 images"]
    assert line_names([FULL, CNNConfig(), wide], {}) == [
        "MLP full: hidden units 64",
        "CNN full",
        "MLP, hidden units 128",
    ]
    assert line_names([wide, MLPConfig(hidden_units=32)], {wide.key: Label("mine")}) == [
        "mine: hidden units 128",
        "hidden units 32",
    ]
    assert line_names([FULL], {}) == ["MLP full"]
    assert line_names([OWN], {OWN.key: Label("mine")}) == ["mine"]
    for one, other in itertools.combinations(PRESETS.values(), 2):
        assert len(set(line_names([one, other], {}))) == 2
