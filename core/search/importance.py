"""How much each setting matters in a search: Optuna's functional analysis of variance (fANOVA), and how sure that is.

F. Hutter, H. Hoos and K. Leyton-Brown, "An efficient approach for assessing hyperparameter importance", ICML 2014: a random forest
learns the accuracy from the settings, and its variance is shared among them. Settings that are searched by their ratio are given to it
as logarithms, so that each part of what was searched counts alike.
"""

import math
from typing import NamedTuple

import numpy as np

from core.kinds import Choice
from core.search.grid import kind_of, scale
from core.search.journal import library
from core.search.study import Span, Study
from core.search.trials import Trial

FEWEST = 10  # finished runs: a forest makes something of fewer, too, but nothing that another few would bear out
REDRAWN = 20  # times the runs are drawn again, with replacement
TREES = 16  # of each forest
MIDDLE = 0.9  # of what comes of these is the interval


class Importance(NamedTuple):
    """The share of the variance of the accuracy that a setting alone explains, from 0 to 1."""

    setting: str
    share: float  # the median over the runs redrawn
    low: float  # the ends of the middle 90 % of them
    high: float


def importances(study: Study, finished: tuple[Trial, ...]) -> list[Importance]:
    """How much each setting matters, the most first; nothing of fewer than FEWEST finished runs, or where all came to the same.

    Each of the REDRAWN forests has another seed and other runs, so that the interval holds what both leave open.
    """
    accuracies = {trial.accuracy for trial in finished}
    if len(finished) < FEWEST or len(accuracies) < 2:
        return []
    rng = np.random.default_rng(study.seed)
    shares: dict[str, list[float]] = {name: [] for name in study.searched}
    for seed in range(REDRAWN):
        drawn = [finished[i] for i in rng.integers(len(finished), size=len(finished))]
        for name, share in _of_forest(study, drawn, seed).items():
            shares[name].append(share)
    ends = ((1 - MIDDLE) / 2, 0.5, (1 + MIDDLE) / 2)
    found = [(name, *np.quantile(values, ends)) for name, values in shares.items()]
    all_of_it = [Importance(name, float(middle), float(low), float(high)) for name, low, middle, high in found]
    return sorted(all_of_it, key=lambda one: -one.share)


def _of_forest(study: Study, drawn: list[Trial], seed: int) -> dict[str, float]:
    optuna = library()
    distributions = {span.setting: _distribution(span) for span in study.space}
    told = optuna.create_study(direction="maximize")
    told.add_trials(
        optuna.trial.create_trial(
            params={span.setting: _on_scale(span, getattr(trial.config, span.setting)) for span in study.space},
            distributions=distributions,
            value=trial.accuracy,
        )
        for trial in drawn
    )
    evaluator = optuna.importance.FanovaImportanceEvaluator(n_trees=TREES, seed=seed)
    shares = evaluator.evaluate(told)
    return {name: 0.0 if math.isnan(share) else float(share) for name, share in shares.items()}  # of runs all alike


def _distribution(span: Span):  # type: ignore[no-untyped-def]  # Optuna's
    distributions = library().distributions
    if isinstance(kind_of(span.setting), Choice):
        return distributions.CategoricalDistribution(span.values)
    return distributions.FloatDistribution(*(_on_scale(span, value) for value in span.values))


def _on_scale(span: Span, value):  # type: ignore[no-untyped-def]  # a number, or a word
    return math.log10(value) if scale(span.setting) == "log" else value
