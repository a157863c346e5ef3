"""python -m core search: what a setting does, or two, or all, without a browser. Runs that are trained already are not trained again."""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tqdm import tqdm

from core import checkpoints
from core.commands import study
from core.config import NETWORKS
from core.host.hosting import hosting
from core.kinds import SettingsError, label
from core.runs import Run, Runs
from core.search.found import outcomes
from core.search.grid import (
    MOST_RUNS,
    QUICK,
    SEEDS,
    SETTINGS,
    Axis,
    Grid,
    alike,
    kind_of,
    read_values,
    settings,
    usual_values,
)
from core.search.outcome import Attempt
from core.search.reading import reading
from core.search.table import rows

SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_TO_STOP = 20.0  # for a batch of each run, and its file


def add(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command to those of the project."""
    one = commands.add_parser(
        "search",
        parents=[shared],
        help="what a setting does, or two, or which are best of all: train a network with each value, and compare",
        epilog=f"The settings: {', '.join(SETTINGS)}. At most {MOST_RUNS} runs; those that are trained already are not trained again.",
    )
    one.add_argument("network", choices=[*NETWORKS, "both"])
    one.add_argument(
        "setting",
        nargs="+",
        help="one or two: learning_rate for its usual values, batch_size=16,64 for these; or all, to search every setting together, or "
        "those that are named behind it, batch_size=16,64 between these",
    )
    one.add_argument("--seeds", type=int, default=1, help=f"runs of each value; {SEEDS}, 1 by default")
    for name in SETTINGS:
        default = QUICK.get(name, "the network's own")
        one.add_argument(f"--{name.replace('_', '-')}", help=f"of all runs; {kind_of(name)}; {default} by default")
    study.add(one)
    one.set_defaults(command=search_command)


def search_command(options: argparse.Namespace) -> None:
    """Train what is missing, side by side, and say what came of all of it."""
    if options.setting[0] == "all":
        study.study_command(options)
        return
    grid = grid_of(options)
    configs = grid.configs()
    runs = Runs(checkpoints.FOLDER, host=replace(hosting(), mirror=""))
    try:
        missing = [config for config in configs if not _is_over(runs.find(config.key))]
        checkpoints.require_room(missing)
        asked = [runs.start(config) for config in missing]
        try:
            _watch(runs, asked, options.json)
        except (KeyboardInterrupt, BrokenPipeError):
            _stop(runs, asked)
            raise
        found = {place: [_attempt(runs.find(config.key)) for config in panel] for place, panel in grid.panels().items()}
    finally:
        runs.close()
    _say(grid, found, options.json)


def grid_of(options: argparse.Namespace) -> Grid:
    """What was typed as a grid. Raises SettingsError, one sentence, for what is none."""
    for name in study.OPTIONS:
        if getattr(options, name) is not None:
            raise SettingsError(f"--{name} is said of a search over all settings: python -m core search mlp all.")
    axes = tuple(_axis(text) for text in options.setting)
    given = {name: getattr(options, name) for name in SETTINGS if getattr(options, name) is not None}
    for axis in axes:
        if axis.setting in given:
            raise SettingsError(f"{label(axis.setting)} is varied: it cannot be the same in all runs.")
    networks = [network for network in NETWORKS if options.network in (network, "both")]
    for name in given:
        if not any(name in settings(NETWORKS[network]) for network in networks):
            raise SettingsError(f"{label(name)} is no setting of the {options.network.upper()}.")
    varied = [axis.setting for axis in axes]
    texts = {name: str(value) for name, value in QUICK.items() if name not in varied} | given
    rest = {name: read_values(name, [text])[0] for name, text in texts.items()}
    return Grid(shared=alike(networks, rest), axes=axes, seeds=options.seeds)


def _axis(text: str) -> Axis:
    """A setting with its values, as one types it: "batch_size=16,64", or "batch_size" for the usual ones."""
    typed, given, values = text.partition("=")
    name = typed.replace("-", "_")
    if name not in SETTINGS:
        raise SettingsError(f"There is no setting called “{typed[:40]}”. There are {', '.join(SETTINGS)}.")
    return Axis(name, read_values(name, values.split(",")) if given else usual_values(name))


def _is_over(run: Run | None) -> bool:
    """Whether there is no more to train of a run: it is done, or has failed as it would again."""
    return run is not None and run.status in ("done", "failed")


def _attempt(run: Run | None) -> Attempt:
    return Attempt(run.history, run.status, run.error) if run else Attempt([], "missing")


def _watch(runs: Runs, asked: Sequence[Run], as_json: bool) -> None:
    """Wait until these runs are over, with a bar, or a line of JSON for each that is."""
    said: set[str] = set()
    steps = sum(run.config.steps for run in asked)
    with tqdm(total=steps, unit=" steps", disable=as_json or not asked) as bar:
        while len(said) < len(asked):
            time.sleep(SECONDS_BETWEEN_LOOKS)
            bar.update(round(sum(run.share * run.config.steps for run in asked)) - bar.n)
            for run in asked:
                if not run.live and run.key not in said:
                    said.add(run.key)
                    bar.set_postfix(runs=f"{len(said)} of {len(asked)}")
                    if as_json:
                        print(json.dumps(_end(run)), flush=True)


def _end(run: Run) -> dict[str, Any]:
    """A run that is over, in plain values."""
    last = run.history[-1]._asdict() if run.history else {}
    return {"key": run.key, "status": run.status, **last, **({"error": run.error} if run.error else {})}


def _stop(runs: Runs, asked: Sequence[Run]) -> None:
    """Have them keep what they have learnt."""
    for run in asked:
        runs.stop(run.key)
    end = time.monotonic() + SECONDS_TO_STOP
    while any(run.live for run in asked) and time.monotonic() < end:
        time.sleep(SECONDS_BETWEEN_LOOKS)


def _say(grid: Grid, found: dict[tuple[Any, ...], list[Attempt]], as_json: bool) -> None:
    """The table and the sentences."""
    table, sentences = rows(grid, outcomes(grid, found)), [words.replace("**", "") for words in reading(grid, found)]
    if as_json:
        print(json.dumps({"rows": table, "reading": sentences}))
        return
    if table:
        names = list(table[0])
        cells = [names, *([_cell(row[name]) for name in names] for row in table)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        for line in cells:
            print("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)))
    for words in sentences:
        print(words)


def _cell(value: Any) -> str:
    return "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
