"""The lines that are shown beside a stage are those that compute it."""

from textwrap import indent

import numpy as np
import pytest

from core.analysis import source
from core.analysis.source import STAGES, Place, lines_of, slope_line
from core.config import ACTIVATIONS
from core.mlp import MLP, TINY, softmax


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_run_one_after_the_other_they_are_a_step(activation):
    rng = np.random.default_rng(1)
    x, labels = rng.random((5, 784)), rng.integers(10, size=5)
    model, other = MLP(7, activation, dtype=np.float64), MLP(7, activation, dtype=np.float64)
    names = {"self": model, "x": x, "labels": labels, "np": np, "softmax": softmax, "TINY": TINY}
    names |= {"gradients": model.gradients, "learning_rate": 0.1, "weight_decay": 0.01}
    exec(lines_of("hidden"), names)
    exec("def output(f1, self):\n" + indent(lines_of("output"), "    "), names)
    names["probs"] = names["output"](names["f1"], model)[1]
    for array, expected in zip((names["f1"], names["probs"]), other.forward(x), strict=True):
        np.testing.assert_array_equal(array, expected)
    for stage in ("loss", "delta2", "grad_w2", "delta1", "grad_w1"):
        exec(lines_of(stage), names)
    loss, gradients = other.backward(x, labels)
    assert names["loss"] == loss
    for array, expected in zip(model.gradients, gradients, strict=True):
        np.testing.assert_array_equal(array, expected)
    exec(lines_of("update"), names)
    other.sgd_step(gradients, 0.1, 0.01)
    for array, expected in zip(model.arrays().values(), other.arrays().values(), strict=True):
        np.testing.assert_array_equal(array, expected)


def test_none_is_so_long_that_what_matters_is_lost_in_it():
    assert all(1 <= len(lines_of(stage).splitlines()) <= 6 for stage in STAGES)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_line_of_a_slope_is_that_of_its_activation(activation):
    assert slope_line(MLP(4, activation)).startswith(f'"{activation}": ({activation}, lambda f: ')


@pytest.mark.parametrize(
    ("first", "last"), [("delta3 = ", "delta2[rows, labels] -= 1"), ("delta2[rows, labels]", "delta2 = probs")]
)
def test_lines_that_have_moved_out_of_sight_are_an_error(first, last):
    with pytest.raises(LookupError, match=r"MLP\.backward has no lines"):
        source.between(Place(MLP.backward, first, last))
