"""What there is to start or to stop of a search over all settings, and how far it has come."""

import streamlit as st

from core.search.study import Study
from core.search.trials import Found
from core.studies.searches import State
from core.words import counted, soon
from ui.search.searches import searches
from ui.shared import plain, runs, told_in_passing
from ui.visitors import asker, nothing_trains, unless, visitor

LOOKED = (
    "The test images have been looked at: what is chosen after that is chosen by them, too. Another seed, or other limits, begin a "
    "search of its own."
)
LEFT = {
    "": "It was interrupted before its end, and goes on where it was.",
    "time": "Its minutes were over. It goes on where it was, for as many again.",
    "stopped": "It was stopped, and goes on where it was.",
}


def study_order(study: Study, state: State, looked: bool) -> None:
    """The one button that there is, and what it does; `looked` is whether its best settings have met the test images."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if state.live:
            refused = None if searches().may_stop(study, asker()) else "Whoever started this search can stop it."
            st.button(
                "Stop this search",
                icon=":material/stop:",
                key="study_stop",
                on_click=_stop,
                args=(study,),
                **unless(refused),
            )
        elif state.found.done:
            many = counted(len(state.found.trials), "run")
            st.caption(f"This search has had its {many}. Choose more, another seed or other limits to go on.")
        else:
            _start(study, state, looked)
    if state.error:
        st.warning(plain(state.error), icon=":material/error:")


def _start(study: Study, state: State, looked: bool) -> None:
    st.button(
        "Go on" if state.begun else f"Search with {counted(study.runs, 'run')}",
        type="primary",
        icon=":material/play_arrow:",
        key="study_start",
        on_click=_begin,
        args=(study,),
        **unless(nothing_trains() or (LOOKED if looked else None)),
    )
    if state.begun:
        left = study.runs - len(state.found.of("done", "pruned", "stopped", "diverged", "failed"))
        st.caption(f"{LEFT[state.found.ended]} {counted(left, 'run')} {'is' if left == 1 else 'are'} still to come.")
        return
    expected = runs().estimate(study.shared)
    most = f"at most {counted(study.minutes, 'minute')}"
    if expected is not None:
        seconds = study.runs * expected.seconds / runs().workers
        most = f"done {soon(seconds)}, {most}" if seconds < 60 * study.minutes else most
    st.caption(f"{most}, as many runs at a time as there are workers: {runs().workers}")


def _begin(study: Study) -> None:
    with told_in_passing():
        searches().start(study, visitor())


def _stop(study: Study) -> None:
    with told_in_passing():
        searches().stop(study, asker())


def progress(study: Study, state: State) -> None:
    """How far a search that goes on has come."""
    found: Found = state.found
    going = found.of("open")
    over = len(found.trials) - len(going)
    share = sum(len(trial.accuracies) / trial.config.epochs for trial in going)
    words = f"**{over} of {study.runs}** runs are over, {len(going)} at work"
    if early := len(found.of("pruned")):
        words += f", {early} stopped early"
    if found.best is not None:
        words += f" · highest validation accuracy so far {found.best.accuracy:.2%}"
    st.progress(min((over + share) / study.runs, 1.0), words)
    if state.notice:
        st.caption(f":material/hourglass_empty: {plain(state.notice)}")
