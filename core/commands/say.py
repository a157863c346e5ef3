"""What the commands of python -m core share: how they fail, and how they say what has come of a run."""

import argparse
import json

from core.config import Config
from core.data import VAL_SIZE
from core.history import EpochEnd
from core.words import share_words


class Failure(Exception):
    """Something that the person at the keyboard can mend. The message is one line."""


def last_words(config: Config, last: EpochEnd) -> str:
    """The two accuracies of the last epoch."""
    training, validation = share_words(last.train_accuracy, config.train_size), share_words(last.val_accuracy, VAL_SIZE)
    return f"training {training}, validation {validation}"


def say(options: argparse.Namespace, words: dict) -> None:
    if options.json:
        print(json.dumps(words), flush=True)
