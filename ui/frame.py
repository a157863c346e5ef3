"""What is around every page: its title in the tab, and the sidebar."""

from pathlib import Path

import streamlit as st

from core.kinds import SettingsError
from ui import links, looked_at, share, visitors
from ui.component import component
from ui.shared import plain, runs

PAGES = {
    "train": ("Train", "model_training"),
    "overfitting": ("Over-fitting", "stacked_line_chart"),
    "search": ("Search", "tune"),
    "runs": ("Runs", "library_books"),
    "confusion": ("Confusion", "grid_on"),
    "weights": ("Weights", "visibility"),
    "sketch": ("Sketch", "draw"),
    "lessons": ("Lessons", "school"),
    "report": ("Report", "menu_book"),
    "glossary": ("Glossary", "dictionary"),
}

HERE = Path(__file__).parent
ICON = str(HERE / "icon.png")  # a file of ours: any other kind of icon makes the browser ask a stranger
# One component for what every page needs, and each page's own looks: one more takes a browser 40 ms.
_frame = component(HERE, "frame", looks=sorted(HERE.glob("*/looks.css")))


def frame(title: str | None = None) -> None:
    """Set the tab's title and draw the sidebar. The first call of every page."""
    links.enter(title or "Home")
    st.set_page_config(
        page_title=f"{title} · Digit Lab" if title else "Digit Lab",
        page_icon=ICON,
        layout="wide",
        initial_sidebar_state="auto",
    )
    _require_settings()
    looked_at.come(title or "")
    with st.sidebar:
        _frame(key="frame", data={"cookie": visitors.new_cookie()}, height=0)
        st.markdown("Digit Lab")  # no heading: the page's own comes first
        st.caption("Two networks learn to read handwritten digits, and you watch.")
        with st.container(key="pages"):
            st.page_link("app.py", label="Home", icon=":material/home:")
            for page, (label, icon) in PAGES.items():
                there = None if label == title else looked_at.way(page)  # bare: it is here
                st.page_link(f"pages/{page}.py", label=label, icon=f":material/{icon}:", query_params=there)
        share.popover()
        visitors.sign_in_form()
        visitors.teacher_form()


def _require_settings() -> None:
    """Draw nothing else where the host's settings cannot be used: they decide who may do what."""
    try:
        runs()
    except SettingsError as error:
        st.error(
            f"The settings of this Digit Lab cannot be used: {plain(str(error))}", icon=":material/settings_alert:"
        )
        st.stop()
