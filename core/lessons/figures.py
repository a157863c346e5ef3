"""The figures of a lesson as Vega-Lite specs with their rows in them. Pure: no page, no files."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.charts.colours import Colours, css
from core.charts.curves import LEGEND, UPRIGHT, thin
from core.history import EpochEnd
from core.lessons.lesson import Bars

HEIGHT, BAR = 320, 26
PERCENT = {"title": "Right, in percent", "scale": {"domain": [0, 100]}, "axis": UPRIGHT}


def line(
    places: Sequence[int],
    drawn: Sequence[float],
    found: Sequence[float] | None,
    palette: Sequence[str],
    colours: Colours,
) -> dict[str, Any]:
    """A curve in percent that somebody has drawn over some numbers of images, and the one that came, where it is known."""
    series = {"predicted": drawn} | ({} if found is None else {"measured": found})
    rows = [
        {"images": f"{place:,}", "percent": round(value, 2), "curve": name}
        for name, values in series.items()
        for place, value in zip(places, values, strict=True)
    ]
    colour = {"domain": [*series], "range": [css(colours.ink), palette[6]][: len(series)]}
    dash = {"domain": [*series], "range": [[5, 4], [1, 0]][: len(series)]}
    tooltip = [{"field": name} for name in ("curve", "images", "percent")]
    return {
        "data": {"values": rows},
        "height": HEIGHT,
        "mark": {"type": "line", "point": True, "strokeWidth": 2.5},
        "encoding": {
            "x": {
                "field": "images",
                "type": "ordinal",
                "sort": None,
                "title": "Training images",
                "axis": {"labelAngle": 0},
            },
            "y": {"field": "percent", "type": "quantitative", **PERCENT},
            "color": {
                "field": "curve",
                "scale": colour,
                "legend": {**LEGEND, "title": None},
            },
            "strokeDash": {"field": "curve", "scale": dash, "legend": None},
            "tooltip": tooltip,
        },
    }


def accuracies(histories: Mapping[str, Sequence[EpochEnd]], palette: Sequence[str], colours: Colours) -> dict[str, Any]:
    """Training (solid) and validation accuracy (dashed) of some runs after every epoch, a colour each."""
    rows = [
        {"epoch": event.epoch, "percent": round(value * 100, 2), "run": name, "on": on}
        for name, history in histories.items()
        for event in thin(list(history))
        for on, value in (("own images", event.train_accuracy), ("new images", event.val_accuracy))
    ]
    dash = {"domain": ["own images", "new images"], "range": [[1, 0], [5, 4]]}
    hues = [palette[i] for i in (2, 6, 1)][: len(histories)]
    return {
        "data": {"values": rows},
        "height": HEIGHT,
        "mark": {"type": "line", "strokeWidth": 2.2},
        "encoding": {
            "x": {
                "field": "epoch",
                "type": "quantitative",
                "title": "Epoch",
                "axis": {"tickMinStep": 1, "grid": False},
            },
            "y": {"field": "percent", "type": "quantitative", **PERCENT},
            "color": {
                "field": "run",
                "sort": None,
                "scale": {"domain": [*histories], "range": hues},
                "legend": {**LEGEND, "title": None},
            },
            "strokeDash": {"field": "on", "scale": dash, "legend": None},
            "tooltip": [{"field": name} for name in ("run", "on", "epoch", "percent")],
        },
    }


def bars(found: Bars, colours: Colours) -> dict[str, Any]:
    """A bar for each name with its words beside it; those that are marked stand out."""
    rows = [
        {
            "name": name,
            "value": value,
            "words": words,
            "colour": css(colours.wrong if name in found.marked else colours.other),
        }
        for (name, value), words in zip(found.values.items(), found.words, strict=True)
    ]
    x = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [0, found.most * 1.3], "nice": False},
        "title": None,
        "axis": None,
    }
    y = {
        "field": "name",
        "type": "ordinal",
        "sort": None,
        "title": None,
        "axis": {
            "ticks": False,
            "domain": False,
            "labelLimit": 200,
            "labelFontSize": 13,
            "labelColor": css(colours.ink),
        },
    }
    return {
        "data": {"values": rows},
        "height": len(rows) * BAR,
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "bar", "cornerRadius": 2}, "encoding": {"color": {"field": "colour", "scale": None}}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "color": css(colours.ink), "fontSize": 12},
                "encoding": {"text": {"field": "words"}},
            },
        ],
    }
