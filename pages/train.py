"""Train: choose settings, press the button, and watch."""

import streamlit as st

import ui
from ui.shared import runs, told_if_gone
from ui.train import form, rates, view
from ui.train.state import STATE, come_from, forget_where_from

ui.frame("Train")
st.title("Train a network", anchor=False)
st.markdown("Choose settings, train, and see what one change does.")

shown = STATE.arrive(came=forget_where_from)
left, right = st.columns([1, 2.4], gap="large")
with left:
    form.settings_form(shown.config)
run = runs().find(shown.config.key)
shown = come_from(shown, run)
STATE.write(**({"run": run.key} if run else {}))
with right, told_if_gone():
    view.show(shown, run)
if shown.rates:
    rates.dialog(shown.config)
