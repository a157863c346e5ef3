"""One step, number by number: what is stepped on and how, the steps that were taken, and what each stage computes."""

import numpy as np
import streamlit as st

from core.analysis.step import Rule, Step, after, batch_of, step
from core.config import NAMES
from core.images.codes import Chosen
from core.mlp import MLP
from core.words import counted
from ui.predictions import Version
from ui.run_picker import choices
from ui.segments import segments
from ui.shared import digits, plain
from ui.weights.look import CNNLook, MLPLook, image_control
from ui.weights.stages import stages
from ui.weights.state import ANSWER, BATCHES, DIGITS, GRADIENTS, MOST_STEPS, STATE, WeightsState
from ui.words import explained, linked

RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
DECAYS = (0.0, 0.0001, 0.001, 0.01, 0.1)
BEYOND = (
    "The numbers of this step are too large to compute with, so there is nothing to show: the weights are very large, or the steps "
    "before were too long. Choose a smaller learning rate, another image, or go back to the saved weights."
)
READ = "what the network reads"


def one_step(look: MLPLook | CNNLook) -> None:
    """The next step of an MLP on an image, opened; of a CNN, the way to an MLP."""
    match look:
        case MLPLook():
            _of_the_mlp(look)
        case CNNLook():
            _instead()


def _of_the_mlp(look: MLPLook) -> None:
    image = image_control(look)
    label = _label(look, image)
    rule, n = _controls(look)
    state = look.state
    found = _step(look.version, image.code, label, rule, n, state.steps, look.model, image.image)
    _taken(look, found)
    if found.finite:
        stages(look, found, rule)


def _label(look: MLPLook, image: Chosen) -> int:
    """The digit that the step teaches: the image's own, or what a drawing is said to be."""
    if image.label is not None:
        return image.label
    words = st.selectbox(
        "Your drawing is",
        [ANSWER, *DIGITS],
        format_func=lambda word: READ if word == ANSWER else word,
        key=STATE.key("meant"),
        width=220,
        help="A step needs the true digit. Nobody knows that of a drawing but you.",
    )
    return int(look.model.predict_proba(image.image[None]).argmax()) if words == ANSWER else int(words)


def _controls(look: MLPLook) -> tuple[Rule, int]:
    """Draw what decides how the step is taken, and return it with the number of images in the batch."""
    with st.container(horizontal=True, gap="medium", key="step_controls"):
        with st.container(width="content"):
            batch = segments(
                "Batch",
                BATCHES,
                STATE.key("batch"),
                help=linked(
                    "The images that one step is taken on: this one alone, or together with the first of the training images."
                ),
                label_shown=True,
            )
        with st.container(width="content"):
            gradient = segments(
                "Gradients of the batch",
                GRADIENTS,
                STATE.key("gradient"),
                help=linked(
                    "The training here sums them over the batch, as [the report](report#training) does. Others take the mean, which makes the steps "
                    "shorter by the size of the batch."
                ),
                label_shown=True,
            )
        _stops(
            "learning_rate",
            "Learning rate",
            RATES,
            explained("learning-rate", "How far the step goes, against the gradient."),
        )
        _stops(
            "weight_decay",
            "L2",
            DECAYS,
            explained("weight-decay", "How strongly each step pulls every weight towards zero. Biases are let be."),
        )
    state = STATE.now()
    return Rule(state.learning_rate, state.weight_decay, gradient == "mean"), int(batch)


def _stops(name: str, label: str, stops: tuple[float, ...], help: str) -> None:
    state: WeightsState = STATE.now()
    there = sorted({*stops, STATE.brought(name), getattr(state, name)})
    with st.container(width=165):
        st.select_slider(label, there, format_func=lambda value: f"{value:g}", key=STATE.key(name), help=help)


@st.cache_resource(max_entries=16, show_spinner=False)
def _step(
    version: Version, code: str, label: int, rule: Rule, n: int, steps: int, _model: MLP, _image: np.ndarray
) -> Step:
    """The step after so many others, all on one batch: at most a few megabytes. Only to be looked at."""
    mnist = digits()
    batch = batch_of(_image, label, mnist.x_train[: n - 1], mnist.y_train[: n - 1])
    return step(after(_model, batch, rule, steps), batch, rule)


def _taken(look: MLPLook, found: Step) -> None:
    """The buttons that take steps, and how many were taken."""
    steps = look.state.steps
    with st.container(horizontal=True, vertical_alignment="center", key="steps_taken"):
        st.button(
            "Take this step",
            key="take_step",
            type="primary",
            icon=":material/footprint:",
            disabled=steps >= MOST_STEPS or not found.finite,
            on_click=STATE.put,
            kwargs={"steps": min(steps + 1, MOST_STEPS)},
        )
        st.button(
            "Back to the saved weights",
            key="no_steps",
            icon=":material/undo:",
            disabled=steps == 0,
            on_click=STATE.put,
            kwargs={"steps": 0},
        )
        st.markdown(_how_many(look, steps))
    if not found.finite:
        st.warning(BEYOND, icon=":material/warning:")
        return
    st.caption(
        linked(
            "Nothing of this is kept: the run stays as it is. Dropout is off here, as the MLP has none. What is shown below is the next "
            "step, before it is taken."
        )
    )


def _how_many(look: MLPLook, steps: int) -> str:
    if steps == 0:
        return f"These are the weights of {plain(look.name)} as they were saved."
    most = " More are not taken here." if steps >= MOST_STEPS else ""
    return f"**{counted(steps, 'step')}** from the saved weights, each on this batch with these settings.{most}"


def _instead() -> None:
    """Say of a CNN that this is for the MLP, and offer one."""
    st.markdown(
        "A step is opened here for the MLP alone, whose backward pass is written out in this project; that of a CNN is PyTorch's own."
    )
    there = [run for run in choices("look here at one step of it").values() if run.config.network == "mlp"]
    if there:
        st.button(
            f"Open one step of the {NAMES['mlp']}",
            key="step_of_mlp",
            type="primary",
            icon=":material/footprint:",
            on_click=STATE.put,
            kwargs={"run": there[0].key, "epoch": None, "view": "step"},
        )
