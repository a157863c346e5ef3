"""Whether what came of a run is a result at all: one sentence where it is none, from the numbers of its epochs alone.

A finished run that answers like chance, or that is sure of what is wrong, has a test accuracy like any other. Whoever shows
such a number asks here what to say beside it.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from core.analysis.evaluation import accuracy_interval
from core.config import Config
from core.data import CLASSES, VAL_SIZE
from core.history import EpochEnd, best_epoch, ended_early
from core.words import counted, share_words

COMMONEST = 0.109  # the share of the validation images that the commonest digit has, the 7: 1,090 of 10,000
GUESSING = math.log(CLASSES)  # the loss of one tenth for every digit, in nats
LOSS_WORDS = (
    "how little probability is left for the true digit: 0 is the best, and one tenth for every digit would make "
    f"{GUESSING:.2f} nats"
)
FAR = 1.5  # times that is a loss that only answers which are wrong and sure can make
LEARNT = 0.5  # an accuracy below which more answers are wrong than right

STATES = {"queued": "waiting", "training": "training", "stopped": "stopped", "failed": "failed", "done": "done"}


class Verdict(NamedTuple):
    """Why a run is no result."""

    words: str  # the same in two or three words, for a table
    sentence: str
    chance: bool  # whether it answers like chance


def like_chance(val_accuracy: float) -> bool:
    """Whether an accuracy on the validation images is what one gets without looking at them.

    That is one tenth by guessing, and between 9.15 % and 10.90 % by always saying the same digit. An accuracy counts as no more
    than that where its 95 % interval reaches down to the largest of these.
    """
    low, _ = accuracy_interval(val_accuracy, VAL_SIZE)
    return low <= COMMONEST


def verdict(history: Sequence[EpochEnd], epochs: int) -> Verdict | None:
    """What is wrong with what a run has come to after the last epoch of its history, of so many; None where nothing is."""
    if not history:
        return None
    end = history[-1]
    reads = f"After epoch {end.epoch} of {epochs} it reads {val_words(end.val_accuracy)} of the 10,000 validation images right"
    sure = (
        f"Its loss on them is {end.val_loss:.2f}, where one tenth for every digit would make {GUESSING:.2f}: it is sure of "
        "answers that are wrong."
    )
    if like_chance(end.val_accuracy):
        always = f"always to say their commonest digit would get {val_words(COMMONEST)}"
        sentence = f"{_unlearnt(history, epochs)}: it answers like chance. {reads}; {always}."
        return Verdict("like chance", f"{sentence} {sure}" if worse_than_guessing(end) else sentence, True)
    if worse_than_guessing(end):
        return Verdict("sure and wrong", f"It is sure and wrong. {reads}. {sure}", False)
    if end.val_accuracy < LEARNT:
        return Verdict("mostly wrong", f"Most of its answers are wrong. {reads}.", False)
    return None


def _unlearnt(history: Sequence[EpochEnd], epochs: int) -> str:
    """What became of a run that answers like chance: whether there was ever anything."""
    best = best_epoch(history)
    if best.val_accuracy >= LEARNT:
        return f"It has lost what it had learnt ({val_words(best.val_accuracy)} after epoch {best.epoch})"
    return "It has learnt nothing" if len(history) == epochs else "It has learnt nothing so far"


def early_words(history: Sequence[EpochEnd], config: Config) -> str:
    """Why a run ended before its last epoch, and what that left; nothing of any other run."""
    if not ended_early(history, config):
        return ""
    best = best_epoch(history)
    return (
        f"Early stopping ended it after epoch {len(history)} of at most {config.epochs}: its validation accuracy was highest after "
        f"epoch {best.epoch}, {val_words(best.val_accuracy)}, and not higher in {counted(config.patience, 'epoch')} since. "
        "The network is that of its last epoch."
    )


def val_words(accuracy: float) -> str:
    """A validation accuracy in words."""
    return share_words(accuracy, VAL_SIZE)


def worse_than_guessing(end: EpochEnd) -> bool:
    """Whether the loss on the validation images is far above that of one who gives every digit one tenth."""
    return end.val_loss > FAR * GUESSING


def state_words(status: str, history: Sequence[EpochEnd], epochs: int, error: str = "") -> str:
    """How far a run has come, in a few words: "done", "stopped, 23 of 60", "diverged", "done, like chance", "done early, 23 of 60"."""
    if status == "stopped":
        return f"stopped, {len(history)} of {epochs}"
    if status == "failed":
        return "diverged" if diverged(error) else "failed"
    found = verdict(history, epochs) if status == "done" else None
    if status == "done" and not found and len(history) < epochs:
        return f"done early, {len(history)} of {epochs}"
    return f"{STATES[status]}, {found.words}" if found else STATES[status]


def diverged(error: str) -> bool:
    """Whether a failed run's error is that its numbers grew beyond all bounds, and not that something broke."""
    return error.startswith("Diverged")
