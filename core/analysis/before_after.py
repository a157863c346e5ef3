"""Two runs, one after the other: what was changed between them, and what that did, in sentences."""

from collections.abc import Sequence
from typing import Any

from core.analysis.evaluation import difference_interval
from core.analysis.verdict import val_words
from core.config import NAMES, Config, label, number_words
from core.data import VAL_SIZE
from core.history import EpochEnd
from core.naming import settings_that_differ
from core.words import counted, listed, points_words


def changes(before: Config, after: Config) -> str:
    """What sets the second run apart, e.g. "learning rate 0.02 instead of 0.01 and 20 epochs instead of 10"."""
    differ = settings_that_differ([before, after])
    return listed(f"{_words(name, new)} instead of {_bare(name, old)}" for name, (old, new) in differ.items())


def effect(before: Sequence[EpochEnd], after: Sequence[EpochEnd]) -> str:
    """What that did to the validation accuracy at the end of both, with the 95% interval of the difference.

    The interval is that of two sets of images. Both runs are judged on the same ones, so what it calls chance may be less than
    that for these very runs; another seed would move both.
    """
    old, new = before[-1].val_accuracy, after[-1].val_accuracy
    low, high = difference_interval(new, VAL_SIZE, old, VAL_SIZE)
    ends = [points_words(value, VAL_SIZE).removesuffix(" points") for value in (low, high)]
    if new == old:
        return f"Validation accuracy: {val_words(new)} as before."
    verdict = "more than chance" if low > 0 or high < 0 else "which may well be chance"
    return (
        f"Validation accuracy: {val_words(new)} instead of {val_words(old)}, {points_words(new - old, VAL_SIZE)} (95% interval {ends[0]} to "
        f"{ends[1]}), {verdict}."
    )


def _words(name: str, value: Any) -> str:
    match name:
        case "network":
            return f"the {NAMES[value]}"
        case "train_size":
            return f"{value:,} images"
        case "epochs":
            return counted(value, "epoch")
    return f"{label(name).lower()} {_bare(name, value)}"


def _bare(name: str, value: Any) -> str:
    """A value whose name has been said."""
    if name == "network":
        return f"the {NAMES[value]}"
    return (
        value if isinstance(value, str) else f"{value:,}" if name in ("train_size", "epochs") else number_words(value)
    )
