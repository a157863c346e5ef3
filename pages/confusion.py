"""Confusion: which digits a network takes for which, down to the single image."""

import streamlit as st

import ui
from ui import links
from ui.confusion import corruption as robustness
from ui.confusion import link, look, matrix, pair, scores
from ui.shared import told_if_gone

SECTIONS = {
    "matrix": matrix.matrix,
    "digits": scores.digits,
    "certainty": scores.certainty,
    "compare": pair.compare,
    "damage": robustness.corruption,
}

ui.frame("Confusion")
st.title("Which digits are taken for which?", anchor=False)

there = look.choices()
link.read(there)
links.show_notices()
with told_if_gone():
    SECTIONS[link.get("view")](look.controls(there))
    link.write({epoch: None for run, epoch in link.EPOCH_OF.items() if look.is_last(run, there)})  # it need not be said
