"""What the pages say of a run that was stopped, answers like chance, is sure and wrong, or diverged."""

import re

import pandas as pd
import pytest

from core import checkpoints, description
from core.config import CNNConfig, MLPConfig
from core.history import EpochEnd
from core.sweep import Sweep
from core.training import begin
from tests.pages.sentences import unlinked
from tests.pages.visit import curves, metrics, visit
from ui.overfitting.state import STATE, Wanted
from ui.tables import with_accuracies

STOPPED = MLPConfig(train_size=1_000, epochs=60, seed=31)
CHANCE = CNNConfig(train_size=1_000, learning_rate=1.0, epochs=3, seed=31)
SURE = MLPConfig(train_size=100, learning_rate=1.0, hidden_units=256, activation="tanh", epochs=3, seed=31)


def history(epochs: int, train: float, val: float, loss: float) -> list[EpochEnd]:
    return [EpochEnd(epoch, loss, train, val, 0.01, 0.1, loss) for epoch in range(1, epochs + 1)]


@pytest.fixture
def keep(shelf, digits):
    """Put a run on the shelf with a history that is made up; without a test accuracy it was stopped."""
    kept = []

    def put(config, epochs: list[EpochEnd], test: float | None = None, seconds: float = 0.0) -> None:
        checkpoint = begin(config, digits)
        checkpoint.history, checkpoint.test_accuracy, checkpoint.seconds = epochs, test, seconds
        checkpoint.about = description.about(checkpoint.model)
        checkpoints.save(checkpoint, shelf.folder)
        kept.append(config.key)

    yield put
    for key in kept:
        shelf.delete(key)


def says(at) -> str:
    """All words of a page."""
    return unlinked(
        " ".join(element.value for element in [*at.markdown, *at.info, *at.warning, *at.error, *at.caption])
    )


def test_a_stopped_run_is_never_called_finished_and_shows_its_accuracies(keep):
    keep(STOPPED, history(23, 0.9712, 0.9101, 0.31))
    at = visit("train", run=STOPPED.key)
    assert not re.search("after training|at the end|before and after", says(at))
    assert "before training and after epoch 23 of 60" in says(at)
    assert "**What the hidden neurons look for**, after epoch 23 of 60" in says(at)
    assert "All of this after epoch 23 of 60" in says(at)
    shown = metrics(at)
    assert (shown["Training"], shown["Validation"], shown["Validation loss"]) == ("97.1%", "91.01%", "0.310")
    assert "Test accuracy" not in shown


def test_a_run_that_was_stopped_within_its_first_epoch_is_never_after_epoch_0(keep):
    keep(STOPPED, [], seconds=0.05)
    for page, query in (("train", {"run": STOPPED.key}), ("runs", {"runs": STOPPED.key})):
        said = says(visit(page, **query)) + " ".join(bar.proto.text for bar in visit(page, **query).get("progress"))
        assert "topped before the end of epoch 1 of 60" in said.replace("**", ""), page
        assert "epoch 0" not in said, page


def test_a_run_that_was_stopped_within_an_epoch_is_not_called_what_it_was_before_it(keep):
    keep(STOPPED, history(23, 0.97, 0.91, 0.31), seconds=0.05)
    at = visit("train", run=STOPPED.key)
    assert "before training and when it was stopped, within epoch 24 of 60" in says(at)
    assert "All of this after epoch 23 of 60" in says(at), "the accuracies are of the epoch's end"


def test_a_run_at_chance_has_learnt_nothing_on_every_page(keep):
    keep(CHANCE, history(3, 0.11, 0.0974, 2.31), test=0.0974)
    nothing = "It has learnt nothing: it answers like chance. After epoch 3 of 3 it reads 9.74%"
    assert nothing in says(visit("train", run=CHANCE.key))
    runs = visit("runs", runs=CHANCE.key)
    assert nothing in says(runs)
    assert "done, like chance" in set(runs.dataframe[0].value["Status"])
    assert "done, like chance" in set(visit().dataframe[0].value["State"])
    sweep = Sweep(networks=("cnn",), sizes=(500, 1_000), seeds=1, shared=CHANCE)
    assert sweep.config("cnn", 1_000, 0) != CHANCE, "its seed is another one"
    keep(sweep.config("cnn", 1_000, 0), history(3, 0.11, 0.0974, 2.31), test=0.0974)
    over_fitting = says(
        visit("overfitting", **STATE.link(Wanted(sweep.networks, sweep.sizes, sweep.seeds, sweep.shared)))
    )
    assert "With 1,000 images it **has learnt nothing**: it answers like chance (9.74%" in over_fitting
    assert "**like chance**" in over_fitting


def test_a_run_that_is_sure_and_wrong_is_called_that_and_never_wholly_sure(keep):
    keep(SURE, history(3, 0.23, 0.1991, 69.7), test=0.2)
    at = visit("train", run=SURE.key)
    assert "It is sure and wrong." in says(at)
    assert "100% sure" not in says(at)
    assert "It is sure and wrong." in says(visit("runs", runs=SURE.key))


def test_the_reports_runs_are_results(keep):
    at = visit("train", network="mlp")
    assert not at.warning
    assert "before and after training" in says(at)


def test_a_stopped_seed_is_left_out_of_a_comparison_and_named(keep):
    sweep = Sweep(networks=("mlp",), sizes=(500, 1_000), seeds=2, shared=MLPConfig(epochs=60))
    for size in (500, 1_000):
        keep(sweep.config("mlp", size, 0), history(60, 0.99, 0.9, 0.3), test=0.9)
    keep(sweep.config("mlp", 500, 1), history(3, 0.5, 0.5, 1.3))
    at = visit("overfitting", **STATE.link(Wanted(sweep.networks, sweep.sizes, sweep.seeds, sweep.shared)))
    assert "Left out with 500 images: 1 stopped after epoch 3 of 60." in says(at)
    assert list(at.dataframe[0].value["Seeds"]) == [1, 1]
    assert list(at.dataframe[0].value["Training %"]) == [99, 99]
    assert "Train 2 runs to the end" in [button.label for button in at.button]


def test_the_curves_of_runs_are_whole_until_one_zooms_in_and_the_link_says_so(keep):
    keep(STOPPED, [*history(1, 0.1, 0.1, 70.0), *history(30, 0.97, 0.95, 0.2)[1:]])
    at = visit("runs", runs=STOPPED.key)
    assert curves(at)[0]["range"][0] < 0.1
    at.button_group(key="runs_axis").set_value("late").run()
    assert curves(at)[0]["range"][0] > 0.8
    assert at.query_params["axis"] == "late"
    assert curves(visit("runs", runs=STOPPED.key, axis="late", measure="loss"))[0]["range"][1] < 1


def test_an_accuracy_has_the_same_decimals_in_a_table_as_elsewhere(keep):
    keep(STOPPED, history(23, 0.97, 0.9, 0.31))
    table = pd.DataFrame({"Training": [0.97, 0.9], "Validation": [0.9, None], "Gap, points": [7.0, -0.3]})
    said = with_accuracies(table, [1_000, 50_000]).to_html()
    assert re.findall(r">([^<>]*\d[^<>]*)</td>", said) == ["97.0%", "90.00%", "7.0", "90.00%", "−0.30"]
    shown = metrics(visit("train", run=STOPPED.key))
    assert (shown["Training"], shown["Validation"], shown["Gap"]) == ("97.0%", "90.00%", "7.0 points")
