"""Sketch: draw a digit, and the networks answer while you draw."""

import streamlit as st

import ui
from ui.run_picker import choices
from ui.sketch.page import page
from ui.sketch.state import STATE, clear_the_desk

ui.frame("Sketch")
st.title("Sketch a digit", anchor=False)

there = choices("ask it here what it reads in your drawing")
STATE.arrive(there, came=clear_the_desk)
page(there)
