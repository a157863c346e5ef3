"""The very lines of core/mlp.py that compute a stage of a step, taken from the source at run time.

A stage is found by how its first and its last line begin, not by their numbers. Where they are no longer there, nothing else
is shown in their place: it is an error.
"""

import inspect
from collections.abc import Callable
from functools import lru_cache
from textwrap import dedent
from typing import NamedTuple

from core.mlp import MLP


class Place(NamedTuple):
    """Some lines of a function, by how the first and the last of them begin."""

    function: Callable
    first: str
    last: str


STAGES = {
    "hidden": Place(MLP.forward, "f1 = x @", "self.activation(f1)"),
    "output": Place(MLP.forward, "probs = (self.w2", "return f1, softmax(probs)"),
    "loss": Place(MLP.backward, "rows = ", "loss = -np.log("),
    "delta2": Place(MLP.backward, "delta2 = probs", "delta2[rows, labels] -= 1"),
    "grad_w2": Place(MLP.backward, "np.matmul(delta2.T", "delta2.sum("),
    "delta1": Place(MLP.backward, "delta1 = delta2 @", "delta1 *= self.slope("),
    "grad_w1": Place(MLP.backward, "np.matmul(delta1.T", "delta1.sum("),
    "update": Place(MLP.sgd_step, "self.w1 *= ", "w -= gradient"),
}


def lines_of(stage: str) -> str:
    """The lines of a stage, without what indents them all. Raises LookupError where they are not where they were."""
    return between(STAGES[stage])


def slope_line(model: MLP) -> str:
    """The line of core/mlp.py that says what the slope of a network's activation is."""
    return inspect.getsource(model.slope).strip()


@lru_cache
def between(place: Place) -> str:
    """The lines of a place, without what indents them all. Raises LookupError where they are not where they were."""
    lines = inspect.getsource(place.function).splitlines()
    starts = [i for i, line in enumerate(lines) if line.strip().startswith(place.first)]
    ends = [i for i, line in enumerate(lines) if line.strip().startswith(place.last)]
    if len(starts) != 1 or len(ends) != 1 or ends[0] < starts[0]:
        name = place.function.__qualname__
        raise LookupError(f"{name} has no lines from “{place.first}” to “{place.last}”: say in STAGES where they are.")
    return dedent("\n".join(lines[starts[0] : ends[0] + 1]))
