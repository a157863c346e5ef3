"""The confusion matrix, the images behind each of its cells, and what the whole of it says."""

import io

import numpy as np
import pandas as pd
import streamlit as st

from core.analysis import disputed, evaluation, reading
from core.analysis.evaluation import Share
from core.analysis.neurons import arguments
from core.charts.matrix import CELL, Cell, cells, matrix_chart, matrix_svg, matrix_table
from core.charts.pictures import inked_template
from core.charts.sent import sent
from core.data import CLASSES
from core.mlp import MLP
from core.words import percent, signed
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
from ui.confusion.look import Look, digit_image
from ui.confusion.state import NUMBERS, STATE
from ui.pictures import colours, data_url
from ui.predictions import mnist_index, model
from ui.segments import segments
from ui.shared import images_of
from ui.state import move
from ui.words import linked

PER_PAGE = 12  # images of a cell
TEMPLATE = 100  # pixels; three fit beside one another on a phone


def matrix(look: Look) -> None:
    """The matrix, the images behind the cell that is chosen, and what the whole of it says."""
    counts = look.answers.matrix
    true, predicted = look.state.true, look.state.predicted
    if true is None or predicted is None:
        true, predicted = divmod(int(np.where(np.eye(CLASSES, dtype=bool), -1, counts).argmax()), CLASSES)
        STATE.put(true=true, predicted=predicted)
    left, right = st.columns([1.05, 1], gap="large")
    with left:
        painted = cells(counts, look.state.numbers == "counts", colours())
        with st.container(horizontal=True, vertical_alignment="center"):
            segments("Numbers", NUMBERS, STATE.key("numbers"))
            st.space("stretch")
            _downloads(look, painted)
        table = matrix_table(painted, (true, predicted), st.session_state.get("confusion_turn", 0))
        st.vega_lite_chart(
            matrix_chart(colours()) | {"datasets": {"cells": sent(table)}},
            key="matrix",
            on_select=_cell_clicked,
            alt="The confusion matrix: true digits in rows, answers in columns. Two selectors choose a cell as well.",
        )
        st.caption(
            "What each true digit (row) is read as (column)"
            + (", in percent of the row" if look.state.numbers == "shares" else ", in images")
            + ". Green is right, orange is wrong; an empty cell holds no image. Click a cell to see its images."
        )
    with right:
        _cell(look, true, predicted)
    with st.container(border=True, key="reading"):
        sentences = reading.reading(look.answers, look.images)
        of_disputed = disputed.mistakes(look.answers) if disputed_places(look) else []
        st.markdown("\n".join(f"- {sentence}" for sentence in sentences + of_disputed))
        st.caption(
            linked(" ".join([reading.explained(sentences, "pairs"), *[disputed.SOURCE] * bool(disputed_places(look))]))
        )


def _cell_clicked() -> None:
    """Take over the cell that was clicked; a click beside the cells changes nothing."""
    selected = st.session_state.matrix.selection.get(CELL)
    if selected:
        STATE.put(true=int(selected[0]["true"]), predicted=int(selected[0]["predicted"]))
        _to_first_page()


def _cell_chosen() -> None:
    st.session_state.confusion_turn = st.session_state.get("confusion_turn", 0) + 1
    _to_first_page()


def _to_first_page() -> None:
    STATE.put(image=None)
    st.session_state.confusion_page = 1


def _cell(look: Look, true: int, predicted: int) -> None:
    """The images of one cell: which they are, and the one that is opened."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="cell_controls"):
        for name, label in (("true", "True digit"), ("predicted", "Read as")):
            st.selectbox(label, range(CLASSES), key=STATE.key(name), on_change=_cell_chosen, width=120)
    counts = look.answers.matrix
    there, back = (Share(int(counts[a, b]), int(counts[a].sum())) for a, b in ((true, predicted), (predicted, true)))
    places = evaluation.images_of_cell(look.answers, true, predicted)
    with st.container(key="cell"):
        st.markdown(reading.cell(true, predicted, there, back))
        if places.size == 0:
            return
        shown = _page_of(look, places)
        place = next((p for p in shown.tolist() if mnist_index(look.part, p) == look.state.image), int(shown[0]))
        with st.container(horizontal=True, gap="small", key="gallery"):
            for p in shown.tolist():
                _tile(look, p, opened=p == place)
        reveal((true, predicted))
    order = "least sure first" if true == predicted else "surest first"
    st.caption(
        f"{order.capitalize()}, each with how sure the answer was. Choose one to open it."
        + DISPUTED * bool(disputed_places(look).intersection(shown.tolist()))
    )
    _opened(look, place)


def turn_to_the_image() -> None:
    """Turn to the page of the image that a link opens, whatever page it was before."""
    st.session_state.pop("confusion_page", None)


def _page_of(look: Look, places: np.ndarray) -> np.ndarray:
    """The images of the page that is turned to; at first that of the image which a link has opened."""
    pages = -(-len(places) // PER_PAGE)
    turned = st.session_state.get("confusion_page")
    if turned is None:
        (before,) = np.nonzero(mnist_index(look.part, places) == look.state.image)
        turned = int(before[0]) // PER_PAGE + 1 if before.size else 1
    move("confusion_page", turned if turned <= pages else 1)
    page = st.pagination(pages, key="confusion_page", max_visible_pages=5) if pages > 1 else 1
    return places[(page - 1) * PER_PAGE : page * PER_PAGE]


def _tile(look: Look, place: int, opened: bool) -> None:
    with st.container(width=TILE, gap=None, key=f"tile_{mnist_index(look.part, place)}"):
        digit_image(look, place, scale=3, width=TILE)
        open_button(look, place, percent(look.answers.confidence[place]), opened)
        mark_if_disputed(look, place)


def _opened(look: Look, place: int) -> None:
    """One image: its ten probabilities, what argued for the wrong digit, and where to go with it."""
    true, predicted = int(look.answers.labels[place]), int(look.answers.digits[place])
    with st.container(border=True, key="opened"):
        left, right = st.columns([1, 1.7], gap="medium")
        with left:
            whole(look, place)
        with right:
            probabilities(look, place)
        if place in disputed_places(look):
            st.markdown(disputed.asked(place, predicted))
        network = model(look.version)
        if isinstance(network, MLP) and true != predicted:
            _arguments(network, images_of(look.part)[0][place], true, predicted)
        with st.container(horizontal=True, key="onward"):
            link(INSIDE, "See inside the network", look, place)
            link(PAD, "Take it to the sketch pad", look, place)


def _arguments(network: MLP, image: np.ndarray, true: int, predicted: int) -> None:
    """The hidden neurons that argue most for the wrong digit, three at most, with the image's ink on their templates."""
    given = arguments(network, image, predicted, true)
    strongest = [neuron for neuron in np.argsort(-given)[:3].tolist() if given[neuron] > 0]
    if not strongest:
        st.caption(
            linked(f"No hidden neuron argues for {predicted} and against {true}: the biases of the outputs decide.")
        )
        return
    with st.container(horizontal=True, gap="xsmall", key="arguments"):
        for neuron in strongest:
            with st.container(width=TEMPLATE, gap=None):
                picture = inked_template(network.w1[neuron], image, colours())
                st.image(
                    data_url(picture, scale=4), width=TEMPLATE, alt=f"The template of neuron {neuron} under the image"
                )
                st.caption(f"neuron {neuron}: {signed(given[neuron], 2)}")
    st.caption(
        linked(
            f"The hidden neurons that argue most for {predicted} and against {true}, and by how much: +1 makes the "
            f"{predicted} 2.7 times as probable beside the {true}, +2.3 ten times. Ink on red (weights above zero) makes a neuron fire, ink on blue "
            "(below zero) holds it back."
        )
    )


def _downloads(look: Look, painted: list[Cell]) -> None:
    stem = f"{look.version.key}-epoch-{look.version.epoch}-{look.part}"
    title = f"{look.version.key}, epoch {look.version.epoch}, {look.images}"
    files = {
        "Matrix (CSV)": (lambda: _matrix_csv(look), f"confusion-{stem}.csv", "text/csv"),
        "Picture (SVG)": (
            lambda: matrix_svg(painted, title, colours()),
            f"confusion-{stem}.svg",
            "image/svg+xml",
        ),
        "Mistakes (CSV)": (lambda: _mistakes_csv(look), f"mistakes-{stem}.csv", "text/csv"),
    }
    with st.popover("Download", icon=":material/download:"):
        for label, (data, name, kind) in files.items():
            st.download_button(
                label, data, name, kind, key=f"download_{name.split('-')[0]}_{kind[:5]}", on_click="ignore"
            )


def _matrix_csv(look: Look) -> str:
    table = pd.DataFrame(look.answers.matrix, columns=range(CLASSES))
    table.insert(0, "true digit", range(CLASSES))
    return table.to_csv(index=False)


def _mistakes_csv(look: Look) -> str:
    """Every image that is answered wrongly, surest first, with its ten probabilities."""
    answers = look.answers
    places = evaluation.mistakes(answers)
    table = pd.DataFrame(
        {
            "file": "test" if look.part == "test" else "training",
            "index": [mnist_index(look.part, place) for place in places.tolist()],
            "true": answers.labels[places],
            "predicted": answers.digits[places],
            **{f"p{digit}": answers.probs[places, digit] for digit in range(CLASSES)},
        }
    )
    file = io.StringIO()
    table.to_csv(file, index=False, float_format="%.6g")
    return file.getvalue()
