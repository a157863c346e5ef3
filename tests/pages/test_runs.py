"""The page of all runs, without a browser."""

import pytest

from core import checkpoints, labels
from core.config import PRESETS, CNNConfig, MLPConfig
from core.labels import Label, run_token
from tests.pages.sentences import unlinked
from tests.pages.visit import buttons, curves, until, visit

SMALL, FULL = PRESETS["MLP small"], PRESETS["MLP full"]
OWN = MLPConfig(train_size=300, epochs=3, seed=5)


@pytest.fixture
def own(shelf):
    """A run of somebody's own, finished."""
    shelf.delete(OWN.key)
    shelf.start(OWN)
    at = visit("runs")
    until(at, lambda at: shelf.find(OWN.key).status == "done")
    return OWN


def table(at):
    return at.dataframe[0].value


def says(at) -> str:
    return unlinked(
        " ".join(element.value for element in [*at.markdown, *at.info, *at.warning, *at.error, *at.caption])
    )


def test_every_run_has_a_row_with_what_came_of_it(own):
    rows = table(visit("runs")).set_index("Name")
    small = rows.loc["MLP small"]
    assert (small["Network"], small["Images"], small["Status"]) == ("MLP", 2_000, "done")
    summary = checkpoints.summary(SMALL.key)
    last = summary.history[-1]
    assert small["Test"] == summary.test_accuracy
    assert small["Validation"] == last.val_accuracy
    assert small["Best validation"] == max(epoch.val_accuracy for epoch in summary.history)
    assert small["Gap, points"] == round(100 * (last.train_accuracy - last.val_accuracy), 1)
    assert small["Seconds"] == pytest.approx(summary.seconds)
    assert "batch 64, rate 0.01, 3 epochs, seed 5" in set(rows["Settings"])


def test_filters_leave_what_they_name_and_are_in_the_link():
    at = visit("runs")
    at.button_group(key="runs_network").set_value("cnn").run()
    at.text_input(key="runs_find").set_value("Batch 256").run()
    assert list(table(at)["Name"]) == ["CNN baseline"]
    assert at.query_params["network"] == "cnn"
    again = visit("runs", network="cnn", find="Batch 256")
    assert list(table(again)["Name"]) == ["CNN baseline"]
    again.button_group(key="runs_status").set_value("failed").run()
    assert "No run is like this" in says(again)


def test_one_run_is_opened_named_pinned_and_unpinned(shelf):
    at = visit("runs", runs=SMALL.key)
    assert {"pin", "delete"} <= buttons(at)
    at.text_input(key=f"name_{SMALL.key}").set_value("**the** small one")
    next(button for button in at.button if button.label == "Save").click().run()
    assert labels.read(shelf.folder)[SMALL.key] == Label("**the** small one")
    assert r"\*\*the\*\* small one" in says(at), "a name is no Markdown"
    at.button(key="pin").click().run()
    assert table(at).iloc[0][["★", "Name"]].tolist() == ["★", "**the** small one"]
    at.button(key="pin").click().run()
    assert labels.read(shelf.folder)[SMALL.key] == Label("**the** small one")
    at.text_input(key=f"name_{SMALL.key}").set_value("")
    next(button for button in at.button if button.label == "Save").click().run()
    assert SMALL.key not in labels.read(shelf.folder)


def test_several_runs_share_a_chart_whose_lines_are_named_by_what_differs():
    at = visit("runs", runs=[run_token(SMALL), run_token(FULL)])
    (chart,) = curves(at)
    assert [line["name"] for line in chart["lines"]] == [
        "MLP small: 2,000 images",
        "MLP small: 2,000 images",
        "MLP full: 50,000 images",
        "MLP full: 50,000 images",
    ]
    assert [line["dash"] for line in chart["lines"]] == [[1, 0], [6, 3]] * 2
    colours = [line["color"] for line in chart["lines"]]
    assert colours[0] == colours[1] != colours[2] == colours[3]
    assert at.dataframe[1].value.to_dict("list") == {
        "Run": ["MLP small", "MLP full"],
        "Training-set size": ["2,000", "50,000"],
    }
    at.button_group(key="runs_measure").set_value("loss").run()
    at.button_group(key="runs_lines").set_value("validation").run()
    (chart,) = curves(at)
    assert chart["lines"][0]["y"][-1] == pytest.approx(checkpoints.summary(SMALL.key).history[-1].val_loss, abs=1e-4)
    assert len(chart["lines"]) == 2
    assert (at.query_params["measure"], at.query_params["lines"]) == ("loss", "validation")
    at.button(key="untick").click().run()
    assert "runs" not in at.query_params
    assert not curves(at)


def test_a_run_that_was_never_trained_here_opens_with_its_settings_and_is_trained(shelf):
    config = MLPConfig(train_size=400, epochs=2, activation="tanh", seed=8)
    at = visit("runs", runs=[run_token(config), SMALL.key])
    assert "400 images, batch 64, rate 0.01, 2 epochs, seed 8, tanh" in says(at)
    assert "Not trained here yet" in says(at)
    at.button(key=f"train_{config.key}").click().run()
    until(at, lambda at: shelf.find(config.key).status == "done" and "2 runs side by side" in says(at))
    assert {line["name"] for line in curves(at)[0]["lines"]} >= {
        "400 images, 2 epochs, seed 8, tanh",
        "MLP small: 2,000 images, 70 epochs, seed 0, sigmoid",
    }
    shelf.delete(config.key)


@pytest.mark.parametrize(
    ("tokens", "sentence"),
    [
        (["banana"], "“banana” is no run"),
        (["../../etc/passwd"], "is no run"),
        (["mlp-0123456789"], "is not trained here, and the link does not carry its settings"),
        (["mlp-0123456789:epochs=3"], "do not belong to it"),
        (["mlp-0123456789:epochs=banana", SMALL.key], "do not belong to it"),
        ([run_token(MLPConfig(seed=seed)) for seed in range(40)], "here are the first 30"),
    ],
)
def test_a_link_that_cannot_be_used_says_so_and_opens_all_the_same(tokens, sentence):
    at = visit("runs", runs=tokens)
    assert sentence in " ".join(warning.value for warning in at.warning)
    assert len(table(at)) >= 6


def test_strange_filters_in_a_link_count_as_none():
    at = visit("runs", network="rnn", status="<script>", measure="banana", lines="")
    assert len(table(at)) >= 6


def test_of_a_filter_that_comes_twice_the_first_counts():
    networks = [list(table(visit("runs", network=network))["Network"]) for network in (["mlp", "cnn"], "mlp")]
    assert networks[0] == networks[1]
    assert set(networks[0]) == {"MLP"}


def test_runs_are_deleted_but_for_the_reports_and_come_back_with_their_names(own, shelf):
    labels.put(own.key, Label("mine", True), shelf.folder)
    at = visit("runs", runs=[SMALL.key, own.key])
    at.button(key="delete").click().run()
    assert shelf.find(own.key) is None
    assert shelf.find(SMALL.key) is not None
    assert own.key not in labels.read(shelf.folder)
    assert [config.key for config in at.session_state["runs_state"]["runs"]] == [SMALL.key]
    at.button(key="undo").click().run()
    assert shelf.find(own.key).status == "done"
    assert labels.read(shelf.folder)[own.key] == Label("mine", True)
    assert "mine" in set(table(at)["Name"])
    assert "undo" not in buttons(at)
    labels.put(own.key, Label(), shelf.folder)


def test_an_upload_is_added_or_is_there_already_or_changes_nothing(own, shelf):
    data = checkpoints.path_of(own.key, shelf.folder).read_bytes()
    shelf.delete(own.key)
    at = visit("runs")
    before = sorted(shelf.folder.iterdir())
    for bad in (b"", b"PK\x03\x04 no zip", data[: len(data) // 2], data[:-100] + bytes(100)):
        at.file_uploader(key="upload_0").set_value(("run.npz", bad, "application/octet-stream")).run()
        (error,) = at.error
        assert error.value.startswith("This file is no run that can be used: ")
        assert "\n" not in error.value
        assert sorted(shelf.folder.iterdir()) == before
    at.file_uploader(key="upload_0").set_value(("run.npz", data, "application/octet-stream")).run()
    assert not at.error
    assert shelf.find(own.key).status == "done"
    assert [config.key for config in at.session_state["runs_state"]["runs"]] == [own.key]
    assert at.toast[0].value.startswith("Added: MLP: 300 images")
    at.file_uploader(key="upload_1").set_value(("run.npz", data, "application/octet-stream")).run()
    assert at.toast[-1].value.startswith("Already here: MLP: 300 images")


def test_a_live_run_shows_how_far_it_is_and_cannot_be_deleted(shelf):
    config = CNNConfig(train_size=1_000, epochs=200, seed=3)
    shelf.start(config)
    at = visit("runs", runs=config.key, status="live")
    until(at, lambda at: any("of 200" in (bar.proto.text or "") for bar in at.get("progress")))
    until(at, lambda at: list(table(at)["Status"]) == ["training"])  # it is drawn before the bar: the next run has it
    assert at.button(key="delete").disabled
    shelf.stop(config.key)
    until(at, lambda at: not shelf.find(config.key).live)
    shelf.delete(config.key)


def test_an_empty_shelf_says_what_to_do(shelf, monkeypatch):
    monkeypatch.setattr(shelf, "all", list)
    assert "Nothing has been trained here yet" in says(visit("runs"))
