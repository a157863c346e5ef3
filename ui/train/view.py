"""One run on the page Train, in each of its states: an invitation, a live run, a failure, a result."""

import streamlit as st

from core.charts import curves
from core.config import Config, MLPConfig, describe
from core.history import EpochEnd, Progress
from core.runs import Run
from core.words import counted, seconds_words, soon
from ui import deletion
from ui.looks import Pace
from ui.pictures import colours, palette
from ui.shared import live_templates, plain, run_name, runs, told_in_passing
from ui.train.before import comparison
from ui.train.network import network
from ui.train.reading import reading, so_far, watch_for
from ui.train.result import CURVES, accuracy_and_loss, result, start, templates
from ui.train.state import Shown
from ui.unsaved import tell_unsaved
from ui.visitors import asker, nothing_trains, refusal, tab, unless
from ui.words import explained, linked

SECONDS_BETWEEN_LOOKS = 0.5


def show(shown: Shown, run: Run | None) -> None:
    """Whatever there is to show of these settings: an invitation, a live run, or a result."""
    heading(shown.config)
    deletion.offer_undo()
    before = shown.before.history if shown.before else []
    if run is None:
        _invite(shown)
    elif run.live:
        watch_for(run.key)
        _live(run, before)
        comparison(shown, run)
    elif run.status == "failed":
        _failed(run)
    else:
        result(run, shown)


def heading(config: Config) -> None:
    """Draw what a run is called, and below it its settings."""
    st.markdown(f"## {plain(run_name(config))}")
    st.caption(describe(config))


def _facts(config: Config) -> None:
    estimate = runs().estimate(config)
    with st.container(horizontal=True, key="facts"):
        st.metric(
            "Parameters",
            f"{config.parameter_count:,}",
            width="content",
            help=linked("The numbers that training changes: weights and biases."),
        )
        st.metric(
            "Steps per epoch",
            f"{config.steps_per_epoch:,}",
            width="content",
            help=explained(
                "step", "How often they change while every training image is seen once: once for each batch."
            ),
        )
        if estimate:
            st.metric(
                "Expected time",
                f"about {seconds_words(max(estimate.seconds, 0.1))}",
                width="content",
                help=f"Scaled from a finished run on {plain(estimate.machine or 'an unknown machine')}: "
                f"{describe(estimate.like)}.",
            )


def _invite(shown: Shown) -> None:
    config = shown.config
    _facts(config)
    refused = nothing_trains()
    st.button(
        "Train",
        key="train",
        type="primary",
        icon=":material/play_arrow:",
        on_click=start,
        args=(config,),
        disabled=bool(refused),
    )
    watch_for(config.key)
    comparison(shown, None)
    st.info(refused or "Not trained yet. Press **Train** and watch the curves grow; move on meanwhile if you like.")
    long = runs().too_long(config)
    if long and not refused:
        st.warning(long, icon=":material/timer:")
    network(config)


def _live(run: Run, before: list[EpochEnd]) -> None:
    pace = Pace(SECONDS_BETWEEN_LOOKS)

    @st.fragment(run_every=pace.seconds)
    def view() -> None:
        run.watch(tab())
        _progress(run)
        tell_unsaved(run)
        history = run.history
        words = [event for event in run.events[:] if isinstance(event, Progress) and event.epoch > len(history)]
        left, right = st.columns(2)
        if history or words:
            for column, measure, key in ((left, curves.ACCURACY, "live_accuracy"), (right, curves.LOSS, "live_loss")):
                table = curves.points(measure, history, curves.thin(words), before)
                ends = curves.span(measure, table["value"].to_pylist())
                few = len(history) <= 30
                spec = curves.live_curves(measure, run.config.epochs, ends, few, palette(), bool(before))
                with column.container(key=key):
                    st.vega_lite_chart(table, spec, key=f"{key}_chart")
            st.caption(CURVES)
            so_far(run)
        state = run.state
        if state and isinstance(run.config, MLPConfig):
            templates(live_templates(state, colours()), "forming")
        if not run.live or pace.is_out_of_step():
            st.rerun()

    view()


def _progress(run: Run) -> None:
    bar, stop = st.columns([5, 1], vertical_alignment="center")
    with bar:
        st.progress(run.share, progress_words(run))
        if run.notice and run.status != "queued":
            st.caption(plain(run.notice))
    with stop:
        st.button(
            "Stop",
            key="stop",
            icon=":material/stop:",
            on_click=_stop,
            args=(run,),
            width="stretch",
            **unless(refusal(run)),
        )
    others = run.others(tab())
    if st.session_state.get("stop_asked") == run.key and others:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="stop_question"):
            st.markdown(f"This run is also looked at in {counted(others, 'other tab', 'other tabs')}.")
            st.button("Stop it all the same", key="stop_anyway", on_click=_stop, args=(run, True))
            st.button("Let it go on", key="stop_not", type="tertiary", on_click=_stop_not)


def _stop(run: Run, anyway: bool = False) -> None:
    """Stop a run, or ask first where others look on."""
    with told_in_passing():
        runs().require_change(run, asker())
        if not anyway and run.others(tab()):
            st.session_state.stop_asked = run.key
            return
        _stop_not()
        runs().stop(run.key)


def _stop_not() -> None:
    st.session_state.pop("stop_asked", None)


def progress_words(run: Run) -> str:
    """Where a live run is, how fast it is, and when it will be done."""
    if run.status == "queued":
        if run.notice:
            return plain(run.notice)
        before = runs().place(run)
        if not runs().ready():
            return plain(runs().trouble())
        wait = runs().starts().get(run.key)
        if wait is None:
            return "Starting …" if before == 0 else f"Waiting in line, {before} before this run"
        line = "next in line" if before == 0 else f"{before} before this run"
        return f"Waiting: {line}, starts {soon(wait)}"
    epoch = min(len(run.history) + 1, run.config.epochs)
    most = "at most " * bool(run.config.patience)
    words = [f"**Epoch {epoch} of {most}{run.config.epochs}**"]
    pace, left = run.images_per_second, run.seconds_left
    if pace is not None and left is not None:
        words += [f"{pace:,.0f} images/s", f"{most}{seconds_words(left)} left" if left >= 1 else "nearly done"]
    return " · ".join(words)


def _failed(run: Run) -> None:
    st.error(plain(run.error), icon=":material/error:")
    tell_unsaved(run)
    reading(run)
    if run.history:
        accuracy_and_loss(run)
    st.button(
        "Train again",
        key="train",
        icon=":material/replay:",
        on_click=start,
        args=(run.config,),
        **unless(nothing_trains()),
    )
