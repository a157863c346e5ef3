"""Which files make way, without files; and what becomes of real ones."""

import logging

import pytest

from core import checkpoints, labels
from core.config import PRESETS, MLPConfig
from core.files.folder import DAMAGED, Entry, FolderError
from core.host.hosting import Hosting
from core.labels import Label
from core.runs import Runs
from core.runs.crew import Crew
from core.runs.room import key_of, making_way
from tests import hostile
from tests.waiting import wait_until


def run(number: int, size: int = 10, when: float | None = None) -> Entry:
    return Entry(f"mlp-{number:010x}.npz", size, number if when is None else when)


SPOILT = Entry(f"mlp-{9:010x}.npz{DAMAGED}", 10, 99)
OTHER = Entry("handwriting.sqlite3", 10, 0)


@pytest.mark.parametrize(
    ("files", "more", "most", "pinned", "going"),
    [
        ([run(1), run(2)], 10, 30, (), []),
        ([run(1), run(2)], 11, 30, (), [run(1)]),
        ([run(2), run(3), run(1)], 25, 30, (), [run(1), run(2), run(3)]),
        ([run(1), run(2), run(3)], 10, 30, (1,), [run(2)]),
        ([run(1), run(2), SPOILT], 10, 30, (), [SPOILT]),
        ([run(1), run(2), SPOILT], 15, 30, (), [SPOILT, run(1)]),
        ([run(1), OTHER], 20, 30, (), [run(1)]),
        ([OTHER], 21, 30, (), None),
        ([run(1), run(2)], 20, 30, (1, 2), None),
        ([run(1, 100)], 0, 30, (), []),  # smaller than before, or as large: it does not get worse
        ([run(1, 100)], -5, 30, (), []),
        ([], 31, 30, (), None),
    ],
)
def test_the_oldest_that_may_go_make_way_and_no_more_of_them_than_must(files, more, most, pinned, going):
    stay = {key_of(run(number)) for number in pinned}
    assert making_way(files, more, most, stay.__contains__) == going


@pytest.mark.parametrize(
    "name", ["shelf.json", "mlp-1.npz", ".mlp-0123456789.npz", "mlp-0123456789.npz.tmp", "visitors.key"]
)
def test_what_is_no_run_has_no_key_and_stays(name):
    assert key_of(Entry(name, 1, 0)) == ""
    assert making_way([Entry(name, 100, 0)], 1, 50, lambda _: False) is None


@pytest.fixture
def full(tmp_path, monkeypatch):
    """A folder for 2 MB, with a preset's run and two finished runs of visitors, about 0.4 MB each: the first is the older one."""
    monkeypatch.setattr(Crew, "muster", lambda *_: None)
    runs = Runs(tmp_path, workers=1, host=Hosting(megabytes_of_runs=2))
    yield runs
    runs.close()


def brought(runs: Runs, seed: int) -> str:
    """A run that a visitor has brought, of about 0.4 MB."""
    data = checkpoints.dumps(hostile.sound(MLPConfig(train_size=100, epochs=3, seed=seed)))
    assert 300_000 < len(data) < 1_000_000, len(data)
    return runs.upload(data, "a" * 32).key


def bytes_in(runs: Runs) -> int:
    return sum(path.stat().st_size for path in runs.folder.iterdir())


@pytest.mark.slow
def test_the_oldest_run_goes_with_its_labels_and_neither_pinned_nor_live_ones_do(full, caplog):
    keys = [brought(full, 1), brought(full, 2), brought(full, 3)]
    labels.put(keys[0], Label("kept", pinned=True), full.folder)
    labels.put(keys[1], Label("named, not pinned"), full.folder)
    with caplog.at_level(logging.WARNING):
        while full.room.made_way == 0:
            keys.append(brought(full, len(keys) + 1))
    assert bytes_in(full) <= 2 * 2**20
    assert full.find(keys[1]) is None
    assert keys[1] not in labels.read(full.folder)
    assert all(full.find(key) for key in (keys[0], *keys[2:]))
    assert keys[1] in caplog.text
    assert "2 MB" in caplog.text


@pytest.mark.slow
def test_what_is_damaged_goes_first_and_a_run_that_is_live_stays(full):
    keys = [brought(full, 1), brought(full, 2)]
    spoilt = full.folder / f"{keys[1]}.npz{DAMAGED}"
    spoilt.write_bytes(bytes(800_000))
    full.find(keys[0]).status = "training"  # the oldest
    number = 3
    while spoilt.exists():
        keys.append(brought(full, number))
        number += 1
    assert full.room.made_way == 0, "no run has gone yet"
    while full.room.made_way == 0:
        keys.append(brought(full, number))
        number += 1
    assert full.find(keys[0]) is not None
    assert full.find(keys[1]) is None


@pytest.mark.slow
def test_where_nothing_may_go_an_upload_is_refused_and_nothing_is_deleted(full):
    keys, error = [], None
    while error is None:
        try:
            keys.append(brought(full, len(keys)))
            labels.put(keys[-1], Label(pinned=True), full.folder)
        except FolderError as found:
            error = str(found)
    assert "full, of what stays" in error
    assert error.endswith(".")
    assert all(full.find(key) for key in keys)
    assert full.room.made_way == 0


@pytest.mark.slow
def test_a_trained_run_that_finds_no_room_stays_in_memory_and_is_saved_when_one_is_unpinned(tmp_path):
    runs = Runs(tmp_path, workers=1, host=Hosting(megabytes_of_runs=2))
    try:
        pinned = []
        while True:
            try:
                pinned.append(brought(runs, len(pinned) + 1))
                labels.put(pinned[-1], Label(pinned=True), tmp_path)
            except FolderError:
                break
        trained = runs.start(MLPConfig(train_size=200, epochs=3, seed=77))
        wait_until(lambda: not trained.live)
        assert trained.status == "done"
        assert "full, of what stays" in trained.unsaved
        assert runs.load(trained.key, trained.state_id).done
        labels.put(pinned[0], Label(), tmp_path)
        runs.keep_what_was_left()
        assert trained.unsaved == ""
        assert checkpoints.summary(trained.key, tmp_path).done
        assert runs.find(pinned[0]) is None
    finally:
        runs.close()


@pytest.mark.slow
def test_runs_that_come_with_the_project_stay(full):
    small = min(PRESETS.values(), key=lambda config: checkpoints.path_of(config.key).stat().st_size)
    checkpoints.write(small.key, checkpoints.read_bytes(small.key), full.folder)
    keys = [brought(full, 1)]
    while full.room.made_way == 0:
        keys.append(brought(full, len(keys) + 1))
    assert full.find(small.key).status == "done"
