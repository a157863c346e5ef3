"""The confusion matrix as a picture, and how two of them differ. Pure: no page, no files.

A cell's colour is computed here, cell by cell, because two scales share one picture: right answers are a muted green, so that
they do not drown the mistakes, and mistakes are orange on a scale that tells 0.1% from 0.3% as well as 10% from 30%. The two
hues are those of core/charts/colours.py, which colour-blind people can tell apart.
"""

import math
from functools import lru_cache
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd

from core.analysis.evaluation import row_shares
from core.charts.colours import LIGHT, Colours, blend, css, ink_on
from core.data import CLASSES
from core.words import share_words, signed

MATRIX_HEIGHT = 520
SMALLEST = 0.001  # of a row: about one image, and about where the scale of mistakes begins
MUTED = 0.42  # how far the colour of right answers goes at most
FEW = 1_000  # images in a row, about: one decimal
CELL = "cell"  # the name of the matrix's selection


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
def matrix_chart(colours: Colours = LIGHT, points: bool = False, chosen: bool = True) -> dict[str, Any]:
    """The Vega-Lite spec of a matrix, true digits in rows and answers in columns, of a table that is called "cells".

    Where a cell can be `chosen`, a click selects {"true", "predicted", "turn"}. `points` is for a matrix of differences.
    """
    count = ("More images", "+,") if points else ("Images", ",")
    tooltip = [
        {"field": "true", "type": "nominal", "title": "True digit"},
        {"field": "predicted", "type": "nominal", "title": "Read as"},
        {"field": "count", "type": "quantitative", "title": count[0], "format": count[1]},
        {"field": "share", "type": "quantitative", "title": "Of this digit", "format": "+.1%" if points else ".1%"},
    ]
    squares = {
        "name": "squares",
        "mark": {"type": "rect", "cursor": "pointer" if chosen else "default", "cornerRadius": 3},
        "encoding": {"color": {"field": "fill", "type": "nominal", "scale": None}, "tooltip": tooltip},
    }
    numbers = {
        "mark": {"type": "text", "fontSize": 12},
        "encoding": {
            "text": {"field": "words", "type": "nominal"},
            "color": {"field": "ink", "type": "nominal", "scale": None},
        },
    }
    stroke = {"stroke": css(colours.ink), "strokeWidth": 2.5, "cornerRadius": 3}
    frame = {
        "mark": {"type": "rect", "aria": False, "filled": False, **stroke},
        "transform": [{"filter": "datum.chosen"}],
    }
    spec = {
        "data": {"name": "cells"},
        "height": MATRIX_HEIGHT,
        "encoding": {"x": _digits("predicted", "Read as", orient="top"), "y": _digits("true", "True digit")},
        "layer": [squares, numbers, *[frame] * chosen],
    }
    if not chosen:
        return spec
    select = {"type": "point", "fields": ["true", "predicted", "turn"], "toggle": False, "clear": False}
    return spec | {"params": [{"name": CELL, "select": select, "views": ["squares"]}]}


def _digits(field: str, title: str, **axis: Any) -> dict[str, Any]:
    """Ten digits along an axis."""
    bare = {"ticks": False, "domain": False, "grid": False}
    return {
        "field": field,
        "type": "ordinal",
        "title": title,
        "axis": {"labelAngle": 0, "labelFontSize": 14, "labelFlush": False, **bare, **axis},
        "scale": {"paddingInner": 0.04, "paddingOuter": 0.02},
    }


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
