"""The training page, without a browser."""

import dataclasses

import pytest
from streamlit.testing.v1 import AppTest

from core import checkpoints, labels
from core.config import PRESETS, Config, MLPConfig, from_query
from tests.pages.sentences import unlinked
from tests.pages.visit import buttons, curves, metrics, until, visit
from ui.overfitting.state import STATE as OVERFITTING
from ui.overfitting.state import left_behind, sweep_link


def settings(at: AppTest) -> Config:
    """What the form is set to, by the page's address."""
    config, sentences = from_query({name: at.query_params[name] for name in at.query_params})
    assert not sentences
    return config


def test_a_finished_run_shows_its_scores_and_curves():
    at = visit("train", network="mlp")
    assert metrics(at)["Test accuracy"] == "97.51%"
    accuracy, loss = curves(at)
    assert [line["name"] for line in accuracy["lines"]] == ["training", "validation"]
    assert accuracy["lines"][1]["y"][-1] == pytest.approx(0.9759, abs=1e-4)
    assert loss["lines"][0]["y"][0] > loss["lines"][0]["y"][-1]


def test_the_name_that_somebody_gave_a_run_is_above_it(shelf):
    key = PRESETS["MLP small"].key
    labels.put(key, labels.Label("for *tomorrow*"), shelf.folder)
    try:
        at = visit("train", run=key)
        said = [element.value for element in [*at.markdown, *at.caption]]
    finally:
        labels.put(key, labels.Label(), shelf.folder)
    assert {"## for \\*tomorrow\\*", "2,000 images, batch 64, rate 0.01, 70 epochs"} <= set(said)


def test_a_result_leads_to_the_pages_that_look_further_into_that_run():
    key = PRESETS["MLP small"].key
    links = [link.proto for link in visit("train", run=key).main.get("page_link")]
    assert [link.page for link in links] == ["confusion", "weights", "sketch", "overfitting"]
    assert [link.query_string for link in links[:3]] == [f"run={key}"] * 3
    assert links[3].query_string == "networks=mlp&sizes=2000%2C50000&seeds=1"
    assert not visit("train", network="mlp", train_size="300", epochs="2").main.get("page_link")


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_opens_by_its_key(name, shelf):
    at = visit("train", run=PRESETS[name].key)
    assert metrics(at)["Test accuracy"] == f"{shelf.find(PRESETS[name].key).summary.test_accuracy:.2%}"
    assert at.session_state["preset"] == name


def test_a_slider_changes_the_settings_and_the_link():
    at = visit("train")
    at.slider(key="epochs").set_value(3).run()
    assert at.query_params["epochs"] == "3"
    assert "Not trained yet" in at.info[0].value
    assert metrics(at)["Steps per epoch"] == "782"
    at.select_slider(key="hidden_units").set_value(32).run()
    assert metrics(at)["Parameters"] == "25,450"


def test_the_other_network_takes_the_settings_over_and_the_presets_by_name():
    at = visit("train", network="mlp", epochs="3", hidden_units="32")
    at.button_group(key="network").set_value("cnn").run()
    assert settings(at).network == "cnn"
    assert settings(at).epochs == 3
    at = visit("train", run=PRESETS["MLP baseline"].key)
    at.button_group(key="network").set_value("cnn").run()
    assert settings(at) == PRESETS["CNN baseline"]


def test_train_stop_resume_delete_and_undo():
    at = visit("train", network="mlp", train_size="20000", epochs="150")
    at.button(key="train").click().run()
    until(at, lambda at: any("Epoch 3" in (p.proto.text or "") for p in at.get("progress")))
    at.button(key="stop").click().run()
    until(at, lambda at: "resume" in buttons(at))
    at.button(key="resume").click().run()
    assert "stop" in buttons(at)
    at.button(key="stop").click().run()
    until(at, lambda at: "resume" in buttons(at))
    at.button(key="delete").click().run()
    assert "train" in buttons(at)
    at.button(key="undo").click().run()
    assert "resume" in buttons(at)


def test_a_run_that_is_trained_here_ends_with_its_result():
    at = visit("train", network="mlp", train_size="500", epochs="4")
    assert "about" in metrics(at)["Expected time"]
    at.button(key="train").click().run()
    until(at, lambda at: "Test accuracy" in metrics(at))
    assert at.query_params["run"] == settings(at).key


def test_the_reports_runs_cannot_be_deleted():
    at = visit("train", network="mlp")
    assert "delete" not in buttons(at)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"epochs": "banana"}, "Epochs must be a whole number from 1 to 200, not “banana”: using 70."),
        ({"network": "rnn"}, "There is no network called “rnn”: showing the MLP."),
        ({"run": "mlp-0123456789"}, "is not trained here"),
        ({"run": "../../etc/passwd"}, "is not the key of a run"),
    ],
)
def test_a_link_that_cannot_be_used_says_so_and_opens_all_the_same(query, sentence):
    at = visit("train", **query)
    assert any(sentence in warning.value for warning in at.warning)
    assert metrics(at)["Test accuracy"]


def test_a_damaged_file_counts_as_untrained_and_says_so(shelf):
    config = PRESETS["CNN small"]
    path = checkpoints.path_of(config.key, shelf.folder)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    shelf._runs.pop(config.key, None)
    at = visit("train", run=config.key)
    assert any("was moved to" in warning.value for warning in at.warning)
    path.write_bytes(whole)


def said(at: AppTest) -> str:
    return unlinked("\n".join(element.value for element in [*at.markdown, *at.caption]))


def test_a_step_sets_one_control_and_the_address_and_says_what_to_watch_for():
    at = visit("train", run=PRESETS["MLP small"].key)
    assert "It over-fits: it reads 98.8%" in said(at)
    old = PRESETS["MLP small"]
    at.button(key="try_0_1").click().run()
    assert at.select_slider(key="weight_decay").value == 0.01
    assert settings(at) == dataclasses.replace(old, weight_decay=0.01)
    assert at.query_params["from"] == old.key
    assert "train" in buttons(at)
    assert "Watch whether the gap narrows" in said(at)


def test_at_most_three_findings_are_shown_and_three_steps_of_each():
    at = visit("train", run=PRESETS["CNN small"].key)
    steps = [key for key in buttons(at) if key and key.startswith("try_")]
    assert max(int(key.split("_")[1]) for key in steps) < 3
    assert {key for key in steps if key.startswith("try_0")} == {"try_0_0", "try_0_1", "try_0_2"}


def test_the_run_one_comes_from_stays_behind_the_new_one_until_it_is_dismissed():
    before, after = PRESETS["MLP full"], PRESETS["MLP small"]
    at = visit("train", run=after.key, **{"from": before.key})
    assert "Compared with **MLP full**: 2,000 images instead of 50,000." in said(at)
    assert "90.65% instead of 97.59%, −6.94 points" in said(at)
    accuracy, _ = curves(at)
    assert [(line["run"], line["name"]) for line in accuracy["lines"]] == [
        (0, "training"),
        (0, "validation"),
        (1, "training"),
        (1, "validation"),
    ]
    assert accuracy["lines"][3]["y"][-1] == pytest.approx(0.9759, abs=1e-4)
    at.button(key="dismiss").click().run()
    assert "Compared with" not in said(at)
    assert "from" not in at.query_params
    assert len(curves(at)[0]["lines"]) == 2


def test_whoever_moves_a_slider_away_from_a_result_comes_from_it():
    at = visit("train", network="mlp", train_size="2000")
    at.slider(key="epochs").set_value(3).run()
    assert at.query_params["from"] == PRESETS["MLP small"].key
    assert "Compared with **MLP small**: 3 epochs instead of 70." in said(at)
    at.button(key="dismiss").click().run()
    at.slider(key="epochs").set_value(4).run()
    assert "from" not in at.query_params, "who has dismissed it is not asked again"
    at.button_group(key="preset").set_value("MLP full").run()
    assert "from" not in at.query_params


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("../../x", "“../../x” is not the key of a run to compare with."),
        ("mlp-0123456789", "The run mlp-0123456789, which the link compares with, is not here."),
    ],
)
def test_a_link_that_compares_with_what_is_not_there_says_so(key, sentence):
    at = visit("train", network="mlp", **{"from": key})
    assert [warning.value.replace("\\", "") for warning in at.warning] == [sentence]
    assert len(curves(at)[0]["lines"]) == 2


def test_a_run_is_not_compared_with_itself():
    key = PRESETS["MLP small"].key
    assert "Compared with" not in said(visit("train", run=key, **{"from": key}))


def test_over_fitting_takes_over_the_settings_that_a_comparison_can_have_and_says_which_it_cannot():
    config = MLPConfig(train_size=500, epochs=4, hidden_units=32, learning_rate=0.02)
    link = sweep_link(config)
    wanted = OVERFITTING.make(OVERFITTING.read(link)[0])
    assert wanted.sizes == (500, 2_000, 50_000)
    assert wanted.sweep.config("mlp", 500, 0) == dataclasses.replace(config, hidden_units=64)
    assert "without hidden units 32" in left_behind(config)
    assert "without" not in left_behind(dataclasses.replace(config, hidden_units=64))


@pytest.mark.parametrize("page", ["confusion", "weights", "sketch"])
def test_the_pages_that_look_at_a_run_lead_back_to_it(page):
    key = PRESETS["MLP small"].key
    links = [link.proto for link in visit(page, run=key).main.get("page_link")]
    assert ("train", f"run={key}") in [(link.page, link.query_string) for link in links]


@pytest.mark.parametrize(
    ("preset", "published"), [("MLP full", "ReLU 96.74%"), ("CNN full", "LeNet-5 99.05%"), ("MLP small", "")]
)
def test_beside_a_test_accuracy_stands_what_others_published_of_such_a_network(preset, published):
    (*said,) = [
        unlinked(caption.value)
        for caption in visit("train", run=PRESETS[preset].key).caption
        if "Published" in caption.value
    ]
    assert (published in said[0]) if published else not said


def test_a_preset_that_a_slider_took_away_is_not_brought_back_by_a_browser_that_has_not_heard_of_it():
    at = visit("train", network="mlp", train_size="2000")
    assert at.button_group(key="preset").value == "MLP small"
    at.slider(key="epochs").set_value(71).run()
    assert at.button_group(key="preset").value is None
    at.slider(key="epochs").set_value(72)
    at.button_group(key="preset").set_value("MLP small")  # as it is there until our answer comes
    at.run()
    assert at.slider(key="epochs").value == 72
    assert at.button_group(key="preset").value is None
    at.button_group(key="preset").set_value("MLP small").run()  # and this is a press
    assert at.slider(key="epochs").value == 70
