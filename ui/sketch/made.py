"""How a drawing becomes what the networks receive, step by step; and what it would be if it were merely resized."""

import base64
import io
from collections.abc import Sequence

import numpy as np
import streamlit as st
from PIL import Image

from core.charts.colours import floats, inked
from core.images.ready import fit
from core.sketch import preprocessing
from core.sketch.preprocessing import Part
from ui.pictures import colours, data_url
from ui.sketch.answers import Voice
from ui.sketch.pens import learnt_from
from ui.sketch.state import STATE
from ui.sketch.subject import Subject, first
from ui.words import linked

SIDE = 140  # pixels of a step's picture
STEPS = {
    "raw": ("Drawn", "All that is on the paper."),
    "cropped": ("Cropped", "What lies around the ink is gone, and so are specks."),
    "pen": ("Pen", "The pen is made as wide as MNIST's pens were."),
    "scaled": ("Scaled", "The longer side gets 20 pixels, with soft edges."),
    "centred": ("Centred", "The centre of mass moves to the middle of 28 × 28."),
}


def made(subject: Subject, source: str, asked: list[Voice]) -> None:
    """Draw the steps of a drawing, and the switch that leaves them out."""
    st.toggle(
        "Merely resize the drawing instead",
        key=STATE.key("resized"),
        disabled=subject.ink is None and bool(subject.codes),
        help="What most demonstrations do. Draw a small digit in a corner, and see what it does to the answers.",
    )
    if subject.ink is None:
        there = "This image came ready: there are no steps to show." if subject.codes else f"{first(source)} to see it."
        st.caption(
            linked(
                f"MNIST's images were cropped, scaled and centred. A drawing has to be treated the same way. {there}"
            )
        )
        return
    if len(subject.parts) > 1:
        _digits(subject.ink, subject.parts)
        return
    found = preprocessing.steps(subject.ink, paper=0.0)
    with st.container(horizontal=True, gap="medium", key="steps"):
        for name, (head, words) in STEPS.items():
            with st.container(width=SIDE + 12, gap="xsmall"):
                st.markdown(f"**{head}**")
                st.image(_on_paper(getattr(found, name), name == "centred"), width=SIDE, alt=f"{head}: {words}")
                st.caption(words)
    if found.cropped.any():
        learnt_from(found.cropped, asked)


def _digits(ink: np.ndarray, parts: Sequence[Part]) -> None:
    """The drawing with a box around every digit that was found."""
    height, width = ink.shape
    picture = inked((ink * 255).astype(np.uint8), colours())
    line = max(1, round(max(height, width) / 140))
    for part in parts:
        top, left, bottom, right = part.box
        top, left = max(0, top - 2 * line), max(0, left - 2 * line)
        frame = picture[top : bottom + 2 * line, left : right + 2 * line]
        frame[:line] = frame[-line:] = frame[:, :line] = frame[:, -line:] = colours().line
    step = max(1, -(-max(height, width) // 560))
    st.image(
        data_url(np.ascontiguousarray(picture[::step, ::step])),
        width=min(280, width),
        alt=f"The drawing, with boxes around {len(parts)} digits",
    )
    st.caption("Ink that stands apart is a digit of its own. Each box is cropped, scaled and centred for itself.")


def _on_paper(ink: np.ndarray, pixels: bool) -> str:
    """A step's ink in the middle of a square of paper, as a data URL; `pixels` keeps each of its pixels visible.

    Written as grey levels with a palette: a picture in colours would take five times as long, after every stroke.
    """
    scale = SIDE // max(ink.shape) if pixels or max(ink.shape) <= 28 else 0
    large = ink.repeat(scale, axis=0).repeat(scale, axis=1) if scale else fit(ink, SIDE)
    square = np.zeros((SIDE, SIDE), np.float32)
    top, left = (SIDE - large.shape[0]) // 2, (SIDE - large.shape[1]) // 2
    square[top : top + large.shape[0], left : left + large.shape[1]] = large
    image = Image.frombytes("P", (SIDE, SIDE), (square.clip(0, 1) * 255).astype(np.uint8).tobytes())
    paper, ink_colour = floats(colours().paper), floats(colours().ink)
    paper = 0.95 * paper + 0.05 * ink_colour  # stands out from the page
    ramp = np.linspace(paper, ink_colour, 256).round().astype(np.uint8)
    image.putpalette(ramp.tobytes())
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
