"""Confusion: which digits a network takes for which, down to the single image."""

import streamlit as st

import ui
from ui.confusion import corruption, look, matrix, pair, scores
from ui.confusion.state import STATE
from ui.run_picker import back_to_train, choices
from ui.shared import told_if_gone

SECTIONS = {
    "matrix": matrix.matrix,
    "digits": scores.digits,
    "certainty": scores.certainty,
    "compare": pair.compare,
    "damage": corruption.corruption,
}

ui.frame("Confusion")
st.title("Which digits are taken for which?", anchor=False)

there = choices("see here what it confuses")
state = STATE.arrive(there, came=matrix.turn_to_the_image)
with told_if_gone():
    SECTIONS[state.view](look.controls(there, state))
    keys = [STATE.now().run] + [STATE.now().other] * (state.view in look.OF_TWO)
    back_to_train(there[key] for key in dict.fromkeys(keys))
    STATE.write(unsaid=look.last_epochs(there))
