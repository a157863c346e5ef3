"""What a checkpoint says of its run, as a JSON text beside the arrays: settings, history, time, and where it was trained.

Everybody's pages rely on it, so it is read whole or not at all.
"""

import json
import math
import os
import platform
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from core.config import Config, from_dict, to_dict
from core.data import DATA_DIGEST
from core.text import readable
from core.training import Checkpoint, EpochEnd, Model

FORMAT = 1
FACTS = ("machine", "device", "saved")  # of where and when a run was trained; None where its file does not say


class CheckpointError(ValueError):
    """A file that is no checkpoint of ours, or is damaged. The message says which and what is wrong."""


@dataclass(frozen=True)
class Description:
    """What a Checkpoint holds beside its arrays, under the same names; of its snapshots the epochs."""

    config: Config
    history: list[EpochEnd]
    snapshots: list[int]
    step: int
    loss_sum: float
    seconds: float
    test_accuracy: float | None
    about: dict[str, Any]


def of(checkpoint: Checkpoint) -> str:
    """The description of a checkpoint; `read` reads it."""
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
    return json.dumps(meta)


def read(text: str) -> Description:
    """The description that `of` wrote. Raises CheckpointError for any other text."""
    try:
        meta = json.loads(text)
        if meta["format"] != FORMAT:
            raise CheckpointError(f"its format is {str(meta['format'])[:40]}, and this version reads {FORMAT}")
        if meta["data"] != DATA_DIGEST:
            raise CheckpointError("it was trained on other data")
        accuracy = meta["test_accuracy"]
        found = Description(
            config=from_dict(meta["config"]),
            history=[EpochEnd(int(epoch), *map(float, rest)) for epoch, *rest in meta["history"]],
            snapshots=[int(epoch) for epoch in meta["snapshots"]],
            step=int(meta["step"]),
            loss_sum=float(meta["loss_sum"]),
            seconds=float(meta["seconds"]),
            test_accuracy=None if accuracy is None else float(accuracy),
            about=dict.fromkeys(FACTS) | {name: fact for name, fact in meta["about"].items() if fact},
        )
    except (LookupError, AttributeError, TypeError, ValueError, OverflowError, RecursionError) as error:
        if isinstance(error, CheckpointError):
            raise
        raise CheckpointError(f"its description cannot be read ({words(error)})") from None
    _check(found)
    return found


def _check(found: Description) -> None:
    """Raise CheckpointError unless a description tells what a run can come to: everybody's pages rely on it."""
    config, history, snapshots = found.config, found.history, found.snapshots
    epochs = [event.epoch for event in history]
    accuracies = [accuracy for event in history for accuracy in (event.train_accuracy, event.val_accuracy)]
    accuracies += [] if found.test_accuracy is None else [found.test_accuracy]
    numbers = [number for event in history for number in event] + [found.loss_sum, found.seconds]
    if epochs != list(range(1, len(epochs) + 1)) or len(epochs) > config.epochs:
        raise CheckpointError("its epochs are not 1, 2, 3 and so on to the last")
    if found.test_accuracy is not None and len(epochs) < config.epochs:
        raise CheckpointError("it has a test accuracy before its last epoch")
    if not all(0 <= accuracy <= 1 for accuracy in accuracies) or not all(map(math.isfinite, numbers)):
        raise CheckpointError("its history has numbers that cannot be")
    if (
        found.seconds < 0
        or any(event.seconds < 0 for event in history)
        or not 0 <= found.step <= config.steps_per_epoch
    ):
        raise CheckpointError("its time or its place in an epoch cannot be")
    if sorted(set(snapshots)) != sorted(snapshots) or not {0} <= set(snapshots) <= {0, *epochs}:
        raise CheckpointError("its snapshots are not of its epochs")
    words = [found.about[name] for name in FACTS if found.about[name] is not None]
    if not all(isinstance(word, str) and readable(word) and len(word) <= 200 for word in words):
        raise CheckpointError("it does not say where and when it was trained")
    try:
        if found.about["saved"] is not None:
            datetime.fromisoformat(found.about["saved"]).astimezone(UTC)
    except (ValueError, OverflowError):
        raise CheckpointError("it does not say when it was trained") from None


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


def words(error: Exception) -> str:
    """What an error says, in one line that fits into a sentence."""
    return " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__
