"""What runs came to that are on no shelf: epoch by epoch, from a file of the project's that holds no weights.

It has the runs of the report's tuning and the best settings that were found for its MLP (core/search/tuning.py), so that pages
that compare runs open with something to see. `python -m core tune` makes it anew.
"""

import gzip
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from core.config import Config, from_dict, to_dict
from core.history import EpochEnd

FILE = Path(__file__).with_name("recorded.jsonl.gz")
DIGITS = 5  # of a loss or a time, and more than an accuracy of 50,000 images has


class Recorded(NamedTuple):
    """A run that is over."""

    config: Config
    history: list[EpochEnd]
    test_accuracy: float | None  # from 0 to 1; None where it was not looked at
    error: str  # of one that diverged: what happened
    machine: str  # that it was trained on


@cache
def recorded() -> Mapping[str, Recorded]:
    """All of them, by the key of their settings."""
    with gzip.open(FILE, "rt", encoding="utf-8") as file:
        found = [_read(json.loads(line)) for line in file]
    return {one.config.key: one for one in found}


def write(runs: Iterable[Recorded], path: Path) -> None:
    """Keep these in a file, and no others. The same runs are the same bytes."""
    lines = [json.dumps(_written(one), separators=(",", ":")) for one in runs]
    path.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))


def _read(line: dict) -> Recorded:
    """A run from its line. A history stands there column by column, which packs better."""
    epochs = range(1, len(line["history"][0]) + 1)
    history = [EpochEnd(epoch, *numbers) for epoch, *numbers in zip(epochs, *line["history"], strict=True)]
    return Recorded(from_dict(line["config"]), history, line["test_accuracy"], line["error"], line["machine"])


def _written(one: Recorded) -> dict:
    columns = [[float(f"{number:.{DIGITS}g}") for number in column] for column in zip(*one.history, strict=True)][1:]
    columns = columns or [[] for _ in EpochEnd._fields[1:]]
    return {**one._asdict(), "config": to_dict(one.config), "history": columns}
