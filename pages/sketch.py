"""Sketch: draw a digit, and the networks answer while you draw."""

import streamlit as st

import ui
from ui.confusion.look import choices
from ui.sketch.page import page
from ui.sketch.state import STATE, clear_the_desk

ui.frame("Sketch")
st.title("Sketch a digit", anchor=False)

there = choices()
STATE.arrive(there, came=clear_the_desk)
page(there)
