"""What is said of a search whose truth is known."""

import re

import numpy as np
import pytest

from core.config import MLPConfig
from core.search.importance import Importance
from core.search.study import Span, Study, between
from core.search.study_reading import at_last_words, importance_words, study_reading
from core.search.trials import Found, Trial

RATE, BATCH = Span("learning_rate", (0.001, 0.1)), Span("batch_size", (8, 128))
STUDY = Study(shared=MLPConfig(train_size=300, epochs=3), space=(RATE, BATCH), runs=60)


def runs(*accuracies: float, places: list[float] | None = None, state: str = "done") -> tuple[Trial, ...]:
    """A run for each of these accuracies, whose rates lie at these places of the span: in the middle unless it is said."""
    at = places or [0.4 + 0.002 * i for i in range(len(accuracies))]
    configs = [STUDY.config({"learning_rate": between(RATE, place), "batch_size": 32}) for place in at]
    return tuple(
        Trial(i + 1, config, state, (0.2, value))
        for i, (config, value) in enumerate(zip(configs, accuracies, strict=True))
    )


def said(*trials: Trial, ended: str = "runs") -> str:
    return " ".join(study_reading(STUDY, Found(trials, ended)))


def test_equal_means_are_within_chance_of_each_other():
    """Networks that are equally good, looked at on 10,000 images each: of a thousand searches, hardly one calls any of them worse."""
    rng = np.random.default_rng(0)
    wrong = 0
    for _ in range(300):
        words = said(*runs(*rng.binomial(10_000, 0.94, size=20) / 10_000))
        wrong += "worse by more than chance" in words or "19 of the 19 others are **within chance**" not in words
    assert wrong <= 300 * 0.05 + 2.6 * (300 * 0.05 * 0.95) ** 0.5


def test_a_real_difference_is_one():
    words = said(*runs(0.90, 0.95, 0.89))
    assert (
        "Of 3 runs of the MLP that came to their end, the highest validation accuracy is **95.00%**, of run 2 (batch 32, rate 0.0"
        in words
    )
    assert "Each of the others is **worse by more than chance**; the next has 90.00%." in words
    assert "edge" not in words


def test_what_is_within_chance_is_counted_and_the_rest_is_not():
    assert "2 of the 4 others are **within chance** of it, down to 94.80%" in said(
        *runs(0.90, 0.95, 0.948, 0.949, 0.80)
    )
    assert "1 of the 2 others is **within chance** of it, with 94.90%" in said(*runs(0.95, 0.949, 0.80))
    assert "The other one is **within chance** of it, with 94.90%" in said(*runs(0.95, 0.949))


def test_a_best_at_the_edge_is_said_to_be_there_where_the_next_ones_are_beside_it():
    high = runs(0.95, 0.94, 0.93, 0.92, 0.91, 0.80, places=[0.99, 0.9, 0.85, 0.8, 0.85, 0.2])
    assert (
        "near the largest learning rate (rate 0.0955), and the next 4 are on that side: a larger one may be better still."
        in said(*high)
    )
    low = runs(0.95, 0.94, 0.93, 0.92, 0.91, places=[0.01, 0.1, 0.15, 0.2, 0.15])
    assert "near the smallest learning rate" in said(*low)
    assert "edge" not in said(*runs(0.95, 0.94, 0.93, 0.92, 0.91, places=[0.99, 0.1, 0.2, 0.3, 0.4])), (
        "by chance, it seems"
    )
    assert "edge" not in said(*high[:4]), "four are too few"


def test_nothing_lies_beyond_the_end_of_what_a_setting_may_be():
    limits = Study(shared=MLPConfig(), space=(Span("learning_rate_decay", (0.8, 1.0)),))
    trials = [
        Trial(i + 1, limits.config({"learning_rate_decay": 1.0 - i / 100}), "done", (0.9 - i / 100,)) for i in range(5)
    ]
    assert "edge" not in " ".join(study_reading(limits, Found(tuple(trials), "runs")))


def test_diverged_stopped_and_hopeless_ones_are_counted_and_compared_with_nothing():
    trials = [
        *runs(0.95, 0.93),
        *runs(0.99, 0.98, state="pruned"),
        *runs(0.97, state="stopped"),
        *runs(0.9, 0.9, 0.9, state="diverged"),
        *runs(0.9, state="failed"),
    ]
    words = said(*trials)
    assert "Of 2 runs of the MLP that came to their end, the highest validation accuracy is **95.00%**" in words
    assert "2 runs were **stopped early**, as they fell behind the others" in words
    assert "1 run was stopped by somebody" in words
    assert "3 runs **diverged**." in words
    assert "1 run did not finish" in words


def test_one_run_is_compared_with_nothing_and_none_is_not_spoken_of():
    assert said(*runs(0.95)) == (
        "One run has come to its end, with a validation accuracy of **95.00%**, of run 1 (batch 32, rate 0.00631): there is nothing to "
        "compare it with."
    )
    assert said() == ""
    assert said(*runs(0.2, 0.3, state="open"), ended="") == ""
    assert "1 of 3 runs is not at the end" in said(*runs(0.9, 0.8), *runs(0.3, state="open"), ended="")


@pytest.mark.parametrize(
    ("accuracies", "words"), [((0.1, 0.11), "**have learnt nothing**"), ((0.1,), "**has learnt nothing**")]
)
def test_what_answers_like_chance_is_no_best(accuracies, words):
    assert words in said(*runs(*accuracies))
    assert "highest" not in said(*runs(*accuracies))
    assert "2 of them **have learnt nothing**." in said(*runs(0.9, 0.1, 0.11))


def test_a_space_that_has_no_more_says_so():
    assert "there are 2 runs and no more" in said(*runs(0.9, 0.8), ended="space")


def test_what_matters_most_is_named_only_where_the_intervals_are_apart():
    clear = [Importance("learning_rate", 0.7, 0.6, 0.8), Importance("batch_size", 0.2, 0.1, 0.3)]
    assert importance_words(clear, 20).startswith(
        "Most depends on the **learning rate** (70.0%, 60.0% to 80.0% of what differs"
    )
    vague = [Importance("learning_rate", 0.5, 0.2, 0.8), Importance("batch_size", 0.3, 0.1, 0.5)]
    assert importance_words(vague, 12).startswith("So few runs do **not tell which setting matters most**")
    assert "12 finished runs" in importance_words(vague, 12)
    assert importance_words([], 1) == "Which setting matters is not said of fewer than 10 finished runs: there is 1."


def test_the_test_accuracy_is_the_mean_over_the_seeds_with_their_deviation():
    values = [0.9812, 0.98, 0.9824]
    words = at_last_words(values)
    mean, spread = re.search(r"\*\*([\d.]+)%\*\*, standard deviation ([\d.]+) points", words).groups()
    assert float(mean) == pytest.approx(100 * np.mean(values), abs=0.005)
    assert float(spread) == pytest.approx(100 * np.std(values, ddof=1), abs=0.005)
    assert "98.12%, 98.00% and 98.24%" in words
    assert "standard deviation" not in at_last_words(values[:1])
