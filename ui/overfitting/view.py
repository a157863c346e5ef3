"""The panels of the page Over-fitting, and what they come to."""

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from core.analysis import known, overfitting
from core.analysis.overfitting import Attempt, Outcome
from core.analysis.overfitting_reading import gap_words, reading, training_words, validation_words
from core.analysis.verdict import LOSS_WORDS
from core.charts import curves
from core.charts.curves import Measure
from core.charts.overfitting import against_size, domain_of, panel, panel_table, size_table
from core.config import NAMES, Config, to_query
from core.runs import Run
from core.sweep import Place, Sweep
from core.words import decimals, seconds_words, soon
from ui.looks import Pace
from ui.origin import tell_origins
from ui.pictures import palette
from ui.shared import plain, run_names, runs
from ui.visitors import tab
from ui.words import linked

SECONDS_BETWEEN_LOOKS = 1.0
MEASURES = {"Accuracy": curves.ACCURACY, "Loss": curves.LOSS}
Runs = dict[Place, list[Run | None]]  # of each panel, a run for each seed
Attempts = dict[Place, list[Attempt]]


def panels(sweep: Sweep) -> None:
    """The curves side by side, and below them what they come to; looked at again while something is live."""
    watching = any(run is not None and run.live for run in map(_find, sweep.configs()))

    pace = Pace(SECONDS_BETWEEN_LOOKS)

    @st.fragment(run_every=pace.seconds if watching else None)
    def view() -> None:
        found = {place: [_find(config) for config in configs] for place, configs in sweep.panels().items()}
        live = [run for panel in found.values() for run in panel if run is not None and run.live]
        for run in live:
            run.watch(tab())
        attempts = {place: [_attempt(run) for run in panel] for place, panel in found.items()}
        _progress(sweep, found, live)
        _curves(sweep, attempts, found)
        tell_origins(run for panel in found.values() for run in panel)
        _comparison(sweep, attempts, found)
        if watching and (not live or pace.is_out_of_step()):
            st.rerun()

    view()


def _attempt(run: Run | None) -> Attempt:
    return Attempt(run.history, run.status, plain(run.error)) if run else Attempt([], "missing")


def _progress(sweep: Sweep, found: Runs, live: list[Run]) -> None:
    if not live:
        return
    configs, of_all = sweep.configs(), [run for panel in found.values() for run in panel]
    steps = sum(config.epochs * config.steps_per_epoch for config in configs)
    done = sum(run.steps_done for run in of_all if run is not None)
    training = sum(run.status == "training" for run in live)
    words = f"**{training} training**, {len(live) - training} waiting"
    over = sum(run is not None and not run.live for run in of_all)
    words += "".join(
        f", {n} {word}" for n, word in ((over, "over"), (len(of_all) - len(live) - over, "not begun")) if n
    )
    starts = runs().starts()
    waits = [starts[run.key] for run in live if run.key in starts]
    if waits:
        words += f" · the next starts {soon(min(waits))}"
    st.progress(min(done / steps, 1.0), words)


def _curves(sweep: Sweep, attempts: Attempts, found: Runs) -> None:
    histories = {place: [one.history for one in panel if one.history] for place, panel in attempts.items()}
    failed = any(attempt.status == "failed" for panel in attempts.values() for attempt in panel)
    if not any(histories.values()) and not failed:
        st.info("Nothing of this is trained yet. Press **Train** and the curves grow side by side.")
        return
    with st.container(horizontal=True, vertical_alignment="center", key="sweep_view"):
        st.segmented_control(
            "Measure",
            list(MEASURES),
            default="Accuracy",
            required=True,
            key="sweep_measure",
            label_visibility="collapsed",
        )
        late = st.toggle(
            "Zoom in on the later epochs",
            key="sweep_late",
            help="The axes then hold what comes after the first tenth of the epochs, and cut off what lies outside.",
        )
    measure = MEASURES[st.session_state.sweep_measure]
    domain = domain_of(measure, [history for panel in histories.values() for history in panel], late)
    for network in sweep.networks:
        wide = min(len(sweep.sizes), 3)
        for start in range(0, len(sweep.sizes), wide):
            columns = st.columns(wide)
            for column, size in zip(columns, sweep.sizes[start : start + wide], strict=False):
                with column:
                    uploaded = sum(run is not None and bool(run.origin) for run in found[network, size])
                    _panel(sweep, (network, size), attempts[network, size], measure, domain, late, uploaded)
    words = "Solid: images that the network learns from. Dashed: 10,000 that it never learns from (validation)."
    if measure is curves.ACCURACY:
        words += " The gap is how far the solid line ends above the dashed one."
    else:
        words += (
            f" Loss: {LOSS_WORDS}. The training loss is taken while the network learns, the other after each epoch."
        )
    if any(len(panel) > 1 for panel in histories.values()):
        words += " Lines are the mean of the seeds, and bands reach from the least to the most of them."
    st.caption(linked(words))


def _panel(
    sweep: Sweep,
    place: Place,
    attempts: list[Attempt],
    measure: Measure,
    domain: tuple[float, float],
    late: bool,
    uploaded: int,
) -> None:
    network, size = place
    epochs = sweep.shared.epochs
    st.markdown(f"**{NAMES[network]}, {size:,} images**")
    histories = [attempt.history for attempt in attempts if attempt.history]
    if histories:
        table = panel_table(measure, histories)
        dots = max(map(len, histories)) <= 2
        spec = panel(measure, epochs, domain, palette(), len(histories) > 1, dots, late)
        with st.container(key=f"panel_{network}_{size}"):
            st.vega_lite_chart(table, spec, key=f"chart_{network}_{size}")
    outcome = overfitting.outcome(network, size, epochs, attempts)
    words = [_outcome_words(outcome)] if outcome else []
    states = overfitting.states(attempts, epochs)
    if states:
        words.append(", ".join(states))
    lengths = sorted({len(history) for history in histories})
    if len(lengths) > 1:
        words.append(f"from epoch {lengths[0] + 1} on, the lines are of fewer seeds")
    words += [f"{uploaded} of {len(attempts)} uploaded"] * bool(uploaded)
    words += dict.fromkeys(attempt.error for attempt in attempts if attempt.status == "failed")
    st.caption(" · ".join(words))


def _outcome_words(outcome: Outcome) -> str:
    """The numbers below a panel."""
    words = f"training **{training_words(outcome)}**, validation **{validation_words(outcome)}**, "
    words += f"gap **{gap_words(outcome)}** points, {seconds_words(outcome.seconds.mean)}"
    if outcome.seeds > 1:
        words += f" (means of {outcome.seeds} seeds)"
    if not outcome.finished:
        words = f"After epoch {outcome.epoch} of {outcome.epochs}: {words}"
    if outcome.chance:
        words += ", **like chance**" if outcome.seeds == 1 else f", **{outcome.chance} like chance**"
    return words


def _comparison(sweep: Sweep, attempts: Attempts, found: Runs) -> None:
    paragraphs = reading(attempts, sweep.shared.epochs)
    if paragraphs:
        with st.container(border=True, key="reading"):
            for paragraph in paragraphs:
                st.markdown(linked(paragraph))
    outcomes = overfitting.outcomes(attempts, sweep.shared.epochs)
    if not outcomes:
        return
    _against_size([outcome for outcome in outcomes if outcome.finished], len(outcomes))
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
        _links(found)


def _against_size(outcomes: list[Outcome], of: int) -> None:
    """The gap and the validation accuracy against the size, of what is finished."""
    sizes = tuple(sorted({outcome.size for outcome in outcomes}))
    if len(sizes) < 2:
        return
    networks = tuple(dict.fromkeys(outcome.network for outcome in outcomes))
    band = any(outcome.seeds > 1 for outcome in outcomes)
    published = known.learning_curve(sizes[0], sizes[-1]) if "mlp" in networks else ()
    charted = (
        ("gap", "The gap", "Gap, points", False),
        ("validation", "Validation accuracy", "Validation accuracy", True),
    )
    for column, (name, heading, title, percent) in zip(st.columns(2), charted, strict=True):
        with column:
            st.markdown(linked(f"**{heading}, against the training-set size**"))
            spec = against_size(sizes, networks, title, percent, palette(), band, published if percent else ())
            st.vega_lite_chart(size_table(outcomes, name), spec, key=name)
    words = "The gap is training minus validation accuracy. The sizes lie as far apart as their ratio is large."
    if band:
        words += " Bands reach from the least to the most over the seeds."
    if len(outcomes) < of:
        words += " What is not at its end is left out."
    if published:
        words += f" {known.learning_curve_words(published)}"
    st.caption(linked(words))


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


def _links(found: Runs) -> None:
    """A way to each run's own page."""
    there = [run.config for panel in found.values() for run in panel if run is not None]
    names = run_names(there)
    with st.popover("Open one of these runs", icon=":material/open_in_new:"):
        for config in there:
            query = {"run": config.key} | to_query(config)
            st.page_link("pages/train.py", label=plain(names[config.key]), query_params=query)


def _find(config: Config) -> Run | None:
    return runs().find(config.key)
