"""A search over all settings, as charts: its history, its runs across all that was searched, and what matters. Pure: no page, no files.

One colour has one meaning: a number on validation images has the colour that it has in every chart.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from core.charts.colours import Colours, css
from core.charts.curves import ALONG, SERIES_COLOURS, UPRIGHT
from core.kinds import Choice, label
from core.search.grid import kind_of, value_words
from core.search.importance import Importance
from core.search.study import Span, Study, between, position
from core.search.trials import STATES, TOP, Found, Trial, best_so_far
from core.words import significant

HEIGHT, ACROSS, BAR, AXIS = 300, 380, 30, 76  # pixels; the last two of each bar, and of the axis below all bars
NAME = 135  # pixels, of the longest setting
SHAPES = {"done": "circle", "pruned": "triangle-down", "stopped": "square", "open": "diamond"}
KINDS = [f"best {TOP}", "other finished", "stopped early"]  # of lines
BRUSH, KIND = "brush", "kind"  # the names of what can be chosen
# What a brush has hold of: Vega-Lite asks this of a point, and here it is asked for all points of a run together.
INSIDE = f'vlSelectionTest("{BRUSH}_store", datum) ? 1 : 0'
CHOSEN = f'datum.picked && (!length(data("{BRUSH}_store")) || datum.hit > 0)'
MOUSE = (
    "[pointerdown[event.pointerType != 'touch'], window:pointerup] > window:pointermove!"  # a finger scrolls the page
)


def history_table(study: Study, found: Found) -> pd.DataFrame:
    """A row for each run with an accuracy, and the highest of the finished ones so far."""
    best = dict(best_so_far([trial for trial in found.trials if trial.state != "open"]))
    rows = [
        (
            trial.number,
            trial.accuracy,
            STATES[trial.state],
            len(trial.accuracies),
            study.words(trial.config),
            best.get(trial.number),
        )
        for trial in found.trials
        if trial.accuracies and trial.state in SHAPES
    ]
    table = pd.DataFrame(rows, columns=["run", "accuracy", "state", "epochs", "words", "best"])
    return table.astype({"best": float})  # also where nothing is finished


def ends(found: Found) -> tuple[float, float]:
    """The ends of the axis of a history, which hold every value; whole points, so that it does not jump with each epoch."""
    values = [trial.accuracy for trial in found.trials if trial.accuracy is not None and trial.state in SHAPES]
    return max(0.0, math.floor(100 * min(values) - 1) / 100), min(1.0, math.ceil(100 * max(values) + 1) / 100)


def states(found: Found) -> tuple[str, ...]:
    """In which states there are runs, of those that a history shows."""
    return tuple(state for state in SHAPES if any(trial.accuracies for trial in found.of(state)))


@lru_cache(maxsize=64)
def history(
    runs: int, states: tuple[str, ...], ends: tuple[float, float], palette: tuple[str, ...], colours: Colours
) -> dict[str, Any]:
    """The Vega-Lite spec of the history of a search of so many runs, for the rows of `history_table`."""
    own, other = palette[SERIES_COLOURS["validation"]], css(colours.other)
    domain = [STATES[state] for state in states]
    paint = [own if state == "done" else other for state in states]
    state = {"field": "state", "type": "nominal", "title": None}
    legend = {"orient": "top", "symbolOpacity": 1, "symbolSize": 90}
    y = {
        "type": "quantitative",
        "title": "Validation accuracy",
        "axis": {"format": "%", **UPRIGHT},
        "scale": {"domain": [*ends], "nice": False},
    }
    x = {"field": "run", "type": "quantitative", "title": "Run", "scale": {"domain": [0.5, runs + 0.5], "nice": False}}
    points = {
        "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
        "encoding": {
            "y": {"field": "accuracy", **y},
            "color": {**state, "scale": {"domain": domain, "range": paint}, "legend": legend},
            "shape": {
                **state,
                "scale": {"domain": domain, "range": [SHAPES[state] for state in states]},
                "legend": legend,
            },
            "tooltip": [
                {"field": "run", "type": "quantitative", "title": "Run"},
                {**state, "title": "State"},
                {"field": "accuracy", "type": "quantitative", "title": "Validation accuracy", "format": ".2%"},
                {"field": "epochs", "type": "quantitative", "title": "Epochs"},
                {"field": "words", "type": "nominal", "title": "Settings"},
            ],
        },
    }
    line = {
        "transform": [{"filter": "isValid(datum.best)"}],
        "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2, "color": own, "opacity": 0.6},
        "encoding": {"y": {"field": "best", **y}},
    }
    axis = ALONG | {"format": "d"}
    return {"height": HEIGHT, "encoding": {"x": {**x, "axis": axis}}, "layer": [line, points]}


def across_table(study: Study, found: Found) -> pd.DataFrame:
    """A row for each run that is over and each axis: every setting that is searched, and the validation accuracy at the right."""
    shown = _over(found)
    best = {trial.number for trial in found.ranked()[:TOP]}
    low, high = _ends(shown)
    rows = []
    for trial in sorted(shown, key=lambda trial: trial.number in best):  # the best above all others
        kind = KINDS[2] if trial.state != "done" else KINDS[trial.number not in best]
        accuracy = trial.accuracy or 0.0
        for i, span in enumerate(study.space):
            value = getattr(trial.config, span.setting)
            rows.append(
                (trial.number, kind, i, position(span, value), label(span.setting), value_words(value), accuracy)
            )
        place = (accuracy - low) / (high - low)
        rows.append((trial.number, kind, len(study.space), place, "Validation accuracy", f"{accuracy:.2%}", accuracy))
    return pd.DataFrame(rows, columns=["run", "kind", "axis", "place", "setting", "value", "accuracy"])


def _over(found: Found) -> list[Trial]:
    """The runs that parallel coordinates show: those that are over, whatever ended them, and have an accuracy."""
    return [trial for trial in found.of("done", "pruned", "stopped") if trial.accuracies]


def _ends(shown: Sequence[Trial]) -> tuple[float, float]:
    """The ends of the axis of accuracies, which are different whatever the accuracies are."""
    values = [trial.accuracy or 0.0 for trial in shown] or [0.0, 1.0]
    return (min(values), max(values)) if max(values) > min(values) else (min(values) - 0.01, max(values) + 0.01)


def across(study: Study, found: Found, palette: tuple[str, ...], colours: Colours) -> dict[str, Any]:
    """The Vega-Lite spec of parallel coordinates, for the rows of `across_table`: a line for each run, an axis for each setting.

    A column `picked` says of each row whether its run is to be seen. Of those, whoever drags over a part of an axis chooses the lines
    through it, and a click in the legend those of a kind.
    """
    names = [*(label(span.setting) for span in study.space), "Validation accuracy"]
    words = ", ".join(f"'{name}'" for name in names)
    roomy = f"width > {NAME * len(names)}"  # for names side by side
    x = {
        "field": "axis",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [-0.45, len(names) - 0.75], "nice": False},
        "axis": {
            "values": [*range(len(names))],
            "labelExpr": f"[{words}][datum.value]",
            "labelAngle": {"expr": f"{roomy} ? 0 : -38"},
            "labelAlign": {"expr": f"{roomy} ? 'center' : 'right'"},
            "labelLimit": 150,
            "labelOverlap": False,
            "grid": False,
            "ticks": False,
            "domain": False,
        },
    }
    y = {
        "field": "place",
        "type": "quantitative",
        "title": None,
        "axis": None,
        "scale": {"domain": [-0.02, 1.02], "nice": False},
    }
    upright, *ticks = _scales(study, found, colours)
    return {
        "height": ACROSS,
        "encoding": {"x": x, "y": y},
        "layer": [upright, _lines(palette, colours), *ticks, _points()],
        "view": {"fill": "transparent"},  # nothing to see, and something to drag over
        "usermeta": {"embedOptions": {"renderer": "canvas"}},  # as SVG, a brush would be two pictures without a name
    }


def _lines(palette: tuple[str, ...], colours: Colours) -> dict[str, Any]:
    """A line for each run, pale where it is not chosen."""
    own, other = palette[SERIES_COLOURS["validation"]], css(colours.other)
    kind = {"field": "kind", "type": "nominal", "title": None}
    shade = {"condition": {"test": {"and": ["datum.chosen", {"param": KIND}]}, "value": 0.9}, "value": 0.07}
    return {
        "transform": [
            {"calculate": INSIDE, "as": "inside"},
            {"joinaggregate": [{"op": "max", "field": "inside", "as": "hit"}], "groupby": ["run"]},
            {"calculate": CHOSEN, "as": "chosen"},
        ],
        "mark": {"type": "line", "strokeWidth": 1.8, "strokeJoin": "round"},
        "encoding": {
            "detail": {"field": "run"},
            "order": {"field": "axis"},
            "opacity": shade,
            "color": {
                **kind,
                "scale": {"domain": KINDS, "range": [own, other, other]},
                "legend": {"orient": "top", "symbolType": "stroke", "symbolSize": 300, "symbolOpacity": 1},
            },
            "strokeDash": {**kind, "scale": {"domain": KINDS, "range": [[1, 0], [1, 0], [4, 3]]}},
        },
        "params": [{"name": KIND, "select": {"type": "point", "fields": ["kind"]}, "bind": "legend"}],
    }


def _points() -> dict[str, Any]:
    """Where the lines meet the axes: nothing to see, but to point at, and what a brush has hold of."""
    return {
        "mark": {"type": "point", "filled": True, "size": 40, "opacity": 0},
        "encoding": {
            "tooltip": [
                {"field": "run", "type": "quantitative", "title": "Run"},
                {"field": "setting", "type": "nominal", "title": "Setting"},
                {"field": "value", "type": "nominal", "title": "Value"},
                {"field": "accuracy", "type": "quantitative", "title": "Validation accuracy", "format": ".2%"},
            ],
        },
        "params": [{"name": BRUSH, "select": {"type": "interval", "on": MOUSE, "zoom": False}}],
    }


def _scales(study: Study, found: Found, colours: Colours) -> list[dict[str, Any]]:
    """The upright axes, each with what stands at its ends and in its middle."""
    ticks = [(i, share, words) for i, span in enumerate(study.space) for share, words in _ticks(span)]
    low, high = _ends(_over(found))
    ticks += [(len(study.space), share, f"{low + (high - low) * share:.1%}") for share in (0.0, 0.5, 1.0)]
    values = [{"axis": i, "place": share, "words": words} for i, share, words in ticks]
    upright = {
        "data": {"values": [{"axis": i, "place": 0, "end": 1} for i in range(len(study.space) + 1)]},
        "mark": {"type": "rule", "color": css(colours.other), "strokeWidth": 1},
        "encoding": {"y2": {"field": "end"}},
    }
    mark = {"type": "text", "align": "right", "dx": -5, "fontSize": 11}
    text = {"data": {"values": values}, "encoding": {"text": {"field": "words"}}}
    halo = text | {"mark": mark | {"stroke": css(colours.paper), "strokeWidth": 4, "opacity": 0.85, "aria": False}}
    return [upright, halo, text | {"mark": mark | {"color": css(colours.ink)}}]


def _ticks(span: Span) -> list[tuple[float, str]]:
    kind = kind_of(span.setting)
    if isinstance(kind, Choice):
        return [(position(span, word), word) for word in span.values]
    low, high = span.values
    middle = between(span, 0.5)
    words = f"{middle:.0f}" if kind.kind is int else significant(middle, 2)
    return [(0.0, value_words(low)), (0.5, words), (1.0, value_words(high))]


def importance_table(found: Sequence[Importance]) -> pd.DataFrame:
    """A row for each setting."""
    rows = [(label(one.setting), one.share, one.low, one.high) for one in found]
    return pd.DataFrame(rows, columns=["setting", "share", "low", "high"])


@lru_cache(maxsize=32)
def importance(settings: int, palette: tuple[str, ...], colours: Colours) -> dict[str, Any]:
    """The Vega-Lite spec of how much each of so many settings matters, with its interval, for the rows of `importance_table`."""
    share = {
        "type": "quantitative",
        "title": "Share of what differs between runs",
        "axis": {"format": "%", "tickCount": 5},
    }
    scale = {"scale": {"domain": [0, 1], "nice": False}}
    return {
        "height": BAR * settings + AXIS,
        "encoding": {
            "y": {
                "field": "setting",
                "type": "nominal",
                "title": None,
                "sort": None,
                "axis": {"labelLimit": 160, "labelOverlap": False},
            }
        },
        "layer": [
            {
                "mark": {"type": "bar", "color": palette[SERIES_COLOURS["validation"]], "opacity": 0.55},
                "encoding": {
                    "x": {"field": "share", **share, **scale},
                    "tooltip": [
                        {"field": "setting", "type": "nominal", "title": "Setting"},
                        {"field": "share", "type": "quantitative", "title": "Median", "format": ".1%"},
                        {"field": "low", "type": "quantitative", "title": "From", "format": ".1%"},
                        {"field": "high", "type": "quantitative", "title": "To", "format": ".1%"},
                    ],
                },
            },
            {
                "mark": {"type": "rule", "strokeWidth": 2, "color": css(colours.ink)},
                "encoding": {"x": {"field": "low", **share, **scale}, "x2": {"field": "high"}},
            },
        ],
    }
