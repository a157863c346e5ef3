"""The settings form, and how it and the page's link keep each other up to date.

The link is the settings: `?network=mlp&epochs=10`, with `run=<key>` in front once there is such a run. A link that arrives
fills the form; a form that changes writes the link. Between two visits of the page the form keeps what it had.
"""

from dataclasses import fields, replace

import streamlit as st

from core.checkpoints import KEY
from core.config import (
    NAMES,
    NETWORKS,
    PRESETS,
    Config,
    SettingsError,
    from_query,
    label,
    limits,
    number_words,
    preset_name,
    to_query,
)
from core.runs import Run, Runs
from ui import links
from ui.shared import plain

ARCHITECTURE_LABELS = {"lenet": "LeNet", "deep": "Deep"}

# What each control says in one line.
HELP = {
    "train_size": "How many images the network learns from: the first so many of MNIST's 50,000.",
    "batch_size": "After how many images the weights take a step. Small batches step often and noisily.",
    "learning_rate": "How far each step goes. Too small and it crawls, too large and it diverges.",
    "learning_rate_decay": "The learning rate is multiplied by this after every epoch, so that the steps get finer.",
    "epochs": "How many times the network sees every training image.",
    "weight_decay": "L2: pulls every weight towards zero, so that none grows without need.",
    "hidden_units": "How many neurons lie between the pixels and the digits. Each one learns a template.",
    "activation": "What a hidden neuron does to its sum: squash it (sigmoid, tanh) or cut it at zero (relu).",
    "momentum": "How much of the previous step is added to the next one.",
    "dropout": "The share of hidden neurons that are silenced at random in each step, against over-fitting.",
    "architecture": "LeNet is the report's: two convolutions. The deep one has four, and batch norm: slower, and better.",
    "augmentation": "How much each image is turned, bent and re-inked before it is learnt from, anew in every epoch. It makes "
    "a network that reads other people's hands better; 0 is off, as in the report.",
    "seed": "Where the random numbers start. The same seed gives the same run, bit for bit.",
}

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
}
# Of the page's address: those of both networks' settings, in one table.
PARAMETERS = {"run", "network", *(spec.name for network in NETWORKS.values() for spec in fields(network))}


def settings_form() -> Config:
    """Draw the controls and return what they are set to. Ends the page's script where that cannot be used."""
    config = st.session_state.config
    try:
        config = type(config)(**{name: st.session_state.get(name, value) for name, value in _settings(config).items()})
    except SettingsError as error:  # a control's limits are only kept by the browser
        st.error(plain(str(error)))
        st.stop()
    st.session_state.config, network = config, config.network
    move_controls(_settings(config) | {"network": network, "preset": preset_name(config)})

    st.segmented_control(
        "Network",
        list(NETWORKS),
        format_func=NAMES.get,
        required=True,
        key="network",
        on_change=_network_chosen,
        width="stretch",
        help="MLP: a multi-layer perceptron, written from scratch in NumPy. CNN: a convolutional network, in PyTorch.",
    )
    st.pills(
        "Presets",
        [name for name, preset in PRESETS.items() if preset.network == network],
        key="preset",
        wrap=True,
        on_change=_preset_chosen,
        help="The three runs that the report has for this network"
        + (", and one that reads drawings best" if network == "cnn" else "")
        + ". They come trained.",
    )
    _slider("train_size", config, lambda n: f"{n:,}")
    low, high, _ = limits(type(config), "epochs")
    st.slider("Epochs", low, high, key="epochs", help=HELP["epochs"])
    _slider("learning_rate", config)
    _slider("batch_size", config)
    if network == "mlp":
        _slider("hidden_units", config)
        _words("activation", config)
    else:
        _words("architecture", config, ARCHITECTURE_LABELS.get)
        _slider("momentum", config)
        _slider("dropout", config)
    with st.expander("More settings", icon=":material/tune:"):
        _slider("augmentation", config)
        _slider("learning_rate_decay", config)
        _slider("weight_decay", config)
        low, high, _ = limits(type(config), "seed")
        st.number_input("Seed", low, high, key="seed", help=HELP["seed"])
    return config


def read_link(runs: Runs) -> None:
    """Take over the settings that the page's address brings, and note what of it could not be taken."""
    query = links.arriving("train", PARAMETERS)
    if query is None:
        return
    config, notices = _from_link(query, runs)
    links.note(notices)
    st.session_state.brought = config
    _set(config)


def write_link(config: Config, run: Run | None) -> None:
    """Make the page's address one that brings anybody else to these settings, and to their run if there is one."""
    links.write("train", ({"run": run.key} if run else {}) | to_query(config))


def _from_link(query: links.Link, runs: Runs) -> tuple[Config, list[str]]:
    config, sentences = from_query(query)
    key = query.get("run", config.key)
    if key == config.key:
        return config, sentences
    if not KEY.fullmatch(key):
        return config, [*sentences, f"“{key[:40]}” is not the key of a run; one looks like {config.key}."]
    run = runs.find(key)
    if run is not None:
        return run.config, []
    if key in runs.damaged:
        return config, [*sentences, runs.damaged[key]]
    rest = " The link does not carry its settings, so here are the defaults." if len(query) == 1 else ""
    return config, [*sentences, f"The run {key} is not trained here.{rest}"]


def _settings(config: Config) -> dict:
    return {spec.name: getattr(config, spec.name) for spec in fields(config)}


def _set(config: Config) -> None:
    """Make these the settings of the form, before its controls are drawn."""
    st.session_state.config = config
    move_controls(_settings(config))


def move_controls(values: dict) -> None:
    """Move the controls that are not there yet. One that is told its own value again would jump under a quick hand."""
    for name, value in values.items():
        if name not in st.session_state or st.session_state[name] != value:
            st.session_state[name] = value


def _network_chosen() -> None:
    """The same settings for the other network: its run of the same name, or the values that both have in common."""
    old, network = st.session_state.config, st.session_state.network
    name = (preset_name(old) or "").replace(NAMES[old.network], NAMES[network])
    if name in PRESETS:
        _set(PRESETS[name])
    else:
        common = _settings(old).keys() & NETWORKS[network].__dataclass_fields__.keys()
        _set(replace(NETWORKS[network](), **{name: getattr(old, name) for name in common}))


def _preset_chosen() -> None:
    if st.session_state.preset:
        _set(PRESETS[st.session_state.preset])


def _slider(name: str, config: Config, format_func=number_words) -> None:
    brought = getattr(st.session_state.brought, name, getattr(config, name))
    stops = sorted({*STOPS[name], brought, getattr(config, name)})
    st.select_slider(label(name), stops, format_func=format_func, key=name, help=HELP[name])


def _words(name: str, config: Config, format_func=str) -> None:
    words = limits(type(config), name).words
    st.segmented_control(
        label(name), words, format_func=format_func, required=True, key=name, width="stretch", help=HELP[name]
    )
