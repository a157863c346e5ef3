"""What the sketch page shows: its parameters, which are those of its address, and what lies on its desk.

`image` is no control: it names what is read, by core/images/codes.py's names, one for each digit. A drawing is there as its
28x28.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.config import PRESETS
from core.images.codes import DRAWING
from core.kinds import Choice, Range, SettingsError, exactly, objection, setting
from core.sketch.strokes import Paper, Stroke
from core.sketch.upload import MOST_DIGITS
from ui import links
from ui.parameters import Flag, ImageCode, RunAtEpoch, Several
from ui.state import PageState, Values

SOURCES = {"draw": "Draw", "test": "Test image", "upload": "Photo", "grid": "Keyboard"}
VIEWS = {"made": "How it is made", "why": "Why this answer?", "doubt": "When is it sure?", "ours": "Our handwriting"}
FIRST = ("MLP full", "CNN full", "CNN hands")  # the networks that one begins with, of those that are here
MOST_NETWORKS = 4
PEN = Range(4, 40, int)  # pixels of the pad


@dataclass(frozen=True)
class SketchState:
    run: tuple[str, ...] = setting(
        tuple(PRESETS[name].key for name in FIRST), Several(RunAtEpoch(), MOST_NETWORKS, "networks")
    )
    source: str = setting("draw", Choice(tuple(SOURCES)))
    view: str = setting("made", Choice(tuple(VIEWS)))
    pen: int = setting(18, PEN)
    resized: bool = setting(False, Flag())
    image: tuple[str, ...] = setting((), Several(ImageCode(), MOST_DIGITS, "digits"))


def _read(query: links.Link) -> tuple[Values, list[str]]:
    """Other pages say the epoch apart from the run. One that cannot be used is the last."""
    tokens, sentences = [], []
    for text in _listed(query, "run"):
        key, at, epoch = text.partition("@")
        epoch = epoch if at else "".join(_listed(query, "epoch")[:1])
        try:
            tokens.append(f"{key}@{exactly(RunAtEpoch.EPOCH, epoch)}" if epoch else key)
        except SettingsError as error:
            sentences.append(objection("epoch", error, "showing the last one"))
            tokens.append(key)
    values, said = STATE.read({**query, "run": tokens} if tokens else query)
    return values, sentences + said


def _complete(values: Values, taken: Collection[str]) -> Values:
    """An address with an image and no source has it where its kind comes from. One of MNIST's is shown alone."""
    images = values["image"]
    if len(images) > 1:
        images = tuple(code for code in images if code.startswith(DRAWING))
    if images and "source" not in taken:
        values = values | {"source": "draw" if images[0].startswith(DRAWING) else "test"}
    return values | {"image": images}


def _listed(query: links.Link, name: str) -> list[str]:
    value = query.get(name, [])
    return value if isinstance(value, list) else [value]


STATE = PageState.of("sketch", SketchState, reader=_read, complete=_complete, more=["epoch"])


class Cleared(NamedTuple):
    """What was on the paper before it was cleared: strokes, or images that came with a link."""

    strokes: tuple[Stroke, ...]
    image: tuple[str, ...]


@dataclass
class Desk:
    """What lies on a visitor's desk, of which no address tells."""

    paper: Paper = field(default_factory=Paper)  # of the pad
    drawn: tuple[Paper, np.ndarray] | None = None  # a paper and its picture, which one paper needs but once
    cleared: Cleared | None = None  # until it is put back, or something else is cleared
    files: int = 0  # uploads so far, and sheets of the grid
    cells: np.ndarray | None = None  # of the grid, (28, 28) of 0 and 1; None where nothing has been set yet
    came: bool = False  # whether what is shown came with a link, and nothing else has been drawn
    kept: tuple[str, int, int] | None = None  # the drawing that was labelled last: its code, its number, its label
    refused: str = ""  # why it was not kept


def desk() -> Desk:
    """This visitor's desk."""
    return st.session_state.setdefault("sketch_desk", Desk())


def clear_the_desk() -> None:
    """Whoever follows a link sees what it names, not what lay on the pad."""
    mine = desk()
    mine.files += 1
    mine.paper, mine.cleared = mine.paper.holding(()), None
    mine.cells, mine.came = None, bool(STATE.now().image)
