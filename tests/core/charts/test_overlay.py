"""Several seeds in one chart: the mean and its band, each of them, and what the axis counts."""

from statistics import fmean

import pytest

from core.charts import curves
from core.charts.overlay import Line, overlay
from core.history import EpochEnd
from tests.pages.visit import lines

PALETTE = [f"#0000{i:02d}" for i in range(10)]


def run(*accuracies: float, seconds: float = 2.0) -> list[EpochEnd]:
    return [EpochEnd(i, 1.0, one, one - 0.1, 0.01, seconds, 1.0) for i, one in enumerate(accuracies, 1)]


SEEDS = [run(0.5, 0.7, 0.9), run(0.3, 0.8, 0.8, seconds=4.0), run(0.4, 0.6)]
GROUP = [Line("seeds", SEEDS, 100), Line("alone", [run(0.2, 0.6, 0.5)], 50)]


def rows(figure, run: int, trace: int = 0) -> list[dict]:
    return [row for row in figure.rows.to_pylist() if (row["run"], row["trace"]) == (run, trace)]


def test_of_several_seeds_the_mean_is_drawn_with_the_least_and_the_most():
    figure = overlay(curves.ACCURACY, GROUP, PALETTE)
    for epoch, row in enumerate(rows(figure, 0)):
        values = [seed[epoch].train_accuracy for seed in SEEDS if len(seed) > epoch]
        assert row["training"] == pytest.approx(fmean(values))
        assert (row["training_low"], row["training_high"]) == pytest.approx((min(values), max(values)))
        assert row["seeds"] == len(values)
    areas = [layer for layer in figure.spec["layer"] if layer["mark"]["type"] == "area"]
    assert [layer["encoding"]["y2"]["field"] for layer in areas] == ["training_high", "validation_high"]


def test_every_seed_is_drawn_where_that_is_asked_for():
    assert {row["trace"] for row in overlay(curves.ACCURACY, GROUP, PALETTE).rows.to_pylist()} == {0}
    figure = overlay(curves.ACCURACY, GROUP, PALETTE, every=True)
    for trace, seed in enumerate(SEEDS, 1):
        assert [row["training"] for row in rows(figure, 0, trace)] == pytest.approx(
            [end.train_accuracy for end in seed]
        )
    assert {row["trace"] for row in figure.rows.to_pylist() if row["run"] == 1} == {0}
    assert len(lines(*figure)) == 4


def test_the_axis_counts_epochs_steps_or_seconds():
    def x(along: str) -> list[list[float]]:
        return [line["x"] for line in lines(*overlay(curves.ACCURACY, GROUP, PALETTE, ["training"], along=along))]

    assert x("epochs") == [[1, 2, 3], [1, 2, 3]]
    assert x("steps") == [[100, 200, 300], [50, 100, 150]]
    by_time, alone = x("seconds")
    assert by_time == pytest.approx([8 / 3, 16 / 3, 16 / 3 + 3])
    assert alone == [2, 4, 6]
    spec = overlay(curves.ACCURACY, GROUP, PALETTE, along="steps").spec
    assert spec["encoding"]["x"]["scale"]["domain"][1] >= 300


def test_a_diamond_stands_at_the_best_epoch_of_a_run_however_many_it_has():
    long = run(*(0.5 + 0.4 * (i == 777) for i in range(1_000)))
    figure = overlay(curves.ACCURACY, [Line("long", [long], 1)], PALETTE)
    assert [row["epoch"] for row in figure.rows.to_pylist() if row["best"]] == [778]
    assert len(figure.rows) <= curves.MOST_POINTS + 1
    marks = [layer["mark"].get("shape") for layer in figure.spec["layer"]]
    assert "diamond" in marks
    for measure, series in ((curves.LOSS, curves.SERIES), (curves.ACCURACY, ["training"])):
        assert "diamond" not in [
            layer["mark"].get("shape") for layer in overlay(measure, GROUP, PALETTE, series).spec["layer"]
        ]
