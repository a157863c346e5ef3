"""The rows of the table of runs: a run, or several that differ in their seed alone, as cells; and the columns that these stand in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import streamlit as st

from core import naming
from core.analysis.verdict import state_words
from core.config import NAMES, describe
from core.history import best_epoch
from core.labels import Label
from core.runs import Run
from core.search.groups import Mean, group_state, mean_of, settings_of
from core.words import decimals

SHUT, OPEN = ":material/chevron_right:", ":material/expand_more:"
SEEDS, TEST_SD, VALIDATION_SD = (
    "Seeds",
    "Test SD",
    "Validation SD",
)  # columns that are there where a row has several seeds


class Row(NamedTuple):
    """A row of the table."""

    runs: list[Run]  # one, or several seeds
    open: bool = False  # whether its runs have rows of their own below it
    inside: bool = False  # whether it is one of those


def rows_of(groups: Sequence[list[Run]], opened: Sequence[str]) -> list[Row]:
    """A row for each group, and below those that are open one for each of their runs, by seed."""
    return [row for group in groups for row in _rows(group, opened)]


def _rows(group: list[Run], opened: Sequence[str]) -> Iterator[Row]:
    by_seed = sorted(group, key=lambda run: run.config.seed)
    is_open = len(group) > 1 and settings_of(group[0].config).key in opened
    yield Row(by_seed, is_open)
    if is_open:
        yield from (Row([run], inside=True) for run in by_seed)


def group_name(group: Sequence[Run]) -> str:
    """What several seeds are called together, e.g. "MLP small · 3 seeds"."""
    settings = settings_of(group[0].config)
    return f"{naming.marked(naming.own_name(settings), group[0].origin)} · {len(group)} seeds"


def _name(row: Row, names: Mapping[str, str], given: Sequence[Label]) -> str:
    """What a run is called. In a narrow column the seed stands first below a row that is open: it is all that they differ in."""
    (run,), (label,) = row.runs, given
    if not row.inside or label.name:
        return names[run.key]
    seed = f"Seed {run.config.seed} · {naming.own_name(settings_of(run.config))}"
    return naming.marked(seed, run.origin)


def cells(row: Row, names: Mapping[str, str], given: Sequence[Label], several: bool) -> dict[str, Any]:
    """A row as cells, by their columns. `names` are those of the runs, and `given` the labels of this row's; where any row of the
    table has `several` seeds, all have the columns for these.
    """
    runs, (first, *others) = row.runs, row.runs
    of_all = _numbers([run for run in runs if (run.status == "done" if others else not run.live)])
    size = first.config.train_size
    found: dict[str, Any] = {
        "★": "★" if any(label.pinned for label in given) else "",
        "Name": group_name(runs) if others else _name(row, names, given),
        SEEDS: f"{OPEN if row.open else SHUT} {len(runs)}" if others else None,
        "Network": NAMES[first.config.network],
        "Images": size,
        "Status": group_state([state_words(run.status, run.history, run.config.epochs, run.error) for run in runs]),
        "Test": _mean(of_all["test"]),
        TEST_SD: _deviation(of_all["test"]),
        "Validation": _mean(of_all["validation"]),
        VALIDATION_SD: _deviation(of_all["validation"]),
        "Best validation": _mean(of_all["best"]),
        "Best epoch": _mean(of_all["best epoch"]),
        "Gap, points": None if (gap := _mean(of_all["gap"])) is None else round(gap, decimals(size)),
        "Seconds": _mean(of_all["seconds"]),
        "When": max(filter(None, map(_when, runs)), default=None),
        "Settings": describe(settings_of(first.config) if others else first.config).partition(", ")[
            2
        ],  # without the images
    }
    return (
        found
        if several
        else {name: cell for name, cell in found.items() if name not in (SEEDS, TEST_SD, VALIDATION_SD)}
    )


def _numbers(ended: Sequence[Run]) -> dict[str, Mean | None]:
    """What runs came to, on average: accuracies from 0 to 1, the gap in points."""
    histories = [history for run in ended if (history := run.history)]
    lasts = [history[-1] for history in histories]
    bests = [best_epoch(history) for history in histories]
    summaries = [run.summary for run in ended if run.summary]
    return {
        "test": mean_of([one.test_accuracy for one in summaries if one.test_accuracy is not None]),
        "validation": mean_of([last.val_accuracy for last in lasts]),
        "best": mean_of([best.val_accuracy for best in bests]),
        "best epoch": mean_of([best.epoch for best in bests]),
        "gap": mean_of([100 * (last.train_accuracy - last.val_accuracy) for last in lasts]),
        "seconds": mean_of([one.seconds for one in summaries]),
    }


def _mean(found: Mean | None) -> float | None:
    return found and found.mean


def _deviation(found: Mean | None) -> float | None:
    """In points."""
    return None if found is None or found.deviation is None else 100 * found.deviation


def _when(run: Run) -> datetime | None:
    """When a run was saved, or asked for where it has not been saved yet; None where its file does not say."""
    if run.live or run.summary is None:
        return datetime.fromtimestamp(run.asked, UTC)
    saved = run.summary.about["saved"]
    return saved and datetime.fromisoformat(saved).astimezone(UTC)


def in_words() -> str:
    """What the column of seeds says of itself."""
    return (
        "Runs that differ in their seed alone are one row: press to see each. Accuracies are the mean of those that are done. "
        "What was uploaded is never in one row with what was trained here."
    )


def columns(there: Iterable[str], seeds: Any) -> dict[str, Any]:
    """How the columns that are `there` are shown, and what they say of themselves; `seeds` is the one with the buttons."""
    config = st.column_config
    every = {
        "★": config.TextColumn(width=30, help="Pinned: stays at the top."),
        "Name": config.TextColumn(
            width=170, help="The name that somebody gave it, else its preset's, else what is not as usual."
        ),
        SEEDS: seeds,
        "Images": config.NumberColumn(format="localized", help="How many it learned from."),
        "Test": config.NumberColumn(help="Accuracy on the 10,000 test images, once it is done."),
        TEST_SD: config.NumberColumn(format="%.2f", help="Standard deviation of that over the seeds, in points."),
        "Status": config.TextColumn(
            help="“like chance”, “mostly wrong” and “sure and wrong”: such a run is no result."
        ),
        "Validation": config.NumberColumn(
            help="Accuracy on 10,000 images that it never learned from, after its last epoch so far."
        ),
        VALIDATION_SD: config.NumberColumn(format="%.2f", help="Standard deviation of that over the seeds, in points."),
        "Best validation": config.NumberColumn(help="The highest validation accuracy after any epoch."),
        "Best epoch": config.NumberColumn(
            format="%.0f", help="After which that was, the first of several; of several seeds the mean."
        ),
        "Gap, points": config.NumberColumn(help="Training minus validation accuracy, after its last epoch so far."),
        "Seconds": config.NumberColumn(
            format="%.1f", help="How long it has trained, on the machine that did; of several seeds the mean."
        ),
        "When": config.DatetimeColumn(format="distance", help="When it was saved last; empty where nobody knows."),
    }
    return {name: every[name] for name in there if name in every}
