"""The curves of several runs in one chart, and of several seeds as a mean with a band. Pure: no page, no files."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from core.charts.curves import ACCURACY, SERIES, Measure, lines_of, settled, thin
from core.charts.histories import LINE, NEAREST_POINT, OVERLAY_HEIGHT, Curves, chart, folded, y_axis
from core.history import EpochEnd, best_epoch
from core.search.along import TITLES, Point, points

COLUMNS = pa.schema(
    {
        "run": pa.uint16(),  # the number of the line
        "trace": pa.uint8(),  # 0 on the line itself, and from 1 on the seeds that it is the mean of
        "epoch": pa.uint16(),
        "x": pa.float32(),
        "seeds": pa.uint16(),
        "best": pa.bool_(),  # whether it is the epoch with the highest validation accuracy of a run on its own
        **{f"{name}{end}": pa.float32() for name in SERIES for end in ("", "_low", "_high")},
    }
)


class Line(NamedTuple):
    """A run, or several that differ in their seed alone."""

    name: str
    histories: list[list[EpochEnd]]  # of those that have any
    steps_per_epoch: int


def overlay(
    measure: Measure,
    lines: Sequence[Line],
    palette: Sequence[str],
    series: Sequence[str] = SERIES,
    late: bool = False,
    along: str = "epochs",
    every: bool = False,
) -> Curves:
    """The curves of several lines in one chart, by the names in its legend: a colour each, training solid, validation dashed.

    Of several seeds the mean is drawn, and a band from the least to the most; with `every` each of them as well. Lines beyond the last
    colour begin again with the first one, and have dots on them. The axis holds every value; with `late` only those after the first
    tenth of each run, in which everything is far from where it ends.
    """
    banded = any(len(line.histories) > 1 for line in lines)
    rows = _table(measure, lines, along, every, banded)
    names = [line.name for line in lines]
    within = [
        event for line in lines for history in line.histories for event in (settled(history) if late else history)
    ]
    values = [getattr(event, field) for event in within for kind, field in lines_of(measure) if kind in series]
    y = y_axis(measure, values)
    hues = [palette[i % len(palette)] for i in range(len(names))]
    colour = {
        "field": "name",
        "type": "nominal",
        "title": None,
        "scale": {"domain": names, "range": hues},
        "legend": {"orient": "bottom", "columns": 1, "labelLimit": 0, "symbolType": "stroke", "symbolOpacity": 1}
        if names[1:]
        else None,
    }
    layers = [_of_lines(folded(y, {"color": colour, "detail": {"field": "run"}}, series))]
    layers += [_band(y, colour, name) for name in series] if banded else []
    layers += [_traces(y, colour, series)] if every and banded else []
    layers += _dots(y, colour, series, lines, len(palette))
    layers += [_best(y, colour)] if measure is ACCURACY and SERIES[1] in series else []
    layers += [_near(measure, y, colour, series, along, banded)]
    x = "epoch" if along == "epochs" else "x"
    longest = max(rows[x].to_pylist(), default=1)
    spec = chart(OVERLAY_HEIGHT + LINE * len(names), longest, layers, x, TITLES[along])
    # Names are data of the chart, since they may come from anybody.
    called = {"values": [{"run": i, "name": name} for i, name in enumerate(names)]}
    spec["transform"] = [{"lookup": "run", "from": {"data": called, "key": "run", "fields": ["name"]}}]
    return Curves(rows, spec)


def _table(measure: Measure, lines: Sequence[Line], along: str, every: bool, banded: bool) -> pa.Table:
    """The rows of all lines, without columns that say nothing: they are sent with every look at a live run."""
    rows = pa.Table.from_pylist([*_rows(measure, lines, along, every)], COLUMNS)
    idle = ["x"] * (along == "epochs")
    idle += (
        [name for name in COLUMNS.names if name == "seeds" or name.endswith(("_low", "_high"))] if not banded else []
    )
    return rows.drop_columns(idle)


def _rows(measure: Measure, lines: Sequence[Line], along: str, every: bool) -> Iterable[dict[str, Any]]:
    """The rows of every line, and of each of its seeds."""
    for run, line in enumerate(lines):
        traces = [line.histories, *([history] for history in line.histories if every and len(line.histories) > 1)]
        alone = best_epoch(line.histories[0]).epoch if len(line.histories) == 1 else None
        for trace, histories in enumerate(traces):
            curve = points(histories, line.steps_per_epoch, along, measure.training, measure.validation)
            for point in _thinned(curve, alone):
                yield {
                    "run": run,
                    "trace": trace,
                    "epoch": point.epoch,
                    "x": point.x,
                    "seeds": point.seeds,
                    "best": point.epoch == alone,
                    **_values(point),
                }


def _values(point: Point) -> dict[str, float]:
    spreads = zip(SERIES, (point.training, point.validation), strict=True)
    return {
        f"{name}{end}": value for name, one in spreads for end, value in zip(("", "_low", "_high"), one, strict=True)
    }


def _thinned(curve: list[Point], kept: int | None) -> list[Point]:
    """At most a few hundred points of a curve, one of which is always among them."""
    shown = thin(curve)
    if kept is None or any(point.epoch == kept for point in shown):
        return shown
    return sorted([*shown, curve[kept - 1]])


def _of_lines(layer: dict[str, Any]) -> dict[str, Any]:
    """The same without the rows of single seeds."""
    return layer | {"transform": [{"filter": "datum.trace == 0"}, *layer["transform"]]}


def _band(y: dict[str, Any], colour: dict[str, Any], name: str) -> dict[str, Any]:
    """From the least to the most of the seeds."""
    return {
        "transform": [{"filter": "datum.trace == 0"}],
        "mark": {"type": "area", "opacity": 0.18, "clip": True},
        "encoding": {
            "y": y | {"field": f"{name}_low"},
            "y2": {"field": f"{name}_high"},
            "color": colour,
            "detail": {"field": "run"},
        },
    }


def _traces(y: dict[str, Any], colour: dict[str, Any], series: Sequence[str]) -> dict[str, Any]:
    """Every seed as a thin line."""
    layer = folded(y, {"color": colour, "detail": [{"field": "run"}, {"field": "trace"}]}, series)
    layer["mark"] |= {"strokeWidth": 1, "opacity": 0.7}
    return layer | {"transform": [{"filter": "datum.trace > 0"}, *layer["transform"]]}


def _dots(
    y: dict[str, Any], colour: dict[str, Any], series: Sequence[str], lines: Sequence[Line], colours: int
) -> list[dict[str, Any]]:
    """Dots on what has the colour of another line, and on single points, which make no line."""
    alone = [i for i, line in enumerate(lines) if i >= colours or max(map(len, line.histories)) == 1]
    layer = _of_lines(folded(y, {"color": colour}, series)) | {"mark": {"type": "point", "filled": True, "clip": True}}
    layer["transform"] = [{"filter": {"field": "run", "oneOf": alone}}, *layer["transform"]]
    return [layer] * bool(alone)


def _best(y: dict[str, Any], colour: dict[str, Any]) -> dict[str, Any]:
    """A diamond where the validation accuracy of a run is highest."""
    return {
        "transform": [{"filter": "datum.best"}],
        "mark": {"type": "point", "shape": "diamond", "filled": False, "size": 110, "strokeWidth": 2, "clip": True},
        "encoding": {"y": y | {"field": SERIES[1]}, "color": colour},
    }


def _near(
    measure: Measure, y: dict[str, Any], colour: dict[str, Any], series: Sequence[str], along: str, banded: bool
) -> dict[str, Any]:
    """The point that is pointed at, and what it says."""
    layer = _of_lines(folded(y, {"color": colour}, series)) | {
        "mark": {"type": "point", "filled": True, "size": 60, "clip": True},
        "params": [NEAREST_POINT],
    }
    ends = ("low", "high") if banded else ()
    layer["transform"] += [{"calculate": f"datum[datum.series + '_{end}']", "as": end} for end in ends]
    number = {"type": "quantitative", "format": measure.format}
    layer["encoding"] |= {
        "opacity": {"condition": {"param": "near", "empty": False, "value": 1}, "value": 0},
        "tooltip": [
            {"field": "name", "type": "nominal", "title": "Run"},
            {"field": "series", "type": "nominal", "title": "Images"},
            {"field": "epoch", "type": "quantitative", "title": "After epoch"},
            *(
                [{"field": "x", "type": "quantitative", "title": TITLES[along], "format": ",.4~g"}]
                if along != "epochs"
                else []
            ),
            {"field": "value", "title": "Mean" if banded else measure.title, **number},
            *({"field": end, "title": title, **number} for end, title in zip(ends, ("Least", "Most"), strict=False)),
            *([{"field": "seeds", "type": "quantitative", "title": "Seeds"}] if banded else []),
        ],
    }
    return layer
