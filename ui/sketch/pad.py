"""The pad: a canvas for mouse, pen and finger."""

from typing import Any

import numpy as np
import streamlit as st

from core.sketch import preprocessing, strokes
from core.sketch.upload import UploadError, picture
from ui.sketch.state import PEN, STATE, SketchState, desk
from ui.sketch.subject import NOTHING, Subject, of_ink, of_link, shown

SIDE = 280  # pixels: what the narrowest phone has room for
CANVAS = "sketch_canvas"
PAPER, INK = "#ffffff", "#000000"  # in either theme, or what was drawn in one could not be seen in the other
NO_STROKES: dict[str, Any] = {"objects": []}


def pad(state: SketchState) -> Subject:
    """Draw the pad and its controls. What is on it is read after every stroke."""
    mine = desk()
    st.markdown(
        "**Draw a digit**" if not mine.came else "**This drawing came with the link.** Draw here to begin your own."
    )
    subject = shown(_drawn(state), lambda: of_link(state.image), state)
    with st.container(horizontal=True, key="pad_controls", width=SIDE):
        st.button(
            "Undo",
            key="pad_undo",
            icon=":material/undo:",
            on_click=_undo,
            disabled=not strokes.paths(mine.paper),
            width="stretch",
        )
        st.button(
            "Clear",
            key="pad_clear",
            icon=":material/ink_eraser:",
            on_click=clear,
            disabled=not (strokes.paths(mine.paper) or subject.codes),
            width="stretch",
        )
    st.slider("Width of the pen", int(PEN.low), int(PEN.high), key=STATE.key("pen"), format="%d px", width=SIDE)
    return subject


def clear() -> None:
    """Begin with empty paper."""
    _lay(NO_STROKES)
    desk().came = False


def _undo() -> None:
    paper = desk().paper
    _lay(paper | {"objects": strokes.paths(paper)[:-1]})


def _lay(paper: dict[str, Any]) -> None:
    """Put other paper on the pad. Until the canvas has taken it, it still says what was there before."""
    mine = desk()
    mine.before = [*mine.before, strokes.paths(mine.paper)]
    mine.pads += 1
    mine.paper = mine.begun = paper


def _drawn(state: SketchState) -> Subject:
    """The canvas, and what is on it."""
    from streamlit_drawable_canvas import st_canvas  # here: outside of a server it refuses to be imported

    mine = desk()
    if CANVAS not in st.session_state:  # a new canvas: the paper that it begins with must stay the same while one draws
        mine.begun, mine.before = mine.paper, []
    st.html(f"<style>.st-key-pad {{ background: {PAPER}; }}</style>")  # a background of the canvas's own undoes strokes
    with st.container(key="pad", width=SIDE):
        result = st_canvas(
            stroke_width=state.pen,
            stroke_color=INK,
            height=SIDE,
            width=SIDE,
            # Only a drawing that differs from the last one is taken, so every paper has a number.
            initial_drawing={"objects": strokes.paths(mine.begun), "paper": mine.pads},
            return_image_data=True,
            key=CANVAS,
        )
    raw = result.json_data if isinstance(result.json_data, dict) else NO_STROKES
    if strokes.paths(raw) in mine.before:
        return _of_paper(state)
    mine.before, mine.paper = [], {"objects": strokes.paths(raw)}
    try:
        ink = _ink(result)
    except UploadError as error:
        return Subject([], [], problem=str(error))
    return _of_paper(state) if ink is None else of_ink(ink, state.resized, strokes.of_canvas(raw))


def _of_paper(state: SketchState) -> Subject:
    """The strokes on the paper, while the canvas has not yet sent a picture of them."""
    paper = desk().paper
    if not strokes.paths(paper):
        return NOTHING
    return of_ink(strokes.drawn(paper, SIDE) / np.float32(255), state.resized, strokes.of_canvas(paper))


def _ink(result: Any) -> np.ndarray | None:
    """The ink on the canvas, (280, 280) float32 from 0 to 1; None before the first stroke. Raises UploadError for anything
    else."""
    try:
        data = result.image_bytes
    except (ValueError, AttributeError, TypeError):
        raise UploadError("The drawing did not arrive whole: draw once more.") from None
    if data is None:
        return None
    pixels = picture(data, longest=5_000)
    if pixels.shape[:2] != (SIDE, SIDE):
        height, width = pixels.shape[:2]
        raise UploadError(f"The drawing has {width:,} x {height:,} pixels, the pad {SIDE} x {SIDE}: draw once more.")
    return pixels[:, :, 3] / np.float32(255) if pixels.shape[2:] == (4,) else preprocessing.ink_of(pixels, paper=1.0)
