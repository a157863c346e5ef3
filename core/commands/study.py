"""python -m core search mlp all: a search over all settings, without a browser. The same command goes on where it was."""

import argparse
import json
from dataclasses import replace
from typing import Any

from tqdm import tqdm

from core import checkpoints
from core.config import NETWORKS
from core.files.folder import FolderError
from core.host.hosting import hosting
from core.kinds import SettingsError, label
from core.runs import Runs
from core.search.grid import QUICK, SETTINGS, alike, read_values, settings
from core.search.importance import importances
from core.search.study import PRUNERS, SAMPLERS, Span, Study, checked, usual_space, usual_span
from core.search.study_reading import importance_words, study_reading
from core.search.trials import TOP, Found, Trial, rows
from core.studies.driver import Driver, gone_through

OPTIONS = ("runs", "minutes", "sampler", "pruner", "seed")


def add(one: argparse.ArgumentParser) -> None:
    """Add what is said of a search over all settings to the command."""
    found = {spec.name: spec for spec in Study.__dataclass_fields__.values()}
    for name in OPTIONS:
        limits, default = found[name].metadata["limits"], found[name].default
        kind: dict[str, Any] = {"choices": {"sampler": SAMPLERS, "pruner": PRUNERS}.get(name)}
        kind |= {} if kind["choices"] else {"type": int}
        one.add_argument(f"--{name}", help=f"of a search over all settings; {limits}; {default} by default", **kind)


def study_of(options: argparse.Namespace) -> Study:
    """What was typed as a search over all settings. Raises SettingsError, one sentence, for what is none."""
    if options.network not in NETWORKS:
        raise SettingsError("A search over all settings is of one network: mlp or cnn.")
    given = {name: getattr(options, name) for name in SETTINGS if getattr(options, name) is not None}
    for name in given:
        if name not in settings(NETWORKS[options.network]):
            raise SettingsError(f"{label(name)} is no setting of the {options.network.upper()}.")
    spans = [_span(text) for text in options.setting if text != "all"]
    for span in spans:
        if span.setting in given:
            raise SettingsError(f"{label(span.setting)} is searched: it cannot be the same in all runs.")
    space = spans or [span for span in usual_space(options.network) if span.setting not in given]
    texts = {name: str(value) for name, value in QUICK.items()} | given
    (shared,) = alike([options.network], {name: read_values(name, [text])[0] for name, text in texts.items()})
    own = {name: getattr(options, name) for name in OPTIONS if getattr(options, name) is not None}
    return Study(shared=shared, space=tuple(space), **own)


def _span(text: str) -> Span:
    """A setting as one types it: "batch_size=16,64" between these, "batch_size" between its usual ends."""
    typed, given, values = text.partition("=")
    name = typed.replace("-", "_")
    if name not in SETTINGS:
        raise SettingsError(f"There is no setting called “{typed[:40]}”. There are {', '.join(SETTINGS)}.")
    return checked(Span(name, read_values(name, values.split(",")))) if given else usual_span(name)


def study_command(options: argparse.Namespace) -> None:
    """Go through a search, and say what came of it."""
    study = study_of(options)
    checkpoints.require_room([study.shared])
    runs = Runs(checkpoints.FOLDER, host=replace(hosting(), mirror=""))
    try:
        driver = _watched(study, runs, options.json)
    finally:
        runs.close()
    if driver.error:
        raise FolderError(driver.error)
    _say(study, driver.found, options.json)


def _watched(study: Study, runs: Runs, as_json: bool) -> Driver:
    """Go through it with a bar, or a line of JSON for each run that is over."""
    said: set[int] = set()
    with tqdm(total=study.runs, unit=" runs", disable=as_json) as bar:

        def watch(driver: Driver) -> None:
            over = [trial for trial in driver.found.trials if trial.state != "open"]
            if len(over) > bar.n:
                best = driver.found.best
                bar.set_postfix({"best": f"{best.accuracy:.2%}"} if best else {}, refresh=False)
                bar.update(len(over) - bar.n)
            for trial in over:
                if as_json and trial.number not in said:
                    said.add(trial.number)
                    print(json.dumps(_plain(trial)), flush=True)

        driver = gone_through(study, runs, watch)
        watch(driver)
    return driver


def _plain(trial: Trial) -> dict[str, Any]:
    """A run that is over, in plain values."""
    return {
        "run": trial.number,
        "key": trial.config.key,
        "state": trial.state,
        "epochs": len(trial.accuracies),
        "val_accuracy": trial.accuracy,
    }


def _say(study: Study, found: Found, as_json: bool) -> None:
    """The best ten, the sentences, and what matters."""
    finished = found.ranked()
    matter = importances(study, tuple(sorted(finished)))
    words = [*study_reading(study, found), importance_words(matter, len(finished))]
    sentences = [sentence.replace("**", "") for sentence in words]
    if as_json:
        shown = {"search": study.key, "ended": found.ended, "rows": rows(study, found.trials), "reading": sentences}
        print(json.dumps({**shown, "importance": [one._asdict() for one in matter]}))
        return
    for trial in finished[:TOP]:
        print(f"{trial.number:>3}  {trial.accuracy:.2%}  {trial.config.key}  {study.words(trial.config)}")
    for sentence in sentences:
        print(sentence)
    if found.ended == "time":
        print("The minutes are over: the same command goes on from here.")
