"""The runs of a search across all its settings, and which of them are seen alone."""

from typing import Any

import streamlit as st

from core.charts import study as charts
from core.kinds import label
from core.search.grid import value_words
from core.search.study import Study
from core.search.trials import Found, Trial
from ui.pictures import colours, palette
from ui.words import linked

ACCURACY = "accuracy"
CAPTION = (
    "A line is a run, an upright axis a setting, on the scale that it was searched on. Drag over a part of an axis with a mouse, or choose "
    "one below, to see the runs through it alone; a click in the legend shows one kind."
)


def study_across(study: Study, found: Found) -> None:
    """Draw the runs that are over, where there are two, as lines across all that was searched."""
    shown = charts.across_runs(found)
    if len(shown) < 2:
        return
    st.header("All runs, across all settings", anchor=False)
    picture = st.container()
    picked = _picked(study, shown)
    with picture, st.container(key="study_across"):
        st.vega_lite_chart(
            charts.across_table(study, found, {trial.number for trial in picked}),
            charts.across(study, found, palette(), colours()),
            key="study_across_chart",
            alt="Parallel coordinates: a line for each run, an axis for each setting. The file of all runs has the same numbers.",
        )
        st.caption(linked(CAPTION))


def _picked(study: Study, shown: list[Trial]) -> list[Trial]:
    """The runs within the part of an axis that somebody chose, by keyboard and finger too, which the chart does not hear."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="study_part"):
        name = st.selectbox(
            "See the runs alone within a part of",
            [*study.searched, ACCURACY],
            index=None,
            format_func=lambda name: "Validation accuracy" if name == ACCURACY else label(name),
            placeholder="an axis",
            key="study_axis",
            width=260,
        )
        if name is None:
            return shown
        values = charts.in_order(study, name, {_value(trial, name) for trial in shown})
        words = "{:.2%}".format if name == ACCURACY else value_words
        if len(values) < 2:
            st.markdown(f"All runs have {words(values[0])} here.")
            return shown
        low, high = st.select_slider(
            "From, to", values, (values[0], values[-1]), format_func=words, key=f"study_part_{name}", width=320
        )
        within = values[values.index(low) : values.index(high) + 1]
        picked = [trial for trial in shown if _value(trial, name) in within]
        st.markdown(f"{len(picked)} of {len(shown)} runs")
    return picked


def _value(trial: Trial, name: str) -> Any:
    return trial.accuracy if name == ACCURACY else getattr(trial.config, name)
