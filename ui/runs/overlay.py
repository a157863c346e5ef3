"""The runs that are ticked, side by side: their curves in one chart, and the settings in which they differ."""

from typing import Any

import pandas as pd
import streamlit as st

from core import naming
from core.analysis.verdict import LOSS_WORDS, STATES, verdict
from core.charts import curves, histories
from core.config import NAMES, label
from core.runs import Run
from core.words import reached
from ui.looks import Pace
from ui.pictures import palette
from ui.runs.state import AXES, LINES, MEASURES, STATE, RunsState
from ui.segments import segments
from ui.shared import line_names, plain, run_names
from ui.words import linked

SECONDS_BETWEEN_CURVES = 2.0


def overlay(chosen: list[Run], state: RunsState) -> None:
    """The curves of the runs that are ticked, in one chart that grows for as long as one of them is live."""
    with st.container(horizontal=True, key="overlay_controls"):
        segments("Show", {name: name.capitalize() for name in MEASURES}, STATE.key("measure"))
        segments("Lines", {name: name.capitalize() for name in LINES}, STATE.key("lines"))
        segments(
            "Axis",
            AXES,
            STATE.key("axis"),
            help="Zoomed, the axis holds what comes after the first tenth of each run, and cuts off what lies outside.",
        )
    measure, lines = MEASURES[state.measure], LINES[state.lines]
    names = line_names(run.config for run in chosen)

    @st.fragment(run_every=Pace(SECONDS_BETWEEN_CURVES).seconds if any(run.live for run in chosen) else None)
    def view() -> None:
        kept = {name: run.history for name, run in zip(names, chosen, strict=True)}
        if any(kept.values()):
            rows, spec = histories.overlay(measure, kept, palette(), lines, state.axis == "late")
            st.vega_lite_chart(rows, spec, key="overlay", alt=f"{measure.title} of these runs after every epoch")
        else:
            st.info("No epoch is over yet: the curves begin with the first one.")
        for name, run in zip(names, chosen, strict=True):
            said = _not_at_its_end(run)
            if said:
                st.caption(f"**{plain(name)}**: {linked(said)}")

    with st.container(key="overlay_chart"):
        view()
    solid = "Solid: on the images that each network learned from. Dashed: on 10,000 that it never learned from."
    words = [solid] * (lines == curves.SERIES) + [f"Loss: {LOSS_WORDS}."] * (measure is curves.LOSS)
    if words:
        st.caption(linked(" ".join(words)))


def _not_at_its_end(run: Run) -> str:
    """What is to be known of a run whose curves are no result, or not yet one; nothing of any other."""
    history, epochs = run.history, run.config.epochs
    if run.live:
        return f"{STATES[run.status]}, {reached(len(history), epochs)}."
    if run.status == "failed":
        return plain(run.error)
    stopped = f"stopped {reached(len(history), epochs)}." if run.status == "stopped" else ""
    found = verdict(history, epochs)
    return " ".join(filter(None, [stopped, found.sentence if found else ""]))


def differences(chosen: list[Run]) -> None:
    """A table of the settings in which runs differ, and of no others."""
    configs = [run.config for run in chosen]
    names = run_names(configs)
    differ = naming.settings_that_differ(configs)
    columns = {"Run": list(names.values())} | {
        label(name): [_say(name, value) for value in values] for name, values in differ.items()
    }
    st.markdown("**Where they differ**")
    st.dataframe(pd.DataFrame(columns), hide_index=True, width="content", key="differences")


def _say(name: str, value: Any) -> str:
    """A setting's value as a cell of a table."""
    if value is None:
        return "–"
    return NAMES[value] if name == "network" else value if isinstance(value, str) else f"{value:,}"
