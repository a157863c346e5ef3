"""Checkpoints as files: cached_weights/<key>.npz, plain arrays and one JSON text, never a pickle.

A file is written under another name and then renamed, so that nobody ever reads half of one. A file that does not verify
is moved aside, so that nothing is lost and its run counts as untrained.
"""

import hashlib
import io
import json
import os
import re
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from core import description
from core.config import CNNConfig, Config
from core.description import CheckpointError, Description, words
from core.folder import move_aside, replace, require_bytes
from core.training import Checkpoint, EpochEnd, Model, restore, snapshot_epochs

# A host can keep what visitors train elsewhere; copy the presets' runs there, or let `pretrain` make them.
FOLDER = Path(os.environ.get("DIGIT_LAB_WEIGHTS", Path(__file__).parent.parent / "cached_weights"))
MAX_BYTES = 64 * 2**20  # unpacked; the largest network with all its snapshots takes 10 MB
KEY = re.compile(r"(mlp|cnn)-[0-9a-f]{10}")


class Summary(NamedTuple):
    """What a checkpoint says of itself, read without its arrays (and, for a CNN, without torch)."""

    config: Config
    history: list[EpochEnd]
    test_accuracy: float | None
    seconds: float
    about: dict[str, Any]  # machine, device and saved among others, None where nobody knows
    epochs: list[int]  # those whose weights are kept, in order; 0 is before training
    state_id: str  # of the state that the file holds

    @property
    def done(self) -> bool:
        return self.test_accuracy is not None


def dumps(checkpoint: Checkpoint, compress: bool = False) -> bytes:
    """The bytes of a checkpoint's file. Compressed it is 8 % smaller and takes 20 times as long."""
    arrays = {f"model.{name}": array for name, array in checkpoint.model.arrays().items()}
    arrays |= {f"optimizer.{name}": array for name, array in checkpoint.optimizer.items()}
    for name in checkpoint.snapshots[0]:
        arrays[f"snapshots.{name}"] = np.stack([arrays[name] for arrays in checkpoint.snapshots.values()])
    file = io.BytesIO()
    arrays["meta"] = np.array(description.of(checkpoint))
    write = np.savez_compressed if compress else np.savez
    write(file, allow_pickle=False, **arrays)
    return file.getvalue()


def loads(data: bytes) -> Checkpoint:
    """The checkpoint in a file's bytes. Raises CheckpointError unless every part of it is what a run of ours writes."""
    with _open(io.BytesIO(data)) as arrays:
        return _read(arrays)


def state_id(data: bytes) -> str:
    """What names the state in a file's bytes, packed or not: no other state has it.

    It comes from the checksums of the arrays, which the file's directory lists: no array is read.
    """
    with _open(io.BytesIO(data)) as arrays:
        return _identity(arrays)


def save(checkpoint: Checkpoint, folder: Path = FOLDER) -> Path:
    """Write a checkpoint under its key, in one step: a reader sees the old file or the new one."""
    return write(checkpoint.config.key, dumps(checkpoint, compress=checkpoint.done), folder)


def write(key: str, data: bytes, folder: Path = FOLDER) -> Path:
    """Put the bytes of a checkpoint in the place of its key, in one step."""
    path = path_of(key, folder)
    replace(path, data)
    return path


def require_room(configs: Collection[Config], folder: Path = FOLDER) -> None:
    """Raise FolderError unless runs of these settings can be kept in a folder, from the first epoch to the last."""
    require_bytes(sum(map(_most_bytes, configs)), folder)


def _most_bytes(config: Config) -> int:
    """How large a checkpoint can become: four bytes of each parameter, four of its momentum, two of each snapshot."""
    return (8 + 2 * len(snapshot_epochs(config.epochs))) * config.parameter_count


def load(key: str, folder: Path = FOLDER, state: str | None = None) -> Checkpoint:
    """The checkpoint of a key, in the state of this `state_id` where one is given.

    Raises FileNotFoundError where there is none, or one in another state, and CheckpointError after moving a damaged file
    aside.
    """
    with _reading(path_of(key, folder)) as file, _open(file) as arrays:
        if state is not None and _identity(arrays) != state:
            raise FileNotFoundError(f"{key} is in another state.")
        checkpoint = _read(arrays)
        _require_key(checkpoint.config, key)
    return checkpoint


def summary(key: str, folder: Path = FOLDER) -> Summary:
    """What a key's checkpoint says of itself. Raises as `load` does; its arrays stay unread."""
    with _reading(path_of(key, folder)) as file, _open(file) as arrays:
        found, identity = description.read(str(_array(arrays, "meta"))), _identity(arrays)
        _require_key(found.config, key)
    seconds = sum(epoch.seconds for epoch in found.history) + found.seconds
    epochs = sorted(found.snapshots)
    return Summary(found.config, found.history, found.test_accuracy, seconds, found.about, epochs, identity)


def _require_key(config: Config, key: str) -> None:
    if config.key != key:
        raise CheckpointError(f"it holds the run {config.key}")


@contextmanager
def _reading(path: Path) -> Iterator[BinaryIO]:
    """A checkpoint's file, open for as long as it is read. One that turns out to be damaged is moved aside."""
    try:
        with open(path, "rb") as file:
            try:
                yield file
            except CheckpointError as error:
                words = f"{path.name} is no usable run: {error}. {move_aside(path, file)}; train the run again."
                raise CheckpointError(words) from None
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileNotFoundError(str(error)) from None
    except OSError as error:
        raise CheckpointError(f"{path.name} cannot be read ({error.strerror}).") from None


def keys(folder: Path = FOLDER) -> list[str]:
    """The keys of all checkpoint files, in alphabetical order."""
    return sorted(path.stem for path in folder.glob("*.npz") if KEY.fullmatch(path.stem))


def delete(key: str, folder: Path = FOLDER) -> None:
    """Remove the checkpoint of a key, if there is one."""
    path_of(key, folder).unlink(missing_ok=True)


def path_of(key: str, folder: Path = FOLDER) -> Path:
    """The file of a key. Raises ValueError for a text that is no key, so that no link can name another file."""
    if not KEY.fullmatch(key):
        raise ValueError(f"“{key[:40]}” is not the key of a run.")
    return folder / f"{key}.npz"


def _read(arrays: np.lib.npyio.NpzFile) -> Checkpoint:
    found = description.read(str(_array(arrays, "meta")))
    groups: dict[str, dict[str, np.ndarray]] = {"model": {}, "optimizer": {}, "snapshots": {}}
    for member in arrays.files:
        group, _, name = member.partition(".")
        if group in groups:
            groups[group][name] = _array(arrays, member)
    model, optimizer, stacks = groups["model"], groups["optimizer"], groups["snapshots"]
    shapes = {name: array.shape for name, array in model.items()}
    for name, stack in stacks.items():
        if stack.shape != (len(found.snapshots), *shapes.get(name, ())) or stack.dtype != np.float16:
            raise CheckpointError(f"its snapshots of {name} have the wrong shape")
    for name, array in optimizer.items():
        if array.shape != shapes.get(name) or array.dtype != np.float32:
            raise CheckpointError(f"its momentum of {name} has the wrong shape")
        if not np.isfinite(array).all():
            raise CheckpointError(f"its momentum of {name} holds values that are no finite numbers")
    snapshots = {epoch: {name: stack[i] for name, stack in stacks.items()} for i, epoch in enumerate(found.snapshots)}
    network = _restored(found.config, model)
    if stacks.keys() != shapes.keys():
        raise CheckpointError("its snapshots are not of all its arrays")
    for then in snapshots.values():
        _restored(found.config, then)  # as it will be looked at
    if optimizer.keys() != _with_momentum(found, shapes):
        raise CheckpointError("its momentum is not that of its arrays")
    return Checkpoint(
        found.config,
        network,
        found.history,
        snapshots,
        optimizer,
        found.step,
        found.loss_sum,
        found.seconds,
        found.test_accuracy,
        found.about,
    )


def _restored(config: Config, arrays: dict[str, np.ndarray]) -> Model:
    try:
        return restore(config, arrays)
    except ValueError as error:
        raise CheckpointError(str(error).rstrip(".")) from None


def _with_momentum(found: Description, names: Collection[str]) -> set[str]:
    """Those of a network's arrays that have momentum: all that a CNN learns, while it learns, if its settings say so."""
    learning = found.test_accuracy is None and (found.history or found.step)
    if not learning or not isinstance(found.config, CNNConfig) or not found.config.momentum:
        return set()
    return {name for name in names if name.rpartition(".")[2] in ("weight", "bias")}


def _identity(arrays: np.lib.npyio.NpzFile) -> str:
    assert arrays.zip is not None  # it is open
    members = sorted((member.filename, member.CRC, member.file_size) for member in arrays.zip.infolist())
    return hashlib.sha256(json.dumps(members).encode()).hexdigest()[:16]


def _open(file: BinaryIO) -> np.lib.npyio.NpzFile:
    """An npz file for reading. Raises CheckpointError unless it is one, and of a size that one of ours can have."""
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_BYTES:
                raise CheckpointError(f"it unpacks to more than {MAX_BYTES // 2**20} MB")
        file.seek(0)
        return np.load(file, allow_pickle=False)
    except CheckpointError:
        raise
    except Exception as error:  # damaged bytes raise a dozen kinds in zipfile, struct and NumPy
        raise CheckpointError(f"it is no npz file, or damaged ({words(error)})") from None


def _array(arrays: np.lib.npyio.NpzFile, name: str) -> np.ndarray:
    try:
        array = arrays[name]
    except Exception as error:  # in zlib and tokenize, too
        raise CheckpointError(f"its {name} cannot be read ({words(error)})") from None
    if not isinstance(array, np.ndarray):  # NumPy hands out the plain bytes of what is no array
        raise CheckpointError(f"its {name} cannot be read (it is no array)")
    return array
