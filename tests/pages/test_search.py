"""The search page, without a browser."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from core import checkpoints, description
from core.config import REPORT, MLPConfig
from core.history import EpochEnd
from core.search.outcome import Attempt
from core.search.reading import reading
from core.search.recorded import Recorded
from core.search.tuning import TUNING
from core.training import begin
from tests.pages.sentences import unlinked
from tests.pages.visit import buttons, until, visit
from ui.search import found
from ui.search.state import STATE, of_grid

SMALL = {
    "networks": "mlp",
    "setting": "hidden_units",
    "values": "16,32",
    "seeds": "2",
    "train_size": "200",
    "epochs": "3",
    "learning_rate": "0.05",
}
TWO = {
    "networks": "mlp",
    "setting": "learning_rate",
    "values": "0.01,0.1",
    "second": "batch_size",
    "second_values": "16,256",
    "seeds": "2",
    "train_size": "1000",
    "epochs": "5",
}
NOBODYS = {
    "weight_decay": "0.05"
}  # of which no other test has trained a run: the usual settings are those of a lesson, too


def words(at) -> str:
    return unlinked(" ".join(one.value for one in [*at.markdown, *at.caption, *at.info, *at.warning]))


def charts(at) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in at.get("vega_lite_chart")]


@pytest.fixture
def keep(shelf, digits):
    """Put a finished run on the shelf that ends with these accuracies."""
    kept = []

    def put(config, train: float, val: float) -> None:
        checkpoint = begin(config, digits)
        checkpoint.history = [EpochEnd(epoch, 0.3, train, val, 0.01, 0.1, 0.3) for epoch in range(1, config.epochs + 1)]
        checkpoint.test_accuracy, checkpoint.about = val, description.about(checkpoint.model)
        checkpoints.save(checkpoint, shelf.folder)
        kept.append(config.key)

    yield put
    for key in kept:
        shelf.delete(key)


def test_whoever_comes_finds_a_setting_its_usual_values_and_what_to_press():
    at = visit("search", **NOBODYS)
    assert at.selectbox(key="search_setting").value == "learning_rate"
    assert at.multiselect(key="search_values").value == ["0.001", "0.003", "0.01", "0.03", "0.1"]
    assert "Train 15 missing runs" in [button.label for button in at.button]
    assert "Nothing of this is trained yet. Press **Train**" in words(at)
    assert not charts(at)


def test_what_is_trained_shows_at_once_and_is_read_from_the_numbers():
    at = visit("search", networks="mlp,cnn", setting="train_size", values="2000,50000", seeds="1", epochs="70")
    assert "search_start" not in buttons(at)
    assert "The MLP's highest validation accuracy is **97.59%**, with **50,000 images** (one seed)" in words(at)
    assert "The CNN's highest validation accuracy is **99.08%**" in words(at)
    assert "Whether it is better cannot be said: there is no spread over seeds" in words(at)
    for word in ("band", "mean of", "standard deviation", "more than the seeds"):
        assert word not in words(at), "there is one seed"
    assert list(at.dataframe[0].value["Training-set size"]) == [2_000, 50_000] * 2
    assert "SD, points" not in at.dataframe[0].value
    assert len(charts(at)) == 2 + 4, "a validation curve for each network, and the curves of each value"


@pytest.mark.parametrize("name", TUNING)
def test_the_reports_tuning_is_there_before_anything_is_trained(name, shelf):
    grid = TUNING[name]
    at = visit("search", **STATE.link(of_grid(grid)))
    here = [config for config in grid.configs() if shelf.find(config.key)]
    assert REPORT[f"{name[:3]} small"] in here
    missing = len(grid.configs()) - len(here)
    assert "search_start" not in buttons(at)
    assert (
        f"Everything is there: {missing} runs come recorded with the project, without the weights; their times are those of a busy machine."
        in words(at)
    )
    assert f"Train {missing} recorded runs here" in [button.label for button in at.button]
    assert {*at.dataframe[0].value["Seeds"]} == {grid.seeds}
    assert "highest" in words(at)
    assert at.session_state.search_preset == name


def test_recorded_runs_are_trained_here_with_one_press_and_come_to_the_same(shelf, monkeypatch):
    config = MLPConfig(hidden_units=24, train_size=200, epochs=2, learning_rate=0.05)
    configs = [replace(config, batch_size=size) for size in (16, 32)]
    known = [EpochEnd(epoch, 1.0, 0.5, 0.4, 0.05, 0.1, 1.0) for epoch in (1, 2)]
    monkeypatch.setattr(
        found, "recorded", lambda: {one.key: Recorded(one, known, None, "", "elsewhere") for one in configs}
    )
    own = {"hidden_units": "24", "train_size": "200", "epochs": "2", "learning_rate": "0.05", "seeds": "1"}
    at = visit("search", networks="mlp", setting="batch_size", values="16,32", **own)
    assert list(at.dataframe[0].value["Validation %"]) == [40, 40]
    at.button(key="search_here").click().run()
    until(at, lambda at: "search_here" not in buttons(at) and "search_stop" not in buttons(at))
    ends = [round(100 * shelf.find(one.key).history[-1].val_accuracy, 2) for one in configs]
    assert list(at.dataframe[0].value["Validation %"]) == ends


def test_what_is_missing_is_trained_with_one_press_and_the_table_is_what_the_runs_say(shelf):
    at = visit("search", **SMALL)
    assert "Train 4 missing runs" in [button.label for button in at.button]
    at.button(key="search_start").click().run()
    until(at, lambda at: len(at.dataframe) and list(at.dataframe[0].value["Seeds"]) == [2, 2])
    until(at, lambda at: "search_stop" not in buttons(at))
    table = at.dataframe[0].value.set_index("Hidden units")
    for units in (16, 32):
        ends = [
            shelf.find(
                MLPConfig(hidden_units=units, train_size=200, epochs=3, learning_rate=0.05, seed=seed).key
            ).history[-1]
            for seed in (0, 1)
        ]
        accuracies = pd.Series([100 * end.val_accuracy for end in ends])
        assert table.loc[units, "Validation %"] == pytest.approx(accuracies.mean(), abs=0.006)
        assert table.loc[units, "SD, points"] == pytest.approx(accuracies.std(), abs=0.006)
    assert charts(at)[0]["layer"][0]["mark"]["type"] == "area", "the band over the seeds"
    assert at.query_params["values"] == "16,32"
    again = visit("search", **{name: at.query_params[name] for name in at.query_params})
    assert list(again.dataframe[0].value["Seeds"]) == [2, 2]


def test_stopping_a_search_stops_its_runs(shelf):
    at = visit("search", **SMALL | {"train_size": "50000", "epochs": "199", "values": "128,256"})
    at.button(key="search_start").click().run()
    assert "It has begun." in words(at) or charts(at)
    at.button(key="search_stop").click().run()
    until(at, lambda _: not any(run.live for run in shelf.all()))


def test_another_setting_comes_with_its_own_values_and_the_rest_without_it():
    at = visit("search", **NOBODYS)
    assert at.slider(key="search_epochs")
    at.selectbox(key="search_setting").set_value("epochs").run()
    assert at.multiselect(key="search_values").value == ["2", "5", "10", "20", "50"]
    assert "search_epochs" not in [slider.key for slider in at.slider]
    assert at.query_params["values"] == "2,5,10,20,50"
    at.selectbox(key="search_second").set_value("activation").run()
    assert at.multiselect(key="search_second_values").value == ["sigmoid", "tanh", "relu"]
    assert "Train 45 missing runs" in [button.label for button in at.button]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (
            {"values": "0.01,banana,0.1"},
            "Learning rate must be a number from 1e-05 to 1.0, not “banana”: it was left out.",
        ),
        ({"values": "0.01,7,0.1"}, "Learning rate must be a number from 1e-05 to 1.0, not 7: it was left out."),
        ({"setting": "epochs", "values": "0.5"}, "There must be 2 to 8 values: here are the usual ones."),
        ({"setting": "colour"}, "Setting must be one of train_size, "),
        ({"networks": "rnn"}, "Networks must be one of mlp, cnn, not “rnn”: it was left out."),
        ({"seeds": "9"}, "Seeds must be a whole number from 1 to 5, not 9: using 5."),
        (
            {"second": "epochs", "second_values": "5,x,6"},
            "Epochs must be a whole number from 1 to 200, not “x”: it was left",
        ),
    ],
)
def test_a_link_that_cannot_be_used_says_so_and_opens_all_the_same(query, sentence):
    at = visit("search", **query)
    assert sentence in words(at).replace("\\", "")
    assert buttons(at) & {"search_start", "search_here"}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"setting": "dropout"}, "Dropout is no setting of the MLP: choose another one."),
        ({"second": "learning_rate"}, "Choose one setting, or two different ones."),
        ({"second": "batch_size", "seeds": "5"}, "This would be 125 runs, and at most 60 fit into one comparison"),
    ],
)
def test_what_cannot_be_compared_is_said_in_place_of_a_button(query, sentence):
    at = visit("search", **query)
    assert sentence in words(at)
    assert "search_start" not in buttons(at)


def test_values_that_are_typed_are_checked():
    at = visit("search")
    at.multiselect(key="search_values").set_value(["0.01", "0.5", " 0.25 "]).run()
    assert at.query_params["values"] == "0.01,0.5,0.25"
    at.multiselect(key="search_values").set_value(["0.01", "<b>", "0.5"]).run()
    assert at.multiselect(key="search_values").value == ["0.01", "0.5", "0.25"], "no value at all: as it was"
    at.multiselect(key="search_values").set_value(["0.01", "3"]).run()
    assert "Learning rate must be a number from 1e-05 to 1.0, not 3." in words(at)
    at.multiselect(key="search_values").set_value(["0.01"]).run()
    assert "Choose 2 to 8 different values of the learning rate." in words(at)


def test_two_settings_are_a_map_whose_cells_open_their_runs(keep):
    ends = {(0.01, 16): 0.93, (0.1, 16): 0.85, (0.01, 256): 0.86, (0.1, 256): 0.92}
    for (rate, batch), val in ends.items():
        for seed in (0, 1):
            keep(
                MLPConfig(train_size=1_000, epochs=5, learning_rate=rate, batch_size=batch, seed=seed),
                0.97,
                val + seed / 1000,
            )
    at = visit("search", **TWO)
    assert "The two settings **trade off**: with batch 16, rate 0.01 is better than rate 0.1" in words(at)
    assert list(at.dataframe[0].value["Validation %"]) == [93.05, 86.05, 85.05, 92.05]
    assert "**MLP, rate 0.01 at batch 16**" in words(at), "the highest is opened"
    at.selectbox(key="search_cell_column").set_value("0.1").run()
    assert "**MLP, rate 0.1 at batch 16**" in words(at)
    assert (at.query_params["column"], at.query_params["row"]) == ("0.1", "16")
    key = MLPConfig(train_size=1_000, epochs=5, learning_rate=0.1, batch_size=16, seed=1).key
    links = [(link.proto.page, link.proto.label, link.proto.query_string) for link in at.get("page_link")]
    for page, label in (("train", "Train, seed 1"), ("confusion", "Confusion, seed 1")):
        (query,) = [query for _, said, query in links if said == label]
        assert f"run={key}" in query, page


def test_an_address_says_which_cell_is_looked_at_and_of_another_grid_it_says_nothing(keep):
    at = visit("search", **TWO, column="0.1", row="256")
    assert at.query_params["column"] == "0.1"
    keep(MLPConfig(train_size=1_000, epochs=5, learning_rate=0.01, batch_size=16, seed=0), 0.97, 0.93)
    at = visit("search", **TWO, column="0.1", row="256")
    assert "MLP, rate 0.1 at batch 256:" in words(at)
    at = visit("search", **TWO, column="0.7", row="256")
    assert "**MLP, rate 0.01 at batch 16**" in words(at)


def test_over_fitting_is_this_page_with_the_training_set_size_as_its_setting(shelf):
    """The same runs, and the same numbers."""
    over_fitting = visit("overfitting")
    search = visit("search", networks="mlp", setting="train_size", values="2000,50000", seeds="1", epochs="70")
    shown = ["Training %", "Validation %", "Gap, points"]
    assert over_fitting.dataframe[0].value[shown].equals(search.dataframe[0].value[shown])


def test_the_reading_on_the_page_is_that_of_the_runs(shelf):
    query = {"networks": "mlp", "setting": "train_size", "values": "2000,50000", "seeds": "1", "epochs": "70"}
    at = visit("search", **query)
    grid = STATE.make(STATE._reader(query)[0]).grid
    tried = {place: [shelf.find(config.key) for config in configs] for place, configs in grid.panels().items()}
    (paragraph,) = reading(grid, {place: [Attempt(run.history) for run in runs] for place, runs in tried.items()})
    assert paragraph in words(at)


def test_at_equal_steps_the_sizes_of_the_report_count_after_as_many_steps():
    sizes = {"networks": "mlp", "setting": "train_size", "values": "2000,50000", "seeds": "1", "epochs": "70"}
    at = visit("search", **sizes)
    assert "After epoch" not in at.dataframe[0].value
    at.button_group(key="search_along").set_value("steps").run()
    assert at.query_params["along"] == "steps"
    assert list(at.dataframe[0].value["After epoch"]) == [70, 2]
    assert any("at equal steps" in one.value for one in at.markdown)
    assert any("2,240 steps" in one.value for one in at.markdown)
