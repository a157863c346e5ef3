"""Runs: every run that there is, to compare, name, keep, take away and bring back."""

import streamlit as st

import ui
from ui import deletion, shelf_view
from ui.shared import runs

ui.frame("Runs")
st.title("Every run", anchor=False)
st.markdown("Tick one run to open, name or download it. Tick several, and their curves lie in one chart.")

shelf_view.read_link()
shelf_view.show_notices()
listed = shelf_view.filters()
shelf_view.write_link()
if listed:
    shelf_view.table(listed)
elif runs().all():
    st.info("No run is like this. Choose other filters, or clear the search.")
else:
    st.info("Nothing has been trained here yet. Train a network, or upload a run.")
    st.page_link("pages/train.py", label="**Train a network**", icon=":material/model_training:")

shelf_view.live()
deletion.offer_undo()
chosen, missing = shelf_view.chosen_runs()
for config in missing:
    shelf_view.not_trained(config)
if not chosen:
    st.stop()
if len(chosen) == 1:
    shelf_view.one_run(chosen[0])
else:
    shelf_view.several_runs(chosen)
shelf_view.overlay(chosen)
if len(chosen) > 1:
    shelf_view.differences(chosen)
