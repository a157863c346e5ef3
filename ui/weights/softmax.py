"""From ten logits to ten probabilities, step by step."""

import numpy as np
import streamlit as st

from core.analysis.attribution import Softmax, softmax_steps
from core.charts import outputs
from core.words import SPACE, percent, signed
from ui.pictures import colours
from ui.words import linked, table


def softmax(logits: np.ndarray, label: int | None) -> None:
    """The arithmetic of softmax for ten logits (10,), and the probabilities as bars."""
    steps = softmax_steps(logits)
    answer = int(logits.argmax())
    with st.container(border=True, key="softmax"):
        st.markdown("## From logits to probabilities: softmax")
        beside = st.container(horizontal=True, gap="large")
        with beside.container(width=430):
            st.markdown(_table(steps, answer, label))
        with beside.container(width=360):
            rows = outputs.probability_rows(steps.probs, label, colours())
            chart = outputs.outputs_chart(0.0, 1.0, colours())
            st.vega_lite_chart(
                chart | {"datasets": {"outputs": rows}}, key="shares", alt="The ten probabilities as bars"
            )
            st.caption(
                linked(
                    f"In the table the answer is bold. {outputs.key_of_outputs(steps.probs, label)} The largest logit is subtracted from "
                    "all ten, which changes no share and keeps exp from growing too large to compute; exp(x), which is 2.718 to the "
                    "power of x, makes them positive; and each one's share of their sum is the probability of its digit."
                )
            )


def _table(steps: Softmax, answer: int, label: int | None) -> str:
    """The steps as a table in Markdown; the answer is bold, and the true digit slanted where that is another."""
    rows = []
    for digit, (logit, shifted, exp, p) in enumerate(zip(*steps, strict=True)):
        mark = "**" if digit == answer else "*" if digit == label else ""
        words = [
            str(digit),
            signed(logit, 2),
            signed(shifted, 2),
            _small(exp),
            percent(p),
        ]
        rows.append([f"{mark}{word}{mark}" for word in words])
    rows.append(["Sum", "", "", _small(steps.exps.sum()), "100%"])
    return table(("Digit", "Logit", f"−{SPACE}largest", "exp", "Share"), rows, numbers=4)


def _small(number: float) -> str:
    """A number from 0 to 10 in a few characters."""
    return f"{number:.3f}" if number >= 0.001 else f"<{SPACE}0.001"
