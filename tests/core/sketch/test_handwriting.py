"""Our handwriting: kept once, bounded, shared by threads, deleted with a way back, and exported whole."""

import io
import json
import sqlite3
import subprocess
import threading
import zipfile

import numpy as np
import pytest

from core.sketch import handwriting
from core.sketch.handwriting import HandwritingError


def sketch(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (28, 28)).astype(np.uint8)


def test_what_is_kept_comes_back_as_it_was(tmp_path):
    images = [sketch(seed) for seed in range(3)]
    numbers = [handwriting.keep(tmp_path, image, label) for label, image in enumerate(images)]
    found = handwriting.everything(tmp_path)
    assert found.numbers.tolist() == numbers
    assert found.labels.tolist() == [0, 1, 2]
    np.testing.assert_array_equal(found.images, images)
    assert [one.label for one in handwriting.newest(tmp_path, 2)] == [2, 1]
    assert [one.label for one in handwriting.newest(tmp_path, 2, skip=2)] == [0]


def test_a_drawing_of_floats_is_kept_to_a_grey_level(tmp_path):
    image = np.random.default_rng(0).random((28, 28), np.float32)
    handwriting.keep(tmp_path, image, 7)
    np.testing.assert_allclose(handwriting.everything(tmp_path).images[0] / 255, image, atol=0.5 / 255 + 1e-6)


def test_the_same_sketch_is_kept_once_and_under_its_last_label(tmp_path):
    first = handwriting.keep(tmp_path, sketch(0), 1)
    assert handwriting.keep(tmp_path, sketch(0), 1) == first
    assert handwriting.keep(tmp_path, sketch(0), 7) == first
    assert handwriting.everything(tmp_path).labels.tolist() == [7]


@pytest.mark.parametrize(
    ("image", "label"),
    [
        (np.zeros((28, 29), np.uint8), 1),
        (np.full((28, 28), np.nan, np.float32), 1),
        (np.full((28, 28), 2.0, np.float32), 1),
        (np.full((28, 28), -1.0, np.float32), 1),
        (sketch(0), 10),
        (sketch(0), -1),
        (sketch(0), True),
        (sketch(0), "7"),
    ],
)
def test_what_is_no_labelled_image_is_not_kept(tmp_path, image, label):
    with pytest.raises(ValueError, match=r"28 x 28|digit from 0 to 9"):
        handwriting.keep(tmp_path, image, label)
    assert handwriting.count(tmp_path) == 0


def test_empty_paper_is_not_kept(tmp_path):
    with pytest.raises(HandwritingError, match="nothing on the paper"):
        handwriting.keep(tmp_path, np.zeros((28, 28), np.uint8), 1)


def test_a_full_store_refuses_politely_but_takes_other_labels(tmp_path, monkeypatch):
    monkeypatch.setattr(handwriting, "MOST", 2)
    for seed in range(2):
        handwriting.keep(tmp_path, sketch(seed), 1)
    with pytest.raises(HandwritingError, match="2 sketches are kept here"):
        handwriting.keep(tmp_path, sketch(2), 1)
    handwriting.keep(tmp_path, sketch(0), 4)
    assert sorted(handwriting.everything(tmp_path).labels.tolist()) == [1, 4]


def test_what_is_deleted_can_be_brought_back(tmp_path):
    numbers = [handwriting.keep(tmp_path, sketch(seed), seed) for seed in range(4)]
    assert handwriting.delete(tmp_path, numbers[:1]) == numbers[:1]
    assert handwriting.delete(tmp_path, [numbers[0], 999]) == []
    assert handwriting.count(tmp_path) == 3
    gone = handwriting.delete(tmp_path)
    assert gone == numbers[1:]
    assert handwriting.count(tmp_path) == 0
    assert handwriting.restore(tmp_path, gone) == 3
    assert handwriting.everything(tmp_path).labels.tolist() == [1, 2, 3]


def test_after_ten_minutes_what_is_deleted_is_gone_from_the_file(tmp_path, monkeypatch):
    number = handwriting.keep(tmp_path, sketch(0), 3)
    handwriting.delete(tmp_path)
    now = handwriting.time.time()
    monkeypatch.setattr(handwriting.time, "time", lambda: now + handwriting.SECONDS_TO_UNDO + 1)
    assert handwriting.restore(tmp_path, [number]) == 0
    assert sketch(0).tobytes() not in (tmp_path / handwriting.FILE).read_bytes()
    assert handwriting.keep(tmp_path, sketch(0), 3) > number, "a number is never given twice"


def test_a_deleted_sketch_that_is_labelled_again_is_there_again(tmp_path):
    number = handwriting.keep(tmp_path, sketch(0), 3)
    handwriting.delete(tmp_path, [number])
    assert handwriting.keep(tmp_path, sketch(0), 5) == number
    assert handwriting.everything(tmp_path).labels.tolist() == [5]


def test_many_threads_lose_nothing(tmp_path):
    def visitor(first: int) -> None:
        for seed in range(first, first + 12):
            handwriting.keep(tmp_path, sketch(seed % 60), seed % 10)

    threads = [threading.Thread(target=visitor, args=(first,)) for first in range(0, 96, 12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = handwriting.everything(tmp_path)
    assert len(found.numbers) == 60
    assert {image.tobytes() for image in found.images} == {sketch(seed).tobytes() for seed in range(60)}


def test_the_export_holds_everything_and_no_pickle(tmp_path):
    handwriting.keep(tmp_path, sketch(0), 3, [[(1, 2), (3, 4)], [(5, 6)]])
    handwriting.keep(tmp_path, sketch(1), 4)
    handwriting.delete(tmp_path, [handwriting.keep(tmp_path, sketch(2), 5)])
    with zipfile.ZipFile(io.BytesIO(handwriting.export(tmp_path))) as archive:
        arrays = np.load(io.BytesIO(archive.read("handwriting.npz")), allow_pickle=False)
        lines = [json.loads(line) for line in archive.read("strokes.jsonl").decode().splitlines()]
    np.testing.assert_array_equal(arrays["images"], [sketch(0), sketch(1)])
    assert arrays["labels"].tolist() == [3, 4]
    assert [line["strokes"] for line in lines] == [[[[1, 2], [3, 4]], [[5, 6]]], []]
    assert [line["number"] for line in lines] == arrays["numbers"].tolist()


def test_nothing_but_the_sketch_is_kept(tmp_path):
    handwriting.keep(tmp_path, sketch(0), 3)
    db = sqlite3.connect(tmp_path / handwriting.FILE)
    columns = [row[1] for row in db.execute("PRAGMA table_info(sketches)")]
    db.close()
    assert columns == ["id", "digest", "image", "label", "strokes", "deleted", "owner"]


def of(*owners: str):
    """The rule of somebody who may change what these own."""
    return owners.__contains__


ANN, BEN = "a" * 16, "b" * 16


def test_a_sketch_is_deleted_relabelled_and_brought_back_by_whoever_may_and_by_nobody_else(tmp_path):
    ann, ben = (handwriting.keep(tmp_path, sketch(i), i, (), who, of(who)) for i, who in enumerate((ANN, BEN)))
    assert [one.owner for one in handwriting.newest(tmp_path, 2)] == [BEN, ANN]
    assert handwriting.delete(tmp_path, [ann], of(BEN)) == []
    assert handwriting.changeable(tmp_path, of(ANN)) == 1
    with pytest.raises(HandwritingError, match="Somebody else has kept this very sketch, as a 0"):
        handwriting.keep(tmp_path, sketch(0), 8, (), BEN, of(BEN))
    assert handwriting.everything(tmp_path).labels.tolist() == [0, 1]
    assert handwriting.delete(tmp_path, None, of(ANN)) == [ann], "all means all of one's own"
    assert handwriting.restore(tmp_path, [ann], of(BEN)) == 0
    assert handwriting.restore(tmp_path, [ann, ben], of(ANN)) == 1
    assert handwriting.keep(tmp_path, sketch(0), 8, (), "c" * 16, of(ANN)) == ann, "a teacher's label"
    relabelled = handwriting.newest(tmp_path, 2)[1]
    assert (relabelled.number, relabelled.label, relabelled.owner) == (ann, 8, ANN)


def test_what_somebody_deleted_is_anothers_who_draws_it_again(tmp_path):
    number = handwriting.keep(tmp_path, sketch(0), 1, (), ANN, of(ANN))
    handwriting.delete(tmp_path, [number], of(ANN))
    assert handwriting.keep(tmp_path, sketch(0), 2, (), BEN, of(BEN)) == number
    assert handwriting.newest(tmp_path, 1)[0].owner == BEN
    assert handwriting.restore(tmp_path, [number], of(ANN)) == 0


FIRST_TABLE = handwriting.TABLE.split("deleted REAL")[0] + "deleted REAL)"


def test_a_store_without_owners_is_read_as_it_is_and_its_sketches_are_nobodys(tmp_path):
    handwriting.keep(tmp_path, sketch(7), 7)  # so that a file of ours is there to look at
    db = sqlite3.connect(tmp_path / handwriting.FILE)
    rows = db.execute("SELECT id, digest, image, label, strokes, deleted FROM sketches").fetchall()
    db.close()
    (tmp_path / handwriting.FILE).unlink()
    db = sqlite3.connect(tmp_path / handwriting.FILE)
    db.execute(FIRST_TABLE)
    db.executemany("INSERT INTO sketches VALUES (?, ?, ?, ?, ?, ?)", rows)
    db.execute("PRAGMA user_version = 1")
    db.commit()
    db.close()
    assert handwriting.everything(tmp_path).labels.tolist() == [7]
    (one,) = handwriting.newest(tmp_path, 5)
    assert one.owner == ""
    assert handwriting.delete(tmp_path, None, of(ANN)) == []
    assert handwriting.keep(tmp_path, sketch(8), 8, (), ANN, of(ANN)) > one.number
    assert handwriting.delete(tmp_path, None, of("", ANN)) == [one.number, one.number + 1]


def test_a_file_that_is_no_database_or_of_another_version_is_named_and_left_alone(tmp_path):
    path = tmp_path / handwriting.FILE
    path.write_bytes(b"no database at all, but long enough to be looked at" * 30)
    with pytest.raises(HandwritingError, match="damaged"):
        handwriting.count(tmp_path)
    assert path.read_bytes().startswith(b"no database")
    path.unlink()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(HandwritingError, match="another version"):
        handwriting.keep(tmp_path, sketch(0), 3)


@pytest.mark.parametrize("name", [b"CREATE TABLE sketches", b"sketches", b"image BLOB"])
@pytest.mark.parametrize("byte", [b"\x80", b"\xff", b"\x00", b"("])
def test_a_file_whose_words_are_none_is_damaged_or_read(name, byte, tmp_path):
    handwriting.keep(tmp_path, sketch(0), 3)
    path = tmp_path / handwriting.FILE
    data = path.read_bytes()
    places = [at for at in range(len(data)) if data.startswith(name, at)]
    assert places
    for at in places:
        path.write_bytes(data[:at] + byte + data[at + 1 :])
        try:
            assert handwriting.everything(tmp_path).labels.tolist() in ([], [3])
        except HandwritingError as error:
            assert "damaged" in str(error) or "cannot be used right now" in str(error)  # noqa: PT017


@pytest.fixture
def full(tmp_path):
    """A disk of 64 KB, or a skip where nobody may mount one."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], capture_output=True)
    if mounted.returncode:
        pytest.skip("no right to mount a small disk")
    yield place
    subprocess.run(["umount", place], check=True)


@pytest.mark.parametrize("below", [False, True])
@pytest.mark.parametrize(
    "ask",
    [
        lambda folder: handwriting.keep(folder, sketch(0), 3),
        handwriting.everything,
        lambda folder: handwriting.newest(folder, 5),
        handwriting.delete,
        lambda folder: handwriting.restore(folder, [1]),
        handwriting.export,
    ],
)
def test_a_folder_that_cannot_be_made_is_one_sentence(ask, below, tmp_path):
    place = tmp_path / "weights"
    place.touch()
    with pytest.raises(HandwritingError, match=r"^handwriting.sqlite3 cannot be used right now \([^()]+\)\.$"):
        ask(place / "below" if below else place)


def test_a_folder_in_the_place_of_the_file_is_one_sentence(tmp_path):
    (tmp_path / handwriting.FILE).mkdir()
    with pytest.raises(HandwritingError, match="cannot be used right now"):
        handwriting.keep(tmp_path, sketch(0), 3)


def test_a_full_disk_is_one_sentence_and_loses_nothing(full):
    kept = []
    with pytest.raises(HandwritingError, match="cannot be used right now"):
        kept.extend(handwriting.keep(full, sketch(seed), 3) for seed in range(200))
    assert len(kept) > 0
    assert handwriting.everything(full).numbers.tolist() == kept


def test_the_number_of_a_sketch_means_none_in_a_store_that_was_begun_later(tmp_path, monkeypatch):
    number = handwriting.keep(tmp_path, sketch(0), 3)
    (tmp_path / handwriting.FILE).rename(tmp_path / "away")
    later = handwriting.time.time() + 1
    monkeypatch.setattr(handwriting.time, "time", lambda: later)
    handwriting.keep(tmp_path, sketch(1), 4)
    assert handwriting.delete(tmp_path, [number]) == []
    assert handwriting.everything(tmp_path).labels.tolist() == [4]
