"""How many settings are searched: one, two, or all of them."""

import streamlit as st

from core.search.grid import MOST_RUNS, SETTINGS
from ui.search.state import NO, NOTHING, STATE, YES, Wanted, usual
from ui.state import move

WAYS = {"one": "One setting", "two": "Two settings", "all": "All settings"}
KEY = "search_way"


def way(wanted: Wanted) -> None:
    """Draw the choice, which follows from what is set."""
    move(KEY, "all" if wanted.all == YES else "one" if wanted.second == NOTHING else "two")
    st.radio("What is searched", list(WAYS), format_func=WAYS.__getitem__, horizontal=True, key=KEY, on_change=_chosen)


def _chosen() -> None:
    chosen, now = st.session_state.get(KEY), STATE.now()  # a browser may send anything
    if chosen == "all":
        STATE.put(all=YES)
    elif chosen == "one":
        STATE.put(all=NO, second=NOTHING, second_values=(), column="", row="")
    elif chosen == "two" and now.second == NOTHING:
        second = next(name for name in ("batch_size", *SETTINGS) if name != now.setting)
        pairs = len(now.networks) * len(now.values) * len(usual(second))
        seeds = max(1, min(now.seeds, MOST_RUNS // max(pairs, 1)))
        STATE.put(all=NO, second=second, second_values=usual(second), seeds=seeds, column="", row="")
    else:
        STATE.put(all=NO)
