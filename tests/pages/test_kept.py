"""Runs that cannot be saved, and uploads that are checked, as a visitor meets them."""

import errno
import os
import shutil

import pytest

from core import checkpoints, description
from core.config import PRESETS, MLPConfig
from core.runs import job
from tests import hostile
from tests.outcome import run
from tests.pages.sentences import unlinked
from tests.pages.visit import buttons, until, visit

OWN = MLPConfig(train_size=2_000, epochs=10, seed=31)


def full(*_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def says(at) -> str:
    shown = [*at.warning, *at.error, *at.info, *at.success, *at.caption, *at.markdown]
    return unlinked(" ".join(element.value for element in shown).replace("\\", ""))


def test_a_run_that_there_was_no_room_for_is_shown_and_saved_again(shelf, monkeypatch):
    monkeypatch.setattr(job, "SECONDS_BETWEEN_FILES", 0.1)
    shelf.delete(OWN.key)
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        shelf.start(OWN)
        at = visit("train", run=OWN.key)
        until(at, lambda _: not shelf.find(OWN.key).live)
        at = visit("train", run=OWN.key)
        assert "(No space left on device). What was learnt is in this server's memory" in says(at)
        assert {"Test accuracy", "Validation"} <= {metric.label for metric in at.metric}, "all is shown"
        at.button(key=f"save_{OWN.key}").click().run()
        assert "No space left" in says(at)
        for page in ("confusion", "weights", "sketch"):
            visit(page, run=OWN.key)
        assert f"save_{OWN.key}" in buttons(visit("runs", runs=OWN.key))
    at.button(key=f"save_{OWN.key}").click().run()
    assert "No space left" not in says(at)
    assert f"save_{OWN.key}" not in buttons(at)
    assert checkpoints.summary(OWN.key, shelf.folder).done
    shelf.delete(OWN.key)


def test_a_finished_upload_is_checked_from_its_page(shelf, digits):
    config = MLPConfig(train_size=200, epochs=2, seed=32)
    honest = run(config, digits)
    honest.about = description.about(honest.model)
    for forge, words in (
        (lambda data: data, "Checked: trained again here, same weights bit for bit."),
        (hostile.said(test_accuracy=0.999), "its accuracies and losses are not."),
    ):
        shelf.upload(forge(checkpoints.dumps(honest)))
        at = visit("runs", runs=config.key)
        assert "their figures" not in says(at)
        assert "Uploaded" in says(at)
        at.button(key="check").click().run()
        until(at, lambda at, words=words: words in says(at))
        assert words in says(visit("train", run=config.key))
        shelf.delete(config.key)
    assert "check" not in buttons(visit("runs", runs=PRESETS["MLP small"].key))


@pytest.mark.parametrize("page", [None, "train", "overfitting", "runs", "confusion", "weights", "sketch"])
def test_every_page_is_there_when_the_folder_is_gone(page, shelf, monkeypatch, tmp_path):
    place = tmp_path / "weights"
    shutil.copytree(shelf.folder, place)
    shelf.all()
    monkeypatch.setattr(shelf, "folder", place)
    shutil.rmtree(place)
    at = visit(page)
    at.run()
    assert not at.exception
