"""A learning-rate test beside the settings: a short run with a growing rate, which rate it suggests and why."""

from contextlib import AbstractContextManager
from threading import Lock

import streamlit as st

from core.charts.rates import rates
from core.config import Config, number_words
from core.search.rates import Point, Suggestion, deciding, rate_test, read, steps_of, suggestion
from ui.pictures import colours, palette
from ui.shared import digits, of_the_process
from ui.train.state import STATE
from ui.visitors import nothing_trains, unless
from ui.words import explained, linked

LOOKS = 20  # words on how far it is, of a test: more cost more than they say


def opener() -> None:
    """The button that asks for a test."""
    st.button(
        "Which rate?",
        key="which_rate",
        type="tertiary",
        icon=":material/speed:",
        on_click=STATE.put,
        kwargs={"rates": True},
        **unless(
            nothing_trains(), explained("learning-rate", "A short run with a growing rate shows which one to take.")
        ),
    )


def close() -> None:
    """Put the test away."""
    STATE.put(rates=False)


@st.dialog("Which learning rate?", width="medium", icon=":material/speed:", on_dismiss=close)
def dialog(config: Config) -> None:
    """Draw the test of these settings, after it was made where nobody has asked for it before."""
    refused, steps = nothing_trains(), steps_of(config)
    if refused:
        st.info(refused)
        return
    st.markdown(
        linked(
            f"A short run with these settings, of at most {steps:,} steps: the learning rate grows with each of them, until the loss breaks away."
        )
    )
    points = _points(config)
    found = suggestion(points, steps)
    if points:
        alt = "The loss of the test over the learning rate, which grows from left to right."
        st.vega_lite_chart(rates(points, found, palette(), colours()), key="rates_chart", alt=alt)
    for sentence in read(found, len(points)):
        st.markdown(linked(sentence))
    st.caption(
        linked(
            "Each dot is a batch, and the line smooths them. The loss has broken away where it is no lower than at the "
            "beginning, or no number. It is one seed's test of a few steps, not a comparison of trained networks."
        )
    )
    _ways(config, found, points)


def _ways(config: Config, found: Suggestion | None, points: list[Point]) -> None:
    """What there is to do about it."""
    with st.container(horizontal=True, key="rates_ways"):
        if found and st.button(
            f"Take {number_words(found.rate)}",
            key="take_rate",
            type="primary",
            icon=":material/check:",
            on_click=STATE.put,
            kwargs={"learning_rate": found.rate, "rates": False},
        ):
            st.rerun()
        if st.button(f"Keep {number_words(config.learning_rate)}", key="keep_rate", on_click=close):
            st.rerun()
        st.download_button(
            "Download the test",
            "\n".join(["rate,loss,smoothed", *(",".join(f"{value:.6g}" for value in point) for point in points)]),
            f"{config.key}-rates.csv",
            "text/csv",
            key="download_rates",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
        )


def _points(config: Config) -> list[Point]:
    """The points of the test. Two visitors who ask for the same one get the same one, and only one is made at a time."""
    made, steps = _made(deciding(config)), steps_of(config)
    there = st.empty()
    if not made:
        there.progress(0.0, "Waiting for a turn …")
        with of_the_process(_turn):
            if not made:
                points = []
                for number, point in enumerate(rate_test(config, digits())):
                    points.append(point)
                    if number % (steps // LOOKS) == 0:
                        there.progress(number / steps, f"Step {number:,} of {steps:,}")
                made.extend(points)  # all at once: who looks in between finds none
    there.empty()
    return made


def _turn() -> AbstractContextManager:
    """Whoever makes a test holds it."""
    return Lock()


@st.cache_resource(max_entries=64, show_spinner=False)
def _made(deciding: Config) -> list[Point]:
    """Where the points of a test are kept, once it is over."""
    return []
