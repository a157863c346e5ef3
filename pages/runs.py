"""Runs: every run that there is, to compare, name, keep, take away and bring back."""

import streamlit as st

import ui
from core.search.groups import grouped
from ui import deletion
from ui.runs import actions, filters, overlay, table
from ui.runs.state import STATE
from ui.shared import runs, tell_what_is_left_out, tell_what_made_way
from ui.tables import first_of

ui.frame("Runs")
st.title("Every run", anchor=False)
st.markdown("Tick one run to open, name or download it. Tick several, and their curves lie in one chart.")

state = STATE.arrive(came=table.open_what_is_partly_ticked)
listed = filters.filters(state)
STATE.write()
if listed:
    groups = grouped(listed) if state.grouped else [[run] for run in listed]
    what = "runs" if len(groups) == len(listed) else "rows"
    table.table(first_of(groups, "every_row", what), state.runs, state.opened)
elif runs().all():
    st.info("No run is like this. Choose other filters, or clear the search.")
else:
    st.info("Nothing has been trained here yet. Train a network, or upload a run.")
    st.page_link("pages/train.py", label="**Train a network**", icon=":material/model_training:")
tell_what_is_left_out()
tell_what_made_way()

table.live()
deletion.offer_undo()
chosen, missing = actions.chosen_runs(state.runs)
for config in missing:
    actions.not_trained(config)
if not chosen:
    st.stop()
if len(chosen) == 1:
    actions.one_run(chosen[0])
else:
    actions.several_runs(chosen)
overlay.draw(chosen, state)
