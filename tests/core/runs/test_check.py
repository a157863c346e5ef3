"""A finished upload, trained again here from its settings: what is said of it then."""

import pytest

from core import checkpoints, description
from core.config import MLPConfig
from core.host.hosting import Hosting
from core.runs import RunError, Runs
from core.runs.check import compare
from core.runs.registry import Registry
from core.training import begin
from tests.outcome import run
from tests.waiting import wait_until

CONFIG = MLPConfig(train_size=300, epochs=3, seed=21)


@pytest.fixture(scope="module")
def whole(digits) -> bytes:
    """A run that was really trained, as its file."""
    checkpoint = run(CONFIG, digits)
    checkpoint.about = description.about(checkpoint.model)
    return checkpoints.dumps(checkpoint)


def other(whole: bytes, change) -> checkpoints.Checkpoint:
    checkpoint = checkpoints.loads(whole)
    change(checkpoint)
    return checkpoint


def weight(checkpoint) -> None:
    checkpoint.model.b2[3] += 1e-6


def accuracy(checkpoint) -> None:
    checkpoint.test_accuracy = 0.999


def loss(checkpoint) -> None:
    checkpoint.history[1] = checkpoint.history[1]._replace(loss=0.01)


def snapshot(checkpoint) -> None:
    checkpoint.snapshots[1]["b2"] = checkpoint.snapshots[1]["b2"] + 1


def snapshot_and_end(checkpoint) -> None:
    snapshot(checkpoint)
    weight(checkpoint)


def time(checkpoint) -> None:
    checkpoint.history[0] = checkpoint.history[0]._replace(seconds=9.0)


@pytest.mark.parametrize(
    ("change", "origin", "words"),
    [
        (lambda _: None, "checked", "same weights bit for bit"),
        (time, "checked", "same weights bit for bit"),
        (weight, "refuted", "first after its last snapshot"),
        (snapshot_and_end, "refuted", "first at epoch 1"),
        (accuracy, "refuted", "its accuracies and losses are not"),
        (loss, "refuted", "its accuracies and losses are not"),
        (snapshot, "refuted", "but not on the way there"),
    ],
)
def test_what_differs_is_said(change, origin, words, whole):
    found = compare(other(whole, change), checkpoints.loads(whole))
    assert found.origin == origin
    assert words in found.sentence
    assert len(found.sentence) <= 200, "or no file could say it"


@pytest.mark.slow
def test_a_check_trains_an_upload_again_in_its_turn_and_replaces_nothing(whole, tmp_path):
    runs = Runs(tmp_path, workers=1)
    try:
        wait_until(runs.ready)
        forged = checkpoints.dumps(other(whole, accuracy))
        for data, origin in ((whole, "checked"), (forged, "refuted")):
            upload = runs.upload(data)
            before = checkpoints.loads(checkpoints.read_bytes(CONFIG.key, tmp_path))
            runs.check(CONFIG.key)
            runs.check(CONFIG.key)  # once is enough
            check = runs.check_of(CONFIG.key)
            wait_until(lambda check=check: not check.live)
            assert check.status == "done", check.error
            found = runs.find(CONFIG.key)
            assert (upload.origin, found.origin) == ("uploaded", origin)
            after = checkpoints.loads(checkpoints.read_bytes(CONFIG.key, tmp_path))
            assert compare(after, before).origin == "checked", "only the mark is another"
            assert (after.history, after.test_accuracy) == (before.history, before.test_accuracy)
            assert Registry(tmp_path).find(CONFIG.key).origin == origin, "for the next server, too"
            assert runs.checks() == []
            runs.delete(CONFIG.key)
    finally:
        runs.close()


@pytest.mark.slow
def test_a_check_counts_once_among_what_a_visitor_may_have(whole, tmp_path):
    runs = Runs(tmp_path, workers=1, host=Hosting(runs_per_visitor=2))
    try:
        runs.upload(whole, "ann")
        runs.check(CONFIG.key, "ann")  # the workers are not there yet: it waits
        started = runs.start(MLPConfig(train_size=100, epochs=200), "ann")
        assert [runs.check_of(CONFIG.key).live, started.live] == [True, True]
        with pytest.raises(RunError, match="2 of your runs"):
            runs.start(MLPConfig(train_size=200, epochs=200), "ann")
    finally:
        runs.close()


def test_only_a_finished_upload_can_be_checked(whole, tmp_path, digits):
    runs = Registry(tmp_path)
    assert not runs.request_check(CONFIG.key, "")
    checkpoints.write(CONFIG.key, whole, tmp_path)
    assert not runs.request_check(CONFIG.key, ""), "it was trained here"
    unfinished = begin(MLPConfig(train_size=100), digits)
    assert not runs.request_check(runs.upload(checkpoints.dumps(unfinished)).key, "")
