"""The form of the page Search: which settings are varied, over which values, and what all runs share."""

from typing import Any

import streamlit as st

from core.config import label, number_words
from core.kinds import Choice, Range, SettingsError
from core.search.grid import MOST_VALUES, SETTINGS, kind_of
from core.search.tuning import TUNING
from core.words import decimal
from ui.search import controls
from ui.search.state import NOTHING, OF_A_GRID, STATE, Wanted, of_grid, usual
from ui.shared import plain
from ui.state import move, touched
from ui.train.form import HELP, STOPS
from ui.words import linked

FIRST = ("train_size", "epochs")  # of what is shared: what decides how long it takes


def form(wanted: Wanted) -> None:
    """Draw the controls, which are set to this."""
    move("search_preset", _preset(wanted))
    st.pills(
        "The report's tuning",
        list(TUNING),
        key="search_preset",
        on_change=_preset_chosen,
        wrap=True,
        help="What [the report](report#tuning) experimented with, and does not show: each setting around its own value, with three seeds.",
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        controls.networks(STATE)
        _axis("setting", "values", "Setting", wanted.setting, wanted.values)
        _axis("second", "second_values", "Second setting", wanted.second, wanted.second_values)
    with right:
        controls.seeds(STATE)
        shared = wanted.shared()
        for name in FIRST:
            if name in shared:
                control(name, wanted)
        with st.expander("More settings, shared by all runs", icon=":material/tune:"):
            for name in shared:
                if name not in FIRST:
                    control(name, wanted)


def _preset(wanted: Wanted) -> str | None:
    """Which of the report's tuning this is, if any."""
    try:
        runs = wanted.grid.configs()
    except SettingsError:
        return None
    return next((name for name, grid in TUNING.items() if grid.configs() == runs), None)


def _preset_chosen() -> None:
    if st.session_state.search_preset and not touched(STATE):
        values = STATE.values(of_grid(TUNING[st.session_state.search_preset]))
        STATE.put(**{name: values[name] for name in (*OF_A_GRID, *SETTINGS)})


def _axis(setting: str, values: str, words: str, chosen: str, texts: tuple[str, ...]) -> None:
    """A setting that is varied, and its values."""
    choices = list(SETTINGS) if setting == "setting" else [NOTHING, *SETTINGS]
    st.selectbox(
        words,
        choices,
        format_func=_label,
        key=STATE.key(setting),
        on_change=_setting_chosen,
        args=(setting, values),
        help=linked("Every value of the one with every value of the other.") if setting == "second" else None,
    )
    if chosen == NOTHING:
        return
    kind = kind_of(chosen)
    may_be = f"One of {', '.join(kind.words)}." if isinstance(kind, Choice) else f"Each is {plain(str(kind))}."
    st.multiselect(
        f"Values of the {label(chosen).lower()}",
        list(dict.fromkeys([*usual(chosen), *map(number_words, STOPS.get(chosen, ())), *texts])),
        key=STATE.key(values),
        accept_new_options=isinstance(kind, Range),
        wrap=True,
        help=f"Two to {MOST_VALUES} of them. {may_be}" + " Type any other." * isinstance(kind, Range),
    )


def _label(setting: str) -> str:
    return "No second one" if setting == NOTHING else label(setting)


def _setting_chosen(setting: str, values: str) -> None:
    """Another setting has other values."""
    chosen = getattr(STATE.now(), setting)  # a browser may send anything
    STATE.put(**{values: usual(chosen), "column": "", "row": ""})


def stops_of(name: str) -> tuple[Any, ...]:
    """The stops of a setting's slider on the page Train."""
    return STOPS.get(name, ())


def control(name: str, wanted: Wanted) -> None:
    """The control of a setting that all runs share."""
    kind = kind_of(name)
    if isinstance(kind, Choice):
        st.segmented_control(
            label(name), kind.words, required=True, key=STATE.key(name), width="stretch", help=HELP[name]
        )
    elif name == "epochs":
        st.slider(label(name), int(kind.low), int(kind.high), key=STATE.key(name), help=HELP[name])
    else:
        stops = sorted({*STOPS[name], STATE.brought(name), wanted.rest[name]})
        words = (lambda n: f"{n:,}") if name == "train_size" else decimal
        st.select_slider(label(name), stops, format_func=words, key=STATE.key(name), help=HELP[name])
