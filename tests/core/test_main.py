"""`python -m core` as one types it."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core import checkpoints
from core.config import CNNConfig, MLPConfig
from core.sketch.upload import NO_DIGIT, read
from core.words import percent
from tests.outcome import outcome, run
from tests.strokes import STROKES, drawn, placed

pytestmark = pytest.mark.slow  # each starts processes

ROOT = Path(__file__).parent.parent.parent
SETTINGS = ["--train-size", "2000", "--epochs", "3", "--hidden-units", "16"]
CONFIG = MLPConfig(train_size=2_000, epochs=3, hidden_units=16)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Where these commands keep what they train."""
    return tmp_path_factory.mktemp("weights")


def command(folder: Path, *arguments: str, project: Path = ROOT) -> subprocess.CompletedProcess:
    return subprocess.run(typed(*arguments), cwd=project, env=with_weights(folder), capture_output=True, text=True)


def typed(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "core", *arguments]


def with_weights(folder: Path) -> dict[str, str]:
    return os.environ | {"DIGIT_LAB_WEIGHTS": str(folder)}


def json_lines(result: subprocess.CompletedProcess) -> list[dict]:
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture(scope="module")
def training(folder) -> subprocess.CompletedProcess:
    return command(folder, "train", "mlp", *SETTINGS, "--json")


def test_train_writes_a_json_line_for_each_epoch_and_the_checkpoint(training, folder, digits):
    *epochs, last = json_lines(training)
    saved = checkpoints.load(CONFIG.key, folder)
    assert epochs == [event._asdict() for event in saved.history]
    assert last["key"] == CONFIG.key
    assert last["test_accuracy"] == saved.test_accuracy
    assert outcome(saved) == outcome(run(CONFIG, digits))


def test_training_again_what_is_trained_takes_no_epoch(training, folder):
    assert [line.get("epoch") for line in json_lines(command(folder, "train", "mlp", *SETTINGS, "--json"))] == [None]


def test_train_says_in_words_what_it_led_to(training, folder):
    result = command(folder, "train", "mlp", *SETTINGS)
    assert result.returncode == 0
    described, scores, _ = result.stdout.splitlines()
    assert described == f"{CONFIG.key}: 2,000 images, batch 64, rate 0.01, 3 epochs, hidden units 16"
    assert scores.startswith("training ")


def test_a_preset_can_be_changed_on_the_way(folder):
    *epochs, last = json_lines(
        command(folder, "train", "cnn", "--preset", "small", "--train-size", "100", "--epochs", "1", "--json")
    )
    assert len(epochs) == 1
    assert last["key"] == CNNConfig(train_size=100, epochs=1).key


def test_an_interrupted_training_goes_on(folder, digits):
    arguments = ["train", "mlp", "--train-size", "1000", "--epochs", "60", "--json"]
    config = MLPConfig(train_size=1_000, epochs=60)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(typed(*arguments), cwd=ROOT, env=with_weights(folder), **pipes) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, words = process.communicate()
    assert process.returncode == 130
    assert words == "python -m core: interrupted. The same command goes on from here.\n"
    first = len(checkpoints.load(config.key, folder).history) + 1
    *epochs, _ = json_lines(command(folder, *arguments))
    assert [line["epoch"] for line in epochs] == list(range(first, 61))
    assert outcome(checkpoints.load(config.key, folder)) == outcome(run(config, digits))


def test_evaluate_gives_both_parts_with_their_intervals(training, folder):
    validation, test = json_lines(command(folder, "evaluate", CONFIG.key, "--json"))
    *_, last_epoch, end = json_lines(training)
    assert (validation["part"], test["part"]) == ("validation", "test")
    assert validation["accuracy"] == last_epoch["val_accuracy"]
    assert validation["loss"] == pytest.approx(last_epoch["val_loss"])
    assert test["accuracy"] == end["test_accuracy"]
    assert test["low"] < test["accuracy"] < test["high"]


@pytest.mark.parametrize("look", ["white on black", "black on white, large"])
def test_predict_reads_a_picture_of_a_digit(look, training, folder, digits, tmp_path):
    digit = digits.x_test[0]
    assert digits.y_test[0] == 7
    if look == "black on white, large":
        digit = 255 - np.pad(digit, 30).repeat(5, axis=0).repeat(5, axis=1)
    Image.fromarray(digit).save(tmp_path / "seven.png")
    (answer,) = json_lines(command(folder, "predict", CONFIG.key, str(tmp_path / "seven.png"), "--json"))
    assert answer["digit"] == 7
    assert answer["digit"] == int(np.argmax(answer["probabilities"]))
    assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5)
    in_words = command(folder, "predict", CONFIG.key, str(tmp_path / "seven.png"))
    assert in_words.stdout.startswith("7, with a probability of ")


def test_predict_reads_several_digits_one_by_one(training, folder, tmp_path):
    row = np.hstack([drawn(placed(STROKES[digit], 20, 20, 100), 140, 9) for digit in (7, 1, 0)])
    Image.fromarray(255 - row).save(tmp_path / "row.png")
    answers = json_lines(command(folder, "predict", CONFIG.key, str(tmp_path / "row.png"), "--json"))
    found = read((tmp_path / "row.png").read_bytes()).parts
    probs = checkpoints.load(CONFIG.key, folder).model.predict_proba(np.stack([part.image for part in found]))
    assert [answer["digit"] for answer in answers] == probs.argmax(axis=1).tolist()
    assert len(answers) == 3
    in_words = command(folder, "predict", CONFIG.key, str(tmp_path / "row.png")).stdout.splitlines()
    for line, one in zip(in_words, probs, strict=True):
        assert line == f"{one.argmax()}, with a probability of {percent(one.max())}"


def test_predict_finds_no_digit_on_a_blank_page_and_says_what_the_page_says(training, folder, tmp_path):
    path = tmp_path / "blank.png"
    for blank in (np.full((200, 150), 255, np.uint8), np.full((200, 150), 40_000, np.uint16)):
        Image.fromarray(blank).save(path)
        for json_too in ([], ["--json"]):
            result = command(folder, "predict", CONFIG.key, str(path), *json_too)
            assert result.returncode == 1
            assert result.stdout == ""
            assert result.stderr == f"python -m core: {path}: {NO_DIGIT}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "required: COMMAND"),
        (["learn"], "invalid choice: 'learn'"),
        (["train"], "required: NETWORK"),
        (["train", "mlp", "--epochs", "ten"], "invalid int value: 'ten'"),
        (["train", "mlp", "--epochs", "0"], "Epochs must be a whole number from 1 to 200, not 0."),
        (["train", "mlp", "--activation", "swish"], "Activation must be one of sigmoid, tanh, relu, not “swish”."),
        (["train", "mlp", "--dropout", "0.5"], "unrecognized arguments: --dropout 0.5"),
        (["evaluate", "mlp-0123456789"], "mlp-0123456789 is not trained here. Trained: "),
        (["evaluate", "../secret"], "“../secret” is not the key of a run."),
        (["predict", CONFIG.key, "missing.png"], "missing.png cannot be read as a picture"),
        (["predict", CONFIG.key, "core/__main__.py"], "core/__main__.py cannot be read as a picture"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_arguments_that_cannot_be_used_get_one_line_and_exit_code_2(arguments, words, training, folder):
    result = command(folder, *arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_missing_data_file_gets_one_line_and_exit_code_1(folder, tmp_path):
    shutil.copytree(ROOT / "core", tmp_path / "core")
    result = command(folder, "train", "mlp", project=tmp_path)
    assert result.returncode == 1
    assert "data/mnist.npz is missing. Restore it with" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command_line", [["train", "mlp", "--epochs", "200"], ["pretrain"]])
def test_nothing_is_trained_that_could_not_be_kept(command_line, tmp_path):
    place = tmp_path / "weights"
    place.touch()
    result = command(place, *command_line, "--json")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "python -m core: Nothing can be kept in the folder weights (a file is in its place).\n"


def test_nothing_is_trained_that_a_disk_has_no_room_for(tmp_path):
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", tmp_path], capture_output=True)
    if mounted.returncode:
        pytest.skip("no right to mount a small disk")
    try:
        result = command(tmp_path, "train", "mlp", "--epochs", "200", "--json")
        assert (result.returncode, result.stdout) == (1, "")
        assert result.stderr.endswith(" (No space left on device).\n")
        assert result.stderr.count("\n") == 1
        assert list(tmp_path.iterdir()) == []
    finally:
        subprocess.run(["umount", tmp_path], check=True)


def test_a_reader_who_has_read_enough_ends_the_training_quietly_and_what_was_learnt_is_kept(tmp_path):
    words = " ".join(typed("train", "mlp", "--train-size", "1000", "--epochs", "200", "--json"))
    script = f"{words} | head -1; echo ${{PIPESTATUS[0]}}"
    result = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=with_weights(tmp_path), capture_output=True, text=True, timeout=100
    )
    first, code = result.stdout.splitlines()
    assert json.loads(first)["epoch"] == 1
    assert (code, result.stderr) == ("141", "")
    (key,) = checkpoints.keys(tmp_path)
    assert 1 <= len(checkpoints.load(key, tmp_path).history) < 200


@pytest.mark.parametrize("words", [["evaluate"], ["evaluate", "--json"]])
def test_a_reader_who_reads_nothing_hears_nothing(words, training, folder):
    script = f"{' '.join(typed(words[0], CONFIG.key, *words[1:]))} | true; echo ${{PIPESTATUS[0]}}"
    result = subprocess.run(["bash", "-c", script], cwd=ROOT, env=with_weights(folder), capture_output=True, text=True)
    assert (result.stdout, result.stderr) == ("141\n", "")


def test_what_is_trained_already_keeps_its_facts(training, folder):
    path = checkpoints.path_of(CONFIG.key, folder)
    before = path.read_bytes()
    json_lines(command(folder, "train", "mlp", *SETTINGS, "--json"))
    assert path.read_bytes() == before
