"""Checkpoints: what is saved comes back, and a file that is not one of ours is told from one that is."""

import errno
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core import checkpoints, description
from core.checkpoints import (
    CheckpointError,
    dumps,
    load,
    loads,
    path_of,
    save,
    state_id,
    summary,
)
from core.config import PRESETS, CNNConfig, MLPConfig, to_dict
from core.files.archive import MAX_BYTES
from core.files.folder import FolderError, move_aside
from core.runs.registry import Registry
from core.training import Checkpoint, begin, train
from tests.outcome import outcome, run

ROOT = Path(__file__).parent.parent.parent


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
        checkpoint.about = description.about(checkpoint.model)
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
    about = description.about(mlp.model)
    assert about["device"] == "CPU"
    assert about["versions"]["numpy"] == np.__version__
    assert re.fullmatch(r".+, \d+ cores", about["machine"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", about["saved"])


def test_a_summary_says_what_the_checkpoint_says(mlp, cnn, tmp_path):
    for checkpoint in (mlp, cnn):
        save(checkpoint, tmp_path)
        found = summary(checkpoint.config.key, tmp_path)
        assert (found.config, found.history) == (checkpoint.config, checkpoint.history)
        assert (found.test_accuracy, found.done) == (checkpoint.test_accuracy, checkpoint.done)
        assert (found.seconds, found.about) == (checkpoint.total_seconds, checkpoint.about)
        assert found.state_id == state_id(dumps(checkpoint))


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


def with_bytes(file: bytes, member: str, data: bytes) -> bytes:
    """A checkpoint's bytes with those of one member replaced."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, data if name == member else old.read(name))
    return changed.getvalue()


def with_value(file: bytes, name: str, value: float, dtype: str | None = None) -> bytes:
    """A checkpoint's bytes with the last number of an array replaced, and perhaps its type."""
    with np.load(io.BytesIO(file)) as old:
        array = old[name].astype(dtype or old[name].dtype)
    array.flat[-1] = value
    return with_members(file, **{name.replace(".", "__"): array})


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
    "weights that are too large for what they are used as": (
        lambda data: with_value(data, "model.w1", 1e200, "f8"),
        "w1 holds values that are no finite numbers",
    ),
    "weights that overflow": (
        lambda data: with_members(data, model__w2=np.full((10, 16), 3e38, np.float32)),
        "answers are no finite numbers",
    ),
    "a snapshot that is no number": (
        lambda data: with_value(data, "snapshots.w1", np.nan),
        "w1 holds values that are no finite numbers",
    ),
    "a snapshot without end": (
        lambda data: with_value(data, "snapshots.b2", -np.inf),
        "b2 holds values that are no finite numbers",
    ),
    "snapshots in another order of bytes": (
        lambda data: with_value(data, "snapshots.b2", 0, ">f2"),
        "its snapshots of b2 have the wrong shape",
    ),
    "a member that is no array": (
        lambda data: with_bytes(data, "model.w1.npy", b"no array at all"),
        "its model.w1 cannot be read",
    ),
    "a text that is no array": (lambda data: with_bytes(data, "meta.npy", b"{}"), "its meta cannot be read"),
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


def of_cnn(cnn: Checkpoint, name: str, value: float, dtype: str | None = None) -> bytes:
    return with_value(dumps(cnn), name, value, dtype)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("optimizer.fc3.bias", np.inf, "momentum of fc3.bias holds values that are no finite numbers"),
        ("optimizer.conv1.weight", np.nan, "momentum of conv1.weight holds values that are no finite numbers"),
        ("model.std", np.nan, "std holds values"),
        ("model.std", 0.0, "answers are no finite numbers"),
        ("snapshots.std", 0.0, "answers are no finite numbers"),
        ("snapshots.conv2.weight", np.inf, "conv2.weight holds values"),
    ],
)
def test_every_array_is_checked_as_it_will_be_used(name, value, reason, cnn):
    with pytest.raises(CheckpointError, match=reason):
        loads(of_cnn(cnn, name, value))


def test_momentum_is_of_every_parameter_or_the_run_could_not_go_on(cnn):
    with pytest.raises(CheckpointError, match="its momentum is not that of its arrays"):
        loads(with_members(dumps(cnn), **{"optimizer__fc3__bias": None}))


def test_a_networks_floats_may_be_of_any_size_and_order_of_bytes(mlp, few):
    expected = mlp.model.predict_proba(few.x_test)
    for dtype in ("f8", ">f4", ">f8"):
        with np.load(io.BytesIO(dumps(mlp))) as file:
            other = {f"model__{name}": file[f"model.{name}"].astype(dtype) for name in ("w1", "b1", "w2", "b2")}
        assert np.array_equal(loads(with_members(dumps(mlp), **other)).model.predict_proba(few.x_test), expected)


def test_the_committed_runs_are_whole():
    for config in PRESETS.values():
        load(config.key)


def test_no_two_states_have_one_identity_and_no_state_has_two(few):
    config = CNNConfig(train_size=100, epochs=2)
    checkpoint, found = begin(config, few), []
    checkpoint.about = description.about(checkpoint.model)
    for _ in train(config, few, checkpoint):
        found.append(state_id(dumps(checkpoint)))
        assert state_id(dumps(checkpoint, compress=True)) == found[-1], "packed or not, it is the same state"
    assert len(set(found)) == len(found) >= 4, "several of them lie within one epoch"


def test_a_state_is_loaded_by_its_identity_or_not_at_all(mlp, tmp_path):
    save(mlp, tmp_path)
    identity = summary(mlp.config.key, tmp_path).state_id
    assert outcome(load(mlp.config.key, tmp_path, identity)) == outcome(mlp)
    with pytest.raises(FileNotFoundError):
        load(mlp.config.key, tmp_path, "0" * 16)


def test_what_a_file_does_not_say_of_its_machine_is_none(mlp, tmp_path):
    path = save(mlp, tmp_path)
    for about in ({}, {"machine": "", "device": None}):
        path.write_bytes(with_meta(dumps(mlp), about=about))
        found = summary(mlp.config.key, tmp_path).about
        assert (found["machine"], found["device"], found["saved"]) == (None, None, None)
        assert load(mlp.config.key, tmp_path).about == found


def test_many_threads_may_meet_a_damaged_file(mlp, tmp_path):
    runs = Registry(tmp_path)
    with ThreadPoolExecutor(8) as threads:
        for _ in range(30):
            path_of(mlp.config.key, tmp_path).write_bytes(b"404: Not Found")
            assert list(threads.map(lambda _: runs.find(mlp.config.key), range(8))) == [None] * 8
            assert not path_of(mlp.config.key, tmp_path).exists()
            assert "is no usable run" in runs.damaged[mlp.config.key]


def test_a_sound_file_that_took_the_place_of_a_damaged_one_stays(mlp, tmp_path):
    path = path_of(mlp.config.key, tmp_path)
    path.write_bytes(b"404: Not Found")
    with open(path, "rb") as damaged:
        seen = os.fstat(damaged.fileno())
        save(mlp, tmp_path)
        move_aside(path, seen)
    assert outcome(load(mlp.config.key, tmp_path)) == outcome(mlp)


def test_a_damaged_file_that_cannot_be_moved_gets_its_sentence_all_the_same(mlp, tmp_path, monkeypatch):
    path_of(mlp.config.key, tmp_path).write_bytes(b"404: Not Found")

    def read_only(*_):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "replace", read_only)
    for read in (load, summary):
        with pytest.raises(CheckpointError, match=r"could not be moved to .+damaged \(Read-only file system\)"):
            read(mlp.config.key, tmp_path)


def test_a_file_that_cannot_be_opened_is_said_to_be_so(mlp, tmp_path):
    path_of(mlp.config.key, tmp_path).mkdir()
    for read in (load, summary):
        with pytest.raises(CheckpointError, match=r"cannot be read \(Is a directory\)"):
            read(mlp.config.key, tmp_path)


def test_a_folder_that_cannot_be_written_is_said_to_be_so(mlp, tmp_path):
    place = tmp_path / "weights"
    place.touch()
    for keep in (lambda: save(mlp, place), lambda: checkpoints.require_room([mlp.config], place)):
        with pytest.raises(
            FolderError, match=r"^Nothing can be kept in the folder weights \(a file is in its place\).$"
        ):
            keep()
    with pytest.raises(FileNotFoundError):
        load(mlp.config.key, place)
    assert checkpoints.keys(place) == []


def test_room_for_a_run_is_room_for_its_largest_state(mlp, cnn, tmp_path):
    for checkpoint in (mlp, cnn):
        assert len(dumps(checkpoint)) < checkpoints._most_bytes(checkpoint.config) * 1.1 + 20_000
    checkpoints.require_room([mlp.config, cnn.config], tmp_path)
    assert list(tmp_path.iterdir()) == []
