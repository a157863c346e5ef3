"""What corruption does to the reading of networks, as a chart. Pure: no page, no files."""

from typing import Any

import altair as alt
import pandas as pd

from core.charts.colours import LIGHT, Colours, css
from core.charts.scores import PERCENT_UP, Layers


def corruption_chart(
    lines: dict[str, list[tuple[float, float, float, float]]], level: float, title: str, colours: Colours = LIGHT
) -> Layers:
    """Accuracy against the level of one kind of corruption: by name of a network its (level, value, low, high).

    The first network's line is solid, the second's dashed. A rule stands at `level`.
    """
    table = pd.DataFrame(
        [(name, *point) for name, points in lines.items() for point in points],
        columns=["network", "level", "value", "low", "high"],
    )
    names = alt.Legend(
        title=None,
        orient="top",
        columns=2 if max(map(len, lines)) <= 16 else 1,
        symbolType="stroke",
        symbolSize=400,
        symbolOpacity=1,
        labelLimit=260,
    )
    base = alt.Chart(table).encode(
        x=alt.X("level:Q", title=title, scale=alt.Scale(nice=False), axis=alt.Axis(grid=False)),
        color=alt.Color(
            "network:N",
            scale=alt.Scale(domain=list(lines), range=[css(colours.line), css(colours.ink)]),
            legend=names,
        ),
    )
    axis: dict[str, Any] = {"axis": PERCENT_UP, "scale": alt.Scale(domain=[0, 1])}
    tooltip = [
        alt.Tooltip("network:N", title="Network"),
        alt.Tooltip("level:Q", title=title, format="~g"),
        alt.Tooltip("value:Q", title="Right", format=".1%"),
        alt.Tooltip("low:Q", title="From", format=".1%"),
        alt.Tooltip("high:Q", title="To", format=".1%"),
    ]
    here = alt.Chart(pd.DataFrame({"level": [level]})).mark_rule(
        strokeWidth=2, strokeDash=[4, 3], color=css(colours.ink), opacity=0.6
    )
    dash = alt.StrokeDash("network:N", scale=alt.Scale(domain=list(lines), range=[[1, 0], [6, 3]]), legend=names)
    return alt.layer(
        base.mark_area(opacity=0.18).encode(y=alt.Y("low:Q", title="Right", **axis), y2="high:Q"),
        base.mark_line(strokeWidth=2.5).encode(y=alt.Y("value:Q", **axis), strokeDash=dash, tooltip=tooltip),
        here.encode(x="level:Q"),
    ).properties(height=265)
