"""Runs that differ in their seed alone, as one thing: a group. It knows settings and numbers, and neither files nor pages.

An upload's numbers are what a file says: it is in no group with runs that were trained here, and one that a check has found the
same is in none with one that nobody has checked.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from statistics import fmean
from typing import NamedTuple, Protocol, TypeVar

from core.config import MANY, Config
from core.search.seeds import deviation


class Seeded(Protocol):
    """What a run has that decides with which others it is one group."""

    @property
    def config(self) -> Config: ...
    @property
    def origin(self) -> str: ...  # how an upload came here; empty for a run that was trained here


R = TypeVar("R", bound=Seeded)


class Mean(NamedTuple):
    """The same number over several seeds."""

    mean: float
    deviation: float | None  # of those that might have been drawn (n - 1); None of one seed
    n: int


def mean_of(values: Sequence[float]) -> Mean | None:
    """The mean of some numbers with their standard deviation; None of none."""
    return Mean(fmean(values), deviation([*values]), len(values)) if values else None


@lru_cache(MANY)
def settings_of(config: Config) -> Config:
    """What runs of one group share: the settings, with the seed at its default."""
    return replace(config, seed=type(config).seed)


def grouped(runs: Sequence[R]) -> list[list[R]]:
    """The runs of each group. Groups and the runs in them are in the order in which these come; a run on its own is a group of one."""
    groups: dict[tuple[Config, str], list[R]] = {}
    for run in runs:
        groups.setdefault((settings_of(run.config), run.origin), []).append(run)
    return [*groups.values()]


def group_state(states: Sequence[str]) -> str:
    """How far the runs of a group have come, from what is said of each: "done", "2 done, 1 diverged", "1 done, 2 like chance".

    Of one that was stopped, its own row says where.
    """
    if len(states) == 1:
        return states[0]
    words = Counter(_shorter(state) for state in states)
    return next(iter(words)) if len(words) == 1 else ", ".join(f"{n} {word}" for word, n in words.items())


def _shorter(state: str) -> str:
    """What is said of one run in fewer words: "done, like chance" is "like chance", and "stopped, 3 of 60" is "stopped"."""
    before, _, after = state.partition(", ")
    return after if before == "done" and after else before
