"""Why this answer: to the inside of each network, and the training images that it finds most alike."""

import numpy as np
import streamlit as st

from core.analysis import neighbours
from core.analysis.neighbours import Neighbour
from core.charts.colours import inked
from core.images.codes import code_of_drawing, name_of
from core.words import article
from ui.pictures import colours, data_url
from ui.predictions import Version, model
from ui.segments import segments
from ui.shared import digits, plain
from ui.sketch.answers import Voice, number
from ui.sketch.subject import Subject, first
from ui.state import move
from ui.words import linked

INSIDE = "pages/weights.py"
SHOWN = 8
HIDDEN = {"mlp": "its hidden layer", "cnn": "its last hidden layer"}


def why(subject: Subject, asked: list[Voice], probs: list[np.ndarray], source: str) -> None:
    """Links to the same image inside each network, and its nearest training images."""
    if not subject.images or not asked:
        st.caption(f"{first(source)} first. Then see what inside each network speaks for its answer.")
        return
    place = 0
    if len(subject.images) > 1:
        now = st.session_state.get("sketch_digit")
        move("sketch_digit", now if now in range(len(subject.images)) else 0)
        st.segmented_control(
            "Digit", range(len(subject.images)), format_func=lambda i: f"No. {i + 1}", required=True, key="sketch_digit"
        )
        place = st.session_state.sketch_digit
    with st.container(horizontal=True, key="inside"):
        for one in asked:
            label, icon = f"See inside {plain(one.name)}", ":material/visibility:"
            st.page_link(INSIDE, label=label, icon=icon, query_params=_query(one, subject.codes[place]))
    names = {one.token: plain(one.name) for one in asked}
    question = "Which training images does it find most alike?"
    which = list(names).index(segments(question, names, "sketch_neighbours_of", label_shown=True))
    _neighbours(asked[which], subject.images[place], number(probs[which])[place])


def _query(one: Voice, code: str) -> dict[str, str]:
    """Of the page that explains what a network says to an image."""
    return {"run": one.version.key, "epoch": str(one.version.epoch), "view": "why", "image": code}


def _neighbours(one: Voice, image: np.ndarray, answer: str) -> None:
    found = _nearest(one.version, image)
    labels = digits().y_train
    with st.container(horizontal=True, gap="small", key="neighbours"):
        for place, _ in found:
            with st.container(width=84, gap=None):
                picture, label = digits().x_train[place], labels[place]
                name = name_of("training", place).capitalize()
                alt = f"{name}: {article(label)} {label}"
                st.image(data_url(inked(picture, colours()), 3), width=84, alt=alt)
                words = f"{name}. Opens it inside the network."
                query = _query(one, code_of_drawing(picture))
                st.page_link(INSIDE, label=f"**{label}**", query_params=query, help=words)
    same = sum(int(labels[place]) == int(answer) for place, _ in found)
    st.caption(
        linked(
            f"The {len(found)} images of its own training set that {HIDDEN[one.network]} finds most alike, nearest first, with their "
            f"labels. {alike(same, len(found), int(answer))}"
        )
    )


def alike(same: int, n: int, answer: int) -> str:
    """How many of n images are what a network answers, in a sentence."""
    if same == n:
        return f"All {n} are {answer}s, as it answers."
    if same == 0:
        return f"None of them is {article(answer)} {answer}, which is its answer."
    are = f"1 of {n} is {article(answer)} {answer}" if same == 1 else f"{same} of {n} are {answer}s"
    return f"{are}, as it answers."


def _nearest(version: Version, image: np.ndarray) -> list[Neighbour]:
    known = _features(version)
    pixels = image if image.dtype == np.uint8 else image.astype(np.float32)
    return neighbours.nearest(known, neighbours.features(model(version), pixels[None])[0], SHOWN)


@st.cache_resource(max_entries=4, show_spinner="Showing the network all of its training images …")
def _features(version: Version) -> np.ndarray:
    """What a network's last hidden layer makes of the images that it was trained on: 8 MB at most."""
    size = version.checkpoint.config.train_size
    found = neighbours.features(model(version), digits().x_train[:size])
    found.flags.writeable = False
    return found
