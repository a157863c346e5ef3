"""python -m core pretrain, tune: train again what comes with the project. Each is put into place when all of it is done."""

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from core import checkpoints
from core.analysis import matrices
from core.analysis.verdict import diverged
from core.commands.say import Failure, last_words, say
from core.config import PRESETS, Config, describe, preset_name
from core.data import TEST_SIZE
from core.host.hosting import hosting
from core.runs import Run, Runs
from core.search import recorded, tuning
from core.search.recorded import Recorded
from core.training import Checkpoint
from core.words import seconds_words, share_words

SECONDS_BETWEEN_LOOKS = 0.2
LARGE, FEWER = 60_000, 8  # parameters, and how many snapshots are kept of a network that has more


def add(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the commands to those of the project."""
    presets = commands.add_parser("pretrain", parents=[shared], help="rebuild the runs that come trained")
    presets.set_defaults(command=pretrain_command)
    tuned = commands.add_parser("tune", parents=[shared], help="redo the report's tuning, whose results come recorded")
    tuned.set_defaults(command=tune_command)


def pretrain_command(options: argparse.Namespace) -> None:
    """Train all presets."""
    checkpoints.require_room(PRESETS.values())
    with _trained([*PRESETS.values()], options) as (runs, folder):
        for run in runs:
            if run.status != "done":
                raise Failure(f"{run.key} {run.status}: {run.error}")
        for run in runs:
            checkpoints.write(run.key, checkpoints.dumps(_thinned(checkpoints.load(run.key, folder)), compress=True))
            _say(options, run)
        matrices.write(PRESETS.values(), matrices.FILE, checkpoints.FOLDER)


def _thinned(checkpoint: Checkpoint) -> Checkpoint:
    """A finished run with fewer snapshots where each is large: a repository holds them all for good."""
    kept = sorted(checkpoint.snapshots)
    if checkpoint.config.parameter_count > LARGE and len(kept) > FEWER:
        spread = np.linspace(0, len(kept) - 1, FEWER).round().astype(int)
        checkpoint.snapshots = {kept[i]: checkpoint.snapshots[kept[i]] for i in spread.tolist()}
    return checkpoint


def tune_command(options: argparse.Namespace) -> None:
    """Train what is recorded: what diverges is a result, too."""
    with _trained(tuning.configs(), options) as (runs, _):
        for run in runs:
            if run.status != "done" and not diverged(run.error):
                raise Failure(f"{run.key} {run.status}: {run.error}")
        recorded.write(map(_recorded, runs), recorded.FILE)
        for run in runs:
            _say(options, run)


def _recorded(run: Run) -> Recorded:
    """What is kept of a run. The test images are looked at for those runs alone that they are to judge."""
    test = run.summary and run.summary.test_accuracy
    machine = (run.summary and run.summary.about["machine"]) or ""
    return Recorded(run.config, run.history, test if tuning.is_judged(run.config) else None, run.error, machine)


@contextmanager
def _trained(configs: Sequence[Config], options: argparse.Namespace) -> Iterator[tuple[list[Run], Path]]:
    """Runs of these settings, trained side by side in a folder of their own, which goes with them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        runs = Runs(folder, host=replace(hosting(), mirror=""))
        try:
            started = [runs.start(config) for config in configs]
            with tqdm(total=sum(config.epochs for config in configs), unit=" epochs", disable=options.json) as bar:
                while any(run.live for run in started):
                    time.sleep(SECONDS_BETWEEN_LOOKS)
                    bar.update(sum(len(run.history) for run in started) - bar.n)
            yield started, folder
        finally:
            runs.close()


def _say(options: argparse.Namespace, run: Run) -> None:
    """What came of a run, in a line."""
    last = run.history[-1]._asdict() if run.history else {}
    seconds = sum(event.seconds for event in run.history)
    test = run.summary and run.summary.test_accuracy
    say(options, {"key": run.key, **last, "test_accuracy": test, "seconds": seconds})
    if not options.json:
        name = preset_name(run.config) or describe(run.config)
        ends = last_words(run.config, run.history[-1]) if run.history else run.error
        words = f", test {share_words(test, TEST_SIZE)}" if test is not None else ""
        print(f"{name:13} {run.key}  {ends}{words}, {seconds_words(seconds)}")
