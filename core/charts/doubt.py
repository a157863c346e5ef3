"""What a network's sureness is worth, as a chart. Pure: no page, no files."""

import altair as alt
import pandas as pd

from core.analysis.doubt import Doubt
from core.charts.colours import LIGHT, Colours, css
from core.charts.confusion import PERCENT, PERCENT_UP, Layers

DASHES = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3]]


def doubt_chart(curves: dict[str, list[Doubt]], chosen: dict[str, Doubt], colours: Colours = LIGHT) -> Layers:
    """What is no digit and answered as sure, against digits that are refused: a line for each network, and its threshold on it."""
    rows = [(name, *one) for name, points in curves.items() for one in points]
    columns = ["network", "threshold", "refused", "passed"]
    names = alt.Legend(title=None, orient="top", symbolType="stroke", symbolSize=400, labelLimit=260, columns=2)
    scale = alt.Scale(domain=list(curves), range=DASHES[: len(curves)])
    tooltip = [
        alt.Tooltip("network:N", title="Network"),
        alt.Tooltip("threshold:Q", title="Sure from", format=".1%"),
        alt.Tooltip("refused:Q", title="Digits refused", format=".1%"),
        alt.Tooltip("passed:Q", title="No digit, and sure", format=".1%"),
    ]

    def drawn(table: list[tuple]) -> alt.Chart:
        return alt.Chart(pd.DataFrame(table, columns=columns)).encode(
            x=alt.X("refused:Q", title="Digits refused", axis=PERCENT, scale=alt.Scale(domain=[0, 0.1])),
            y=alt.Y("passed:Q", title="No digit, and sure", axis=PERCENT_UP, scale=alt.Scale(domain=[0, 1])),
            tooltip=tooltip,
        )

    lines = drawn(rows).mark_line(strokeWidth=2.5, color=css(colours.line))
    points = drawn([(name, *one) for name, one in chosen.items()]).mark_point(
        filled=True, size=90, color=css(colours.ink), opacity=1
    )
    return alt.layer(
        lines.encode(strokeDash=alt.StrokeDash("network:N", scale=scale, legend=names), order="threshold:Q"), points
    ).properties(height=280)
