"""Measuring contenders side by side. It knows no network."""

import operator
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

SENSES = {"at most": operator.le, "at least": operator.ge, "below": operator.lt}


class Target(NamedTuple):
    """What a contender's time should be: at most, at least or below a number of seconds, or of times another's."""

    contender: str
    sense: str
    number: float
    other: str | None = None


class Comparison(NamedTuple):
    """What is done, how often, by whom, and what we want to see. One contender is called "ours"."""

    title: str
    rounds: int
    contenders: dict[str, Callable[[], object]]
    targets: list[Target]


def measure(comparison: Comparison) -> dict[str, list[float]]:
    """The seconds of each contender in each round. They take turns: a slow phase of the machine hits all."""
    seconds = {name: [] for name in comparison.contenders}
    for _ in range(comparison.rounds):
        for name, work in comparison.contenders.items():
            start = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - start)
    return seconds


def judge(target: Target, seconds: dict[str, list[float]]) -> tuple[float, bool]:
    """The target's figure and whether it is met, by the best rounds: other programs can only have added to a time."""
    value = min(seconds[target.contender])
    if target.other:
        value /= min(seconds[target.other])
    return value, SENSES[target.sense](value, target.number)


def table(comparison: Comparison, seconds: dict[str, list[float]]) -> str:
    """The times of a comparison as lines of text, its targets beside them."""
    lines = [f"{comparison.title}; {comparison.rounds} rounds", f"{'best':>34}{'median':>11}{'× ours':>9}   target"]
    for name, times in seconds.items():
        ratio = min(times) / min(seconds["ours"])
        line = f"  {name:<23}{min(times):7.3f} s{statistics.median(times):9.3f} s{ratio:9.2f}"
        targets = [sentence(target, seconds) for target in comparison.targets if target.contender == name]
        lines.append("   ".join([line, *targets]))
    return "\n".join(lines) + "\n"


def sentence(target: Target, seconds: dict[str, list[float]]) -> str:
    """E.g. "at most 1.6 × three matrix products: 1.41, met"."""
    value, met = judge(target, seconds)
    unit = f"× {target.other}" if target.other else "s"
    return f"{target.sense} {target.number:g} {unit}: {value:.3g}, {'met' if met else 'missed'}"
