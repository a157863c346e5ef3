"""The comparison of training-set sizes as charts: a panel of curves for each size, and what they come to, against the size.

Colours come from the theme, as in core/charts.py.
"""

import math
from functools import lru_cache

import altair as alt
import pandas as pd

from core.charts import ACCURACY, SERIES, Measure, thin
from core.config import NAMES
from core.overfitting import Outcome, by_epoch
from core.training import EpochEnd

PANEL_HEIGHT = 290
COLUMNS = ["epoch", "mean", "low", "high", "series"]


def panel_table(measure: Measure, histories: list[list[EpochEnd]]) -> pd.DataFrame:
    """The curves of one panel: for each epoch and series the mean over the seeds, and their least and largest."""
    fields = dict(zip(SERIES, (measure.training, measure.validation), strict=True))
    rows = [
        (epoch, round(values.mean, 5), round(values.low, 5), round(values.high, 5), series)
        for series, name in fields.items()
        for epoch, values in thin(by_epoch(histories, name), 150)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


@lru_cache(maxsize=64)
def panel(measure: Measure, epochs: int, domain: tuple[float, float], band: bool) -> dict:
    """The Vega-Lite spec of every panel: training and validation against the epoch, on axes that all share.

    It holds no data: one spec serves every table, and checking it again for each would take most of a page's time.
    """
    base = alt.Chart().encode(
        x=alt.X(
            "epoch:Q", title="Epoch", axis=alt.Axis(grid=False, tickMinStep=1), scale=alt.Scale(domain=[0, epochs])
        ),
        color=alt.Color(
            "series:N",
            title=None,
            scale=alt.Scale(domain=SERIES),
            legend=alt.Legend(orient="top", symbolType="stroke", symbolSize=300, symbolOpacity=1),
        ),
    )
    percent = alt.Axis(format="%" if measure is ACCURACY else "~g", title=measure.title)
    y = alt.Y("mean:Q", axis=percent, scale=alt.Scale(domain=domain, nice=False))
    dash = alt.StrokeDash("series:N", title=None, scale=alt.Scale(domain=SERIES, range=[[1, 0], [6, 3]]))
    tooltip = [
        alt.Tooltip("series:N", title="Images"),
        alt.Tooltip("epoch:Q", title="Epoch"),
        alt.Tooltip("mean:Q", title="Mean", format=measure.format),
        alt.Tooltip("low:Q", title="Least", format=measure.format),
        alt.Tooltip("high:Q", title="Most", format=measure.format),
    ]
    layers = [base.mark_line(strokeWidth=2.2, clip=True).encode(y=y, strokeDash=dash, tooltip=tooltip)]
    if band:
        layers.insert(0, base.mark_area(opacity=0.22, clip=True).encode(y=alt.Y("low:Q", axis=percent), y2="high:Q"))
    if epochs <= 2:
        layers.append(base.mark_circle(size=40, opacity=1).encode(y=y))  # one epoch makes no line
    return alt.layer(*layers).properties(height=PANEL_HEIGHT).to_dict()


def domain_of(measure: Measure, tables: list[pd.DataFrame]) -> tuple[float, float]:
    """The ends of the axis that all panels share.

    They hold nine tenths of the values and let the steep climb of the first epochs come in from outside, since what is to
    be seen is how the curves part after it.
    """
    values = pd.concat(tables) if tables else pd.DataFrame(columns=COLUMNS)
    if values.empty:
        return (0.0, 1.0) if measure is ACCURACY else (0.0, 2.5)
    if measure is ACCURACY:
        return min(math.floor(values["low"].quantile(0.1) * 20) / 20, 0.95), 1.0
    return 0.0, max(0.1, math.ceil(values["high"].quantile(0.9) * 10) / 10)


def size_table(outcomes: list[Outcome], name: str) -> pd.DataFrame:
    """A number of the outcomes with its spread over the seeds, a row for each network and size."""
    return pd.DataFrame(
        [(NAMES[outcome.network], outcome.size, *getattr(outcome, name)) for outcome in outcomes],
        columns=["network", "size", "mean", "low", "high"],
    )


@lru_cache(maxsize=64)
def against_size(sizes: tuple[int, ...], title: str, percent: bool) -> dict:
    """The Vega-Lite spec of a number against the training-set size, on a log axis; a line and a band for each network."""
    base = alt.Chart().encode(
        x=alt.X(
            "size:Q",
            title="Training-set size",
            scale=alt.Scale(type="log", domain=[sizes[0], sizes[-1]], nice=False, padding=12),
            axis=alt.Axis(values=list(sizes), format=",", grid=False),
        ),
        color=alt.Color(
            "network:N",
            title=None,
            scale=alt.Scale(domain=list(NAMES.values())),
            legend=alt.Legend(orient="top", symbolOpacity=1),
        ),
    )
    axis = alt.Axis(format="%" if percent else "~g", title=title)
    y = alt.Y("mean:Q", axis=axis, scale=alt.Scale(zero=False))
    tooltip = [
        alt.Tooltip("network:N", title="Network"),
        alt.Tooltip("size:Q", title="Images", format=","),
        *(
            alt.Tooltip(f"{field}:Q", title=word, format=".2%" if percent else ".2f")
            for field, word in (("mean", "Mean"), ("low", "Least"), ("high", "Most"))
        ),
    ]
    chart = alt.layer(
        base.mark_area(opacity=0.22).encode(y=alt.Y("low:Q", axis=axis), y2="high:Q"),
        base.mark_line(strokeWidth=2.2, point=alt.OverlayMarkDef(size=60, filled=True)).encode(y=y, tooltip=tooltip),
    ).properties(height=300)
    return chart.to_dict()
