"""Two settings on the page Search: every value of the one with every value of the other, and the runs behind each."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.charts.search import CELL, RIDGE, heat_cells, heat_map, heat_table
from core.charts.sent import sent
from core.config import NAMES, label, to_query
from core.search.found import Found, outcomes, ranking
from core.search.grid import Grid, Place
from core.search.outcome import Attempt
from ui.pictures import colours
from ui.search.panels import Panel, side_by_side
from ui.search.state import STATE, Wanted, texts
from ui.state import move
from ui.words import linked

Chosen = tuple[str, str]  # the cell that is looked at: its value of the first setting and of the second, as texts


def chosen(grid: Grid, attempts: Mapping[Place, list[Attempt]], wanted: Wanted) -> Chosen:
    """The cell that is looked at: the one that was chosen, where there is such a one, else the highest, else the first."""
    first, second = (texts(axis.values) for axis in grid.axes)
    if wanted.column in first and wanted.row in second:
        return wanted.column, wanted.row
    network = grid.networks[0]
    own = {place: tried for place, tried in attempts.items() if place[0] == network}
    highest = ranking(Found(grid, network, own, outcomes(grid, own)).compared())
    column, row = texts(highest[0][1:]) if highest else (first[0], second[0])
    return column, row


def maps(grid: Grid, attempts: Mapping[Place, list[Attempt]], chosen: Chosen, where: Mapping[str, str]) -> None:
    """A heat map of each network; `where` is where in training the runs of each are compared, in words."""
    first, second = grid.axes
    for network, column in zip(grid.networks, st.columns(len(grid.networks)), strict=True):
        with column:
            st.markdown(linked(f"**Validation accuracy of the {NAMES[network]}, {where[network]}, in percent**"))
            table = heat_table(heat_cells(grid, network, attempts, colours()), chosen, _turn(network))
            st.vega_lite_chart(
                heat_map(first, second, colours()) | {"datasets": {"cells": sent(table)}},
                key=f"heat_{network}",
                on_select=lambda network=network: _clicked(grid, network),
                alt=f"The validation accuracy of the {NAMES[network]} for each pair of values. Two selectors choose a cell as well.",
            )
    st.caption(
        linked(
            f"{RIDGE} is the highest of its row{', as a mean of the seeds' if grid.seeds > 1 else ''}: where it moves from row to row, "
            f"the best {label(first.setting).lower()} may depend on the {label(second.setting).lower()}. Click a cell to see its runs."
        )
    )


def _turn(network: str) -> int:
    return st.session_state.get(f"search_turn_{network}", 0)


def _anew(grid: Grid, but: str = "") -> None:
    """A cell that was clicked before can be clicked again, on every map but one."""
    for network in grid.networks:
        if network != but:
            st.session_state[f"search_turn_{network}"] = _turn(network) + 1


def _clicked(grid: Grid, network: str) -> None:
    """Take over the cell that was clicked; a click beside the cells changes nothing."""
    selected = st.session_state[f"heat_{network}"].selection.get(CELL)
    if selected:
        _take(grid, selected[0].get("first"), selected[0].get("second"), network)


def _take(grid: Grid, column: Any, row: Any, network: str = "") -> None:
    """Look at a cell, if it is one: a browser may send anything."""
    first, second = (texts(axis.values) for axis in grid.axes)
    if column in first and row in second:
        STATE.put(column=column, row=row)
        _anew(grid, network)


def cell(grid: Grid, panels: Mapping[Place, Panel], chosen: Chosen, along: str) -> None:
    """The cell that is looked at: its curves, and the way to its runs."""
    st.header("The runs of one cell", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom", key="cell_controls"):
        for axis, name, value in zip(grid.axes, ("column", "row"), chosen, strict=True):
            key = f"search_cell_{name}"
            move(key, value)
            st.selectbox(label(axis.setting), texts(axis.values), key=key, on_change=_picked, args=(grid,), width=220)
    shown = {place: one for place, one in panels.items() if texts(place[1:]) == chosen}
    side_by_side([[*shown.values()]], "search", along)
    with st.container(key="cell_runs"):
        for place, one in shown.items():
            _open(grid, place, one)


def _picked(grid: Grid) -> None:
    """Take over the cell that two selectors name."""
    column, row = (st.session_state.get(f"search_cell_{name}") for name in ("column", "row"))
    _take(grid, column, row)


def _open(grid: Grid, place: Place, one: Panel) -> None:
    """The way to each run of a cell, where it is trained and where its mistakes are."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{one.heading}:")
        for seed, run in enumerate(one.found):
            config = grid.config(place, seed)
            query = to_query(config) if run is None else {"run": config.key} | to_query(config)
            icon = ":material/model_training:"
            st.page_link("pages/train.py", label=f"Train, seed {seed}", icon=icon, query_params=query)
            if run is not None and not run.live and run.summary is not None and run.history:
                query, icon = {"run": config.key}, ":material/grid_on:"
                st.page_link("pages/confusion.py", label=f"Confusion, seed {seed}", icon=icon, query_params=query)
