"""Tables of runs: how many rows they send, and accuracies with as many decimals as a row's images allow.

Below what is shown, the numbers stay as they are.
"""

from typing import TypeVar

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from core.data import VAL_SIZE
from core.words import decimals, number, share_words

MOST_ROWS = 200  # that a table sends at once: ten times as many would take a second, and nobody reads them
TRAINING = "Training"
OF_MANY = ("Test", "Validation", "Best validation")  # of 10,000 images each
GAP = "Gap, points"
T = TypeVar("T")


def first_of(listed: list[T], key: str, what: str = "runs") -> list[T]:
    """What a table sends of these, runs or other rows: the first ones, with a line that says so and lets one have all of them."""
    if len(listed) <= MOST_ROWS:
        return listed
    every = st.session_state.get(key, False)
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}_line"):
        shown = f"All {len(listed):,} {what}." if every else f"The first {MOST_ROWS} of {len(listed):,} {what}."
        st.caption(shown, width="content")
        words = f"Show the first {MOST_ROWS}" if every else "Show all"
        st.button(words, key=f"{key}_button", type="tertiary", on_click=_turn, args=(key,))
    return listed if every else listed[:MOST_ROWS]


def _turn(key: str) -> None:
    st.session_state[key] = not st.session_state.get(key, False)


def with_accuracies(table: pd.DataFrame, sizes: list[int]) -> Styler:
    """A table of runs whose accuracies read as they do elsewhere; `sizes` are the training images of its rows.

    Streamlit's own percentages drop a last 0, so that 90.00 % would be a rougher number than 90.16 %.
    """
    styled = table.style.format(lambda value: _say(value, VAL_SIZE), subset=[name for name in OF_MANY if name in table])
    alike: dict[int, list[int]] = {}  # rows whose accuracies have as many decimals, by the size of one of them
    for row, size in zip(table.index, sizes, strict=True):
        alike.setdefault(next((one for one in alike if decimals(one) == decimals(size)), size), []).append(row)
    for size, rows in alike.items():
        if TRAINING in table:
            styled = styled.format(lambda value, size=size: _say(value, size), subset=(rows, [TRAINING]))
        if GAP in table:
            styled = styled.format(lambda value, size=size: _points(value, size), subset=(rows, [GAP]))
    return styled


def _say(accuracy: float | None, n: int) -> str:
    return "" if accuracy is None or pd.isna(accuracy) else share_words(accuracy, n)


def _points(gap: float | None, n: int) -> str:
    return "" if gap is None or pd.isna(gap) else number(gap, decimals(n))
