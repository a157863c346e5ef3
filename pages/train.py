"""Train: choose settings, press the button, and watch."""

import streamlit as st

import ui
from ui import links
from ui.shared import runs, told_if_gone
from ui.train import form, view

ui.frame("Train")
st.title("Train a network", anchor=False)

form.read_link(runs())
left, right = st.columns([1, 2.4], gap="large")
with left:
    config = form.settings_form()
run = runs().find(config.key)
form.write_link(config, run)
with right, told_if_gone():
    links.show_notices()
    view.show(config, run)
