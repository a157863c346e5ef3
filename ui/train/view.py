"""One run on a page: what it will take, how it is going, what came of it."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from core import labels as shelf
from core import naming
from core.analysis.evaluation import accuracy_interval
from core.analysis.verdict import LOSS_WORDS, verdict
from core.charts import colours as paint
from core.charts import curves as charts
from core.charts import pictures
from core.charts.colours import Colours
from core.config import NAMES, Config, describe
from core.data import TEST_SIZE, VAL_SIZE
from core.runs import Run
from core.training import Model, Progress, model_at
from core.words import decimals, interval_words, percent, seconds_words, share_words, signed, soon
from ui import deletion
from ui.pictures import colours, palette, png
from ui.shared import checkpoint, digits, live_templates, plain, runs, saved, visitor

SECONDS_BETWEEN_LOOKS = 0.5
SOURCES = {"mlp": Path("core/mlp.py"), "cnn": Path("core/cnn.py")}
ROOT = Path(__file__).parent.parent.parent
MARKS = {True: "✓", False: "✗"}  # without colours, which have other meanings on this page
CURVES = (
    "After every epoch, on the images that the network learns from (training) and on 10,000 that it never learns from "
    f"(validation). Accuracy: the share of them that it reads right. Loss: {LOSS_WORDS}. The training loss is taken while the "
    "network learns."
)


def show(config: Config, run: Run | None) -> None:
    """Whatever there is to show of these settings: an invitation, a live run, or a result."""
    heading(config)
    deletion.offer_undo()
    if run is None:
        _invite(config)
    elif run.live:
        _live(run)
    elif run.status == "failed":
        _failed(run)
    else:
        _result(run)


def heading(config: Config) -> None:
    """Draw what a run is called, and below it its settings."""
    st.markdown(f"#### {plain(naming.name(config, shelf.labels(runs().folder)))}")
    st.caption(describe(config))


def _facts(config: Config) -> None:
    estimate = runs().estimate(config)
    with st.container(horizontal=True, key="facts"):
        st.metric(
            "Parameters",
            f"{config.parameter_count:,}",
            width="content",
            help="The numbers that training changes: weights and biases.",
        )
        st.metric(
            "Steps per epoch",
            f"{config.steps_per_epoch:,}",
            width="content",
            help="How often they change while every training image is seen once: once for each batch.",
        )
        if estimate:
            st.metric(
                "Expected time",
                f"about {seconds_words(max(estimate.seconds, 0.1))}",
                width="content",
                help=f"Scaled from a finished run on {plain(estimate.machine or 'an unknown machine')}: "
                f"{describe(estimate.like)}.",
            )


def _invite(config: Config) -> None:
    _facts(config)
    st.button("Train", key="train", type="primary", icon=":material/play_arrow:", on_click=_start, args=(config,))
    st.info("Not trained yet. Press **Train** and watch the curves grow; move on meanwhile if you like.")


def _live(run: Run) -> None:
    @st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
    def view() -> None:
        runs().watch(run, visitor())
        _progress(run)
        history = run.history
        words = [event for event in run.events[:] if isinstance(event, Progress) and event.epoch > len(history)]
        left, right = st.columns(2)
        if history or words:
            for column, measure, key in ((left, charts.ACCURACY, "live_accuracy"), (right, charts.LOSS, "live_loss")):
                table = charts.points(measure, history, charts.thin(words))
                spec = charts.live_curves(
                    measure, run.config.epochs, charts.span(measure, table["value"]), len(history) <= 30, palette()
                )
                with column.container(key=key):
                    st.vega_lite_chart(table, spec, key=f"{key}_chart")
            st.caption(CURVES)
        state = run.state
        if state and run.config.network == "mlp":
            _templates(live_templates(state, colours()), "forming")
        if not run.live:
            st.rerun()

    view()


def _progress(run: Run) -> None:
    config = run.config
    bar, stop = st.columns([5, 1], vertical_alignment="center")
    with bar:
        share = run.steps_done / (config.epochs * config.steps_per_epoch)
        st.progress(share, progress_words(run))
    with stop:
        st.button("Stop", key="stop", icon=":material/stop:", on_click=runs().stop, args=(run.key,), width="stretch")


def progress_words(run: Run) -> str:
    """Where a live run is, how fast it is, and when it will be done."""
    if run.status == "queued":
        before = runs().place(run)
        if not runs().ready():
            return "Starting the workers …"
        wait = runs().starts().get(run.key)
        if wait is None:
            return "Starting …" if before == 0 else f"Waiting in line, {before} before this run"
        line = "next in line" if before == 0 else f"{before} before this run"
        return f"Waiting: {line}, starts {soon(wait)}"
    epoch = min(len(run.history) + 1, run.config.epochs)
    words = [f"**Epoch {epoch} of {run.config.epochs}**"]
    if run.images_per_second:
        left = run.seconds_left
        words += [
            f"{run.images_per_second:,.0f} images/s",
            f"{seconds_words(left)} left" if left >= 1 else "nearly done",
        ]
    return " · ".join(words)


def _failed(run: Run) -> None:
    st.error(plain(run.error), icon=":material/error:")
    if run.history:
        _curves(run)
    st.button("Train again", key="train", icon=":material/replay:", on_click=_start, args=(run.config,))


def _result(run: Run) -> None:
    epochs = run.config.epochs
    if run.status == "stopped":
        st.progress(len(run.history) / epochs, f"**Stopped** after epoch {len(run.history)} of {epochs}")
    found = verdict(run.history, epochs)
    if found:
        st.warning(found.sentence, icon=":material/report:")
    if run.history:
        _scores(run)
    with st.container(horizontal=True):
        if run.status == "stopped":
            st.button(
                "Resume",
                key="resume",
                type="primary",
                icon=":material/play_arrow:",
                on_click=_start,
                args=(run.config,),
            )
        download = st.container(width="content")
        if not run.committed:
            st.button("Delete", key="delete", icon=":material/delete:", on_click=deletion.delete, args=([run.key],))
    _curves(run)
    if run.history:
        _first_five(run)
    if run.config.network == "mlp":
        _templates(_final_templates(run.key, run.state_id, colours()), _when(run))
    model = checkpoint(run).model  # in hand, should somebody delete the run before it is downloaded
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
    time = seconds_words(run.summary.seconds)
    st.caption(
        f"{f'Trained in {time}' if run.status == 'done' else f'Trained for {time} so far,'} {_where(run.summary.about)}. "
        f"Its name in links and files is `{run.key}`. The address of this page is a link to this result."
    )


def _where(about: dict[str, Any]) -> str:
    """On what a run was trained, as far as its file says: "on a Xeon, 2 cores (CPU)"."""
    machine = f"on {plain(about['machine'])}" if about["machine"] else "on an unknown machine"
    return f"{machine} ({plain(about['device'])})" if about["device"] else machine


def _when(run: Run) -> str:
    """When the saved network of a run that is not live was as it is: a stopped one has often begun another epoch."""
    epochs, history = run.config.epochs, run.summary.history
    if run.status == "done":
        return "after training"
    if run.summary.seconds > sum(epoch.seconds for epoch in history):
        return f"when it was stopped, within epoch {len(history) + 1} of {epochs}"
    return f"after epoch {len(history)} of {epochs}"


def _scores(run: Run) -> None:
    """What the last epoch led to; of a finished run also the test accuracy."""
    last, accuracy, images = run.history[-1], run.summary.test_accuracy, run.config.train_size
    with st.container(horizontal=True, key="scores"):
        if accuracy is not None:
            st.metric(
                "Test accuracy",
                share_words(accuracy, TEST_SIZE),
                interval_words(accuracy_interval(accuracy, TEST_SIZE), TEST_SIZE),
                delta_color="off",
                delta_arrow="off",
                width="content",
                help="The share of MNIST's 10,000 test images that it reads right; they were kept for this. Below it the 95% "
                "interval (Wilson's formula): other images of the same kind may well give any accuracy from the one to the "
                "other.",
            )
        st.metric(
            "Training",
            share_words(last.train_accuracy, images),
            width="content",
            help=f"Accuracy on the {images:,} images that it learned from.",
        )
        st.metric(
            "Validation",
            share_words(last.val_accuracy, VAL_SIZE),
            width="content",
            help="Accuracy on 10,000 images that it never learned from.",
        )
        gap = signed((last.train_accuracy - last.val_accuracy) * 100, decimals(images)).removeprefix("+")
        st.metric(
            "Gap",
            f"{gap} points",
            width="content",
            help="Training minus validation accuracy: how much better it reads the images that it knows. A large gap is "
            "over-fitting.",
        )
        st.metric(
            "Validation loss",
            f"{last.val_loss:.3f}",
            width="content",
            help=f"On the validation images, {LOSS_WORDS}.",
        )
        st.metric("Time", seconds_words(run.summary.seconds), width="content", help="Of the training, without waiting.")
    if accuracy is None:
        st.caption(
            f"All of this after epoch {last.epoch} of {run.config.epochs}. The test images are kept for the end of the training."
        )


def _curves(run: Run) -> None:
    if not run.history:
        st.info("Stopped before the first epoch was over. **Resume** goes on from there.")
        return
    left, right = st.columns(2)
    for column, measure, key in ((left, charts.ACCURACY, "accuracy"), (right, charts.LOSS, "loss")):
        with column.container(key=f"finished_{key}"):
            st.plotly_chart(
                charts.curves(measure, run.history, palette()), key=f"plotly_{key}", config={"displaylogo": False}
            )
    st.caption(CURVES)


def _templates(picture: bytes, when: str) -> None:
    st.markdown(f"**What the hidden neurons look for**, {when}")
    st.image(picture, width=480, alt="The first layer's weights, one 28 by 28 picture for each hidden neuron")
    st.caption("Each square is one neuron's 784 weights. It fires for ink on red and is held back by ink on blue.")


@st.cache_data(max_entries=64, show_spinner=False)
def _final_templates(key: str, state_id: str, colours: Colours) -> bytes:
    return png(pictures.templates(saved(key, state_id).model.w1, colours), scale=3)


def _first_five(run: Run) -> None:
    images, labels = digits().x_test[:5], digits().y_test[:5]
    before, after = _predictions(run.key, run.state_id)
    when = "before and after training" if run.status == "done" else f"before training and {_when(run)}"
    st.markdown(f"**The first five test images**, {when}")
    with st.container(horizontal=True, key="first_five"):
        for image, label, first, last in zip(images, labels, before, after, strict=True):
            with st.container(width=104, gap=None):
                st.image(png(paint.digits(image, colours()), scale=4), width="stretch", alt=f"A handwritten {label}")
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
    trained, images = saved(key, state_id), digits().x_test[:5]
    return model_at(trained, 0).predict_proba(images), trained.model.predict_proba(images)


def _weights(model: Model) -> bytes:
    """The network's arrays as an npz file: W1, b1, W2, b2 as the report names them, or torch's names."""
    arrays = model.arrays()
    if "w1" in arrays:
        arrays = {"W1": arrays["w1"], "b1": arrays["b1"], "W2": arrays["w2"], "b2": arrays["b2"]}
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def _code(config: Config) -> None:
    source = SOURCES[config.network]
    code = st.expander(f"Show the code: {source}", icon=":material/code:", on_change="rerun", key="code")
    if code.open:
        code.code((ROOT / source).read_text(), language="python", height=560)


def _start(config: Config) -> None:
    runs().start(config, visitor())
