"""The stages of one step: each with its numbers as a picture, its formula, and the lines of core/mlp.py that compute it."""

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.analysis.source import lines_of, slope_line
from core.analysis.step import Rule, Step
from core.charts import outputs
from core.charts.pictures import grid, matrix, of_digits, strip_of_units
from core.data import SIDE
from core.mlp import TINY
from core.words import compact, counted, percent
from ui.pictures import colours, data_url
from ui.weights.look import MLPLook
from ui.weights.weight import one_weight
from ui.words import linked

SLOPES = {"sigmoid": r"f_1 \odot (1 - f_1)", "tanh": r"(1 - f_1 \odot f_1)", "relu": r"[f_1 > 0]"}
NAMES = {"sigmoid": r"\operatorname{sigmoid}", "tanh": r"\tanh", "relu": r"\operatorname{ReLU}"}
SIGNS = "Red: more of it would make the loss larger. Blue: it would make it smaller."


def stages(look: MLPLook, found: Step, rule: Rule) -> None:
    """What the step changes; then the forward pass, the loss, the backward pass, and one weight."""
    activation = look.config.activation
    _change(found)
    _forward(found, activation)
    _loss(found)
    _output_error(found)
    _gradient_of_w2(found, rule)
    _hidden_error(look, found)
    _gradient_of_w1(found, rule)
    one_weight(look, found, rule)


def _change(found: Step) -> None:
    label, probs = int(found.batch.labels[0]), (found.probs[0], found.probs_after)
    with st.container(border=True, key="stage_after"):
        st.markdown("## What the step changes for this image")
        st.markdown(_changed(found, label))
        columns = st.columns(2, gap="medium")
        for column, name, values in zip(columns, ("before", "after"), probs, strict=True):
            with column:
                st.markdown(f"**{name.capitalize()} the step**")
                _bars(f"change_{name}", values, label, f"The ten probabilities {name} the step, as bars")
                st.caption(outputs.key_of_outputs(values, label))


def _changed(found: Step, label: int) -> str:
    """What becomes of the true digit's probability and of the loss, in a sentence."""
    before, after = (percent(float(one[label])) for one in (found.probs[0], found.probs_after))
    loss, loss_after = compact(found.loss), compact(found.loss_after)
    if (before, loss) == (after, loss_after):
        return (
            f"The step changes less than these digits show: the true digit, {label}, keeps its probability of {before}, and this image "
            f"its loss of {loss}."
        )
    return (
        f"The step takes the probability of the true digit, {label}, from {before} to {after}, and the loss of this image from "
        f"{loss} to {loss_after}."
    )


def _stage(key: str, title: str, formula: str, code: str) -> DeltaGenerator:
    """Draw a stage's title, formula and code, and return the place of its numbers."""
    box = st.container(border=True, key=f"stage_{key}")
    box.markdown(f"## {title}")
    left, right = box.columns([1, 1], gap="medium")
    right.latex(formula)
    right.code(code, language="python", wrap_lines=True)
    return left


def _forward(found: Step, activation: str) -> None:
    formula = rf"f_1 = {NAMES[activation]}(W_1 x + b_1)"
    with _stage("hidden", "Forward: the hidden neurons", formula, lines_of("hidden")):
        units = found.f1[0]
        picture = strip_of_units(units, colours(), columns=32)
        _picture(picture, 2, "How strongly each hidden neuron fires on the image")
        st.caption(f"How strongly each neuron fires on this image, in their order. {_fullest(units)}")
    formula = r"p = \operatorname{softmax}(W_2 f_1 + b_2)"
    with _stage("output", "Forward: the ten probabilities", formula, lines_of("output")):
        label = int(found.batch.labels[0])
        _bars("before", found.probs[0], label, "The ten probabilities before the step, as bars")
        st.caption(f"{outputs.key_of_outputs(found.probs[0], label)}")


def _loss(found: Step) -> None:
    label = int(found.batch.labels[0])
    with _stage("loss", "The loss", r"L = -\log p_y", lines_of("loss")):
        p, loss = float(found.probs[0, label]), f"**{compact(found.loss)}**"
        words = (
            f"The loss of this image is minus its logarithm: {loss}."
            if p >= TINY
            else f"Minus the logarithm of so little is cut off at {loss}, the largest loss that is counted here."
        )
        st.markdown(f"The true digit, {label}, gets a probability of {percent(p)}. {words}")
        st.caption(
            linked(f"No loss at all would be a probability of one for the true digit.{_others(found, 'losses')}")
        )


def _output_error(found: Step) -> None:
    formula = r"\delta_2 = p - \operatorname{onehot}(y)"
    with _stage("delta2", "Backward: the error of each digit, `delta2`", formula, lines_of("delta2")):
        _picture(of_digits(found.delta2[0], colours()), 1, "The error of each digit, as ten coloured squares")
        st.caption(
            "What each digit got beyond what it should have. Red: it got too much. Blue: it got too little, as only the true digit "
            f"can. {_fullest(found.delta2[0])}"
        )


def _gradient_of_w2(found: Step, rule: Rule) -> None:
    formula = rf"\frac{{\partial L}}{{\partial W_2}} = {_sum(found, rule)} \delta_2 f_1^\top"
    with _stage("grad_w2", "Backward: the gradient of the output weights, `grad_w2`", formula, lines_of("grad_w2")):
        gradient = found.gradients.w2
        _picture(matrix(gradient, colours()), 1, "The gradient of the output weights, a row for each digit")
        st.caption(
            linked(
                "A row for each digit, from nought on top to nine, and a column for each neuron: the digit's error times how strongly the "
                f"neuron fires. {SIGNS} {_fullest(gradient)}{_others(found, 'products')}"
            )
        )


def _hidden_error(look: MLPLook, found: Step) -> None:
    formula = rf"\delta_1 = (W_2^\top \delta_2) \odot {SLOPES[look.config.activation]}"
    code = f"{lines_of('delta1')}\n\n# and the slope:\n{slope_line(look.model)}"
    with _stage("delta1", "Backward: the error of each hidden neuron, `delta1`", formula, code):
        errors = found.delta1[0]
        _picture(strip_of_units(errors, colours(), columns=32), 2, "The error of each hidden neuron")
        st.caption(
            linked(
                "What the digits send back through the output weights, times the slope of the neuron's activation. Red: it should fire "
                f"less. Blue: it should fire more. {_fullest(errors)}"
            )
        )


def _gradient_of_w1(found: Step, rule: Rule) -> None:
    formula = rf"\frac{{\partial L}}{{\partial W_1}} = {_sum(found, rule)} \delta_1 x^\top"
    with _stage("grad_w1", "Backward: the gradient of the first weights, `grad_w1`", formula, lines_of("grad_w1")):
        gradient = found.gradients.w1.reshape(-1, SIDE, SIDE)
        largest = float(np.abs(gradient).max())
        _picture(
            grid(gradient, np.full(len(gradient), largest), colours=colours()),
            2,
            "The gradient of the first weights, a square for each neuron",
        )
        st.caption(
            "A square for each neuron: its error times the ink. Where the paper is blank there is nothing to learn. "
            f"{SIGNS} {_fullest(gradient)}{_others(found, 'products')}"
        )


def _bars(key: str, probs: np.ndarray, label: int, alt: str) -> None:
    rows = outputs.probability_rows(probs, label, colours())
    chart = outputs.outputs_chart(0.0, 1.0, colours())
    st.vega_lite_chart(chart | {"datasets": {"outputs": rows}}, key=f"step_{key}", alt=alt)


def _picture(picture: np.ndarray, scale: int, alt: str) -> None:
    st.image(data_url(picture, scale), width="stretch", alt=alt)


def _fullest(values: np.ndarray) -> str:
    """What the ends of a picture's scale stand for."""
    largest = float(np.abs(values).max())
    return f"The fullest colour stands for {compact(largest)}." if largest else "All of them are zero."


def _sum(found: Step, rule: Rule) -> str:
    """The sum or mean over the batch, as a formula; of one image it is nothing."""
    if len(found.batch.labels) == 1:
        return ""
    return r"\frac{1}{n} \sum_{i=1}^{n}" if rule.mean else r"\sum_{i=1}^{n}"


def _others(found: Step, what: str) -> str:
    """What is said where the batch has more images than the one that is looked at."""
    n = len(found.batch.labels)
    if n == 1:
        return ""
    if what == "losses":
        return f" The step is for the losses of {counted(n, 'image')} together."
    return f" It is over {counted(n, 'image')}."
