"""Our handwriting: sketches that somebody has labelled, kept in one SQLite file. Of the person nothing is kept but a digest of a random
name, which says whose a sketch is to change: whoever asks brings a rule, `may`, which says of such an owner whether they may.

Every call opens the file for one short transaction, so that many threads, and several servers, can share it. What is
deleted can be brought back for ten minutes and is then gone for good.
"""

import hashlib
import io
import json
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.data import CLASSES, SIDE
from core.files.folder import reading, reason
from core.labels import OWNER
from core.sketch.strokes import Strokes, checked

FILE = "handwriting.sqlite3"  # in the folder of the checkpoints
VERSION = 2  # 1 had no owners
MOST = 20_000  # sketches; with their strokes about 40 MB
MAX_BYTES = 256 * 2**20  # of the file, with what is deleted in it
MOST_TEXT = 2_000_000  # bytes of a sketch as `pack` writes it; a hundred long strokes take half of that
SECONDS_TO_UNDO = 600
SHAPE = SIDE, SIDE
TABLE = """
CREATE TABLE IF NOT EXISTS sketches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- counts on from the second in which the file was made: never given twice
    digest TEXT NOT NULL UNIQUE,           -- of the image: the same one is kept once
    image BLOB NOT NULL CHECK (length(image) = 784),
    label INTEGER NOT NULL CHECK (label BETWEEN 0 AND 9),
    strokes TEXT NOT NULL,
    deleted REAL,                          -- when, in seconds since 1970, or NULL
    owner TEXT NOT NULL DEFAULT ''         -- as core/host/visitors.py writes whoever kept it; empty where nobody is known to have
)
"""

# What a row must be to be shown: a file that somebody else has made may hold any.
SOUND = (
    "deleted IS NULL AND typeof(id) = 'integer' AND typeof(image) = 'blob' AND length(image) = 784 "
    "AND typeof(label) = 'integer' AND label BETWEEN 0 AND 9"
)


May = Callable[[str], bool]


def anybody(owner: str) -> bool:
    """The rule of whoever may change everything."""
    return True


class HandwritingError(RuntimeError):
    """What cannot be kept, or a file that cannot be used. The message is one sentence."""


class Sketch(NamedTuple):
    """One labelled sketch."""

    number: int
    image: np.ndarray  # (28, 28) uint8, 0 paper to 255 ink
    label: int
    owner: str


class Sketches(NamedTuple):
    """All of them, oldest first."""

    numbers: np.ndarray  # (n,) int64
    images: np.ndarray  # (n, 28, 28) uint8
    labels: np.ndarray  # (n,) uint8


def keep(
    folder: Path, image: np.ndarray, label: int, strokes: Strokes = (), owner: str = "", may: May = anybody
) -> int:
    """Keep an image (28, 28), uint8 or float from 0 to 1, under its label, and return its number.

    The same image again is not kept twice: it gets the new label. Raises HandwritingError where it is there already and not to be
    changed, or when the store is full, and ValueError for what is no image or no digit.
    """
    pixels = image if image.dtype == np.uint8 else np.round(image * 255)
    if pixels.shape != SHAPE or not np.isfinite(pixels).all() or pixels.min() < 0 or pixels.max() > 255:
        raise ValueError("A sketch is an image of 28 x 28 pixels.")
    if isinstance(label, bool) or label not in range(CLASSES):
        raise ValueError("A label is a digit from 0 to 9.")
    if not pixels.any():
        raise HandwritingError("There is nothing on the paper yet.")
    blob, lines = pixels.astype(np.uint8).tobytes(), json.dumps(checked(strokes), separators=(",", ":"))
    digest = hashlib.sha256(blob).hexdigest()
    with _open(folder) as db:
        before = db.execute(
            "SELECT label, owner FROM sketches WHERE digest = ? AND deleted IS NULL", (digest,)
        ).fetchone()
        if before is None and _count(db) >= MOST:
            raise HandwritingError(f"{MOST:,} sketches are kept here, which is all that there is room for.")
        if before is not None and not may(before[1]):
            raise HandwritingError(
                f"Somebody else has kept this very sketch, as a {before[0]}: it is theirs to change."
            )
        db.execute(
            "INSERT INTO sketches (digest, image, label, strokes, owner) VALUES (?, ?, ?, ?, ?) ON CONFLICT (digest) DO UPDATE SET "
            "owner = iif(deleted IS NULL, owner, excluded.owner), label = excluded.label, deleted = NULL",
            (digest, blob, int(label), lines, owner),
        )
        return db.execute("SELECT id FROM sketches WHERE digest = ?", (digest,)).fetchone()[0]


def count(folder: Path) -> int:
    """How many there are."""
    with _open(folder) as db:
        return _count(db)


def everything(folder: Path) -> Sketches:
    """All sketches as arrays."""
    with _open(folder) as db:
        rows = db.execute(
            f"SELECT id, image, label FROM sketches WHERE {SOUND} ORDER BY id LIMIT ?", (MOST,)
        ).fetchall()
    images = np.frombuffer(b"".join(row[1] for row in rows), np.uint8).reshape(-1, *SHAPE)
    return Sketches(np.array([row[0] for row in rows], np.int64), images, np.array([row[2] for row in rows], np.uint8))


def newest(folder: Path, n: int, skip: int = 0) -> list[Sketch]:
    """Some of them, newest first."""
    with _open(folder) as db:
        rows = db.execute(
            f"SELECT id, image, label, owner FROM sketches WHERE {SOUND} ORDER BY id DESC LIMIT ? OFFSET ?", (n, skip)
        ).fetchall()
    return [Sketch(number, np.frombuffer(blob, np.uint8).reshape(SHAPE), *rest) for number, blob, *rest in rows]


def changeable(folder: Path, may: May) -> int:
    """How many of them may be deleted."""
    with _open(folder, may) as db:
        return db.execute(f"SELECT count(*) FROM sketches WHERE {SOUND} AND may(owner)").fetchone()[0]


def delete(folder: Path, numbers: Sequence[int] | None = None, may: May = anybody) -> list[int]:
    """Delete the sketches with these numbers, or all, as far as that is allowed. Returns which went; `restore` brings them back."""
    with _open(folder, may) as db:
        where = "deleted IS NULL AND may(owner)"
        where += "" if numbers is None else " AND id IN (SELECT value FROM json_each(?))"
        given = () if numbers is None else (json.dumps([int(number) for number in numbers]),)
        gone = [row[0] for row in db.execute(f"SELECT id FROM sketches WHERE {where}", given)]
        db.execute(f"UPDATE sketches SET deleted = ? WHERE {where}", (time.time(), *given))
    return gone


def restore(folder: Path, numbers: Sequence[int], may: May = anybody) -> int:
    """Bring deleted sketches back. Returns how many could be: not those of more than ten minutes ago, or of somebody else."""
    with _open(folder, may) as db:
        room = MOST - _count(db)
        changed = db.execute(
            "UPDATE sketches SET deleted = NULL WHERE id IN "
            "(SELECT id FROM sketches WHERE deleted IS NOT NULL AND may(owner) AND id IN (SELECT value FROM json_each(?)) LIMIT ?)",
            (json.dumps([int(number) for number in numbers]), max(0, room)),
        )
        return changed.rowcount


def export(folder: Path) -> bytes:
    """A ZIP of everything: handwriting.npz (numbers, images, labels), and the strokes as lines of JSON."""
    sketches = everything(folder)
    with _open(folder) as db:
        rows = db.execute(
            f"SELECT id, label, strokes FROM sketches WHERE {SOUND} ORDER BY id LIMIT ?", (MOST,)
        ).fetchall()
    arrays, file = io.BytesIO(), io.BytesIO()
    np.savez_compressed(arrays, **sketches._asdict())
    lines = [json.dumps({"number": number, "label": label, "strokes": _strokes(text)}) for number, label, text in rows]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("handwriting.npz", arrays.getvalue())
        archive.writestr("strokes.jsonl", "".join(line + "\n" for line in lines))
    return file.getvalue()


def states(folder: Path) -> dict[str, str]:
    """What tells each sketch from what it was before, by the digest of its image; nothing of one that was just deleted."""
    with _open(folder) as db:
        rows = db.execute(f"SELECT digest, label, owner FROM sketches WHERE {SOUND} LIMIT ?", (MOST,)).fetchall()
        gone = db.execute("SELECT digest FROM sketches WHERE deleted IS NOT NULL").fetchall()
    return {digest: "" for (digest,) in gone} | {digest: f"{label} {owner}" for digest, label, owner in rows}


def pack(folder: Path, digest: str) -> bytes:
    """A sketch for another server, whose `take` reads it. Raises FileNotFoundError where it is gone."""
    with _open(folder) as db:
        row = db.execute(
            f"SELECT image, label, strokes, owner FROM sketches WHERE {SOUND} AND digest = ?", (digest,)
        ).fetchone()
    if row is None:
        raise FileNotFoundError(digest)
    image, label, text, owner = row
    return json.dumps({"image": image.hex(), "label": label, "strokes": _strokes(text), "owner": owner}).encode()


def take(folder: Path, digest: str, data: bytes) -> None:
    """Keep what another server has packed under the digest of its image. Raises ValueError for what is no such sketch."""
    try:
        said = json.loads(data)
        image = np.frombuffer(bytes.fromhex(said["image"]), np.uint8).reshape(SHAPE)
        label, strokes, owner = said["label"], said["strokes"], said["owner"]
        checked(strokes)
        if type(label) is not int or not OWNER.fullmatch(owner):
            raise ValueError
    except (ValueError, TypeError, LookupError, OverflowError, AttributeError, RecursionError):
        raise ValueError("it is no sketch") from None
    if hashlib.sha256(image.tobytes()).hexdigest() != digest:
        raise ValueError("its image is another one than its name says")
    keep(folder, image, label, strokes, owner)


def drop(folder: Path, digest: str) -> None:
    """Delete a sketch that was deleted elsewhere; for ten minutes `restore` brings it back."""
    with _open(folder) as db:
        db.execute("UPDATE sketches SET deleted = ? WHERE digest = ? AND deleted IS NULL", (time.time(), digest))


def _strokes(text: str) -> list[list[list[int]]]:
    """The strokes in a row; none where there are none that can be read."""
    try:
        return checked(json.loads(text))
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
        return []


def _count(db: sqlite3.Connection) -> int:
    return db.execute(f"SELECT count(*) FROM sketches WHERE {SOUND}").fetchone()[0]


@contextmanager
def _open(folder: Path, may: May = anybody) -> Iterator[sqlite3.Connection]:
    """The file for one transaction; what can no longer be brought back goes."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError), reading(folder / FILE, MAX_BYTES):
            pass  # SQLite itself would wait for a pipe
        with closing(sqlite3.connect(folder / FILE, timeout=20, isolation_level=None)) as db:
            db.create_function("may", 1, lambda owner: may(owner if isinstance(owner, str) else ""))
            _begin(db)
            yield db
            db.execute("COMMIT")  # closing rolls back what was not committed
    except OSError as error:
        raise HandwritingError(f"{FILE} cannot be used right now ({reason(error, folder)}).") from None
    except sqlite3.OperationalError as error:
        raise HandwritingError(f"{FILE} cannot be used right now ({error}).") from None
    except (sqlite3.Error, UnicodeDecodeError):  # the one of whose words not even the text can be read
        raise HandwritingError(f"{FILE} is damaged: move it away to begin anew.") from None


def _begin(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA secure_delete = ON")
    db.execute("BEGIN IMMEDIATE")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version not in range(VERSION + 1):
        raise HandwritingError(f"{FILE} was written by another version of Digit Lab: move it away to begin anew.")
    if version == 0:
        db.execute(TABLE)
        # Whoever still has the number of a sketch in a store that was moved away must not mean one in the new store.
        db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('sketches', ?)", (int(time.time()),))
    elif version == 1:
        db.execute("ALTER TABLE sketches ADD COLUMN owner TEXT NOT NULL DEFAULT ''")
    if version != VERSION:
        db.execute(f"PRAGMA user_version = {VERSION}")
    db.execute("DELETE FROM sketches WHERE deleted < ?", (time.time() - SECONDS_TO_UNDO,))
