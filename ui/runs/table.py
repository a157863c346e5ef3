"""The table of runs, whose rows can be ticked, and below it how far those are that are going on.

A table knows only the numbers of its rows, and these shift when a run comes or goes, or a row is opened: a click is turned into
settings at once, and these into rows whenever the table is drawn. A row of several seeds is ticked where all of them are.
"""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from streamlit.typing import ButtonColumnClickState

from core import labels
from core.config import Config
from core.labels import MOST_RUNS, UNLABELLED
from core.runs import Run
from core.search.groups import grouped, settings_of
from ui.looks import Pace
from ui.runs.rows import cells, columns, in_words, rows_of
from ui.runs.state import STATE
from ui.shared import plain, run_names, runs
from ui.tables import with_accuracies
from ui.train.view import progress_words

SECONDS_BETWEEN_LOOKS = 1.0
LIVE = ("queued", "training")
OPEN = "runs_open"
INSIDE = "rgba(128, 128, 128, 0.12)"  # behind the runs of a row that is open, in either theme


def table(groups: list[list[Run]], ticked: Sequence[Config], opened: Sequence[str]) -> None:
    """Groups of runs as a table in which any can be ticked. Its numbers stand still: what is live tells its own in `live`."""
    given = labels.read(runs().folder)
    rows = rows_of(groups, opened)
    names = run_names(row.runs[0].config for row in rows if len(row.runs) == 1)
    several = any(len(group) > 1 for group in groups)
    shown = [cells(row, names, [given.get(run.key, UNLABELLED) for run in row.runs], several) for row in rows]
    st.session_state.drawn = [tuple(run.config for run in row.runs) for row in rows]
    _tick_the_chosen(shown, {config.key for config in ticked})
    styled = with_accuracies(pd.DataFrame(shown), [row.runs[0].config.train_size for row in rows])
    inside = [place for place, row in enumerate(rows) if row.inside]
    st.dataframe(
        styled.set_properties(subset=(inside, slice(None)), **{"background-color": INSIDE}) if inside else styled,
        hide_index=True,
        on_select=_ticked,
        selection_mode="multi-row",
        key=_table_key(),
        placeholder="",
        column_config=columns(
            shown[0] if shown else (),
            st.column_config.ButtonColumn(help=in_words(), width=72, key=OPEN, on_click=_opened),
        ),
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


def _known() -> tuple:
    """What a change of calls for more than new numbers in the table: which runs there are, their statuses and labels."""
    going_on = [*runs().all(), *runs().checks()]
    return [(run.key, run.status) for run in going_on], labels.read(runs().folder)


def _table_key() -> str:
    return f"runs_table_{st.session_state.get('tables', 0)}"


def after(chosen: Sequence[Config], now: set[int], before: set[int], drawn: Sequence[Sequence[Config]]) -> list[Config]:
    """The settings that are ticked once these rows are, which were those `before`; `drawn` are the settings of every row.

    A row of several seeds stands for all of them where it has just been ticked or unticked; where not, they stand for themselves.
    What the filters hide stays ticked.
    """
    gone = {config for row in before - now for config in drawn[row]}
    come = [config for row in sorted(now - before) for config in drawn[row]]
    return list(dict.fromkeys([*(config for config in chosen if config not in gone), *come]))


def _ticked() -> None:
    """Turn the rows that are ticked into settings."""
    state = st.session_state
    rows = {row for row in state[_table_key()]["selection"]["rows"] if row < len(state.drawn)}
    chosen = after(STATE.now().runs, rows, {*state.drawn_ticks}, state.drawn)
    if len(chosen) > MOST_RUNS:
        st.toast(f"At most {MOST_RUNS} runs fit side by side.")
    STATE.put(runs=tuple(chosen[:MOST_RUNS]))


def _opened() -> None:
    """Open the row whose button was pressed into its runs, or close it."""
    pressed: ButtonColumnClickState | None = st.session_state.get(OPEN)
    drawn = st.session_state.drawn
    if pressed is None or not 0 <= pressed["row"] < len(drawn):
        return
    key = settings_of(drawn[pressed["row"]][0]).key
    opened = STATE.now().opened
    STATE.put(opened=tuple(one for one in opened if one != key) if key in opened else (*opened, key)[-MOST_RUNS:])


def open_what_is_partly_ticked() -> None:
    """Open the rows of which a link ticks some seeds and not all: it is seen which."""
    state = STATE.now()
    ticked = {config.key for config in state.runs}
    partly = [
        settings_of(group[0].config).key
        for group in grouped(runs().all())
        if 0 < sum(run.key in ticked for run in group) < len(group)
    ]
    STATE.put(opened=tuple(dict.fromkeys([*state.opened, *partly]))[:MOST_RUNS])


def _tick_the_chosen(rows: list[dict], chosen: set[str]) -> None:
    """Tick the rows of the runs that are chosen, where the table in the browser may show others.

    A browser whose visitor has sorted the table keeps the ticks where they stand on the screen when the table's contents
    change, so after any change they have to be told again, and in other words than the last time. One tick has no other
    words: then there is a new table, unsorted.
    """
    state = st.session_state
    ticks = [row for row, configs in enumerate(state.drawn) if all(config.key in chosen for config in configs)]
    state.drawn_ticks = ticks
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
