"""Histories and counts -> charts in Vega-Lite: a run that is going on, and what every chart of histories has. Pure: no page, no files.

Colours are positions in the theme's list, .streamlit/config.toml: what calls brings that list as a `palette`. One colour has
one meaning: neither blue nor red is a series, since they are what weights are painted with. A measure's training line is
always solid and its validation line dashed, so that nobody has to tell the two by colour alone.
"""

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from core.data import CLASSES
from core.history import EpochEnd, Progress

SERIES = ["training", "validation"]
SERIES_COLOURS = {"training": 2, "validation": 6}  # green and purple, which any colour vision tells apart
NETWORK_COLOURS = {"mlp": 0, "cnn": 1}
HEIGHT = 300  # pixels; the same live and finished, so that the page does not jump
PALE = 0.35  # opacity of the run that one comes from
MOST_BEHIND = 60  # of its points while a new one grows: they are sent again with every look
ROW = pa.schema({"epoch": pa.float64(), "value": pa.float64(), "series": pa.string()})
MOST_POINTS = 300  # of a line: more cannot be told apart on a screen
LEGEND = {"orient": "top", "symbolType": "stroke", "symbolSize": 300}
# Streamlit moves the outermost numbers of an axis inwards: of an upright one off their lines. Along the bottom it moves what stands at
# the very end alone; a number that close to it (in pixels) would be cut off until the font is there.
UPRIGHT: dict[str, Any] = {"labelFlush": False}
ALONG: dict[str, Any] = {"grid": False, "tickMinStep": 1, "labelFlush": 8}


class Measure(NamedTuple):
    """What a curve shows, and where its two lines are in an EpochEnd."""

    title: str
    training: str
    validation: str
    format: str


ACCURACY = Measure("Accuracy", "train_accuracy", "val_accuracy", ".2%")
LOSS = Measure("Loss", "loss", "val_loss", ".3f")


def points(
    measure: Measure, history: list[EpochEnd], within: Iterable[Progress] = (), before: Sequence[EpochEnd] = ()
) -> pa.Table:
    """A live run's history as the rows of a chart: epoch, value, series; and `run`, new or before, where there is one before.

    `within` are words from inside the current epoch, which lead the training loss on between two epochs. `before` is the
    history of the run that this one is compared with. The rows are an Arrow table, since that is what goes to the browser:
    a DataFrame would be made into one for every visitor and tick.
    """
    rows = [(event.epoch, getattr(event, field), name) for event in thin(history) for name, field in lines_of(measure)]
    if measure is LOSS:
        rows += [(event.epoch - 1 + event.step / event.steps, event.loss, "training") for event in within]
    table = pa.table([[row[i] for row in rows] for i in range(len(ROW))], ROW)
    if not before:
        return table
    behind = points(measure, thin([*before], MOST_BEHIND))
    return pa.concat_tables([_of(behind, "before"), _of(table, "new")])


def _of(table: pa.Table, run: str) -> pa.Table:
    return table.append_column("run", pa.array([run] * len(table), pa.string()))


@lru_cache(maxsize=128)
def live_curves(
    measure: Measure,
    epochs: int,
    domain: tuple[float, float],
    dots: bool,
    palette: tuple[str, ...],
    before: bool = False,
) -> dict:
    """The Vega-Lite spec of a run's curves while it grows, for the rows that `points` gives, with a run before it or without.

    The epoch axis is as long as the run will be, so that the lines grow to the right. The spec holds no data: it is built
    and checked once, and not for every visitor and tick.
    """
    epoch = {"field": "epoch", "type": "quantitative", "title": "Epoch"}
    value = {"field": "value", "type": "quantitative", "title": measure.title}
    series = {"field": "series", "type": "nominal", "title": None}
    encoding: dict[str, Any] = {
        "x": {
            **epoch,
            "axis": ALONG,
            "scale": {"domain": [0, epochs], "nice": False},
        },
        "y": {
            **value,
            "axis": {"format": "%" if measure is ACCURACY else "~g", **UPRIGHT},
            "scale": {"domain": domain, "nice": False},
        },
        "color": {
            **series,
            "scale": series_scale(palette),
            "legend": LEGEND,
        },
        "tooltip": [
            {**series, "title": "Images"},
            {**epoch, "format": ".4~g"},
            {**value, "format": measure.format},
        ],
    }
    if before:
        pale = {"domain": ["before", "new"], "range": [PALE, 1]}
        encoding["opacity"] = {"field": "run", "type": "nominal", "scale": pale, "legend": None}
    dash = {**series, "scale": {"domain": SERIES, "range": [[1, 0], [6, 3]]}}
    lines = {"mark": {"type": "line", "strokeWidth": 2.5, "clip": True}, "encoding": {"strokeDash": dash}}
    solid = {} if before else {"opacity": 1}
    ends = {
        "mark": {"type": "circle", "size": 28, "clip": True, **solid},
        "transform": [{"filter": "datum.epoch == floor(datum.epoch)"}],
    }
    return {"height": HEIGHT, "encoding": encoding, "layer": [lines, *[ends] * dots]}


def settled(history: Sequence[EpochEnd]) -> Sequence[EpochEnd]:
    """What comes after the first tenth of a history, and after its first epoch, if anything does."""
    return history[max(1, len(history) // 10) :] or history


def series_scale(palette: Sequence[str]) -> dict[str, list[str]]:
    """The colours of training and validation, in every chart."""
    return {"domain": SERIES, "range": [palette[SERIES_COLOURS[name]] for name in SERIES]}


def span(measure: Measure, values: Sequence[float]) -> tuple[float, float]:
    """The ends of a measure's axis: round ones that hold every value and seldom move while a run goes on."""
    if len(values) == 0:
        return (0.0, 1.0) if measure is ACCURACY else (0.0, 2.5)
    if measure is ACCURACY:
        low = math.floor(min(values) * 10) / 10
        return (low if low < 1 else 0.9), 1.0
    return 0.0, max(0.1, math.ceil(max(values) * 4) / 4)


def thin(rows: list, most: int = MOST_POINTS) -> list:
    """At most so many rows of a line, evenly spread, the first and the last among them."""
    if len(rows) <= most:
        return rows
    return [rows[i] for i in np.linspace(0, len(rows) - 1, most).round().astype(int)]


def class_counts(labels: dict[str, np.ndarray]) -> dict[str, Any]:
    """How many images of each digit there are, in each part of the data."""
    rows = [
        {"digit": digit, "part": part, "images": int(n)}
        for part, values in labels.items()
        for digit, n in enumerate(np.bincount(values, minlength=CLASSES))
    ]
    digit = {"field": "digit", "type": "ordinal", "title": "Digit", "axis": {"labelAngle": 0}}
    images = {"field": "images", "type": "quantitative", "title": "Images"}
    part = {"field": "part", "type": "nominal", "title": None}
    return {
        "data": {"values": rows},
        "height": 260,
        "mark": "bar",
        "encoding": {
            "x": digit,
            "y": images,
            "color": {**part, "scale": {"domain": [*labels]}, "legend": {"orient": "top"}},
            "tooltip": [
                {"field": "digit", "type": "ordinal", "title": "Digit"},
                {**part, "title": "Part"},
                {**images, "format": ","},
            ],
        },
    }


def with_margin(ends: tuple[float, float]) -> list[float]:
    """A little more than an axis's ends, so that a line that runs along one of them is drawn in full."""
    margin = (ends[1] - ends[0]) * 0.02
    return [ends[0] - margin, ends[1] + margin]


def lines_of(measure: Measure) -> list[tuple[str, str]]:
    return [("training", measure.training), ("validation", measure.validation)]
