"""The search page with all settings, without a browser."""

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from core.charts.study import across_table
from core.config import MLPConfig
from core.host.hosting import Hosting
from core.search import journal
from core.search.study import Span, Study
from core.search.trials import Found, rows
from tests.pages.test_search import charts, words
from tests.pages.visit import buttons, until, visit
from tests.studies import Made, keep
from ui.search.state import STATE

SMALL = {
    "all": "yes",
    "searched": "learning_rate,batch_size",
    "learning_rate_within": "0.005:0.05",
    "batch_size_within": "16:128",
    "runs": "4",
    "sampler": "random",
    "pruner": "none",
    "train_size": "300",
    "epochs": "2",
    "hidden_units": "32",
    "weight_decay": "0.007",
}
SHARED = MLPConfig(train_size=300, epochs=3, hidden_units=48, weight_decay=0.009)
ACROSS = {"all": "yes", "train_size": "300", "epochs": "3", "hidden_units": "48", "weight_decay": "0.009"}
ACROSS |= {"searched": "learning_rate,batch_size", "runs": "60", "seed": "7"}
SIXTY = Study(
    shared=SHARED,
    space=(Span("learning_rate", (0.001, 0.1)), Span("batch_size", (16, 256))),
    runs=60,
    seed=7,
)


def asked_for(query: dict[str, str]) -> Study:
    wanted = STATE.make(STATE._reader(query)[0])
    return wanted.study.study(wanted.rest)


def made(n: int, state: str = "done") -> list[Made]:
    """Runs of `SIXTY`, whose accuracy rises with the rate."""
    rates = np.geomspace(0.002, 0.09, 60)[:n]
    return [
        Made(
            SIXTY.config({"learning_rate": float(f"{rate:.3g}"), "batch_size": 16 + i}),
            state,
            [0.5, 0.6, round(0.7 + i / 400, 4)][: 3 if state == "done" else 2],
        )
        for i, rate in enumerate(rates)
    ]


@pytest.fixture
def kept(shelf):
    """Write the journal of `SIXTY`."""
    yield lambda runs, ended="runs": keep(SIXTY, shelf.folder, runs, ended)
    for path in (shelf.folder / journal.FOLDER).glob(f"{SIXTY.key}*"):
        path.unlink()


def test_one_two_or_all_settings_are_a_choice_and_each_has_its_address():
    at = visit("search")
    assert at.radio(key="search_way").value == "one"
    at.radio(key="search_way").set_value("two").run()
    assert at.query_params["second"] == "batch_size"
    assert "search_start" in buttons(at)
    at.radio(key="search_way").set_value("all").run()
    assert dict(at.query_params) == {"all": "yes", "network": "mlp", "runs": "20"}
    assert "study_start" in buttons(at)
    at.button_group(key="search_network").set_value("cnn").run()
    assert {"dropout", "momentum"} <= {*at.multiselect(key="search_searched").value}
    at.radio(key="search_way").set_value("one").run()
    assert "all" not in at.query_params
    assert at.radio(key="search_way").value == "one"


def test_a_search_of_all_settings_from_the_press_to_the_test_images(shelf):
    at = visit("search", **SMALL)
    study = asked_for(SMALL)
    assert "Nothing of this search is trained here yet. Press **Search**" in words(at)
    at.button(key="study_start").click().run()
    until(at, lambda at: "This search has had its 4 runs." in words(at))
    found = journal.read(study, shelf.folder)
    for trial in found.trials:
        assert trial.accuracies == tuple(event.val_accuracy for event in shelf.find(trial.config.key).history)
    table = at.dataframe[0].value
    best = found.best
    assert table["Run"].iloc[0] == best.number
    assert list(table["Validation %"]) == sorted((round(100 * one.accuracy, 2) for one in found.trials), reverse=True)
    assert f"of run {best.number} ({study.words(best.config)})" in words(at)
    assert "there are 4." in words(at), "of which importances are not said"
    assert "Test accuracy over" not in words(at)
    again = visit("search", **{name: at.query_params[name] for name in at.query_params})
    assert list(again.dataframe[0].value["Run"]) == list(table["Run"]), "the link opens it for anybody"

    at.button(key="study_last").click().run()
    until(at, lambda at: "Test accuracy over 3 seeds" in words(at))
    last = [shelf.find(config.key) for config in study.at_last(best.config)]
    values = [100 * run.summary.test_accuracy for run in last]
    assert f"**{np.mean(values):.2f}%**, standard deviation {np.std(values, ddof=1):.2f} points" in words(at)
    assert {run.config.train_size for run in last} == {50_000}
    assert {run.config.seed for run in last}.isdisjoint({study.seed})
    assert "study_last" not in buttons(at)


def test_a_search_is_stopped_and_goes_on_by_a_press(shelf):
    query = SMALL | {"epochs": "150", "train_size": "20000", "runs": "3", "weight_decay": "0.006"}
    at = visit("search", **query)
    at.button(key="study_start").click().run()
    until(at, lambda at: charts(at))
    at.button(key="study_stop").click().run()
    until(at, lambda at: "study_start" in buttons(at))
    assert "It was stopped, and goes on where it was. 3 runs are still to come." in words(at)
    assert [button.label for button in at.button if button.key == "study_start"] == ["Go on"]
    assert not any(run.live for run in shelf.all())


def test_sixty_runs_are_drawn_at_once_and_no_line_has_more_points_than_there_are_axes(kept, shelf):
    kept(made(60))
    at = visit("search", **ACROSS)
    assert [chart["height"] for chart in charts(at)] == [300, 380, 136]
    assert (
        "Of 60 runs of the MLP that came to their end, the highest validation accuracy is **84.75%**, of run 60"
        in words(at)
    )
    assert "near the largest learning rate" in words(at)
    assert "From 60 finished runs, drawn again 20 times." in words(at)
    assert len(at.dataframe[0].value) == 10
    (button,) = [one for one in at.get("download_button") if one.proto.id.endswith("study_csv")]
    assert button.proto.label == "Download all runs"
    assert across_table(SIXTY, Found()).empty
    whole = journal.read(SIXTY, shelf.folder)
    assert across_table(SIXTY, whole).groupby("run").size().max() == 3
    file = io.StringIO(pd.DataFrame(rows(SIXTY, whole.trials)).to_csv(index=False))
    assert list(pd.read_csv(file)["Key"]) == [trial.config.key for trial in whole.trials]


def picked(at) -> set[int]:
    """The runs that stand out of the lines across all settings."""
    tables = [pa.ipc.open_stream(chart.proto.data.data).read_all() for chart in at.get("vega_lite_chart")]
    (table,) = [table.to_pandas() for table in tables if "picked" in table.column_names]
    return {*table.loc[table.picked, "run"]}


def test_a_part_of_an_axis_is_seen_alone(kept, shelf):
    kept(made(20))
    at = visit("search", **ACROSS)
    trials = journal.read(SIXTY, shelf.folder).trials
    assert picked(at) == {*range(1, 21)}
    at.selectbox(key="study_axis").select("Learning rate").run()
    assert "20 of 20 runs" in words(at)
    rates = sorted(trial.config.learning_rate for trial in trials)
    slider = at.select_slider(key="study_within")
    assert [float(word) for word in slider.options] == pytest.approx(rates)
    table = across_table(SIXTY, journal.read(SIXTY, shelf.folder))
    places = sorted(table.loc[table.setting == "Learning rate", "place"])
    slider.set_value((places[3], places[9])).run()
    assert picked(at) == {trial.number for trial in trials if rates[3] <= trial.config.learning_rate <= rates[9]}
    assert "7 of 20 runs" in words(at)
    at.selectbox(key="study_axis").select("Validation accuracy").run()
    assert "20 of 20 runs" in words(at), "another axis begins with all of it"
    at.select_slider(key="study_within").set_value((1.0, 1.0)).run()
    best = max(trial.accuracy for trial in trials)
    assert picked(at) == {trial.number for trial in trials if trial.accuracy == best}
    assert "1 of 20 runs" in words(at)


def test_a_part_whose_ends_are_no_more_is_let_go(kept, shelf):
    kept(made(20))
    at = visit("search", **ACROSS)
    at.selectbox(key="study_axis").select("Learning rate").run()
    places = across_table(SIXTY, journal.read(SIXTY, shelf.folder)).query("setting == 'Learning rate'")["place"]
    at.select_slider(key="study_within").set_value(tuple(sorted(places)[3:10:6])).run()
    assert "7 of 20 runs" in words(at)
    journal.path_of(SIXTY, shelf.folder).unlink()
    kept(made(33)[21:])
    at.run()
    assert not at.exception
    assert "12 of 12 runs" in words(at)
    assert picked(at) == {*range(1, 13)}


def test_an_axis_on_which_all_runs_are_alike_has_no_part(kept):
    kept([one._replace(accuracies=[0.5]) for one in made(3)])
    at = visit("search", **ACROSS)
    at.selectbox(key="study_axis").select("Validation accuracy").run()
    assert "All runs have 50.00% here." in words(at)
    assert picked(at) == {1, 2, 3}


def test_what_was_stopped_early_or_diverged_is_marked_and_one_that_was_killed_goes_on(kept):
    runs = [*made(3), *[one._replace(state="pruned", accuracies=[0.3]) for one in made(6)[3:]]]
    runs.append(made(7)[6]._replace(state="diverged", accuracies=()))
    runs.append(made(8)[7]._replace(state="open", accuracies=[0.4]))
    kept(runs, ended="")
    at = visit("search", **ACROSS)
    assert "It was interrupted before its end, and goes on where it was. 53 runs are still to come." in words(at)
    assert "3 runs were **stopped early**" in words(at)
    assert "1 run **diverged**" in words(at)
    assert "1 of 8 runs is not at the end" in words(at)
    shapes = charts(at)[0]["layer"][1]["encoding"]["shape"]["scale"]
    assert shapes["domain"] == ["finished", "stopped early", "not at its end"]
    assert len({*shapes["range"]}) == 3


def test_once_the_test_images_are_looked_at_the_search_goes_on_no_further(kept, shelf, monkeypatch):
    kept(made(2), ended="stopped")
    at = visit("search", **ACROSS)
    assert not at.button(key="study_start").disabled
    monkeypatch.setattr("ui.search.at_last.looked", lambda study, found: True)
    at.run()
    assert at.button(key="study_start").disabled
    assert "The test images have been looked at" in at.button(key="study_start").help


def test_a_damaged_journal_is_one_sentence_and_the_search_begins_anew(kept, shelf):
    kept(made(2))
    path = journal.path_of(SIXTY, shelf.folder)
    path.write_text(path.read_text().replace("0.7025", "7.025"))
    at = visit("search", **ACROSS)
    assert "The journal of this search is damaged: it has an accuracy that is none." in words(at)
    assert "study_start" in buttons(at)
    assert "Nothing of this search is trained here yet" in words(at)
    at.run()
    assert "damaged" not in words(at)


def test_a_showcase_searches_nothing_and_says_so(monkeypatch, shelf):
    monkeypatch.setattr(shelf, "hosting", Hosting(mode="showcase"))
    at = visit("search", **SMALL | {"seed": "77"})
    assert at.button(key="study_start").disabled
    assert "showcase" in at.button(key="study_start").help


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"runs": "999"}, "Runs must be a whole number from 2 to 200, not 999: using 200."),
        ({"searched": "dropout,batch_size"}, "Dropout is no setting of the MLP: it was left out."),
        (
            {"learning_rate_within": "<b>:1"},
            "Learning rate must be a number from 1e-05 to 1.0, not “<b>”: it is searched as usual.",
        ),
        (
            {"learning_rate_within": "0.1"},
            "Learning rate needs a smallest and a largest value to be searched: it is searched as usual.",
        ),
        ({"sampler": "grid"}, "Sampler must be one of random, optuna"),
        ({"all": "maybe"}, "All must be one of yes, no"),
    ],
)
def test_a_link_that_cannot_be_used_says_so_and_opens_all_the_same(query, sentence):
    at = visit("search", **{"all": "yes", **query})
    assert sentence in words(at).replace("\\", "").replace("\u2060", "")
    assert {"study_start", "search_start", "search_here"} & buttons(at)


def test_a_choice_that_makes_no_search_is_said_in_place_of_the_button():
    at = visit("search", all="yes", seed="71")
    at.multiselect(key="search_activation_within").set_value(["relu"]).run()
    assert "Activation needs two words or more to be searched." in words(at)
    assert "study_start" not in buttons(at)
    at.multiselect(key="search_searched").set_value([]).run()
    assert "Choose at least one setting to search" in words(at)


def test_the_limits_of_a_search_are_in_its_address():
    at = visit("search", all="yes", seed="72")
    at.select_slider(key="search_learning_rate_within").set_value((0.01, 0.05)).run()
    assert at.query_params["learning_rate_within"] == "0.01:0.05"
    again = visit("search", **{name: at.query_params[name] for name in at.query_params})
    assert again.select_slider(key="search_learning_rate_within").value == (0.01, 0.05)
    assert replace(asked_for(dict(at.query_params)), seed=0) == replace(
        asked_for({"all": "yes", "learning_rate_within": "0.01:0.05"}), seed=0
    )
