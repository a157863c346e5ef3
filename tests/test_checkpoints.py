"""Checkpoints: what is saved comes back, and a file that is not one of ours is told from one that is."""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from core import checkpoints
from core.checkpoints import MAX_BYTES, CheckpointError, dumps, load, loads, path_of, save, summarize, summary
from core.config import CNNConfig, MLPConfig, to_dict
from core.training import Checkpoint, begin, train
from tests.outcome import outcome, run

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def mlp(few) -> Checkpoint:
    return run(MLPConfig(train_size=100, epochs=2, hidden_units=16), few)


@pytest.fixture(scope="module")
def cnn(few) -> Checkpoint:
    """One that is not finished, and so holds momentum."""
    config = CNNConfig(train_size=100, epochs=3)
    checkpoint = begin(config, few)
    events = train(config, few, checkpoint)
    while len(checkpoint.history) < 2:
        next(events)
    return checkpoint


def test_nothing_is_lost_in_a_file(mlp, cnn, tmp_path):
    for checkpoint in (mlp, cnn):
        checkpoint.about = checkpoints.about(checkpoint.model)
        path = save(checkpoint, tmp_path)
        assert path == tmp_path / f"{checkpoint.config.key}.npz"
        loaded = load(checkpoint.config.key, tmp_path)
        assert outcome(loaded) == outcome(checkpoint)
        assert loaded.history == checkpoint.history
        assert (loaded.seconds, loaded.about, loaded.done) == (checkpoint.seconds, checkpoint.about, checkpoint.done)


def test_a_loaded_network_answers_as_the_saved_one(mlp, cnn, few):
    for checkpoint in (mlp, cnn):
        before = checkpoint.model.predict_proba(few.x_test)
        assert np.array_equal(loads(dumps(checkpoint)).model.predict_proba(few.x_test), before)


def test_compression_changes_nothing_but_the_size(mlp):
    assert outcome(loads(dumps(mlp, compress=True))) == outcome(mlp)
    assert len(dumps(mlp, compress=True)) < len(dumps(mlp))


def test_a_file_is_plain_arrays_and_one_json_text(mlp, tmp_path):
    with np.load(save(mlp, tmp_path), allow_pickle=False) as file:
        meta = json.loads(str(file["meta"]))
        assert all(file[name].dtype.kind == "f" for name in file.files if name != "meta")
        assert np.array_equal(file["model.w1"], mlp.model.w1)
    assert meta["config"] == to_dict(mlp.config)


def test_about_names_the_machine_and_the_versions(mlp):
    about = checkpoints.about(mlp.model)
    assert about["device"] == "CPU"
    assert about["versions"]["numpy"] == np.__version__
    assert re.fullmatch(r".+, \d+ cores", about["machine"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", about["saved"])


def test_a_summary_says_what_the_checkpoint_says(mlp, cnn, tmp_path):
    for checkpoint in (mlp, cnn):
        save(checkpoint, tmp_path)
        assert summary(checkpoint.config.key, tmp_path) == summarize(checkpoint)
        assert summarize(load(checkpoint.config.key, tmp_path)) == summarize(checkpoint)
        assert summarize(checkpoint).done == checkpoint.done


def test_a_cnns_summary_is_read_without_torch(cnn, tmp_path):
    save(cnn, tmp_path)
    script = (
        "import sys; from pathlib import Path; from core.checkpoints import summary;"
        f"print(summary({cnn.config.key!r}, Path({str(tmp_path)!r})).config.network, 'torch' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout == "cnn False\n"


@pytest.mark.parametrize("function", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file_and_no_other(function, mlp, tmp_path, monkeypatch):
    path = save(mlp, tmp_path)
    before = path.read_bytes()

    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, function, full)
    with pytest.raises(OSError, match="No space left"):
        checkpoints.write(mlp.config.key, b"newer", tmp_path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_keys_are_those_of_checkpoint_files_alone(mlp, tmp_path):
    save(mlp, tmp_path)
    for name in ("notes.npz", "mlp-123.npz", f"{mlp.config.key}.npz.damaged", f".{mlp.config.key}-x1y2"):
        (tmp_path / name).touch()
    assert checkpoints.keys(tmp_path) == [mlp.config.key]
    checkpoints.delete(mlp.config.key, tmp_path)
    checkpoints.delete(mlp.config.key, tmp_path)  # deleting twice does no harm
    assert checkpoints.keys(tmp_path) == []


def test_a_run_that_was_never_trained_has_no_file(tmp_path):
    for read in (load, summary):
        with pytest.raises(FileNotFoundError):
            read("mlp-0123456789", tmp_path)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "../x",
        "mlp-0123456789/../../x",
        "mlp-012345678g",
        "rnn-0123456789",
        "mlp-0123456789\n",
        "mlp-0123456789.npz",
    ],
)
def test_no_key_names_a_file_elsewhere(key, tmp_path):
    with pytest.raises(ValueError, match="is not the key of a run"):
        path_of(key, tmp_path)


def with_members(file: bytes, **members: np.ndarray | None) -> bytes:
    """A checkpoint's bytes with some arrays replaced, or left out where they are None."""
    with np.load(io.BytesIO(file)) as old:
        arrays = {name: old[name] for name in old.files} | {name.replace("__", "."): a for name, a in members.items()}
    changed = io.BytesIO()
    np.savez(changed, **{name: array for name, array in arrays.items() if array is not None})
    return changed.getvalue()


def with_meta(file: bytes, **values) -> bytes:
    """A checkpoint's bytes with some of the values in its JSON text replaced."""
    with np.load(io.BytesIO(file)) as old:
        meta = json.loads(str(old["meta"]))
    return with_members(file, meta=np.array(json.dumps(meta | values)))


def flipped(data: bytes, after: bytes, distance: int = 0, bits: int = 0xFF) -> bytes:
    """A checkpoint's bytes with one byte changed, at a distance after the first place of some others."""
    place = data.index(after) + len(after) + distance
    return data[:place] + bytes([data[place] ^ bits]) + data[place + 1 :]


DAMAGE = {
    "empty": (lambda data: b"", "no npz file"),
    "a text": (lambda data: b"404: Not Found", "no npz file"),
    "truncated": (lambda data: data[: len(data) // 2], "no npz file"),
    "a flipped byte among the weights": (lambda data: flipped(data, b"model.w1.npy", 1_000), "model.w1 cannot be read"),
    "a flipped byte in the text": (lambda data: flipped(data, b"meta.npy", 400), "cannot be read"),
    "an encrypted member": (lambda data: flipped(data, b"PK\x01\x02", 4, 0x01), "cannot be read"),
    "an unknown compression": (lambda data: flipped(data, b"PK\x01\x02", 6, 0x40), "cannot be read"),
    "an array header cut short": (lambda data: flipped(data, b"'shape': (16, 784", 0, 0x08), "cannot be read"),
    "a pickle": (lambda data: with_members(data, model__w1=np.array([{}], object)), "model.w1 cannot be read"),
    "a pickle for a text": (lambda data: with_members(data, meta=np.array({}, object)), "meta cannot be read"),
    "no text": (lambda data: with_members(data, meta=None), "meta cannot be read"),
    "a text that is no JSON": (lambda data: with_members(data, meta=np.array("{")), "description cannot be read"),
    "JSON of another kind": (lambda data: with_members(data, meta=np.array("[1]")), "description cannot be read"),
    "a number without end": (lambda data: with_meta(data, step=float("inf")), "description cannot be read"),
    "another format": (lambda data: with_meta(data, format=2), "its format is 2, and this version reads 1"),
    "other data": (lambda data: with_meta(data, data="0" * 16), "it was trained on other data"),
    "no network": (lambda data: with_meta(data, config={"network": "rnn"}), "The network must be mlp or cnn"),
    "settings outside their limits": (
        lambda data: with_meta(data, config={"network": "mlp", "epochs": 0}),
        "Epochs must",
    ),
    "a history of another kind": (lambda data: with_meta(data, history=[[1, 2]]), "description cannot be read"),
    "no weights": (lambda data: with_members(data, model__w1=None), "wrong shape|must be w1, b1, w2, b2"),
    "weights too many": (lambda data: with_members(data, model__w3=np.zeros(3)), "must be w1, b1, w2, b2"),
    "weights of the wrong shape": (lambda data: with_members(data, model__b2=np.zeros(9)), "wrong shape|b2 must be"),
    "weights of another type": (lambda data: with_members(data, model__b2=np.zeros(10, int)), "b2 must be"),
    "weights that are no numbers": (
        lambda data: with_members(data, model__b2=np.full(10, np.nan)),
        "no finite numbers",
    ),
    "too few snapshots": (
        lambda data: with_meta(data, snapshots=[0, 1]),
        "its snapshots of .+ have the wrong shape",
    ),
    "snapshots of no epoch": (lambda data: with_meta(data, snapshots=[0, -1, 999]), "snapshots are not of its epochs"),
    "epochs out of order": (
        lambda data: with_meta(data, history=[[2, 0.1, 0.9, 0.9, 0.01, 1.0, 0.1]]),
        "epochs are not 1, 2, 3",
    ),
    "an accuracy before the end": (
        lambda data: with_meta(data, history=[], test_accuracy=0.9),
        "before its last epoch",
    ),
    "an accuracy above one": (
        lambda data: with_meta(data, history=[[1, 0.1, 7.0, 0.9, 0.01, 1.0, 0.1]], test_accuracy=None),
        "numbers that cannot be",
    ),
    "a loss that is no number": (
        lambda data: with_meta(data, history=[[1, float("nan"), 0.9, 0.9, 0.01, 1.0, 0.1]], test_accuracy=None),
        "numbers that cannot be",
    ),
    "seconds below zero": (lambda data: with_meta(data, seconds=-1e9), "its time or its place"),
    "a machine that is none": (lambda data: with_meta(data, about={"machine": 5}), "where and when"),
    "a time that is none": (lambda data: with_meta(data, about={"saved": "yesterday"}), "when it was trained"),
    "momentum of nothing": (lambda data: with_members(data, optimizer__w3=np.zeros(3)), "its momentum of w3"),
    "another run's file": (
        lambda data: with_meta(data, config={"network": "mlp", "hidden_units": 16}),
        "it holds the run mlp-|must be w1|before its last epoch",
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_moved_aside_with_a_sentence(damage, mlp, tmp_path):
    change, reason = DAMAGE[damage]
    path = save(mlp, tmp_path)
    path.write_bytes(change(dumps(mlp)))
    with pytest.raises(CheckpointError, match=reason) as error:
        load(mlp.config.key, tmp_path)
    assert str(error.value).startswith(f"{path.name} is no usable run: ")
    assert str(error.value).endswith(f". It was moved to {path.name}.damaged; train the run again.")
    assert [file.name for file in tmp_path.iterdir()] == [f"{path.name}.damaged"]
    with pytest.raises(FileNotFoundError):  # it counts as untrained
        load(mlp.config.key, tmp_path)


def test_a_file_that_would_unpack_to_too_much_is_not_unpacked(mlp, tmp_path):
    bomb = io.BytesIO()
    np.savez_compressed(bomb, meta=np.zeros(MAX_BYTES, np.uint8))
    assert len(bomb.getvalue()) < MAX_BYTES / 500
    path_of(mlp.config.key, tmp_path).write_bytes(bomb.getvalue())
    for read in (load, summary):
        path_of(mlp.config.key, tmp_path).write_bytes(bomb.getvalue())
        with pytest.raises(CheckpointError, match="it unpacks to more than 64 MB"):
            read(mlp.config.key, tmp_path)


def test_an_array_that_claims_to_be_huge_is_not_made(mlp):
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f4", "fortran_order": False, "shape": (10**13, 784)})
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(dumps(mlp))) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():
            new.writestr(name, header.getvalue() if name == "model.w1.npy" else old.read(name))
    with pytest.raises(CheckpointError, match="w1 cannot be read"):
        loads(data.getvalue())
