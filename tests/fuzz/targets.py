"""What is fed, and what must be true of it: each target draws one input, and raises where it must not."""

import contextlib
import io
import json
import string
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st
from PIL import Image

from core import __main__ as command_line
from core import checkpoints, labels
from core.files.archive import CheckpointError
from core.files.folder import replace
from core.sketch import handwriting, strokes, upload
from core.sketch.handwriting import HandwritingError
from core.sketch.upload import UploadError
from tests import hostile
from tests.fuzz import widgets
from tests.fuzz.inputs import JSON, TEXTS, changed, spoilt

Target = Callable[[st.DrawFn], str]  # returns "taken", "mended" or "refused"
PLACES = ("confusion", "overfitting", "runs", "search", "sketch", "train", "weights")


def refused(sentence: str, most: int = 600) -> str:
    """What has been refused with this sentence, if it is one."""
    assert "\n" not in sentence, sentence
    assert 0 < len(sentence) < most, sentence
    return "refused"


# Queries -------------------------------------------------------------------------------------------------------------


def query(draw: st.DrawFn) -> str:
    state = pages()[draw(st.sampled_from(PLACES))]
    names = draw(st.lists(st.sampled_from(sorted(state.names)), min_size=1, max_size=5, unique=True))
    several = st.lists(TEXTS, min_size=1, max_size=20)
    link = {name: draw(TEXTS | several if name in state._repeated else TEXTS) for name in names}
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
    from ui.search import state as search
    from ui.sketch import state as sketch
    from ui.train import state as train
    from ui.weights import state as weights

    return {
        module.STATE.page: module.STATE for module in (confusion, overfitting, runs, search, sketch, train, weights)
    }


# Controls ------------------------------------------------------------------------------------------------------------


def control(draw: st.DrawFn) -> str:
    """A page of a visitor's own, to which a browser sends what no control of ours would. Another visitor sees nothing of it."""
    at, names = visits(draw(st.sampled_from(PLACES)))
    widgets.send(at, widgets.any_state(draw(st.sampled_from(names)), draw(st.randoms(use_true_random=False))))
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


def checkpoint(draw: st.DrawFn) -> str:
    """A file that is spoilt somewhere, or says something else of itself somewhere."""
    if draw(st.booleans()):
        data = draw(spoilt(draw(st.sampled_from(good()))))
    else:
        data = hostile.text(lambda meta: json.dumps(draw(changed(meta))))(good()[0])
    try:
        found = checkpoints.loads(data)
    except CheckpointError as error:
        return refused(str(error))
    assert np.isfinite(found.model.predict_proba(np.zeros((1, 28, 28), np.uint8))).all()
    assert 0 <= found.total_seconds < 4e7
    return "taken"


def file_of_labels(draw: st.DrawFn) -> str:
    entries = {hostile.config_of(0).key: {"name": "a name", "pinned": True, "owner": "0" * 16}}
    text = json.dumps(draw(changed(entries))).encode()
    data = draw(spoilt(text) | st.just(text))
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


def file_of_sketches(draw: st.DrawFn) -> str:
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / handwriting.FILE).write_bytes(draw(spoilt(store())))
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


def picture(draw: st.DrawFn) -> str:
    try:
        found = upload.read(draw(spoilt(draw(st.sampled_from(pictures())))))
    except UploadError as error:
        return refused(str(error))
    assert max(found.picture.shape[:2]) <= upload.LONGEST
    return "mended" if found.problem else "taken"


def pad(draw: st.DrawFn) -> str:
    stroke = {"width": 9, "points": [[10, 10], [30.25, 40]]}
    said = draw(changed({"drawn": 3, "strokes": [stroke] * 3}) | JSON)
    found = strokes.Paper().and_then(strokes.paper_of(said)).strokes
    assert len(found) <= strokes.MOST_STROKES
    assert all(0 < len(stroke.points) <= strokes.MOST_POINTS for stroke in found)
    if draw(st.integers(0, 19)) == 19:  # it takes as long as a hundred of the others
        assert strokes.drawn(found, 280).shape == (280, 280)
    return "taken" if found else "refused"


# The command line ----------------------------------------------------------------------------------------------------


def command(draw: st.DrawFn) -> str:
    words = ("train", "mlp", "cnn", "evaluate", "predict", "--epochs", "--seed", "--json", "--preset", "small", "-1", "nan",
             "1e400", "9" * 5_000, "", "mlp-0123456789", "--activation", "../x", "\x00", "--", "-h")  # fmt: skip
    typed = draw(st.lists(st.sampled_from(words), max_size=5))
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


def word(draw: st.DrawFn) -> str:
    """A name that somebody types, and the Markdown that becomes of it."""
    from tests.pages.test_outside_text import LIVE
    from ui.shared import plain

    parts = st.sampled_from([*string.printable, "![", "](http://e.x)", ":red[", "www.", "$x$", "\u202e", "é"])
    text = "".join(draw(st.lists(parts, max_size=30))) + draw(st.text(max_size=5))
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
