"""The whole of the sketch page as one fragment, so that a stroke repaints what depends on it and nothing else."""

import streamlit as st

from core.runs import Run
from ui.run_picker import back_to_train
from ui.segments import segments
from ui.shared import runs, told_if_gone, torch_is_coming
from ui.sketch import sources
from ui.sketch.answers import answers, ask, choose, voices
from ui.sketch.doubt import doubt
from ui.sketch.handwriting import label, ours
from ui.sketch.made import made
from ui.sketch.pad import pad
from ui.sketch.state import SOURCES, STATE, VIEWS, SketchState, desk
from ui.sketch.subject import NOTHING
from ui.sketch.why import why
from ui.state import recall

WIDTH = 282  # pixels of what is drawn on: a phone has room for them
PLACES = {"draw": pad, "test": sources.mnist, "upload": sources.photo, "grid": sources.grid}


@st.fragment
@told_if_gone()
def page(there: dict[str, Run]) -> None:
    """Where the drawing comes from, on the left; what becomes of it, on the right; and, below, why."""
    find = runs().find
    if any(find(key) is not run for key, run in there.items()):
        st.rerun()  # the page knows which runs there are, and what to say of those that are gone
    state = recall(STATE)
    segments("Source", SOURCES, STATE.key("source"), on_change=_source_chosen)
    asked = voices(state.run, there)
    with st.container(horizontal=True, gap="medium", key="desk"):
        with st.container(width=WIDTH, key="place"):
            subject = PLACES[state.source](state)
        with st.container(width="stretch", key="answered"):
            probs = answers(subject, asked, state)
            label(subject)
            choose(state.run, there)
    st.divider()
    segments("Look further", VIEWS, STATE.key("view"))
    match state.view:
        case "made":
            made(subject, state.source, asked)
        case "why":
            why(subject, asked, probs, state.source)
        case "doubt":
            doubt(asked)
        case "ours":
            ours(asked, there)
    if asked:
        back_to_train(there[key] for key in dict.fromkeys(one.version.key for one in asked))
    STATE.write(unsaid=["run"] if _are_the_first(state) else [])
    if not subject.images and not torch_is_coming():
        ask(NOTHING, asked)  # loads the networks while the pad is there already


def _source_chosen() -> None:
    STATE.put(image=())
    desk().came = False


def _are_the_first(state: SketchState) -> bool:
    """Whether the networks are those that one begins with, in whatever order."""
    return sorted(state.run) == sorted(STATE.defaults["run"])
