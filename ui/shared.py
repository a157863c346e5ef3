"""What is heavy, held once for all visitors."""

import os
import re
import threading
import time
import uuid

import streamlit as st

from core import checkpoints, inspection
from core.data import Digits, load_digits
from core.paint import Colours
from core.runs import Run, Runs
from core.training import Checkpoint
from ui.pictures import png

SECONDS_BEFORE_WARM_UP = 2.0  # the first page is painted by then
# Of torch, before it is imported. Its threads wait for each other by spinning: on two cores that are training besides, two
# of them took ten times as long as one to explain an answer (190 ms against 15), and nothing is gained where there is quiet.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@st.cache_resource(show_spinner="Reading MNIST …")
def digits() -> Digits:
    """MNIST; its arrays are read-only, so everybody can have the same ones."""
    return load_digits()


@st.cache_resource(show_spinner=False)
def runs() -> Runs:
    """Every run of this server."""
    threading.Thread(target=_warm_up, daemon=True, name="warm-up").start()
    return Runs()


@st.cache_resource(max_entries=16, show_spinner=False)
def _checkpoint(key: str, epochs: int, step: int) -> Checkpoint:
    return checkpoints.load(key)


def checkpoint(run: Run) -> Checkpoint:
    """A saved run with its network, loaded once. Only to be looked at: everybody has the same one."""
    return _checkpoint(run.key, len(run.summary.history), int(run.summary.seconds * 1000))


@st.cache_data(max_entries=64, show_spinner=False)
def live_templates(key: str, states: int, colours: Colours, _state: bytes) -> bytes:
    """A live MLP's templates as a PNG; everybody who watches it gets the same one."""
    return png(inspection.templates(checkpoints.loads(_state).model.w1, colours), scale=3)


def visitor() -> str:
    """Who is asking: a random name that lasts as long as the browser's tab."""
    return st.session_state.setdefault("visitor", uuid.uuid4().hex)


def plain(text: str) -> str:
    """A text that somebody typed, as Markdown that shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]<>()#+\-.!|$~^&]|:(?! ))", r"\\\1", text)


def _warm_up() -> None:
    """Import torch once the first page is there, so that nobody waits for it at the first prediction."""
    time.sleep(SECONDS_BEFORE_WARM_UP)
    import core.cnn  # noqa: F401
