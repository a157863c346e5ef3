"""For a teacher: a link to a lesson with chosen things hidden, a QR code of it, and a worksheet to print."""

import segno
import streamlit as st

from core.lessons.course import COURSE, ORDER
from core.lessons.worksheet import worksheet
from ui import share
from ui.lessons.state import HIDDEN, STATE, LessonsState


def class_link(state: LessonsState) -> None:
    """Draw it folded: nothing of it is computed before somebody opens it."""
    folded = st.expander(
        "For a class: a link, a QR code, a worksheet", icon=":material/school:", on_change="rerun", key="class_link"
    )
    if not folded.open:
        return
    with folded:
        hidden = st.multiselect(
            "Hide from those who follow the link",
            list(HIDDEN),
            format_func=HIDDEN.__getitem__,
            key="class_hide",
            placeholder="Nothing",
            help="Each of them sees the question, predicts, and runs the experiment. What is hidden is left out of their page: it is no lock, "
            "since it stands in the address.",
        )
        link = share.address(STATE.link(LessonsState(state.lesson, tuple(hidden), {})))
        share.show(link)
        with st.container(horizontal=True):
            _download("This lesson to print", "lesson", [state.lesson], tuple(hidden))
            _download("All ten to print", "lessons", list(ORDER), tuple(hidden))
        st.caption("A page of HTML: open it in a browser and print it, or save it as a PDF there.")


def _download(words: str, name: str, lessons: list[str], hidden: tuple[str, ...]) -> None:
    links = [share.address(STATE.link(LessonsState(lesson, hidden, {}))) for lesson in lessons]
    st.download_button(
        words,
        lambda: worksheet(lessons, list(map(_code, links))),
        f"digit_lab_{name}.html",
        "text/html",
        key=f"download_{name}",
        icon=":material/print:",
        on_click="ignore",
    )


def _code(link: str) -> str:
    """A link as a QR code in SVG; empty where the browser does not say where it is."""
    return segno.make_qr(link).svg_inline(scale=3) if link else ""


def done(state: LessonsState) -> str:
    """How far one has come, in words."""
    n = len(state.predictions)
    return f"{n} of {len(COURSE)} predicted" + (": all of them." if n == len(COURSE) else ".")
