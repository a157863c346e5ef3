"""Who is next, and when each will start: without workers, files or a clock that anybody waits for."""

from time import time

import numpy as np
import pytest

from core.checkpoints import Summary
from core.config import Config, MLPConfig
from core.description import machine
from core.history import EpochEnd
from core.runs.queue import line, starts
from core.runs.run import Run

VISITORS = ("anna", "ben", "carla", "dora")


def asked_by(visitor: str, seed: int, asked: float, status: str = "queued") -> Run:
    return Run(MLPConfig(seed=seed), visitor, status=status, asked=asked)


def by_turns(runs: list[Run], taken: set[str]) -> list[Run]:
    """The same order, said otherwise: a run's turn is how many its visitor has had before it; within a turn, who asked first."""
    queued = sorted((run for run in runs if run.status == "queued" and run.key not in taken), key=lambda run: run.asked)
    turns = []
    for place, run in enumerate(queued):
        in_training = sum(other.visitor == run.visitor for other in runs if other.key in taken)
        turns.append(in_training + sum(other.visitor == run.visitor for other in queued[:place]))
    return [run for _, _, run in sorted(zip(turns, range(len(queued)), queued, strict=True), key=lambda row: row[:2])]


@pytest.mark.parametrize("seed", range(50))
def test_everybody_has_a_turn_before_anybody_has_the_next(seed):
    rng = np.random.default_rng(seed)
    runs = [
        asked_by(str(rng.choice(VISITORS)), number, asked, str(rng.choice(["queued", "queued", "training", "done"])))
        for number, asked in enumerate(rng.permutation(30).astype(float))
    ]
    taken = {run.key for run in runs if run.status == "training"}
    taken |= {run.key for run in runs[:2]}  # handed to a worker that has not said a word yet
    assert [run.key for run in line(runs, taken)] == [run.key for run in by_turns(runs, taken)]


def test_all_who_wait_are_in_the_line_and_nobody_else():
    runs = [
        asked_by("anna", seed, seed, status) for seed, status in enumerate(["queued", "training", "queued", "done"])
    ]
    assert line(runs, {runs[1].key}) == [runs[0], runs[2]]
    assert line(runs, {run.key for run in runs}) == line([]) == []


def test_a_long_list_does_not_hold_up_somebody_elses_single_run():
    anna = [asked_by("anna", seed, seed) for seed in range(40)]
    ben = asked_by("ben", 40, 40.0)
    assert line([*anna, ben]).index(ben) == 1
    assert line([*anna, ben], {anna[0].key}).index(ben) == 0, "one of Anna's has a worker already"


def test_the_runs_of_one_visitor_keep_their_order():
    runs = [asked_by("anna", seed, asked) for seed, asked in enumerate([3.0, 1.0, 2.0])]
    assert line(runs) == [runs[1], runs[2], runs[0]]


SECONDS_AN_EPOCH = 2
MEASURED = Summary(
    MLPConfig(epochs=10),
    [EpochEnd(n, 0.1, 0.9, 0.9, 0.01, 1.0, 0.1) for n in range(1, 11)],
    0.9,
    10.0 * SECONDS_AN_EPOCH,
    {"machine": machine()},
    [0, 10],
    "0" * 16,
)


def in_training(left: float) -> Run:
    """A run that is half done and took as long for that as it has left."""
    run = Run(MLPConfig(epochs=2), status="training", first_word=(time() - left, 0))
    run.events.append(EpochEnd(1, 1.0, 0.5, 0.5, 0.01, left, 1.0))
    return run


def waiting(epochs: list[int], **settings) -> list[Run]:
    configs: list[Config] = [MLPConfig(epochs=some, seed=seed, **settings) for seed, some in enumerate(epochs)]
    return [Run(config) for config in configs]


def second_by_second(free: list[int], seconds: list[int]) -> list[int]:
    """When each of the waiting begins, by a clock that is watched: whoever is free takes the next."""
    begun: list[int] = []
    clock, free = 0, [*free]
    while len(begun) < len(seconds):
        for worker in range(len(free)):
            if free[worker] <= clock and len(begun) < len(seconds):
                free[worker] = clock + seconds[len(begun)]
                begun.append(clock)
        clock += 1
    return begun


@pytest.mark.parametrize("seed", range(20))
def test_each_starts_when_a_worker_has_come_to_it(seed):
    rng = np.random.default_rng(seed)
    left = rng.integers(1, 60, rng.integers(1, 5)).tolist()
    epochs = rng.integers(1, 50, 12).tolist()
    runs = waiting(epochs)
    found = starts(runs, [in_training(seconds) for seconds in left], [MEASURED])
    expected = second_by_second(left, [SECONDS_AN_EPOCH * some for some in epochs])
    assert [found[run.key] for run in runs] == pytest.approx(expected, abs=0.5)


def test_after_a_run_that_cannot_be_estimated_nothing_is_said():
    first, unknown, last = waiting([5]) + waiting([6], augmentation=0.5) + waiting([7])
    found = starts([first, unknown, last], [in_training(30)], [MEASURED])
    assert found.keys() == {first.key, unknown.key}, "when it starts itself is known"
    assert found[unknown.key] == pytest.approx(30 + 5 * SECONDS_AN_EPOCH, abs=0.5)


def test_nothing_is_said_before_the_pace_of_every_run_is_known():
    without = Run(MLPConfig(), status="training")
    assert without.seconds_left is None
    for training in ([], [without], [in_training(30), without]):
        assert starts(waiting([5]), training, [MEASURED]) == {}
