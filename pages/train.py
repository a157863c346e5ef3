"""Train: choose settings, press the button, and watch."""

import streamlit as st

import ui
from ui import links
from ui.shared import runs, told_if_gone
from ui.train import form as settings
from ui.train import view as run_view

ui.frame("Train")
st.title("Train a network", anchor=False)

settings.read_link(runs())
form, view = st.columns([1, 2.4], gap="large")
with form:
    config = settings.settings_form()
run = runs().find(config.key)
settings.write_link(config, run)
with view, told_if_gone():
    links.show_notices()
    run_view.show(config, run)
