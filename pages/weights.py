"""Inside: what a network has learnt, as pictures, through the whole of its training."""

import streamlit as st

import ui
from ui import links
from ui.shared import told_if_gone
from ui.weights import ablation as broken
from ui.weights import filters, layers, link, look, templates, why

SECTIONS = {
    "neurons": templates.neurons,
    "filters": filters.filters,
    "layers": layers.layers,
    "why": why.why,
    "break": broken.broken,
}

ui.frame("Inside")
st.title("What is inside?", anchor=False)

there = look.choices()
link.read(there)
links.show_notices()
with told_if_gone():
    now = look.controls(there)
    SECTIONS[link.get("view")](now)
    link.write(look.in_link(now))
