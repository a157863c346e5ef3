"""Why an MLP answers as it does: its attribution pixel by pixel, neuron by neuron, and number by number."""

import numpy as np
import streamlit as st

from core.analysis import attribution
from core.analysis.attribution import Pass
from core.charts import outputs
from core.charts.pictures import inked_template
from core.images.codes import Chosen
from core.words import signed
from ui.pictures import colours, data_url
from ui.weights.attribution_picture import attribution_picture
from ui.weights.look import MLPLook, with_state
from ui.weights.question import LOGIT, Question, question, times_words, verdict
from ui.weights.softmax import softmax
from ui.weights.state import STATE, SUMS
from ui.words import linked, table

WORDS_BESIDE = 190  # pixels of words beside a picture of 120, as many as a phone has for them
STRONGEST = 8  # neurons that may be looked at on their own
ACTIVATIONS = {"sigmoid": "Sigmoid", "tanh": "tanh", "relu": "ReLU"}


def explain(look: MLPLook, image: Chosen) -> None:
    """The attribution to the pixels and to the neurons, one of them number by number, and softmax."""
    model = look.model
    through = attribution.forward(model, image.image)
    verdict(through.logits, image, look.name)
    asked = question(through.logits, image, look.state.against)
    given = attribution.given_by_neurons(model, through, asked.digit, asked.over)
    look = with_state(look, unit=look.state.unit if look.state.unit < len(given) else 0)
    left, right = st.columns([1, 1.15], gap="large")
    with left:
        _pixels(look, image, asked, given)
    with right:
        _neurons(look.state.unit, given, asked)
        _one_neuron(look, image, through, asked)
    softmax(through.logits, image.label)


def _pixels(look: MLPLook, image: Chosen, asked: Question, given: np.ndarray) -> None:
    """The attribution to the pixels as a picture, and how it adds up."""
    state = look.state
    st.markdown(f"## The ink that speaks {asked.words}")
    speaking = {
        "all": None,
        "strongest": np.argsort(-np.abs(given), kind="stable")[:STRONGEST],
        "one": np.array([state.unit]),
    }[state.sum]
    found = attribution.attribute(look.model, image.image, asked.digit, asked.over, speaking)
    st.pills("Summed over", list(SUMS), format_func=SUMS.__getitem__, required=True, key=STATE.key("sum"))
    attribution_picture(found.pixels, image.image, f"The attribution {asked.words} in every pixel of {image.name}")
    over = {
        "all": "all neurons",
        "strongest": f"the {len(given[:STRONGEST])} strongest",
        "one": f"neuron {state.unit} alone",
    }
    st.caption(
        f"Each pixel's ink times its weights, as the neurons pass it on ({over[state.sum]}): **red ink speaks {asked.words}**, "
        "blue ink the other way round, grey ink says nothing."
    )
    red, blue = found.pixels[found.pixels > 0].sum(), found.pixels[found.pixels < 0].sum()
    lines = [
        (f"Ink that speaks {asked.words}", red),
        ("Ink that speaks the other way", blue),
        ("Blank paper, before any ink", found.blank),
    ]
    total = f"The {asked.logit}" if state.sum == "all" else "What these neurons say"
    rows = [(words, signed(value, 2)) for words, value in lines]
    rows.append((f"**{total}**", f"**{signed(found.total, 2)}**"))
    st.markdown(table(("What adds up", "Amount"), rows, numbers=1))
    if state.sum == "all" and asked.over is not None:
        st.markdown(_odds(asked, found.total))
    st.caption(
        linked(
            f"{LOGIT} What neurons give is exact. How a neuron's part is shared out among its pixels, their attribution, is a choice, since its activation "
            "is no straight line: by weight times ink, from blank paper on (the rescale rule of DeepLIFT, Shrikumar et al., 2017)."
        )
    )


def _odds(asked: Question, total: float) -> str:
    """How many times as probable that makes a digit as the other."""
    first, second = (asked.digit, asked.over) if total >= 0 else (asked.over, asked.digit)
    if total == 0:
        return f"So {first} and {second} are equally probable."
    times = times_words(total)
    return f"So {first} is 2.718 to the power of {abs(total):.2f}, that is **{times} times**, as probable as {second}."


def _neurons(unit: int, given: np.ndarray, asked: Question) -> None:
    """The neurons that give most, for it and against it, as bars that can be clicked."""
    st.markdown("## The neurons that speak for it, and against it")
    rows = outputs.neuron_rows(given, unit, st.session_state.get("why_turn", 0))
    chart = outputs.neurons_chart(outputs.end_of(given), len(rows), colours())
    st.vega_lite_chart(
        chart | {"datasets": {"neurons": rows}},
        key="why_neurons",
        on_select=_bar_clicked,
        alt="The neurons that give most, as bars; a selector below chooses a neuron as well",
    )
    st.caption(
        linked(
            f"What each neuron gives: its activation times its output weight {asked.words}. Red speaks {asked.words}, blue the other "
            f"way. {_which(unit, given, len(rows))} Click one to see its arithmetic."
        )
    )


def _which(unit: int, given: np.ndarray, shown: int) -> str:
    """Which of the neurons are shown, in a sentence."""
    if not given.any():
        return "No neuron gives anything: the biases of the outputs decide."
    place = int((np.abs(given) > abs(given[unit])).sum()) + 1
    if shown == len(given):
        return f"All {shown} are here."
    if shown == outputs.MOST_NEURONS:
        return f"The {shown} strongest of {len(given)} are here."
    return (
        f"The {outputs.MOST_NEURONS} strongest of {len(given)} are here, and neuron {unit}, which is looked at below: "
        f"it is No. {place} by strength."
    )


def _bar_clicked() -> None:
    selected = st.session_state.why_neurons.selection.get(outputs.NEURON)
    if selected:
        STATE.put(unit=int(selected[0]["neuron"]))
        _turn()


def _turn() -> None:
    st.session_state.why_turn = st.session_state.get("why_turn", 0) + 1


def _one_neuron(look: MLPLook, image: Chosen, through: Pass, asked: Question) -> None:
    """One neuron, number by number."""
    model, units = look.model, len(through.f)
    with st.container(border=True, key="one_neuron"):
        unit = st.selectbox(
            "One neuron, number by number",
            range(units),
            format_func=lambda unit: f"neuron {unit}",
            key=STATE.key("unit"),
            on_change=_turn,
            width=220,
        )
        beside = st.container(horizontal=True, vertical_alignment="center", gap="small", key="under_the_ink")
        picture = inked_template(model.w1[unit], image.image, colours())
        beside.image(data_url(picture, scale=10), width=120, alt=f"The template of neuron {unit} under {image.name}")
        beside.container(width=WORDS_BESIDE).caption(
            linked(
                "Its weights under the ink: ink on red (above zero) makes it fire, ink on blue (below zero) holds it back."
            )
        )
        numbers = attribution.neuron_sum(model, through, unit, asked.digit, asked.over)
        other = "" if asked.over is None else f" less that to {asked.over}"
        rows = [
            ("Ink times its red weights", numbers.positive),
            ("Ink times its blue weights", numbers.negative),
            ("Its bias", numbers.bias),
            ("Sum of the three", numbers.z),
            (f"{ACTIVATIONS[look.config.activation]} of the sum: its activation", numbers.f),
            (f"Output weight to {asked.digit}{other}", numbers.weight),
        ]
        cells = [(words, signed(value, 3)) for words, value in rows]
        cells.append(("**Activation times output weight**", f"**{signed(numbers.given, 3)}**"))
        st.markdown(table((f"Neuron {unit}", "Value"), cells, numbers=1))
        weights, bias = attribution.output_weights(model, asked.digit, asked.over)
        rest = float(through.f @ weights) - numbers.given
        st.caption(
            linked(
                f"Neuron {unit} gives {signed(numbers.given, 2)}, the other {units - 1} give {signed(rest, 2)}, and "
                f"the output bias is {signed(bias, 2)}. Together that is **{signed(rest + numbers.given + bias, 2)}**"
                f", the {asked.logit}."
            )
        )
