"""Which run a page is about, and after which epoch: what there is to choose from, and the controls."""

from collections.abc import Iterable
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import naming
from core.runs import Run
from ui import looked_at
from ui.absent import can_be_shown, way, why
from ui.parameters import RunKey
from ui.predictions import epochs_of
from ui.shared import plain, run_names, runs
from ui.state import PageState


def choices(promise: str) -> dict[str, Run]:
    """The runs that there is something to say about: the presets first, then the newest.

    Ends the script without any, and promises what there will be to do here.
    """
    there = [run for run in runs().all() if can_be_shown(run)]
    there.sort(key=lambda run: naming.preset_place(run.config))
    if not there:
        _nothing_yet(promise)
        st.stop()
    return {run.key: run for run in there}


def _nothing_yet(promise: str) -> None:
    live = [run for run in runs().all() if run.live]
    if live:
        st.info(f"{plain(why(live[0].key))}. When it has ended, {promise}.", icon=":material/hourglass_top:")
        way(live[0].key, "train")
    else:
        st.info(f"Nothing has been trained here yet. Train a network, and {promise}.")
        st.page_link("pages/train.py", label="**Train a network**", icon=":material/model_training:")


def pick_run(state: PageState[Any], name: str, label: str, there: dict[str, Run]) -> None:
    """Draw the control of the parameter that is a run; another run is shown after its last epoch."""
    names = run_names(run.config for run in there.values())
    kind = state.parameters[name].kind
    assert isinstance(kind, RunKey)
    st.selectbox(
        label,
        list(there),
        format_func=names.__getitem__,
        key=state.key(name),
        on_change=_picked,
        args=(state, name, kind.epoch),
    )


def _picked(state: PageState[Any], name: str, epoch: str) -> None:
    """Show another run after its last epoch, and have other pages show it, too, where it is the one that the page is about."""
    state.put(**{epoch: None})
    if name == "run":
        looked_at.note(st.session_state[state.key(name)])


def places() -> list[DeltaGenerator]:
    """The places of the run, of its epoch and of a third control, on every page that is about one run."""
    return st.columns([3, 3, 2], gap="medium", vertical_alignment="bottom")


def back_to_train(shown: Iterable[Run]) -> None:
    """The way to the page Train from one that looks at runs: to the settings of each, its result, and a step further."""
    names = run_names(run.config for run in shown)
    with st.container(horizontal=True, vertical_alignment="center", key="back_to_train"):
        st.markdown("Settings and training of")
        for key, called in names.items():
            query = {"run": key}
            icon = ":material/model_training:"
            st.page_link("pages/train.py", label=f"**{plain(called)}**", icon=icon, query_params=query)


def pick_epoch(state: PageState[Any], name: str, run: Run) -> None:
    """Draw the control of the parameter that is an epoch of a run, among those whose weights are kept."""
    st.select_slider("After epoch", epochs_of(run), key=state.key(name))
