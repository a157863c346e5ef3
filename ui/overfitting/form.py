"""The form of the page Over-fitting: which runs are compared."""

import streamlit as st

from core import sweep as sweeps
from core.config import NAMES, NETWORKS, MLPConfig, SettingsError, label, limits
from core.sweep import FIGURES, Sweep
from ui.train.form import HELP, STOPS, move_controls


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
            *sweeps.SEEDS[:2],
            key="sweep_seeds",
            help="How often each run is repeated from other random weights, to see how much of a result is luck.",
        )
        with st.expander("More settings, shared by all runs", icon=":material/tune:"):
            for name in ("learning_rate", "batch_size", "learning_rate_decay", "weight_decay"):
                stops = sorted(
                    {*STOPS[name], getattr(st.session_state.sweep_brought.shared, name), values[f"sweep_{name}"]}
                )
                st.select_slider(label(name), stops, key=f"sweep_{name}", help=HELP[name])
    try:
        shared = MLPConfig(**{name: values[f"sweep_{name}"] for name in sweeps.SHARED})
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


def _values(sweep: Sweep) -> dict:
    """A sweep as the values of the form's controls, by their keys."""
    shared = {f"sweep_{name}": getattr(sweep.shared, name) for name in sweeps.SHARED}
    return {
        "sweep_networks": list(sweep.networks),
        "sweep_sizes": list(sweep.sizes),
        "sweep_seeds": sweep.seeds,
        **shared,
    }


def _preset_chosen() -> None:
    if st.session_state.sweep_preset:
        set_form(FIGURES[st.session_state.sweep_preset])
