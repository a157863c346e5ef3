"""The state of the sketch page, and how it and the page's address keep each other up to date.

Every control has a name here, which is also its parameter in the address. What they are set to is kept under
"sketch_<name>" by Streamlit while a control is on the page, and in `st.session_state.sketch` for good. "image" is no
control: it names what is read, by core/images/codes.py's names, one for each digit. A drawing is there as its 28x28.
"""

from collections.abc import Collection
from typing import Any

import streamlit as st

from core.checkpoints import KEY
from core.config import PRESETS, Choice, Range, SettingsError
from core.images.codes import DRAWING, ChosenError, chosen
from core.sketch.upload import MOST_DIGITS
from ui import links
from ui.controls import Controls, gone
from ui.shared import digits

PAGE = "sketch"
SOURCES = {"draw": "Draw", "test": "Test image", "upload": "Photo", "grid": "Keyboard"}
VIEWS = {"made": "How it is made", "why": "Why this answer?", "ours": "Our handwriting"}
MOST_NETWORKS = 4

FIRST = ("MLP full", "CNN full", "CNN sketch")  # the networks that one begins with, of those that are here
LIMITS: dict[str, Range | Choice] = {
    "source": Choice(tuple(SOURCES)),
    "view": Choice(tuple(VIEWS)),
    "pen": Range(4, 40, int),
    "resized": Choice(("False", "True")),
}
DEFAULTS: dict[str, Any] = {
    "run": [],  # those of FIRST
    "source": "draw",
    "view": "made",
    "pen": 18,
    "resized": False,
    "image": [],
}
PARAMETERS = {*DEFAULTS, "epoch"}  # of the page's address; other pages say the epoch apart from the run

controls = Controls(PAGE, LIMITS, DEFAULTS)
get, put, key_of, recall = controls.get, controls.put, controls.key_of, controls.recall


def read(keys: Collection[str]) -> None:
    """Take over what the address brings, and note what of it could not be taken. `keys` are the runs that there are."""
    query = links.arriving(PAGE, PARAMETERS, several=("run", "image"))
    if query is not None:
        controls.take(*from_link(query, keys))
        _forget_drawings()
    recall()
    here = [token for token in get("run") if token.partition("@")[0] in keys]
    for token in get("run"):
        if token not in here:
            links.note([f"{gone(token.partition('@')[0])}: choose another one to ask in its place."])
    put("run", here)
    controls.remember()


def write() -> None:
    """Make the address one that brings anybody else to what is shown."""
    link = {name: value for name, value in controls.remember().items() if value != DEFAULTS[name]}
    if sorted(link.get("run", [])) == sorted(defaults()):
        link.pop("run", None)
    links.write(PAGE, {name: value if isinstance(value, list) else str(value) for name, value in link.items()})


def defaults() -> list[str]:
    """The networks that one begins with, as they are named in the address, whether they are here or not."""
    return [PRESETS[name].key for name in FIRST]


def from_link(query: links.Link, keys: Collection[str]) -> tuple[dict[str, Any], list[str]]:
    """The state that an address asks for, and one sentence for each value that had to be replaced."""
    values, sentences = controls.read(query)
    values["run"] = [key for key in defaults() if key in keys]
    values["resized"] = str(values["resized"]) == "True"
    found, said = _runs(query, keys)
    values["image"], unreadable = _images(_listed(query, "image"))
    if found:
        values["run"] = found
    if values["image"] and "source" not in query:
        values["source"] = "draw" if values["image"][0].startswith(DRAWING) else "test"
    return values, sentences + said + unreadable


def _runs(query: links.Link, keys: Collection[str]) -> tuple[list[str], list[str]]:
    """The networks that an address asks for: keys of runs, "@" and an epoch behind those of an earlier epoch."""
    found, sentences = [], []
    for text in _listed(query, "run"):
        key, at, epoch = text.partition("@")
        epoch = epoch if at else str(query.get("epoch", ""))  # as other pages say it
        if key not in keys:
            is_key = KEY.fullmatch(key)
            sentences.append(f"The run {key} is not here." if is_key else f"“{key[:40]}” is not the key of a run.")
            continue
        if epoch:
            try:
                key = f"{key}@{Range(0, 200, int).nearest(epoch)}"
            except SettingsError as error:
                sentences.append(f"Epoch {error}: showing the last one.")
        found.append(key)
    found = list(dict.fromkeys(found))
    if len(found) > MOST_NETWORKS:
        sentences.append(f"At most {MOST_NETWORKS} networks fit side by side: showing the first ones.")
    return found[:MOST_NETWORKS], sentences


def _images(codes: list[str]) -> tuple[list[str], list[str]]:
    """Those names of images that can be opened: one of MNIST's, or drawings."""
    found, sentences = [], []
    for code in codes[:MOST_DIGITS]:
        try:
            found.append(chosen(code, digits()).code)
        except ChosenError as error:
            sentences.append(str(error))
    if len(found) > 1:
        found = [code for code in found if code.startswith(DRAWING)]
    return found, sentences


def _listed(query: links.Link, name: str) -> list[str]:
    value = query.get(name, [])
    return value if isinstance(value, list) else [value]


def _forget_drawings() -> None:
    """Whoever follows a link sees what it names, not what lay on the pad."""
    state = st.session_state
    state.sketch_pad = state.get("sketch_pad", 0) + 1
    state.sketch_before = [*state.get("sketch_before", []), state.get("sketch_paper", {}).get("objects", [])]
    state.sketch_paper = state.sketch_begun = {"objects": []}
    state.sketch_file = state.get("sketch_file", 0) + 1
    state.sketch_cells = None
    state.sketch_came = bool(get("image"))  # as long as nothing else is drawn
