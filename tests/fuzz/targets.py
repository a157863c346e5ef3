"""What is fed, and what must be true of it: each target makes one input of a seeded generator, and raises where it must not."""

import contextlib
import io
import json
import random
import string
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from core import __main__ as command_line
from core import checkpoints, labels
from core.archive import CheckpointError
from core.config import PRESETS
from core.folder import replace
from core.sketch import handwriting, strokes, upload
from core.sketch.handwriting import HandwritingError
from core.sketch.upload import UploadError
from tests import hostile
from tests.fuzz import widgets

Target = Callable[[random.Random], str]  # returns "taken", "mended" or "refused"
PLACES = ("confusion", "overfitting", "runs", "sketch", "train", "weights")


def refused(sentence: str, most: int = 600) -> str:
    """What has been refused with this sentence, if it is one."""
    assert "\n" not in sentence, sentence
    assert 0 < len(sentence) < most, sentence
    return "refused"


# Queries -------------------------------------------------------------------------------------------------------------


def any_text(chance: random.Random) -> str:
    """A text that a link may bring: made of what parameters are made of, or of anything."""
    keys = [config.key for config in PRESETS.values()]
    parts = (*keys, "@", ":", ",", ".", "-", "=", "nan", "1e999", "0", "-1", "9" * 400, "test", "drawing-", "mlp", "\x00",
             "\ud800", "%00", "\u202e", "![", "../", "é", "train_size", "sigmoid", "True")  # fmt: skip
    if chance.random() < 0.7:
        return "".join(chance.choices(parts, k=chance.randrange(5)))
    return "".join(chr(chance.randrange(1, 0x3000)) for _ in range(chance.randrange(40)))


def query(chance: random.Random) -> str:
    state = pages()[chance.choice(PLACES)]
    link: dict[str, Any] = {}
    for name in chance.sample(sorted(state.names), k=min(len(state.names), chance.randrange(1, 6))):
        if name in state._repeated and chance.random() < 0.5:
            link[name] = [any_text(chance) for _ in range(chance.randrange(1, 20))]
        else:
            link[name] = any_text(chance)
    values, sentences = state._reader(link)
    record = state.make(values)
    again, _ = state._reader(state.link(record))
    assert state.make(again) == record or "image" in values, "what it means can be said"
    assert all(len(sentence) < 400 for sentence in sentences)
    return "mended" if sentences else "taken"


@cache
def pages() -> dict[str, Any]:
    """The state of each page, by its name."""
    from ui.confusion import state as confusion
    from ui.overfitting import state as overfitting
    from ui.runs import state as runs
    from ui.sketch import state as sketch
    from ui.train import state as train
    from ui.weights import state as weights

    return {module.STATE.page: module.STATE for module in (confusion, overfitting, runs, sketch, train, weights)}


# Controls ------------------------------------------------------------------------------------------------------------


def control(chance: random.Random) -> str:
    """A page of a visitor's own, to which a browser sends what no control of ours would. Another visitor sees nothing of it."""
    at, names = visits(chance.choice(PLACES))
    widgets.send(at, widgets.any_state(chance.choice(names), chance))
    if at.exception:
        visits.cache_clear()
        return "refused"
    return "taken"


@cache
def visits(page: str) -> tuple[Any, list[str]]:
    from tests.pages.visit import visit

    at = visit(page)
    return at, widgets.controls(at)


# Files ---------------------------------------------------------------------------------------------------------------


@cache
def good() -> tuple[bytes, ...]:
    checkpoint = hostile.sound(hostile.config_of(0))
    return checkpoints.dumps(checkpoint), checkpoints.dumps(checkpoint, compress=True)


def spoilt(data: bytes, chance: random.Random) -> bytes:
    """Bytes with some of them changed, left out, repeated or put elsewhere."""
    spoilt = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        at, n = chance.randrange(len(spoilt) + 1), chance.choice((1, 2, 4, 40, 4_000))
        if chance.random() < 0.4:  # what matters most stands at the ends
            at = chance.choice(
                (chance.randrange(min(300, len(spoilt) + 1)), max(0, len(spoilt) - chance.randrange(700)))
            )
        match chance.randrange(5):
            case 0:
                spoilt[at : at + n] = chance.randbytes(len(spoilt[at : at + n]))
            case 1:
                del spoilt[at : at + n]
            case 2:
                spoilt[at:at] = spoilt[at : at + n]
            case 3:
                spoilt[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", bytes(4), b"\xff\xff\xff\x7f", b"PK\x05\x06"))
            case 4:
                spoilt[at : at + 1] = bytes([spoilt[at] ^ 1 << chance.randrange(8)]) if at < len(spoilt) else b""
    return bytes(spoilt)


def any_json(chance: random.Random, depth: int = 0) -> Any:
    leaves = (
        None,
        True,
        False,
        0,
        -1,
        1,
        10**30,
        1e308,
        float("nan"),
        float("inf"),
        -0.0,
        0.5,
        "",
        "x",
        "\ud800",
        "9" * 99,
    )
    match chance.randrange(5 if depth < 4 else 3):
        case 3:
            return [any_json(chance, depth + 1) for _ in range(chance.randrange(5))]
        case 4:
            names = ("path", "objects", "strokeWidth", "name", "pinned", "epochs", hostile.config_of(0).key, "a")
            return {chance.choice(names): any_json(chance, depth + 1) for _ in range(chance.randrange(4))}
    return chance.choice(leaves)


def checkpoint(chance: random.Random) -> str:
    """A file that is spoilt somewhere, or says something else of itself somewhere."""
    if chance.random() < 0.6:
        data = spoilt(chance.choice(good()), chance)
    else:
        data = hostile.text(lambda meta: json.dumps(_changed(meta, chance)))(good()[0])
    try:
        found = checkpoints.loads(data)
    except CheckpointError as error:
        return refused(str(error))
    assert np.isfinite(found.model.predict_proba(np.zeros((1, 28, 28), np.uint8))).all()
    assert 0 <= found.total_seconds < 4e7
    return "taken"


def _changed(value: Any, chance: random.Random) -> Any:
    """A JSON value with something else at one of its places."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        name = chance.choice(list(value))
        return value | {name: _changed(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        at = chance.randrange(len(value))
        return [*value[:at], _changed(value[at], chance), *value[at + 1 :]]
    return any_json(chance)


def file_of_labels(chance: random.Random) -> str:
    entries = {hostile.config_of(0).key: {"name": "a name", "pinned": True}}
    text = json.dumps(_changed(entries, chance)).encode()
    data = spoilt(text, chance) if chance.random() < 0.5 else text
    with tempfile.TemporaryDirectory() as place:
        replace(Path(place) / labels.FILE, data)
        found = labels.read(Path(place))
    assert all(labels.length(label.name) <= labels.LONGEST_NAME for label in found.values())
    return "taken" if found else "refused"


@cache
def store() -> bytes:
    with tempfile.TemporaryDirectory() as place:
        for n in range(1, 4):
            handwriting.keep(Path(place), np.full((28, 28), n * 10, np.uint8), n, [[(1, 2), (3, 4)]])
        return (Path(place) / handwriting.FILE).read_bytes()


def file_of_sketches(chance: random.Random) -> str:
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / handwriting.FILE).write_bytes(spoilt(store(), chance))
        try:
            found = handwriting.everything(Path(place))
            handwriting.newest(Path(place), 5)
            handwriting.export(Path(place))
        except HandwritingError:
            return "refused"
    assert found.images.shape[1:] == (28, 28)
    assert ((found.labels >= 0) & (found.labels <= 9)).all()
    return "taken"


# Pictures and pads ---------------------------------------------------------------------------------------------------


@cache
def pictures() -> tuple[bytes, ...]:
    found = []
    pixels = np.full((40, 60, 3), 250, np.uint8)
    pixels[10:30, 28:32] = 10
    for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"):
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, kind)
        found.append(file.getvalue())
    return tuple(found)


def picture(chance: random.Random) -> str:
    try:
        found = upload.read(spoilt(chance.choice(pictures()), chance))
    except UploadError as error:
        return refused(str(error))
    assert max(found.picture.shape[:2]) <= upload.LONGEST
    return "mended" if found.problem else "taken"


def pad(chance: random.Random) -> str:
    one = {
        "width": any_json(chance) if chance.random() < 0.5 else 9,
        "points": _changed([[10, 10], [30.25, 40]], chance),
    }
    said = {"drawn": 3, "strokes": [one] * 3}
    said = _changed(said, chance) if chance.random() < 0.5 else said
    said = said if chance.random() < 0.6 else any_json(chance)
    found = strokes.Paper().and_then(strokes.paper_of(said)).strokes
    assert len(found) <= strokes.MOST_STROKES
    assert all(0 < len(stroke.points) <= strokes.MOST_POINTS for stroke in found)
    if chance.random() < 0.05:  # it takes as long as a hundred of the others
        assert strokes.drawn(found, 280).shape == (280, 280)
    return "taken" if found else "refused"


# The command line ----------------------------------------------------------------------------------------------------


def command(chance: random.Random) -> str:
    words = ("train", "mlp", "cnn", "evaluate", "predict", "--epochs", "--seed", "--json", "--preset", "small", "-1", "nan",
             "1e400", "9" * 5_000, "", "mlp-0123456789", "--activation", "../x", "\x00", "--", "-h")  # fmt: skip
    typed = chance.choices(words, k=chance.randrange(6))
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        try:
            options = command_line.parser().parse_args(typed)
            if hasattr(options, "network"):
                command_line.config_of(options)
        except SystemExit as end:
            # It repeats what was typed.
            return refused(said.getvalue().strip(), 30_000) if end.code == 2 else str(end.code).replace("0", "taken")
        except command_line.SettingsError as error:
            return refused(str(error))
    return "taken"


def word(chance: random.Random) -> str:
    """A name that somebody types, and the Markdown that becomes of it."""
    from tests.pages.test_outside_text import LIVE
    from ui.shared import plain

    text = "".join(
        chance.choices([*string.printable, "![", "](http://e.x)", ":red[", "www.", "$x$", "\u202e", "é"], k=30)
    )
    assert not LIVE.search(plain(text)), text
    try:
        labels.Label(text)
    except labels.LabelError:
        return "refused"
    return "taken"


# With the share of all inputs that each gets.
TARGETS: dict[str, tuple[Target, float]] = {
    "queries": (query, 0.2),
    "controls": (control, 0.02),
    "checkpoints": (checkpoint, 0.25),
    "labels": (file_of_labels, 0.06),
    "sketches": (file_of_sketches, 0.05),
    "pictures": (picture, 0.12),
    "pads": (pad, 0.12),
    "command line": (command, 0.08),
    "names": (word, 0.1),
}
