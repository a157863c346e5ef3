"""When a network's answer counts as sure, and what that is worth on what is no digit."""

import numpy as np
import streamlit as st

from core.analysis import doubt as core
from core.charts.colours import Colours, inked
from core.charts.doubt import doubt_chart
from core.words import share_words
from ui.pictures import colours, data_url
from ui.predictions import drawn_answers, sure_from
from ui.shared import plain
from ui.sketch.answers import Voice
from ui.words import linked

SHOWN = 24  # of what is no digit
IN_A_ROW = 12
WIDTH = 420  # pixels


def doubt(asked: list[Voice]) -> None:
    """Draw how much of what is no digit each network is sure of, against the digits that it refuses."""
    st.markdown(
        linked(
            "What is no digit has no right answer among the ten. Here are 800 such drawings - letters and signs, scribbles, two digits "
            "that touch, half a digit - and 1,000 digits, drawn by a program; no network has learnt from these very ones."
        )
    )
    left, right = st.columns([1, 1.2], gap="large")
    with left:
        st.image(_examples(colours()), width=WIDTH, alt="Twenty-four drawings that are no digits")
        if not asked:
            st.caption("Choose a network above to see when it is sure.")
        answers = {one.token: drawn_answers(one.version) for one in asked}
        chosen = {one.token: core.doubt(*answers[one.token], sure_from(one.version)) for one in asked}
        for one in asked:
            st.markdown(linked(sentence(plain(one.name), chosen[one.token])))
    if not asked:
        return
    with right:
        curves = {one.name: core.curve(*answers[one.token]) for one in asked}
        chart = doubt_chart(curves, {one.name: chosen[one.token] for one in asked}, colours())
        st.vega_lite_chart(chart, key="doubt_chart")
        st.caption(
            linked(
                "Every threshold is a point: the higher it is, the more digits are refused, and the less that is no digit passes. A dot "
                "is the threshold from which an answer counts as sure: what 99 in 100 drawn digits get at least, and never less than 50%."
            )
        )


def sentence(name: str, found: core.Doubt) -> str:
    """What a network's threshold does."""
    refused, passed = share_words(found.refused, core.DIGITS), share_words(found.passed, core.OTHERS)
    return f"**{name}** is sure from {found.threshold:.1%} on. It refuses {refused} of the digits, and is sure of {passed} of what is none."


@st.cache_data(max_entries=2, show_spinner="Drawing …")
def _examples(colours: Colours) -> str:
    """Some of what is no digit, of each kind in turn, as a data URL."""
    images = core.no_digits()[:SHOWN]
    rows = [np.hstack(list(images[i : i + IN_A_ROW])) for i in range(0, SHOWN, IN_A_ROW)]
    return data_url(inked(np.vstack(rows), colours), 3)
