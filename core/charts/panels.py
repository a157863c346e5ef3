"""The curves of several runs side by side: a panel for each setting that is compared, all of them on the same axes."""

from collections.abc import Sequence
from functools import lru_cache

import altair as alt
import pandas as pd

from core.charts.curves import ACCURACY, ALONG, SERIES, UPRIGHT, Measure, series_scale, settled, span, thin
from core.history import EpochEnd
from core.search.along import TITLES, elapsed
from core.search.outcome import by_epoch

PANEL_HEIGHT = 290
LINE, BAND = ["series", "epoch", "mean"], ["low", "high", "seeds"]


def panel_table(
    measure: Measure,
    histories: list[list[EpochEnd]],
    band: bool = False,
    steps_per_epoch: int = 1,
    along: str = "epochs",
) -> pd.DataFrame:
    """The curves of one panel: for each epoch and series the mean over the seeds; with a `band` their least, largest and number.

    Where they are not drawn against epochs, `x` is how many steps or seconds these were.
    """
    fields = dict(zip(SERIES, (measure.training, measure.validation), strict=True))
    rows = [
        (series, epoch, round(values.mean, 5), *((round(values.low, 5), round(values.high, 5), seeds) if band else ()))
        for series, name in fields.items()
        for epoch, seeds, values in thin(by_epoch(histories, name))
    ]
    table = pd.DataFrame(rows, columns=LINE + BAND * band)
    if along == "epochs":
        return table
    x = elapsed(histories, steps_per_epoch, along)
    return table.assign(x=[round(x[epoch - 1], 3) for epoch in table["epoch"]])


@lru_cache(maxsize=64)
def panel(
    measure: Measure,
    end: float,
    domain: tuple[float, float],
    palette: tuple[str, ...],
    band: bool = False,
    dots: bool = False,
    late: bool = False,
    along: str = "epochs",
) -> dict:
    """The Vega-Lite spec of every panel: training and validation against epochs, steps or seconds, on axes that all share.

    With `late` the axes may leave out the beginning, which is then cut off; one epoch makes no line, and needs `dots`. It holds
    no data: one spec serves every table, and checking it again for each would take most of a page's time.
    """
    base = alt.Chart().encode(
        x=alt.X(
            "epoch:Q" if along == "epochs" else "x:Q",
            title=TITLES[along],
            axis=alt.Axis(**ALONG) if along == "epochs" else alt.Axis(**ALONG, tickCount=5),
            scale=alt.Scale(domain=[0, end]),
        ),
        color=alt.Color(
            "series:N",
            title=None,
            scale=alt.Scale(domain=SERIES, range=series_scale(palette)["range"]),
            legend=alt.Legend(orient="top", symbolType="stroke", symbolSize=300, symbolOpacity=1),
        ),
    )
    percent = alt.Axis(format="%" if measure is ACCURACY else "~g", title=measure.title, **UPRIGHT)
    y = alt.Y("mean:Q", axis=percent, scale=alt.Scale(domain=domain, nice=False))
    dash = alt.StrokeDash("series:N", title=None, scale=alt.Scale(domain=SERIES, range=[[1, 0], [6, 3]]))
    numbers = {"mean": "Mean", "low": "Least", "high": "Most"} if band else {"mean": measure.title}
    tooltip = [
        alt.Tooltip("series:N", title="Images"),
        alt.Tooltip("epoch:Q", title="Epoch"),
        *([alt.Tooltip("x:Q", title=TITLES[along], format=",.4~g")] if along != "epochs" else []),
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
