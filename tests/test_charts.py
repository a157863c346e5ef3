"""Charts say what the history says."""

import numpy as np
import pytest

from core import charts
from core.training import EpochEnd, Progress

HISTORY = [
    EpochEnd(epoch, 1 / epoch, 1 - 0.5 / epoch, 1 - 0.6 / epoch, 0.01, 1.0, 1.1 / epoch) for epoch in range(1, 6)
]


def test_a_live_chart_holds_every_epoch_of_both_lines():
    table = charts.points(charts.ACCURACY, HISTORY)
    for series, name in (("training", "train_accuracy"), ("validation", "val_accuracy")):
        line = table[table["series"] == series]
        assert list(line["epoch"]) == [1, 2, 3, 4, 5]
        assert list(line["value"]) == [getattr(event, name) for event in HISTORY]


def test_words_from_inside_an_epoch_lead_the_training_loss_on():
    words = [Progress(6, 5, 10, 0.19)]
    loss = charts.points(charts.LOSS, HISTORY, words)
    assert loss.iloc[-1].to_list() == [5.5, 0.19, "training"]
    assert len(charts.points(charts.ACCURACY, HISTORY, words)) == 10


def test_a_live_chart_is_as_long_as_the_run_will_be():
    spec = charts.live_curves(charts.LOSS, 70, (0.0, 2.5), dots=True)
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"] == [0, 70]
    assert len(spec["layer"]) == 2, "the lines, and a dot where an epoch ends"
    assert charts.live_curves(charts.LOSS, 70, (0.0, 2.5), dots=True) is spec, "built once"


def test_validation_is_dashed_and_training_solid_live_and_finished():
    live = charts.live_curves(charts.ACCURACY, 70, (0.0, 1.0), dots=False)
    assert live["encoding"]["strokeDash"]["scale"] == {"domain": ["training", "validation"], "range": [[1, 0], [6, 3]]}
    finished = charts.curves(charts.ACCURACY, HISTORY)
    assert [(line.name, line.line.dash) for line in finished.data] == [("training", "solid"), ("validation", "dash")]


def test_a_finished_chart_shows_the_history():
    figure = charts.curves(charts.LOSS, HISTORY)
    assert list(figure.data[0].x) == [1, 2, 3, 4, 5]
    np.testing.assert_allclose(figure.data[1].y, [event.val_loss for event in HISTORY], atol=1e-5)


@pytest.mark.parametrize(
    ("values", "ends"),
    [([], (0.0, 1.0)), ([0.93, 0.99], (0.9, 1.0)), ([0.11, 0.5], (0.1, 1.0)), ([1.0, 1.0], (0.9, 1.0))],
)
def test_the_axis_of_accuracies_has_round_ends_that_hold_every_value(values, ends):
    assert charts.span(charts.ACCURACY, values) == ends


@pytest.mark.parametrize("n", [0, 1, 299, 300, 301, 5_000])
def test_thinning_keeps_the_ends_and_at_most_so_many(n):
    thinned = charts.thin(list(range(n)))
    assert len(thinned) == min(n, charts.MOST_POINTS)
    assert thinned[:1] == list(range(n))[:1]
    assert thinned[-1:] == list(range(n))[-1:]
    assert thinned == sorted(set(thinned))


def test_the_class_counts_are_those_of_the_labels(digits):
    spec = charts.class_counts({"training": digits.y_train, "test": digits.y_test}).to_dict()
    [rows] = spec["datasets"].values()
    counts = {(row["part"], row["digit"]): row["images"] for row in rows}
    assert sum(counts.values()) == 60_000
    assert counts["training", 5] == int((digits.y_train == 5).sum())
