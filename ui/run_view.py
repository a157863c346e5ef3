"""One run on a page: what it will take, how it is going, what came of it."""

import io
from pathlib import Path

import numpy as np
import streamlit as st

from core import charts, inspection, naming, paint, shelf
from core.config import NAMES, Config, describe
from core.data import TEST_SIZE
from core.evaluation import accuracy_interval
from core.paint import Colours
from core.runs import Run
from core.training import Progress, model_at
from core.words import seconds_words, soon
from ui import deletion
from ui.pictures import colours, png
from ui.shared import checkpoint, digits, live_templates, plain, runs, visitor

SECONDS_BETWEEN_LOOKS = 0.5
SOURCES = {"mlp": Path("core/mlp.py"), "cnn": Path("core/cnn.py")}
ROOT = Path(__file__).parent.parent
MARKS = {True: ":green[✓]", False: ":red[✗]"}


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
        st.metric("Parameters", f"{config.parameter_count:,}", width="content")
        st.metric("Steps per epoch", f"{config.steps_per_epoch:,}", width="content")
        if estimate:
            st.metric(
                "Expected time",
                f"about {seconds_words(estimate.seconds)}",
                width="content",
                help=f"Scaled from a finished run on {estimate.machine}: {describe(estimate.like)}.",
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
                    measure, run.config.epochs, charts.span(measure, table["value"]), dots=len(history) <= 30
                )
                with column.container(key=key):
                    st.vega_lite_chart(table, spec, key=f"{key}_chart")
            st.caption(
                "After every epoch: how often the network is right, and how wrong it is, on images it learns from "
                "(training) and on 10,000 that it never learns from (validation)."
            )
        if run.state and run.config.network == "mlp":
            _templates(live_templates(run.key, run.states, colours(), run.state), "forming")
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
        words += [f"{run.images_per_second:,.0f} images/s", f"{seconds_words(run.seconds_left)} left"]
    return " · ".join(words)


def _failed(run: Run) -> None:
    st.error(run.error, icon=":material/error:")
    if run.history:
        _curves(run)
    st.button("Train again", key="train", icon=":material/replay:", on_click=_start, args=(run.config,))


def _result(run: Run) -> None:
    if run.status == "done":
        _scores(run)
    else:
        epochs = run.config.epochs
        st.progress(len(run.history) / epochs, f"**Stopped** after epoch {len(run.history)} of {epochs}")
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
        st.download_button(
            "Download weights",
            lambda: _weights(run),
            f"{NAMES[run.config.network]}_weights.npz",
            "application/octet-stream",
            key="download",
            icon=":material/download:",
            on_click="ignore",
        )
        if not run.committed:
            st.button("Delete", key="delete", icon=":material/delete:", on_click=deletion.delete, args=([run.key],))
    _curves(run)
    if run.history:
        _first_five(run)
    if run.config.network == "mlp":
        _templates(_final_templates(run.key, len(run.history), colours(), run), "at the end")
    _code(run.config)
    st.caption(
        f"Trained in {seconds_words(run.summary.seconds)} on {run.summary.about['machine']} "
        f"({run.summary.about['device']}), key `{run.key}`. The address of this page is a link to this result."
    )


def _scores(run: Run) -> None:
    last, accuracy = run.history[-1], run.summary.test_accuracy
    low, high = accuracy_interval(accuracy, TEST_SIZE)
    with st.container(horizontal=True, key="scores"):
        st.metric(
            "Test accuracy",
            f"{accuracy:.2%}",
            f"{low:.2%} to {high:.2%}",
            delta_color="off",
            delta_arrow="off",
            width="content",
            help="On MNIST's 10,000 test images. The interval is Wilson's, at 95 %: where the accuracy on any other "
            "images of the same kind may well be.",
        )
        st.metric("Training", f"{last.train_accuracy:.2%}", width="content")
        st.metric("Validation", f"{last.val_accuracy:.2%}", width="content")
        gap = (last.train_accuracy - last.val_accuracy) * 100
        st.metric(
            "Gap", f"{gap:.1f} points", width="content", help="Training minus validation: over-fitting shows here."
        )
        st.metric("Time", seconds_words(run.summary.seconds), width="content")


def _curves(run: Run) -> None:
    if not run.history:
        st.info("Stopped before the first epoch was over. **Resume** goes on from there.")
        return
    left, right = st.columns(2)
    for column, measure, key in ((left, charts.ACCURACY, "accuracy"), (right, charts.LOSS, "loss")):
        with column.container(key=f"finished_{key}"):
            st.plotly_chart(charts.curves(measure, run.history), key=f"plotly_{key}", config={"displaylogo": False})
    st.caption(
        "After every epoch: how often the network was right, and how wrong it was, on images it learned from "
        "(training) and on 10,000 that it never learned from (validation)."
    )


def _templates(picture: bytes, when: str) -> None:
    st.markdown(f"**What the hidden neurons look for**, {when}")
    st.image(picture, width=480, alt="The first layer's weights, one 28 by 28 picture for each hidden neuron")
    st.caption("Each square is one neuron's 784 weights. It fires for ink on red and is held back by ink on blue.")


@st.cache_data(max_entries=64, show_spinner=False)
def _final_templates(key: str, epochs: int, colours: Colours, _run: Run) -> bytes:
    return png(inspection.templates(checkpoint(_run).model.w1, colours), scale=3)


def _first_five(run: Run) -> None:
    images, labels = digits().x_test[:5], digits().y_test[:5]
    before, after = _predictions(run.key, len(run.history), run)
    st.markdown("**The first five test images**, before and after training")
    with st.container(horizontal=True, key="first_five"):
        for image, label, first, last in zip(images, labels, before, after, strict=True):
            with st.container(width=104, gap=None):
                st.image(png(paint.digits(image, colours()), scale=4), width="stretch", alt=f"A handwritten {label}")
                guess, answer = int(first.argmax()), int(last.argmax())
                st.markdown(f"{guess} {MARKS[guess == label]} → **{answer}** {MARKS[answer == label]}")
                st.caption(f"{first[guess]:.0%} → {last[answer]:.0%} sure")
    st.caption("What the network took each image for, and how sure it was: with its random weights, and as it is now.")


@st.cache_data(max_entries=64, show_spinner="Asking the network …")
def _predictions(key: str, epochs: int, _run: Run) -> tuple[np.ndarray, np.ndarray]:
    """The probabilities of the first five test images, by the untrained network and by the trained one."""
    trained, images = checkpoint(_run), digits().x_test[:5]
    return model_at(trained, 0).predict_proba(images), trained.model.predict_proba(images)


def _weights(run: Run) -> bytes:
    """The network's arrays as an npz file: W1, b1, W2, b2 as the report names them, or torch's names."""
    arrays = checkpoint(run).model.arrays()
    if run.config.network == "mlp":
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
