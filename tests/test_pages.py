"""Every page, visited without a browser."""

import json
import shutil
import time
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import checkpoints
from core.config import PRESETS
from core.runs import Runs
from ui import shared

APP = Path(__file__).parent.parent / "app.py"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A folder with the report's runs, and workers that write there."""
    folder = tmp_path_factory.mktemp("weights")
    for config in PRESETS.values():
        shutil.copy(checkpoints.path_of(config.key), folder)
    runs = Runs(folder, workers=1)
    yield runs
    runs.close()


@pytest.fixture(autouse=True)
def registry(shelf, monkeypatch):
    """The pages' registry, with a folder of its own."""
    st.cache_resource.clear()
    st.cache_data.clear()
    monkeypatch.setattr(shared, "Runs", lambda: shelf)
    monkeypatch.setattr(shared.checkpoints, "load", lambda key: LOAD(key, shelf.folder))


LOAD = checkpoints.load


def visit(page: str | None = None, **query: str) -> AppTest:
    """Open a page by a link, as a new visitor."""
    at = AppTest.from_file(str(APP), default_timeout=60)
    if page:
        at = at.run().switch_page(f"pages/{page}.py")
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def metrics(at: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in at.metric}


def curves(at: AppTest) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in at.get("plotly_chart")]


def until(at: AppTest, true) -> AppTest:
    """Visit again until something is true."""
    for _ in range(300):
        at.run()
        if true(at):
            return at
        time.sleep(0.1)
    raise AssertionError([element.value for element in at.markdown])


def test_home_lists_the_reports_runs_and_shows_the_data():
    at = visit()
    table = at.dataframe[0].value
    assert list(table["Run"][:3]) == ["baseline", "small", "full"]
    assert (table["Test"] > 0.89).all()
    assert len(at.get("image")) == 2
    at.button(key="shuffle").click().run()
    assert not at.exception


def test_a_finished_run_shows_its_scores_and_curves():
    at = visit("train", network="mlp")
    assert metrics(at)["Test accuracy"] == "97.51%"
    accuracy, loss = curves(at)
    assert [line["name"] for line in accuracy["data"]] == ["training", "validation"]
    assert accuracy["data"][1]["y"][-1] == pytest.approx(0.9759, abs=1e-4)
    assert loss["data"][0]["y"][0] > loss["data"][0]["y"][-1]


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
    assert at.session_state["config"].network == "cnn"
    assert at.session_state["config"].epochs == 3
    at = visit("train", run=PRESETS["MLP baseline"].key)
    at.button_group(key="network").set_value("cnn").run()
    assert at.session_state["config"] == PRESETS["CNN baseline"]


def test_train_stop_resume_delete_and_undo():
    at = visit("train", network="mlp", train_size="20000", epochs="150")
    at.button(key="train").click().run()
    until(
        at, lambda at: at.session_state["config"] and any("Epoch 3" in (p.proto.text or "") for p in at.get("progress"))
    )
    at.button(key="stop").click().run()
    until(at, lambda at: [button for button in at.button if button.key == "resume"])
    at.button(key="resume").click().run()
    assert [button for button in at.button if button.key == "stop"]
    at.button(key="stop").click().run()
    until(at, lambda at: [button for button in at.button if button.key == "resume"])
    at.button(key="delete").click().run()
    assert [button for button in at.button if button.key == "train"]
    at.button(key="undo").click().run()
    assert [button for button in at.button if button.key == "resume"]


def test_a_run_that_is_trained_here_ends_with_its_result():
    at = visit("train", network="mlp", train_size="500", epochs="4")
    assert "about" in metrics(at)["Expected time"]
    at.button(key="train").click().run()
    until(at, lambda at: "Test accuracy" in metrics(at))
    assert at.query_params["run"] == at.session_state["config"].key


def test_the_reports_runs_cannot_be_deleted():
    at = visit("train", network="mlp")
    assert "delete" not in [button.key for button in at.button]


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
