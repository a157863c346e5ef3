"""What comes with the project is trained again, side by side, and put into place when all of it is done."""

import argparse
import json

import numpy as np
import pytest

from core import checkpoints
from core.analysis import matrices
from core.commands import pretraining
from core.config import CNNConfig, MLPConfig
from core.history import EpochEnd
from core.search import recorded, tuning
from core.training import begin, train
from tests.outcome import outcome, run

pytestmark = pytest.mark.slow
PLAIN = MLPConfig(train_size=300, epochs=2, seed=77)
JUDGED = MLPConfig(train_size=300, epochs=2, hidden_units=16, seed=77)
DIVERGES = CNNConfig(train_size=100, learning_rate=1.0, momentum=0.99, dropout=0.0, batch_size=1, epochs=4)


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Where the records go, in place of the project's."""
    path = tmp_path / "recorded.jsonl.gz"
    monkeypatch.setattr(recorded, "FILE", path)
    monkeypatch.setattr(tuning, "configs", lambda: [PLAIN, JUDGED, DIVERGES])
    monkeypatch.setattr(tuning, "is_judged", lambda config: config == JUDGED)
    return path


def test_tuning_records_what_training_gives_and_asks_the_test_images_about_the_judged_alone(file, capsys, digits):
    pretraining.tune_command(argparse.Namespace(json=True))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["key"] for line in lines] == [PLAIN.key, JUDGED.key, DIVERGES.key]
    found = recorded.recorded.__wrapped__()
    for config in (PLAIN, JUDGED):
        ends = [event for event in train(config, digits, begin(config, digits)) if isinstance(event, EpochEnd)]
        assert [one.val_accuracy for one in found[config.key].history] == [end.val_accuracy for end in ends]
        assert found[config.key].machine
    assert found[PLAIN.key].test_accuracy is None
    assert found[JUDGED.key].test_accuracy == lines[1]["test_accuracy"] > 0
    assert found[DIVERGES.key].error.startswith("Diverged") or len(found[DIVERGES.key].history) == 4


def test_what_breaks_changes_nothing(file, monkeypatch):
    """A run that failed in any other way than by diverging is no result."""
    file.write_bytes(b"as before")
    broken = type("Broken", (), {"status": "failed", "error": "The worker is gone.", "key": "mlp-0"})()
    monkeypatch.setattr(pretraining, "_trained", lambda *_: _Given([broken]))
    with pytest.raises(pretraining.Failure, match="The worker is gone"):
        pretraining.tune_command(argparse.Namespace(json=True))
    assert file.read_bytes() == b"as before"


def test_the_presets_are_put_into_place_when_all_are_done(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(checkpoints, "FOLDER", tmp_path)
    monkeypatch.setattr(matrices, "FILE", tmp_path / "matrices.npz")
    monkeypatch.setattr(pretraining, "PRESETS", {"one": PLAIN, "two": JUDGED})
    monkeypatch.setattr(checkpoints.write, "__defaults__", (tmp_path, *checkpoints.write.__defaults__[1:]))
    pretraining.pretrain_command(argparse.Namespace(json=True))
    assert [json.loads(line)["key"] for line in capsys.readouterr().out.splitlines()] == [PLAIN.key, JUDGED.key]
    for config in (PLAIN, JUDGED):
        assert checkpoints.load(config.key, tmp_path).done
    states = {checkpoints.summary(config.key, tmp_path).state_id for config in (PLAIN, JUDGED)}
    with np.load(tmp_path / "matrices.npz") as counted:
        assert {*counted.files} == states, "the matrices of these and of no others lie ready"


def test_a_large_network_keeps_fewer_snapshots_and_all_else(few, monkeypatch):
    monkeypatch.setattr(pretraining, "FEWER", 3)
    for config, kept in ((CNNConfig(train_size=100, epochs=6), [0, 3, 6]), (PLAIN, [0, 1, 2])):
        monkeypatch.setattr(pretraining, "LARGE", config.parameter_count - (config is not PLAIN))
        whole = run(config, few)
        thin = pretraining._thinned(checkpoints.loads(checkpoints.dumps(whole)))
        assert sorted(thin.snapshots) == kept
        assert outcome(thin)["model"] == outcome(whole)["model"]
        assert thin.history == whole.history


class _Given:
    """These runs, in place of trained ones."""

    def __init__(self, runs):
        self.runs = runs

    def __enter__(self):
        return self.runs, None

    def __exit__(self, *_):
        return False
