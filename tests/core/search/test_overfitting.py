"""Sweeps, and what came of them."""

import pytest

from core.analysis.known import learning_curve
from core.charts import curves
from core.charts.overfitting import against_size
from core.charts.panels import domain_of, panel, panel_table
from core.config import CNNConfig, MLPConfig, SettingsError
from core.history import EpochEnd
from core.search.outcome import Attempt, by_epoch, outcome, states
from core.search.overfitting import rows
from core.sweep import Sweep


def history(*accuracies: tuple[float, float], seconds: float = 1.0) -> list[EpochEnd]:
    """A history with these training and validation accuracies."""
    return [
        EpochEnd(epoch, 1 - train, train, val, 0.01, seconds, 1 - val)
        for epoch, (train, val) in enumerate(accuracies, 1)
    ]


PALETTE = tuple(f"#{digit:06x}" for digit in range(10))


def test_a_sweep_is_networks_times_sizes_times_seeds():
    sweep = Sweep(networks=("mlp", "cnn"), sizes=(2_000, 500), seeds=2, shared=MLPConfig(epochs=5, hidden_units=32))
    assert len(sweep.configs()) == 8
    assert list(sweep.panels()) == [("mlp", 500), ("mlp", 2_000), ("cnn", 500), ("cnn", 2_000)]
    assert sweep.panels()["cnn", 500] == [CNNConfig(train_size=500, epochs=5, seed=seed) for seed in (0, 1)]
    assert sweep.configs()[0] == MLPConfig(train_size=500, epochs=5), "what only an MLP has is not shared"


def test_the_reports_comparison_is_the_default():
    assert Sweep().configs() == [MLPConfig(train_size=2_000), MLPConfig()]


@pytest.mark.parametrize(
    "wrong",
    [{"networks": ()}, {"sizes": (500,)}, {"sizes": (500, 500)}, {"sizes": (99, 500)}, {"seeds": 0}, {"seeds": 6}],
)
def test_what_cannot_be_compared_is_refused(wrong):
    with pytest.raises(SettingsError):
        Sweep(**wrong)


def test_an_outcome_is_the_mean_and_the_ends_over_the_seeds():
    seeds = [history((0.5, 0.5), (0.9, 0.8), seconds=2), history((0.5, 0.5), (1.0, 0.7), seconds=3)]
    result = outcome(MLPConfig(train_size=500, epochs=2), [Attempt(seed) for seed in seeds])
    assert result.training == pytest.approx((0.95, 0.9, 1.0))
    assert result.validation == pytest.approx((0.75, 0.7, 0.8))
    assert result.gap == pytest.approx((20, 10, 30))
    assert result.seconds == pytest.approx((5, 4, 6))
    assert outcome(MLPConfig(train_size=500, epochs=2), [Attempt([], "queued"), Attempt([], "missing")]) is None


def test_a_seed_that_was_stopped_does_not_pass_for_the_end():
    done, stopped = history(*[(0.9, 0.8)] * 59, (0.99, 0.9)), history(*[(0.5, 0.5)] * 3)
    result = outcome(MLPConfig(train_size=500, epochs=60), [Attempt(done), Attempt(stopped, "stopped")])
    assert (result.epoch, result.seeds, result.training.mean) == (60, 1, 0.99)
    assert states([Attempt(done), Attempt(stopped, "stopped")], 60) == ["1 stopped after epoch 3 of 60"]


def test_while_no_seed_is_done_all_are_taken_after_the_same_epoch():
    far, near = history((0.5, 0.5), (0.7, 0.6), (0.9, 0.8)), history((0.3, 0.3), (0.5, 0.4))
    result = outcome(
        MLPConfig(train_size=500, epochs=60),
        [Attempt(far, "training"), Attempt(near, "stopped"), Attempt([], "queued")],
    )
    assert (result.epoch, result.seeds, result.finished) == (2, 2, False)
    assert result.training == pytest.approx((0.6, 0.5, 0.7))


def test_a_run_that_diverged_is_no_outcome():
    assert (
        outcome(MLPConfig(train_size=500, epochs=60), [Attempt(history((0.5, 0.5)), "failed", "Diverged at epoch 2.")])
        is None
    )
    assert states([Attempt([], "failed", "Diverged at epoch 2.")], 60) == ["diverged"]
    assert states([Attempt([], "failed", "No worker could be started.")], 60) == ["failed"]


def test_a_band_reaches_over_the_seeds_that_have_come_so_far():
    seeds = [history((0.1, 0.1), (0.2, 0.2)), history((0.3, 0.3))]
    assert by_epoch(seeds, "train_accuracy") == [
        (1, 2, (pytest.approx(0.2), 0.1, 0.3)),
        (2, 1, (pytest.approx(0.2), 0.2, 0.2)),
    ]


def test_a_panel_has_at_most_a_few_hundred_points_per_line():
    table = panel_table(curves.ACCURACY, [history(*[(0.9, 0.8)] * 2_000)])
    assert table.groupby("series").size().max() <= curves.MOST_POINTS
    assert set(table["epoch"]) >= {1, 2_000}


def test_no_epoch_of_the_longest_run_is_left_out_of_a_panel():
    table = panel_table(curves.ACCURACY, [history(*[(0.9, 0.8)] * 200)])
    assert (table.groupby("series").size() == 200).all()


@pytest.mark.parametrize("measure", [curves.ACCURACY, curves.LOSS])
def test_panels_share_an_axis_that_holds_every_value_of_all(measure):
    panels = [
        history((0.1, 0.1), *[(0.98, 0.95)] * 30),
        [EpochEnd(1, 1e5, 0.0974, 0.0974, 0.01, 1.0, 86.9)],
    ]
    low, high = domain_of(measure, panels)
    values = [
        getattr(event, name) for panel in panels for event in panel for name in (measure.training, measure.validation)
    ]
    assert low <= min(values)
    assert max(values) <= high
    spec = panel(measure, 31, (low, high), PALETTE, band=True)
    assert not any(layer["mark"].get("clip") for layer in spec["layer"])


def test_panels_zoom_in_on_the_later_epochs_when_they_are_told_to():
    panels = [history((0.1, 0.1), *[(0.98, 0.95)] * 30)]
    assert domain_of(curves.ACCURACY, panels, late=True)[0] == pytest.approx(0.9)
    assert domain_of(curves.ACCURACY, panels)[0] == pytest.approx(0.1)


def test_only_the_chosen_networks_are_in_the_legend_and_no_colour_of_theirs_is_a_series():
    spec = against_size((200, 1_000), ("cnn",), "Gap, points", False, PALETTE)
    colours = spec["layer"][0]["encoding"]["color"]["scale"]
    assert colours["domain"] == ["CNN"]
    both = against_size((200, 1_000), ("mlp", "cnn"), "Gap, points", False, PALETTE)
    networks = both["layer"][0]["encoding"]["color"]["scale"]["range"]
    series = panel(curves.ACCURACY, 5, (0.0, 1.0), PALETTE)["layer"][0]["encoding"]["color"]["scale"]["range"]
    assert len({*networks, *series}) == 4


def test_one_seed_has_no_band_and_no_least_and_most():
    specs = [
        against_size((200, 1_000), ("mlp",), "Gap, points", False, PALETTE),
        panel(curves.ACCURACY, 5, (0.0, 1.0), PALETTE),
    ]
    for spec in specs:
        assert "area" not in str(spec)
        assert "Least" not in str(spec)


def test_a_published_curve_is_not_to_be_taken_for_one_of_ours():
    points = learning_curve(1_000, 10_000)
    ours = against_size((1_000, 10_000), ("mlp", "cnn"), "Validation accuracy", True, PALETTE)
    both = against_size((1_000, 10_000), ("mlp", "cnn"), "Validation accuracy", True, PALETTE, published=points)
    his, *rest = both["layer"]
    line, dots, name = his["layer"]
    assert [layer["mark"] for layer in rest] == [layer["mark"] for layer in ours["layer"]]
    assert line["mark"]["strokeDash"]
    for layer in (line, dots, name):
        assert layer["mark"]["color"] not in PALETTE
        assert "color" not in layer["encoding"], "it is not in the legend of ours"
    assert [(row["size"], row["accuracy"]) for row in his["data"]["values"]] == [
        (1_000, 0.8885),
        (2_000, 0.9127),
        (5_000, 0.9324),
        (10_000, 0.9489),
    ]


def test_a_table_of_one_seed_each_has_no_ends_of_the_gap():
    one = outcome(MLPConfig(train_size=500, epochs=1), [Attempt(history((0.9, 0.92)))])
    assert rows([one])[0]["Gap, points"] == pytest.approx(-2)
    assert not {"Gap from", "Gap to"} & rows([one])[0].keys()
    two = outcome(MLPConfig(train_size=500, epochs=1), [Attempt(history((0.9, 0.92))), Attempt(history((0.9, 0.91)))])
    assert rows([one, two])[1]["Gap from"] == pytest.approx(-2)
