"""What is read: one image of 28x28 for each digit of a drawing, and where it comes from."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from core.images.codes import chosen, code_of_drawing
from core.sketch import preprocessing
from core.sketch.preprocessing import Part
from core.sketch.strokes import Strokes
from core.sketch.upload import MOST_DIGITS
from ui.shared import images_of
from ui.sketch.state import STATE, SketchState, desk


class Subject(NamedTuple):
    """What the networks are shown."""

    images: list[np.ndarray]  # each (28, 28), float32 from 0 to 1 or, of MNIST itself, uint8
    codes: list[str]  # their names in a link
    ink: np.ndarray | None = None  # what they were made of, (h, w) from 0 (paper) to 1, where it is here
    parts: Sequence[Part] = ()
    label: int | None = None  # of an image of MNIST
    name: str = ""
    strokes: Strokes = ()
    problem: str = ""  # why there is nothing to read, in one sentence


NOTHING = Subject([], [])
FIRST = {"upload": "Choose a picture"}  # what to do before there is anything; else something is drawn


def first(source: str) -> str:
    """What to do before there is anything to read."""
    return FIRST.get(source, "Draw something")


def of_ink(ink: np.ndarray, resized: bool, strokes: Strokes = ()) -> Subject:
    """What ink (h, w), float from 0 to 1, becomes, digit by digit; or merely `resized`."""
    parts = preprocessing.digits_apart(ink, paper=0.0)[:MOST_DIGITS]
    if not parts:
        return NOTHING
    images = [preprocessing.raw_resize(ink, paper=0.0)] if resized else [part.image for part in parts]
    return Subject(images, [code_of_drawing(image) for image in images], ink, parts, strokes=strokes)


def of_link(codes: Sequence[str]) -> Subject:
    """What an address names: an image of MNIST, or drawings."""
    found = [chosen(code, images_of) for code in codes]
    if not found:
        return NOTHING
    return Subject([one.image for one in found], list(codes), label=found[0].label, name=found[0].name)


def shown(subject: Subject, again: Callable[[], Subject], state: SketchState) -> Subject:
    """The subject, else, as long as nothing has been drawn, what the link has brought. Notes it for the address."""
    if subject.codes or subject.problem:
        desk().came = False
    elif desk().came:
        subject = again()
    if state.image != tuple(subject.codes):
        STATE.put(image=tuple(subject.codes))
    return subject
