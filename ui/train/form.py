"""The settings form: a control for each setting of a run."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.config import (
    NAMES,
    NETWORKS,
    PRESETS,
    Config,
    choice_of,
    label,
    preset_name,
    range_of,
)
from core.words import decimal
from ui.state import move, touched
from ui.train import rates
from ui.train.state import FROM, STATE, values_of
from ui.words import explained, linked

ARCHITECTURE_LABELS = {"lenet": "LeNet", "deep": "Deep"}

# What each control says in one line, and the word of the glossary that it is called by.
SAID = {
    "train_size": ("training-set", "How many images the network learns from: the first so many of MNIST's 50,000."),
    "batch_size": ("batch", "After how many images the weights take a step. Small batches step often and noisily."),
    "learning_rate": ("learning-rate", "How far each step goes. Too small and it crawls, too large and it diverges."),
    "learning_rate_decay": (
        "learning-rate-decay",
        "The learning rate is multiplied by this after every epoch, so that the steps get finer.",
    ),
    "epochs": ("epoch", "How many times the network sees every training image."),
    "weight_decay": ("weight-decay", "L2: pulls every weight towards zero, so that none grows without need."),
    "hidden_units": (
        "hidden-layer",
        "How many neurons lie between the pixels and the digits. Each one learns a template.",
    ),
    "activation": (
        "activation",
        "What a hidden neuron does to its sum: squash it (sigmoid, tanh) or cut it at zero (relu).",
    ),
    "momentum": ("momentum", "How much of the previous step is added to the next one."),
    "dropout": (
        "dropout",
        "The share of hidden neurons that are silenced at random in each step, against over-fitting.",
    ),
    "architecture": (
        "convolution",
        "LeNet is [the report](report)'s: two convolutions. The deep one has four, and batch norm: slower, and better.",
    ),
    "augmentation": (
        "augmentation",
        "How much each image is turned, bent and re-inked before it is learnt from, anew in every epoch. It makes "
        "a network that reads other people's hands better; 0 is off, as in [the report](report).",
    ),
    "schedule": (
        "learning-rate-decay",
        "How the learning rate falls: by the same share after every epoch (exponential), or from its full value to next to nothing along half a "
        "cosine, so that it stays high for longer; then the decay does not count.",
    ),
    "patience": (
        "early-stopping",
        "Early stopping: training ends before its last epoch when validation accuracy has not risen for so many epochs; 0 is off.",
    ),
    "drawn": (
        "augmentation",
        "The share of each batch that is drawn, stroke by stroke, instead of taken from MNIST: digits in the styles of several "
        "countries, by pens of any width, and things that are no digits, of which it learns to be unsure; 0 is none.",
    ),
    "seed": ("seed", "Where the random numbers start. The same seed gives the same run, bit for bit."),
}
HELP = {name: explained(word, words) for name, (word, words) in SAID.items()}

# The stops of the sliders. A value in between that a link brings is added to them.
STOPS = {
    "train_size": (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000),
    "batch_size": (1, 4, 8, 16, 32, 64, 128, 256, 512, 1024),
    "learning_rate": (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0),
    "learning_rate_decay": (0.5, 0.8, 0.9, 0.95, 0.96, 0.97, 0.98, 0.99, 1.0),
    "weight_decay": (0.0, 0.00001, 0.0001, 0.001, 0.01, 0.1),
    "hidden_units": (16, 32, 48, 64, 96, 128, 192, 256),
    "momentum": (0.0, 0.5, 0.8, 0.9, 0.95, 0.99),
    "dropout": (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    "augmentation": (0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
    "drawn": (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9),
    "patience": (0, 2, 3, 5, 10, 15, 20, 30, 50),
}


def settings_form(config: Config) -> None:
    """Draw the controls, which are set to these settings."""
    network = config.network
    move("preset", preset_name(config))

    st.segmented_control(
        "Network",
        list(NETWORKS),
        format_func=NAMES.__getitem__,
        required=True,
        key=STATE.key("network"),
        on_change=_network_chosen,
        args=(config,),
        width="stretch",
        help=linked(
            "MLP: a multi-layer perceptron, written from scratch in NumPy. CNN: a convolutional network, in PyTorch."
        ),
    )
    st.pills(
        "Presets",
        [name for name, preset in PRESETS.items() if preset.network == network],
        key="preset",
        wrap=True,
        on_change=_preset_chosen,
        help="The three runs that [the report](report) has for this network"
        + (", and one that reads drawings best" if network == "cnn" else "")
        + ". They come trained.",
    )
    with st.expander("Settings", icon=":material/tune:", expanded=True, key="folded_when_narrow"):
        _usual(config)
    with st.expander("More settings", icon=":material/more_horiz:"):
        _further(config)


def _usual(config: Config) -> None:
    _slider("train_size", config, lambda n: f"{n:,}")
    low, high, _ = range_of(type(config), "epochs")
    st.slider("Epochs", int(low), int(high), key=STATE.key("epochs"), help=HELP["epochs"])
    _slider("learning_rate", config)
    rates.opener()
    _slider("batch_size", config)
    if config.network == "mlp":
        _slider("hidden_units", config)
        _words("activation", config)
    else:
        _words("architecture", config, ARCHITECTURE_LABELS.__getitem__)
        _slider("momentum", config)
        _slider("dropout", config)


def _further(config: Config) -> None:
    _slider("augmentation", config)
    _slider("drawn", config)
    _words("schedule", config)
    if config.schedule == "exponential":
        _slider("learning_rate_decay", config)
    _slider("weight_decay", config)
    _slider("patience", config)
    low, high, _ = range_of(type(config), "seed")
    st.number_input("Seed", int(low), int(high), key=STATE.key("seed"), help=HELP["seed"])


def _network_chosen(old: Config) -> None:
    """The same settings for the other network: its run of the same name, or the values that both have in common."""
    network = st.session_state[STATE.key("network")]
    name = (preset_name(old) or "").replace(NAMES[old.network], NAMES[network])
    if name in PRESETS:
        STATE.put(**values_of(PRESETS[name]), **{FROM: ""})
    else:
        common = {name: value for name, value in values_of(old).items() if name != "network"}
        own = values_of(NETWORKS[network]())
        STATE.put(**own | {name: value for name, value in common.items() if name in own})


def _preset_chosen() -> None:
    if st.session_state.preset and not touched(STATE):
        STATE.put(**values_of(PRESETS[st.session_state.preset]), **{FROM: ""})


def _slider(name: str, config: Config, format_func: Callable[[Any], str] = decimal) -> None:
    stops = sorted({*STOPS[name], STATE.brought(name), getattr(config, name)})
    st.select_slider(label(name), stops, format_func=format_func, key=STATE.key(name), help=HELP[name])


def _words(name: str, config: Config, format_func: Callable[[Any], str] = str) -> None:
    words = choice_of(type(config), name).words
    st.segmented_control(
        label(name),
        words,
        format_func=format_func,
        required=True,
        key=STATE.key(name),
        width="stretch",
        help=HELP[name],
    )
