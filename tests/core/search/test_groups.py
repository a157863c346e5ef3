"""Runs that differ in their seed alone are one thing, and no others are."""

from dataclasses import replace
from statistics import mean, stdev
from typing import NamedTuple

import pytest

from core.config import CNNConfig, Config, MLPConfig
from core.search.groups import group_state, grouped, mean_of, settings_of


class Run(NamedTuple):
    config: Config
    origin: str = ""


def seeds(config: Config, n: int, origin: str = "") -> list[Run]:
    return [Run(replace(config, seed=seed), origin) for seed in range(n)]


def test_seeds_are_one_group_and_any_other_setting_is_another():
    a, b = seeds(MLPConfig(train_size=500), 3), seeds(MLPConfig(train_size=500, activation="tanh"), 2)
    alone = Run(CNNConfig(train_size=500, seed=7))
    mixed = [a[0], b[0], alone, a[2], b[1], a[1]]
    assert grouped(mixed) == [[a[0], a[2], a[1]], b, [alone]]
    assert grouped([]) == []


def test_what_was_uploaded_is_in_no_group_with_what_was_trained_here():
    own, theirs = seeds(MLPConfig(), 2), [Run(MLPConfig(seed=seed), "uploaded") for seed in (2, 3)]
    checked = Run(MLPConfig(seed=4), "checked")
    assert grouped([*own, *theirs, checked]) == [own, theirs, [checked]]


def test_the_settings_of_a_group_are_those_of_the_usual_seed():
    assert settings_of(MLPConfig(epochs=3, seed=9)) == MLPConfig(epochs=3)


def test_a_mean_has_the_deviation_of_a_sample_and_of_one_number_none():
    values = [0.91, 0.93, 0.98]
    assert mean_of(values) == pytest.approx((mean(values), stdev(values), 3))
    assert mean_of([0.9]) == (0.9, None, 1)
    assert mean_of([]) is None


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (["done, like chance"], "done, like chance"),
        (["stopped, 3 of 60"], "stopped, 3 of 60"),
        (["done", "done"], "done"),
        (["done", "diverged", "done"], "2 done, 1 diverged"),
        (["done, like chance", "done"], "1 like chance, 1 done"),
        (["stopped, 3 of 60", "stopped, 4 of 60"], "stopped"),
    ],
)
def test_how_far_a_group_has_come_is_told_by_number(states, words):
    assert group_state(states) == words
