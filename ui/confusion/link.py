"""The state of the confusion page, and how it and the page's address keep each other up to date.

Every control has a name here, which is also its parameter in the address. What they are set to is kept under
"confusion_<name>" by Streamlit while a control is on the page, and in `st.session_state.confusion` for good.
"""

from collections.abc import Collection
from dataclasses import fields
from typing import Any

import streamlit as st

from core.config import PRESETS, Choice, Range
from core.images.corruption import Corruption
from ui import links
from ui.controls import Controls, gone, run_in
from ui.predictions import PARTS

PAGE = "confusion"
VIEWS = {
    "matrix": "Matrix",
    "digits": "Per digit",
    "certainty": "How sure?",
    "compare": "Two runs",
    "damage": "Damage",
}
EPOCH_OF = {"run": "epoch", "other": "other_epoch"}  # the two runs, and what their epochs are called
NUMBERS = {"shares": "Percent", "counts": "Counts"}
# Everything but the two runs. None is decided by what is shown: the last epoch, the commonest mistake, the surest image.
LIMITS: dict[str, Range | Choice] = {
    "epoch": Range(0, 200, int),
    "part": Choice(PARTS),
    "view": Choice(tuple(VIEWS)),
    "numbers": Choice(tuple(NUMBERS)),
    "true": Range(0, 9, int),
    "predicted": Range(0, 9, int),
    "image": Range(0, 59_999, int),
    "other_epoch": Range(0, 200, int),
    "first_digit": Range(0, 9, int),
    "second_digit": Range(0, 9, int),
    "threshold": Range(0.0, 1.0, float),
    **{spec.name: spec.metadata["limits"] for spec in fields(Corruption)},
}
DEFAULTS: dict[str, Any] = {
    "run": PRESETS["MLP full"].key,
    "epoch": None,
    "part": "test",
    "view": "matrix",
    "numbers": "shares",
    "true": None,
    "predicted": None,
    "image": None,
    "other": PRESETS["CNN full"].key,
    "other_epoch": None,
    "first_digit": 3,
    "second_digit": 5,
    "threshold": 0.9,
    **{spec.name: spec.default for spec in fields(Corruption)},
}
PARAMETERS = set(DEFAULTS)  # of the page's address

controls = Controls(PAGE, LIMITS, DEFAULTS)
get, put = controls.get, controls.put


def read(keys: Collection[str]) -> None:
    """Take over what the address brings, and note what of it could not be taken. `keys` are the runs that there are.

    A run that is not among them, or no longer, makes way for the first of them.
    """
    query = links.arriving(PAGE, PARAMETERS)
    if query is not None:
        controls.take(*from_link(query, keys))
        st.session_state.pop("confusion_page", None)
    controls.recall()
    for name, epoch in EPOCH_OF.items():
        if get(name) not in keys:
            if query is None:
                links.note([f"{gone(get(name))}: showing another one."])
            put(name, next(iter(keys)))
            put(epoch, None)
    controls.remember()


def write(instead: dict[str, Any]) -> None:
    """Make the address one that brings anybody else to what is shown. `instead` are other words for some of it."""
    link = controls.remember() | instead
    links.write(PAGE, {name: str(value) for name, value in link.items() if value != DEFAULTS[name]})


def from_link(query: links.Link, keys: Collection[str]) -> tuple[dict[str, Any], list[str]]:
    """The state that an address asks for, and one sentence for each value that had to be replaced."""
    values, sentences = controls.read(query)
    for name in EPOCH_OF:
        values[name], said = run_in(query, name, keys, DEFAULTS[name])
        sentences += said
    return values, sentences
