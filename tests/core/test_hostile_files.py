"""Files that nobody honest would put among the runs: each is refused in a sentence, soon, and takes nothing with it."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from core import checkpoints
from core.config import MLPConfig
from core.files.archive import CheckpointError
from core.runs.registry import Registry
from tests import hostile

ROOT = Path(__file__).parent.parent.parent
REFUSED = {f"is {kind}": forge for kind, forge in hostile.BYTES.items()} | {
    f"says {kind}": forge for kind, forge in hostile.SAYS.items()
}


@pytest.fixture(scope="module")
def good() -> bytes:
    return checkpoints.dumps(hostile.sound(hostile.config_of(0)))


@pytest.mark.slow
@pytest.mark.parametrize("kind", REFUSED)
def test_a_forged_file_is_refused_in_a_sentence_and_nothing_else(kind, good, tmp_path):
    config, data = hostile.config_of(0), REFUSED[kind](good)
    path = checkpoints.path_of(config.key, tmp_path)
    for read in (checkpoints.load, checkpoints.summary):
        path.write_bytes(data)
        began = time.monotonic()
        said = sentence(read, config.key, tmp_path)
        assert time.monotonic() - began < 5
        if said:
            assert said.startswith(f"{path.name} is no usable run: ")
            assert "\n" not in said
            assert len(said) < 600
            assert not path.exists()
        else:
            assert read is checkpoints.summary, "a damaged array is found when it is read"
    if "another run" not in kind:
        with pytest.raises(CheckpointError):
            checkpoints.loads(data)


def sentence(read, *args) -> str:
    """What a reader says of a file; nothing where it reads it."""
    try:
        read(*args)
    except CheckpointError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("kind", hostile.EXTREME)
def test_what_a_run_can_come_to_at_the_most_is_read(kind, good):
    assert checkpoints.loads(hostile.EXTREME[kind](good)).done


@pytest.mark.parametrize("kind", hostile.NO_FILES)
def test_what_is_no_file_is_not_opened_and_said_to_be_none(kind, tmp_path):
    config = hostile.config_of(0)
    hostile.NO_FILES[kind](checkpoints.path_of(config.key, tmp_path))
    for read in (checkpoints.load, checkpoints.summary, checkpoints.newest_bytes):
        if kind == "a link to nothing":
            with pytest.raises(FileNotFoundError):
                checkpoints.summary(config.key, tmp_path)
        elif "of the system's" not in kind:  # which is a file, though of no bytes
            assert "cannot be read" in sentence(read, config.key, tmp_path)
    runs = Registry(tmp_path)
    assert runs.find(config.key) is None
    assert len(runs.left_out()) == (kind != "a link to nothing")


@pytest.mark.slow
def test_a_list_of_runs_leaves_out_what_cannot_be_read_and_says_so(good, tmp_path):
    checkpoints.write(hostile.config_of(0).key, good, tmp_path)
    planted = hostile.plant(tmp_path)
    runs = Registry(tmp_path)
    listed = {run.key for run in runs.all()} - {hostile.config_of(0).key}
    sayings = {what for key, what in planted.items() if key in listed}
    assert {f"may say {kind}" for kind in hostile.EXTREME} <= sayings
    assert not {f"says {kind}" for kind in hostile.SAYS} & sayings
    # What its description does not tell is found when its weights are asked for.
    for key in listed:
        run = runs.find(key)
        try:
            runs.load(key, run.state_id)
        except RuntimeError:
            assert planted[key].startswith("is "), planted[key]
    left_out = " ".join(runs.left_out())
    refused = {key for key, what in planted.items() if what.startswith(("is ", "says ")) and "to nothing" not in what}
    assert not {key for key in refused if key not in left_out}
    assert {run.key for run in runs.all()} == {key for key, what in planted.items() if what.startswith("may")} | {
        hostile.config_of(0).key
    }


def test_a_file_that_is_cleared_up_or_trained_again_is_left_out_no_more(good, tmp_path):
    config, runs = hostile.config_of(0), Registry(tmp_path)
    path = checkpoints.path_of(config.key, tmp_path)
    path.mkdir()
    assert runs.all() == []
    assert len(runs.left_out()) == 1
    path.rmdir()
    assert runs.find(config.key) is None
    assert runs.left_out() == []
    path.write_bytes(b"404: Not Found")
    assert runs.find(config.key) is None
    assert len(runs.left_out()) == 1, "it lies beside its place"
    path.write_bytes(good)
    assert runs.find(config.key) is not None
    assert runs.left_out() == []


@pytest.mark.slow
def test_no_forged_file_takes_more_than_256_MB(tmp_path):
    hostile.plant(tmp_path)
    script = (
        "import resource, sys; from pathlib import Path; import torch; import core.cnn\n"
        "from core.runs.registry import Registry\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "runs = Registry(Path(sys.argv[1]))\n"
        "for run in runs.all():\n"
        "    try: runs.load(run.key, run.state_id)\n"
        "    except RuntimeError: pass\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(result.stdout) < 256 * 1024  # kB


# What is uploaded ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("kind", REFUSED)
def test_a_forged_upload_is_refused_and_changes_nothing(kind, good, tmp_path):
    runs = Registry(tmp_path)
    if "another run" in kind:
        return  # it is a sound run of other settings
    with pytest.raises(CheckpointError):
        runs.upload(REFUSED[kind](good))
    assert list(tmp_path.iterdir()) == []


def test_an_upload_is_marked_whatever_it_says_of_itself_and_for_the_next_server_too(good, tmp_path):
    for claim in ({}, {"origin": "checked", "finding": "Checked: it is perfect."}, {"origin": None}):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        run = Registry(folder).upload(hostile.about(**claim)(good))
        assert (run.origin, run.saved.about.get("finding")) == ("uploaded", None)
        again = Registry(folder).find(run.key)
        assert again.origin == "uploaded"


def test_what_was_trained_here_and_deleted_comes_back_without_a_mark(good, tmp_path):
    runs = Registry(tmp_path)
    key = hostile.config_of(0).key
    checkpoints.write(key, good, tmp_path)
    data = runs.delete(key)
    assert runs.restore(data).origin == ""
    uploaded = Registry(tmp_path / "other").upload(good)
    assert uploaded.origin == "uploaded"
    other = Registry(tmp_path / "other")
    assert other.restore(other.delete(key)).origin == "uploaded"


def stopped() -> bytes:
    checkpoint = hostile.sound(hostile.config_of(0))
    checkpoint.history.pop()
    del checkpoint.snapshots[2]
    checkpoint.test_accuracy = None
    return checkpoints.dumps(checkpoint)


def test_an_upload_never_takes_the_place_of_a_run_that_was_stopped_here(good, tmp_path):
    key, runs, part = hostile.config_of(0).key, Registry(tmp_path), stopped()
    checkpoints.write(key, part, tmp_path)
    mine = runs.find(key)
    assert mine.status == "stopped"
    assert runs.upload(good) is mine
    assert checkpoints.read_bytes(key, tmp_path) == part
    mine.status = "failed"  # with a state to go on from
    assert runs.upload(good) is mine
    assert checkpoints.read_bytes(key, tmp_path) == part


def test_a_finished_upload_takes_the_place_of_an_unfinished_one(good, tmp_path):
    runs = Registry(tmp_path)
    assert runs.upload(stopped()).status == "stopped"
    assert (runs.upload(good).status, runs.find(hostile.config_of(0).key).origin) == ("done", "uploaded")


def test_nobodys_estimate_rests_on_an_upload(good, tmp_path):
    runs = Registry(tmp_path)
    runs.upload(hostile.EXTREME["a year of training"](good))
    assert runs.finished() == []
    assert [run.status for run in runs.all()] == ["done"]


@pytest.mark.slow
def test_an_upload_of_a_presets_settings_does_not_come_with_the_project(tmp_path):
    runs = Registry(tmp_path)
    run = runs.upload(checkpoints.dumps(hostile.sound(MLPConfig(train_size=2_000))))
    assert not run.committed
    runs.delete(run.key)
    assert runs.all() == []
