"""What there is to read from a run's history, and what to try next: buttons that each change one setting."""

from pathlib import Path

import streamlit as st

from core.analysis.finding import Finding, Reading, Step
from core.analysis.neurons import Tally, net_inputs, tally
from core.analysis.run_reading import read
from core.config import setting_words
from core.mlp import MLP
from core.networks import Model
from core.runs import Run
from ui.component import component
from ui.shared import checkpoint, digits, plain
from ui.train.state import STATE, values_of
from ui.words import linked

_reach = component(Path(__file__).parent, "reach")
MOST = 3  # findings, and steps of each: a reader of more tries none


def reading(run: Run) -> None:
    """Draw what a run that is over shows, the most important first, with what to try next."""
    over = run.history and run.status != "failed"
    neurons = _tally(run.state_id, checkpoint(run).model) if over else None
    found = read(Reading(run.config, run.history, run.status, run.error, neurons))[:MOST]
    if not found and run.status != "done":
        return
    steps = any(finding.steps for finding in found)
    with st.container(border=True, key="reading"):
        if run.status == "done":
            st.markdown(f"**This one is trained.** Change a setting{', or take one of these steps' * steps}.")
        for place, finding in enumerate(found):
            _finding(run, finding, place)


def so_far(run: Run) -> None:
    """Say of a live run what its epochs bear out already; what to try next is for when it is over."""
    found = read(Reading(run.config, run.history, run.status))[:1]
    if found:
        st.caption(linked(f"So far: {plain(found[0].sentence)}"))


def watch_for(key: str) -> None:
    """Say what to watch for in a run of this key, where somebody has come to it by a step; and bring its button into reach."""
    of, watch = st.session_state.get("train_watch", ("", ""))
    if of == key:
        st.caption(f":material/visibility: Watch {plain(watch)}.")
        _reach(key="reach", data={"key": key}, height=0)


def _finding(run: Run, finding: Finding, place: int) -> None:
    st.markdown(linked(plain(finding.sentence)))
    if not finding.steps:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"try_next_{place}"):
        st.markdown("Try next:")
        for n, step in enumerate(finding.steps[:MOST]):
            st.button(
                setting_words(step.setting, getattr(step.config, step.setting)),
                key=f"try_{place}_{n}",
                help=f"Instead of {setting_words(step.setting, getattr(run.config, step.setting))}. Watch {step.watch}.",
                on_click=take,
                args=(step, run.key),
            )


def take(step: Step, came_from: str) -> None:
    """Set the one control that a step changes, and remember where from and what to watch for."""
    st.session_state.train_watch = step.config.key, step.watch
    STATE.put(**values_of(step.config), **{"from": came_from})


@st.cache_data(max_entries=256, show_spinner=False)
def _tally(state_id: str, _model: Model) -> Tally | None:
    """What an MLP's hidden neurons do on the validation images; None for a CNN, whose units are judged nowhere."""
    return tally(_model, net_inputs(_model, digits().x_val)) if isinstance(_model, MLP) else None
