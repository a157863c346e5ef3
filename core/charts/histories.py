"""Histories that one studies -> charts in Vega-Lite: a finished run, and what such charts are made of. Pure: no page, no files."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from core.charts.curves import (
    ACCURACY,
    ALONG,
    HEIGHT,
    LEGEND,
    PALE,
    SERIES,
    UPRIGHT,
    Measure,
    lines_of,
    series_scale,
    span,
    thin,
    with_margin,
)
from core.history import EpochEnd

OVERLAY_HEIGHT = 400  # pixels, and of each name in its legend
LINE = 20
DOTTED = 30  # epochs up to which each is a dot on its line
# The wheel alone scrolls the page, and a finger that drags, too.
ZOOM = {
    "name": "zoom",
    "bind": "scales",
    "select": {
        "type": "interval",
        "zoom": "wheel![event.ctrlKey]",
        "translate": "[pointerdown[event.shiftKey], window:pointerup] > window:pointermove!",
    },
}
_NEAR = {"type": "point", "nearest": True, "on": "pointerover", "clear": "pointerout"}
NEAREST_EPOCH = {"name": "near", "select": {**_NEAR, "encodings": ["x"]}}
NEAREST_POINT = {"name": "near", "select": {**_NEAR, "fields": ["run", "epoch", "series"]}}


class Curves(NamedTuple):
    """A chart whose lines are there: what `st.vega_lite_chart` is given."""

    rows: pa.Table  # run: its number, epoch, training, validation
    spec: dict[str, Any]


def finished_curves(
    measure: Measure, history: list[EpochEnd], palette: Sequence[str], before: Sequence[EpochEnd] = ()
) -> Curves:
    """A finished run's curves, to zoom into and to read off; behind them, pale, those of the run before it, as far as it goes."""
    shown = thin(history)
    behind = thin([event for event in before if event.epoch <= history[-1].epoch])
    values = [getattr(event, field) for event in [*shown, *behind] for _, field in lines_of(measure)]
    colour = {"field": "series", "type": "nominal", "title": None, "scale": series_scale(palette), "legend": LEGEND}
    pale = {"field": "run", "type": "nominal", "scale": {"domain": [0, 1], "range": [1, PALE]}, "legend": None}
    own = {"color": colour, "opacity": pale, "detail": {"field": "run"}}
    lines = folded(
        y_axis(measure, values), own, SERIES, legend=LEGEND, point={"size": 28} if len(shown) <= DOTTED else False
    )
    epoch = {"field": "epoch", "title": "After epoch"}
    read = [{"field": name, "title": name.capitalize(), "format": measure.format} for name, _ in lines_of(measure)]
    upright = {
        "transform": [{"filter": "datum.run == 0"}],
        "mark": {"type": "rule", "strokeWidth": 1.5, "color": "gray"},
        "params": [NEAREST_EPOCH],
        "encoding": {
            "opacity": {"condition": {"param": "near", "empty": False, "value": 1}, "value": 0},
            "tooltip": [{**one, "type": "quantitative"} for one in (epoch, *read)],
        },
    }
    spec = chart(HEIGHT, history[-1].epoch, [lines, upright])
    return Curves(_wide(measure, [shown, *[behind] * bool(behind)]), spec)


def _wide(measure: Measure, histories: Sequence[Sequence[EpochEnd]]) -> pa.Table:
    """Histories as rows, both values of an epoch in one: a third of the bytes that a row for each would take."""
    every = [(run, event) for run, history in enumerate(histories) for event in history]
    columns: dict[str, pa.Array] = {
        "run": pa.array([run for run, _ in every], pa.uint16()),
        "epoch": pa.array([event.epoch for _, event in every], pa.uint16()),
    }
    return pa.table(
        columns
        | {
            name: pa.array([getattr(event, field) for _, event in every], pa.float32())
            for name, field in lines_of(measure)
        }
    )


def chart(
    height: int, end: float, layers: list[dict[str, Any]], field: str = "epoch", title: str = "Epoch"
) -> dict[str, Any]:
    """Layers over what training is counted in, up to its end, which can be zoomed into."""
    layers[0]["params"] = [ZOOM]
    x = {
        "field": field,
        "type": "quantitative",
        "title": title,
        "axis": ALONG,
        "scale": {"domain": [0, end * 1.01], "nice": False},
    }
    return {"height": height, "encoding": {"x": x}, "layer": layers}


def y_axis(measure: Measure, values: Sequence[float]) -> dict[str, Any]:
    """The axis of such lines, a little longer than what it has to hold."""
    return {
        "field": "value",
        "type": "quantitative",
        "title": measure.title,
        "axis": {"format": "%" if measure is ACCURACY else "~g", **UPRIGHT},
        "scale": {"domain": with_margin(span(measure, values)), "nice": False},
    }


def folded(
    y: dict[str, Any],
    encoding: dict[str, Any],
    series: Sequence[str],
    legend: dict[str, Any] | None = None,
    point: dict[str, Any] | bool = False,
) -> dict[str, Any]:
    """The lines of such rows: training solid, validation dashed."""
    scale = {"domain": SERIES, "range": [[1, 0], [6, 3]]}
    dash = {"field": "series", "type": "nominal", "title": None, "legend": legend, "scale": scale}
    return {
        "transform": [{"fold": [*series], "as": ["series", "value"]}],
        "mark": {"type": "line", "strokeWidth": 2.5, "clip": True, "point": point},
        "encoding": {"y": y, "strokeDash": dash, **encoding},
    }
