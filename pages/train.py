"""Train: choose settings, press the button, and watch."""

import streamlit as st

import ui
from ui.shared import runs, told_if_gone
from ui.train import form, view
from ui.train.state import STATE

ui.frame("Train")
st.title("Train a network", anchor=False)

config = STATE.arrive()
left, right = st.columns([1, 2.4], gap="large")
with left:
    form.settings_form(config)
run = runs().find(config.key)
STATE.write(**({"run": run.key} if run else {}))
with right, told_if_gone():
    view.show(config, run)
