"""The runs of a search across all its settings, and which of them are seen alone."""

import pandas as pd
import streamlit as st

from core.charts import study as charts
from core.charts.sent import sent
from core.search.study import Study
from core.search.trials import Found
from ui.pictures import colours, palette
from ui.words import linked

CAPTION = (
    "A line is a run, an upright axis a setting, on the scale that it was searched on. Drag over a part of an axis with a mouse, or choose "
    "one below, to see the runs through it alone; a click in the legend shows one kind, and a double click all."
)


def study_across(study: Study, found: Found) -> None:
    """Draw the runs that are over, where there are two, as lines across all that was searched."""
    table = charts.across_table(study, found)
    if table["run"].nunique() < 2:
        return
    st.header("All runs, across all settings", anchor=False)
    picture = st.container()
    table["picked"] = table["run"].isin(_picked(table))
    with picture, st.container(key="study_across"):
        st.vega_lite_chart(
            sent(table),
            charts.across(study, found, palette(), colours()),
            key="study_across_chart",
            alt="Parallel coordinates: a line for each run, an axis for each setting. The file of all runs has the same numbers.",
        )
        st.caption(linked(CAPTION))


def _picked(table: pd.DataFrame) -> pd.Series:
    """The runs within the part of an axis that somebody chose, by keyboard and finger too, which the chart does not hear."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="study_part"):
        name = st.selectbox(
            "See the runs alone within a part of",
            list(table["setting"].unique()),
            index=None,
            placeholder="an axis",
            key="study_axis",
            width=260,
        )
        if name is None:
            return table["run"]
        axis = table[table["setting"] == name].sort_values("place")
        words = dict(zip(axis["place"], axis["value"], strict=True))
        places = list(words)
        if len(places) < 2:
            st.markdown(f"All runs have {words[places[0]]} here.")
            return axis["run"]
        low, high = st.select_slider(
            "From, to", places, (places[0], places[-1]), format_func=words.__getitem__, key="study_within", width=320
        )
        within = axis[axis["place"].between(low, high)]
        st.markdown(f"{len(within)} of {len(axis)} runs")
    return within["run"]
