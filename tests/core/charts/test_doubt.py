"""What a network's sureness is worth, as a chart."""

import altair as alt
import pytest

from core.analysis.doubt import Doubt
from core.charts.colours import DARK, LIGHT
from core.charts.doubt import doubt_chart

CURVES = {"MLP": [Doubt(0.5, 0.01, 0.4), Doubt(0.9, 0.08, 0.1)], "CNN": [Doubt(0.5, 0.0, 0.3), Doubt(0.9, 0.02, 0.05)]}
CHOSEN = {"MLP": Doubt(0.6, 0.02, 0.3), "CNN": Doubt(0.8, 0.01, 0.1)}


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_a_line_for_each_network_and_its_threshold_on_it(colours):
    spec = doubt_chart(CURVES, CHOSEN, colours)
    lines, dots = (layer["data"]["values"] for layer in spec["layer"])
    assert [(row["network"], row["threshold"], row["refused"], row["passed"]) for row in lines] == [
        ("MLP", 0.5, 0.01, 0.4),
        ("MLP", 0.9, 0.08, 0.1),
        ("CNN", 0.5, 0.0, 0.3),
        ("CNN", 0.9, 0.02, 0.05),
    ]
    assert [(row["network"], row["threshold"]) for row in dots] == [("MLP", 0.6), ("CNN", 0.8)]
    dash = spec["layer"][0]["encoding"]["strokeDash"]["scale"]
    assert len({*map(str, dash["range"])}) == len(dash["domain"]) == 2, "told apart without a colour"


def test_it_is_vega_lite():
    assert alt.Chart.from_dict(doubt_chart(CURVES, CHOSEN)).to_dict()["layer"]
