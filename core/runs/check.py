"""An upload held against what its settings lead to here: whether its weights, bit for bit, and its numbers are the same."""

from typing import NamedTuple

import numpy as np

from core.history import EpochEnd
from core.training import Checkpoint

Arrays = dict[str, np.ndarray]


class Finding(NamedTuple):
    """What a check has found: one of description.ORIGINS, and a sentence."""

    origin: str
    sentence: str


def compare(upload: Checkpoint, here: Checkpoint) -> Finding:
    """What is to be said of a finished upload, beside a run of its settings that was trained here to its end."""
    if not _same(upload.model.arrays(), here.model.arrays()):
        common = sorted(upload.snapshots.keys() & here.snapshots.keys())
        alike = [epoch for epoch in common if _same(upload.snapshots[epoch], here.snapshots[epoch])]
        first = next((epoch for epoch in common if epoch not in alike), None)
        since = "after its last snapshot" if first is None else f"at epoch {first}" if first else "before its training"
        return Finding(
            "refuted",
            f"Does not match: trained again here, its weights are others, first {since}. On another kind of machine the last bits "
            "may differ.",
        )
    numbers = [_numbers(event) for event in upload.history], upload.test_accuracy
    if numbers != ([_numbers(event) for event in here.history], here.test_accuracy):
        return Finding(
            "refuted", "Does not match: its weights are those of its settings, its accuracies and losses are not."
        )
    if upload.snapshots.keys() != here.snapshots.keys() or not all(
        _same(arrays, here.snapshots[epoch]) for epoch, arrays in upload.snapshots.items()
    ):
        return Finding(
            "refuted", "Does not match: its weights are those of its settings at the end, but not on the way there."
        )
    return Finding("checked", "Checked: trained again here, same weights bit for bit.")


def _numbers(event: EpochEnd) -> tuple[float, ...]:
    """What an epoch led to, without its time, which no other machine has."""
    return tuple(event._replace(seconds=0.0))


def _same(some: Arrays, others: Arrays) -> bool:
    return some.keys() == others.keys() and all(
        array.dtype == others[name].dtype and array.tobytes() == others[name].tobytes() for name, array in some.items()
    )
