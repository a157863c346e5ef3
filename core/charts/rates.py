"""A learning-rate test as a chart. Pure: no page, no files."""

from collections.abc import Sequence
from typing import Any

from core.charts.colours import Colours, css
from core.charts.curves import UPRIGHT, thin
from core.config import number_words
from core.search.rates import AWAY, Point, Suggestion
from core.words import significant

HEIGHT, ROW = 300, 20  # pixels
RATE: dict[str, Any] = {
    "field": "rate",
    "type": "quantitative",
    "title": "Learning rate",
    "scale": {"type": "log", "nice": False},
    "axis": {"values": [10.0**power for power in range(-5, 1)]},
}
MARK = {"type": "text", "align": "right", "dx": -5, "baseline": "top", "fontSize": 13}


def rates(
    points: Sequence[Point], found: Suggestion | None, palette: Sequence[str], colours: Colours
) -> dict[str, Any]:
    """The loss against the rate, on a scale of powers of ten: a pale dot for each batch, and the smoothed line.

    An upright line stands at the rate that is suggested, and a dashed one where the loss breaks away.
    """
    losses = [
        {"rate": point.rate, "loss": round(point.loss, 4), "smoothed": round(point.smoothed, 4)}
        for point in thin([*points])
    ]
    top = AWAY * points[0].smoothed
    y = {"type": "quantitative", "title": "Loss in nats", "scale": {"domain": [0, top], "nice": False}, "axis": UPRIGHT}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "point", "filled": True, "size": 12, "opacity": 0.35, "clip": True, "color": palette[2]},
            "encoding": {"y": {"field": "loss", **y}},
        },
        {
            "mark": {"type": "line", "strokeWidth": 2.5, "clip": True, "color": palette[2]},
            "encoding": {"y": {"field": "smoothed", **y}},
        },
    ]
    if found is not None:
        away = found.away is not None
        layers += _upright(found.rate, f"take {number_words(found.rate)}", {}, ROW * away, colours)
    if found is not None and found.away is not None:
        words = f"breaks away at {significant(found.away, 2)}"
        layers += _upright(found.away, words, {"strokeDash": [5, 4]}, 0, colours)
    return {"data": {"values": losses}, "height": HEIGHT, "encoding": {"x": RATE}, "layer": layers}


def _upright(rate: float, words: str, style: dict[str, Any], down: int, colours: Colours) -> list[dict[str, Any]]:
    """A line at a rate with words left of it. It begins so many pixels down, below the words of another one, which may reach across."""
    data = {"values": [{"rate": rate, "words": words}]}
    return [
        {
            "data": data,
            "mark": {"type": "rule", "color": css(colours.ink), "strokeWidth": 1.5, **style},
            "encoding": {"y": {"value": down}, "y2": {"value": "height"}},
        },
        {
            "data": data,
            "mark": {**MARK, "color": css(colours.ink)},
            "encoding": {"y": {"value": down + 4}, "text": {"field": "words"}},
        },
    ]
