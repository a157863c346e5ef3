"""The parts of the over-fitting page: its form, its panels and what they come to."""

import pandas as pd
import streamlit as st

from core import charts, naming, overfitting, shelf
from core import charts_overfitting as figures
from core.config import NAMES, NETWORKS, MLPConfig, SettingsError, label, limits, to_query
from core.overfitting import FIGURES, Sweep
from core.runs import Run
from core.words import seconds_words, soon
from ui.settings import HELP, STOPS, move_controls
from ui.shared import plain, runs, visitor

SECONDS_BETWEEN_LOOKS = 1.0
MEASURES = {"Accuracy": charts.ACCURACY, "Loss": charts.LOSS}
STATES = {"queued": "waiting", "training": "training", "stopped": "stopped", "failed": "diverged", "done": "finished"}


def form() -> Sweep:
    """Draw the controls and return the sweep that they are set to. Ends the page's script where that is none."""
    sweep = st.session_state.sweep
    for name, value in _values(sweep).items():
        st.session_state.setdefault(name, value)
    values = {name: st.session_state[name] for name in _values(sweep)}
    move_controls({"sweep_preset": next((name for name, preset in FIGURES.items() if _values(preset) == values), None)})

    left, right = st.columns([3, 2], gap="large")
    with left:
        st.pills("The report's comparisons", list(FIGURES), key="sweep_preset", on_change=_preset_chosen)
        st.pills(
            "Training-set sizes",
            sorted({*STOPS["train_size"], *st.session_state.sweep_brought.sizes}),
            selection_mode="multi",
            format_func=lambda size: f"{size:,}",
            key="sweep_sizes",
            wrap=True,
            help="Two to six of them. Each network learns from the first so many of MNIST's 50,000 images.",
        )
        st.segmented_control(
            "Networks", list(NETWORKS), selection_mode="multi", format_func=NAMES.get, key="sweep_networks"
        )
    with right:
        low, high, _ = limits(MLPConfig, "epochs")
        st.slider("Epochs", low, high, key="sweep_epochs", help=HELP["epochs"])
        st.slider(
            "Seeds",
            *overfitting.SEEDS[:2],
            key="sweep_seeds",
            help="How often each run is repeated from other random weights. The band in the charts is what that changes.",
        )
        with st.expander("More settings, shared by all runs", icon=":material/tune:"):
            for name in ("learning_rate", "batch_size", "learning_rate_decay", "weight_decay"):
                stops = sorted(
                    {*STOPS[name], getattr(st.session_state.sweep_brought.shared, name), values[f"sweep_{name}"]}
                )
                st.select_slider(label(name), stops, key=f"sweep_{name}", help=HELP[name])
    try:
        shared = MLPConfig(**{name: values[f"sweep_{name}"] for name in overfitting.SHARED})
        sweep = Sweep(
            networks=tuple(name for name in NETWORKS if name in values["sweep_networks"]),
            sizes=tuple(values["sweep_sizes"]),
            seeds=values["sweep_seeds"],
            shared=shared,
        )
    except SettingsError as error:
        st.info(str(error), icon=":material/touch_app:")
        st.stop()
    st.session_state.sweep = sweep
    return sweep


def set_form(sweep: Sweep) -> None:
    """Make this the sweep of the form, before its controls are drawn."""
    st.session_state.sweep = sweep
    move_controls(_values(sweep))


def order(sweep: Sweep) -> None:
    """What there is to start or to stop, and how long it will take."""
    found = {config: runs().find(config.key) for config in sweep.configs()}
    missing = [config for config, run in found.items() if run is None or run.status == "stopped"]
    live = [run for run in found.values() if run is not None and run.live]
    with st.container(horizontal=True, vertical_alignment="center"):
        if missing:
            count = "run" if len(missing) == 1 else "runs"
            st.button(
                f"Train {len(missing)} missing {count}",
                type="primary",
                icon=":material/play_arrow:",
                key="sweep_start",
                on_click=_start,
                args=(missing,),
            )
            estimates = [runs().estimate(config) for config in missing]
            if all(estimates):
                together = max(
                    sum(estimate.seconds for estimate in estimates) / runs().workers,
                    max(estimate.seconds for estimate in estimates),
                )
                st.caption(
                    f"about {seconds_words(together)}, as many at a time as there are workers ({runs().workers})"
                )
        elif not live:
            st.caption("Everything here is trained. Choose other sizes, more seeds or another network to go on.")
        if live:
            st.button("Stop these runs", icon=":material/stop:", key="sweep_stop", on_click=_stop, args=(live,))


def panels(sweep: Sweep) -> None:
    """The curves side by side, and below them what they come to; looked at again while something is live."""
    watching = any(run is not None and run.live for run in map(_find, sweep.configs()))

    @st.fragment(run_every=SECONDS_BETWEEN_LOOKS if watching else None)
    def view() -> None:
        found = {place: [_find(config) for config in configs] for place, configs in sweep.panels().items()}
        live = [run for panel in found.values() for run in panel if run is not None and run.live]
        for run in live:
            runs().watch(run, visitor())
        _progress(sweep, live)
        histories = {place: [run.history if run else [] for run in panel] for place, panel in found.items()}
        _curves(sweep, found, histories)
        outcomes = [overfitting.outcome(*place, panel) for place, panel in histories.items()]
        outcomes = [outcome for outcome in outcomes if outcome is not None]
        if outcomes:
            _comparison(outcomes, found)
        if watching and not live:
            st.rerun()

    view()


def _progress(sweep: Sweep, live: list[Run]) -> None:
    if not live:
        return
    configs = sweep.configs()
    steps = sum(config.epochs * config.steps_per_epoch for config in configs)
    done = sum(run.steps_done for run in map(_find, configs) if run is not None)
    training = sum(run.status == "training" for run in live)
    words = f"**{training} training**, {len(live) - training} waiting, {len(configs) - len(live)} over or not begun"
    starts = runs().starts()
    waits = [starts[run.key] for run in live if run.key in starts]
    if waits:
        words += f" · the next starts {soon(min(waits))}"
    st.progress(min(done / steps, 1.0), words)


def _curves(sweep: Sweep, found: dict, histories: dict) -> None:
    measure = MEASURES[st.session_state.get("sweep_measure") or "Accuracy"]
    tables = {place: figures.panel_table(measure, panel) for place, panel in histories.items()}
    if not any(len(table) for table in tables.values()):
        st.info("Nothing of this is trained yet. Press **Train** and the curves grow side by side.")
        return
    st.segmented_control(
        "Measure", list(MEASURES), default="Accuracy", required=True, key="sweep_measure", label_visibility="collapsed"
    )
    domain = figures.domain_of(measure, list(tables.values()))
    for network in sweep.networks:
        wide = min(len(sweep.sizes), 3)
        for start in range(0, len(sweep.sizes), wide):
            columns = st.columns(wide)
            for column, size in zip(columns, sweep.sizes[start : start + wide], strict=False):
                with column:
                    _panel(sweep, network, size, found, histories, measure, tables[network, size], domain)
    st.caption(
        "Solid: images that the network learns from. Dashed: 10,000 that it never learns from. The wider they part, the "
        "more the network has learned its images by heart"
        + ("; the band is over the seeds." if sweep.seeds > 1 else ".")
    )


def _panel(sweep, network, size, found, histories, measure, table, domain) -> None:
    st.markdown(f"**{NAMES[network]}, {size:,} images**")
    outcome = overfitting.outcome(network, size, histories[network, size])
    if outcome is None:
        failed = [run.error for run in found[network, size] if run is not None and run.status == "failed"]
        states = {STATES[run.status] for run in found[network, size] if run is not None} or {"not trained yet"}
        st.caption(failed[0] if failed else ", ".join(sorted(states)))
        return
    with st.container(key=f"panel_{network}_{size}"):
        spec = figures.panel(measure, sweep.shared.epochs, domain, sweep.seeds > 1)
        st.vega_lite_chart(table, spec, key=f"chart_{network}_{size}")
    st.caption(
        f"training **{outcome.training.mean:.1%}**, validation **{outcome.validation.mean:.1%}**, "
        f"gap **{outcome.gap.mean:.1f}** points, {seconds_words(outcome.seconds.mean)}"
    )


def _comparison(outcomes: list[overfitting.Outcome], found: dict) -> None:
    failures = {
        place: run.error
        for place, panel in found.items()
        for run in panel
        if run is not None and run.status == "failed"
    }
    with st.container(border=True, key="reading"):
        for paragraph in overfitting.reading(outcomes, failures):
            st.markdown(paragraph)
    sizes = tuple(sorted({outcome.size for outcome in outcomes}))
    if len(sizes) > 1:
        left, right = st.columns(2)
        with left:
            st.markdown("**The gap, against the training-set size**")
            spec = figures.against_size(sizes, "Gap, points", percent=False)
            st.vega_lite_chart(figures.size_table(outcomes, "gap"), spec, key="gap")
        with right:
            st.markdown("**Validation accuracy, against the training-set size**")
            spec = figures.against_size(sizes, "Validation accuracy", percent=True)
            st.vega_lite_chart(figures.size_table(outcomes, "validation"), spec, key="validation")
        st.caption(
            "What more data buys: the gap between training and validation closes, and more of the unseen is read right. "
            "Bands reach from the least to the most over the seeds."
        )
    table = pd.DataFrame(overfitting.rows(outcomes))
    with st.container(key="outcomes"):
        st.dataframe(table, hide_index=True)
    with st.container(horizontal=True):
        st.download_button(
            "Download the table",
            table.to_csv(index=False),
            "overfitting.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="sweep_csv",
        )
        _links(found)


def _links(found: dict) -> None:
    """A way to each run's own page."""
    there = [run.config for panel in found.values() for run in panel if run is not None]
    names = naming.names(there, shelf.labels(runs().folder))
    with st.popover("Open one of these runs", icon=":material/open_in_new:"):
        for config in there:
            query = {"run": config.key} | to_query(config)
            st.page_link("pages/train.py", label=plain(names[config.key]), query_params=query)


def _find(config) -> Run | None:
    return runs().find(config.key)


def _values(sweep: Sweep) -> dict:
    """A sweep as the values of the form's controls, by their keys."""
    shared = {f"sweep_{name}": getattr(sweep.shared, name) for name in overfitting.SHARED}
    return {
        "sweep_networks": list(sweep.networks),
        "sweep_sizes": list(sweep.sizes),
        "sweep_seeds": sweep.seeds,
        **shared,
    }


def _preset_chosen() -> None:
    if st.session_state.sweep_preset:
        set_form(FIGURES[st.session_state.sweep_preset])


def _start(configs: list) -> None:
    for config in configs:
        runs().start(config, visitor())


def _stop(live: list[Run]) -> None:
    for run in live:
        runs().leave(run.key, visitor())
