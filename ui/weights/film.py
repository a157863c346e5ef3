"""A layer's units as one picture that is scrubbed and played through training in the browser: film.js draws it.

The weights of all epochs are sent once, by reel.js; after that a page that changes costs a few kilobytes.
"""

import base64
import zlib
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from core.analysis import matrices
from core.analysis.neurons import Reel, reel
from core.charts.colours import Colours
from core.charts.matrix import cells
from core.data import SIDE
from core.images.codes import EACH
from core.kinds import SettingsError
from core.words import share_words
from ui.component import component
from ui.pictures import colours
from ui.predictions import Version, version
from ui.shared import images_of
from ui.weights.look import Look
from ui.weights.state import STATE

SECONDS_BETWEEN_LOOKS = 1.0
FILM_CAPTION = (
    "Above: the accuracy after each epoch whose weights are kept, and the confusion matrix of the test images, true digits in "
    "rows: green is right, orange is wrong."
)
TURN = "weights_turn"  # how many moves of the film have been heard of

_reel = component(Path(__file__).parent, "reel")
_film = component(Path(__file__).parent, "film")


def film(
    look: Look,
    array: str,
    order: Sequence[int],
    columns: int,
    names: Sequence[str],
    alt: str,
    together: bool = False,
) -> None:
    """Draw the units of one of the network's arrays, (units, …, h, w) or (units, 784), with scrubber and play.

    `order` is that of the pictures, from left to right in rows of `columns`; every picture in it is a unit or, of a second
    convolution, one input's part of one. `names` are said of each when it is pointed at. A click or an arrow key chooses
    one, into the state "unit"; the epoch goes into "epoch", the scale is taken from "scale". `together` is for pictures of
    which a whole column belongs together: columns and rows are numbered, and the chosen column is framed.
    """
    last = last_version(look)
    name = f"{last.key}/{last.state_id}/{last.epoch}/{array}"
    counting = _counting(last)
    counting.hurry(look.version.epoch, _worker())
    counted = dict(counting.matrices)  # as it is now: it grows
    _film(
        key="film",
        data={
            "reel": name,
            "epochs": look.epochs,
            "place": look.epochs.index(look.version.epoch),
            "unit": look.state.unit,
            "turn": st.session_state.get(TURN, 0),
            "order": list(order),
            "columns": columns,
            "together": together,
            "names": list(names),
            "alt": alt,
            "scale": look.state.scale,
            "colours": colours()._asdict(),
            "accuracies": _accuracies(look, counted),
            "matrices": [counting.fills(epoch, colours()) if epoch in counted else None for epoch in look.epochs],
        },
        on_settled_change=partial(_heard, "settled", "epoch"),
        on_chosen_change=partial(_heard, "chosen", "unit"),
    )
    _reel(key=f"reel_{array.replace('.', '_')}", data=_packed(last, array) | {"name": name})
    _show_what_comes_in(counting, len(counted))


def last_version(look: Look) -> Version:
    """The run after the last epoch whose weights are kept."""
    return version(look.run, look.epochs[-1])


@st.cache_resource(max_entries=8, show_spinner=False)
def reel_of(last: Version, array: str) -> Reel:
    """An array of a run's weights through training; `last` is the run after its last epoch that is kept."""
    snapshots = last.checkpoint.snapshots
    weights = np.stack([snapshots[epoch][array] for epoch in sorted(snapshots)])
    shape = (SIDE, SIDE) if weights.ndim == 3 else weights.shape[-2:]
    return reel(weights.reshape(len(weights), -1, *shape))


@st.cache_resource(max_entries=8, show_spinner=False)
def _packed(last: Version, array: str) -> dict[str, Any]:
    """A reel as reel.js unpacks it. Levels are written as differences between epochs, which halves their size."""
    reel = reel_of(last, array)
    differences = reel.levels.copy()
    differences[1:] -= reel.levels[:-1]  # modulo 256
    epochs, units, height, width = reel.levels.shape
    return {
        "packed": base64.b64encode(_deflated(differences)).decode(),
        "epochs": epochs,
        "units": units,
        "height": height,
        "width": width,
        "largest": _short(reel.largest),
        "own": _short(reel.own),
        "common": _short(reel.common),
        "training": reel.training,
    }


def _deflated(differences: np.ndarray) -> bytes:
    """What zlib makes of many small numbers around 0, by the strategy that is meant for such: 2% less, in the same time."""
    deflating = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_FILTERED)
    return deflating.compress(differences.tobytes()) + deflating.flush()


def _short(array: np.ndarray) -> list:
    """Numbers to four digits, which is more than a colour shows."""
    return np.vectorize(lambda value: float(f"{value:.4g}"))(array).tolist()


class Counting:
    """The confusion matrices of a run's test images by epoch: they lie ready, or are counted once for everybody, in the background."""

    def __init__(self, last: Version):
        self.last, self.saved = last, last.checkpoint
        self.matrices = matrices.ready(last.state_id, self.saved)
        self.painted: dict[tuple[int, Colours], str] = {}
        self.asked = False

    @property
    def done(self) -> bool:
        return self.matrices.keys() == self.saved.snapshots.keys()

    def fills(self, epoch: int, colours: Colours) -> str:
        """The colours of a matrix's cells, "#rrggbb" one after the other."""
        key = epoch, colours
        if key not in self.painted:
            self.painted[key] = "".join(cell.fill for cell in cells(self.matrices[epoch], colours=colours))
        return self.painted[key]

    def hurry(self, first: int, worker: Executor) -> None:
        """Count an epoch now, and leave the rest to a worker."""
        if first not in self.matrices:
            self._count(first)
        if not self.asked and not self.done:
            self.asked = True
            worker.submit(self._count_all)

    def _count_all(self) -> None:
        while not self.done:
            self._count(min(self.saved.snapshots.keys() - self.matrices.keys()))

    def _count(self, epoch: int) -> None:
        self.matrices[epoch] = matrices.matrix_after(self.saved, epoch, images_of("test"))


@st.cache_resource(max_entries=64, show_spinner=False)
def _counting(last: Version) -> Counting:
    return Counting(last)


@st.cache_resource(show_spinner=False)
def _worker() -> Executor:
    """One thread for all visitors, so that counting leaves them a processor."""
    return ThreadPoolExecutor(1, thread_name_prefix="matrices")


def _show_what_comes_in(counting: Counting, shown: int) -> None:
    """Draw the page again when more matrices have been counted than are shown, be it since a moment ago."""
    if shown == len(counting.saved.snapshots):
        return

    @st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
    def look_again() -> None:
        if len(counting.matrices) > shown:
            st.rerun()

    look_again()


def _accuracies(look: Look, counted: dict[int, np.ndarray]) -> list[dict[str, Any]]:
    """The three accuracies after each epoch that is kept, as far as they are known."""
    history = {event.epoch: event for event in look.run.history}
    training, validation = (
        [getattr(history[epoch], field) if epoch in history else None for epoch in look.epochs]
        for field in ("train_accuracy", "val_accuracy")
    )
    test = [
        float(np.trace(counted[epoch]) / counted[epoch].sum()) if epoch in counted else None for epoch in look.epochs
    ]
    sizes = look.config.train_size, EACH, EACH
    hues = colours().other, colours().line, colours().ink
    return [
        {
            "name": name,
            "dash": dash,
            "colour": colour,
            "values": values,
            "words": [None if value is None else share_words(value, n) for value in values],
        }
        for name, dash, colour, values, n in zip(
            ("Training", "Validation", "Test"),
            (False, True, False),
            hues,
            (training, validation, test),
            sizes,
            strict=True,
        )
    ]


def _heard(event: str, name: str) -> None:
    """Take over what the film tells: the epoch that it stands at, or the unit that was chosen in it."""
    said = st.session_state.film[event]
    value = told(said, name)
    if value is not None:
        STATE.put(**{name: value})
        st.session_state[TURN] = said.get("turn")


def told(said: Any, name: str) -> int | None:
    """A parameter that a film has told of, or None where it is not one that a film of ours would tell."""
    try:
        return STATE.parameters[name].checked(said[name])
    except (TypeError, KeyError, SettingsError):
        return None
