"""Weights: what a network has learnt, as pictures, through the whole of its training."""

from collections.abc import Callable

import streamlit as st

import ui
from ui.run_picker import back_to_train, choices
from ui.shared import told_if_gone
from ui.weights import ablation, filters, layers, look, pixel, step, templates, why
from ui.weights.look import CNNLook, MLPLook
from ui.weights.state import STATE

OF_THE_MLP: dict[str, Callable[[MLPLook], None]] = {
    "neurons": templates.neurons,
    "why": why.why,
    "step": step.one_step,
    "break": ablation.ablation,
}
OF_THE_CNN: dict[str, Callable[[CNNLook], None]] = {
    "filters": filters.filters,
    "layers": layers.layers,
    "pixel": pixel.one_pixel,
    "why": why.why,
    "step": step.one_step,
    "break": ablation.ablation,
}

ui.frame("Weights")
st.title("What have the weights learnt?", anchor=False)

there = choices("look here at what it has learnt")
state = STATE.arrive(there)
with told_if_gone():
    now = look.controls(there, state)
    match now:
        case MLPLook():
            OF_THE_MLP[now.view](now)
        case CNNLook():
            OF_THE_CNN[now.view](now)
    back_to_train([now.run])
    STATE.write(unsaid=look.unsaid(now))
