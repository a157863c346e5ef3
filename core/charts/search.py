"""What settings do, as charts: accuracies against one setting, and every value of one beside every value of another.

Colours are those of core/charts/curves.py: training and validation are what they are in every chart.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from core.charts.colours import Colours, blend, css, ink_on
from core.charts.curves import SERIES, SERIES_COLOURS, UPRIGHT
from core.kinds import label
from core.search.found import Found, outcomes
from core.search.grid import Axis, Grid, Place, scale, value_words
from core.search.outcome import Attempt, Outcome
from core.search.ridge import highest_of_rows
from core.words import NONE, share_words

BEST = "best epoch"
NUMBERS = {"training": SERIES[0], "validation": SERIES[1], "best": BEST}
CURVE_HEIGHT, CELL_HEIGHT = 320, 54
COLUMNS = ["value", "series", "mean", "low", "high", "seeds"]
CELL = "cell"  # the name of the heat map's selection
RIDGE = "◆"
FAINT, FULL = 0.06, 0.8  # how far the colour of the lowest and of the highest accuracy goes
MANY = 10_000  # of which the accuracies are, written with one decimal less: a cell is small


def curve_table(found: Mapping[Place, Outcome]) -> pd.DataFrame:
    """Accuracies of one network against its only setting, with their spread over the seeds: a row for each value and series."""
    rows = [
        (place[1], series, *getattr(outcome, name), outcome.seeds)
        for name, series in NUMBERS.items()
        for place, outcome in found.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


@lru_cache(maxsize=64)
def validation_curve(axis: Axis, palette: tuple[str, ...], band: bool = False) -> dict:
    """The Vega-Lite spec of training and validation accuracy against a setting, for the rows that `curve_table` gives.

    It is what scikit-learn calls a validation curve: where both are low the network under-fits, where they part it over-fits. With
    `band` the least and the most over the seeds are there as well.
    """
    series = [*NUMBERS.values()]
    own, new = (palette[SERIES_COLOURS[name]] for name in SERIES)
    colour = alt.Color(
        "series:N",
        title=None,
        scale=alt.Scale(domain=series, range=[own, new, new]),
        legend=alt.Legend(orient="top", symbolType="stroke", symbolSize=300, symbolOpacity=1),
    )
    dash = alt.StrokeDash("series:N", title=None, scale=alt.Scale(domain=series, range=[[1, 0], [6, 3], [1, 3]]))
    upright = alt.Axis(format="%", title="Accuracy", **UPRIGHT)
    y = alt.Y("mean:Q", axis=upright, scale=alt.Scale(zero=False))
    base = alt.Chart().encode(x=_x(axis), color=colour)
    numbers = {"mean": "Mean", "low": "Least", "high": "Most"} if band else {"mean": "Accuracy"}
    tooltip = [
        alt.Tooltip("series:N", title="Images"),
        alt.Tooltip("value" + (":N" if scale(axis.setting) == "words" else ":Q"), title=label(axis.setting)),
        *(alt.Tooltip(f"{field}:Q", title=word, format=".2%") for field, word in numbers.items()),
        *([alt.Tooltip("seeds:Q", title="Seeds")] if band else []),
    ]
    layers = [
        base.mark_line(strokeWidth=2.2).encode(y=y, strokeDash=dash),
        base.mark_point(size=55, filled=True, opacity=1).encode(y=y, tooltip=tooltip),
    ]
    if band:
        spread = (
            base.mark_rule(strokeWidth=5, opacity=0.3)
            if scale(axis.setting) == "words"
            else base.mark_area(opacity=0.2)
        )
        layers.insert(0, spread.encode(y=alt.Y("low:Q", axis=upright), y2="high:Q"))
    return alt.layer(*layers).properties(height=CURVE_HEIGHT).to_dict()


def _x(axis: Axis) -> alt.X:
    """The axis of a setting: its values by their ratio, by their difference, or side by side."""
    title, kind = label(axis.setting), scale(axis.setting)
    if kind == "words":
        return alt.X("value:N", title=title, scale=alt.Scale(domain=list(axis.values)), axis=alt.Axis(labelAngle=0))
    ends: dict[str, Any] = {"domain": [axis.values[0], axis.values[-1]], "nice": False, "padding": 12}
    if (
        kind == "log" and axis.values[0] == 0
    ):  # nothing has no place among ratios: it stands beside the least that is something
        ends |= {"type": "symlog", "constant": axis.values[1]}
    elif kind == "log":
        ends["type"] = "log"
    ticks = alt.Axis(values=list(axis.values), format=",~g", grid=False, labelOverlap=True)
    return alt.X("value:Q", title=title, scale=alt.Scale(**ends), axis=ticks)


class Cell(NamedTuple):
    """One place of a heat map as it is painted. Colours are "#rrggbb"."""

    first: str
    second: str
    words: str
    says: str
    seeds: int
    fill: str
    ink: str


def heat_cells(grid: Grid, network: str, attempts: Mapping[Place, Sequence[Attempt]], colours: Colours) -> list[Cell]:
    """The validation accuracies of one network against its two settings, as the cells of `heat_map`.

    The highest of each row, which is a value of the second setting, has a mark: together they are the ridge. What is not at its end
    or came to none has no number.
    """
    own = {place: tried for place, tried in attempts.items() if place[0] == network}
    found = Found(grid, network, own, outcomes(grid, own))
    compared, finished = found.compared(), found.finished()
    means = [one.validation.mean for one in finished.values()]
    ridge = {*highest_of_rows(compared).values()}
    return [_cell(place, tried, finished.get(place), means, place in ridge, colours) for place, tried in own.items()]


def _cell(
    place: Place, tried: Sequence[Attempt], outcome: Outcome | None, means: list[float], marked: bool, colours: Colours
) -> Cell:
    first, second = map(value_words, place[1:])
    if outcome is None:
        failed = sum(attempt.status == "failed" for attempt in tried)
        over = all(attempt.status == "done" for attempt in tried)  # and was cut off before its first epoch
        says = "did not finish" if failed == len(tried) else "its first epoch takes more" if over else "not at the end"
        return Cell(first, second, NONE, says, 0, css(colours.zero), css(colours.ink))
    mean, least = outcome.validation.mean, min(means)
    share = (mean - least) / (max(means) - least) if max(means) > least else 0.0
    fill = blend(colours.paper, colours.line, FAINT + share * (FULL - FAINT))
    words = share_words(mean, MANY // 10).rstrip("%")
    return Cell(
        first,
        second,
        f"{RIDGE} {words}" if marked else words,
        share_words(mean, MANY),
        outcome.seeds,
        css(fill),
        ink_on(fill, colours),
    )


def heat_table(cells: Sequence[Cell], chosen: tuple[str, str] | None, turn: int = 0) -> pd.DataFrame:
    """The cells as the rows of `heat_map`, with the one that is chosen marked; for `turn` see confusion.matrix_table."""
    marks = [(cell.first, cell.second) == chosen for cell in cells]
    return pd.DataFrame(cells, columns=Cell._fields).assign(chosen=marks, turn=turn)


@lru_cache(maxsize=32)
def heat_map(first: Axis, second: Axis, colours: Colours) -> dict:
    """The Vega-Lite spec of a heat map of a table that is called "cells". A click selects {"first", "second", "turn"}."""
    axis: dict[str, Any] = {"labelAngle": 0, "ticks": False, "domain": False, "grid": False}
    inner = alt.Scale(paddingInner=0.04, paddingOuter=0.02)
    across, upward = ([value_words(value) for value in one.values] for one in (first, second))
    base = alt.Chart(alt.NamedData("cells")).encode(
        x=alt.X("first:O", title=label(first.setting), sort=across, axis=alt.Axis(**axis), scale=inner),
        y=alt.Y("second:O", title=label(second.setting), sort=upward[::-1], axis=alt.Axis(**axis), scale=inner),
    )
    selection = alt.selection_point(name=CELL, fields=["first", "second", "turn"], toggle=False, clear=False)
    squares = base.mark_rect(cursor="pointer", cornerRadius=3).encode(
        color=alt.Color("fill:N", scale=None),
        tooltip=[
            alt.Tooltip("first:N", title=label(first.setting)),
            alt.Tooltip("second:N", title=label(second.setting)),
            alt.Tooltip("says:N", title="Validation accuracy"),
            alt.Tooltip("seeds:Q", title="Seeds"),
        ],
    )
    numbers = base.mark_text(fontSize=13).encode(text="words:N", color=alt.Color("ink:N", scale=None))
    frame = base.mark_rect(aria=False, filled=False, stroke=css(colours.ink), strokeWidth=2.5, cornerRadius=3)
    layers = [squares.add_params(selection), numbers, frame.transform_filter("datum.chosen")]
    return alt.layer(*layers).properties(height=CELL_HEIGHT * len(upward) + 60).to_dict()
