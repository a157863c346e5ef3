"""A run that is deleted, or trained further, while somebody looks at it: one sentence, and a way to another run."""

from dataclasses import replace

import numpy as np
import pytest

from core import checkpoints, description, training
from core.config import PRESETS, CNNConfig, MLPConfig
from core.runs import Gone
from core.sketch import handwriting
from core.training import begin, train
from tests.outcome import run
from tests.pages.visit import buttons, visit
from ui import predictions, shared
from ui.predictions import Version
from ui.runs import actions
from ui.sketch import handwriting as ours
from ui.train import result

MLP = MLPConfig(train_size=100, epochs=2, hidden_units=16, seed=11)
CNN = CNNConfig(train_size=100, epochs=2, seed=11)
VIEWS = [
    ("train", MLP, {}),
    *[("confusion", MLP, {"view": view}) for view in ("matrix", "digits", "certainty", "compare", "damage")],
    *[("weights", MLP, {"view": view}) for view in ("neurons", "why", "break")],
    *[("weights", CNN, {"view": view}) for view in ("filters", "layers", "why", "break")],
    *[("sketch", MLP, {"view": view, "image": "test-0"}) for view in ("made", "why", "ours")],
]


@pytest.fixture(scope="module")
def trained(few):
    return {config: run(config, few) for config in (MLP, CNN)}


@pytest.fixture
def here(shelf, trained, nothing_computed):
    """Both runs are on the shelf, which nobody has looked at yet, and afterwards neither is."""
    for checkpoint in trained.values():
        checkpoint.about = description.about(checkpoint.model)
        checkpoints.save(checkpoint, shelf.folder)
    yield trained
    for config in trained:
        shelf.delete(config.key)


def sentences(at, key: str) -> list[str]:
    """The warnings that name a run."""
    return [warning.value for warning in at.warning if key in warning.value.replace("\\", "")]


@pytest.mark.parametrize(("page", "config", "query"), VIEWS)
def test_a_run_whose_file_has_gone_is_one_sentence_and_a_way_to_another(page, config, query, here, shelf):
    assert shelf.find(config.key) is not None
    checkpoints.delete(config.key, shelf.folder)  # by somebody whom the registry does not know
    at = visit(page, run=config.key, **query)
    assert len(sentences(at, config.key)) == 1
    assert "Choose another run" in str([link.proto.label for link in at.get("page_link")])
    at.run()
    assert not at.exception
    assert shelf.find(config.key) is None


@pytest.mark.parametrize(("page", "config", "query"), [view for view in VIEWS if view[0] != "train"])
def test_a_run_that_was_deleted_meanwhile_makes_way_for_another_with_a_word(page, config, query, here, shelf):
    at = visit(page, run=config.key, **query)
    assert not sentences(at, config.key)
    shelf.delete(config.key)
    at.run()
    assert not at.exception
    assert len(sentences(at, config.key)) == 1
    at.run()
    assert len(sentences(at, config.key)) == 1, "it stays for as long as that is what is shown"
    at.switch_page("app.py").run()
    at.switch_page(f"pages/{page}.py").run()
    assert not sentences(at, config.key)


def test_a_network_of_a_state_that_is_gone_is_refused_in_a_sentence(here, shelf):
    visit("confusion")
    gone = Version(MLP.key, 1, "0" * 16)
    for ask in (predictions.model, lambda version: version.checkpoint):
        with pytest.raises(Gone, match="was deleted, or trained further"):
            ask(gone)


def test_two_states_of_one_epoch_are_two_pictures_and_two_networks(shelf, few, monkeypatch):
    """Stopped, resumed and stopped again within an epoch."""
    monkeypatch.setattr(training, "SECONDS_BETWEEN_PROGRESS", 0)
    config = replace(MLP, train_size=1_000, batch_size=1, seed=12)
    checkpoint = begin(config, few)
    events = train(config, few, checkpoint)
    found = []
    visit("confusion")
    for steps in (1_200, 1_800):
        while (len(checkpoint.history) * 1_000 + checkpoint.step) < steps:
            next(events)
        checkpoint.about = description.about(checkpoint.model)
        checkpoints.save(checkpoint, shelf.folder)
        shelf._runs.pop(config.key, None)
        stopped = shelf.find(config.key)
        assert len(stopped.history) == 1
        pictures = result._final_templates(stopped.state_id, shared_colours(), shared.checkpoint(stopped).model)
        _, answers = result._predictions(stopped.key, stopped.state_id)
        np.testing.assert_array_equal(answers, checkpoint.model.predict_proba(shared.digits().x_test[:5]))
        found.append((pictures, actions._file(stopped)))
    assert found[0][0] != found[1][0]
    assert checkpoints.state_id(found[1][1]) == stopped.state_id
    shelf.delete(config.key)


def shared_colours():
    from core.charts.colours import LIGHT

    return LIGHT


def test_a_live_picture_is_that_of_its_state_whatever_was_shown_before(few):
    states = []
    for seed in (1, 2):  # both are the first state of a run
        checkpoint = begin(replace(MLP, seed=seed), few)
        states.append(shared.live_templates(checkpoints.dumps(checkpoint), shared_colours()))
    assert states[0] != states[1]


def test_sketches_are_read_anew_in_a_store_that_was_begun_anew(here, shelf, tmp_path, digits):
    visit("sketch")
    version = predictions.version(shelf.find(MLP.key), 2)
    read = []
    for first in (0, 5):
        folder = tmp_path / str(first)
        for place in range(first, first + 5):
            handwriting.keep(folder, digits.x_test[place], int(digits.y_test[place]))
        sketches = handwriting.everything(folder)._replace(numbers=np.arange(5))
        read.append(ours._answers(version, sketches).probs)
    np.testing.assert_array_equal(read[1], predictions.model(version).predict_proba(digits.x_test[5:10]))


def test_what_was_to_be_downloaded_can_still_be_when_its_run_is_gone(here, shelf, monkeypatch):
    """Streamlit calls for the data when the button is pressed, long after the page was drawn."""
    import streamlit as st

    asked = {}
    for kind in (st, st.delta_generator.DeltaGenerator):
        button = kind.download_button

        def noted(*args, _button=button, **options):
            data = next(value for value in args if callable(value))
            asked[options["key"]] = data
            return _button(*args, **options)

        monkeypatch.setattr(kind, "download_button", noted)
    visit("train", run=MLP.key)
    visit("runs", runs=MLP.key)
    visit("weights", run=MLP.key)
    visit("confusion", run=MLP.key)
    shelf.delete(MLP.key)
    shared.saved.clear()
    assert {"download", "download_run", "download_history", "download_grid", "download_table"} <= asked.keys()
    for data in asked.values():
        assert len(data()) > 0


def test_the_machine_of_a_run_is_named_or_said_to_be_unknown(here, shelf, trained):
    at = visit("train", run=MLP.key)
    assert any(description.machine() in caption.value.replace("\\", "") for caption in at.caption)
    nameless = trained[MLP]
    nameless.about = {}
    checkpoints.save(nameless, shelf.folder)
    shelf._runs.pop(MLP.key)
    at = visit("train", run=MLP.key)
    assert any("on an unknown machine." in caption.value for caption in at.caption)
    table = visit("runs").dataframe[0].value
    assert table["When"].isna().sum() == 1


@pytest.fixture
def unwritable(shelf, tmp_path, monkeypatch):
    """The shelf, with a file in its folder's place. What it knows already it still knows."""
    shelf.all()
    place = tmp_path / "weights"
    place.touch()
    monkeypatch.setattr(shelf, "folder", place)
    return shelf


SENTENCE = "Nothing can be kept in the folder weights (a file is in its place)."


def toasts(at) -> list[str]:
    return [toast.value.replace("\\", "") for toast in at.toast]


def test_pins_and_names_that_cannot_be_kept_are_refused_in_a_sentence(unwritable):
    at = visit("runs", runs=PRESETS["MLP small"].key)
    at.button(key="pin").click().run()
    assert not at.exception
    assert toasts(at) == [SENTENCE]


def test_a_deletion_that_cannot_be_undone_in_the_folder_can_be_tried_again(here, shelf, monkeypatch, tmp_path):
    at = visit("train", run=MLP.key)
    at.button(key="delete").click().run()
    assert "undo" in buttons(at)
    with monkeypatch.context() as patch:
        place = tmp_path / "weights"
        place.touch()
        patch.setattr(shelf, "folder", place)
        at.button(key="undo").click().run()
        assert not at.exception
        assert toasts(at) == [SENTENCE]
        assert "undo" in buttons(at)
    at.button(key="undo").click().run()
    assert shelf.find(MLP.key).status == "done"
    assert "undo" not in buttons(at)


def test_our_handwriting_in_a_folder_that_cannot_be_written_is_one_sentence(unwritable):
    at = visit("sketch", view="ours")
    assert [error.value for error in at.error] == [
        "handwriting.sqlite3 cannot be used right now (a file is in its place)."
    ]
