"""Break it: what a network can do without, and what becomes of it when parts are switched off, pruned or covered in noise."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from core.analysis import reading
from core.analysis.ablation import NOISE, PRUNED_PERCENTS, Ablation, ablated, least_important, units, weights
from core.analysis.evaluation import Share, confusion_matrix
from core.analysis.neurons import SCALE_END
from core.charts.neurons import curve_chart, curve_table, recall_chart, recall_table
from core.charts.pictures import grid
from core.charts.sent import sent
from core.data import SIDE
from core.networks import Model
from core.words import points_words, share_words, significant
from ui.pictures import colours, data_url
from ui.predictions import EVERY, Version, answers_of, model
from ui.shared import images_of
from ui.weights.look import Look, MLPLook, with_state
from ui.weights.state import STATE
from ui.words import linked

CONTROLS = ("off", "weakest", "prune", "noise", "noise_seed")
PRUNE_HELP = "So many percent of the weights, the smallest of all layers together, become zero."
NOISE_HELP = (
    "Random numbers are added to the weights. At 1 they vary as much as the weights of the layer themselves do."
)
LARGEST = (4, 10, 20, 50, 100)  # points at both ends of the scale of changes


class Parts(NamedTuple):
    """What of a network can be switched off."""

    names: list[str]  # e.g. "Neuron 3", "conv1, filter 3"
    word: str  # in the plural


def ablation(look: Look) -> None:
    """Controls that alter a copy of the network, and what the copy can still do."""
    parts = _parts(look)
    there = len(parts.names)  # some may have been chosen of a larger network
    off, weakest = tuple(unit for unit in look.state.off if unit < there), min(look.state.weakest, there)
    look = with_state(look, off=off, weakest=weakest)
    scores = st.container(key="broken")  # above what they follow: on a phone they stay in sight
    left, right = st.columns([1, 1.15], gap="large")
    with left:
        now = _controls(look, parts)
        _picture(look, now)
    with scores:
        _scores(look, now)
    with right:
        _result(look, now)
        _curve(look)


def _controls(look: Look, parts: Parts) -> Ablation:
    st.multiselect(
        f"Switch off {parts.word}",
        range(len(parts.names)),
        format_func=parts.names.__getitem__,
        key=STATE.key("off"),
        placeholder=f"Choose among {len(parts.names)} {parts.word}",
    )
    st.slider(
        f"Switch off the least important {parts.word}",
        0,
        len(parts.names),
        key=STATE.key("weakest"),
        help="Judged by the weights alone: a neuron counts the more, the larger its ten output weights are (their length as a "
        "vector), a filter the larger its own weights are (the sum of their sizes beside the mean of its layer).",
    )
    st.slider("Prune the smallest weights", 0, 100, format="%d%%", key=STATE.key("prune"), help=linked(PRUNE_HELP))
    strength, seed = st.columns([2, 1], gap="medium", vertical_alignment="bottom")
    with strength:
        st.slider("Noise on the weights", 0.0, NOISE.high, step=0.05, key=STATE.key("noise"), help=linked(NOISE_HELP))
    with seed:
        st.number_input("Seed of the noise", 0, 9999, step=1, key=STATE.key("noise_seed"))
    st.button("Reset", key="mend", icon=":material/restart_alt:", on_click=STATE.reset, args=CONTROLS)
    state = look.state
    weakest = _least_important(look.version)[: state.weakest].tolist()
    off = tuple(sorted({*state.off, *weakest}))
    return Ablation(noise=state.noise, noise_seed=state.noise_seed, prune=state.prune, off=off)


def _scores(look: Look, now: Ablation) -> None:
    """The accuracy of the ablated network beside the original's."""
    before, labels = answers_of(look.version, "test").accuracy, images_of("test")[1]
    after = Share(int((_ablated_digits(look.version, now) == labels).sum()), len(labels))
    with st.container(horizontal=True, gap="large", key="broken_scores"):
        st.metric(
            "Test accuracy now",
            share_words(after.value, after.n),
            points_words(after.value - before.value, after.n),
            delta_color="off" if after == before else "green" if after > before else "orange",
            delta_arrow="off",
            width="content",
        )
        st.metric(
            "Before ablation",
            share_words(before.value, before.n),
            width="content",
            help=linked("Ablation is done to a copy: the network itself stays as it is."),
        )
        st.metric("Weights left", _weights_left(look.version, now), width="content")


def _result(look: Look, now: Ablation) -> None:
    """The change for each digit."""
    original, labels = answers_of(look.version, "test"), images_of("test")[1]
    digits = _ablated_digits(look.version, now)
    right_before, right_now = original.digits == labels, digits == labels
    table = recall_table(original.matrix, confusion_matrix(labels, digits), colours())
    widest = max(1.0, float(table["change"].abs().max()))
    largest = next(points for points in LARGEST if points >= widest - 1e-6)
    with st.container(key="recall"):
        st.vega_lite_chart(
            recall_chart(largest, colours()) | {"datasets": {"recall": sent(table)}},
            key="recall_chart",
            alt="By how many points the share of each digit that is read right changes",
        )
    lost, won = int((right_before & ~right_now).sum()), int((~right_before & right_now).sum())
    st.caption(
        f"How often each digit is read right, before → now: orange is worse, green is better. Of the 10,000 test images {lost:,} "
        f"{'is' if lost == 1 else 'are'} no longer read right, and {won:,} {'is' if won == 1 else 'are'} now that "
        f"{'was' if won == 1 else 'were'} not."
    )
    if original.guesses:
        st.caption(reading.no_better(original))


def _curve(look: Look) -> None:
    """Accuracy against the share of weights that is pruned, alone."""
    shares = _pruning_curve(look.version)
    with st.container(key="pruning"):
        st.vega_lite_chart(
            curve_chart(look.state.prune, colours())
            | {"datasets": {"curve": sent(curve_table(list(PRUNED_PERCENTS), [share.value for share in shares]))}},
            key="pruning_chart",
            alt="Test accuracy against the percentage of weights that is pruned",
        )
    said = reading.pruning(list(PRUNED_PERCENTS), shares, answers_of(look.version, "test").accuracy)
    st.caption(linked(f"Pruning alone. {said} The rule stands where the slider does."))


def _picture(look: Look, now: Ablation) -> None:
    """The first layer's weights as they are now, on the scale of the original's; what is switched off is blank."""
    arrays = look.model.arrays()
    first = next(iter(weights(arrays)))
    is_mlp = isinstance(look, MLPLook)
    shape = (SIDE, SIDE) if is_mlp else arrays[first].shape[-2:]
    original = arrays[first].reshape(-1, *shape)
    shown = np.array(_ablated(look.version, now).arrays()[first]).reshape(original.shape)
    shown[[unit for unit in now.off if unit < len(shown)]] = 0
    end = float(np.percentile(np.abs(original), SCALE_END))
    picture = grid(shown, np.full(len(shown), end), colours=colours())
    st.image(
        data_url(picture, max(1, 480 // picture.shape[1])),
        width="stretch" if is_mlp else 300,
        alt="The weights of the first layer as they are now",
    )
    words = significant(end, 2)
    st.caption(
        linked(
            f"The weights of the first layer as they are now: blue below zero and red above, from −{words} to +{words}. What is "
            "pruned or switched off is blank."
        )
    )


def _parts(look: Look) -> Parts:
    there = units(look.model.arrays())
    if isinstance(look, MLPLook):
        return Parts([f"Neuron {unit.number}" for unit in there], "neurons")
    return Parts([f"{unit.layer}, filter {unit.number}" for unit in there], "filters")


def _weights_left(version: Version, now: Ablation) -> str:
    arrays = weights(_ablated(version, now).arrays())
    left, n = sum(int(np.count_nonzero(array)) for array in arrays.values()), sum(a.size for a in arrays.values())
    return share_words(left / n, n)


@st.cache_resource(max_entries=8, show_spinner=False)
def _ablated(version: Version, now: Ablation) -> Model:
    """The ablated copy. Only to be looked at: everybody has the same one."""
    return ablated(version.checkpoint.config, model(version), now)


@st.cache_data(max_entries=64, show_spinner=False)
def _least_important(version: Version) -> np.ndarray:
    return least_important(model(version).arrays())


@st.cache_resource(max_entries=256, show_spinner="Asking the ablated network …")
def _ablated_digits(version: Version, now: Ablation) -> np.ndarray:
    """What the ablated network answers to the test images: (10000,) uint8."""
    with np.errstate(over="ignore", invalid="ignore"):
        return _ablated(version, now).predict_proba(images_of("test")[0]).argmax(axis=1).astype(np.uint8)


@st.cache_data(max_entries=64, show_spinner="Pruning …")
def _pruning_curve(version: Version) -> list[Share]:
    """The accuracy on every fifth test image for each of PRUNED_PERCENTS."""
    images, labels = (array[::EVERY] for array in images_of("test"))
    curve = []
    for percent in PRUNED_PERCENTS:
        network = ablated(version.checkpoint.config, model(version), Ablation(prune=percent))
        right = network.predict_proba(images).argmax(axis=1) == labels
        curve.append(Share(int(right.sum()), len(labels)))
    return curve
