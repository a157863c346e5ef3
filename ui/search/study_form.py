"""The form of a search over all settings: what is searched and how far, what all runs share, and how much it may cost."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.config import NAMES, NETWORKS, label
from core.kinds import Choice, Range
from core.search.grid import kind_of, settings
from core.search.study import PRUNERS, SAMPLERS, Study, stops, usual_span
from core.words import decimal
from ui.search import form
from ui.search.state import STATE, Wanted
from ui.search.study_state import WITHIN, usual
from ui.words import explained, linked

SAMPLER_NAMES = dict(zip(SAMPLERS, ("At random", "Optuna"), strict=True))
PRUNER_NAMES = dict(zip(PRUNERS, ("Median", "Hyperband", "Never"), strict=True))
SAMPLER_HELP = (
    "At random: every value is drawn anew, whatever came before. Optuna: its Tree-structured Parzen Estimator, which after ten runs tries "
    "more of what went well. Both are Optuna's own."
)
PRUNER_HELP = (
    "When a run is stopped that falls behind. Median: after a fifth of its epochs, where it is below the median of the runs before it. "
    "Hyperband: few epochs for many runs, more for the best of them. Both are Optuna's own."
)
MINUTES_HELP = "In one go: then the search stops, keeps what it has, and can go on."


def study_form(wanted: Wanted) -> None:
    """Draw the controls, which are set to this."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        network = wanted.study.network
        st.segmented_control(
            "Network",
            list(NETWORKS),
            format_func=NAMES.__getitem__,
            required=True,
            key=STATE.key("network"),
            on_change=_network_chosen,
        )
        st.multiselect(
            "Settings to search",
            settings(NETWORKS[network]),
            format_func=label,
            key=STATE.key("searched"),
            wrap=True,
            help=linked(
                "Each of them is tried at many values, all at the same time. What is not here is the same in all runs."
            ),
        )
        with st.expander("Within which limits", icon=":material/straighten:", expanded=True, key="folded_when_narrow"):
            for name in wanted.study.searched:
                _within(name, wanted.study.within[name])
    with right:
        _budget()
        shared = wanted.study.shared()
        for name in form.FIRST:
            if name in shared:
                form.control(name, wanted)
        with st.expander("More settings, shared by all runs", icon=":material/tune:"):
            for name in shared:
                if name not in form.FIRST:
                    form.control(name, wanted)
            low, high, _ = Study.__dataclass_fields__["seed"].metadata["limits"]
            words = "Of the sampler, and of every run. Another seed is another search."
            st.number_input("Seed", int(low), int(high), key=STATE.key("seed"), help=explained("seed", words))


def _budget() -> None:
    """How much it may cost, and who says which settings are next."""
    runs, minutes = (Study.__dataclass_fields__[name].metadata["limits"] for name in ("runs", "minutes"))
    st.slider("Runs", int(runs.low), int(runs.high), key=STATE.key("runs"))
    st.slider("Minutes", int(minutes.low), int(minutes.high), key=STATE.key("minutes"), help=MINUTES_HELP)
    for words, name, names, help_ in (
        ("Settings are chosen", "sampler", SAMPLER_NAMES, SAMPLER_HELP),
        ("Hopeless runs are stopped", "pruner", PRUNER_NAMES, PRUNER_HELP),
    ):
        st.segmented_control(
            words,
            list(names),
            format_func=names.__getitem__,
            required=True,
            key=STATE.key(name),
            help=linked(help_),
        )


def _within(name: str, values: tuple[Any, ...]) -> None:
    """How far a setting is searched."""
    kind, key = kind_of(name), STATE.key(f"{name}{WITHIN}")
    if isinstance(kind, Choice):
        st.multiselect(label(name), kind.words, key=key)
    elif isinstance(kind, Range):
        ends = usual_span(name).values  # that it has two is known by what it begins with
        st.select_slider(label(name), _stops(name, values), ends, format_func=decimal, key=key)


def _stops(name: str, values: Sequence[Any]) -> list[Any]:
    """The stops of a setting's own slider, and whatever is set."""
    return stops(name, [*form.stops_of(name), *STATE.brought(f"{name}{WITHIN}"), *values])


def _network_chosen() -> None:
    """Another network has other settings."""
    STATE.put(searched=usual(STATE.now().study.network))
