"""The form of the page Over-fitting: which runs are compared."""

import streamlit as st

from core.config import MLPConfig, label, range_of
from core.sweep import FIGURES
from ui.overfitting.state import STATE, Wanted, values_of
from ui.search import controls
from ui.state import move, touched
from ui.train.form import HELP, STOPS
from ui.words import explained


def form(wanted: Wanted) -> None:
    """Draw the controls, which are set to this."""
    values = values_of(wanted)
    move("sweep_preset", next((name for name, sweep in FIGURES.items() if values_of(sweep) == values), None))

    left, right = st.columns([3, 2], gap="large")
    with left:
        st.pills(
            "The report's comparisons",
            list(FIGURES),
            key="sweep_preset",
            on_change=_preset_chosen,
            help="What [the report](report#over-fitting) compares: its figures stand there beside ours.",
        )
        st.pills(
            "Training-set sizes",
            sorted({*STOPS["train_size"], *STATE.brought("sizes"), *wanted.sizes}),
            selection_mode="multi",
            format_func=lambda size: f"{size:,}",
            key=STATE.key("sizes"),
            wrap=True,
            help=explained(
                "training-set",
                "Two to six of them. Each network learns from the first so many of MNIST's 50,000 images.",
            ),
        )
        controls.networks(STATE)
    with right:
        low, high, _ = range_of(MLPConfig, "epochs")
        st.slider("Epochs", int(low), int(high), key=STATE.key("epochs"), help=HELP["epochs"])
        controls.seeds(STATE)
        with st.expander("More settings, shared by all runs", icon=":material/tune:"):
            for name in ("learning_rate", "batch_size", "learning_rate_decay", "weight_decay"):
                stops = sorted({*STOPS[name], STATE.brought(name), values[name]})
                st.select_slider(label(name), stops, key=STATE.key(name), help=HELP[name])


def _preset_chosen() -> None:
    if st.session_state.sweep_preset and not touched(STATE):
        STATE.put(**values_of(FIGURES[st.session_state.sweep_preset]))
