"""The pad: a canvas for mouse, pen and finger."""

from typing import Any

import numpy as np
import streamlit as st

from core import strokes
from core.paint import Colours
from core.upload import UploadError, picture
from ui.pictures import colours
from ui.sketch.link import LIMITS, get, key_of
from ui.sketch.subject import NOTHING, Subject, of_drawing, of_link, shown

SIDE = 280  # pixels: what the narrowest phone has room for


def pad() -> Subject:
    """Draw the pad and its controls. What is on it is read after every stroke."""
    state = st.session_state
    state.setdefault("sketch_pad", 0)
    state.setdefault("sketch_paper", {"objects": []})
    came = bool(state.get("sketch_came"))
    st.markdown("**Draw a digit**" if not came else "**This drawing came with the link.** Draw here to begin your own.")
    subject = shown(_drawn(colours()), lambda: of_link(get("image")))
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


NO_STROKES: dict[str, Any] = {"objects": []}


def _undo() -> None:
    paper = st.session_state.sketch_paper
    _lay(paper | {"objects": strokes.paths(paper)[:-1]})


def _lay(paper: dict[str, Any]) -> None:
    """Put other paper on the pad. The canvas takes it only under another key, and is silent until the next stroke."""
    st.session_state.sketch_pad += 1
    st.session_state.sketch_paper = paper


def _drawn(theme: Colours) -> Subject:
    """The canvas, and what is on it."""
    from streamlit_drawable_canvas import st_canvas  # here: outside of a server it refuses to be imported

    state = st.session_state
    key = f"sketch_canvas_{state.sketch_pad}"
    if key not in state:  # the paper that a new canvas begins with; it must stay the same while one draws
        state.sketch_begun = state.sketch_paper
    with st.container(key="pad", width=SIDE):
        result = st_canvas(
            stroke_width=get("pen"),
            stroke_color="#{:02x}{:02x}{:02x}".format(*theme.ink),
            height=SIDE,
            width=SIDE,
            initial_drawing=state.sketch_begun if strokes.paths(state.sketch_begun) else None,
            return_image_data=True,
            key=key,
        )
    raw = result.json_data if isinstance(result.json_data, dict) else NO_STROKES
    state.sketch_paper = {"objects": strokes.paths(raw)}
    try:
        drawing = _pixels(result)
    except UploadError as error:
        return Subject([], [], problem=str(error))
    if drawing is None and not state.sketch_paper["objects"]:
        return NOTHING
    if drawing is None:
        drawing = strokes.drawn(raw, SIDE)
    return of_drawing(drawing, strokes.of_canvas(raw))


def _pixels(result) -> np.ndarray | None:
    """What the canvas shows, (280, 280, 4) uint8; None before the first stroke. Raises UploadError for anything else."""
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
    return pixels
