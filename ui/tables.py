"""Accuracies in tables, with as many decimals in each row as its images allow. Below, the numbers stay as they are."""

import pandas as pd
from pandas.io.formats.style import Styler

from core.data import VAL_SIZE
from core.words import decimals, number, share_words

TRAINING = "Training"
OF_MANY = ("Test", "Validation", "Best validation")  # of 10,000 images each
GAP = "Gap, points"


def with_accuracies(table: pd.DataFrame, sizes: list[int]) -> Styler:
    """A table of runs whose accuracies read as they do elsewhere; `sizes` are the training images of its rows.

    Streamlit's own percentages drop a last 0, so that 90.00 % would be a rougher number than 90.16 %.
    """
    styled = table.style.format(lambda value: _say(value, VAL_SIZE), subset=[name for name in OF_MANY if name in table])
    for row, size in zip(table.index, sizes, strict=True):
        if TRAINING in table:
            styled = styled.format(lambda value, size=size: _say(value, size), subset=(row, [TRAINING]))
        if GAP in table:
            styled = styled.format(lambda value, size=size: _points(value, size), subset=(row, [GAP]))
    return styled


def _say(accuracy: float | None, n: int) -> str:
    return "" if accuracy is None or pd.isna(accuracy) else share_words(accuracy, n)


def _points(gap: float | None, n: int) -> str:
    return "" if gap is None or pd.isna(gap) else number(gap, decimals(n))
