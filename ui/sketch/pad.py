"""The sketch page's pad: what is on it, and what takes it back."""

import numpy as np
import streamlit as st

from core.sketch.strokes import MOST_STROKES, Paper
from ui.pad import SIDE, heard, picture, sheet
from ui.sketch.state import PEN, STATE, Cleared, SketchState, desk
from ui.sketch.subject import Subject, of_ink, of_link, shown

PAD = "pad"
LABEL = "Sheet to draw a digit on with a mouse, a pen or a finger. Without one, choose the source Keyboard above."


def pad(state: SketchState) -> Subject:
    """Draw the pad and its controls. What is on it is read after every stroke."""
    _take()
    mine, paper = desk(), desk().paper
    st.markdown(
        "**Draw a digit**" if not mine.came else "**This drawing came with the link.** Draw here to begin your own."
    )
    sheet(PAD, paper, state.pen, LABEL, _take, _undo)
    subject = shown(_subject(paper, state.resized), lambda: of_link(state.image), state)
    if len(paper.strokes) == MOST_STROKES:
        st.caption(f"The paper is full, with {MOST_STROKES} strokes: undo one, or clear it.")
    with st.container(horizontal=True, key="pad_controls", width=SIDE, gap="xsmall"):
        st.button(
            "Undo",
            key="pad_undo",
            icon=":material/undo:",
            on_click=_undo,
            disabled=not (paper.strokes or mine.cleared),
            width="stretch",
        )
        st.button(
            "Clear",
            key="pad_clear",
            icon=":material/ink_eraser:",
            on_click=_clear,
            disabled=not (paper.strokes or subject.codes),
            width="stretch",
        )
        with st.popover("Pen", icon=":material/edit:", width="stretch"):
            st.slider("Width of the pen", int(PEN.low), int(PEN.high), key=STATE.key("pen"), format="%d px")
    return subject


def _take() -> None:
    """Take over what has been drawn since."""
    mine = desk()
    mine.paper = heard(PAD, mine.paper)


def _subject(paper: Paper, resized: bool) -> Subject:
    mine = desk()
    if mine.drawn is None or mine.drawn[0] is not paper:
        mine.drawn = paper, picture(paper)
    return of_ink(mine.drawn[1] / np.float32(255), resized, [stroke.points for stroke in paper.strokes])


def _undo() -> None:
    """Take back the last stroke; where there is none, put back what was cleared."""
    _take()
    mine = desk()
    if mine.paper.strokes:
        mine.paper = mine.paper.holding(mine.paper.strokes[:-1])
    elif mine.cleared:
        mine.paper, mine.came = mine.paper.holding(mine.cleared.strokes), bool(mine.cleared.image)
        STATE.put(image=mine.cleared.image)
        mine.cleared = None


def _clear() -> None:
    """Begin with empty paper."""
    _take()
    mine = desk()
    mine.cleared = Cleared(mine.paper.strokes, STATE.now().image if mine.came else ())
    mine.paper, mine.came = mine.paper.holding(()), False
