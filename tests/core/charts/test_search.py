"""Settings as charts: what is drawn is what the runs came to."""

import pytest

from core.charts.colours import DARK, LIGHT, contrast
from core.charts.curves import MOST_POINTS
from core.charts.search import RIDGE, curve_table, heat_cells, heat_map, heat_table, validation_curve
from core.config import MLPConfig
from core.search.found import outcomes
from core.search.grid import Axis, Grid, usual_values
from tests.core.search.made import EPOCHS, MISSING, diverged, run, seeds

PALETTE = tuple(f"#{digit:06x}" for digit in range(10))
SHARED = MLPConfig(train_size=2_000, epochs=EPOCHS)
RATES = Axis("learning_rate", (0.001, 0.01, 0.1))


def test_a_curve_has_for_each_value_the_training_the_validation_and_the_best_accuracy_over_its_seeds():
    grid = Grid(shared=(SHARED,), axes=(RATES,), seeds=2)
    tried = {
        ("mlp", 0.001): [run(0.8, 0.7, best=0.75), run(0.9, 0.8, best=0.85)],
        ("mlp", 0.01): seeds(0.97, 0.93),
        ("mlp", 0.1): [MISSING],
    }
    table = curve_table(outcomes(grid, tried)).set_index(["value", "series"])
    assert len(table) == 6
    assert tuple(table.loc[0.001, "training"]) == pytest.approx((0.85, 0.8, 0.9, 2))
    assert tuple(table.loc[0.001, "validation"]) == pytest.approx((0.75, 0.7, 0.8, 2))
    assert tuple(table.loc[0.001, "best epoch"]) == pytest.approx((0.8, 0.75, 0.85, 2))
    assert tuple(table.loc[0.01, "validation"]) == pytest.approx((0.93, 0.93, 0.93, 1))
    assert len(table) < MOST_POINTS


@pytest.mark.parametrize(
    ("setting", "scale"),
    [
        ("learning_rate", "log"),
        ("batch_size", "log"),
        ("weight_decay", "symlog"),
        ("dropout", None),
        ("activation", None),
    ],
)
def test_the_axis_of_a_setting_is_the_one_that_fits_and_holds_every_value(setting, scale):
    values = usual_values(setting)
    x = validation_curve(Axis(setting, values), PALETTE)["layer"][0]["encoding"]["x"]
    assert x.get("scale", {}).get("type") == scale
    assert x["type"] == ("nominal" if setting == "activation" else "quantitative")
    if setting == "activation":
        assert x["scale"]["domain"] == [*values]
    else:
        assert x["scale"]["domain"] == [values[0], values[-1]]
        assert x["axis"]["values"] == [*values]


def test_one_seed_has_no_band():
    one, several = (validation_curve(RATES, PALETTE, band) for band in (False, True))
    assert "area" not in str(one)
    assert "Least" not in str(one)
    assert several["layer"][0]["mark"]["type"] == "area"
    words = validation_curve(Axis("activation", ("sigmoid", "relu")), PALETTE, True)
    assert words["layer"][0]["mark"]["type"] == "rule", "words have nothing between them"


TWO = Grid(shared=(SHARED,), axes=(Axis("learning_rate", (0.01, 0.1)), Axis("batch_size", (16, 256))), seeds=2)
TRIED = {
    ("mlp", 0.01, 16): seeds(0.97, 0.93, 0.932),
    ("mlp", 0.1, 16): seeds(0.97, 0.85, 0.852),
    ("mlp", 0.01, 256): [*seeds(0.97, 0.90), MISSING],
    ("mlp", 0.1, 256): diverged(2),
}


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_every_place_is_a_cell_and_the_highest_of_a_row_with_several_is_marked(colours):
    cells = {(cell.first, cell.second): cell for cell in heat_cells(TWO, "mlp", TRIED, colours)}
    assert {place: cell.words for place, cell in cells.items()} == {
        ("0.01", "16"): f"{RIDGE} 93.1",
        ("0.1", "16"): "85.1",
        ("0.01", "256"): "90.0",
        ("0.1", "256"): "–",
    }
    assert cells["0.1", "256"].says == "did not finish"
    assert cells["0.01", "256"].seeds == 1
    assert all(contrast(cell.ink, cell.fill) >= 4.5 for cell in cells.values())


def test_a_higher_accuracy_is_a_stronger_colour():
    cells = {(cell.first, cell.second): cell for cell in heat_cells(TWO, "mlp", TRIED, LIGHT)}
    strength = [contrast(cells[place].fill, "#ffffff") for place in (("0.1", "16"), ("0.01", "256"), ("0.01", "16"))]
    assert strength == sorted(strength)
    assert strength[0] < strength[-1]


def test_the_chosen_cell_alone_is_framed_and_larger_values_stand_higher():
    table = heat_table(heat_cells(TWO, "mlp", TRIED, LIGHT), ("0.1", "16"))
    assert table[table.chosen][["first", "second"]].to_numpy().tolist() == [["0.1", "16"]]
    spec = heat_map(*TWO.axes, LIGHT)
    encoding = spec["layer"][0]["encoding"]
    assert (encoding["x"]["sort"], encoding["y"]["sort"]) == (["0.01", "0.1"], ["256", "16"])
