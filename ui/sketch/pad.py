"""The pad: a canvas for mouse, pen and finger."""

from typing import Any

import numpy as np
import streamlit as st

from core.sketch import preprocessing as sketch
from core.sketch import strokes
from core.sketch.upload import UploadError, picture
from ui.sketch.link import LIMITS, get, key_of
from ui.sketch.subject import NOTHING, Subject, of_ink, of_link, shown

SIDE = 280  # pixels: what the narrowest phone has room for
CANVAS = "sketch_canvas"
PAPER, INK = "#ffffff", "#000000"  # in either theme, or what was drawn in one could not be seen in the other
NO_STROKES: dict[str, Any] = {"objects": []}


def pad() -> Subject:
    """Draw the pad and its controls. What is on it is read after every stroke."""
    state = st.session_state
    state.setdefault("sketch_pad", 0)
    state.setdefault("sketch_paper", {"objects": []})
    came = bool(state.get("sketch_came"))
    st.markdown("**Draw a digit**" if not came else "**This drawing came with the link.** Draw here to begin your own.")
    subject = shown(_drawn(), lambda: of_link(get("image")))
    with st.container(horizontal=True, key="pad_controls", width=SIDE):
        st.button(
            "Undo",
            key="pad_undo",
            icon=":material/undo:",
            on_click=_undo,
            disabled=not strokes.paths(state.sketch_paper),
            width="stretch",
        )
        st.button(
            "Clear",
            key="pad_clear",
            icon=":material/ink_eraser:",
            on_click=clear,
            disabled=not (strokes.paths(state.sketch_paper) or subject.codes),
            width="stretch",
        )
    pens = LIMITS["pen"]
    st.slider("Width of the pen", int(pens.low), int(pens.high), key=key_of("pen"), format="%d px", width=SIDE)
    return subject


def clear() -> None:
    """Begin with empty paper."""
    _lay(NO_STROKES)
    st.session_state.sketch_came = False


def _undo() -> None:
    paper = st.session_state.sketch_paper
    _lay(paper | {"objects": strokes.paths(paper)[:-1]})


def _lay(paper: dict[str, Any]) -> None:
    """Put other paper on the pad. Until the canvas has taken it, it still says what was there before."""
    state = st.session_state
    state.sketch_before = [*state.get("sketch_before", []), strokes.paths(state.sketch_paper)]
    state.sketch_pad += 1
    state.sketch_paper = state.sketch_begun = paper


def _drawn() -> Subject:
    """The canvas, and what is on it."""
    from streamlit_drawable_canvas import st_canvas  # here: outside of a server it refuses to be imported

    state = st.session_state
    if CANVAS not in state:  # a new canvas: the paper that it begins with must stay the same while one draws
        state.sketch_begun, state.sketch_before = state.sketch_paper, []
    st.html(f"<style>.st-key-pad {{ background: {PAPER}; }}</style>")  # a background of the canvas's own undoes strokes
    with st.container(key="pad", width=SIDE):
        result = st_canvas(
            stroke_width=get("pen"),
            stroke_color=INK,
            height=SIDE,
            width=SIDE,
            # Only a drawing that differs from the last one is taken, so every paper has a number.
            initial_drawing={"objects": strokes.paths(state.sketch_begun), "paper": state.sketch_pad},
            return_image_data=True,
            key=CANVAS,
        )
    raw = result.json_data if isinstance(result.json_data, dict) else NO_STROKES
    if strokes.paths(raw) in state.sketch_before:
        return _of_paper()
    state.sketch_before = []
    state.sketch_paper = {"objects": strokes.paths(raw)}
    try:
        ink = _ink(result)
    except UploadError as error:
        return Subject([], [], problem=str(error))
    return _of_paper() if ink is None else of_ink(ink, strokes.of_canvas(raw))


def _of_paper() -> Subject:
    """The strokes on the paper, while the canvas has not yet sent a picture of them."""
    paper = st.session_state.sketch_paper
    if not strokes.paths(paper):
        return NOTHING
    return of_ink(strokes.drawn(paper, SIDE) / np.float32(255), strokes.of_canvas(paper))


def _ink(result) -> np.ndarray | None:
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
    return pixels[:, :, 3] / np.float32(255) if pixels.shape[2:] == (4,) else sketch.ink_of(pixels, paper=1.0)
