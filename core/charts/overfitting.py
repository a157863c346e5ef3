"""What the training-set sizes of a comparison come to, as charts against the size.

Colours are positions in the theme's list, as in core/charts/curves.py; a network has another one than training and validation.
"""

from collections.abc import Sequence
from functools import lru_cache

import altair as alt
import pandas as pd

from core.analysis.known import NIELSEN, Point
from core.charts.curves import NETWORK_COLOURS, UPRIGHT
from core.charts.scores import Layers
from core.config import NAMES
from core.search.outcome import Outcome

SHAPES = {"mlp": "circle", "cnn": "square"}
PUBLISHED = "#808080"  # a line of others: the colour of none of ours, and to be seen in both themes


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
    axis = alt.Axis(format="%" if percent else "~g", title=title, **UPRIGHT)
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


def _published_layers(points: tuple[Point, ...], axis: alt.Axis) -> list[Layers]:
    """A learning curve of others: dotted, with hollow diamonds and its name, as none of ours is."""
    if not points:
        return []
    rows = [point._asdict() | {"network": f"{NIELSEN}, published"} for point in points]
    base = alt.Chart().encode(x="size:Q", y=alt.Y("accuracy:Q", axis=axis))
    tooltip = [
        alt.Tooltip("network:N", title="Network"),
        alt.Tooltip("size:Q", title="Images", format=","),
        alt.Tooltip("accuracy:Q", title="Validation accuracy", format=".2%"),
    ]
    name = base.transform_filter(alt.datum.size == points[-1].size)
    layers = [
        base.mark_line(strokeWidth=1.5, strokeDash=[2, 3], color=PUBLISHED),
        base.mark_point(size=36, shape="diamond", filled=False, opacity=1, color=PUBLISHED).encode(tooltip=tooltip),
        name.mark_text(align="right", dy=14, color=PUBLISHED).encode(text=alt.value("Nielsen")),
    ]
    return [alt.layer(*layers, data=alt.Data(values=rows))]
