"""From ten logits to ten probabilities, step by step."""

import numpy as np
import streamlit as st

from core import charts_inside as figures
from core.evidence import Softmax, softmax_steps
from ui.pictures import colours


def softmax(logits: np.ndarray, label: int | None) -> None:
    """The arithmetic of softmax for ten logits (10,), and the probabilities as bars."""
    steps = softmax_steps(logits)
    answer = int(logits.argmax())
    with st.container(border=True, key="softmax"):
        st.markdown("##### From logits to probabilities: softmax")
        beside = st.container(horizontal=True, gap="large")
        with beside.container(width=430):
            st.markdown(_table(steps, answer, label))
        with beside.container(width=360):
            rows = figures.probability_rows(steps.probs, answer if label is None else label, colours())
            chart = figures.outputs_chart(0.0, 1.0, colours())
            st.vega_lite_chart(
                chart | {"datasets": {"outputs": rows}}, key="shares", alt="The ten probabilities as bars"
            )
            st.caption(
                f"Bold is the answer, blue the {'answer too' if label is None else 'true digit'}. The largest logit is taken from "
                "all ten, which changes no share and keeps exp from overflowing; exp makes them positive; and each one's share of "
                "their sum is the probability of its digit."
            )


def _table(steps: Softmax, answer: int, label: int | None) -> str:
    """The steps as a table in Markdown; the answer is bold, and the true digit slanted where that is another."""
    lines = ["| Digit | Logit | Less max | exp | Share |", "|:--|--:|--:|--:|--:|"]
    for digit, (logit, shifted, exp, p) in enumerate(zip(*steps, strict=True)):
        mark = "**" if digit == answer else "*" if digit == label else ""
        words = [
            str(digit),
            figures.signed(logit, 2),
            figures.signed(shifted, 2),
            _small(exp),
            figures.percent(p),
        ]
        lines.append("| " + " | ".join(f"{mark}{word}{mark}" for word in words) + " |")
    return "\n".join([*lines, f"| Sum | | | {_small(steps.exps.sum())} | 100% |"])


def _small(number: float) -> str:
    """A number from 0 to 10 in a few characters."""
    return f"{number:.3f}" if number >= 0.0005 else "0" if number == 0 else f"{number:.0e}".replace("e-0", "e-")
