"""What a visitor does first: draw a digit, or tap one that somebody else wrote, and two networks say what they read.

The CNN needs torch, which may not be there yet: the page does not wait for it, and the MLP has answered meanwhile.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from core.analysis.doubt import SURE
from core.charts.colours import Colours, inked
from core.config import PRESETS
from core.data import CLASSES
from core.images.codes import levels
from core.runs import Run
from core.sketch.strokes import Paper
from core.words import article, percent
from ui.component import component
from ui.pad import heard, picture, sheet
from ui.pictures import colours, data_url
from ui.predictions import epochs_of, model, version
from ui.shared import images_of, runs, told_if_gone, torch_is_here

PAD, TRAY = "home_pad", "home_tray"
PEN = 18  # pixels of the pad
# Test images: the MLP takes the first for a 6, the fourth for a 3 and the seventh for a 0; the others it reads.
WRITTEN = (8, 30, 1, 684, 19, 21, 2098, 84)
NETWORKS = {
    "MLP full": "Multi-layer perceptron",
    "CNN full": "Convolutional network",
}

_answer = component(Path(__file__).parent, "answer")
_tray = component(Path(__file__).parent, "tray")


@dataclass
class Desk:
    """What a visitor asks about: the paper, else one of the digits that are there to be tapped."""

    paper: Paper = field(default_factory=Paper)
    tapped: int | None = 0  # its place in the tray
    touched: bool = False  # whether anything was done here


class Question(NamedTuple):
    """What the networks are shown."""

    images: list[np.ndarray]  # each (28, 28): float32 from 0 to 1, or of MNIST uint8
    label: int | None = None  # what it is, where that is known
    words: str = ""


def networks() -> dict[str, Run]:
    """The report's two networks by what they are called here, as far as this server has them."""
    found = {name: runs().find(PRESETS[preset].key) for preset, name in NETWORKS.items()}
    return {name: run for name, run in found.items() if run is not None and run.summary is not None}


@st.fragment
@told_if_gone()
def ask() -> None:
    """Draw the pad, the tray and what the networks answer. The rest of the page stays as it is."""
    _take()
    mine, asked, labels = _desk(), networks(), images_of("test")[1]
    with st.container(horizontal=True, gap="small", key="home_ask"):
        with st.container(key="home_sheet"):
            sheet(
                PAD,
                mine.paper,
                PEN,
                "Sheet to draw a digit on with a mouse, a pen or a finger. Without one, choose one of the digits below.",
                _take,
                _undo,
                hint="Draw a digit",
            )
        question = _question(mine)
        with st.container(key="home_answers", gap="small"):
            for name, run in asked.items():
                _draw(name, run, question, mine.touched)
    _tray(
        key=TRAY,
        data={
            "pictures": _written(colours()),
            "names": [
                f"{article(label).capitalize()} {label} that somebody wrote" for label in map(int, labels[[*WRITTEN]])
            ],
            "pressed": mine.tapped,
            "words": question.words,
            "drawn": bool(mine.paper.strokes),
        },
        on_tapped_change=_tap,
        on_clear_change=_clear,
    )


def _desk() -> Desk:
    return st.session_state.setdefault("home_desk", Desk())


def _question(mine: Desk) -> Question:
    if mine.tapped is not None:
        images, labels = images_of("test")
        label = int(labels[WRITTEN[mine.tapped]])
        words = f"Somebody wrote {article(label)} {label}. Neither network has learnt from it."
        return Question([images[WRITTEN[mine.tapped]]], label, words)
    from core.sketch import preprocessing  # with SciPy, for which the page does not wait either
    from core.sketch.upload import MOST_DIGITS

    ink = picture(mine.paper) / np.float32(255)
    parts = preprocessing.digits_apart(ink, paper=0.0)[:MOST_DIGITS]
    said = "Draw a digit, or tap one of these." if not parts else "That is yours. Clear it for the next one."
    return Question([part.image for part in parts], words=said)


def _draw(name: str, run: Run, question: Question, touched: bool) -> None:
    """Draw a network's answer; where torch would have to be waited for, and nobody has asked for anything, none."""
    waits = run.config.network == "cnn" and not (touched or torch_is_here())
    probs = None
    if question.images and not waits:
        probs = model(version(run, epochs_of(run)[-1])).predict_proba(np.stack(question.images))
    _answer(key=f"home_{run.config.network}", data={"name": name, **_said(probs, question.label, waits, SURE[run.key])})
    if waits and not runs().hosting.sparing:
        _look_again()


def _said(probs: np.ndarray | None, label: int | None, waits: bool, sure: float) -> dict[str, Any]:
    """An answer as answer.js draws it; `probs` (n, 10) are those of n digits from left to right, doubted below `sure`."""
    if probs is None:
        return {"digit": "–", "sure": "answers your digit" if waits else "", "verdict": "", "shares": [0.0] * CLASSES}
    number = "".join(map(str, probs.argmax(axis=1).tolist()))
    least = float(probs.max(axis=1).min())
    verdict = "" if label is None else "right" if number == str(label) else "wrong"
    if not verdict and least < sure:
        verdict = "not sure"
    shares = [round(float(p), 3) for p in probs[0]] if len(probs) == 1 else []
    return {
        "digit": number,
        "sure": percent(least) + (" sure" if len(probs) == 1 else " at least"),
        "verdict": verdict,
        "shares": shares,
    }


@st.fragment(run_every=1.0)
def _look_again() -> None:
    """Draw the page once more when the CNN can answer."""
    if torch_is_here():
        st.rerun()


@st.cache_data(max_entries=2, show_spinner=False)
def _written(colours: Colours) -> list[str]:
    """The digits of the tray as pictures."""
    return [data_url(inked(levels(images_of("test")[0][place]), colours)) for place in WRITTEN]


def _take() -> None:
    """Take over what has been drawn since."""
    mine = _desk()
    before, mine.paper = mine.paper, heard(PAD, mine.paper)
    if mine.paper is not before:
        mine.tapped, mine.touched = None, True


def _undo() -> None:
    _take()
    mine = _desk()
    mine.paper = mine.paper.holding(mine.paper.strokes[:-1])


def _clear() -> None:
    _take()
    mine = _desk()
    mine.paper, mine.tapped = mine.paper.holding(()), None


def _tap() -> None:
    """Ask about a digit of the tray. A browser may name any."""
    _clear()
    mine, place = _desk(), st.session_state[TRAY]["tapped"]
    if isinstance(place, int) and not isinstance(place, bool) and 0 <= place < len(WRITTEN):
        mine.tapped, mine.touched = place, True
