"""The chart of a learning-rate test: its points, and the lines at the rates that its sentences name."""

import pytest

from core.charts.colours import DARK, LIGHT
from core.charts.curves import MOST_POINTS
from core.charts.rates import rates
from core.config import MLPConfig
from core.search.rates import AWAY, rate_test, steps_of, suggestion
from tests.core.search.test_rates import STEPS, bowl

PALETTE = tuple(f"#{digit:06x}" for digit in range(10))


def uprights(chart: dict) -> dict[str, float]:
    """The lines that stand upright, by the words beside them."""
    rows = [
        layer["data"]["values"][0]
        for layer in chart["layer"]
        if "data" in layer and "text" in layer.get("encoding", {})
    ]
    return {row["words"]: row["rate"] for row in rows}


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_it_has_the_losses_of_the_test_and_a_line_at_each_rate_that_is_named(colours, digits):
    config = MLPConfig(train_size=2_000, batch_size=4)
    points = list(rate_test(config, digits))
    found = suggestion(points, steps_of(config))
    chart = rates(points, found, PALETTE, colours)
    losses = chart["data"]["values"]
    assert len(losses) == MOST_POINTS < len(points)
    assert [losses[i]["rate"] for i in (0, -1)] == [points[i].rate for i in (0, -1)]
    assert losses[0]["loss"] == pytest.approx(points[0].loss, abs=1e-4)
    assert uprights(chart)[f"take {found.rate:g}"] == found.rate
    assert len(uprights(chart)) == 2 - (found.away is None)


def test_where_nothing_is_suggested_no_line_stands_there_and_a_loss_that_leaves_the_picture_is_cut_off():
    points = bowl(300)
    chart = rates(points, None, PALETTE, LIGHT)
    assert not uprights(chart)
    assert all(layer["mark"].get("clip") for layer in chart["layer"])
    assert chart["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0, AWAY * points[0].smoothed]
    assert len(points) <= STEPS
