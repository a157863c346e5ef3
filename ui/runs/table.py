"""The table of runs, whose rows can be ticked, and below it how far those are that are going on.

A table knows only the numbers of its rows, and these shift when a run comes or goes: a click is turned into keys at once,
and keys into rows whenever the table is drawn.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from core import labels
from core.analysis.verdict import state_words
from core.config import NAMES, Config, describe
from core.labels import MOST_RUNS, UNLABELLED
from core.runs import Run
from core.words import decimals
from ui.looks import Pace
from ui.runs.state import STATE
from ui.shared import plain, run_names, runs
from ui.tables import with_accuracies
from ui.train.view import progress_words

SECONDS_BETWEEN_LOOKS = 1.0
LIVE = ("queued", "training")


def table(listed: list[Run], ticked: Sequence[Config]) -> None:
    """The runs as a table in which any can be ticked. Its numbers stand still: what is live tells its own in `live`."""
    given = labels.read(runs().folder)
    names = run_names(run.config for run in listed)
    rows = [_row(run, names[run.key], given.get(run.key, UNLABELLED).pinned) for run in listed]
    st.session_state.drawn = {run.key: run.config for run in listed}
    _tick_the_chosen(rows, {config.key for config in ticked})
    st.dataframe(
        with_accuracies(pd.DataFrame(rows), [run.config.train_size for run in listed]),
        hide_index=True,
        on_select=_ticked,
        selection_mode="multi-row",
        key=_table_key(),
        placeholder="",
        column_config=_columns(),
        alt="All runs, with their settings and results",
    )


def live() -> None:
    """How far the runs are that are going on, for as long as there are any. Draws the page anew when one comes or goes."""
    known = _known()

    going_on = any(status in LIVE for _, status in known[0])

    @st.fragment(run_every=Pace(SECONDS_BETWEEN_LOOKS).seconds if going_on else None)
    def view() -> None:
        if _known() != known:
            st.rerun()
        training = [run for run in [*runs().all(), *runs().checks()] if run.status == "training"]
        waiting = sum(status == "queued" for _, status in known[0])
        names = run_names(run.config for run in training)
        for run in training:
            words = f"**{plain(names[run.key])}**{', being checked' if run.check else ''} · {progress_words(run)}"
            st.progress(run.share, words)
        if waiting:
            st.caption(f"{waiting} more {'waits' if waiting == 1 else 'wait'} in line." if training else "Starting …")

    view()


def _row(run: Run, name: str, pinned: bool) -> dict:
    """A run as a row of the table; one that is live has no results yet."""
    history, summary = ([], None) if run.live else (run.history, run.summary)
    last = history[-1] if history else None
    return {
        "★": "★" if pinned else "",
        "Name": name,
        "Network": NAMES[run.config.network],
        "Images": run.config.train_size,
        "Status": _status(run),
        "Test": summary and summary.test_accuracy,
        "Validation": last and last.val_accuracy,
        "Best validation": max((event.val_accuracy for event in history), default=None),
        "Gap, points": last and round((last.train_accuracy - last.val_accuracy) * 100, decimals(run.config.train_size)),
        "Seconds": summary and summary.seconds,
        "When": _when(run),
        "Settings": describe(run.config).partition(", ")[2],  # the images have a column of their own
    }


def _columns() -> dict:
    config = st.column_config
    return {
        "★": config.TextColumn(width=30, help="Pinned: stays at the top."),
        "Name": config.TextColumn(
            width=170, help="The name that somebody gave it, else its preset's, else what is not as usual."
        ),
        "Images": config.NumberColumn(format="localized", help="How many it learned from."),
        "Test": config.NumberColumn(help="Accuracy on the 10,000 test images, once it is done."),
        "Status": config.TextColumn(
            help="“like chance”, “mostly wrong” and “sure and wrong”: such a run is no result."
        ),
        "Validation": config.NumberColumn(
            help="Accuracy on 10,000 images that it never learned from, after its last epoch so far."
        ),
        "Best validation": config.NumberColumn(help="The highest validation accuracy after any epoch."),
        "Gap, points": config.NumberColumn(help="Training minus validation accuracy, after its last epoch so far."),
        "Seconds": config.NumberColumn(format="%.1f", help="How long it has trained."),
        "When": config.DatetimeColumn(format="distance", help="When it was saved last; empty where nobody knows."),
    }


def _status(run: Run) -> str:
    return state_words(run.status, run.history, run.config.epochs, run.error)


def _when(run: Run) -> datetime | None:
    """When a run was saved, or asked for where it has not been saved yet; None where its file does not say."""
    if run.live or run.summary is None:
        return datetime.fromtimestamp(run.asked, UTC)
    saved = run.summary.about["saved"]
    return saved and datetime.fromisoformat(saved).astimezone(UTC)


def _known() -> tuple:
    """What a change of calls for more than new numbers in the table: which runs there are, their statuses and labels."""
    going_on = [*runs().all(), *runs().checks()]
    return [(run.key, run.status) for run in going_on], labels.read(runs().folder)


def _table_key() -> str:
    return f"runs_table_{st.session_state.get('tables', 0)}"


def _ticked() -> None:
    """Turn the rows that are ticked into keys. What the filters hide stays ticked."""
    drawn = st.session_state.drawn
    ticked = [list(drawn)[row] for row in st.session_state[_table_key()]["selection"]["rows"] if row < len(drawn)]
    chosen = [config for config in STATE.now().runs if config.key in ticked or config.key not in drawn]
    chosen = list(dict.fromkeys([*chosen, *(drawn[key] for key in ticked)]))
    if len(chosen) > MOST_RUNS:
        st.toast(f"At most {MOST_RUNS} runs fit side by side.")
    STATE.put(runs=tuple(chosen[:MOST_RUNS]))


def _tick_the_chosen(rows: list[dict], chosen: set[str]) -> None:
    """Tick the rows of the runs that are chosen, where the table in the browser may show others.

    A browser whose visitor has sorted the table keeps the ticks where they stand on the screen when the table's contents
    change, so after any change they have to be told again, and in other words than the last time. One tick has no other
    words: then there is a new table, unsorted.
    """
    state = st.session_state
    ticks = [row for row, key in enumerate(state.drawn) if key in chosen]
    shown = sorted(state[_table_key()]["selection"]["rows"]) if _table_key() in state else []
    changed, state.drawn_rows = rows != state.get("drawn_rows", rows), rows
    if ticks == shown and not (changed and ticks):
        state.told = None
        return
    if ticks == state.get("told"):
        ticks.reverse()
    if ticks == state.get("told"):
        state.tables = state.get("tables", 0) + 1
    state.told = ticks
    state[_table_key()] = {"selection": {"rows": ticks, "columns": [], "cells": []}}
