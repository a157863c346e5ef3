"""The over-fitting page, without a browser."""

import json
import re

import pytest

from core import checkpoints
from core.config import PRESETS
from tests.pages.sentences import unlinked
from tests.pages.visit import buttons, until, visit

SMALL = {"networks": "mlp", "sizes": "200,1000", "epochs": "4", "seeds": "2", "learning_rate": "0.02"}


def words(at) -> str:
    return unlinked(" ".join(element.value for element in [*at.markdown, *at.caption, *at.info, *at.warning]))


def everything(at) -> str:
    return words(at) + " ".join(str(chart) for chart in charts(at)) + str([slider.help for slider in at.slider])


def charts(at) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in at.get("vega_lite_chart")]


def test_the_reports_comparison_is_there_at_once_and_is_read_from_the_numbers():
    at = visit("overfitting")
    assert "sweep_start" not in buttons(at)
    assert (
        "With **2,000** images the MLP reads **98.8%** of them right, and **90.65%** of the 10,000 validation"
        in words(at)
    )
    assert "a gap of 8.1 points" in words(at)
    assert "The gap **shrinks with more data**: 8.1 points with 2,000 images and 2.28 points with 50,000." in words(at)
    assert not re.search("band|mean of|seeds differ", everything(at)), "there is one seed"
    table = at.dataframe[0].value
    assert list(table["Images"]) == [2_000, 50_000]
    assert len(charts(at)) == 4, "two panels, the gap and the validation accuracy"


@pytest.mark.parametrize("preset", ["CNN: Figures 7 and 8", "MLP: Figures 3 and 4"])
def test_the_presets_of_the_figures_need_no_training(preset):
    at = visit("overfitting", networks="mlp,cnn", sizes="100,200")
    at.button_group(key="sweep_preset").set_value(preset).run()
    assert "sweep_start" not in buttons(at)
    assert preset[:3] in words(at)


def test_what_is_missing_is_trained_with_one_press_and_the_panels_share_their_axes():
    at = visit("overfitting", **SMALL)
    assert "Train 4 missing runs" in [button.label for button in at.button]
    at.button(key="sweep_start").click().run()
    until(
        at,
        lambda at: (
            len(at.dataframe) and list(at.dataframe[0].value["Seeds"]) == [2, 2] and "sweep_stop" not in buttons(at)
        ),
    )
    first, second = charts(at)[:2]
    assert first["layer"][1]["encoding"]["y"]["scale"] == second["layer"][1]["encoding"]["y"]["scale"]
    assert first["layer"][0]["mark"]["type"] == "area", "the band over the seeds"
    assert at.query_params["sizes"] == "200,1000"


def test_stopping_a_sweep_stops_what_nobody_else_watches(shelf):
    sweep = {"networks": "mlp", "sizes": "20000,50000", "epochs": "199", "seeds": "2"}
    at = visit("overfitting", **sweep)
    at.button(key="sweep_start").click().run()
    link = {"network": "mlp", "train_size": "20000", "epochs": "199", "seed": "1"}
    stranger, other = visit("train", **link), visit("train", visitor=at.session_state["visitor"], **link)
    assert stranger.button(key="stop").disabled, "it is somebody else's"
    at.button(key="sweep_stop").click().run()
    until(other, lambda _: sum(run.live for run in shelf.all()) == 1)
    live = [run for run in shelf.all() if run.live]
    assert [(run.config.train_size, run.config.seed) for run in live] == [(20_000, 1)]
    other.button(key="stop").click().run()
    assert "also looked at in" in words(other)
    other.button(key="stop_anyway").click().run()
    until(other, lambda at: not any(run.live for run in shelf.all()))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"sizes": "banana"}, "Sizes must be a whole number from 100 to 50,000, not “banana”: it was left out."),
        ({"sizes": "2000"}, "There must be 2 to 6 sizes: here are the usual ones."),
        ({"sizes": "300,400,60"}, "Sizes must be a whole number from 100 to 50,000, not 60: it was left out."),
        ({"networks": "rnn"}, "Networks must be one of mlp, cnn, not “rnn”: it was left out."),
        ({"seeds": "many"}, "Seeds must be a whole number from 1 to 5, not “many”: using 1."),
        ({"epochs": "0"}, "Epochs must be a whole number from 1 to 200, not 0: using 1."),
    ],
)
def test_a_link_that_cannot_be_used_says_so_and_opens_all_the_same(query, sentence):
    assert sentence in words(visit("overfitting", **query))


def test_too_few_sizes_ask_for_more():
    at = visit("overfitting")
    at.button_group(key="sweep_sizes").set_value([2_000]).run()
    assert not at.exception
    assert "Choose 2 to 6 different training-set sizes." in words(at)


def test_a_published_curve_stands_behind_mlps_alone():
    said = {
        networks: unlinked(str([caption.value for caption in visit("overfitting", networks=networks).caption]))
        for networks in ("mlp", "cnn")
    }
    assert "750 epochs of 2,000 images, 30 of 50,000" in said["mlp"]
    assert "Nielsen" not in said["cnn"]


def test_figures_that_a_slider_took_away_are_not_brought_back_by_a_browser_that_has_not_heard_of_it():
    at = visit("overfitting")
    named = at.button_group(key="sweep_preset").value
    assert named
    at.slider(key="sweep_epochs").set_value(71).run()
    assert at.button_group(key="sweep_preset").value is None
    at.slider(key="sweep_epochs").set_value(72)
    at.button_group(key="sweep_preset").set_value(named)
    at.run()
    assert at.slider(key="sweep_epochs").value == 72
    at.button_group(key="sweep_preset").set_value(named).run()
    assert at.slider(key="sweep_epochs").value == 70


def test_at_equal_steps_the_table_and_the_sentences_are_of_as_many_and_the_link_says_so():
    """The report's runs: 70 epochs of 2,000 images are 2,240 steps, and two of 50,000 are 1,564, three 2,346."""
    at = visit("overfitting")
    at.button_group(key="sweep_along").set_value("steps").run()
    assert at.query_params["along"] == "steps"
    table = at.dataframe[0].value
    assert list(table["After epoch"]) == [70, 2]
    early = checkpoints.summary(PRESETS["MLP full"].key).history[1]
    assert table["Validation %"].iloc[1] == pytest.approx(100 * early.val_accuracy)
    words = " ".join(unlinked(one.value) for one in at.markdown).replace("**", "")
    assert "at most 2,240 steps each" in words
    assert "of the effect of data remains" in words
    again = visit("overfitting", along="steps")
    assert again.dataframe[0].value.equals(table)
    assert list(visit("overfitting").dataframe[0].value["After epoch"]) == [70, 70]


def test_at_equal_time_no_run_has_had_more_than_the_quickest():
    table = visit("overfitting", along="seconds").dataframe[0].value
    assert table["Seconds"].iloc[1] <= table["Seconds"].iloc[0] + 0.005
    assert 1 <= table["After epoch"].iloc[1] < 70
