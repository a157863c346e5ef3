"""Several folders and one mirror: what is made in one arrives in the others, what is deleted stays deleted, and what is forged stays out.

The servers here take turns in one process, and look at the mirror when they are told to; tests/core/runs/test_replicas.py has real ones.
"""

import copy
import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import time
import uuid
from functools import cache
from pathlib import Path

import fsspec
import numpy as np
import pytest

from core import checkpoints, labels
from core.config import PRESETS, Config, MLPConfig
from core.data import load_digits
from core.files.folder import aside
from core.labels import Label
from core.runs import mirror, versions
from core.runs.mirror import Exchange, Mirror
from core.runs.replica import EndedRuns, Labels, Replica, Sketches
from core.runs.versions import GONE, Version, parse, stamp, winner
from core.sketch import handwriting
from core.training import Checkpoint, begin
from tests import hostile
from tests.hostile import config_of

_sound = cache(hostile.sound)


def sound(config: Config) -> Checkpoint:
    """A finished run of these settings; whoever changes it changes a copy."""
    made = copy.copy(_sound(config))
    made.history, made.snapshots = [*made.history], {**made.snapshots}
    return made


ONE = config_of(1)
KEY = ONE.key
ANNA, BEN = "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"


class Patient(Mirror):
    """A mirror that is looked at when a test says so, and not otherwise."""

    def __init__(self, *things):
        Exchange.__init__(self, *things)
        self.trouble = ""

    def wake(self) -> None:
        pass

    ask = close = wake


class Server(Replica):
    """A server's runs, without workers."""

    def __init__(self, folder: Path, url: str, megabytes: int = 5_000):
        super().__init__(folder, megabytes)
        self.mirror = Patient(url, folder, [EndedRuns(self), Labels(self), Sketches(folder)], self._changing)

    def put(self, checkpoint) -> None:
        """What a worker hands in."""
        checkpoints.write(checkpoint.config.key, checkpoints.dumps(checkpoint), self.folder)
        self.forget(checkpoint.config.key)

    def look(self) -> None:
        self.mirror._try()
        assert not self.mirror.trouble, self.mirror.trouble

    def bytes_of(self, key: str) -> bytes:
        return checkpoints.read_bytes(key, self.folder)


@pytest.fixture(params=["memory", "file"])
def url(request, tmp_path):
    if request.param == "memory":
        return f"memory://{uuid.uuid4().hex}"
    (tmp_path / "mirror").mkdir()
    return f"file://{tmp_path / 'mirror'}"


@pytest.fixture
def two(tmp_path, url):
    return Server(tmp_path / "a", url), Server(tmp_path / "b", url)


def names_in(url: str) -> list[str]:
    files, root = fsspec.core.url_to_fs(url)
    return sorted(path.rpartition("/")[2] for path in files.find(root))


def lay(url: str, name: str, data: bytes) -> None:
    files, root = fsspec.core.url_to_fs(url)
    files.pipe_file(f"{root}/{name}", data)


def stopped(config, epochs: int = 1):
    """A run that was stopped after some epochs."""
    checkpoint = sound(config)
    checkpoint.test_accuracy = None
    del checkpoint.history[epochs:]
    checkpoint.snapshots = {epoch: arrays for epoch, arrays in checkpoint.snapshots.items() if epoch <= epochs}
    return checkpoint


def test_a_run_arrives_bit_for_bit_with_its_name_its_pin_and_its_time(two):
    a, b = two
    a.put(sound(ONE))
    labels.put(KEY, Label("zwölf Köpfe", True, ANNA), a.folder)
    a.look()
    b.look()
    assert b.bytes_of(KEY) == a.bytes_of(KEY)
    assert b.find(KEY).status == "done"
    assert labels.read(b.folder) == {KEY: Label("zwölf Köpfe", True, ANNA)}
    times = [checkpoints.path_of(KEY, server.folder).stat().st_mtime for server in two]
    assert times[0] == pytest.approx(times[1], abs=0.01), "the oldest make way first, everywhere the same ones"


def test_with_nothing_new_nothing_is_read_or_written(two, url):
    a, b = two
    a.put(sound(ONE))
    a.look()
    b.look()
    before = names_in(url), (a.folder / mirror.FILE).stat().st_mtime_ns, (b.folder / mirror.FILE).stat().st_mtime_ns
    for server in (a, b, a):
        server.mirror.remote.read = server.mirror.remote.write = server.mirror.remote.remove = None
        server.look()
    assert (names_in(url), *((s.folder / mirror.FILE).stat().st_mtime_ns for s in two)) == before


def test_the_last_name_holds_whatever_the_clocks_say(two, monkeypatch):
    a, b = two
    a.put(sound(ONE))
    a.look()
    b.look()
    with monkeypatch.context() as fast:
        fast.setattr(versions, "time", lambda: time.time() + 3_600)
        labels.put(KEY, Label("first"), a.folder)
        a.look()
    b.look()
    labels.put(KEY, Label("second"), b.folder)
    b.look()
    a.look()
    assert [labels.read(server.folder)[KEY].name for server in two] == ["second", "second"]
    labels.put(KEY, Label(), a.folder)
    a.look()
    b.look()
    assert [dict(labels.read(server.folder)) for server in two] == [{}, {}]


def test_names_of_different_runs_that_are_given_at_once_all_stay(two):
    a, b = two
    other = config_of(2).key
    a.put(sound(ONE))
    a.put(sound(config_of(2)))
    a.look()
    b.look()
    labels.put(KEY, Label("of a"), a.folder)
    labels.put(other, Label("of b"), b.folder)
    for server in (a, b, a):
        server.look()
    assert labels.read(a.folder) == labels.read(b.folder) == {KEY: Label("of a"), other: Label("of b")}


def test_what_is_deleted_is_deleted_everywhere_and_does_not_come_back(two, url):
    a, b = two
    a.put(sound(ONE))
    labels.put(KEY, Label("a name"), a.folder)
    a.look()
    b.look()
    data = b.delete(KEY)
    a.look()  # who has not heard of it yet
    b.look()
    for server in (a, b, a, b):
        server.look()
        assert server.find(KEY) is None
        assert not labels.read(a.folder)
    c = Server(a.folder.parent / "c", url)
    c.look()
    assert c.find(KEY) is None
    b.restore(data)
    for server in (b, a, c):
        server.look()
        assert server.bytes_of(KEY) == data, "whoever takes a deletion back has it back everywhere"


def test_whoever_sees_that_a_run_was_deleted_elsewhere_finds_no_name_of_it(two, monkeypatch):
    a, b = two
    a.put(sound(ONE))
    labels.put(KEY, Label("twelve heads", pinned=True), a.folder)
    a.look(), b.look()
    assert labels.read(b.folder)[KEY].pinned
    a.delete(KEY)
    a.look()
    found = []
    delete = checkpoints.delete

    def seen(key, folder):
        delete(key, folder)
        found.append(labels.read(folder))

    monkeypatch.setattr(checkpoints, "delete", seen)
    b.look()
    assert found == [{}]


def test_a_deletion_while_the_mirror_is_away_and_the_server_restarts_is_carried_later(two, url, monkeypatch):
    a, b = two
    a.put(sound(ONE))
    a.look()
    b.look()
    with monkeypatch.context() as away:
        away.setattr(a.mirror.remote, "listed", lambda: (_ for _ in ()).throw(ConnectionError("no route")))
        a.delete(KEY)
        a.mirror._try()
        assert a.mirror.trouble == "The mirror cannot be used right now (ConnectionError: no route)."
    again = Server(a.folder, url)
    again.look()
    b.look()
    assert again.find(KEY) is b.find(KEY) is None


@pytest.mark.slow
def test_what_makes_way_on_one_makes_way_on_all_but_nothing_makes_way_for_what_arrives(tmp_path, url):
    big, small = Server(tmp_path / "a", url), Server(tmp_path / "b", url, megabytes=1)
    some = [sound(MLPConfig(train_size=100, epochs=2, hidden_units=32, seed=seed)) for seed in range(8)]
    for one in some[:6]:
        big.put(one)
    big.look()
    small.look()
    here = {run.key for run in small.all()}
    assert 0 < len(here) < 6, "as many as there is room for"
    big.look()
    assert len(big.all()) == 6
    for one in some[6:]:
        small._write(one.config.key, checkpoints.dumps(one))
    gone = here - {run.key for run in small.all()}
    small.look()
    big.look()
    assert gone
    assert {run.key for run in big.all()} == {one.config.key for one in some} - gone


def test_a_finished_run_yields_to_no_unfinished_one(two):
    a, b = two
    a.put(sound(ONE))
    a.look()
    b.put(stopped(ONE))  # later, and by itself
    for server in (b, a, b):
        server.look()
    assert a.find(KEY).status == b.find(KEY).status == "done"
    assert a.bytes_of(KEY) == b.bytes_of(KEY)


def test_of_two_that_were_stopped_the_one_that_is_farther_holds(two):
    a, b = two
    config = MLPConfig(train_size=100, epochs=2, hidden_units=16, seed=5)
    a.put(stopped(config, 1))
    a.look()
    b.put(stopped(config, 0))
    for server in (b, a, b):
        server.look()
    assert [len(server.find(config.key).history) for server in two] == [1, 1]


def test_the_same_run_trained_twice_stays_what_it_is_on_each(two, url):
    a, b = two
    first, second = sound(ONE), sound(ONE)
    second.about = {**second.about, "machine": "another one"}
    a.put(first)
    b.put(second)
    for server in (a, b, a, b):
        server.look()
    assert a.find(KEY).summary.about["machine"] != "another one"
    assert b.find(KEY).summary.about["machine"] == "another one"
    assert len([name for name in names_in(url) if ".run." in name]) == 1


def test_an_upload_takes_nobodys_own_stopped_run_and_is_replaced_by_one_that_was_trained(two):
    a, b = two
    a.upload(checkpoints.dumps(sound(ONE)))
    b.put(stopped(ONE))
    for server in (a, b, a, b):
        server.look()
    assert a.find(KEY).origin == "uploaded"
    assert (b.find(KEY).status, b.find(KEY).origin) == ("stopped", "")
    b.put(sound(ONE))
    b.look()
    a.look()
    assert (a.find(KEY).status, a.find(KEY).origin) == ("done", "")


def test_a_run_that_goes_on_is_left_alone(two):
    a, b = two
    b.request(ONE, "somebody")
    a.put(sound(ONE))
    a.look()
    b.look()
    assert b.find(KEY).status == "queued"
    b.conclude(b.find(KEY), "stopped")
    b.forget(KEY)
    b.look()
    assert b.find(KEY).status == "done"


def test_a_run_that_goes_on_outlives_its_deletion_elsewhere(two):
    a, b = two
    for server in two:
        server.put(stopped(ONE))
        server.look()
    b.request(ONE, "somebody")
    a.delete(KEY)
    for server in (a, b):
        server.look()
    assert b.find(KEY).live
    b.forget(KEY)
    b.put(sound(ONE))
    for server in (b, a):
        server.look()
    assert a.find(KEY).status == b.find(KEY).status == "done"


def test_what_comes_with_the_project_stays_where_it_is(two, url):
    a, _ = two
    config = PRESETS["MLP small"]
    a.put(begin(config, load_digits()))
    labels.put(config.key, Label(pinned=True), a.folder)
    a.look()
    assert [name.split(".")[1] for name in names_in(url)] == ["label"]


def test_a_damaged_file_is_taken_again_and_deletes_nothing_elsewhere(two):
    a, b = two
    a.put(sound(ONE))
    labels.put(KEY, Label("a name"), a.folder)
    a.look()
    b.look()
    b.forget(KEY)
    checkpoints.path_of(KEY, b.folder).write_bytes(b"damaged")
    (b.folder / labels.FILE).write_bytes(b"damaged")
    for server in (b, a, b):
        server.look()
    assert b.bytes_of(KEY) == a.bytes_of(KEY)
    assert aside(checkpoints.path_of(KEY, b.folder)).exists()
    assert labels.read(a.folder) == labels.read(b.folder) == {KEY: Label("a name")}


def test_an_emptied_folder_is_filled_again_and_so_is_an_emptied_mirror(two, url):
    a, b = two
    a.put(sound(ONE))
    labels.put(KEY, Label("a name"), a.folder)
    a.look()
    b.look()
    shutil.rmtree(b.folder)
    b.forget(KEY)
    b.look()
    a.look()
    assert b.bytes_of(KEY) == a.bytes_of(KEY)
    files, root = fsspec.core.url_to_fs(url)
    for name in names_in(url):
        files.rm_file(f"{root}/{name}")
    a.look()
    b.look()
    assert len(names_in(url)) == 2
    assert labels.read(b.folder) == {KEY: Label("a name")}


def test_what_was_given_before_there_was_a_mirror_yields_to_what_it_has(tmp_path, url):
    a = Server(tmp_path / "a", url)
    a.put(sound(ONE))
    labels.put(KEY, Label("of the mirror"), a.folder)
    a.look()
    labels.put(KEY, Label("now of the mirror"), a.folder)
    a.look()
    b = Server(tmp_path / "b", url)
    b.put(sound(ONE))
    labels.put(KEY, Label("of a folder", owner=BEN), b.folder)
    b.look()
    assert labels.read(b.folder)[KEY] == Label("now of the mirror")


def image(level: int) -> np.ndarray:
    return np.full((28, 28), level, np.uint8)


def test_sketches_arrive_with_their_labels_and_owners_and_go_when_they_are_deleted(two, url):
    a, b = two
    number = handwriting.keep(a.folder, image(7), 3, [[(1, 2), (3, 4)]], ANNA)
    a.look()
    b.look()
    (there,) = handwriting.newest(b.folder, 5)
    assert (there.label, there.owner, there.image.tolist()) == (3, ANNA, image(7).tolist())
    assert handwriting.export(b.folder)
    handwriting.keep(b.folder, image(7), 8, [], ANNA)
    b.look()
    a.look()
    assert [one.label for one in handwriting.newest(a.folder, 5)] == [8]
    handwriting.delete(a.folder, [number])
    a.look()
    b.look()
    assert handwriting.count(b.folder) == 0
    assert [name.rpartition(".")[2] for name in names_in(url)] == ["gone"], "nothing of it is left"
    handwriting.restore(a.folder, [number])
    a.look()
    b.look()
    assert handwriting.count(b.folder) == 1


def test_a_damaged_file_of_sketches_holds_up_nothing_else(two):
    a, b = two
    handwriting.keep(a.folder, image(7), 3)
    a.put(sound(ONE))
    a.look()
    b.folder.mkdir(exist_ok=True)
    (b.folder / handwriting.FILE).write_bytes(b"no database" * 1_000)
    b.look()
    assert b.find(KEY).status == "done"
    (b.folder / handwriting.FILE).unlink()
    b.look()
    a.look()
    assert handwriting.count(a.folder) == handwriting.count(b.folder) == 1


def forged(name: str, kind: str, progress: object = 0, ahead: float = 0.0) -> str:
    return f"{name}.{kind}.{stamp(time.time() + ahead)}.{progress}"


GOOD = checkpoints.dumps(sound(ONE))
OTHER = config_of(9).key
TEXT = json.dumps({"name": "x" * 61}).encode()
SKETCH = json.dumps({"image": "07" * 784, "label": 3, "strokes": [], "owner": ""}).encode()
FORGED = {
    "a name that is none": ("../../app.py", GOOD, "none of ours"),
    "a key that is none": (forged("mlp-zz9a1c20b7", "run", 3), GOOD, "none of ours"),
    "a kind that is none": (forged(KEY, "key", 3), GOOD, "none of ours"),
    "a temporary file": (f".{KEY}.tmp", GOOD, "none of ours"),
    "from the future": (forged(KEY, "run", 3, ahead=2 * 86_400), GOOD, "from the future"),
    "damaged": (forged(KEY, "run", 3), GOOD[:-100], "no npz file, or damaged"),
    "damaged inside": (forged(KEY, "run", 3), GOOD[:5_000] + b"\0" * 50 + GOOD[5_050:], "cannot be read"),
    "another run": (forged(OTHER, "run", 3), GOOD, f"it holds the run {KEY}"),
    "finished by name alone": (forged(KEY, "run", 3), checkpoints.dumps(stopped(ONE)), "not as far as its name"),
    "unfinished by name alone": (forged(KEY, "run", 1), GOOD, "not as far as its name"),
    "a name that is too long": (forged(PRESETS["MLP full"].key, "label"), TEXT, "at most 60 characters"),
    "a label that is none": (forged(PRESETS["MLP full"].key, "label"), b"[1]", "no label"),
    "a label that is too large": (forged(KEY, "label"), b" " * 10_001, "more than 10,000 bytes"),
    "a sketch that is none": (forged("0" * 64, "sketch"), b'{"image": 3}', "no sketch"),
    "a sketch of another name": (forged("0" * 64, "sketch"), SKETCH, "another one than its name"),
}


@pytest.mark.parametrize("case", FORGED)
def test_what_is_forged_is_left_alone_with_a_sentence_and_breaks_nothing(case, tmp_path, caplog):
    (tmp_path / "mirror").mkdir()
    url = f"file://{tmp_path / 'mirror'}"
    a, b = Server(tmp_path / "a", url), Server(tmp_path / "b", url)
    for server in (a, b):
        server.folder.mkdir()
        shutil.copy(checkpoints.path_of(PRESETS["MLP full"].key), server.folder)
    name, data, why = FORGED[case]
    lay(url, name.replace("/", "-"), data)
    b.put(sound(config_of(2)))
    with caplog.at_level(logging.WARNING):
        for server in (b, a, b, a):
            server.look()
    said = [record.getMessage() for record in caplog.records if "left alone" in record.getMessage()]
    assert len(said) == 2, "once by each server"
    assert all(why in sentence for sentence in said), said
    assert {run.key for run in a.all()} == {config_of(2).key, PRESETS["MLP full"].key}
    assert dict(labels.read(a.folder)) == {}
    assert {path.name for path in a.folder.iterdir()} <= {
        f"{config_of(2).key}.npz", f"{PRESETS['MLP full'].key}.npz", mirror.FILE, handwriting.FILE
    }  # fmt: skip
    assert name.replace("/", "-") in names_in(url), "it is the host's to remove"
    a.put(sound(ONE))
    a.look()
    b.look()
    assert b.find(KEY).status == "done"


@pytest.mark.parametrize("made", ["a pipe", "a device", "a folder", "too large"])
def test_only_files_of_a_run_s_size_are_read(made, tmp_path, caplog):
    place = tmp_path / "mirror"
    place.mkdir()
    path = place / forged(KEY, "run", 3)
    if made == "a pipe":
        os.mkfifo(path)
    elif made == "a device":
        path.symlink_to("/dev/zero")
    elif made == "a folder":
        path.mkdir()
    else:
        with open(path, "wb") as file:
            file.truncate(2**40)
    a = Server(tmp_path / "a", f"file://{place}")
    with caplog.at_level(logging.WARNING):
        a.look()
    assert any(words in caplog.text for words in ("it is no file", "more than 67,108,864 bytes"))
    assert a.all() == []


def test_what_is_still_being_written_is_taken_once_it_is_there(tmp_path):
    (tmp_path / "mirror").mkdir()
    url = f"file://{tmp_path / 'mirror'}"
    a = Server(tmp_path / "a", url)
    name = forged(KEY, "run", 3)
    for size in (0, 1_000, len(GOOD)):
        lay(url, name, GOOD[:size])
        a.look()
    assert a.find(KEY).status == "done"


def test_a_record_that_is_no_record_is_begun_anew(two, url):
    a, b = two
    a.put(sound(ONE))
    a.look()
    for text in (b"\xff", b"[]", b"{}", b'{"url": 1}', json.dumps({"url": url, "known": [1]}).encode()):
        (b.folder).mkdir(exist_ok=True)
        (b.folder / mirror.FILE).write_bytes(text)
        b = Server(b.folder, url)
        b.look()
        assert b.bytes_of(KEY) == a.bytes_of(KEY)


def test_after_ninety_days_nobody_remembers_a_deletion(two, url, monkeypatch):
    a, b = two
    a.put(sound(ONE))
    a.look()
    a.delete(KEY)
    a.look()
    b.look()
    assert names_in(url) != []
    monkeypatch.setattr(mirror, "time", lambda: time.time() + mirror.SECONDS_OF_THE_GONE + 60)
    a.look()
    b.look()
    assert names_in(url) == []
    assert KEY not in (b.folder / mirror.FILE).read_text()


def of(progress: int, second: int) -> Version:
    return Version(KEY, "run", f"{second:013d}-00000000", progress)


@pytest.mark.parametrize(
    ("there", "holds"),
    [
        ([], None),
        ([of(1, 1), of(2, 2)], of(2, 2)),
        ([of(2, 1), of(1, 2)], of(2, 1)),
        ([of(2, 1), of(2, 2)], of(2, 2)),
        ([of(3, 1), of(GONE, 2)], of(GONE, 2)),
        ([of(3, 1), of(GONE, 2), of(1, 3)], of(1, 3)),
        ([of(GONE, 1), of(GONE, 3), of(1, 2)], of(GONE, 3)),
    ],
)
def test_which_version_holds(there, holds):
    assert winner(there) == winner(reversed(there)) == holds


def test_a_version_is_found_again_in_its_name_and_in_no_other():
    for version in (of(71, 1), of(GONE, 2), Version("0" * 64, "sketch", stamp())):
        assert parse(str(version)) == version
        assert parse(f"{version}.tmp") is parse(f" {version}") is parse(f"{version}\n") is None
    assert stamp(0, after=stamp(10)) > stamp(9.9)


def test_nothing_of_fsspec_is_imported_without_a_mirror():
    script = "import core.runs.replica, core.host.hosting, sys; print('fsspec' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", script], text=True, cwd=Path.cwd()).strip() == "False"


def test_the_digest_of_a_sketch_is_the_one_that_its_name_says(tmp_path):
    handwriting.keep(tmp_path, image(7), 3)
    assert list(handwriting.states(tmp_path)) == [hashlib.sha256(image(7).tobytes()).hexdigest()]
