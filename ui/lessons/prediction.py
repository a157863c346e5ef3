"""Where a visitor predicts: before anything of the experiment is to be seen."""

import streamlit as st

from core.lessons import figures
from core.lessons.course import COURSE
from core.lessons.lesson import Lesson
from core.lessons.prediction import Curve, Number, OneOf, Value
from ui.lessons.experiment import begin, effort
from ui.lessons.state import STATE
from ui.pictures import colours, palette
from ui.visitors import nothing_trains

RECORDED = (
    "What you say is recorded before anything is shown. Say what you think: being wrong is where one learns most."
)


def ask(name: str) -> None:
    """Draw what takes a prediction of a lesson, and the press that records it and runs the experiment."""
    lesson = COURSE[name]
    st.markdown("## What do you think?")
    value = _control(name, lesson)
    st.button(
        "Record it and run the experiment",
        key="record",
        type="primary",
        icon=":material/play_arrow:",
        disabled=value is None,
        help="Choose an answer first." if value is None else None,
        on_click=_record,
        args=(name, value),
    )
    takes = effort(lesson)
    refused = nothing_trains() if takes.trains else None
    st.caption(f"{RECORDED} {refused or takes.words}")


def _record(name: str, value: Value) -> None:
    lesson = COURSE[name]
    STATE.put(**{name: lesson.asks.text(value)})
    begin(lesson)


def again(name: str) -> None:
    """Forget what was predicted in a lesson."""
    STATE.put(**{name: None})


def _control(name: str, lesson: Lesson) -> Value | None:
    """The control for what a lesson asks, and what it is set to; None before anything is chosen."""
    key = f"guess_{name}"
    match lesson.asks:
        case Number(start):
            return float(st.slider("Percent", 0, 100, start, format="%d%%", key=key, width=480))
        case OneOf(options) if len(options) > 4:
            return st.pills("Digit", list(options), key=key)
        case OneOf(options):
            return st.radio("Answer", list(options), index=None, format_func=options.__getitem__, key=key)
        case Curve() as asks:
            return _curve(asks, key)
    raise AssertionError(f"nobody knows how to ask for {lesson.asks}")


def _curve(asks: Curve, key: str) -> Value:
    """Sliders, a place each, and the curve that they draw."""
    with st.container(horizontal=True, key="curve"):
        drawn = tuple(
            float(
                st.slider(f"{place:,} {asks.unit}", 0, 100, asks.start, format="%d%%", key=f"{key}_{place}", width=150)
            )
            for place in asks.places
        )
    st.vega_lite_chart(figures.line(asks.places, drawn, None, palette(), colours()), key="drawn_curve")
    return drawn
