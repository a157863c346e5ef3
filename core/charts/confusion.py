"""Confusion as charts: the matrix, how two of them differ, and certainty. Pure: no page, no files.

In the matrices a cell's colour is computed here, cell by cell, because two scales share one picture: right answers are a
muted green, so that they do not drown the mistakes, and mistakes are orange on a scale that tells 0.1% from 0.3% as well as
10% from 30%. The two hues are those of core/charts/colours.py, which colour-blind people can tell apart.
"""

import math
from functools import lru_cache
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import altair as alt
import numpy as np
import pandas as pd

from core.analysis.evaluation import Bin, DigitScore, ThresholdCurve, row_shares
from core.charts.colours import LIGHT, Colours, blend, css, ink_on
from core.charts.curves import UPRIGHT, thin
from core.data import CLASSES
from core.words import share_words, signed

MATRIX_HEIGHT = 520
SMALLEST = 0.001  # of a row: about one image, and about where the scale of mistakes begins
MUTED = 0.42  # how far the colour of right answers goes at most
PERCENT = alt.Axis(format="%")
PERCENT_UP = alt.Axis(format="%", **UPRIGHT)
FEW = 1_000  # images in a row, about: one decimal
CELL = "cell"  # the name of the matrix's selection

Layers = alt.LayerChart | alt.FacetChart  # what `alt.layer` says that it returns


class Cell(NamedTuple):
    """One cell of a matrix as it is painted. Colours are "#rrggbb"."""

    true: str
    predicted: str
    count: int  # type: ignore[assignment]  # nobody counts the occurrences in such a tuple
    share: float  # of the row
    words: str
    fill: str
    ink: str


def cells(matrix: np.ndarray, counts: bool = False, colours: Colours = LIGHT) -> list[Cell]:
    """Counts (10, 10) as the cells of the matrix, with their shares of the row in percent, or the counts, written in."""
    shares = row_shares(matrix)
    painted = []
    for true, predicted in np.ndindex(matrix.shape):
        count, share = int(matrix[true, predicted]), float(shares[true, predicted])
        if true == predicted:
            colour = blend(colours.paper, colours.right, MUTED * share)
        else:
            colour = blend(colours.paper, colours.wrong, strength(share))
        words = "" if count == 0 else f"{count:,}" if counts else share_words(share, FEW).rstrip("%")
        painted.append(Cell(str(true), str(predicted), count, share, words, css(colour), ink_on(colour, colours)))
    return painted


def difference_cells(first: np.ndarray, second: np.ndarray, colours: Colours = LIGHT) -> list[Cell]:
    """What changes from the first matrix to the second, in points of the row's share, from white at no change.

    Green is better: more often on the diagonal, less often elsewhere. Orange is worse.
    """
    counts, shares = second - first, row_shares(second) - row_shares(first)
    painted = []
    for true, predicted in np.ndindex(counts.shape):
        share = float(shares[true, predicted])
        better = (share > 0) == (true == predicted)
        end = colours.right if better else colours.wrong
        colour = blend(colours.paper, end, 0.9 * strength(abs(share)))
        words = signed(share * 100, 1) if abs(share) >= 0.0005 else ""
        count = int(counts[true, predicted])
        painted.append(Cell(str(true), str(predicted), count, share, words, css(colour), ink_on(colour, colours)))
    return painted


def strength(share: float) -> float:
    """A share from 0 to 1 as a strength of colour from 0 to 1, in log steps: 0.1% is faint, 30% and more are full."""
    return min(1.0, math.log1p(share / SMALLEST) / math.log1p(0.3 / SMALLEST))


def matrix_table(painted: list[Cell], chosen: tuple[int, int] | None = None, turn: int = 0) -> pd.DataFrame:
    """The cells as the rows of `matrix_chart`, with the one that is chosen marked.

    `turn` comes back with a click as it is. A browser tells of a click only when the selection differs from its last one,
    so whoever chooses a cell by other means raises it, and the cell that was clicked before can be clicked again.
    """
    marks = [(int(cell.true), int(cell.predicted)) == chosen for cell in painted]
    return pd.DataFrame(painted).assign(chosen=marks, turn=turn)


@lru_cache(maxsize=8)
def matrix_chart(colours: Colours = LIGHT, points: bool = False, chosen: bool = True) -> dict:
    """The Vega-Lite spec of a matrix, true digits in rows and answers in columns, of a table that is called "cells".

    Where a cell can be `chosen`, a click selects {"true", "predicted", "turn"}. `points` is for a matrix of differences. The table is
    not in it, so that Altair checks the spec once and not at every change.
    """
    axis: dict[str, Any] = {
        "labelAngle": 0,
        "labelFontSize": 14,
        "labelFlush": False,
        "ticks": False,
        "domain": False,
        "grid": False,
    }
    scale = alt.Scale(paddingInner=0.04, paddingOuter=0.02)
    base = alt.Chart(alt.NamedData("cells")).encode(
        x=alt.X("predicted:O", title="Read as", axis=alt.Axis(orient="top", **axis), scale=scale),
        y=alt.Y("true:O", title="True digit", axis=alt.Axis(**axis), scale=scale),
    )
    selection = alt.selection_point(name=CELL, fields=["true", "predicted", "turn"], toggle=False, clear=False)
    squares = base.mark_rect(cursor="pointer" if chosen else "default", cornerRadius=3).encode(
        color=alt.Color("fill:N", scale=None),
        tooltip=[
            alt.Tooltip("true:N", title="True digit"),
            alt.Tooltip("predicted:N", title="Read as"),
            alt.Tooltip("count:Q", title="More images" if points else "Images", format="+," if points else ","),
            alt.Tooltip("share:Q", title="Of this digit", format="+.1%" if points else ".1%"),
        ],
    )
    numbers = base.mark_text(fontSize=12).encode(text="words:N", color=alt.Color("ink:N", scale=None))
    frame = base.mark_rect(aria=False, filled=False, stroke=css(colours.ink), strokeWidth=2.5, cornerRadius=3)
    layers = [squares, numbers]
    if chosen:
        layers = [squares.add_params(selection), numbers, frame.transform_filter("datum.chosen")]
    return alt.layer(*layers).properties(height=MATRIX_HEIGHT).to_dict()


def matrix_svg(painted: list[Cell], title: str, colours: Colours = LIGHT, size: int = 52) -> str:
    """The same matrix as an SVG picture, for a report."""
    left, top = 70, 92
    width, height = left + CLASSES * size + 16, top + CLASSES * size + 16
    ink = css(colours.ink)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="sans-serif" font-size="14" text-anchor="middle">',
        f'<rect width="{width}" height="{height}" fill="{css(colours.paper)}"/>',
        f'<text x="{width / 2}" y="24" fill="{ink}">{escape(title)}</text>',
        f'<text x="{left + CLASSES * size / 2}" y="54" fill="{ink}" font-size="12">Read as</text>',
        f'<text transform="translate(20 {top + CLASSES * size / 2}) rotate(-90)" fill="{ink}" font-size="12">True digit</text>',
    ]
    for digit in range(CLASSES):
        middle = (digit + 0.5) * size
        lines.append(f'<text x="{left + middle}" y="{top - 12}" fill="{ink}">{digit}</text>')
        lines.append(f'<text x="{left - 18}" y="{top + middle + 5}" fill="{ink}">{digit}</text>')
    for cell in painted:
        x, y = left + int(cell.predicted) * size, top + int(cell.true) * size
        lines.append(
            f'<rect x="{x + 1}" y="{y + 1}" width="{size - 2}" height="{size - 2}" rx="3" fill="{cell.fill}"/>'
        )
        if cell.words:
            place = f'x="{x + size / 2}" y="{y + size / 2 + 4}"'
            lines.append(f'<text {place} fill="{cell.ink}" font-size="12">{cell.words}</text>')
    return "\n".join([*lines, "</svg>", ""])


def digit_shares(scores: list[DigitScore], name: str, colours: Colours = LIGHT) -> Layers:
    """A share of each digit, "recall" or "precision", as a dot with its interval."""
    shares = [(score.digit, getattr(score, name)) for score in scores]
    table = pd.DataFrame(
        [(digit, share.value, *share.interval, share.count, share.n) for digit, share in shares if share.n],
        columns=["digit", "value", "low", "high", "count", "n"],
    )
    base = alt.Chart(table).encode(
        x=alt.X("digit:O", title="Digit", axis=alt.Axis(labelAngle=0), scale=alt.Scale(domain=list(range(CLASSES)))),
        tooltip=[
            alt.Tooltip("digit:O", title="Digit"),
            alt.Tooltip("value:Q", title=name.capitalize(), format=".1%"),
            alt.Tooltip("low:Q", title="From", format=".1%"),
            alt.Tooltip("high:Q", title="To", format=".1%"),
            alt.Tooltip("count:Q", title="Right", format=","),
            alt.Tooltip("n:Q", title="Of", format=","),
        ],
    )
    scale = alt.Scale(domain=span(table["low"], table["high"]), nice=False)
    y = alt.Y("low:Q", title=name.capitalize(), axis=PERCENT_UP, scale=scale)
    return alt.layer(
        base.mark_rule(strokeWidth=3, opacity=0.4, color=css(colours.ink)).encode(y=y, y2="high:Q"),
        base.mark_circle(size=90, opacity=1, color=css(colours.line)).encode(y=alt.Y("value:Q", scale=scale)),
    ).properties(height=260)


def span(lows: pd.Series, highs: pd.Series) -> list[float]:
    """The ends of an axis of shares, in whole percent, that holds all of them and leaves room for half a dot."""
    low, high = float(lows.min()), float(highs.max())
    if math.isnan(low) or math.isnan(high):
        return [0.0, 1.0]
    room = max(0.005, 0.03 * (high - low))
    return [max(0.0, math.floor((low - room) * 100) / 100), min(1.0, math.ceil((high + room) * 100) / 100)]


def reliability_chart(bins: list[Bin], colours: Colours = LIGHT) -> Layers:
    """How often answers of about the same confidence are right, against that confidence; the size of a dot is their number."""
    table = pd.DataFrame(
        [(one.confidence, one.right.value, *one.right.interval, one.right.n) for one in bins],
        columns=["confidence", "accuracy", "low", "high", "n"],
    )
    base = alt.Chart(table).encode(
        x=alt.X("confidence:Q", title="Confidence", axis=PERCENT, scale=alt.Scale(domain=[0, 1])),
        tooltip=[
            alt.Tooltip("confidence:Q", title="Confidence", format=".1%"),
            alt.Tooltip("accuracy:Q", title="Right", format=".1%"),
            alt.Tooltip("low:Q", title="From", format=".1%"),
            alt.Tooltip("high:Q", title="To", format=".1%"),
            alt.Tooltip("n:Q", title="Answers", format=","),
        ],
    )
    y = alt.Y("accuracy:Q", title="Share that is right", axis=PERCENT_UP, scale=alt.Scale(domain=[0, 1]))
    ideal = alt.Chart(pd.DataFrame({"x": [0, 1], "y": [0, 1]})).mark_line(
        strokeDash=[5, 4], strokeWidth=1.5, color=css(colours.ink), opacity=0.5
    )
    size = alt.Size("n:Q", scale=alt.Scale(type="log", domain=[1, 10_000], range=[25, 260]), legend=None)
    return alt.layer(
        ideal.encode(x="x:Q", y="y:Q"),
        base.mark_rule(strokeWidth=2, opacity=0.5, color=css(colours.ink)).encode(
            y=alt.Y("low:Q", title="Share that is right", scale=alt.Scale(domain=[0, 1])), y2="high:Q"
        ),
        base.mark_circle(opacity=1, color=css(colours.line)).encode(y=y, size=size),
    ).properties(height=340)


def threshold_chart(curve: ThresholdCurve, answered: float, accuracy: float, colours: Colours = LIGHT) -> Layers:
    """Accuracy among the answered against the share that is answered, and where one threshold stands on it."""
    points = thin(list(zip(*(array.tolist() for array in curve), strict=True)))
    table = pd.DataFrame(points, columns=ThresholdCurve._fields)
    everything = pd.Series([*curve.accuracy.tolist(), *([] if math.isnan(accuracy) else [accuracy])])
    scale = alt.Scale(domain=[span(everything, everything)[0], 1], nice=False)
    y = alt.Y("accuracy:Q", title="Right among the answered", axis=PERCENT_UP, scale=scale)
    x = alt.X("answered:Q", title="Share that is answered", axis=PERCENT, scale=alt.Scale(domain=[0, 1]))
    tooltip = [
        alt.Tooltip("threshold:Q", title="Threshold", format=".2%"),
        alt.Tooltip("answered:Q", title="Answered", format=".2%"),
        alt.Tooltip("accuracy:Q", title="Right among them", format=".2%"),
    ]
    line = alt.Chart(table).mark_line(strokeWidth=2.5, color=css(colours.line)).encode(x=x, y=y, tooltip=tooltip)
    here = pd.DataFrame({"answered": [answered], "accuracy": [accuracy]})
    dot = alt.Chart(here[~here["accuracy"].isna()]).mark_circle(size=150, opacity=1, color=css(colours.ink))
    return alt.layer(line, dot.encode(x=x, y=y)).properties(height=340)
