"""Over-fitting: the same network on training sets of several sizes, side by side."""

import streamlit as st

import ui
from core.sweep import PARAMETERS, from_link, to_link
from ui import links
from ui.overfitting import form, view

ui.frame("Over-fitting")
st.title("What does more data buy?", anchor=False)
st.markdown(
    "A network that has seen few images can learn them by heart and still fail on new ones: that is **over-fitting**. "
    "Train the same network on several sizes of the same data, and watch whether its two curves part: how often it is right on the "
    "images it learns from, and on new ones."
)
query = links.arriving("overfitting", PARAMETERS)
if query is not None:
    sweep, notices = from_link(query)
    st.session_state.sweep_brought = sweep
    links.note(notices)
    form.set_form(sweep)
sweep = form.form()
links.write("overfitting", to_link(sweep))
links.show_notices()
view.order(sweep)
view.panels(sweep)
