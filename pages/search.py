"""Search: the same network with several values of one setting, of two, or of all of them."""

import streamlit as st

import ui
from core.kinds import SettingsError
from ui.search import form, view
from ui.search.order import order
from ui.search.state import STATE, YES
from ui.search.study_view import study_page
from ui.search.way import way
from ui.shared import plain
from ui.words import linked

ui.frame("Search")
st.title("What does a setting do?", anchor=False)
st.markdown(
    linked(
        "Choose a setting and several of its values: the same network is trained with each of them, with several seeds. Too little of "
        "some settings, and the network **under-fits**; too much, and it over-fits or diverges. A second setting shows whether the best "
        "value of the one depends on the other. All settings together are searched by trying many runs, to see which of them are best."
    )
)
wanted = STATE.arrive()
way(wanted)
if wanted.all == YES:
    study_page(wanted)
    st.stop()
form.form(wanted)
try:
    grid = wanted.grid
except SettingsError as error:
    st.info(plain(str(error)), icon=":material/touch_app:")
    st.stop()
STATE.write(wanted.unsaid())
order(grid.configs(), "search", "Choose other values, more seeds or another setting to go on.")
view.view(grid, wanted)
