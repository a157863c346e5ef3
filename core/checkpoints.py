"""Checkpoints as files: cached_weights/<key>.npz, plain arrays and one JSON text, never a pickle.

A file is written under another name and then renamed, so that nobody ever reads half of one. A file that does not verify
is moved aside, so that nothing is lost and its run counts as untrained.
"""

import io
import json
import math
import os
import platform
import re
import tempfile
import zipfile
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from core.config import Config, SettingsError, from_dict, to_dict
from core.data import DATA_DIGEST
from core.text import readable
from core.training import Checkpoint, EpochEnd, Model, restore

# A host can keep what visitors train elsewhere; copy the report's runs there, or let `pretrain` make them.
FOLDER = Path(os.environ.get("DIGIT_LAB_WEIGHTS", Path(__file__).parent.parent / "cached_weights"))
FORMAT = 1
MAX_BYTES = 64 * 2**20  # unpacked; the largest network with all its snapshots takes 10 MB
UNKNOWN = {"machine": "an unknown machine", "device": "unknown device", "saved": "1970-01-01T00:00:00+00:00"}
KEY = re.compile(r"(mlp|cnn)-[0-9a-f]{10}")


class CheckpointError(ValueError):
    """A file that is no checkpoint of ours, or is damaged. The message says which and what is wrong."""


class Summary(NamedTuple):
    """What a checkpoint says of itself, read without its arrays (and, for a CNN, without torch)."""

    config: Config
    history: list[EpochEnd]
    test_accuracy: float | None
    seconds: float
    about: dict[str, Any]

    @property
    def done(self) -> bool:
        return self.test_accuracy is not None


def summarize(checkpoint: Checkpoint) -> Summary:
    """The summary that `checkpoint` has once it is saved."""
    return Summary(
        checkpoint.config,
        list(checkpoint.history),
        checkpoint.test_accuracy,
        checkpoint.total_seconds,
        checkpoint.about,
    )


def dumps(checkpoint: Checkpoint, compress: bool = False) -> bytes:
    """The bytes of a checkpoint's file. Compressed it is 8 % smaller and takes 20 times as long."""
    arrays = {f"model.{name}": array for name, array in checkpoint.model.arrays().items()}
    arrays |= {f"optimizer.{name}": array for name, array in checkpoint.optimizer.items()}
    for name in checkpoint.snapshots[0]:
        arrays[f"snapshots.{name}"] = np.stack([arrays[name] for arrays in checkpoint.snapshots.values()])
    meta = {
        "format": FORMAT,
        "config": to_dict(checkpoint.config),
        "history": checkpoint.history,
        "snapshots": list(checkpoint.snapshots),
        "step": checkpoint.step,
        "loss_sum": checkpoint.loss_sum,
        "seconds": checkpoint.seconds,
        "test_accuracy": checkpoint.test_accuracy,
        "data": DATA_DIGEST,
        "about": checkpoint.about,
    }
    file = io.BytesIO()
    write = np.savez_compressed if compress else np.savez
    write(file, meta=np.array(json.dumps(meta)), **arrays)
    return file.getvalue()


def loads(data: bytes) -> Checkpoint:
    """The checkpoint in a file's bytes. Raises CheckpointError unless every part of it is what a run of ours writes."""
    return _read(io.BytesIO(data))


def save(checkpoint: Checkpoint, folder: Path = FOLDER) -> Path:
    """Write a checkpoint under its key, in one step: a reader sees the old file or the new one."""
    return write(checkpoint.config.key, dumps(checkpoint, compress=checkpoint.done), folder)


def write(key: str, data: bytes, folder: Path = FOLDER) -> Path:
    """Put the bytes of a checkpoint in the place of its key, in one step."""
    path = path_of(key, folder)
    replace(path, data)
    return path


def replace(path: Path, data: bytes) -> None:
    """Make these the bytes of a file, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.stem}-", delete=False) as file:
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, 0o644)
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def load(key: str, folder: Path = FOLDER) -> Checkpoint:
    """The checkpoint of a key. Raises FileNotFoundError, or CheckpointError after moving a damaged file aside."""
    path = path_of(key, folder)
    try:
        with open(path, "rb") as file:
            checkpoint = _read(file)
        if checkpoint.config.key != key:
            raise CheckpointError(f"it holds the run {checkpoint.config.key}")
    except CheckpointError as error:
        raise _move_aside(path, error) from None
    return checkpoint


def summary(key: str, folder: Path = FOLDER) -> Summary:
    """What a key's checkpoint says of itself. Raises as `load` does; its arrays stay unread."""
    path = path_of(key, folder)
    try:
        with open(path, "rb") as file, _open(file) as arrays:
            meta = _meta(arrays)
        if meta["config"].key != key:
            raise CheckpointError(f"it holds the run {meta['config'].key}")
    except CheckpointError as error:
        raise _move_aside(path, error) from None
    seconds = sum(epoch.seconds for epoch in meta["history"]) + meta["seconds"]
    return Summary(meta["config"], meta["history"], meta["test_accuracy"], seconds, meta["about"])


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


def about(model: Model) -> dict[str, Any]:
    """Where and with what a run is trained: machine, device, versions, and the time in UTC."""
    return {
        "machine": machine(),
        "device": model.device,
        "versions": {name: version(name) for name in ("numpy", "torch")} | {"python": platform.python_version()},
        "saved": datetime.now(UTC).isoformat(timespec="seconds"),
    }


@cache
def machine() -> str:
    """This machine's processor and its number of cores, e.g. "Intel(R) Xeon(R) Processor, 2 cores"."""
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = re.findall(r"^model name\s*:\s*(.+)$", cpuinfo.read_text(), re.MULTILINE)
        processor = names[0].strip() if names else processor
    return f"{processor}, {os.cpu_count()} cores"


def _read(file) -> Checkpoint:
    with _open(file) as arrays:
        meta = _meta(arrays)
        groups: dict[str, dict[str, np.ndarray]] = {"model": {}, "optimizer": {}, "snapshots": {}}
        for member in arrays.files:
            group, _, name = member.partition(".")
            if group in groups:
                groups[group][name] = _array(arrays, member)
    shapes = {name: array.shape for name, array in groups["model"].items()}
    for name, stack in groups["snapshots"].items():
        if stack.shape != (len(meta["snapshots"]), *shapes.get(name, ())) or stack.dtype != np.float16:
            raise CheckpointError(f"its snapshots of {name} have the wrong shape")
    for name, array in groups["optimizer"].items():
        if array.shape != shapes.get(name) or array.dtype != np.float32:
            raise CheckpointError(f"its momentum of {name} has the wrong shape")
    try:
        model = restore(meta["config"], groups["model"])
    except ValueError as error:
        raise CheckpointError(str(error).rstrip(".")) from None
    if groups["snapshots"].keys() != shapes.keys():
        raise CheckpointError("its snapshots are not of all its arrays")
    snapshots = {
        epoch: {name: stack[i] for name, stack in groups["snapshots"].items()}
        for i, epoch in enumerate(meta["snapshots"])
    }
    return Checkpoint(model=model, optimizer=groups["optimizer"], **{**meta, "snapshots": snapshots})


def _open(file):
    """An npz file for reading. Raises CheckpointError unless it is one, and of a size that one of ours can have."""
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_BYTES:
                raise CheckpointError(f"it unpacks to more than {MAX_BYTES // 2**20} MB")
        file.seek(0)
        return np.load(file, allow_pickle=False)
    except (zipfile.BadZipFile, OSError, ValueError, EOFError) as error:
        if isinstance(error, CheckpointError):
            raise
        raise CheckpointError(f"it is no npz file, or damaged ({error})") from None


def _array(arrays, name: str) -> np.ndarray:
    try:
        return arrays[name]
    except Exception as error:  # damaged bytes raise a dozen kinds in zipfile, zlib, tokenize and NumPy
        raise CheckpointError(f"its {name} cannot be read ({error})") from None


def _meta(arrays) -> dict[str, Any]:
    """The JSON text of a file as the fields of a Checkpoint, each of its type."""
    try:
        meta = json.loads(str(_array(arrays, "meta")))
        if meta["format"] != FORMAT:
            raise CheckpointError(f"its format is {meta['format']}, and this version reads {FORMAT}")
        if meta["data"] != DATA_DIGEST:
            raise CheckpointError("it was trained on other data")
        accuracy = meta["test_accuracy"]
        fields = {
            "config": from_dict(meta["config"]),
            "history": [EpochEnd(int(epoch), *map(float, rest)) for epoch, *rest in meta["history"]],
            "snapshots": [int(epoch) for epoch in meta["snapshots"]],
            "step": int(meta["step"]),
            "loss_sum": float(meta["loss_sum"]),
            "seconds": float(meta["seconds"]),
            "test_accuracy": None if accuracy is None else float(accuracy),
            "about": UNKNOWN | dict(meta["about"]),
        }
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError, SettingsError) as error:
        if isinstance(error, CheckpointError):
            raise
        raise CheckpointError(f"its description cannot be read ({error})") from None
    _check(**fields)
    return fields


def _check(config, history, snapshots, step, loss_sum, seconds, test_accuracy, about) -> None:
    """Raise CheckpointError unless a description tells what a run can come to: everybody's pages rely on it."""
    epochs = [event.epoch for event in history]
    accuracies = [accuracy for event in history for accuracy in (event.train_accuracy, event.val_accuracy)]
    accuracies += [] if test_accuracy is None else [test_accuracy]
    numbers = [number for event in history for number in event] + [loss_sum, seconds]
    if epochs != list(range(1, len(epochs) + 1)) or len(epochs) > config.epochs:
        raise CheckpointError("its epochs are not 1, 2, 3 and so on to the last")
    if test_accuracy is not None and len(epochs) < config.epochs:
        raise CheckpointError("it has a test accuracy before its last epoch")
    if not all(0 <= accuracy <= 1 for accuracy in accuracies) or not all(map(math.isfinite, numbers)):
        raise CheckpointError("its history has numbers that cannot be")
    if seconds < 0 or any(event.seconds < 0 for event in history) or not 0 <= step <= config.steps_per_epoch:
        raise CheckpointError("its time or its place in an epoch cannot be")
    if sorted(set(snapshots)) != sorted(snapshots) or not {0} <= set(snapshots) <= {0, *epochs}:
        raise CheckpointError("its snapshots are not of its epochs")
    words = [about[name] for name in UNKNOWN]
    if not all(isinstance(word, str) and readable(word) and len(word) <= 200 for word in words):
        raise CheckpointError("it does not say where and when it was trained")
    try:
        datetime.fromisoformat(about["saved"]).astimezone(UTC)
    except (ValueError, OverflowError):
        raise CheckpointError("it does not say when it was trained") from None


def _move_aside(path: Path, error: CheckpointError) -> CheckpointError:
    aside = path.with_name(path.name + ".damaged")
    os.replace(path, aside)
    return CheckpointError(f"{path.name} is no usable run: {error}. It was moved to {aside.name}; train the run again.")
