"""The panels of the page Over-fitting, and what they come to."""

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from core.analysis import known
from core.charts.overfitting import against_size, size_table
from core.charts.sent import sent
from core.config import NAMES
from core.runs import Run
from core.search import overfitting
from core.search.equal import Equal, cut, equal, words
from core.search.grid import Place
from core.search.outcome import Attempt, Outcome
from core.search.overfitting_equal import remains
from core.search.overfitting_reading import reading
from core.sweep import Sweep
from core.words import decimals
from ui.origin import tell_origins
from ui.overfitting.state import STATE
from ui.pictures import palette
from ui.search import controls
from ui.search.panels import Panel, open_runs, side_by_side, watched
from ui.words import linked

Attempts = dict[Place, list[Attempt]]


def panels(sweep: Sweep, along: str) -> None:
    """The curves side by side, and below them what they come to, at equal epochs, steps or seconds; looked at again while something is
    live.
    """
    controls.along(STATE)

    def view(found: dict[Place, list[Run | None]]) -> None:
        every = [run for panel in found.values() for run in panel]
        shown = {place: _panel(sweep, place, runs) for place, runs in found.items()}
        side_by_side([[shown[network, size] for size in sweep.sizes] for network in sweep.networks], "sweep", along)
        tell_origins(every)
        _comparison(sweep, {place: panel.attempts for place, panel in shown.items()}, every, along)

    watched(sweep.panels(), view)


def _panel(sweep: Sweep, place: Place, found: list[Run | None]) -> Panel:
    network, size = place
    return Panel(f"{NAMES[network]}, {size:,} images", f"{network}_{size}", sweep.config(network, size, 0), found)


def _comparison(sweep: Sweep, attempts: Attempts, every: list[Run | None], along: str) -> None:
    epochs, patience = sweep.shared.epochs, sweep.shared.patience
    equals = equal({place: sweep.config(place[0], place[1], 0) for place in attempts}, attempts, along)
    compared = cut(attempts, equals)
    outcomes = overfitting.outcomes(compared, epochs, patience)
    paragraphs = [
        *(_at_equal(one, overfitting.outcomes(attempts, epochs, patience), outcomes, sweep) for one in equals),
        *reading(compared, epochs, patience),
    ]
    if paragraphs:
        with st.container(border=True, key="reading"):
            for paragraph in paragraphs:
                st.markdown(linked(paragraph))
    if not outcomes:
        return
    _against_size([outcome for outcome in outcomes if outcome.finished], len(outcomes), bool(equals))
    table = pd.DataFrame(overfitting.rows(outcomes))
    with st.container(key="outcomes"):
        st.dataframe(_styled(table), hide_index=True, column_config=_columns())
    with st.container(horizontal=True):
        st.download_button(
            "Download the table",
            lambda: table.to_csv(index=False),  # made when it is asked for: the table of a moment ago has gone by then
            "overfitting.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="sweep_csv",
        )
        open_runs(every)


def _at_equal(one: Equal, ends: list[Outcome], cuts: list[Outcome], sweep: Sweep) -> str:
    """At what a network's sizes are compared, and what of the effect of data remains there."""
    called = {place: f"{place[1]:,} images" for place in one.epochs}
    of_ends, of_cuts = ([outcome for outcome in found if outcome.network == one.network] for found in (ends, cuts))
    said = [words(one, called, len(sweep.networks) > 1), remains(of_ends, of_cuts, one.along)]
    return " ".join(filter(None, said))


def _against_size(outcomes: list[Outcome], of: int, cut_off: bool) -> None:
    """The gap and the validation accuracy against the size, of what is finished; where that is `cut_off`, others' ends are not beside it."""
    sizes = tuple(sorted({outcome.size for outcome in outcomes}))
    if len(sizes) < 2:
        return
    networks = tuple(dict.fromkeys(outcome.network for outcome in outcomes))
    band = any(outcome.seeds > 1 for outcome in outcomes)
    published = known.learning_curve(sizes[0], sizes[-1]) if "mlp" in networks and not cut_off else ()
    charted = (
        ("gap", "The gap", "Gap, points", False),
        ("validation", "Validation accuracy", "Validation accuracy", True),
    )
    for column, (name, heading, title, percent) in zip(st.columns(2), charted, strict=True):
        with column:
            st.markdown(linked(f"**{heading}, against the training-set size**"))
            spec = against_size(sizes, networks, title, percent, palette(), band, published if percent else ())
            st.vega_lite_chart(sent(size_table(outcomes, name)), spec, key=name)
    said = "The gap is training minus validation accuracy. The sizes lie as far apart as their ratio is large."
    if band:
        said += " Bands reach from the least to the most over the seeds."
    if len(outcomes) < of:
        said += " What is not at its end is left out."
    if published:
        said += f" {known.learning_curve_words(published)}"
    st.caption(linked(said))


def _styled(table: pd.DataFrame) -> Styler:
    """The table with as many decimals in each row as its images allow."""
    styled = table.style.format("{:.1f}", subset=["Seconds"]).format("{:.2f}", subset=["Validation %"])
    for row, size in table["Images"].items():
        of_own_images = [name for name in table if name.startswith(("Training", "Gap"))]
        styled = styled.format(f"{{:.{decimals(size)}f}}", subset=(row, of_own_images))
    return styled


def _columns() -> dict:
    config = st.column_config
    return {
        "Images": config.NumberColumn(format="localized", help="How many it learned from."),
        "After epoch": config.NumberColumn(help="After which the accuracies were taken."),
        "Training %": config.NumberColumn(help="Accuracy on the images it learned from."),
        "Validation %": config.NumberColumn(help="Accuracy on 10,000 images that it never learned from."),
        "Gap, points": config.NumberColumn(help="Training minus validation accuracy."),
        "Gap from": config.NumberColumn(help="The least gap of any seed."),
        "Gap to": config.NumberColumn(help="The largest gap of any seed."),
        "Seconds": config.NumberColumn(help="How long a run trained, on average."),
    }
