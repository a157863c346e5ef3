"""What is around every page: its title in the tab, and the sidebar."""

from pathlib import Path

import streamlit as st

ICON = str(
    Path(__file__).parent / "icon.png"
)  # a file of ours: any other kind of icon makes the browser ask a stranger


def frame(title: str | None = None) -> None:
    """Set the tab's title and draw the sidebar. The first call of every page."""
    st.set_page_config(
        page_title=f"{title} · Digit Lab" if title else "Digit Lab",
        page_icon=ICON,
        layout="wide",
        initial_sidebar_state="auto",
    )
    with st.sidebar:
        st.markdown("### Digit Lab")
        st.caption("Two networks learn to read handwritten digits, and you watch.")
        st.page_link("app.py", label="Home", icon=":material/home:")
        st.page_link("pages/train.py", label="Train", icon=":material/model_training:")
        st.page_link("pages/overfitting.py", label="Over-fitting", icon=":material/stacked_line_chart:")
        st.page_link("pages/runs.py", label="Runs", icon=":material/library_books:")
        st.page_link("pages/confusion.py", label="Confusion", icon=":material/grid_on:")
        st.page_link("pages/weights.py", label="Inside", icon=":material/visibility:")
        st.page_link("pages/sketch.py", label="Sketch", icon=":material/draw:")
