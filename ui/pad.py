"""A sheet to draw on with mouse, pen and finger. It tells of its strokes; what they are kept for is up to the page."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import streamlit as st

from core.sketch import strokes
from core.sketch.strokes import MOST_POINTS, MOST_STROKES, Paper
from ui.component import component

SIDE = 280  # pixels, as in pad.js: what the narrowest phone has room for

_pad = component(Path(__file__).parent, "pad")


def sheet(
    key: str,
    paper: Paper,
    pen: int,
    label: str,
    on_paper: Callable[[], None],
    on_undo: Callable[[], None],
    hint: str = "",
) -> None:
    """Draw the sheet with what is on the paper, for a pen so many pixels wide.

    `label` is its name for those who cannot see it, `hint` what it says as long as it is empty. `on_paper` is called after
    every stroke, `on_undo` when Ctrl and Z are pressed over it.
    """
    _pad(
        key=key,
        data={
            "drawn": paper.drawn,
            "strokes": [stroke._asdict() for stroke in paper.strokes],
            "pen": pen,
            "label": label,
            "hint": hint,
            "most_strokes": MOST_STROKES,
            "most_points": MOST_POINTS,
        },
        on_paper_change=on_paper,
        on_undo_change=on_undo,
    )


def heard(key: str, paper: Paper) -> Paper:
    """The paper with what has been drawn since on the sheet of this key."""
    return paper.and_then(strokes.paper_of(st.session_state.get(key, {}).get("paper")))


def picture(paper: Paper) -> np.ndarray:
    """What is on the paper: (SIDE, SIDE) uint8, 0 paper to 255 ink."""
    return strokes.drawn(paper.strokes, SIDE)
