"""What a network's sureness is worth, as a chart. Pure: no page, no files."""

from typing import Any

from core.analysis.doubt import Doubt
from core.charts.colours import LIGHT, Colours, css
from core.charts.curves import UPRIGHT

DASHES = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3]]


def doubt_chart(curves: dict[str, list[Doubt]], chosen: dict[str, Doubt], colours: Colours = LIGHT) -> dict[str, Any]:
    """What is no digit and answered as sure, against digits that are refused: a line for each network, and its threshold on it."""
    refused = {"field": "refused", "type": "quantitative", "title": "Digits refused"}
    passed = {"field": "passed", "type": "quantitative", "title": "No digit, and sure"}
    threshold = {"field": "threshold", "type": "quantitative"}
    network = {"field": "network", "type": "nominal"}
    names = {"title": None, "orient": "top", "symbolType": "stroke", "symbolSize": 400, "labelLimit": 260, "columns": 2}
    dash = {**network, "scale": {"domain": [*curves], "range": DASHES[: len(curves)]}, "legend": names}
    lines = [(name, one) for name, points in curves.items() for one in points]
    return {
        "height": 280,
        "encoding": {
            "x": {**refused, "axis": {"format": "%"}, "scale": {"domain": [0, 0.1]}},
            "y": {**passed, "axis": {"format": "%", **UPRIGHT}, "scale": {"domain": [0, 1]}},
            "tooltip": [
                {**network, "title": "Network"},
                *({**one, "format": ".1%"} for one in ({**threshold, "title": "Sure from"}, refused, passed)),
            ],
        },
        "layer": [
            {
                "data": {"values": _rows(lines)},
                "mark": {"type": "line", "strokeWidth": 2.5, "color": css(colours.line)},
                "encoding": {"strokeDash": dash, "order": threshold},
            },
            {
                "data": {"values": _rows([*chosen.items()])},
                "mark": {"type": "point", "filled": True, "size": 90, "color": css(colours.ink), "opacity": 1},
            },
        ],
    }


def _rows(points: list[tuple[str, Doubt]]) -> list[dict[str, Any]]:
    return [{"network": name, **one._asdict()} for name, one in points]
