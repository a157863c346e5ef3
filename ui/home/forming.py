"""A network that learns, as a short film: what some of its hidden neurons look for, from chance to the end of a committed run."""

import base64
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from core.analysis.neurons import SCALE_END, order
from core.config import PRESETS
from core.data import SIDE, VAL_SIZE
from core.words import share_words
from ui.component import component
from ui.pictures import colours
from ui.predictions import Version, epochs_of, version
from ui.shared import runs, told_if_gone

NEURONS = 18  # of the network's, from all over the order of the digits that they vote for
STEPS = 15  # of colour on either side of zero: as many as one sees in so small a picture

_forming = component(Path(__file__).parent, "forming")


@told_if_gone()
def forming() -> None:
    """Draw the film of the report's MLP, where this server has that run."""
    run = runs().find(PRESETS["MLP full"].key)
    if run is None or run.summary is None:
        return
    epochs = epochs_of(run)
    reached = {event.epoch: share_words(event.val_accuracy, VAL_SIZE) for event in run.history}
    _forming(
        key="forming",
        data={
            **_film(version(run, epochs[-1])),
            "epochs": epochs,
            "words": [
                f"reads {reached[epoch]} of 10,000 new digits" if epoch in reached else "knows nothing yet"
                for epoch in epochs
            ],
            "colours": {name: getattr(colours(), name) for name in ("negative", "zero", "positive")},
        },
    )


@st.cache_resource(max_entries=2, show_spinner=False)
def _film(last: Version) -> dict[str, Any]:
    """The neurons' weights after every epoch that is kept, for forming.js.

    `packed` is base64 of zlib of int8 steps (epochs, neurons, 28, 28), each epoch but the first as the difference from the one
    before: 45 kB. A scale of colours ends where 99.5 % of a neuron's weights do after the last epoch, and is the same in all.
    """
    snapshots = last.checkpoint.snapshots
    at_the_end = {name: array.astype(np.float32) for name, array in snapshots[last.epoch].items()}
    by_votes = order(at_the_end["w1"], at_the_end["w2"], "votes")
    chosen = by_votes[np.linspace(0, len(by_votes) - 1, NEURONS).astype(int)]
    weights = np.stack([snapshots[epoch]["w1"][chosen] for epoch in sorted(snapshots)]).astype(np.float32)
    ends = np.percentile(np.abs(weights[-1]), SCALE_END, axis=1)
    steps = np.rint(np.clip(weights / ends[:, None], -1, 1) * STEPS).astype(np.int8)
    differences = steps.copy()
    differences[1:] -= steps[:-1]
    return {
        "packed": base64.b64encode(zlib.compress(differences.tobytes(), 9)).decode(),
        "steps": STEPS,
        "neurons": NEURONS,
        "of": len(by_votes),
        "side": SIDE,
    }
