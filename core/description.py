"""What a checkpoint says of its run, as a JSON text beside the arrays: settings, history, time, and where it was trained.

Everybody's pages rely on it, so it is read whole or not at all.
"""

import json
import math
import os
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from core.config import Config, from_dict, to_dict
from core.data import DATA_DIGEST
from core.files.archive import CheckpointError, words
from core.history import EpochEnd, is_over
from core.mlp import TINY
from core.networks import Model
from core.text import readable
from core.training import Checkpoint

FORMAT = 1
FACTS = ("machine", "device", "saved")  # of where and when a run was trained; None where its file does not say
HOW = ("origin", "finding")  # of an upload alone: how it came here, one of ORIGINS, and what a check of it has found
ORIGINS = ("uploaded", "checked", "refuted")
# What the numbers of a run can be. A year is more than any run takes; a network computes in 32 bits; and the loss on the
# validation images takes no probability for less than TINY.
MOST_SECONDS = 366 * 86_400.0
MOST_LOSS = 3.5e38
MOST_VAL_LOSS = -math.log(TINY) + 0.01
YEARS = range(1970, 2200)


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
            history=[EpochEnd(_whole(epoch), *map(_number, rest)) for epoch, *rest in meta["history"]],
            snapshots=[_whole(epoch) for epoch in meta["snapshots"]],
            step=_whole(meta["step"]),
            loss_sum=_number(meta["loss_sum"]),
            seconds=_number(meta["seconds"]),
            test_accuracy=None if accuracy is None else _number(accuracy),
            about=dict.fromkeys(FACTS) | {name: fact for name, fact in meta["about"].items() if fact},
        )
    except CheckpointError:
        raise
    except Exception as error:  # a text may be anything
        raise CheckpointError(f"its description cannot be read ({words(error)})") from None
    _check(found)
    return found


def _number(value: Any) -> float:
    if type(value) not in (int, float):
        raise TypeError(f"{value!r:.40} is no number")
    return float(value)


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(f"{value!r:.40} is no whole number")
    return value


def _check(found: Description) -> None:
    """Raise CheckpointError unless a description tells what a run can come to: everybody's pages rely on it."""
    config, history, snapshots = found.config, found.history, found.snapshots
    epochs = [event.epoch for event in history]
    accuracies = [accuracy for event in history for accuracy in (event.train_accuracy, event.val_accuracy)]
    accuracies += [] if found.test_accuracy is None else [found.test_accuracy]
    if epochs != list(range(1, len(epochs) + 1)) or len(epochs) > config.epochs or is_over(history[:-1], config):
        raise CheckpointError("its epochs are not 1, 2, 3 and so on to the last")
    if found.test_accuracy is not None and not is_over(history, config):
        raise CheckpointError("it has a test accuracy before its last epoch")
    if (
        not all(0 <= accuracy <= 1 for accuracy in accuracies)
        or not all(0 <= event.loss <= MOST_LOSS and 0 <= event.val_loss <= MOST_VAL_LOSS for event in history)
        or not all(0 <= event.learning_rate <= config.learning_rate for event in history)
        or not 0 <= found.loss_sum <= MOST_LOSS
    ):
        raise CheckpointError("its history has numbers that cannot be")
    times = [*(event.seconds for event in history), found.seconds]
    if (
        not all(time >= 0 for time in times)
        or not sum(times) <= MOST_SECONDS
        or not 0 <= found.step <= config.steps_per_epoch
    ):
        raise CheckpointError("its time or its place in an epoch cannot be")
    if sorted(set(snapshots)) != sorted(snapshots) or not {0} <= set(snapshots) <= {0, *epochs}:
        raise CheckpointError("its snapshots are not of its epochs")
    _check_facts(found.about)


def _check_facts(about: dict[str, Any]) -> None:
    """Raise CheckpointError unless what is said of where and when a run was trained can be shown."""
    facts = [about[name] for name in (*FACTS, *HOW) if about.get(name) is not None]
    if not all(isinstance(fact, str) and readable(fact) and len(fact) <= 200 for fact in facts):
        raise CheckpointError("it does not say where and when it was trained")
    if about.get("origin") not in (None, *ORIGINS):
        raise CheckpointError("it does not say how it came here")
    try:
        if about["saved"] is not None and datetime.fromisoformat(about["saved"]).astimezone(UTC).year not in YEARS:
            raise ValueError
    except (ValueError, OverflowError):
        raise CheckpointError("it does not say when it was trained") from None


def about(model: Model, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Where and with what a run is trained: machine, device, versions, and the time in UTC.

    How it came here stays what it was `before`: a run that was uploaded and is trained further here began elsewhere.
    """
    return {
        "machine": machine(),
        "device": model.device,
        "versions": {name: version(name) for name in ("numpy", "torch")} | {"python": platform.python_version()},
        "saved": datetime.now(UTC).isoformat(timespec="seconds"),
        **{name: before[name] for name in HOW if before and before.get(name)},
    }


def of_upload(said: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of what an uploaded file says of itself: where and when it was trained, and not how it came here."""
    return {name: said.get(name) for name in FACTS} | {"origin": "uploaded"}


@cache
def machine() -> str:
    """This machine's processor and its number of cores, e.g. "Intel(R) Xeon(R) Processor, 2 cores"."""
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = re.findall(r"^model name\s*:\s*(.+)$", cpuinfo.read_text(encoding="utf-8"), re.MULTILINE)
        processor = names[0].strip() if names else processor
    return f"{processor}, {os.cpu_count()} cores"
