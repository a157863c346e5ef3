"""Who asks for the runs of a search, counts them and stops what is hopeless."""

import json
import random
import signal
import subprocess
from dataclasses import replace

import optuna
import psutil
import pytest

from core import checkpoints
from core.config import MLPConfig
from core.files.folder import MACHINE
from core.host.hosting import Hosting
from core.runs import Run, RunError
from core.runs.rules import Asker
from core.search import journal
from core.search.study import Span, Study
from core.studies import driver as driving
from core.studies.driver import Driver
from core.studies.searches import PER_VISITOR, Searches
from tests.core.studies.made import Made, accuracy
from tests.core.test_main import ROOT, command, json_lines, typed, with_weights
from tests.waiting import wait_until

RATE, BATCH = Span("learning_rate", (0.001, 0.1)), Span("batch_size", (8, 128))
WORDS = Span("activation", ("sigmoid", "tanh", "relu"))
SHARED = MLPConfig(train_size=300, epochs=6, hidden_units=16)


def study(**changes) -> Study:
    return Study(
        **{"shared": SHARED, "space": (RATE, BATCH, WORDS), "sampler": "random", "runs": 12, "seed": 3, **changes}
    )


def driven(study: Study, runs) -> Driver:
    driver = Driver(study, runs)
    driver.start()
    driver.join(60)
    assert not driver.live
    return driver


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    monkeypatch.setattr(driving, "SECONDS_BETWEEN_LOOKS", 0.002)


@pytest.mark.slow
@pytest.mark.parametrize("pruner", ["none", "median", "hyperband"])
@pytest.mark.parametrize("sampler", ["random", "optuna"])
def test_it_asks_tells_and_prunes_as_optuna_does_asked_directly(sampler, pruner, tmp_path):
    asked = study(sampler=sampler, pruner=pruner, runs=20)
    samplers = {"random": optuna.samplers.RandomSampler, "optuna": optuna.samplers.TPESampler}
    pruners = {
        "none": optuna.pruners.NopPruner(),
        "median": optuna.pruners.MedianPruner(n_startup_trials=5, n_warmup_steps=1),
        "hyperband": optuna.pruners.HyperbandPruner(min_resource=1, max_resource=6, reduction_factor=3),
    }
    directly = optuna.create_study(
        study_name=asked.key, direction="maximize", sampler=samplers[sampler](seed=3), pruner=pruners[pruner]
    )

    def objective(trial: optuna.Trial) -> float:
        batch = trial.suggest_int("batch_size", 8, 128, log=True)  # in the order in which the network has its settings
        rate = trial.suggest_float("learning_rate", 0.001, 0.1, log=True)
        word = trial.suggest_categorical("activation", ["sigmoid", "tanh", "relu"])
        config = replace(SHARED, seed=3, learning_rate=float(f"{rate:.3g}"), batch_size=batch, activation=word)
        trial.set_user_attr("key", config.key)
        if config.learning_rate > Made.TOO_FAST:
            raise ArithmeticError
        for epoch in range(1, 7):
            trial.report(accuracy(config, epoch), epoch - 1)
            if epoch < 6 and trial.should_prune():
                raise optuna.TrialPruned
        return accuracy(config, 6)

    directly.optimize(objective, n_trials=20, catch=ArithmeticError)
    found = driven(asked, Made(tmp_path)).found
    states = {"COMPLETE": "done", "PRUNED": "pruned", "FAIL": "diverged"}
    theirs = [(one.user_attrs["key"], states[one.state.name], len(one.intermediate_values)) for one in directly.trials]
    assert [(one.config.key, one.state, len(one.accuracies)) for one in found.trials] == theirs
    assert (pruner == "none") == ("pruned" not in {state for _, state, _ in theirs})
    assert found.ended == "runs"


def test_it_has_no_more_runs_at_once_than_there_are_workers(tmp_path):
    runs = Made(tmp_path, workers=3)
    assert len(driven(study(), runs).found.trials) == 12
    assert runs.most == 3


def test_what_is_on_the_shelf_counts_and_is_not_trained_again(tmp_path):
    first = Made(tmp_path / "one")
    found = driven(study(), first).found
    second = Made(tmp_path / "two")
    second.runs = {key: run for key, run in first.runs.items() if run.status == "done"}
    again = driven(study(), second).found
    assert [one.config for one in again.trials] == [one.config for one in found.trials]
    assert set(second.started) == {one.config.key for one in found.of("pruned", "diverged")}
    assert found.of("pruned"), "so there was something to train"


def test_one_that_diverges_is_a_failed_run_of_the_search_and_the_search_goes_on(tmp_path):
    found = driven(study(space=(Span("learning_rate", (0.05, 0.5)),), seed=1), Made(tmp_path)).found
    assert {one.state for one in found.trials} >= {"done", "diverged"}
    assert len(found.trials) == 12


def test_settings_that_come_again_are_trained_once_and_a_space_has_its_end(tmp_path):
    runs = Made(tmp_path)
    found = driven(study(space=(WORDS,), pruner="none"), runs).found
    assert sorted(one.config.activation for one in found.trials) == ["relu", "sigmoid", "tanh"]
    assert len(runs.started) == len(set(runs.started)) == 3
    assert found.ended == "space"


@pytest.mark.slow
def test_stopped_it_keeps_what_it_has_and_goes_on_where_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(driving, "SECONDS_BETWEEN_LOOKS", 0.02)
    runs, asked = Made(tmp_path, workers=2), study(runs=30, pruner="none")
    driver = Driver(asked, runs)
    driver.start()
    wait_until(lambda: len(driver.found.of("done")) >= 3)
    driver.stop()
    driver.join(30)
    stopped = driver.found
    assert stopped.ended == "stopped"
    assert 3 <= len(stopped.trials) < 30
    assert not any(run.live for run in runs.runs.values())
    assert journal.read(asked, tmp_path) == stopped
    whole = driven(asked, runs).found
    assert [one.config for one in whole.trials][: len(stopped.trials)] == [one.config for one in stopped.trials]
    assert len({one.config.key for one in whole.trials}) == 30
    # As one that nobody stopped: the sampler went on where it was.
    assert [one.config for one in whole.trials] == [
        one.config for one in driven(asked, Made(tmp_path / "new")).found.trials
    ]


def test_one_that_somebody_stops_is_told_to_be_that_and_nobody_else_s_is_stopped(tmp_path):
    runs, asked = Made(tmp_path), study(runs=2, pruner="none")
    first = asked.config(optuna_s_first(asked))
    runs.runs[first.key] = Run(first, status="training")  # somebody's, who trains it for themselves
    driver = Driver(asked, runs)
    driver.start()
    wait_until(lambda: driver.found.trials)
    driver.stop()
    driver.join(30)
    assert runs.runs[first.key].status == "training"
    driver = Driver(asked, runs)
    driver.start()
    wait_until(lambda: driver.found.trials)
    runs.runs[first.key].status = "stopped"
    driver.join(30)
    assert [one.state for one in driver.found.trials] == ["stopped", "done"]


def optuna_s_first(asked: Study) -> dict:
    scratch = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=asked.seed))
    return scratch.ask(journal.space_of(asked)).params


def test_a_run_that_has_no_place_waits_and_says_so(tmp_path, monkeypatch):
    runs = Made(tmp_path)
    start, full = runs.start, [True]

    def refuse(config, visitor=""):
        if full[0]:
            raise RunError("The line is full.")
        return start(config, visitor)

    monkeypatch.setattr(runs, "start", refuse)
    driver = Driver(study(runs=2), runs)
    driver.start()
    wait_until(lambda: driver.notice)
    assert (driver.notice, driver.live) == ("The line is full.", True)
    full[0] = False
    driver.join(30)
    assert (len(driver.found.of("done", "pruned")), driver.notice) == (2, "")


def test_only_one_process_is_at_work_on_a_search(tmp_path):
    runs, asked = Made(tmp_path), study()
    claim = journal.path_of(asked, tmp_path).with_suffix(".claim")
    claim.parent.mkdir()
    child = subprocess.Popen(["sleep", "60"])
    try:
        who = {"machine": MACHINE, "pid": child.pid, "began": psutil.Process(child.pid).create_time()}
        claim.write_text(json.dumps(who))
        assert driven(asked, runs).error == "This search goes on in another process of the same folder."
        assert not runs.started
    finally:
        child.kill()
        child.wait()
    assert driven(asked, runs).error == ""
    assert not claim.exists()


def test_searches_are_limited_and_stopped_by_whoever_started_them(tmp_path):
    runs = Made(tmp_path)
    runs.start = lambda config, visitor="": (_ for _ in ()).throw(RunError("The line is full."))
    searches = Searches(runs)
    try:
        for seed in range(PER_VISITOR):
            searches.start(study(seed=seed), "anna")
        searches.start(study(seed=0), "bert")  # which goes on already: that is no second one
        with pytest.raises(RunError, match="2 of your searches go on already"):
            searches.start(study(seed=9), "anna")
        with pytest.raises(RunError, match="whoever started it"):
            searches.stop(study(seed=0), Asker("bert"))
        assert searches.state(study(seed=0)).live
        searches.stop(study(seed=0), Asker("anna"))
        wait_until(lambda: not searches.state(study(seed=0)).live)
        assert searches.state(study(seed=0)).found.ended == "stopped"
    finally:
        searches.close()
    assert not any(searches.state(study(seed=seed)).live for seed in range(PER_VISITOR))


def test_a_showcase_searches_nothing(tmp_path):
    runs = Made(tmp_path)
    runs.hosting = Hosting(mode="showcase")
    searches = Searches(runs)
    with pytest.raises(RunError, match="showcase"):
        searches.start(study())
    assert not searches.state(study()).begun


@pytest.mark.slow
def test_killed_at_any_moment_it_goes_on_and_no_run_is_trained_twice(tmp_path):
    arguments = ["search", "mlp", "all", "learning_rate=0.005,0.05", "batch_size=8,64", "--runs", "10", "--json"]
    arguments += ["--train-size", "1000", "--epochs", "12", "--hidden-units", "16", "--sampler", "random"]
    killed, ended = 0, {}
    for after in (random.uniform(0.5, 2.5), random.uniform(2.0, 5.0)):  # seconds
        with subprocess.Popen(
            typed(*arguments), cwd=ROOT, env=with_weights(tmp_path), stdout=subprocess.PIPE
        ) as process:
            try:
                process.wait(after)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                killed += 1
        keys = [key for key in checkpoints.keys(tmp_path) if checkpoints.summary(key, tmp_path).done]
        ended |= {key: checkpoints.path_of(key, tmp_path).read_bytes() for key in keys if key not in ended}
    assert killed, "it was over before"
    *_, found = json_lines(command(tmp_path, *arguments))
    rows = found["rows"]
    assert found["ended"] == "runs"
    assert [row["Run"] for row in rows] == list(range(1, 11))
    assert len({row["Key"] for row in rows}) == 10
    assert {row["State"] for row in rows} <= {"finished", "stopped early"}
    assert {*checkpoints.keys(tmp_path)} == {row["Key"] for row in rows}, "and none besides was trained"
    for key, data in ended.items():
        assert checkpoints.path_of(key, tmp_path).read_bytes() == data, "it was not trained again"
    for row in rows:
        if row["State"] == "finished":
            assert row["Epochs"] == 12
            assert row["Validation %"] == pytest.approx(
                100 * checkpoints.summary(row["Key"], tmp_path).history[-1].val_accuracy, abs=0.006
            )
    again = json_lines(command(tmp_path, *arguments))[-1]
    assert again["rows"] == rows, "nothing is left to do"
