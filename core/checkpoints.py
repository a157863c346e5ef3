"""Checkpoints as files: cached_weights/<key>.npz, plain arrays and one JSON text, never a pickle.

A file is written under another name and then renamed, so that nobody ever reads half of one. A file that does not verify
is moved aside, so that nothing is lost and its run counts as untrained.
"""

import hashlib
import io
import json
import math
import os
import platform
import re
import tempfile
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from core.config import Config, from_dict, to_dict
from core.data import DATA_DIGEST
from core.text import readable
from core.training import Checkpoint, EpochEnd, Model, restore, snapshot_epochs

# A host can keep what visitors train elsewhere; copy the report's runs there, or let `pretrain` make them.
FOLDER = Path(os.environ.get("DIGIT_LAB_WEIGHTS", Path(__file__).parent.parent / "cached_weights"))
FORMAT = 1
MAX_BYTES = 64 * 2**20  # unpacked; the largest network with all its snapshots takes 10 MB
FACTS = ("machine", "device", "saved")  # of where and when a run was trained; None where its file does not say
KEY = re.compile(r"(mlp|cnn)-[0-9a-f]{10}")

_placing = Lock()  # a file is put in its place, or moved out of it


class CheckpointError(ValueError):
    """A file that is no checkpoint of ours, or is damaged. The message says which and what is wrong."""


class FolderError(OSError):
    """A folder in which nothing can be kept. The message is one sentence."""


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


def replace(path: Path, data: bytes) -> None:
    """Make these the bytes of a file, in one step. Raises FolderError where they cannot be kept."""
    with (
        _keeping(path.parent),
        tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.stem}-", delete=False) as file,
    ):
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, 0o644)
            with _placing:
                os.replace(file.name, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(file.name)
            raise


def require_room(configs: Collection[Config], folder: Path = FOLDER) -> None:
    """Raise FolderError unless runs of these settings can be kept in a folder, from the first epoch to the last."""
    with _keeping(folder), tempfile.NamedTemporaryFile(dir=folder, prefix=".room-") as file:
        file.write(bytes(sum(map(_most_bytes, configs))))
        file.flush()
        os.fsync(file.fileno())


def _most_bytes(config: Config) -> int:
    """How large a checkpoint can become: four bytes of each parameter, four of its momentum, two of each snapshot."""
    return (8 + 2 * len(snapshot_epochs(config.epochs))) * config.parameter_count


@contextmanager
def _keeping(folder: Path) -> Iterator[None]:
    """A folder to write in, made where it is missing. Raises FolderError for whatever cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise FolderError(f"Nothing can be kept in the folder {folder.name} ({reason(error, folder)}).") from error


def reason(error: OSError, folder: Path) -> str:
    """Why a folder cannot be written, in the system's words."""
    return "a file is in its place" if folder.is_file() else error.strerror or str(error)


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
        meta, identity = _meta(arrays), _identity(arrays)
        _require_key(meta["config"], key)
    seconds = sum(epoch.seconds for epoch in meta["history"]) + meta["seconds"]
    return Summary(
        meta["config"],
        meta["history"],
        meta["test_accuracy"],
        seconds,
        meta["about"],
        sorted(meta["snapshots"]),
        identity,
    )


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


def move_aside(path: Path, file: BinaryIO) -> str:
    """Move a damaged file, which is still open, out of its place. Returns what became of it, without a full stop.

    Another thread may have been faster, and a sound file may be in its place by now: that one stays.
    """
    aside = path.with_name(path.name + ".damaged")
    try:
        with _placing:
            if os.path.samestat(os.fstat(file.fileno()), os.stat(path)):
                os.replace(path, aside)
    except FileNotFoundError:
        pass  # somebody else has moved it
    except OSError as error:
        return f"It could not be moved to {aside.name} ({error.strerror or error})"
    return f"It was moved to {aside.name}"


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


def _read(arrays: np.lib.npyio.NpzFile) -> Checkpoint:
    meta = _meta(arrays)
    groups: dict[str, dict[str, np.ndarray]] = {"model": {}, "optimizer": {}, "snapshots": {}}
    for member in arrays.files:
        group, _, name = member.partition(".")
        if group in groups:
            groups[group][name] = _array(arrays, member)
    model, optimizer, stacks = groups["model"], groups["optimizer"], groups["snapshots"]
    shapes = {name: array.shape for name, array in model.items()}
    for name, stack in stacks.items():
        if stack.shape != (len(meta["snapshots"]), *shapes.get(name, ())) or stack.dtype != np.float16:
            raise CheckpointError(f"its snapshots of {name} have the wrong shape")
    for name, array in optimizer.items():
        if array.shape != shapes.get(name) or array.dtype != np.float32:
            raise CheckpointError(f"its momentum of {name} has the wrong shape")
        if not np.isfinite(array).all():
            raise CheckpointError(f"its momentum of {name} holds values that are no finite numbers")
    snapshots = {epoch: {name: stack[i] for name, stack in stacks.items()} for i, epoch in enumerate(meta["snapshots"])}
    network = _restored(meta["config"], model)
    if stacks.keys() != shapes.keys():
        raise CheckpointError("its snapshots are not of all its arrays")
    for then in snapshots.values():
        _restored(meta["config"], then)  # as it will be looked at
    if optimizer.keys() != _with_momentum(meta, shapes):
        raise CheckpointError("its momentum is not that of its arrays")
    return Checkpoint(model=network, optimizer=optimizer, **{**meta, "snapshots": snapshots})


def _restored(config: Config, arrays: dict[str, np.ndarray]) -> Model:
    try:
        return restore(config, arrays)
    except ValueError as error:
        raise CheckpointError(str(error).rstrip(".")) from None


def _with_momentum(meta: dict[str, Any], names: Collection[str]) -> set[str]:
    """Those of a network's arrays that have momentum: all that a CNN learns, while it learns, if its settings say so."""
    learning = meta["test_accuracy"] is None and (meta["history"] or meta["step"])
    if not learning or not getattr(meta["config"], "momentum", 0):
        return set()
    return {name for name in names if name.rpartition(".")[2] in ("weight", "bias")}


def _identity(arrays: np.lib.npyio.NpzFile) -> str:
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
        raise CheckpointError(f"it is no npz file, or damaged ({_words(error)})") from None


def _array(arrays: np.lib.npyio.NpzFile, name: str) -> np.ndarray:
    try:
        array = arrays[name]
    except Exception as error:  # in zlib and tokenize, too
        raise CheckpointError(f"its {name} cannot be read ({_words(error)})") from None
    if not isinstance(array, np.ndarray):  # NumPy hands out the plain bytes of what is no array
        raise CheckpointError(f"its {name} cannot be read (it is no array)")
    return array


def _words(error: Exception) -> str:
    """What an error says, in one line that fits into a sentence."""
    return " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__


def _meta(arrays: np.lib.npyio.NpzFile) -> dict[str, Any]:
    """The JSON text of a file as the fields of a Checkpoint, each of its type."""
    try:
        meta = json.loads(str(_array(arrays, "meta")))
        if meta["format"] != FORMAT:
            raise CheckpointError(f"its format is {str(meta['format'])[:40]}, and this version reads {FORMAT}")
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
            "about": dict.fromkeys(FACTS) | {name: fact for name, fact in meta["about"].items() if fact},
        }
    except (LookupError, AttributeError, TypeError, ValueError, OverflowError, RecursionError) as error:
        if isinstance(error, CheckpointError):
            raise
        raise CheckpointError(f"its description cannot be read ({_words(error)})") from None
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
    words = [about[name] for name in FACTS if about[name] is not None]
    if not all(isinstance(word, str) and readable(word) and len(word) <= 200 for word in words):
        raise CheckpointError("it does not say where and when it was trained")
    try:
        if about["saved"] is not None:
            datetime.fromisoformat(about["saved"]).astimezone(UTC)
    except (ValueError, OverflowError):
        raise CheckpointError("it does not say when it was trained") from None
