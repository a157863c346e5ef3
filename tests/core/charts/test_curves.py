"""Charts say what the history says."""

from collections import Counter

import numpy as np
import pytest

from core.charts import curves, histories, overlay
from core.history import EpochEnd, Progress
from tests.pages.visit import lines

PALETTE = tuple(f"#{digit:06x}" for digit in range(10))
HISTORY = [
    EpochEnd(epoch, 1 / epoch, 1 - 0.5 / epoch, 1 - 0.6 / epoch, 0.01, 1.0, 1.1 / epoch) for epoch in range(1, 6)
]


def test_a_live_chart_holds_every_epoch_of_both_lines():
    table = curves.points(curves.ACCURACY, HISTORY)
    for series, name in (("training", "train_accuracy"), ("validation", "val_accuracy")):
        line = [row for row in table.to_pylist() if row["series"] == series]
        assert [row["epoch"] for row in line] == [1, 2, 3, 4, 5]
        assert [row["value"] for row in line] == [getattr(event, name) for event in HISTORY]


def test_words_from_inside_an_epoch_lead_the_training_loss_on():
    words = [Progress(6, 5, 10, 0.19)]
    loss = curves.points(curves.LOSS, HISTORY, words)
    assert loss.to_pylist()[-1] == {"epoch": 5.5, "value": 0.19, "series": "training"}
    assert len(curves.points(curves.ACCURACY, HISTORY, words)) == 10


def test_a_live_chart_is_as_long_as_the_run_will_be():
    spec = curves.live_curves(curves.LOSS, 70, (0.0, 2.5), True, PALETTE)
    assert spec["encoding"]["x"]["scale"]["domain"] == [0, 70]
    assert len(spec["layer"]) == 2, "the lines, and a dot where an epoch ends"
    assert curves.live_curves(curves.LOSS, 70, (0.0, 2.5), True, PALETTE) is spec, "built once"


def test_validation_is_dashed_and_training_solid_live_and_finished():
    live = curves.live_curves(curves.ACCURACY, 70, (0.0, 1.0), False, PALETTE)
    assert live["layer"][0]["encoding"]["strokeDash"]["scale"] == {
        "domain": ["training", "validation"],
        "range": [[1, 0], [6, 3]],
    }
    finished = histories.finished_curves(curves.ACCURACY, HISTORY, PALETTE)
    assert [(line["name"], line["dash"]) for line in lines(*finished)] == [("training", [1, 0]), ("validation", [6, 3])]


def test_a_finished_chart_shows_the_history():
    training, validation = lines(*histories.finished_curves(curves.LOSS, HISTORY, PALETTE))
    assert training["x"] == [1, 2, 3, 4, 5]
    np.testing.assert_allclose(validation["y"], [event.val_loss for event in HISTORY], atol=1e-5)


@pytest.mark.parametrize(
    ("values", "ends"),
    [([], (0.0, 1.0)), ([0.93, 0.99], (0.9, 1.0)), ([0.11, 0.5], (0.1, 1.0)), ([1.0, 1.0], (0.9, 1.0))],
)
def test_the_axis_of_accuracies_has_round_ends_that_hold_every_value(values, ends):
    assert curves.span(curves.ACCURACY, values) == ends


def ends_of(figure) -> tuple[float, float]:
    found = {
        tuple(layer["encoding"]["y"]["scale"]["domain"]) for layer in figure.spec["layer"] if "y" in layer["encoding"]
    }
    assert len(found) == 1, "every layer has the same axis"
    return found.pop()


# Accuracies that begin low, stay at chance or end there, and losses that begin, stay or end high.
EXTREMES = {
    "begins low": ([0.1, 0.6, *[0.97] * 28], [70.0, 3.0, *[0.1] * 28]),
    "at chance": ([0.0974] * 30, [2.31] * 30),
    "one epoch": ([0.0], [1e5]),
    "ends low": ([*[0.97] * 29, 0.098], [*[0.1] * 29, 86.9]),
}


def made(every: dict[str, list[EpochEnd]]) -> list[overlay.Line]:
    """A line for each history, of ten steps an epoch."""
    return [overlay.Line(name, [history], 10) for name, history in every.items()]


@pytest.mark.parametrize("name", EXTREMES)
@pytest.mark.parametrize("measure", [curves.ACCURACY, curves.LOSS])
def test_an_axis_holds_every_value(name, measure):
    accuracies, losses = EXTREMES[name]
    history = [
        EpochEnd(epoch, loss, accuracy, accuracy, 0.01, 1.0, loss)
        for epoch, (accuracy, loss) in enumerate(zip(accuracies, losses, strict=True), 1)
    ]
    values = [getattr(event, measure.training) for event in history]
    table = curves.points(measure, history)
    low, high = curves.span(measure, table["value"].to_pylist())
    assert low <= min(values)
    assert max(values) <= high
    for figure in (
        histories.finished_curves(measure, history, PALETTE),
        overlay.overlay(measure, made({"it": history, "other": HISTORY}), PALETTE),
    ):
        low, high = ends_of(figure)
        assert low < min(values)
        assert max(values) < high


def test_the_overlay_zooms_in_on_the_later_epochs_when_it_is_told_to():
    history = [EpochEnd(e, 1.0, acc, acc, 0.01, 1.0, 1.0) for e, acc in enumerate([0.1, 0.5] + [0.95] * 28, 1)]
    assert ends_of(overlay.overlay(curves.ACCURACY, made({"it": history}), PALETTE))[0] < 0.1
    assert ends_of(overlay.overlay(curves.ACCURACY, made({"it": history}), PALETTE, late=True))[0] > 0.85


def test_training_and_validation_have_their_colours_live_and_finished_and_never_those_of_weights():
    live = curves.live_curves(curves.ACCURACY, 70, (0.0, 1.0), False, PALETTE)["encoding"]["color"]["scale"]
    finished = histories.finished_curves(curves.ACCURACY, HISTORY, PALETTE)
    assert live["range"] == [line["color"] for line in lines(*finished)] == [PALETTE[2], PALETTE[6]]
    assert not {*curves.SERIES_COLOURS.values()} & {*curves.NETWORK_COLOURS.values()}


@pytest.mark.parametrize("n", [0, 1, 299, 300, 301, 5_000])
def test_thinning_keeps_the_ends_and_at_most_so_many(n):
    thinned = curves.thin(list(range(n)))
    assert len(thinned) == min(n, curves.MOST_POINTS)
    assert thinned[:1] == list(range(n))[:1]
    assert thinned[-1:] == list(range(n))[-1:]
    assert thinned == sorted(set(thinned))


def test_the_class_counts_are_those_of_the_labels(digits):
    rows = curves.class_counts({"training": digits.y_train, "test": digits.y_test})["data"]["values"]
    counts = {(row["part"], row["digit"]): row["images"] for row in rows}
    assert sum(counts.values()) == 60_000
    assert counts["training", 5] == int((digits.y_train == 5).sum())


def test_the_run_before_is_drawn_pale_behind_and_no_further_than_the_new_one_goes():
    longer = [*HISTORY, *(event._replace(epoch=event.epoch + 5) for event in HISTORY)]
    figure = histories.finished_curves(curves.ACCURACY, HISTORY, PALETTE, longer)
    assert [(line["run"], line["name"]) for line in lines(*figure)] == [
        (run, name) for run in (0, 1) for name in curves.SERIES
    ]
    assert lines(*figure)[2]["x"] == [1, 2, 3, 4, 5]
    assert figure.spec["layer"][0]["encoding"]["opacity"]["scale"] == {"domain": [0, 1], "range": [1, curves.PALE]}
    table = curves.points(curves.LOSS, HISTORY[:2], (), longer)
    assert Counter(table["run"].to_pylist()) == {"before": 20, "new": 4}
    spec = curves.live_curves(curves.LOSS, 5, (0.0, 2.5), True, PALETTE, True)
    assert spec["encoding"]["opacity"]["scale"] == {"domain": ["before", "new"], "range": [curves.PALE, 1]}
    for layer in spec["layer"]:
        assert layer["mark"]["clip"]
        assert "opacity" not in layer["mark"], "which would win over the scale"


def test_names_are_data_of_the_overlay_and_no_expression_and_runs_beyond_the_colours_have_dots():
    name = "'];alert(1)//<b>"
    every = {name: HISTORY, **{f"run {i}": HISTORY for i in range(len(PALETTE))}}
    figure = overlay.overlay(curves.ACCURACY, made(every), PALETTE)
    drawn = lines(*figure)
    assert [line["name"] for line in drawn[::2]] == [*every]
    assert drawn[0]["color"] == drawn[-1]["color"] == PALETTE[0]
    dotted = [
        step["filter"]["oneOf"]
        for layer in figure.spec["layer"]
        for step in layer["transform"]
        if isinstance(step.get("filter"), dict)
    ]
    assert dotted == [[len(PALETTE)]]
    assert name not in str([layer["transform"] for layer in figure.spec["layer"]])


@pytest.mark.parametrize("series", [["training"], ["validation"], curves.SERIES])
def test_an_overlay_shows_the_lines_that_are_asked_for_and_a_legend_of_several(series):
    figure = overlay.overlay(curves.LOSS, made({"it": HISTORY, "other": HISTORY[:1]}), PALETTE, series)
    assert [line["series"] for line in lines(*figure)] == [*series] * 2
    assert figure.spec["layer"][0]["encoding"]["color"]["legend"]
    assert not overlay.overlay(curves.LOSS, made({"it": HISTORY}), PALETTE).spec["layer"][0]["encoding"]["color"][
        "legend"
    ]


def test_a_chart_of_many_long_runs_is_small():
    long = [EpochEnd(epoch, 1.0, 0.5, 0.5, 0.01, 1.0, 1.0) for epoch in range(1, 1_001)]
    figure = overlay.overlay(curves.LOSS, made({f"run {i}": long for i in range(20)}), PALETTE)
    assert len(figure.rows) == 20 * curves.MOST_POINTS
    assert figure.rows.nbytes < 100_000
