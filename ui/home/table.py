"""Every run as a table, and a way into each of them."""

import hashlib
from pathlib import Path

import pandas as pd
import streamlit as st

from core import naming
from core.analysis.verdict import state_words
from core.charts import curves
from core.config import NAMES, describe
from core.runs import Run
from ui.component import component
from ui.shared import run_names, runs, tell_what_is_left_out
from ui.tables import first_of, with_accuracies

_opening = component(Path(__file__).parent, "opening")


def table() -> None:
    """The runs as a table that opens one by a click, Enter or Space."""
    _open_the_row_that_was_chosen()
    listed = first_of(in_order(runs().all()), "every_run")
    names = run_names(run.config for run in listed)
    keys = list(names)
    with st.container(gap=None, key="shelf"):
        _opening(key="opening", data={"table": "shelf"})
        # Another list is another table: of a click on this one the browser tells but the number of the row.
        key = f"shelf_{hashlib.sha256(' '.join(keys).encode()).hexdigest()[:16]}"
        st.session_state.home_drawn = key, keys
        st.dataframe(
            with_accuracies(
                pd.DataFrame([_row(run, names[run.key]) for run in listed]), [run.config.train_size for run in listed]
            ),
            hide_index=True,
            on_select="rerun",
            selection_mode="single-row",
            key=key,
            column_config={
                "By epoch": st.column_config.LineChartColumn(
                    width="small", y_min=0, y_max=1, help="Validation accuracy after every epoch, from 0 to 100 %."
                ),
                "Seconds": st.column_config.NumberColumn(format="%.1f"),
            },
            alt="All runs, with their results: Enter or Space opens the one that the focus is on",
        )
    tell_what_is_left_out()


def in_order(every: list[Run]) -> list[Run]:
    """Live runs first, then the presets in their order, then the newest."""
    return sorted(every, key=lambda run: (not run.live, naming.preset_place(run.config), -run.asked))


def _row(run: Run, name: str) -> dict:
    """A run as a row of the table."""
    last = run.history[-1] if run.history else None
    return {
        "Run": name,
        "Network": NAMES[run.config.network],
        "State": state_words(run.status, run.history, run.config.epochs, run.error),
        "Test": run.summary and run.summary.test_accuracy,
        "Validation": last and last.val_accuracy,
        "By epoch": [round(event.val_accuracy, 4) for event in curves.thin(run.history, 60)],
        "Training": last and last.train_accuracy,
        "Seconds": run.summary and round(run.summary.seconds, 1),
        "Settings": describe(run.config),
    }


def _open_the_row_that_was_chosen() -> None:
    """Go to the run of a row of the table that was drawn last, however many have come or gone since."""
    table, keys = st.session_state.pop("home_drawn", ("no_table", []))
    rows = st.session_state[table]["selection"]["rows"] if table in st.session_state else []
    if not rows:
        return
    if runs().find(keys[rows[0]]) is None:
        st.warning("This run has been deleted meanwhile: choose another one.", icon=":material/delete:")
    else:
        st.switch_page("pages/train.py", query_params={"run": keys[rows[0]]})
