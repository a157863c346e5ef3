"""The room that everything is written in: really full, really gone, really read-only, and killed in the middle of a write."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from core.config import MLPConfig
from core.files import folder
from core.files.folder import FolderError, replace, sweep
from core.labels import Label, put, read
from core.sketch import handwriting
from core.sketch.handwriting import HandwritingError

ROOT = Path(__file__).parents[3]
KEY = MLPConfig().key


def mounted(place: Path, *words: str) -> bool:
    place.mkdir(exist_ok=True)
    return subprocess.run(["mount", *words, str(place)], capture_output=True).returncode == 0


@pytest.fixture
def small(tmp_path):
    """A folder on a disk of a megabyte."""
    place = tmp_path / "small"
    if not (sys.platform == "linux" and mounted(place, "-t", "tmpfs", "-o", "size=1m", "tmpfs")):
        pytest.skip("nothing can be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.fixture
def read_only(tmp_path):
    """A folder that can be read and not written."""
    real, place = tmp_path / "real", tmp_path / "fixed"
    real.mkdir()
    replace(real / "kept.txt", b"kept")
    if not (sys.platform == "linux" and mounted(place, "--bind", str(real))):
        pytest.skip("nothing can be mounted here")
    subprocess.run(["mount", "-o", "remount,ro,bind", str(place)], check=True)
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_one_sentence_and_what_was_there_is_there(small):
    replace(small / "a.npz", b"old" * 1000)
    for _ in range(3):
        with pytest.raises(
            FolderError, match=r"^Nothing can be kept in the folder small \(No space left on device\)\.$"
        ):
            replace(small / "a.npz", bytes(2 * 2**20))
    with pytest.raises(FolderError, match="No space left"):
        folder.require_bytes(2 * 2**20, small)
    assert [path.name for path in small.iterdir()] == ["a.npz"]
    assert (small / "a.npz").read_bytes() == b"old" * 1000
    replace(small / "a.npz", b"new")
    assert (small / "a.npz").read_bytes() == b"new"


def test_names_and_sketches_on_a_full_disk_are_refused_in_a_sentence(small, digits):
    (small / "fill").write_bytes(bytes(900 * 1024))
    (small / "more").touch()
    with suppress(OSError), open(small / "more", "wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    with pytest.raises(FolderError, match="No space left"):
        put(KEY, Label("x" * 60), small)
    with pytest.raises(HandwritingError, match=r"^handwriting.sqlite3 cannot be used right now \("):
        handwriting.keep(small, digits.x_test[0], 7)
    assert read(small) == {}


def test_a_folder_that_is_read_only_is_one_sentence_and_can_be_read(read_only, digits):
    sentence = r"^Nothing can be kept in the folder fixed \(Read-only file system\)\.$"
    with pytest.raises(FolderError, match=sentence):
        replace(read_only / "kept.txt", b"new")
    with pytest.raises(FolderError, match=sentence):
        put(KEY, Label("name"), read_only)
    with pytest.raises(HandwritingError, match=r"cannot be used right now \("):
        handwriting.keep(read_only, digits.x_test[0], 7)
    assert sweep(read_only) == 0
    assert (read_only / "kept.txt").read_bytes() == b"kept"


def test_a_folder_that_was_deleted_is_made_again(tmp_path):
    place = tmp_path / "weights"
    replace(place / "a.npz", b"one")
    (place / "a.npz").unlink()
    place.rmdir()
    replace(place / "a.npz", b"two")
    assert (place / "a.npz").read_bytes() == b"two"


WRITER = """
import sys; from pathlib import Path; from core.files.folder import replace
print("ready", flush=True)
n = 0
while True:
    replace(Path(sys.argv[1]) / "a.npz", bytes([n % 256]) * 2_000_000)
    n += 1
"""


def killed_while_it_writes(place: Path, after: float) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITER, str(place)], cwd=ROOT, stdout=subprocess.PIPE) as writer:
        writer.stdout.readline()
        time.sleep(after)
        writer.kill()


@pytest.mark.slow
def test_what_a_killed_process_was_about_to_write_is_taken_away_and_nothing_else(tmp_path):
    for turn in range(5):
        killed_while_it_writes(tmp_path, 0.1 + 0.013 * turn)
    data = (tmp_path / "a.npz").read_bytes()
    assert data == data[:1] * 2_000_000, "the file is whole"
    for name in ("notes.txt", ".hidden", ".a.npz.tmp", "shelf.json"):
        (tmp_path / name).touch()
    mine = tmp_path / f".a.npz.{folder.MACHINE}-{os.getpid()}-{folder._began()}-0.tmp"
    mine.touch()
    stranger = tmp_path / ".a.npz.00000000-1-1-0.tmp"  # of another machine, which may be writing
    stranger.touch()
    left = [path for path in tmp_path.iterdir() if path.name.endswith(".tmp")]
    removed = sweep(tmp_path)
    kept = {path.name for path in tmp_path.iterdir()}
    assert kept == {"a.npz", "notes.txt", ".hidden", ".a.npz.tmp", "shelf.json", mine.name, stranger.name}
    assert removed == len(left) - 3


def test_what_nobody_has_written_for_a_day_is_taken_away(tmp_path):
    old = time.time() - 2 * 86_400
    names = (".a.npz.00000000-1-1-0.tmp", f".{KEY}-abcd1234", ".shelf-abcd_123", ".room-00000000")
    for name in (*names, ".profile", f".{KEY}.npz"):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (old, old))
    assert sweep(tmp_path) == len(names)
    assert {path.name for path in tmp_path.iterdir()} == {".profile", f".{KEY}.npz"}


def test_a_process_whose_number_came_again_is_another_one(tmp_path):
    dead = tmp_path / f".a.npz.{folder.MACHINE}-{os.getpid()}-12345-0.tmp"
    dead.touch()
    assert sweep(tmp_path) == 1


def test_a_file_is_closed_before_it_is_put_in_its_place(tmp_path, monkeypatch):
    """Windows renames nothing that is open."""
    put_in_place = os.replace

    def on_windows(source, target):
        opened = [
            os.readlink(f"/proc/self/fd/{n}")
            for n in os.listdir("/proc/self/fd")
            if n.isdigit() and int(n) > 2 and os.path.lexists(f"/proc/self/fd/{n}")
        ]
        assert not {str(source), str(target)} & set(opened)
        put_in_place(source, target)

    monkeypatch.setattr(os, "replace", on_windows)
    replace(tmp_path / "a.npz", b"one")
    (tmp_path / "shelf.json").write_text("{")
    assert read(tmp_path) == {}
    assert (tmp_path / "shelf.json.damaged").exists()
