"""What is said of a run whose newest state could not be written to its file, and the way to try once more."""

import streamlit as st

from core.runs import Run
from ui.shared import plain, runs


def tell_unsaved(run: Run) -> None:
    """Say that a run is not saved, and why; nothing of one that is. Of one that is over, offer to save it again."""
    if not run.unsaved:
        return
    if run.live:
        st.warning(
            f"{plain(run.unsaved)} The training goes on, and is saved when there is room.", icon=":material/save:"
        )
        return
    words = f"{plain(run.unsaved)} What was learnt is in this server's memory until it ends, and is saved when there is room."
    st.warning(words, icon=":material/save:")
    st.button("Save again", key=f"save_{run.key}", icon=":material/save:", on_click=runs().keep_what_was_left)
