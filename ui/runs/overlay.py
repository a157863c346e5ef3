"""The runs that are ticked, side by side: their curves in one chart, whether two settings differ, and in which settings runs do."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core import labels, naming
from core.analysis.verdict import LOSS_WORDS, STATES, verdict
from core.charts import curves, overlay
from core.config import NAMES, Config, label
from core.runs import Run
from core.search import along
from core.search.comparison import ASSUMED, Side, comparison
from core.search.groups import grouped, settings_of
from core.search.outcome import Attempt
from core.words import reached
from ui.looks import Pace
from ui.pictures import palette
from ui.runs.state import AXES, LINES, MEASURES, STATE, RunsState
from ui.segments import segments
from ui.shared import line_names, plain, run_names, runs
from ui.words import explained, linked

SECONDS_BETWEEN_CURVES = 2.0
Groups = Sequence[Sequence[Run]]


def draw(chosen: list[Run], state: RunsState) -> None:
    """The curves of the runs that are ticked, in one chart that grows for as long as one of them is live, and what follows from them."""
    groups: Groups = grouped(chosen) if state.grouped else [[run] for run in chosen]
    several = any(len(group) > 1 for group in groups)
    _controls(several)
    called = _called(groups)
    names = [_counted(name, group) for name, group in zip(called, groups, strict=True)]

    @st.fragment(run_every=Pace(SECONDS_BETWEEN_CURVES).seconds if any(run.live for run in chosen) else None)
    def view() -> None:
        _chart(groups, names, state)
        for name, run in zip(line_names(run.config for run in chosen), chosen, strict=True):
            said = _not_at_its_end(run)
            if said:
                st.caption(f"**{plain(name)}**: {linked(said)}")

    with st.container(key="overlay_chart"):
        view()
    words = _legend(state, groups)
    if words:
        st.caption(linked(" ".join(words)))
    _compared(groups, called)
    if len(groups) > 1:
        _differences(groups, names if several else list(run_names(run.config for run in chosen).values()))


def _controls(several: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="overlay_controls"):
        segments("Show", {name: name.capitalize() for name in MEASURES}, STATE.key("measure"))
        segments("Lines", {name: name.capitalize() for name in LINES}, STATE.key("lines"))
        segments(
            "Against",
            along.ALONG,
            STATE.key("along"),
            help="Epochs, steps of the optimiser, or seconds: those of the machine that trained the run.",
        )
        segments(
            "Axis",
            AXES,
            STATE.key("axis"),
            help="For the later epochs, the axis holds what comes after the first tenth of each run, and cuts off what lies outside.",
        )
        if several:
            st.toggle("Every seed", key=STATE.key("every"), help=explained("seed", "A thin line for each of them."))


def _called(groups: Groups) -> list[str]:
    """What the lines are called: a run as everywhere, several seeds by what sets their settings apart."""
    if all(len(group) == 1 for group in groups):
        return line_names(group[0].config for group in groups)
    given = labels.read(runs().folder)
    own = {group[0].key: given[group[0].key] for group in groups if len(group) == 1 and group[0].key in given}
    lines = naming.line_names([_settings(group) for group in groups], own)
    return [naming.marked(line, group[0].origin) for line, group in zip(lines, groups, strict=True)]


def _settings(group: Sequence[Run]) -> Config:
    return group[0].config if len(group) == 1 else settings_of(group[0].config)


def _counted(name: str, group: Sequence[Run]) -> str:
    return name if len(group) == 1 else f"{name} · {len(group)} seeds"


def _chart(groups: Groups, names: Sequence[str], state: RunsState) -> None:
    histories = [[history for run in group if (history := run.history)] for group in groups]
    lines = [
        overlay.Line(name, of_group, group[0].config.steps_per_epoch)
        for name, of_group, group in zip(names, histories, groups, strict=True)
        if of_group
    ]
    if not lines:
        st.info("No epoch is over yet: the curves begin with the first one.")
        return
    measure = MEASURES[state.measure]
    rows, spec = overlay.overlay(
        measure, lines, palette(), LINES[state.lines], state.axis == "late", state.along, state.every
    )
    st.vega_lite_chart(rows, spec, key="overlay", alt=f"{measure.title} of these runs after every epoch")
    if any(len({*map(len, of_group)}) > 1 for of_group in histories):
        st.caption("Where some seeds have come further than others, a line goes on with those alone.")


def _legend(state: RunsState, groups: Groups) -> list[str]:
    """What is to be known of the lines."""
    measure, lines = MEASURES[state.measure], LINES[state.lines]
    several, alone = any(len(group) > 1 for group in groups), any(len(group) == 1 for group in groups)
    words = []
    if lines == curves.SERIES:
        words.append(
            "Solid: on the images that each network learned from. Dashed: on 10,000 that it never learned from."
        )
    if measure is curves.LOSS:
        words.append(f"Loss: {LOSS_WORDS}.")
    if several:
        words.append("Lines are the mean of the seeds, and bands reach from the least to the most of them.")
    if measure is curves.ACCURACY and curves.SERIES[1] in lines and alone:
        words.append("A diamond marks the best epoch of a run, by its validation accuracy.")
    if state.along == "seconds":
        words.append("Seconds are those of the machine that trained the run.")
    return words


def _compared(groups: Groups, names: Sequence[str]) -> None:
    """Whether two settings differ by more than their seeds, where several of each are ticked and nothing else is."""
    if len(groups) != 2:
        return
    first, second = (
        Side(plain(name), group[0].config, [Attempt(run.history, run.status, run.error) for run in group])
        for name, group in zip(names, groups, strict=True)
    )
    said = comparison(first, second)
    if said:
        with st.container(border=True, key="comparison"):
            st.markdown(linked(said), help=linked(ASSUMED))


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


def _differences(groups: Groups, names: Sequence[str]) -> None:
    """A table of the settings in which runs differ, or groups of seeds, and of no others."""
    differ = naming.settings_that_differ([_settings(group) for group in groups])
    columns = {"Run": list(names)} | {
        label(name): [_say(name, value) for value in values] for name, values in differ.items()
    }
    st.markdown("**Where they differ**")
    st.dataframe(pd.DataFrame(columns), hide_index=True, width="content", key="differences")


def _say(name: str, value: Any) -> str:
    """A setting's value as a cell of a table."""
    if value is None:
        return "–"
    return NAMES[value] if name == "network" else value if isinstance(value, str) else f"{value:,}"
