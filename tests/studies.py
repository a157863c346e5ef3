"""Journals of searches whose truth is known, as Optuna writes them."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import optuna

from core.config import Config, MLPConfig
from core.search import journal
from core.search.study import Study, usual_span

STATES = {
    "done": "COMPLETE",
    "pruned": "PRUNED",
    "stopped": "PRUNED",
    "diverged": "FAIL",
    "failed": "FAIL",
    "open": "RUNNING",
}


class Made(NamedTuple):
    """A run of a search: its settings, how it ended, and its validation accuracy after each epoch."""

    config: Config
    state: str
    accuracies: Sequence[float] = ()


def keep(study: Study, folder: Path, runs: Sequence[Made], ended: str = "runs") -> None:
    """Write the journal of a search that has had these runs."""
    found = journal.opened(study, folder)
    for run in runs:
        trial = optuna.trial.create_trial(
            state=optuna.trial.TrialState[STATES[run.state]],
            params={name: getattr(run.config, name) for name in study.searched},
            distributions=journal.space_of(study),
            user_attrs={journal.WHY: run.state} if run.state in journal.WHYS else {},
            value=run.accuracies[-1] if run.state == "done" else None,
            intermediate_values=dict(enumerate(run.accuracies)),
        )
        found.add_trial(trial)
    found.set_user_attr(journal.ENDED, ended)


# A search to look at, whose runs are nowhere else: of the MLP, with some that were stopped early and one that diverged.
SHOWN = Study(
    shared=MLPConfig(train_size=500, epochs=5, weight_decay=0.003),
    space=tuple(usual_span(name) for name in ("learning_rate", "batch_size", "hidden_units", "activation")),
    runs=30,
    seed=5,
)
SHOWN_LINK = "/search?all=yes&searched=learning_rate,batch_size,hidden_units,activation&runs=30&seed=5&train_size=500&epochs=5&weight_decay=0.003"


def show(folder: Path, study: Study = SHOWN) -> None:
    """Write the journal of that search, or of one like it."""
    directly = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=5))
    runs = []
    for number in range(study.runs):
        config = study.config(directly.ask(journal.space_of(study)).params)
        top = 0.93 - 0.1 * abs(math.log10(config.learning_rate / 0.02)) - config.batch_size / 4_000
        told = [round(top - 0.4 / epoch**2, 4) for epoch in range(1, study.shared.epochs + 1)]
        state = "diverged" if number == 11 else "pruned" if number > 5 and top < 0.82 else "done"
        runs.append(Made(config, state, told if state == "done" else told[:2] if state == "pruned" else ()))
    keep(study, folder, runs)
