"""What the chosen networks answer, beside the 28x28 that they receive."""

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from core.charts.colours import inked
from core.data import CLASSES, SIDE
from core.images.codes import levels
from core.runs import Run
from core.words import article, percent
from ui.component import component
from ui.pictures import colours, data_url
from ui.predictions import Version, epochs_of, model, nearest_epoch, sure_from, version
from ui.shared import run_name, run_names
from ui.sketch.state import MOST_NETWORKS, STATE, SketchState
from ui.sketch.subject import Subject

EMPTY = np.zeros((1, SIDE, SIDE), np.float32)

TO_DO = {
    "draw": "Draw a digit. The answer follows every stroke.",
    "upload": "Choose a photo or scan of a digit, or drop one there. The answer follows at once.",
    "grid": "Set pixels with the keyboard. The answer follows every one.",
}

_answers = component(Path(__file__).parent, "answers")


class Voice(NamedTuple):
    """A network that is asked."""

    token: str  # its run's key, and "@" and the epoch where that is not the last
    version: Version
    name: str
    network: str
    drawn: bool  # whether it has learnt from drawings


def voices(tokens: Sequence[str], there: dict[str, Run]) -> list[Voice]:
    """The networks that are chosen."""
    return [voice(token, there) for token in tokens if token.partition("@")[0] in there]


def voice(token: str, there: dict[str, Run]) -> Voice:
    """The network of a name in the address. Of an epoch whose weights are not kept it is the nearest that is."""
    key, _, asked = token.partition("@")
    epoch = nearest_epoch(there[key], int(asked) if asked else None)
    name = run_name(there[key].config) + _after(token, there[key])
    return Voice(token, version(there[key], epoch), name, there[key].config.network, there[key].config.drawn > 0)


def _after(token: str, run: Run) -> str:
    """What stands behind a run's name where not its last epoch is asked."""
    _, _, asked = token.partition("@")
    epoch = nearest_epoch(run, int(asked) if asked else None)
    return f", epoch {epoch}" if epoch != epochs_of(run)[-1] else ""


def choose(chosen: Sequence[str], there: dict[str, Run]) -> None:
    """Draw the control that says which networks are asked."""
    options = list(dict.fromkeys([*chosen, *there]))
    names = run_names(run.config for run in there.values())
    keys = {token: token.partition("@")[0] for token in options}
    called = {token: names[key] + _after(token, there[key]) for token, key in keys.items()}
    st.multiselect(
        "Networks",
        options,
        format_func=called.__getitem__,
        key=STATE.key("run"),
        max_selections=MOST_NETWORKS,
        placeholder="Choose a network",
    )
    if not chosen:
        usual = tuple(key for key in STATE.defaults["run"] if key in there)
        st.button("Ask the usual networks", on_click=STATE.put, kwargs={"run": usual})


def ask(subject: Subject, asked: list[Voice]) -> list[np.ndarray]:
    """The probabilities of each network for each digit: (digits, 10) float32."""
    images = np.stack(subject.images) if subject.images else EMPTY
    return [model(one.version).predict_proba(images) for one in asked]


def answers(subject: Subject, asked: list[Voice], state: SketchState) -> list[np.ndarray]:
    """Draw what the networks receive and answer. Returns their probabilities, none for empty paper."""
    probs = ask(subject, asked) if subject.images else []
    pictures = [data_url(inked(levels(image), colours())) for image in subject.images]
    said = (
        [_said(one, subject, p, sure_from(one.version)) for one, p in zip(asked, probs, strict=True)]
        if probs
        else map(_silent, asked)
    )
    _answers(
        key="sketch_answers",
        data={
            "empty": not subject.images,
            "shown": _mark(subject),
            "pictures": pictures,
            "head": "What the networks receive",
            "alt": "28 × 28 pixels, as the networks receive them",
            "words": _words(subject, state),
            "voices": list(said),
        },
    )
    st.caption(
        "“Not sure”: less than 50%, or than the network gives to 99 in 100 digits that were drawn for it. Its ten "
        "probabilities sum to 100%."
    )
    return probs


def number(probs: np.ndarray) -> str:
    """The answers for the digits of a drawing, from left to right."""
    return "".join(map(str, probs.argmax(axis=1).tolist()))


def _said(one: Voice, subject: Subject, probs: np.ndarray, least: float) -> dict[str, Any]:
    unsure = bool((probs.max(axis=1) < least).any())
    verdict = "Not sure" if unsure else ""
    digits = number(probs)
    if subject.label is not None:
        verdict = ", ".join(filter(None, [verdict, "right" if digits == str(subject.label) else "wrong"])).capitalize()
    if len(digits) == 1:
        top = int(probs[0].argmax())
        bars = [_bar(str(digit), float(p), digit == top) for digit, p in enumerate(probs[0])]
    else:
        bars = [_bar(digit, float(p.max()), bool(p.max() >= least)) for digit, p in zip(digits, probs, strict=True)]
    return {
        "key": one.token,
        "name": one.name,
        "digit": digits,
        "sure": percent(float(probs.max(axis=1).min())) if len(digits) == 1 else "",
        "verdict": verdict,
        "unsure": unsure,
        "bars": bars,
    }


def _silent(one: Voice) -> dict[str, Any]:
    bars = [_bar(str(digit), 0.0, False) for digit in range(CLASSES)]
    return {"key": one.token, "name": one.name, "digit": "–", "sure": "", "verdict": "", "unsure": False, "bars": bars}


def _bar(name: str, share: float, top: bool) -> dict[str, Any]:
    return {"name": name, "share": round(share, 4), "words": percent(share) if share >= 0.001 else "", "top": top}


def _mark(subject: Subject) -> str:
    """A few letters that differ from one drawing to the next: whoever waits for an answer knows by them that it is there."""
    drawn = b"" if subject.ink is None else np.ascontiguousarray(subject.ink).tobytes()
    return f"{zlib.crc32(drawn + ''.join(subject.codes).encode()):08x}"


def _words(subject: Subject, state: SketchState) -> str:
    if not subject.images:
        return subject.problem or TO_DO[state.source]
    if subject.label is not None:
        return f"{subject.name.capitalize()}: it is {article(subject.label)} {subject.label}."
    if not subject.parts:
        return "As it came with the link."
    if state.resized:
        return "Merely resized: not what they were trained on."
    n = len(subject.parts)
    return "Made as MNIST's images were made." if n == 1 else f"{n} digits, read one by one from left to right."
