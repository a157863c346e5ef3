"""Runs on a real Dask cluster of two workers. Waiting is polling with a generous limit: the machine may be busy."""

import errno
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from core import checkpoints, description
from core.config import PRESETS, CNNConfig, Config, MLPConfig
from core.data import load_digits
from core.files.folder import FolderError
from core.history import EpochEnd
from core.runs import Gone, Run, RunError, Runs, job
from core.training import begin
from tests.outcome import outcome, run
from tests.waiting import wait_until

pytestmark = pytest.mark.slow  # each starts processes

ROOT = Path(__file__).parent.parent.parent.parent
SHORT = MLPConfig(train_size=200, epochs=3)


def endless(seed: int) -> CNNConfig:
    """A run that takes a minute or more."""
    return CNNConfig(train_size=1_000, epochs=200, seed=seed)


def finished(runs: Runs, config: Config) -> Run:
    """The run of these settings, started now, once it is over."""
    started = runs.start(config)
    wait_until(lambda: not started.live)
    return started


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    runs = Runs(tmp_path_factory.mktemp("runs"), workers=2)
    wait_until(runs.ready)
    yield runs
    runs.close()


@pytest.fixture
def runs(server):
    """The server, without anything going on before and after a test."""
    yield server
    for one in server.all():
        server.stop(one.key)
    wait_until(lambda: not any(one.live for one in server.all()))


def test_visitors_who_ask_for_the_same_share_one_training(runs, digits):
    with ThreadPoolExecutor(8) as visitors:
        asked = list(visitors.map(lambda visitor: runs.start(SHORT, str(visitor)), range(8)))
    assert all(one is asked[0] for one in asked)
    wait_until(lambda: not asked[0].live)
    assert asked[0].status == "done"
    assert [event.epoch for event in asked[0].history] == [1, 2, 3]
    assert outcome(checkpoints.load(SHORT.key, runs.folder)) == outcome(run(SHORT, digits))
    assert runs.start(SHORT) is asked[0]  # done is done
    assert runs.find(SHORT.key).summary == checkpoints.summary(SHORT.key, runs.folder)


def test_runs_beyond_the_workers_wait_by_turns(runs):
    first, second = (runs.start(endless(seed), "anna") for seed in (1, 2))
    wait_until(lambda: first.status == second.status == "training")
    anna, anna_later, ben = (
        runs.start(config, visitor)
        for config, visitor in (
            (MLPConfig(train_size=200, epochs=2), "anna"),
            (endless(3), "anna"),
            (endless(4), "ben"),
        )
    )
    assert [one.status for one in (anna, anna_later, ben)] == ["queued"] * 3
    assert [runs.place(one) for one in (ben, anna, anna_later)] == [0, 1, 2]  # two of Anna's have a turn already
    assert runs.all()[0].live

    runs.stop(anna_later.key)
    wait_until(lambda: runs.find(anna_later.key) is None)  # it had not begun
    runs.stop(first.key)
    wait_until(lambda: ben.status == "training")
    assert anna.status == "queued"
    assert runs.place(anna) == 0
    runs.stop(ben.key)
    wait_until(lambda: anna.status == "done")


def test_a_stopped_run_goes_on_bit_for_bit(runs, digits):
    config = CNNConfig(train_size=500, epochs=6)
    stopped = runs.start(config)
    wait_until(lambda: stopped.progress and stopped.progress.epoch >= 2)
    runs.stop(config.key)
    wait_until(lambda: not stopped.live, seconds=30)  # it is a matter of 0.1 s where nothing else is going on
    assert stopped.status == "stopped"
    assert 1 <= len(stopped.history) < 6
    assert not checkpoints.load(config.key, runs.folder).done

    resumed = runs.start(config)
    assert resumed.history[: len(stopped.history)] == stopped.history  # its curves begin where they ended
    wait_until(lambda: not resumed.live)
    assert resumed.status == "done"
    assert outcome(checkpoints.load(config.key, runs.folder)) == outcome(run(config, digits))


def test_a_late_farewell_to_a_run_does_not_reach_its_next_attempt(runs, monkeypatch):
    from distributed import Client

    send, held, let_go = Client._send_to_scheduler, [], []

    def late(client: Client, message: dict) -> None:
        """Hold what deletes a job's state until the next job is submitted: on a busy machine it may take that long."""
        if message["op"] == "variable_delete":
            held.append(message)
            return
        if message["op"].startswith("update-graph"):
            while held:
                let_go.append(held.pop())
                send(client, let_go[-1])
        send(client, message)

    monkeypatch.setattr(Client, "_send_to_scheduler", late)
    config = MLPConfig(train_size=200, epochs=200, seed=5)
    first = runs.start(config)
    wait_until(lambda: first.history)
    runs.stop(config.key)
    wait_until(lambda: held and not first.live)  # while it still clears up, starting it again finds the same attempt
    second = runs.start(config)
    wait_until(lambda: not second.live, seconds=30)
    assert second.status == "done"
    assert len(let_go) == 1


def test_a_run_survives_the_death_of_every_worker(runs, digits):
    config = MLPConfig(train_size=2_000, epochs=60)
    killed = runs.start(config)
    wait_until(lambda: killed.states > 0)
    assert killed.live, "it was over before its workers could be killed"
    nice = psutil.Process().nice()
    workers = [child for child in psutil.Process().children(recursive=True) if child.nice() > nice]
    assert len(workers) == 2
    for worker in workers:
        worker.kill()
    wait_until(lambda: not killed.live)
    assert killed.status == "done"
    assert [event.epoch for event in killed.history] == list(range(1, 61))
    assert outcome(checkpoints.load(config.key, runs.folder)) == outcome(run(config, digits))


def test_a_run_that_diverges_fails_with_a_sentence(runs):
    settings = {"learning_rate": 1.0, "momentum": 0.99, "dropout": 0.0}
    failed = finished(runs, CNNConfig(train_size=1_000, batch_size=1, **settings))
    assert failed.status == "failed"
    assert failed.error == "Diverged at epoch 1: the learning rate 1.0 is too high for a gradient of 1 image."
    runs.delete(failed.key)
    assert runs.find(failed.key) is None


def test_a_finished_run_can_be_deleted(runs):
    done = finished(runs, MLPConfig(train_size=100, epochs=1))
    assert checkpoints.path_of(done.key, runs.folder).exists()
    runs.delete(done.key)
    assert runs.find(done.key) is None
    assert not checkpoints.path_of(done.key, runs.folder).exists()
    runs.delete(done.key)  # twice does no harm


def test_a_deleted_run_can_be_restored(runs):
    done = finished(runs, MLPConfig(train_size=100, epochs=1, seed=3))
    data = runs.delete(done.key)
    assert runs.find(done.key) is None
    restored = runs.restore(data)
    assert (restored.status, restored.summary) == ("done", done.summary)
    assert runs.find(done.key) is restored


def test_a_finished_run_takes_the_place_of_one_that_was_stopped_and_not_the_other_way_round(runs):
    config = endless(8)
    unfinished = runs.start(config)
    wait_until(lambda: unfinished.history)
    runs.stop(config.key)
    wait_until(lambda: not unfinished.live)
    part = checkpoints.path_of(config.key, runs.folder).read_bytes()
    whole = begin(config, load_digits())
    whole.history = [EpochEnd(epoch, 1.0, 0.5, 0.5, 0.01, 1.0, 1.0) for epoch in range(1, config.epochs + 1)]
    whole.test_accuracy = 0.5
    whole.about = description.about(whole.model)
    data = checkpoints.dumps(whole)

    assert runs.restore(part) is unfinished, "it is there already"
    restored = runs.restore(data)
    assert (restored.status, len(restored.history)) == ("done", config.epochs)
    assert runs.find(config.key) is restored
    assert runs.restore(part) is restored
    assert checkpoints.path_of(config.key, runs.folder).read_bytes() == data


def test_what_is_no_run_is_not_restored(runs):
    before = checkpoints.keys(runs.folder)
    with pytest.raises(checkpoints.CheckpointError):
        runs.restore(b"404: Not Found")
    assert checkpoints.keys(runs.folder) == before


def test_a_run_goes_on_until_its_last_watcher_leaves(runs):
    watched = runs.start(endless(7), "anna")
    assert runs.start(watched.config, "ben") is watched
    wait_until(lambda: watched.status == "training")
    watched.watch("ben")  # a look counts for ten seconds
    runs.leave(watched.key, "anna")
    told = len(watched.events)
    wait_until(
        lambda: len(watched.events) > told + 3
    )  # a run that has been told to stop says no more than a word or two
    runs.leave(watched.key, "ben")
    wait_until(lambda: watched.status == "stopped")


def test_a_live_run_cannot_be_deleted(runs):
    live = runs.start(endless(5))
    with pytest.raises(RunError, match="still going on: stop it first"):
        runs.delete(live.key)
    assert runs.find(live.key) is live


def test_the_presets_runs_cannot_be_deleted(runs, digits):
    path = checkpoints.save(begin(PRESETS["MLP small"], digits), runs.folder)
    with pytest.raises(RunError, match="comes with the project and stays"):
        runs.delete(path.stem)
    assert path.exists()


def test_a_damaged_file_counts_as_untrained_and_is_trained_again(runs):
    config = MLPConfig(train_size=100, epochs=1, seed=1)
    checkpoints.write(config.key, b"404: Not Found", runs.folder)
    assert runs.find(config.key) is None
    assert "is no usable run" in runs.damaged[config.key]
    assert finished(runs, config).status == "done"


def test_a_stopped_run_with_damaged_weights_can_be_trained_again(runs, digits):
    config = MLPConfig(train_size=100, epochs=1, seed=2)
    data = bytearray(checkpoints.dumps(begin(config, digits)))
    data[data.index(b"model.w1.npy") + 1_000] ^= 0xFF  # its description is intact, its weights are not
    checkpoints.write(config.key, bytes(data), runs.folder)
    finished(runs, config)  # may find it out, and fail
    assert finished(runs, config).status == "done"


def test_a_state_that_was_trained_further_or_deleted_is_gone_in_a_sentence(runs):
    config = CNNConfig(train_size=500, epochs=6, seed=3)
    stopped = runs.start(config)
    wait_until(lambda: stopped.history)
    runs.stop(config.key)
    wait_until(lambda: not stopped.live)
    before = stopped.state_id
    assert len(runs.load(config.key, before).history) == len(stopped.history)
    done = finished(runs, config)
    assert done.state_id != before
    assert runs.load(config.key, done.state_id).done
    with pytest.raises(Gone, match=r"^The run \S+ was deleted, or trained further, since this page was opened\.$"):
        runs.load(config.key, before)
    runs.delete(config.key)
    with pytest.raises(Gone):
        runs.load(config.key, done.state_id)


def test_a_run_stopped_twice_within_an_epoch_is_in_two_states(runs):
    config = MLPConfig(train_size=50_000, batch_size=1, epochs=200, seed=4)
    identities = []
    for _ in range(2):
        stopped = runs.start(config)
        wait_until(lambda now=stopped: now.progress and now.progress.step > 100)
        runs.stop(config.key)
        wait_until(lambda now=stopped: not now.live)
        identities.append((len(stopped.history), stopped.state_id))
    assert identities[0][0] == identities[1][0] == 0
    assert identities[0][1] != identities[1][1]


def test_a_run_whose_file_has_gone_is_found_no_more(runs):
    done = finished(runs, MLPConfig(train_size=100, epochs=1, seed=4))
    checkpoints.delete(done.key, runs.folder)
    with pytest.raises(Gone):
        runs.load(done.key, done.state_id)
    assert runs.find(done.key) is None


def test_a_run_that_turns_out_to_be_damaged_is_found_no_more(runs):
    done = finished(runs, MLPConfig(train_size=100, epochs=1, seed=5))
    path = checkpoints.path_of(done.key, runs.folder)
    data = bytearray(path.read_bytes())
    data[data.index(b"model.w1.npy") + 1_000] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(Gone, match=r"is no usable run: .+ It was moved to .+; train the run again\."):
        runs.load(done.key, done.state_id)
    assert runs.find(done.key) is None
    assert "is no usable run" in runs.damaged[done.key]


@pytest.fixture
def unwritable(runs, tmp_path, monkeypatch):
    """The server, with a file in its folder's place."""
    place = tmp_path / "weights"
    place.touch()
    monkeypatch.setattr(runs, "folder", place)
    return runs


def test_a_run_that_could_not_be_kept_is_not_begun(unwritable):
    failed = finished(unwritable, MLPConfig(train_size=50_000, epochs=200, seed=6))
    assert failed.status == "failed"
    assert failed.error == "Nothing can be kept in the folder weights (a file is in its place)."
    assert failed.first_word is None, "nothing was learnt in vain"
    unwritable.delete(failed.key)
    assert unwritable.find(failed.key) is None


def test_a_run_that_cannot_be_kept_says_so_at_once_goes_on_and_is_kept_when_there_is_room(runs, monkeypatch, caplog):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    config = MLPConfig(train_size=5_000, epochs=20, seed=7)
    monkeypatch.setattr(job, "SECONDS_BETWEEN_FILES", 0.1)
    live = runs.start(config)
    wait_until(lambda: live.status == "training")
    sentence = f"Nothing can be kept in the folder {runs.folder.name} (No space left on device)."
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        wait_until(lambda: live.unsaved)
        assert live.unsaved == sentence
        wait_until(lambda: not live.live)
        assert (live.status, live.unsaved) == ("done", sentence)
        assert len(live.history) == 20
        assert runs.load(config.key, live.state_id).done, "it can be looked at"
        runs.keep_what_was_left()
        assert live.unsaved == sentence
        assert sum("is not saved" in record.getMessage() for record in caplog.records) == 1
    with pytest.raises(FileNotFoundError):
        checkpoints.summary(config.key, runs.folder)
    runs.keep_what_was_left()
    assert (live.unsaved, live.state) == ("", b"")
    assert checkpoints.summary(config.key, runs.folder) == live.summary
    assert outcome(runs.load(config.key, live.state_id)) == outcome(run(config, load_digits()))


def test_a_run_that_was_stopped_without_room_goes_on_from_memory(runs, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    config = MLPConfig(train_size=2_000, epochs=100, seed=9)
    stopped = runs.start(config)
    wait_until(lambda: stopped.status == "training")
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        wait_until(lambda: stopped.history)
        runs.stop(config.key)
        wait_until(lambda: not stopped.live)
    assert (stopped.status, bool(stopped.unsaved)) == ("stopped", True)
    known = len(stopped.history)
    monkeypatch.setattr(checkpoints, "newest_bytes", lambda *_: pytest.fail("the file is older"))
    resumed = runs.start(config)
    assert len(resumed.history) == known
    wait_until(lambda: not resumed.live)
    assert (resumed.status, resumed.unsaved) == ("done", "")
    assert checkpoints.summary(config.key, runs.folder).done


def test_a_run_that_cannot_be_deleted_stays(runs, monkeypatch):
    done = finished(runs, MLPConfig(train_size=100, epochs=1, seed=8))

    def read_only(*_, **__):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", read_only)
        with pytest.raises(RunError, match=r"^The run \S+ cannot be deleted \(Read-only file system\)\.$"):
            runs.delete(done.key)
    assert runs.find(done.key) is done
    data = runs.delete(done.key)
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", read_only)
        with pytest.raises(FolderError, match="Read-only file system"):
            runs.restore(data)
    assert runs.find(done.key) is None
    assert runs.restore(data).state_id == done.state_id


@pytest.mark.parametrize("address", ["", " "])
def test_an_empty_address_of_a_scheduler_is_none(address, tmp_path, monkeypatch):
    from dask import config

    with config.set({"scheduler-address": address}):
        runs = Runs(tmp_path, workers=1)
        try:
            wait_until(runs.ready, seconds=60)
        finally:
            runs.close()


def children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def test_a_new_server_finds_what_was_trained_and_leaves_no_process(tmp_path, few):
    before = set(children())
    saved = run(SHORT, few)
    checkpoints.save(saved, tmp_path)
    runs = Runs(tmp_path, workers=1)
    found = runs.find(SHORT.key)
    assert (found.status, found.config, found.history) == ("done", SHORT, saved.history)
    assert runs.all() == [found]

    live = runs.start(endless(6))
    wait_until(lambda: checkpoints.path_of(live.key, tmp_path).exists())
    assert set(children()) - before
    runs.close()
    wait_until(lambda: not set(children()) - before)
    assert not checkpoints.load(live.key, tmp_path).done  # it can go on from here


SERVER = f"""
import sys, time
sys.path.insert(0, {str(ROOT)!r})  # as Streamlit does for its script
from pathlib import Path
from core.config import MLPConfig
from core.runs import Runs
runs = Runs(Path.cwd(), workers=1)
run = runs.start(MLPConfig(train_size=100, epochs=1))
while run.live:
    time.sleep(0.1)
print(run.status, run.error)
input()
runs.close()
"""


def test_the_server_may_run_in_any_folder(tmp_path):
    result = subprocess.run([sys.executable, "-c", SERVER], cwd=tmp_path, input="\n", capture_output=True, text=True)
    assert result.stdout == "done \n"


@pytest.mark.parametrize("processes", [1, 2])  # the scheduler, the worker
def test_a_server_that_is_killed_at_any_moment_leaves_no_process(processes, tmp_path):
    with subprocess.Popen([sys.executable, "-c", SERVER], cwd=tmp_path, stdin=subprocess.PIPE) as server:
        parent = psutil.Process(server.pid)
        wait_until(lambda: len(parent.children(recursive=True)) >= processes)
        started = parent.children(recursive=True)
        server.kill()
    wait_until(lambda: not any(child.is_running() for child in started), seconds=60)
