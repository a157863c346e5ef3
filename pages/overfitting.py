"""Over-fitting: the same network on training sets of several sizes, side by side."""

import streamlit as st

import ui
from core.kinds import SettingsError
from ui.overfitting import form, view
from ui.overfitting.state import STATE
from ui.search.order import order
from ui.words import linked

ui.frame("Over-fitting")
st.title("What does more data buy?", anchor=False)
st.markdown(
    linked(
        "A network that has seen few images can learn them by heart and still fail on new ones: that is **over-fitting**. "
        "Train the same network on several sizes of the same data, and watch whether its two curves part: how often it is right on the "
        "images it learns from, and on new ones."
    )
)
wanted = STATE.arrive()
form.form(wanted)
try:
    sweep = wanted.sweep
except SettingsError as error:
    st.info(str(error), icon=":material/touch_app:")
    st.stop()
STATE.write()
order(sweep.configs(), "sweep", "Choose other sizes, more seeds or another network to go on.")
view.panels(sweep, wanted.along)
