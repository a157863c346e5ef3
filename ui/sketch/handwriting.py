"""Our handwriting on the page: the right label for a sketch, and the test set that these sketches make."""

import hashlib
import ipaddress
import os

import numpy as np
import pandas as pd
import streamlit as st

from core.analysis import evaluation
from core.analysis.evaluation import Answers
from core.charts.colours import inked
from core.charts.matrix import cells, matrix_chart, matrix_table
from core.charts.sent import sent
from core.data import CLASSES, TEST_SIZE
from core.host.visitors import owner
from core.runs import Run
from core.sketch import handwriting
from core.sketch.handwriting import HandwritingError, Sketches
from core.words import article, counted, decimals, interval_words
from ui.pictures import colours, data_url
from ui.predictions import Version, model
from ui.segments import segments
from ui.shared import plain, runs
from ui.sketch.answers import Voice, voice
from ui.sketch.state import desk
from ui.sketch.subject import Subject
from ui.state import move
from ui.visitors import may_change_of, nothing_trains, visitor

SWITCH = "DIGIT_LAB_KEEP_SKETCHES"
PER_PAGE = 20
NOT_ALL = "A sketch is deleted by the browser that has kept it, or by the teacher."


def none_kept() -> str | None:
    """Why this server keeps no sketches, in a sentence or two; None where it does."""
    if nothing_trains():
        return "This Digit Lab is a showcase: it keeps no sketches."
    return None if keeps() else f"This server keeps no sketches. Its host can switch that on: {SWITCH}=1."


def keeps() -> bool:
    """Whether a server that keeps anything keeps sketches: as its host says, else only where nobody but its own machine can reach it."""
    said = os.environ.get(SWITCH)
    if said is not None:
        return said.strip() == "1"
    name = (st.context.headers.get("Host") or "localhost").rsplit(":", 1)[0].strip("[]")
    return _is_own_machine(st.get_option("server.address") or "") and _is_own_machine(name)


def _is_own_machine(name: str) -> bool:
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def label(subject: Subject) -> None:
    """Ask what it was, and keep the sketch under that label."""
    mine = desk()
    if subject.label is not None:
        return  # of MNIST it is known
    if (why := none_kept()) is not None:
        st.caption(why)
        return
    one = len(subject.images) == 1
    code = subject.codes[0] if one else ""
    if mine.kept is not None and mine.kept[0] != code:
        mine.kept = None
    kept = mine.kept
    move("sketch_label", kept[2] if kept else None)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="label_row"):
        st.markdown("**What was it?**", width="content")
        st.pills(
            "What was it?",
            range(CLASSES),
            key="sketch_label",
            on_change=_labelled,
            args=(code, subject.images[0] if one else None, subject.strokes),
            disabled=not one,
            wrap=True,
            label_visibility="collapsed",
        )
    if kept:
        with st.container(horizontal=True, vertical_alignment="center", key="kept"):
            st.markdown(f":material/check: Kept as {article(kept[2])} {kept[2]}, for our handwriting.", width="content")
            st.button("Undo", key="label_undo", icon=":material/undo:", type="tertiary", on_click=_take_back)
    elif mine.refused:
        st.warning(mine.refused)
        mine.refused = ""
    elif not one:
        n = len(subject.images)
        st.caption(
            f"These are {n} digits: what it was can be said of one alone."
            if n
            else "As soon as there is a digit, you can say what it was."
        )
    else:
        st.caption(
            f"Keeps these 28 × 28 pixels{' and their strokes' if subject.strokes else ''} here, for everybody. Of you it keeps a random number, by which this "
            "browser can delete them again."
        )


def _labelled(code: str, image: np.ndarray, strokes: list) -> None:
    mine, given = desk(), st.session_state.sketch_label
    if given is None:  # pressed once more
        _take_back()
        return
    try:
        mine.kept = code, _keep(image, given, strokes), given
    except (HandwritingError, ValueError) as error:
        mine.kept, mine.refused = None, str(error)


def _keep(image: np.ndarray, given: int, strokes: list) -> int:
    return handwriting.keep(runs().folder, image, given, strokes, owner(visitor()), may_change_of)


def _take_back() -> None:
    mine = desk()
    if mine.kept:
        try:
            handwriting.delete(runs().folder, [mine.kept[1]], may_change_of)
        except HandwritingError as error:
            mine.refused = str(error)
    mine.kept = None


def ours(asked: list[Voice], there: dict[str, Run]) -> None:
    """The sketches that are kept: how every run reads them, which they are, and what can be done with them."""
    try:
        sketches = handwriting.everything(runs().folder)
        _offer_undo()
        if not len(sketches.numbers):
            _none_yet()
            return
        n = len(sketches.numbers)
        st.markdown(f"**{counted(n, 'sketch', 'sketches')}** with a label, drawn on this server.")
        left, right = st.columns([1.2, 1], gap="large")
        with left:
            _accuracies(sketches, there)
        with right:
            _confusion(sketches, asked)
        _wall(n)
    except HandwritingError as error:
        st.error(str(error), icon=":material/error:")


def _none_yet() -> None:
    st.info(
        none_kept()
        or "Nothing is kept yet. Draw a digit and say what it was: together, these sketches become a test set."
    )


def _accuracies(sketches: Sketches, there: dict[str, Run]) -> None:
    rows = []
    for key, run in there.items():
        one = voice(key, there)
        share = _answers(one.version, sketches).accuracy
        test = run.saved.test_accuracy
        rows.append((one.name, share.value * 100, interval_words(share.interval, share.n), test and test * 100))
    table = pd.DataFrame(rows, columns=["Network", "Ours", "95%", "Test images"])
    ours, mnist = (
        st.column_config.NumberColumn(format=f"%.{decimals(n)}f%%") for n in (len(sketches.numbers), TEST_SIZE)
    )
    st.dataframe(
        table.sort_values("Ours", ascending=False, kind="stable"),
        hide_index=True,
        key="ours_table",
        column_config={"Ours": ours, "Test images": mnist},
    )
    st.caption(
        "The share of our sketches that each network reads right, and the 95% interval, in which the share may well lie on more "
        "sketches like these. Beside it the share of MNIST's 10,000 test images, of runs that are finished."
    )


def _confusion(sketches: Sketches, asked: list[Voice]) -> None:
    if not asked:
        return
    names = {one.token: plain(one.name) for one in asked}
    token = segments("Network", names, "sketch_matrix_of", otherwise=next(reversed(names)))
    one = next(one for one in asked if one.token == token)
    table = matrix_table(cells(_answers(one.version, sketches).matrix, True, colours()))
    spec = matrix_chart(colours(), chosen=False) | {"datasets": {"cells": sent(table)}, "height": 360}
    with st.container(key="ours_matrix"):
        st.vega_lite_chart(spec, key="ours_matrix_chart", alt=f"The confusion matrix of {one.name} on our sketches")
    st.caption("What each true digit (row) is read as (column), in sketches. Green is right, orange is wrong.")


def _answers(version: Version, sketches: Sketches) -> Answers:
    which = hashlib.sha256(sketches.images.tobytes()).hexdigest()
    return evaluation.answers(_probs(version, which, sketches.images), sketches.labels)


@st.cache_resource(max_entries=64, show_spinner="Reading our handwriting …")
def _probs(version: Version, which: str, _images: np.ndarray) -> np.ndarray:
    return model(version).predict_proba(_images)


def _wall(n: int) -> None:
    """The sketches themselves, newest first, and what can be done with them."""
    state = st.session_state
    with st.container(horizontal=True, vertical_alignment="center", key="ours_actions"):
        st.markdown("**Newest first**", width="content")
        st.space("stretch")
        st.download_button(
            "Download all",
            lambda: handwriting.export(runs().folder),
            "handwriting.zip",
            "application/zip",
            key="ours_download",
            icon=":material/download:",
            on_click="ignore",
            help="A ZIP: images and labels as handwriting.npz, strokes as lines of JSON.",
        )
        own = handwriting.changeable(runs().folder, may_change_of)
        st.button(
            f"Delete {own:,} of {n:,}" if 0 < own < n else "Delete all",
            key="ours_delete",
            icon=":material/delete:",
            on_click=_delete,
            args=(None,),
            disabled=not own,
            help=None if own == n else NOT_ALL,
        )
    pages = -(-n // PER_PAGE)
    if state.get("ours_page", 1) > pages:
        state.ours_page = 1
    page = st.pagination(pages, key="ours_page", max_visible_pages=5) if pages > 1 else 1
    with st.container(horizontal=True, gap="small", key="wall"):
        for one in handwriting.newest(runs().folder, PER_PAGE, (page - 1) * PER_PAGE):
            with st.container(width=72, gap=None, key=f"kept_{one.number}"):
                st.image(
                    data_url(inked(one.image, colours()), 2),
                    width=72,
                    alt=f"A sketch of {article(one.label)} {one.label}",
                )
                st.button(
                    str(one.label),
                    key=f"drop_{one.number}",
                    icon=":material/close:",
                    type="tertiary",
                    on_click=_delete,
                    args=([one.number],),
                    disabled=not may_change_of(one.owner),
                    help="Deletes this sketch." if may_change_of(one.owner) else NOT_ALL,
                )


def _delete(numbers: list[int] | None) -> None:
    try:
        st.session_state.ours_deleted = handwriting.delete(runs().folder, numbers, may_change_of)
    except HandwritingError as error:
        st.toast(str(error))


def _offer_undo() -> None:
    gone = st.session_state.get("ours_deleted")
    if not gone:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="ours_undo_strip"):
        st.markdown(f"Deleted {counted(len(gone), 'sketch', 'sketches')}.")
        st.button("Undo", key="ours_undo", icon=":material/undo:", on_click=_restore)
        st.caption("Possible for ten minutes.")


def _restore() -> None:
    gone = st.session_state.pop("ours_deleted", [])
    try:
        back = handwriting.restore(runs().folder, gone, may_change_of)
    except HandwritingError as error:
        st.toast(str(error))
        return
    if back < len(gone):
        st.toast(f"{len(gone) - back:,} of them could not be brought back.")
