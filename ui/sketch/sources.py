"""What can be read without the pad: an image of MNIST, a photo or scan, a grid for the keyboard."""

import base64
import binascii
import random
from pathlib import Path

import numpy as np
import streamlit as st

from core.charts.colours import inked
from core.data import PIXELS, SIDE
from core.images.codes import EACH, FIRST, OF_MNIST, chosen
from core.sketch import upload
from core.sketch.upload import UploadError
from ui.component import component
from ui.pictures import colours, data_url
from ui.shared import VANISHED, has_vanished, images_of
from ui.sketch.state import STATE, SketchState, desk
from ui.sketch.subject import NOTHING, Subject, of_ink, of_link, shown
from ui.state import move
from ui.words import linked

WIDTH = 280

_grid = component(Path(__file__).parent, "grid")


def mnist(state: SketchState) -> Subject:
    """Pick one of MNIST's images by its number, or any."""
    named = OF_MNIST.fullmatch(state.image[0]) if state.image else None
    part, number = (named[1], int(named[2])) if named else ("test", 0)
    move("sketch_part", part)
    move("sketch_number", number)
    code = f"{part}-{number}"
    if state.image != (code,):
        STATE.put(image=(code,))
    image = chosen(code, images_of)
    st.markdown(linked("**One of MNIST's images**"))
    st.image(data_url(inked(image.image, colours()), 10), width=WIDTH, alt=f"A handwritten {image.label}")
    with st.container(horizontal=True, vertical_alignment="bottom", width=WIDTH, key="mnist_controls"):
        st.number_input(
            "Number", FIRST[part], FIRST[part] + EACH - 1, key="sketch_number", on_change=_number_chosen, width=150
        )
        st.button("Any", key="sketch_any", icon=":material/casino:", on_click=_any, help="Another one, at random.")
    st.segmented_control(
        "Images",
        list(FIRST),
        format_func=str.capitalize,
        required=True,
        key="sketch_part",
        on_change=_any,
        label_visibility="collapsed",
    )
    return Subject([image.image], [code], label=image.label, name=image.name)


def _number_chosen() -> None:
    STATE.put(image=(f"{st.session_state.sketch_part}-{st.session_state.sketch_number}",))


def _any() -> None:
    part = st.session_state.sketch_part
    STATE.put(image=(f"{part}-{FIRST[part] + random.randrange(EACH)}",))


def photo(state: SketchState) -> Subject:
    """Upload a picture of a digit, or of several."""
    mine = desk()
    st.markdown("**A photo or scan of a digit**" if not mine.came else "**This picture came with the link.**")
    key = f"sketch_file_{mine.files}"
    file = st.file_uploader(
        "A photo or scan",
        ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff"],
        key=key,
        max_upload_size=upload.MAX_BYTES // 2**20,
        label_visibility="collapsed",
        width=WIDTH,
    )
    st.caption(
        "Dark on light or light on dark, on plain paper, one digit or several side by side. The photo is not kept."
    )
    if has_vanished(st.session_state.get(key)):
        return shown(Subject([], [], problem=VANISHED), lambda: NOTHING, state)
    if file is None:
        return shown(NOTHING, lambda: of_link(state.image), state)
    try:
        read = _read(file.getvalue())
    except UploadError as error:
        return shown(Subject([], [], problem=str(error)), lambda: NOTHING, state)
    st.image(data_url(_rgb(read.picture)), width=WIDTH, alt="The picture that was uploaded, upright")
    found = Subject([], [], problem=read.problem) if read.problem else of_ink(read.ink, state.resized)
    return shown(found, lambda: NOTHING, state)


@st.cache_data(max_entries=16, show_spinner="Looking for the ink …")
def _read(data: bytes) -> upload.Read:
    return upload.read(data)


def _rgb(picture: np.ndarray) -> np.ndarray:
    """A picture in RGB and small enough to travel inside the page; its transparent parts on white."""
    if picture.ndim == 2:
        picture = np.repeat(picture[:, :, None], 3, axis=2)
    if picture.shape[2] == 4:
        alpha = picture[:, :, 3:] / np.float32(255)
        picture = (picture[:, :, :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    step = -(-max(picture.shape[:2]) // 400)
    return np.ascontiguousarray(picture[::step, ::step])


def grid(state: SketchState) -> Subject:
    """A sheet of 28x28 that is drawn on with the keyboard alone, or pixel by pixel with a mouse."""
    mine = desk()
    cells = mine.cells
    if cells is None:  # what the link brought, or nothing
        brought = of_link(state.image) if mine.came else NOTHING
        cells = (brought.images[0] > 127).astype(np.uint8) if brought.images else np.zeros((SIDE, SIDE), np.uint8)
        mine.cells = cells
    st.markdown("**Draw with the keyboard**")
    result = _grid(
        key="sketch_grid",
        data={"cells": _coded(cells), "turn": mine.files},
        default={"cells": ""},
        on_cells_change=_noted,
        width=WIDTH,
    )
    del result  # the callback has it
    st.caption(
        "Arrow keys move. **Space** sets or clears a pixel, **Shift** with an arrow draws a line, **Delete** clears all. "
        "A mouse or a finger works too."
    )
    return shown(of_ink(cells.astype(np.float32), state.resized), lambda: of_link(state.image), state)


def _noted() -> None:
    """Take over what the grid says, if it is a grid."""
    given = st.session_state["sketch_grid"].get("cells")
    try:
        bits = base64.b64decode(given, validate=True) if isinstance(given, str) and len(given) < 200 else b""
    except (binascii.Error, ValueError):
        return
    if len(bits) == PIXELS // 8:
        desk().cells = np.unpackbits(np.frombuffer(bits, np.uint8)).reshape(SIDE, SIDE)


def _coded(cells: np.ndarray) -> str:
    return base64.b64encode(np.packbits(cells).tobytes()).decode()
