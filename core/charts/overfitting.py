"""The comparison of training-set sizes as charts: a panel of curves for each size, and what they come to, against the size.

Colours are positions in the theme's list, as in core/charts/curves.py; a network has another one than training and validation.
"""

from collections.abc import Sequence
from functools import lru_cache

import altair as alt
import pandas as pd

from core.analysis.known import NIELSEN, Point
from core.analysis.overfitting import Outcome, by_epoch
from core.charts.curves import (
    ACCURACY,
    NETWORK_COLOURS,
    SERIES,
    Measure,
    series_scale,
    settled,
    span,
    thin,
)
from core.config import NAMES
from core.training import EpochEnd

PANEL_HEIGHT = 290
COLUMNS = ["epoch", "mean", "low", "high", "seeds", "series"]
SHAPES = {"mlp": "circle", "cnn": "square"}
PUBLISHED = "#808080"  # a line of others: the colour of none of ours, and to be seen in both themes


def panel_table(measure: Measure, histories: list[list[EpochEnd]]) -> pd.DataFrame:
    """The curves of one panel: for each epoch and series the mean over the seeds, their least and largest, and their number."""
    fields = dict(zip(SERIES, (measure.training, measure.validation), strict=True))
    rows = [
        (epoch, round(values.mean, 5), round(values.low, 5), round(values.high, 5), seeds, series)
        for series, name in fields.items()
        for epoch, seeds, values in thin(by_epoch(histories, name))
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


@lru_cache(maxsize=64)
def panel(
    measure: Measure,
    epochs: int,
    domain: tuple[float, float],
    palette: tuple[str, ...],
    band: bool = False,
    dots: bool = False,
    late: bool = False,
) -> dict:
    """The Vega-Lite spec of every panel: training and validation against the epoch, on axes that all share.

    With `late` the axes may leave out the beginning, which is then cut off; one epoch makes no line, and needs `dots`. It holds
    no data: one spec serves every table, and checking it again for each would take most of a page's time.
    """
    base = alt.Chart().encode(
        x=alt.X(
            "epoch:Q", title="Epoch", axis=alt.Axis(grid=False, tickMinStep=1), scale=alt.Scale(domain=[0, epochs])
        ),
        color=alt.Color(
            "series:N",
            title=None,
            scale=series_scale(palette),
            legend=alt.Legend(orient="top", symbolType="stroke", symbolSize=300, symbolOpacity=1),
        ),
    )
    percent = alt.Axis(format="%" if measure is ACCURACY else "~g", title=measure.title)
    y = alt.Y("mean:Q", axis=percent, scale=alt.Scale(domain=domain, nice=False))
    dash = alt.StrokeDash("series:N", title=None, scale=alt.Scale(domain=SERIES, range=[[1, 0], [6, 3]]))
    numbers = {"mean": "Mean", "low": "Least", "high": "Most"} if band else {"mean": measure.title}
    tooltip = [
        alt.Tooltip("series:N", title="Images"),
        alt.Tooltip("epoch:Q", title="Epoch"),
        *(alt.Tooltip(f"{field}:Q", title=word, format=measure.format) for field, word in numbers.items()),
        *([alt.Tooltip("seeds:Q", title="Seeds")] if band else []),
    ]
    layers = [base.mark_line(strokeWidth=2.2, clip=late).encode(y=y, strokeDash=dash, tooltip=tooltip)]
    if band:
        layers.insert(0, base.mark_area(opacity=0.22, clip=late).encode(y=alt.Y("low:Q", axis=percent), y2="high:Q"))
    if dots:
        layers.append(base.mark_circle(size=40, opacity=1, clip=late).encode(y=y, tooltip=tooltip))
    return alt.layer(*layers).properties(height=PANEL_HEIGHT).to_dict()


def domain_of(measure: Measure, histories: Sequence[Sequence[EpochEnd]], late: bool = False) -> tuple[float, float]:
    """The ends of the axis that all panels share. They hold every value; with `late`, every value after the beginning."""
    ends = [event for history in histories if history for event in (settled(history) if late else history)]
    return span(measure, [getattr(event, name) for event in ends for name in (measure.training, measure.validation)])


def size_table(outcomes: Sequence[Outcome], name: str) -> pd.DataFrame:
    """A number of the outcomes with its spread over the seeds, a row for each network and size."""
    return pd.DataFrame(
        [(NAMES[outcome.network], outcome.size, *getattr(outcome, name)) for outcome in outcomes],
        columns=["network", "size", "mean", "low", "high"],
    )


@lru_cache(maxsize=64)
def against_size(
    sizes: tuple[int, ...],
    networks: tuple[str, ...],
    title: str,
    percent: bool,
    palette: tuple[str, ...],
    band: bool = False,
    published: tuple[Point, ...] = (),
) -> dict:
    """The Vega-Lite spec of a number against the training-set size, on a log axis; a line for each of these networks.

    With `band` there is one over the seeds as well; behind our lines lies the published learning curve of an MLP.
    """
    names = [NAMES[network] for network in networks]
    colours = alt.Scale(domain=names, range=[palette[NETWORK_COLOURS[network]] for network in networks])
    base = alt.Chart().encode(
        x=alt.X(
            "size:Q",
            title="Training-set size",
            scale=alt.Scale(type="log", domain=[sizes[0], sizes[-1]], nice=False, padding=12),
            axis=alt.Axis(values=list(sizes), format=",", grid=False),
        ),
        color=alt.Color("network:N", title=None, scale=colours, legend=alt.Legend(orient="top", symbolOpacity=1)),
    )
    axis = alt.Axis(format="%" if percent else "~g", title=title)
    y = alt.Y("mean:Q", axis=axis, scale=alt.Scale(zero=False))
    shapes = alt.Scale(domain=names, range=[SHAPES[network] for network in networks])
    numbers = {"mean": "Mean", "low": "Least", "high": "Most"} if band else {"mean": title}
    tooltip = [
        alt.Tooltip("network:N", title="Network"),
        alt.Tooltip("size:Q", title="Images", format=","),
        *(alt.Tooltip(f"{field}:Q", title=word, format=".2%" if percent else ".2f") for field, word in numbers.items()),
    ]
    layers = [
        base.mark_line(strokeWidth=2.2).encode(y=y),
        base.mark_point(size=70, filled=True, opacity=1).encode(
            y=y, tooltip=tooltip, shape=alt.Shape("network:N", title=None, scale=shapes)
        ),
    ]
    if band:
        layers.insert(0, base.mark_area(opacity=0.22).encode(y=alt.Y("low:Q", axis=axis), y2="high:Q"))
    return alt.layer(*_published_layers(published, axis), *layers).properties(height=300).to_dict()


def _published_layers(points: tuple[Point, ...], axis: alt.Axis) -> list[alt.Chart]:
    """A learning curve of others: dotted, with hollow diamonds and its name, as none of ours is."""
    if not points:
        return []
    rows = [point._asdict() | {"network": f"{NIELSEN}, published"} for point in points]
    base = alt.Chart(alt.Data(values=rows)).encode(x="size:Q", y=alt.Y("accuracy:Q", axis=axis))
    tooltip = [
        alt.Tooltip("network:N", title="Network"),
        alt.Tooltip("size:Q", title="Images", format=","),
        alt.Tooltip("accuracy:Q", title="Validation accuracy", format=".2%"),
    ]
    name = base.transform_filter(alt.datum.size == points[-1].size)
    return [
        base.mark_line(strokeWidth=1.5, strokeDash=[2, 3], color=PUBLISHED),
        base.mark_point(size=36, shape="diamond", filled=False, opacity=1, color=PUBLISHED).encode(tooltip=tooltip),
        name.mark_text(align="right", dy=14, color=PUBLISHED).encode(text=alt.value("Nielsen")),
    ]
