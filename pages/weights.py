"""Inside: what a network has learnt, as pictures, through the whole of its training."""

import streamlit as st

import ui
from ui.weights import link, look, templates

SECTIONS = {
    "neurons": templates.neurons,
}

ui.frame("Inside")
st.title("What is inside?", anchor=False)

there = look.choices()
link.read(there)
link.show_notices()
now = look.controls(there)
SECTIONS[link.get("view")](now)
link.write(look.in_link(now))
