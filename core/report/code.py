"""The lines of this project that do what a section of the report speaks of, taken from the source at run time."""

import ast
import inspect
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from textwrap import dedent

from core.analysis.source import Place, between
from core.mlp import MLP, MLPLearner

CNN = Path(__file__).parent.parent / "cnn.py"  # read as a text: to import it takes torch a second

PARTS = {
    "forward": Place(MLP.forward, "f1 = x @", "return f1, softmax(probs)"),
    "initialisation": Place(MLP.__init__, "rng = ", "self.b2"),
    "back-propagation": Place(MLP.backward, "delta2 = probs", "delta1.sum("),
    "training": Place(MLPLearner.step, "loss, gradients = ", "self.model.sgd_step("),
}


def part(name: str) -> str:
    """Some lines of a function. Raises LookupError where they are not where they were."""
    return between(PARTS[name])


@lru_cache
def of(*functions: Callable) -> str:
    """Whole functions, one below the other, without what indents them."""
    return "\n\n".join(dedent(inspect.getsource(function)).strip() for function in functions)


@lru_cache
def of_the_cnn() -> str:
    """How the report's convolutional network computes. Raises LookupError where it is not where it was."""
    text = CNN.read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef) and node.name == "CNN":
            for member in node.body:
                if isinstance(member, ast.FunctionDef) and member.name == "forward":
                    return dedent(ast.get_source_segment(text, member, padded=True) or "")
    raise LookupError("core/cnn.py has no CNN.forward.")
