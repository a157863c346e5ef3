"""Charts of the neurons of an MLP, and of what becomes of a network that is ablated. Pure: no page, no files.

The specs are plain Vega-Lite, each made once; the tables that belong to them are made beside them.
"""

from functools import lru_cache

import numpy as np
import pandas as pd

from core.charts.colours import LIGHT, Colours, css, diverging
from core.charts.curves import UPRIGHT
from core.data import CLASSES
from core.words import share_words, signed

ROW = 24  # pixels of a digit's row; the same in charts that stand side by side
BINS = 40
HIGHEST = 0.98  # of a row's height is the top of its ridge
DIGIT_AXIS = {
    "title": None,
    "axis": {"ticks": False, "domain": False, "labelFontSize": 13, "labelOverlap": False, "labelFlush": False},
}


def votes_table(weights: np.ndarray, colours: Colours = LIGHT) -> pd.DataFrame:
    """A neuron's ten output weights (10,) as the rows of `votes_chart`: red for a digit, blue against it."""
    colour = [css(colours.positive if weight > 0 else colours.negative) for weight in weights]
    words = [signed(weight, 1) for weight in weights]
    return pd.DataFrame(
        {"digit": range(CLASSES), "weight": weights.astype(float).round(4), "words": words, "colour": colour}
    )


@lru_cache(maxsize=8)
def votes_chart(colours: Colours = LIGHT) -> dict:
    """The spec of ten bars around zero, of a table that is called "votes"."""
    y = {"field": "digit", "type": "ordinal", **DIGIT_AXIS}
    x = {"field": "weight", "type": "quantitative", "title": "Output weight", "axis": {"tickCount": 4, "grid": False}}
    bar = {"type": "bar", "cornerRadius": 2, "height": {"band": 0.62}}
    tooltip = [
        {"field": "digit", "type": "ordinal", "title": "Digit"},
        {"field": "weight", "type": "quantitative", "title": "Output weight", "format": "+.3f"},
    ]
    return {
        "data": {"name": "votes"},
        "height": ROW * CLASSES,
        "layer": [
            {
                "mark": bar,
                "encoding": {
                    "y": y,
                    "x": x,
                    "color": {"field": "colour", "type": "nominal", "scale": None},
                    "tooltip": tooltip,
                },
            },
            _zero(colours),
        ],
    }


def ridge_table(shares: np.ndarray, edges: np.ndarray, weights: np.ndarray, colours: Colours = LIGHT) -> pd.DataFrame:
    """How a neuron's activation is distributed for each digit: the rows of `ridge_chart`.

    `shares` (10, bins) as `spread` gives them. A ridge is as high as its row allows where it is highest, and has
    the colour of the neuron's vote for the digit, from its output weights (10,).
    """
    heights = shares / np.maximum(shares.max(axis=1, keepdims=True), 1e-12) * HIGHEST
    fills = [css(colour) for colour in diverging(weights, float(np.abs(weights).max()), colours)]
    digit = np.repeat(np.arange(CLASSES), shares.shape[1])
    middles = (edges[:-1] + edges[1:]) / 2
    return pd.DataFrame(
        {
            "digit": digit,
            "activation": np.tile(middles, CLASSES).round(4),
            "foot": digit + 0.5,
            "top": (digit + 0.5 - heights.ravel()).round(4),
            "share": shares.ravel().round(5),
            "colour": np.repeat(fills, shares.shape[1]),
        }
    )


@lru_cache(maxsize=32)
def ridge_chart(low: float, high: float, colours: Colours = LIGHT) -> dict:
    """The spec of ten ridges, activations from `low` to `high` to the right, of a table that is called "ridges"."""
    x = {
        "field": "activation",
        "type": "quantitative",
        "title": "Activation",
        "scale": {"domain": [low, high], "nice": False},
        "axis": {"tickCount": 4, "grid": False},
    }
    y = {
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [CLASSES - 0.5, -0.5], "nice": False},
        "axis": {
            "values": list(range(CLASSES)),
            "format": "d",
            "ticks": False,
            "domain": False,
            "grid": False,
            "labelFontSize": 13,
            "labelOverlap": False,
        },
    }
    tooltip = [
        {"field": "digit", "type": "ordinal", "title": "Digit"},
        {"field": "activation", "type": "quantitative", "title": "Activation about", "format": ".2f"},
        {"field": "share", "type": "quantitative", "title": "Of its images", "format": ".1%"},
    ]
    area = {
        "type": "area",
        "interpolate": "monotone",
        "fillOpacity": 0.9,
        "line": {"stroke": css(colours.ink), "strokeWidth": 1, "strokeOpacity": 0.6},
    }
    return {
        "data": {"name": "ridges"},
        "height": ROW * CLASSES,
        "mark": area,
        "encoding": {
            "x": x,
            "y": {**y, "field": "top"},
            "y2": {"field": "foot"},
            "detail": {"field": "digit"},
            "color": {"field": "colour", "type": "nominal", "scale": None},
            "tooltip": tooltip,
        },
    }


def recall_table(before: np.ndarray, after: np.ndarray, colours: Colours = LIGHT) -> pd.DataFrame:
    """Two confusion matrices (10, 10) as the rows of `recall_chart`: orange where a digit is read less often than before."""
    n = before.sum(axis=1)
    was, now = (np.diag(matrix) / np.maximum(n, 1) for matrix in (before, after))
    change = (now - was) * 100
    return pd.DataFrame(
        {
            "digit": range(CLASSES),
            "before": was,
            "after": now,
            "change": change.round(4),
            "words": [
                f"{digit}:  {share_words(a, of)} → {share_words(b, of)}"
                for digit, (a, b, of) in enumerate(zip(was, now, n.tolist(), strict=True))
            ],
            "colour": [css(colours.wrong if points < 0 else colours.right) for points in change],
        }
    )


@lru_cache(maxsize=32)
def recall_chart(largest: float, colours: Colours = LIGHT) -> dict:
    """The spec of ten bars around zero, the shares before and after on their axis, of a table called "recall".

    `largest` is the change in points at both ends of the scale.
    """
    y = {"field": "words", "type": "ordinal", "sort": None, **DIGIT_AXIS}
    x = {
        "field": "change",
        "type": "quantitative",
        "title": "Change in points",
        "scale": {"domain": [-largest, largest], "nice": False},
        "axis": {
            "values": [-largest, -largest / 2, 0, largest / 2, largest],
            "grid": True,
            "format": "+.3~g",
            "labelExpr": "datum.value ? datum.label : '0'",
        },
    }
    tooltip = [
        {"field": "digit", "type": "ordinal", "title": "Digit"},
        {"field": "before", "type": "quantitative", "title": "Before", "format": ".1%"},
        {"field": "after", "type": "quantitative", "title": "Now", "format": ".1%"},
        {"field": "change", "type": "quantitative", "title": "Points", "format": "+.1f"},
    ]
    colour = {"field": "colour", "type": "nominal", "scale": None}
    return {
        "data": {"name": "recall"},
        "height": ROW * CLASSES,
        "layer": [
            {
                "mark": {"type": "bar", "cornerRadius": 2, "height": {"band": 0.62}},
                "encoding": {"y": y, "x": x, "color": colour, "tooltip": tooltip},
            },
            _zero(colours),
        ],
    }


def curve_table(percents: list[int], accuracies: list[float]) -> pd.DataFrame:
    """Accuracy against the percentage of weights that is pruned, as the rows of `curve_chart`."""
    return pd.DataFrame({"percent": percents, "accuracy": accuracies})


@lru_cache(maxsize=256)
def curve_chart(here: int, colours: Colours = LIGHT) -> dict:
    """The spec of a curve with a rule where one stands, of a table that is called "curve"."""
    x = {
        "field": "percent",
        "type": "quantitative",
        "title": "Smallest weights pruned (%)",
        "scale": {"domain": [0, 100], "nice": False},
        "axis": {"grid": False},
    }
    y = {
        "field": "accuracy",
        "type": "quantitative",
        "title": "Test accuracy",
        "scale": {"domain": [0, 1]},
        "axis": {"format": "%", "tickCount": 5, **UPRIGHT},
    }
    tooltip = [
        {"field": "percent", "type": "quantitative", "title": "Pruned, in percent"},
        {"field": "accuracy", "type": "quantitative", "title": "Test accuracy", "format": ".1%"},
    ]
    rule = {
        "type": "rule",
        "strokeWidth": 2,
        "strokeDash": [4, 3],
        "color": css(colours.ink),
        "opacity": 0.6,
        "aria": False,
    }
    return {
        "data": {"name": "curve"},
        "height": 220,
        "layer": [
            {"mark": {"type": "line", "strokeWidth": 2.5, "color": css(colours.line)}, "encoding": {"x": x, "y": y}},
            {
                "mark": {"type": "point", "filled": True, "size": 45, "color": css(colours.line), "opacity": 1},
                "encoding": {"x": x, "y": y, "tooltip": tooltip},
            },
            {
                "data": {"values": [{"here": here}]},
                "mark": rule,
                "encoding": {"x": {"field": "here", "type": "quantitative"}},
            },
        ],
    }


def _zero(colours: Colours) -> dict:
    mark = {"type": "rule", "color": css(colours.ink), "opacity": 0.5, "aria": False}
    return {"mark": mark, "encoding": {"x": {"datum": 0, "type": "quantitative"}}}
