"""Two networks on the same images: who is better, at what, and on which images."""

import numpy as np
import streamlit as st

from core.analysis import disputed, reading
from core.charts.matrix import CELL, difference_cells, matrix_chart, matrix_table
from core.charts.sent import sent
from core.data import CLASSES
from core.words import counted, percent
from ui.confusion.image import (
    DISPUTED,
    INSIDE,
    PAD,
    TILE,
    disputed_places,
    link,
    mark_if_disputed,
    open_button,
    probabilities,
    reveal,
    whole,
)
from ui.confusion.look import Look, answer, digit_image, other_look, two_names
from ui.confusion.state import STATE, ConfusionState
from ui.pictures import colours
from ui.predictions import mnist_index
from ui.shared import plain
from ui.words import linked

SIDES = "first", "second"
PAGE = "confusion_page_{}"  # of the images of a side
PER_SIDE = 8  # images that only one of two networks reads

Cell = tuple[int, int]  # the true digit, and what it is read as


def compare(look: Look) -> None:
    """Two networks on the same images: the sentence, the difference, and the images that only one of them reads."""
    other = other_look(look)
    first, second = map(plain, two_names(look, other))  # all that they are used for is Markdown
    if look.version == other.version:
        st.info("These are one and the same. Choose another run, or another epoch, to compare with.")
        return
    with st.container(border=True, key="comparison"):
        sentences = reading.comparison(look.answers, other.answers, (first, second), look.images)
        st.markdown("\n".join(f"- {sentence}" for sentence in sentences))
        st.caption(linked(reading.explained(sentences, "networks")))
    looks = {first: look, second: other}
    chosen = _cell_now(look.state)
    left, right = st.columns([1.05, 1], gap="large")
    with left:
        painted = difference_cells(look.answers.matrix, other.answers.matrix, colours())
        table = matrix_table(painted, chosen, st.session_state.get("confusion_turn", 0))
        st.vega_lite_chart(
            matrix_chart(colours(), points=True) | {"datasets": {"cells": sent(table)}},
            key="difference",
            on_select=_cell_clicked,
            alt="The difference of the two confusion matrices. Two selectors choose a cell as well.",
        )
        st.caption(
            f"What changes from {first} to {second}, in percentage points of the row. Green is better: more often right, "
            "or less often wrong; orange is worse. An empty cell has not changed by 0.05 points. Click a cell to see the images behind it."
        )
    with right:
        _controls(chosen)
        with st.container(key="cell"):
            for side in SIDES:  # an image is read by one of the two alone: it is opened on one side at most
                shown = _alone(looks, side, chosen)
                opened = [place for place in shown if mnist_index(look.part, place) == look.state.image]
                if opened:
                    _opened(looks, opened[0])
            reveal(chosen)


def _cell_now(state: ConfusionState) -> Cell | None:
    """The cell that is chosen; of one digit alone the images that are read right."""
    true = state.pair_predicted if state.pair_true is None else state.pair_true
    predicted = state.pair_true if state.pair_predicted is None else state.pair_predicted
    STATE.put(pair_true=true, pair_predicted=predicted)
    return None if true is None or predicted is None else (true, predicted)


def _cell_clicked() -> None:
    """Take over the cell that was clicked; a click beside the cells changes nothing."""
    selected = st.session_state.difference.selection.get(CELL)
    if selected:
        _choose(int(selected[0]["true"]), int(selected[0]["predicted"]))


def _cell_chosen(name: str) -> None:
    """Follow a selector; one that was emptied stands for all cells."""
    st.session_state.confusion_turn = st.session_state.get("confusion_turn", 0) + 1
    if st.session_state[STATE.key(name)] is None:
        _choose(None, None)
    else:
        _to_first_pages()


def _choose(true: int | None, predicted: int | None) -> None:
    STATE.put(pair_true=true, pair_predicted=predicted)
    _to_first_pages()


def _to_first_pages() -> None:
    STATE.put(image=None)
    for side in SIDES:
        st.session_state[PAGE.format(side)] = 1


def _controls(chosen: Cell | None) -> None:
    """Draw the two selectors of a cell, and the way back to all of them."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="cell_controls"):
        for name, label in (("pair_true", "True digit"), ("pair_predicted", "Read as")):
            st.selectbox(
                label,
                range(CLASSES),
                index=None,
                placeholder="any",
                key=STATE.key(name),
                on_change=_cell_chosen,
                args=(name,),
                width=120,
            )
        if chosen is not None:
            st.button("All cells", key="every_cell", icon=":material/grid_on:", on_click=_choose, args=(None, None))


def _alone(looks: dict[str, Look], side: str, cell: Cell | None) -> list[int]:
    """The images that one of two networks alone reads right, or as the cell says; returns the places of those that are shown."""
    ours, theirs = looks if side == "first" else reversed(looks)
    answers, others = looks[ours].answers, looks[theirs].answers
    if cell is None:
        places = np.flatnonzero(answers.right & ~others.right)
        said = f"{counted(len(places), 'image')} that only {ours} reads right"
    else:
        of_digit = answers.labels == cell[0]
        places = np.flatnonzero(of_digit & (answers.digits == cell[1]) & (others.digits != cell[1]))
        read = "Read right" if cell[0] == cell[1] else f"Taken for {cell[1]}"
        said = f"{read} by {ours} alone: {len(places)} of {int(of_digit.sum()):,} {cell[0]}s"
    st.markdown(f"**{said}**")
    if places.size == 0:
        return []
    surer = ours if cell is not None and cell[0] != cell[1] else theirs  # who is wrong
    places = places[np.argsort(-looks[surer].answers.confidence[places], kind="stable")]
    shown = _page_of(places, PAGE.format(side))
    with st.container(horizontal=True, gap="small", key=f"gallery_{side}"):
        for place in shown:
            _tile(looks, place, looks[surer])
    st.caption(
        f"Surest first, each with how sure {surer} was. Choose one to open it."
        + linked(DISPUTED) * bool(disputed_places(looks[surer]).intersection(shown))
    )
    return shown


def _page_of(places: np.ndarray, key: str) -> list[int]:
    pages = -(-len(places) // PER_SIDE)
    page = st.pagination(pages, key=key, max_visible_pages=5) if pages > 1 else 1
    return places[(page - 1) * PER_SIDE : page * PER_SIDE].tolist()


def _tile(looks: dict[str, Look], place: int, surer: Look) -> None:
    """An image, how sure the network is that is wrong, and what each of the two reads."""
    index = mnist_index(surer.part, place)
    with st.container(width=TILE, gap=None, key=f"tile_{index}"):
        digit_image(surer, place, scale=3, width=TILE)
        open_button(surer, place, percent(surer.answers.confidence[place]), index == surer.state.image)
        st.caption("  \n".join(f"{name}: {answer(look, place)}" for name, look in looks.items()))
        mark_if_disputed(surer, place)


def _opened(looks: dict[str, Look], place: int) -> None:
    """One image: its ten probabilities from each of the two, and where to go with it."""
    first = next(iter(looks.values()))
    with st.container(border=True, key="opened"):
        left, right = st.columns([1, 1.7], gap="medium")
        with left:
            whole(first, place)
        with right:
            for side, (name, look) in zip(SIDES, looks.items(), strict=True):
                probabilities(look, place, name, f"probabilities_{side}")
        wrong = [
            (name, int(look.answers.digits[place])) for name, look in looks.items() if not look.answers.right[place]
        ]
        for name, digit in wrong[:1]:
            if place in disputed_places(looks[name]):
                st.markdown(disputed.asked(place, digit, name))
        with st.container(horizontal=True, key="onward"):
            for name, look in looks.items():
                link(INSIDE, f"See inside {name}", look, place)
            link(PAD, "Take it to the sketch pad", first, place)
