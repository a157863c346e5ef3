"""Which digit is asked about, and against which other one it is held."""

import math
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.analysis.attribution import rival, softmax_steps
from core.images.codes import Chosen
from core.words import article, percent
from ui.shared import plain
from ui.weights.state import ANSWER, DIGITS, NAMES, NOTHING, RIVAL, STATE
from ui.words import linked

LOGIT = (
    "A logit is the number that the network gives to a digit, before softmax turns the ten into probabilities: one more makes "
    "the digit 2.7 times as probable beside another."
)


class Question(NamedTuple):
    """Why this digit, and not that one? `over` is None where the digit stands alone."""

    digit: int
    over: int | None

    @property
    def words(self) -> str:
        return f"for {self.digit}" + ("" if self.over is None else f" and against {self.over}")

    @property
    def logit(self) -> str:
        """What the attributions sum to, in words."""
        return f"logit of {self.digit}" + ("" if self.over is None else f" less that of {self.over}")


def question(logits: np.ndarray, image: Chosen, against: str) -> Question:
    """Draw what decides which digit is asked about, for what a network says (10,) to an image.

    `against` is what it is held against so far.
    """
    answer = int(logits.argmax())
    with st.container(horizontal=True, vertical_alignment="bottom", key="question"):
        words = st.selectbox(
            "What speaks for",
            [ANSWER, *DIGITS],
            format_func=lambda word: NAMES.get(word, word),
            key=STATE.key("digit"),
            width=145,
        )
        digit = answer if words == ANSWER else int(words)
        other = rival(logits, digit, image.label)
        if against == str(digit):
            STATE.put(against=RIVAL)
        words = st.selectbox(
            "and against",
            [RIVAL, NOTHING, *DIGITS],
            format_func=lambda word: NAMES.get(word, word),
            key=STATE.key("against"),
            width=195,
            help=linked(
                "The best other digit is the true one where the answer is wrong, else the next guess; and against any other "
                "digit, it is the answer. “nothing” asks for a digit's own logit (the number that softmax makes a probability of), "
                "which is not compared with another's."
            ),
        )
    over = {RIVAL: other, NOTHING: None}.get(words) if words in (RIVAL, NOTHING) else int(words)
    return Question(digit, over)


def times_words(log: float) -> str:
    """How many times as probable a difference of so many in the logarithm makes something."""
    times = math.exp(min(abs(log), 60.0))
    if times < 10:
        return f"{times:.1f}" if times >= 1.05 else f"{times:.4f}"
    return f"{times:,.0f}" if times < 1e6 else f"{times / 1e6:,.0f} million" if times < 1e9 else "over a billion"


def verdict(logits: np.ndarray, image: Chosen, network: str) -> None:
    """Say what the network answers, and whether that is right."""
    probs = softmax_steps(logits.astype(np.float64)).probs
    answer, second = np.argsort(-probs, kind="stable")[:2].tolist()
    if image.label is None:
        icon, truth = ":material/draw:", ""
    elif image.label == answer:
        icon, truth = ":green[:material/check_circle:]", ", and that is right"
    else:
        icon, truth = ":orange[:material/cancel:]", f", but it is {article(image.label)} **{image.label}**"
    st.markdown(
        f"{icon} {plain(network)} reads {linked(image.name)} as {article(answer)} **{answer}** ({percent(probs[answer])} sure){truth}. "
        f"The next guess is {second} ({percent(probs[second])})."
    )
