"""What the page Search shows of its runs: accuracies against a setting, or two, what follows from them, and the curves."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from core.charts.search import curve_table, validation_curve
from core.charts.sent import sent
from core.config import NAMES, label
from core.runs import Run
from core.search.equal import Equal, cut, equal, words
from core.search.found import outcomes
from core.search.grid import SETTINGS, Grid, Place, value_words
from core.search.outcome import Attempt, Outcome
from core.search.reading import reading
from core.search.seeds import RULE
from core.search.table import rows
from core.words import NONE
from ui.origin import tell_origins
from ui.pictures import palette
from ui.search import controls, heat
from ui.search.panels import Panel, empty_words, open_runs, side_by_side, watched
from ui.search.state import STATE, Wanted
from ui.words import linked

CHOSEN = (
    "The highest of several is chosen on these validation images, and tends to look better on them than on others: the test images "
    "are kept to judge it."
)
WHERE = {"epochs": "at the end of training", "steps": "at equal steps", "seconds": "at equal time"}
NOTES = {"the seeds differ": RULE, "highest": CHOSEN}  # what stands below what is said, by the words that it is about


def view(grid: Grid, wanted: Wanted) -> None:
    """All of it; looked at again while something is live."""
    controls.along(STATE)

    def shown(found: dict[Place, list[Run | None]]) -> None:
        if STATE.now() != wanted:  # another cell was chosen in here: the address says which
            st.rerun()
        _shown(grid, wanted, found)
        tell_origins([run for runs in found.values() for run in runs])

    watched(grid.panels(), shown)


def _shown(grid: Grid, wanted: Wanted, found: dict[Place, list[Run | None]]) -> None:
    panels = {place: _panel(grid, place, runs) for place, runs in found.items()}
    if not any(one.begun for one in panels.values()):
        what = "curves grow side by side" if len(grid.axes) == 1 else "map fills, cell by cell"
        st.info(empty_words([*panels.values()], f"Press **Train** and the {what}."))
        return
    attempts, equals = _at_equal(grid, panels, wanted.along)
    came = outcomes(grid, attempts)
    two = len(grid.axes) > 1
    if two:
        chosen = heat.chosen(grid, attempts, wanted)
        heat.maps(grid, attempts, chosen, _where(grid, equals))
    else:
        _against(grid, {place: one for place, one in came.items() if one.finished}, _where(grid, equals), bool(equals))
    _said(grid, attempts, equals)
    _table(grid, came, [run for runs in found.values() for run in runs])
    if two:
        heat.cell(grid, panels, chosen, wanted.along)
    else:
        st.header("The curves of each value", anchor=False)
        rows = [[one for place, one in panels.items() if place[0] == network] for network in grid.networks]
        side_by_side(rows, "search", wanted.along)


def _at_equal(grid: Grid, panels: Mapping[Place, Panel], along: str) -> tuple[dict[Place, list[Attempt]], list[Equal]]:
    """What is compared: the runs as far as they have come, or as far as each may go at equal steps or time."""
    attempts = {place: one.attempts for place, one in panels.items()}
    equals = equal({place: one.config for place, one in panels.items()}, attempts, along)
    return cut(attempts, equals), equals


def _panel(grid: Grid, place: Place, found: list[Run | None]) -> Panel:
    words = grid.words(place)
    number = list(grid.panels()).index(place)
    return Panel(f"{NAMES[place[0]]}, {words}", f"search_{number}", grid.config(place), found)


def _where(grid: Grid, equals: list[Equal]) -> dict[str, str]:
    """Where in training each network is compared, in words."""
    along = {one.network: one.along for one in equals}
    return {network: WHERE[along.get(network, "epochs")] for network in grid.networks}


def _against(grid: Grid, finished: Mapping[Place, Outcome], where: Mapping[str, str], cut_off: bool) -> None:
    """The accuracies of each network against its only setting, of what is finished."""
    (axis,) = grid.axes
    if not finished:
        return
    band = any(one.seeds > 1 for one in finished.values())
    for network, column in zip(grid.networks, st.columns(len(grid.networks)), strict=True):
        own = {place: one for place, one in finished.items() if place[0] == network}
        with column:
            if not own:
                continue
            st.markdown(linked(f"**Accuracy of the {NAMES[network]}, {where[network]}**"))
            with st.container(key=f"against_{network}"):
                st.vega_lite_chart(
                    sent(curve_table(own)), validation_curve(axis, palette(), band), key=f"against_{network}_chart"
                )
    legend = (
        "Solid: images that the network learns from (training). Dashed: 10,000 that it never learns from (validation), after the last "
        f"epoch{' that is compared' * cut_off}. Dotted: the same after the best epoch of each run{' up to there' * cut_off}. Where all are low the network under-fits, where they part it over-fits."
    )
    if band:
        legend += " Lines are the mean of the seeds, and bands reach from the least to the most of them."
    if len(finished) < len(grid.panels()):
        legend += " What is not at its end is left out."
    st.caption(linked(legend))


def _said(grid: Grid, attempts: Mapping[Place, list[Attempt]], equals: list[Equal]) -> None:
    called = {place: grid.words(place) for place in attempts}
    paragraphs = [*(words(one, called, len(grid.networks) > 1) for one in equals), *reading(grid, attempts)]
    if not paragraphs:
        return
    with st.container(border=True, key="reading"):
        for paragraph in paragraphs:
            st.markdown(linked(paragraph))
        said = " ".join(paragraphs)
        notes = [note for about, note in NOTES.items() if about in said]
        if notes:
            st.caption(linked(" ".join(notes)))


def _table(grid: Grid, came: Mapping[Place, Outcome], every: list[Run | None]) -> None:
    table = pd.DataFrame(rows(grid, came))
    if table.empty:
        return
    with st.container(key="outcomes"):
        st.dataframe(_styled(table), hide_index=True, column_config=_columns())
    with st.container(horizontal=True):
        st.download_button(
            "Download the table",
            lambda: table.to_csv(index=False),  # made when it is asked for
            "search.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="search_csv",
        )
        open_runs(every)


def _styled(table: pd.DataFrame) -> Styler:
    """The table with two decimals where 10,000 images bear them, and a dash for what one seed does not have."""
    ends = [name for name in table if name.endswith(("%", "points"))]
    values = [label(name) for name in SETTINGS if label(name) in table and name != "train_size"]
    styled = table.style.format(value_words, subset=values)
    return styled.format("{:.2f}", subset=ends, na_rep=NONE).format("{:.1f}", subset=["Seconds"])


def _columns() -> dict:
    config = st.column_config
    return {
        "Training-set size": config.NumberColumn(format="localized"),
        "After epoch": config.NumberColumn(help="After which it is compared."),
        "Validation %": config.NumberColumn(
            help="Accuracy on 10,000 images that it never learned from, after the last epoch."
        ),
        "SD, points": config.NumberColumn(help="Standard deviation of that over the seeds."),
        "Best validation %": config.NumberColumn(help="The same after the best epoch of each run."),
        "Training %": config.NumberColumn(help="Accuracy on the images it learned from."),
        "Gap, points": config.NumberColumn(help="Training minus validation accuracy."),
        "Seconds": config.NumberColumn(help="How long a run trained, on average."),
    }
