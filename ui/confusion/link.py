"""The state of the confusion page, and how it and the page's address keep each other up to date.

Every control has a name here, which is also its parameter in the address. What they are set to is kept under
"confusion_<name>" by Streamlit while a control is on the page, and in `st.session_state.confusion` for good.
"""

from collections.abc import Collection
from dataclasses import fields
from typing import Any

import streamlit as st

from core.checkpoints import KEY
from core.config import PRESETS, Choice, Range, SettingsError
from core.damage import Damage
from ui import links
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
    **{spec.name: spec.metadata["limits"] for spec in fields(Damage)},
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
    **{spec.name: spec.default for spec in fields(Damage)},
}


def read(keys: Collection[str]) -> None:
    """Take over what the address brings, and note what of it could not be taken. `keys` are the runs that there are.

    A run that is not among them, or no longer, makes way for the first of them.
    """
    query = links.arriving(PAGE)
    if query is not None:
        values, st.session_state.confusion_notices = from_link(query, keys)
        for name, value in values.items():
            put(name, value)
        st.session_state.pop("confusion_page", None)
    for name, value in st.session_state.confusion.items():
        st.session_state.setdefault(_key(name), value)
    for name, epoch in EPOCH_OF.items():
        if get(name) not in keys:
            put(name, next(iter(keys)))
            put(epoch, None)
    st.session_state.confusion = {name: get(name) for name in DEFAULTS}


def write(instead: dict[str, Any]) -> None:
    """Make the address one that brings anybody else to what is shown. `instead` are other words for some of it."""
    st.session_state.confusion = {name: get(name) for name in DEFAULTS}
    link = st.session_state.confusion | instead
    links.write(PAGE, {name: str(value) for name, value in link.items() if value != DEFAULTS[name]})


def show_notices() -> None:
    """Say once what could not be taken over from the address."""
    links.show_notices(st.session_state.pop("confusion_notices", []))


def get(name: str) -> Any:
    """What a control is set to."""
    return st.session_state[_key(name)]


def put(name: str, value: Any) -> None:
    """Set a control, before it is drawn."""
    st.session_state.setdefault("confusion", {})[name] = value
    st.session_state[_key(name)] = value


def from_link(query: links.Link, keys: Collection[str]) -> tuple[dict[str, Any], list[str]]:
    """The state that an address asks for, and one sentence for each value that had to be replaced."""
    values, sentences = dict(DEFAULTS), []
    for name in EPOCH_OF:
        key = query.get(name, DEFAULTS[name])
        if key in keys:
            values[name] = key
        elif isinstance(key, str) and KEY.fullmatch(key):
            sentences += [f"The run {key} is not here: showing another one."] * (name in query)
        else:
            sentences.append(f"“{str(key)[:40]}” is not the key of a run: showing another one.")
    for name, limits in LIMITS.items():
        if name not in query:
            continue
        try:
            values[name] = limits.nearest(str(query[name]))
        except SettingsError as error:
            sentences.append(f"{name.replace('_', ' ').capitalize()} {error}: it was left out.")
    return values, sentences


def _key(name: str) -> str:
    return f"{PAGE}_{name}"
