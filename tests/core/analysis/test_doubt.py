"""When an answer counts as sure: a threshold chosen on drawings, and what it is worth on others that nobody chose it on."""

import numpy as np
import pytest

from core import checkpoints
from core.analysis.doubt import LEAST, SURE, Doubt, curve, digits_drawn, doubt, no_digits, threshold
from core.config import PRESETS
from tests.any_hand import Read, drawings, models, nothing

DIGITS = np.linspace(0.001, 1.0, 1_000)  # how sure of each
OTHERS = np.array([0.2, 0.55, 0.9, 0.95])


def test_a_threshold_refuses_one_in_a_hundred_and_is_never_less_than_a_half():
    assert threshold(0.5 + DIGITS / 2) == pytest.approx(0.505, abs=0.001)
    assert threshold(DIGITS) == LEAST
    assert threshold(np.full(1_000, 0.1)) == LEAST


def test_refused_is_what_gets_less_and_passed_what_gets_as_much():
    assert doubt(DIGITS, OTHERS, 0.9) == Doubt(0.9, pytest.approx(0.899), 0.5)
    assert doubt(DIGITS, OTHERS, 0.0) == Doubt(0.0, 0.0, 1.0)


def test_a_curve_begins_where_all_is_sure_and_falls():
    found = curve(0.5 + DIGITS / 2, OTHERS)
    assert found[0] == Doubt(0.0, 0.0, 1.0)
    assert found[-1].refused == pytest.approx(0.1, abs=0.003)
    refused, passed = np.array([one.refused for one in found]), np.array([one.passed for one in found])
    assert (np.diff(refused) >= 0).all()
    assert (np.diff(passed) <= 0).all()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["MLP full", "CNN full", "CNN sketch", "CNN hands"])
def test_the_thresholds_of_what_comes_trained_are_those_that_would_be_chosen(name):
    model = checkpoints.load(PRESETS[name].key).model
    sure = model.predict_proba(digits_drawn()).max(axis=1)
    assert SURE[PRESETS[name].key] == pytest.approx(threshold(sure), abs=0.005)
    assert (sure < SURE[PRESETS[name].key]).mean() < 0.04


@pytest.fixture(scope="module")
def held_out():
    """Digits and what is none by other hands than those that the thresholds were chosen on, and what CNN hands says."""
    name = "CNN hands"
    model = models()[name]
    read = Read(drawings(200, seed=1), {name: model})
    return read.probs[name].max(axis=1), {
        kind: model.predict_proba(x).max(axis=1) for kind, x in nothing(100, 1).items()
    }


@pytest.mark.slow
def test_other_peoples_digits_are_seldom_refused_and_what_is_none_seldom_passes(held_out):
    digits, others = held_out
    at = SURE[PRESETS["CNN hands"].key]
    found = doubt(digits, np.concatenate(list(others.values())), at)
    print(
        f"CNN hands, sure from {at}: refuses {found.refused:.1%} of 1,000 digits, is sure of {found.passed:.1%} of 500 others:"
    )
    print({kind: f"{(sure >= at).mean():.0%}" for kind, sure in others.items()})
    assert found.refused <= 0.02
    assert found.passed <= 0.20


@pytest.mark.slow
def test_a_network_that_learnt_what_is_no_digit_is_less_often_sure_of_it_than_one_that_did_not():
    others = no_digits()
    passed = {}
    for name in ("CNN sketch", "CNN hands"):
        key = PRESETS[name].key
        passed[name] = (checkpoints.load(key).model.predict_proba(others).max(axis=1) >= SURE[key]).mean()
    assert passed["CNN hands"] < 0.2 < 0.5 < passed["CNN sketch"]
