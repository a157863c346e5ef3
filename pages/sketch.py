"""Sketch: draw a digit, and the networks answer while you draw."""

import streamlit as st

import ui
from ui import links
from ui.confusion.look import choices
from ui.sketch import link
from ui.sketch.page import page

ui.frame("Sketch")
st.title("Sketch a digit", anchor=False)

there = choices()
link.read(there)
links.show_notices()
page(there)
