"""Checkpoints as files: cached_weights/<key>.npz, plain arrays and one JSON text, never a pickle.

A file is written under another name and then renamed, so that nobody ever reads half of one. A file that does not verify
is moved aside, so that nothing is lost and its run counts as untrained.
"""

import io
import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from core import description
from core.config import CNNConfig, Config
from core.description import Description
from core.files.archive import MAX_BYTES, Archive, CheckpointError, words
from core.files.folder import aside, move_aside, patiently, reading, replace, require_bytes
from core.history import EpochEnd, snapshot_epochs
from core.networks import Model, restore
from core.training import Checkpoint

# A host can keep what visitors train elsewhere; copy the presets' runs there, or let `pretrain` make them.
FOLDER = Path(os.environ.get("DIGIT_LAB_WEIGHTS", Path(__file__).parent.parent / "cached_weights"))
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
    return _read(Archive(io.BytesIO(data)))


def state_id(data: bytes) -> str:
    """What names the state in a file's bytes, packed or not: no other state has it.

    It comes from the checksums of the arrays, which the file's directory lists: no array is read.
    """
    return Archive(io.BytesIO(data)).identity


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
    snapshots = len(snapshot_epochs(config.epochs)) + (config.patience > 0)  # one more of an early end
    return (8 + 2 * snapshots) * config.parameter_count


def load(key: str, folder: Path = FOLDER, state: str | None = None) -> Checkpoint:
    """The checkpoint of a key, in the state of this `state_id` where one is given.

    Raises FileNotFoundError where there is none, or one in another state, and CheckpointError after moving a damaged file
    aside.
    """
    with _reading(path_of(key, folder)) as archive:
        if state is not None and archive.identity != state:
            raise FileNotFoundError(f"{key} is in another state.")
        checkpoint = _read(archive)
        _require_key(checkpoint.config, key)
    return checkpoint


def summary(key: str, folder: Path = FOLDER) -> Summary:
    """What a key's checkpoint says of itself. Raises as `load` does; its arrays stay unread."""
    with _reading(path_of(key, folder)) as archive:
        found = _summary(archive)
        _require_key(found.config, key)
    return found


def summary_of(data: bytes) -> Summary:
    """What a checkpoint in a file's bytes says of itself. Raises CheckpointError; its arrays stay unread."""
    return _summary(Archive(io.BytesIO(data)))


def read_bytes(key: str, folder: Path = FOLDER) -> bytes:
    """The bytes of a key's file. Raises OSError where there is none, or none that can be read."""
    with reading(path_of(key, folder), MAX_BYTES) as file:
        return file.read()


def newest_bytes(key: str, folder: Path = FOLDER) -> bytes:
    """The bytes of a key's file, from which its run goes on; none where there is no file. Raises CheckpointError."""
    try:
        return read_bytes(key, folder)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise CheckpointError(f"{key}.npz cannot be read ({error.strerror or error}).") from None


def is_aside(key: str, folder: Path = FOLDER) -> bool:
    """Whether a damaged file of this key lies beside its place."""
    return os.path.lexists(aside(path_of(key, folder)))


def _summary(archive: Archive) -> Summary:
    found = description.read(archive.text("meta"))
    seconds = sum(epoch.seconds for epoch in found.history) + found.seconds
    epochs = sorted(found.snapshots)
    return Summary(found.config, found.history, found.test_accuracy, seconds, found.about, epochs, archive.identity)


def _require_key(config: Config, key: str) -> None:
    if config.key != key:
        raise CheckpointError(f"it holds the run {config.key}")


@contextmanager
def _reading(path: Path) -> Iterator[Archive]:
    """A checkpoint's file, open for as long as it is read. One that turns out to be damaged is closed and moved aside."""
    seen = None
    try:
        with reading(path, MAX_BYTES) as file:
            seen = os.fstat(file.fileno())
            yield Archive(file)
    except CheckpointError as error:
        assert seen is not None  # it was open
        words = f"{path.name} is no usable run: {error}. {move_aside(path, seen)}; train the run again."
        raise CheckpointError(words) from None
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileNotFoundError(str(error)) from None
    except OSError as error:
        raise CheckpointError(f"{path.name} cannot be read ({error.strerror or error}).") from None
    except MemoryError:
        raise CheckpointError(f"{path.name} cannot be read right now (there is not enough memory).") from None


def keys(folder: Path = FOLDER) -> list[str]:
    """The keys of all checkpoint files, in alphabetical order; none of a folder that cannot be read."""
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    return sorted(name[:-4] for name in names if name.endswith(".npz") and KEY.fullmatch(name[:-4]))


def delete(key: str, folder: Path = FOLDER) -> None:
    """Remove the checkpoint of a key, if there is one."""
    path = path_of(key, folder)
    patiently(partial(path.unlink, missing_ok=True))


def path_of(key: str, folder: Path = FOLDER) -> Path:
    """The file of a key. Raises ValueError for a text that is no key, so that no link can name another file."""
    if not KEY.fullmatch(key):
        raise ValueError(f"“{key[:40]}” is not the key of a run.")
    return folder / f"{key}.npz"


def _read(archive: Archive) -> Checkpoint:
    found = description.read(archive.text("meta"))
    groups: dict[str, dict[str, np.ndarray]] = {"model": {}, "optimizer": {}, "snapshots": {}}
    for member in archive.names:
        group, _, name = member.partition(".")
        if group in groups:
            groups[group][name] = archive.array(member)
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
    except MemoryError:
        raise
    except Exception as error:  # most are ValueErrors with a sentence; torch has kinds of its own
        raise CheckpointError(words(error)) from None


def _with_momentum(found: Description, names: Collection[str]) -> set[str]:
    """Those of a network's arrays that have momentum: all that a CNN learns, while it learns, if its settings say so."""
    learning = found.test_accuracy is None and (found.history or found.step)
    if not learning or not isinstance(found.config, CNNConfig) or not found.config.momentum:
        return set()
    return {name for name in names if name.rpartition(".")[2] in ("weight", "bias")}
