"""What the page is computed from: the report's six runs, and what its MLP answers, before training and after it."""

from typing import NamedTuple

from core.analysis.evaluation import Answers
from core.checkpoints import Summary
from core.config import REPORT
from core.mlp import MLP
from ui.predictions import Version, answers_of, model
from ui.shared import runs

FULL = "MLP full"


class Networks(NamedTuple):
    """The report's MLP on all images, before training and after it, and what it answers to the test images."""

    first: MLP
    trained: MLP
    before: Answers
    answers: Answers


def finished() -> dict[str, Summary]:
    """Those of the report's six runs that are there and finished, by name."""
    found = {name: runs().find(config.key) for name, config in REPORT.items()}
    return {name: run.summary for name, run in found.items() if run and run.summary and run.summary.done}


def is_live(name: str) -> bool:
    """Whether one of the report's runs waits to be trained, or is being trained."""
    run = runs().find(REPORT[name].key)
    return run is not None and run.live


def networks(summary: Summary) -> Networks:
    """The network of the run FULL. Raises Gone where it is not there any more."""
    first, last = (Version(summary.config.key, epoch, summary.state_id) for epoch in (0, len(summary.history)))
    start, end = model(first), model(last)
    assert isinstance(start, MLP)
    assert isinstance(end, MLP)
    return Networks(start, end, answers_of(first, "test"), answers_of(last, "test"))
