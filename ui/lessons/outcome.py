"""What came of an experiment, beside what was predicted."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from core.charts.colours import BORDER, on_sheets, row
from core.charts.pictures import templates
from core.lessons import figures
from core.lessons.course import COURSE, ORDER
from core.lessons.lesson import Bars, Curves, Figure, Lesson, Line, Material, Outcome, Pictures, Weights
from core.lessons.prediction import Curve
from core.runs import Run
from ui.lessons.prediction import again
from ui.lessons.state import STATE, LessonsState
from ui.origin import tell_origin
from ui.pictures import colours, data_url, palette
from ui.shared import digits, runs, saved
from ui.words import linked

HOLDS = ":material/check_circle: Checked against these runs: so it is."
HOLDS_NOT = (
    ":material/report: Checked against these runs: they do not show it. Chance, another machine or a file that somebody brought can make such a "
    "difference; look at them on Train."
)


def outcome(state: LessonsState, there: Mapping[str, Run]) -> None:
    """Draw the prediction and what came, the check, what to keep, and the ways on."""
    lesson = COURSE[state.lesson]
    found = _outcome(state.lesson, tuple((name, run.key, run.state_id) for name, run in there.items()))
    assert state.prediction is not None
    said = lesson.asks.read(state.prediction)
    st.markdown("## What came of it")
    for run in there.values():
        tell_origin(run)
    st.markdown(lesson.asks.verdict(said, found.answer))
    if isinstance(found.figure, Line) and isinstance(lesson.asks, Curve) and isinstance(said, tuple):
        chart = figures.line(lesson.asks.places, said, found.figure.found, palette(), colours())
        st.vega_lite_chart(chart, key="came_curve")
    else:
        figure(found.figure)
    for sentence in found.sentences:
        st.markdown(linked(sentence))
    if "takeaway" not in state.hide:
        with st.container(border=True, key="takeaway"):
            st.markdown(f"**To keep.** {linked(found.takeaway)}")
            st.caption(HOLDS if found.holds else HOLDS_NOT)
    _on(state, lesson)


@st.cache_data(max_entries=64, show_spinner="Computing what came of it …")
def _outcome(name: str, states: tuple[tuple[str, str, str], ...]) -> Outcome:
    """What came of a lesson's runs: (their names, keys and states). Raises Gone where one is not there any more."""
    return COURSE[name].find(_material(states))


def _material(states: tuple[tuple[str, str, str], ...]) -> Material:
    return Material({name: saved(key, state_id) for name, key, state_id in states}, digits())


def shown(name: str) -> None:
    """Draw what is to be seen with a lesson's question, where its runs are there."""
    lesson = COURSE[name]
    found = {called: runs().find(config.key) for called, config in lesson.runs.items()}
    done = {called: run for called, run in found.items() if run is not None and run.status == "done"}
    if lesson.shown and len(done) == len(found):
        figure(_shown(name, tuple((called, run.key, run.state_id) for called, run in done.items())))


@st.cache_data(max_entries=16, show_spinner=False)
def _shown(name: str, states: tuple[tuple[str, str, str], ...]) -> Figure:
    show = COURSE[name].shown
    assert show is not None
    return show(_material(states))


def figure(found: Figure) -> None:
    """Draw a figure of a lesson."""
    match found:
        case Curves(histories):
            st.vega_lite_chart(figures.accuracies(histories, palette(), colours()), key="accuracies")
            st.caption(
                "Accuracy after every epoch: dashed on new images, solid on the images that a network learns from."
            )
        case Bars() as bars:
            st.markdown(f"**{bars.title}**")
            st.vega_lite_chart(figures.bars(bars, colours()), key="bars")
        case Pictures(rows):
            for words, images in rows.items():
                sheets = on_sheets((images * 255).round().astype(np.uint8), colours())
                with st.container(gap="xsmall"):  # or nobody could tell which row the words are of
                    st.image(data_url(row(sheets, colours()), 3), alt=f"{words}: digits side by side")
                    st.caption(words)
        case Weights(weights):
            picture = templates(weights[None], colours())[BORDER:-BORDER, BORDER:-BORDER]  # it stands alone
            st.image(data_url(picture, 8), width=224, alt="The weights of a hidden neuron as a picture")


def _on(state: LessonsState, lesson: Lesson) -> None:
    if "ways" not in state.hide:
        with st.container(horizontal=True, vertical_alignment="center", key="ways"):
            for way in lesson.ways:
                st.page_link(
                    f"pages/{way.page}.py",
                    label=f"**{way.words}**",
                    icon=":material/arrow_forward:",
                    query_params=way.query,
                )
    with st.container(horizontal=True, key="on"):
        left = [name for name in ORDER if name not in state.predictions]
        after = [name for name in left if ORDER.index(name) > ORDER.index(state.lesson)] or left
        if after and "list" not in state.hide:
            words = f"Next: {COURSE[after[0]].short}"
            st.button(
                words,
                key="next",
                type="primary",
                icon=":material/arrow_forward:",
                on_click=STATE.put,
                kwargs={"lesson": after[0]},
            )
        if "again" not in state.hide:
            st.button("Predict again", key="again", icon=":material/replay:", on_click=again, args=(state.lesson,))
