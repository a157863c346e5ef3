"""What came of a run: its scores, its curves, what it says to the first images, its weights and its code."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.analysis.evaluation import accuracy_interval
from core.analysis.verdict import LOSS_WORDS, early_words, verdict
from core.charts import curves, histories, pictures
from core.charts.colours import Colours, inked
from core.config import NAMES, Config
from core.data import TEST_SIZE, VAL_SIZE
from core.history import EpochEnd
from core.mlp import MLP
from core.networks import Model
from core.runs import Run
from core.training import model_at
from core.words import decimals, interval_words, number, percent, reached, seconds_words, share_words
from ui import deletion, looked_at
from ui.frame import PAGES
from ui.origin import tell_origin
from ui.overfitting.state import left_behind, sweep_link
from ui.pictures import colours, palette, png, png_url
from ui.shared import checkpoint, images_of, plain, runs, saved, tell_what_is_published, told_in_passing
from ui.train.before import comparison
from ui.train.network import network
from ui.train.reading import reading, watch_for
from ui.train.state import Shown
from ui.unsaved import tell_unsaved
from ui.visitors import nothing_trains, refusal, unless, visitor
from ui.words import explained, linked

SOURCES = {"mlp": Path("core/mlp.py"), "cnn": Path("core/cnn.py")}
ROOT = Path(__file__).parent.parent.parent
MARKS = {True: "✓", False: "✗"}  # without colours, which have other meanings on this page
ZOOM = "The wheel zooms in with Ctrl held down, and a double click shows all again."
CURVES = linked(
    "After every epoch, on the images that the network learns from (training) and on 10,000 that it never learns from "
    f"(validation). Accuracy: the share of them that it reads right. Loss: {LOSS_WORDS}. The training loss is taken while the "
    "network learns."
)


def result(run: Run, shown: Shown) -> None:
    """Draw what came of a run that is over, or what a stopped one has come to."""
    _what_it_is(run)
    if run.history:
        _scores(run)
    download = _buttons(run)
    network(run.config)
    watch_for(run.key)
    comparison(shown, run)
    reading(run)
    if run.saved.history:
        _further(run)
    accuracy_and_loss(run, shown.before.history if shown.before else [])
    if run.history:
        _first_five(run)
    model = checkpoint(run).model  # in hand, should somebody delete the run before it is downloaded
    if isinstance(model, MLP):
        templates(_final_templates(run.state_id, colours(), model), _when(run))
    download.download_button(
        "Download weights",
        lambda: _weights(model),
        f"{NAMES[run.config.network]}_weights.npz",
        "application/octet-stream",
        key="download",
        icon=":material/download:",
        on_click="ignore",
    )
    _code(run.config)
    _origin(run)


def _what_it_is(run: Run) -> None:
    """Whether it was stopped, uploaded or not saved, and whether it is a result at all."""
    epochs = run.config.epochs
    if run.status == "stopped":
        st.progress(len(run.history) / epochs, f"**Stopped** {reached(len(run.history), epochs)}")
    early = early_words(run.history, run.config) if run.status == "done" else ""
    if early:
        st.info(linked(early), icon=":material/flag:")
    if run.notice:
        st.info(plain(run.notice), icon=":material/timer:")
    tell_origin(run)
    tell_unsaved(run)
    found = verdict(run.history, epochs)
    if found:
        st.warning(found.sentence, icon=":material/report:")


def _buttons(run: Run) -> DeltaGenerator:
    """Draw what can be done with a run; and return the place of the download, which has to wait for its network."""
    with st.container(horizontal=True):
        if run.status == "stopped":
            st.button(
                "Resume",
                key="resume",
                type="primary",
                icon=":material/play_arrow:",
                on_click=start,
                args=(run.config,),
                **unless(nothing_trains()),
            )
        download = st.container(width="content")
        if not run.committed:
            st.button(
                "Delete",
                key="delete",
                icon=":material/delete:",
                on_click=deletion.delete,
                args=([run.key],),
                **unless(refusal(run)),
            )
    return download


def _origin(run: Run) -> None:
    """Say where and how long it was trained, and what names it."""
    summary = run.saved
    time = seconds_words(summary.seconds)
    st.caption(
        f"{f'Trained in {time}' if run.status == 'done' else f'Trained for {time} so far,'} {_where(summary.about)}. "
        f"Its name in links and files is `{run.key}`. The address of this page is a link to this result."
    )


def _further(run: Run) -> None:
    """Where else there is something to see of a run."""
    with st.container(horizontal=True, vertical_alignment="center", key="further"):
        st.markdown("Look at this run in")
        for page in ("confusion", "weights", "sketch"):
            label, icon = PAGES[page]
            query = {"run": run.key}
            st.page_link(f"pages/{page}.py", label=f"**{label}**", icon=f":material/{icon}:", query_params=query)
        label, icon = PAGES["overfitting"]
        st.page_link(
            "pages/overfitting.py",
            label=f"**{label}**",
            icon=f":material/{icon}:",
            query_params=sweep_link(run.config),
            help=left_behind(run.config),
        )


def _where(about: dict[str, Any]) -> str:
    """On what a run was trained, as far as its file says: "on a Xeon, 2 cores (CPU)"."""
    machine = f"on {plain(about['machine'])}" if about["machine"] else "on an unknown machine"
    return f"{machine} ({plain(about['device'])})" if about["device"] else machine


def _when(run: Run) -> str:
    """When the saved network of a run that is not live was as it is: a stopped one has often begun another epoch."""
    epochs, history = run.config.epochs, run.saved.history
    if run.status == "done":
        return "after training"
    if run.saved.seconds > sum(epoch.seconds for epoch in history):
        return f"when it was stopped, within epoch {len(history) + 1} of {epochs}"
    return reached(len(history), epochs)


def _scores(run: Run) -> None:
    """What the last epoch led to; of a finished run also the test accuracy."""
    last, accuracy, images = run.history[-1], run.saved.test_accuracy, run.config.train_size
    with st.container(horizontal=True, key="scores"):
        if accuracy is not None:
            st.metric(
                "Test accuracy",
                share_words(accuracy, TEST_SIZE),
                interval_words(accuracy_interval(accuracy, TEST_SIZE), TEST_SIZE),
                delta_color="off",
                delta_arrow="off",
                width="content",
                help=linked(
                    "The share of MNIST's 10,000 test images that it reads right; they were kept for this. Below it the 95% "
                    "interval (Wilson's formula): other images of the same kind may well give any accuracy from the one to the "
                    "other."
                ),
            )
        st.metric(
            "Training",
            share_words(last.train_accuracy, images),
            width="content",
            help=linked(f"Accuracy on the {images:,} images that it learned from."),
        )
        st.metric(
            "Validation",
            share_words(last.val_accuracy, VAL_SIZE),
            width="content",
            help=linked("Accuracy on 10,000 images that it never learned from."),
        )
        gap = number((last.train_accuracy - last.val_accuracy) * 100, decimals(images))
        st.metric(
            "Gap",
            f"{gap} points",
            width="content",
            help=linked(
                "Training minus validation accuracy: how much better it reads the images that it knows. A large gap is "
                "over-fitting."
            ),
        )
        st.metric(
            "Validation loss",
            f"{last.val_loss:.3f}",
            width="content",
            help=explained("loss", f"On the validation images, {LOSS_WORDS}."),
        )
        st.metric("Time", seconds_words(run.saved.seconds), width="content", help="Of the training, without waiting.")
    if accuracy is not None and not verdict(run.history, run.config.epochs):
        tell_what_is_published(run.config)
    if accuracy is None:
        st.caption(
            f"All of this {reached(last.epoch, run.config.epochs)}. The test images are kept for the end of the training."
        )


def accuracy_and_loss(run: Run, before: list[EpochEnd] | None = None) -> None:
    """Draw accuracy and loss after every epoch, behind them those of the run that one comes from."""
    if not run.history:
        st.info("Stopped before the first epoch was over. **Resume** goes on from there.")
        return
    left, right = st.columns(2)
    for column, measure, key in ((left, curves.ACCURACY, "accuracy"), (right, curves.LOSS, "loss")):
        with column.container(key=f"finished_{key}"):
            rows, spec = histories.finished_curves(measure, run.history, palette(), before or [])
            alt = f"{measure.title} after every epoch, on training and on validation images"
            st.vega_lite_chart(rows, spec, key=f"curve_{key}", alt=alt)
    st.caption(f"{CURVES} {ZOOM}")


def templates(picture: bytes, when: str) -> None:
    """Draw the hidden neurons' weights."""
    st.markdown(linked(f"**What the hidden neurons look for**, {when}"))
    st.image(png_url(picture), width=480, alt="The first layer's weights, one 28 by 28 picture for each hidden neuron")
    st.caption("Each square is one neuron's 784 weights. It fires for ink on red and is held back by ink on blue.")


@st.cache_data(max_entries=64, show_spinner=False)
def _final_templates(state_id: str, colours: Colours, _model: MLP) -> bytes:
    return png(pictures.templates(_model.w1, colours), scale=3)


def _first_five(run: Run) -> None:
    images, labels = (array[:5] for array in images_of("test"))
    before, after = _predictions(run.key, run.state_id)
    when = "before and after training" if run.status == "done" else f"before training and {_when(run)}"
    st.markdown(linked(f"**The first five test images**, {when}"))
    with st.container(horizontal=True, key="first_five"):
        for image, label, first, last in zip(images, labels, before, after, strict=True):
            with st.container(width=104, gap=None):
                st.image(png(inked(image, colours()), scale=4), width="stretch", alt=f"A handwritten {label}")
                guess, answer = int(first.argmax()), int(last.argmax())
                st.markdown(f"{guess} {MARKS[guess == label]} → **{answer}** {MARKS[answer == label]}")
                st.caption(f"sure: {percent(float(first[guess]))} → {percent(float(last[answer]))}")
    st.caption(
        "What the network takes each image for (✓ is right), and the probability that it gives to this answer: first with its "
        f"random weights, then as it was {'at the end' if run.status == 'done' else _when(run)}."
    )


@st.cache_data(max_entries=64, show_spinner="Asking the network …")
def _predictions(key: str, state_id: str) -> tuple[np.ndarray, np.ndarray]:
    """The probabilities of the first five test images, by the untrained network and by the trained one."""
    trained, images = saved(key, state_id), images_of("test")[0][:5]
    return model_at(trained, 0).predict_proba(images), trained.model.predict_proba(images)


def _weights(model: Model) -> bytes:
    """The network's arrays as an npz file: W1, b1, W2, b2 as the report names them, or torch's names."""
    arrays = model.arrays()
    if isinstance(model, MLP):
        arrays = {name.replace("w", "W"): array for name, array in arrays.items()}
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def _code(config: Config) -> None:
    source = SOURCES[config.network]
    code = st.expander(f"Show the code: {source}", icon=":material/code:", on_change="rerun", key="code")
    if code.open:
        code.code((ROOT / source).read_text(encoding="utf-8"), language="python", height=560)


def start(config: Config) -> None:
    """Train these settings for this visitor."""
    with told_in_passing():
        runs().start(config, visitor())
        looked_at.note(config.key)
