"""The same work without a browser: python -m core train | search | evaluate | predict | pretrain | tune."""

import os

# Before NumPy is imported: one thread is what the workers of the dashboard train on, and what gives the same bits.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import argparse
import signal
import sys
import time
from dataclasses import fields
from pathlib import Path
from threading import Event
from typing import NoReturn

import numpy as np
from tqdm import tqdm

from core import checkpoints, description
from core.analysis.evaluation import accuracy_interval
from core.analysis.verdict import verdict
from core.commands import pretraining, search
from core.commands.say import Failure, last_words, say
from core.config import NETWORKS, PRESETS, Choice, Config, SettingsError, describe, limits
from core.data import TEST_SIZE, DataError, Digits, load_digits
from core.files.folder import FolderError
from core.history import EpochEnd
from core.host.memory import keep_memory
from core.sketch import upload
from core.training import Checkpoint, Diverged, begin, evaluate, train
from core.words import interval_words, percent, share_words


class NoDigit(Exception):
    """A picture on which there is nothing to read. The message is one line."""


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line instead of the whole usage."""
        self.exit(2, f"{self.prog}: {message}. See {self.prog} --help.\n")


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0, or 2 for arguments that cannot be used, 1 for work that failed.

    It is 130 after Ctrl-C and 141 where nobody reads what is printed any more, as of programs that these signals end.
    """
    options = parser().parse_args(arguments)
    try:
        options.command(options)
        sys.stdout.flush()
    except (Failure, SettingsError, checkpoints.CheckpointError) as error:
        print(f"python -m core: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        print_no_more()
        return 141
    except (DataError, Diverged, FolderError, NoDigit) as error:
        print(f"python -m core: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"python -m core: {error}", file=sys.stderr)
        print_no_more()
        return 1
    except KeyboardInterrupt:
        print("python -m core: interrupted. The same command goes on from here.", file=sys.stderr)
        return 130
    return 0


def print_no_more() -> None:
    """Drop what Python has not been able to print, which it would try again when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())


def parser() -> argparse.ArgumentParser:
    top: argparse.ArgumentParser = Parser(
        prog="python -m core", description="Train and use Digit Lab's networks without a browser."
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help="print JSON, one object a line, for scripts")

    training = commands.add_parser("train", help="train a network, or go on with one")
    networks = training.add_subparsers(required=True, metavar="NETWORK", dest="network")
    for network, config_class in NETWORKS.items():
        one = networks.add_parser(network, parents=[shared], help=(config_class.__doc__ or "").split("\n")[0])
        one.set_defaults(command=train_command)
        one.add_argument("--preset", choices=preset_words(network), help="settings that come with the project, by name")
        for spec in fields(config_class):
            allowed = limits(config_class, spec.name)
            one.add_argument(
                f"--{spec.name.replace('_', '-')}",
                type=str if isinstance(allowed, Choice) else allowed.kind,
                help=f"{allowed}; {spec.default} by default",
            )

    search.add(commands, shared)

    evaluating = commands.add_parser("evaluate", parents=[shared], help="how good a trained network is")
    evaluating.add_argument("key", help="e.g. mlp-3f9a1c20b7")
    evaluating.set_defaults(command=evaluate_command)

    predicting = commands.add_parser("predict", parents=[shared], help="which digits a picture shows")
    predicting.add_argument("key", help="e.g. mlp-3f9a1c20b7")
    predicting.add_argument("image", type=Path, help="a photo or scan of one digit, or of several side by side")
    predicting.set_defaults(command=predict_command)

    pretraining.add(commands, shared)
    return top


def preset_words(network: str) -> list[str]:
    """The presets of a network as one types them: baseline, small, full."""
    return [name.split()[1] for name, config in PRESETS.items() if config.network == network]


def config_of(options: argparse.Namespace) -> Config:
    """The settings that were typed, on top of the preset's."""
    config_class = NETWORKS[options.network]
    preset = PRESETS[f"{options.network.upper()} {options.preset or 'full'}"]
    names = [spec.name for spec in fields(config_class)]
    typed = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    return config_class(**{name: getattr(preset, name) for name in names} | typed)


def train_command(options: argparse.Namespace) -> None:
    keep_memory()
    config, digits = config_of(options), load_digits()
    try:
        checkpoint = checkpoints.load(config.key)
    except FileNotFoundError:
        checkpoint = begin(config, digits)
    if not checkpoint.done:
        checkpoints.require_room([config])
        checkpoint.about = description.about(checkpoint.model, checkpoint.about)
        learn(options, checkpoint, digits)
        checkpoint.about = description.about(checkpoint.model, checkpoint.about)  # the time is that of the end
        checkpoints.save(checkpoint)
    say(options, {"key": config.key, "test_accuracy": checkpoint.test_accuracy, "seconds": checkpoint.total_seconds})
    if not options.json:
        last = checkpoint.history[-1]
        print(f"{config.key}: {describe(config)}")
        print(f"{last_words(config, last)}, {test_words(checkpoint)}")
        said = verdict(checkpoint.history, config.epochs)
        if said:
            print(said.sentence)
        print(f"{checkpoint.total_seconds:.1f} s of training; kept in {checkpoints.path_of(config.key)}")


def learn(options: argparse.Namespace, checkpoint: Checkpoint, digits: Digits) -> None:
    """Train to the end, and say and save what happens. What was learnt is saved as well where somebody stops it, by
    Ctrl-C or by reading no further: then it raises KeyboardInterrupt or BrokenPipeError.
    """
    config = checkpoint.config
    bar = tqdm(
        total=config.steps,
        initial=len(checkpoint.history) * config.steps_per_epoch + checkpoint.step,
        desc=config.key,
        unit=" steps",
        disable=options.json,
    )
    interrupted, last_save = Event(), time.monotonic()
    # An exception in the middle of a step would leave a network that is between two states, and cannot be saved.
    default = signal.signal(signal.SIGINT, lambda *_: interrupted.set())
    try:
        with bar:
            for event in train(config, digits, checkpoint):
                if isinstance(event, EpochEnd):
                    say(options, event._asdict())
                    bar.set_postfix(train=f"{event.train_accuracy:.4f}", val=f"{event.val_accuracy:.4f}")
                bar.update(len(checkpoint.history) * config.steps_per_epoch + checkpoint.step - bar.n)
                if time.monotonic() - last_save > 5:
                    checkpoints.save(checkpoint)
                    last_save = time.monotonic()
                if interrupted.is_set() and not checkpoint.done:
                    raise KeyboardInterrupt
    except (KeyboardInterrupt, BrokenPipeError):
        checkpoints.save(checkpoint)
        raise
    finally:
        signal.signal(signal.SIGINT, default)


def evaluate_command(options: argparse.Namespace) -> None:
    checkpoint, digits = load(options.key), load_digits()
    for part in ("validation", "test"):
        images, labels = digits.part(part)
        accuracy, loss = evaluate(checkpoint.model, images, labels)
        low, high = accuracy_interval(accuracy, len(labels))
        say(options, {"part": part, "accuracy": accuracy, "low": low, "high": high, "loss": loss})
        if not options.json:
            n, interval = len(labels), interval_words((low, high), len(labels))
            print(f"{part:10}  accuracy {share_words(accuracy, n)} (95% interval {interval}), loss {loss:.4f}")


def predict_command(options: argparse.Namespace) -> None:
    """One line for each digit of the picture, from left to right."""
    checkpoint = load(options.key)
    for probs in checkpoint.model.predict_proba(read_image(options.image)):
        digit = int(probs.argmax())
        say(options, {"digit": digit, "probabilities": [round(float(p), 6) for p in probs]})
        if not options.json:
            print(f"{digit}, with a probability of {percent(probs[digit])}")


def load(key: str) -> Checkpoint:
    try:
        return checkpoints.load(key)
    except FileNotFoundError:
        known = ", ".join(checkpoints.keys()) or "none yet"
        raise Failure(f"{key} is not trained here. Trained: {known}") from None
    except ValueError as error:
        raise Failure(str(error)) from None


def read_image(path: Path) -> np.ndarray:
    """The digits on the picture in a file as MNIST would hold them, (digits, 28, 28), from left to right.

    Raises Failure for a file that is no picture, and NoDigit for a picture without a digit.
    """
    try:
        with open(path, "rb") as file:
            read = upload.read(file.read(upload.MAX_BYTES + 1))
    except (OSError, upload.UploadError) as error:
        raise Failure(f"{path} cannot be read as a picture ({error})") from None
    if read.problem:
        raise NoDigit(f"{path}: {read.problem}")
    return np.stack([part.image for part in read.parts])


def test_words(checkpoint: Checkpoint) -> str:
    accuracy = checkpoint.test_accuracy
    assert accuracy is not None  # the run is done
    interval = interval_words(accuracy_interval(accuracy, TEST_SIZE), TEST_SIZE)
    return f"test {share_words(accuracy, TEST_SIZE)} ({interval})"


if __name__ == "__main__":
    sys.exit(main())
