"""Histories that one studies -> charts in Vega-Lite: a finished run, and several side by side. Pure: no page, no files."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from core.charts.curves import (
    ACCURACY,
    HEIGHT,
    LEGEND,
    PALE,
    SERIES,
    Measure,
    lines_of,
    series_scale,
    settled,
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
    lines = _folded(
        _y(measure, values), own, SERIES, legend=LEGEND, point={"size": 28} if len(shown) <= DOTTED else False
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
    spec = _chart(HEIGHT, history[-1].epoch, [lines, upright])
    return Curves(_wide(measure, [shown, *[behind] * bool(behind)]), spec)


def overlay(
    measure: Measure,
    histories: dict[str, list[EpochEnd]],
    palette: Sequence[str],
    series: Sequence[str] = SERIES,
    late: bool = False,
) -> Curves:
    """The curves of several runs in one chart, by the names in its legend: a colour each, training solid, validation dashed.

    Runs beyond the last colour begin again with the first one, and have dots on their lines. The axis holds every value; with
    `late` only those after the first tenth of each run, in which everything is far from where it ends.
    """
    shown = {name: thin(history) for name, history in histories.items() if history}
    names = [*shown]
    within = [event for history in shown.values() for event in (settled(history) if late else history)]
    values = [getattr(event, field) for event in within for kind, field in lines_of(measure) if kind in series]
    longest = max((history[-1].epoch for history in shown.values()), default=1)
    hues = [palette[i % len(palette)] for i in range(len(names))]
    colour = {
        "field": "name",
        "type": "nominal",
        "title": None,
        "scale": {"domain": names, "range": hues},
        "legend": {"orient": "bottom", "columns": 1, "labelLimit": 0, "symbolType": "stroke"} if names[1:] else None,
    }
    y = _y(measure, values)
    lines = _folded(y, {"color": colour, "detail": {"field": "run"}}, series)
    alone = [i for i, name in enumerate(names) if i >= len(palette) or len(shown[name]) == 1]  # one point makes no line
    dots = _folded(y, {"color": colour}, series) | {"mark": {"type": "point", "filled": True, "clip": True}}
    dots["transform"] = [{"filter": {"field": "run", "oneOf": alone}}, *dots["transform"]]
    near = _folded(y, {"color": colour}, series) | {
        "mark": {"type": "point", "filled": True, "size": 60, "clip": True},
        "params": [NEAREST_POINT],
    }
    near["encoding"] |= {
        "opacity": {"condition": {"param": "near", "empty": False, "value": 1}, "value": 0},
        "tooltip": [
            {"field": "name", "type": "nominal", "title": "Run"},
            {"field": "series", "type": "nominal", "title": "Images"},
            {"field": "epoch", "type": "quantitative", "title": "After epoch"},
            {"field": "value", "type": "quantitative", "title": measure.title, "format": measure.format},
        ],
    }
    spec = _chart(OVERLAY_HEIGHT + LINE * len(names), longest, [lines, *[dots] * bool(alone), near])
    # Names are data of the chart, since they may come from anybody.
    called = {"values": [{"run": i, "name": name} for i, name in enumerate(names)]}
    spec["transform"] = [{"lookup": "run", "from": {"data": called, "key": "run", "fields": ["name"]}}]
    return Curves(_wide(measure, list(shown.values())), spec)


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


def _chart(height: int, epochs: int, layers: list[dict[str, Any]]) -> dict[str, Any]:
    """Layers over the epochs, which can be zoomed into."""
    layers[0]["params"] = [ZOOM]
    x = {
        "field": "epoch",
        "type": "quantitative",
        "title": "Epoch",
        "axis": {"grid": False, "tickMinStep": 1},
        "scale": {"domain": [0, epochs * 1.01], "nice": False},
    }
    return {"height": height, "encoding": {"x": x}, "layer": layers}


def _y(measure: Measure, values: Sequence[float]) -> dict[str, Any]:
    """The axis of such lines, a little longer than what it has to hold."""
    return {
        "field": "value",
        "type": "quantitative",
        "title": measure.title,
        "axis": {"format": "%" if measure is ACCURACY else "~g"},
        "scale": {"domain": with_margin(span(measure, values)), "nice": False},
    }


def _folded(
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
