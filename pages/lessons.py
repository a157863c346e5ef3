"""Lessons: ten experiments, each predicted before it is run."""

import streamlit as st

import ui
from core.lessons.course import COURSE, ORDER, place
from ui.lessons import experiment, outcome, prediction
from ui.lessons.class_link import class_link, done
from ui.lessons.state import STATE
from ui.shared import told_if_gone
from ui.words import linked

ui.frame("Lessons")
st.title("Predict, try, be surprised", anchor=False)

state = STATE.arrive()
if "list" not in state.hide:
    st.markdown("Ten experiments with the two networks. Say first what you think will happen; then run it.")
    st.pills(
        "Lesson",
        ORDER,
        format_func=lambda name: (
            f"{':material/check: ' if name in state.predictions else ''}{place(name)} {COURSE[name].short}"
        ),
        required=True,
        key=STATE.key("lesson"),
        label_visibility="collapsed",
    )
    st.caption(done(state))
lesson = COURSE[state.lesson]
with st.container(key="lesson", width=860):
    with told_if_gone():
        st.header(lesson.title, anchor=False)
        st.markdown(linked(lesson.question))
        outcome.shown(state.lesson)
        if state.prediction is None:
            prediction.ask(state.lesson)
        else:
            there = experiment.results(lesson)
            if there:
                outcome.outcome(state, there)
            else:
                st.caption(f"You said: {lesson.asks.words(lesson.asks.read(state.prediction))}.")
    if not state.hide:
        class_link(state)
STATE.write()
