"""`python -m core search` as one types it."""

import json
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from core import checkpoints
from core.config import CNNConfig, MLPConfig
from tests.core.test_main import ROOT, command, json_lines, typed, with_weights
from tests.outcome import outcome, run

pytestmark = pytest.mark.slow  # each starts processes

SHARED = MLPConfig(train_size=500, epochs=3, hidden_units=16)
TYPED = ["--train-size", "500", "--epochs", "3", "--hidden-units", "16"]
GRID = ["search", "mlp", "learning_rate=0.005,0.02", "batch-size=8,64", "--seeds", "2", *TYPED]
CONFIGS = [
    replace(SHARED, learning_rate=rate, batch_size=size, seed=seed)
    for rate in (0.005, 0.02)
    for size in (8, 64)
    for seed in (0, 1)
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("searched")


@pytest.fixture(scope="module")
def searched(folder) -> list[dict]:
    return json_lines(command(folder, *GRID, "--json"))


def test_it_trains_every_value_with_every_seed_as_train_would(searched, folder, digits):
    *ends, _ = searched
    assert {end["key"] for end in ends} == {config.key for config in CONFIGS} == {*checkpoints.keys(folder)}
    for config in CONFIGS[:2]:
        alone = run(config, digits)
        assert outcome(checkpoints.load(config.key, folder)) == outcome(alone)
        (end,) = [end for end in ends if end["key"] == config.key]
        assert end["val_accuracy"] == alone.history[-1].val_accuracy


def test_its_table_has_the_means_over_the_seeds_and_its_reading_names_the_highest(searched, folder):
    found = searched[-1]
    for row in found["rows"]:
        config = replace(SHARED, learning_rate=row["Learning rate"], batch_size=row["Batch size"])
        ends = [checkpoints.summary(replace(config, seed=seed).key, folder).history[-1] for seed in (0, 1)]
        assert row["Validation %"] == pytest.approx(50 * sum(end.val_accuracy for end in ends), abs=0.006)
        assert row["Seeds"] == 2
    assert len(found["rows"]) == 4
    best = max(found["rows"], key=lambda row: row["Validation %"])
    assert f"with rate {best['Learning rate']:g} at batch {best['Batch size']}" in found["reading"][0]
    assert "**" not in found["reading"][0]


def test_what_is_trained_is_not_trained_again_and_said_in_words(searched, folder):
    before = {key: checkpoints.path_of(key, folder).read_bytes() for key in checkpoints.keys(folder)}
    result = command(folder, *GRID)
    assert (result.returncode, result.stderr) == (0, "")
    head, *lines = result.stdout.splitlines()
    assert head.split("  ")[0] == "Network"
    assert len(lines) == 5
    assert {key: checkpoints.path_of(key, folder).read_bytes() for key in before} == before


def test_an_interrupted_search_goes_on_and_trains_no_run_twice(tmp_path, digits):
    arguments = ["search", "mlp", "batch_size=8,16,32,64", "--train-size", "2000", "--epochs", "60", "--json"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(typed(*arguments), cwd=ROOT, env=with_weights(tmp_path), **pipes) as process:
        first = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        rest, words = process.communicate(timeout=100)
    assert process.returncode == 130
    assert words.endswith("python -m core: interrupted. The same command goes on from here.\n")
    done = {first["key"], *(json.loads(line)["key"] for line in rest.splitlines())}
    ended = {key: checkpoints.path_of(key, tmp_path).read_bytes() for key in done}
    *ends, found = json_lines(command(tmp_path, *arguments))
    assert {end["key"] for end in ends}.isdisjoint(done)
    assert {key: checkpoints.path_of(key, tmp_path).read_bytes() for key in done} == ended
    assert [row["Batch size"] for row in found["rows"]] == [8, 16, 32, 64]
    slowest = MLPConfig(train_size=2_000, epochs=60, batch_size=8)
    assert outcome(checkpoints.load(slowest.key, tmp_path)) == outcome(run(slowest, digits))


def test_the_usual_values_and_both_networks(tmp_path):
    *ends, found = json_lines(command(tmp_path, "search", "both", "epochs=1,2", "--train-size", "100", "--json"))
    keys = {network(train_size=100, epochs=epochs).key for network in (MLPConfig, CNNConfig) for epochs in (1, 2)}
    assert {end["key"] for end in ends} == keys
    assert [row["Network"] for row in found["rows"]] == ["MLP", "MLP", "CNN", "CNN"]
    *ends, _ = json_lines(
        command(tmp_path, "search", "mlp", "activation", "--train-size", "100", "--epochs", "1", "--json")
    )
    assert len(ends) == 2, "sigmoid was trained by the first"


def test_one_that_diverges_is_said_to_and_the_others_are_compared(tmp_path):
    arguments = ["search", "cnn", "learning_rate=0.01,1", "--train-size", "500", "--epochs", "3"]
    *ends, found = json_lines(command(tmp_path, *arguments, "--json"))
    assert sorted(end["status"] for end in ends) == ["done", "failed"]
    assert [row["Learning rate"] for row in found["rows"]] == [0.01]
    assert "With rate 1 it diverged." in found["reading"][0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["mlp"], "required: setting"),
        (["mlp", "speed"], "There is no setting called “speed”. There are train_size, "),
        (["mlp", "dropout"], "Dropout is no setting of the MLP"),
        (["mlp", "learning_rate=fast,slow"], "Learning rate must be a number from 1e-05 to 1.0, not “fast”."),
        (["mlp", "learning_rate=0.1"], "Choose 2 to 8 different values of the learning rate."),
        (["mlp", "epochs=1,2", "epochs=3,4"], "Choose one setting, or two different ones."),
        (["mlp", "epochs=1,2", "--epochs", "3"], "Epochs is varied: it cannot be the same in all runs."),
        (["mlp", "epochs=1,2", "--dropout", "0.5"], "Dropout is no setting of the MLP."),
        (["mlp", "epochs=1,2", "--seeds", "9"], "The number of seeds must be a whole number from 1 to 5, not 9."),
        (["mlp", "epochs", "hidden_units", "--seeds", "5"], "runs, and at most 60 fit into one comparison"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_arguments_that_cannot_be_used_get_one_line_and_exit_code_2(arguments, words, folder):
    result = command(folder, "search", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


ALL = ["search", "mlp", "all", "learning_rate=0.005,0.05", "batch_size", "--train-size", "200", "--epochs", "3"]


def test_all_settings_are_searched_within_limits_and_what_is_there_is_not_trained_again(tmp_path):
    *ends, found = json_lines(
        command(tmp_path, *ALL, "--runs", "4", "--sampler", "random", "--pruner", "none", "--json")
    )
    assert [end["run"] for end in sorted(ends, key=lambda end: end["run"])] == [1, 2, 3, 4]
    assert {end["key"] for end in ends} == {row["Key"] for row in found["rows"]} == {*checkpoints.keys(tmp_path)}
    for row in found["rows"]:
        config = replace(
            MLPConfig(train_size=200, epochs=3), learning_rate=row["Learning rate"], batch_size=row["Batch size"]
        )
        assert config.key == row["Key"]
        assert 0.005 <= config.learning_rate <= 0.05
        assert 16 <= config.batch_size <= 256
    assert found["ended"] == "runs"
    assert "there are 4." in found["reading"][-1]
    result = command(tmp_path, *ALL, "--runs", "4", "--sampler", "random", "--pruner", "none")
    best = max(found["rows"], key=lambda row: row["Validation %"])
    assert (result.returncode, result.stdout.split()[:2]) == (0, [str(best["Run"]), f"{best['Validation %']:.2f}%"])
    assert len(checkpoints.keys(tmp_path)) == 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["both", "all"], "A search over all settings is of one network: mlp or cnn."),
        (["mlp", "all", "--dropout", "0.5"], "Dropout is no setting of the MLP."),
        (["mlp", "all", "dropout"], "Dropout is no setting of the MLP"),
        (["mlp", "all", "speed"], "There is no setting called “speed”."),
        (
            ["mlp", "all", "batch_size=8,64", "--batch-size", "8"],
            "Batch size is searched: it cannot be the same in all runs.",
        ),
        (["mlp", "all", "--runs", "201"], "Runs must be a whole number from 2 to 200, not 201."),
        (["mlp", "all", "--sampler", "grid"], "invalid choice: 'grid'"),
        (["mlp", "epochs", "--runs", "5"], "--runs is said of a search over all settings"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_arguments_of_a_search_over_all_settings_that_cannot_be_used_get_one_line(arguments, words, folder):
    result = command(folder, "search", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
