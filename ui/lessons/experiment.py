"""The runs of an experiment: what is there, what is missing, what goes on, and the press that trains the rest."""

from typing import NamedTuple

import streamlit as st

from core.config import Config
from core.lessons.lesson import Lesson
from core.runs import Run
from core.words import counted, soon
from ui.looks import Pace
from ui.shared import plain, runs, told_in_passing
from ui.train.view import SECONDS_BETWEEN_LOOKS, progress_words
from ui.visitors import nothing_trains, tab, unless, visitor


class Effort(NamedTuple):
    """What an experiment takes, and whether anything has to be trained."""

    trains: bool
    words: str


def missing(lesson: Lesson) -> list[Config]:
    """The settings of those of its runs that are not there, or were stopped."""
    found = {config: runs().find(config.key) for config in lesson.runs.values()}
    return [config for config, run in found.items() if run is None or run.status == "stopped"]


def effort(lesson: Lesson) -> Effort:
    """What is left to train, for how long, where that is known."""
    left = missing(lesson)
    if not left:
        there = {run.status for config in lesson.runs.values() if (run := runs().find(config.key))}
        if there == {"done"}:
            return Effort(False, "Its runs are trained already, so the answer is there at once.")
        ended = "A run of it did not finish here" if "failed" in there else "Its runs are being trained at this moment"
        return Effort(False, f"{ended}: you will see it once your prediction is recorded.")
    seconds = [estimate.seconds for config in left if (estimate := runs().estimate(config))]
    when = f", done {soon(max(sum(seconds) / runs().workers, *seconds))}" if len(seconds) == len(left) > 0 else ""
    return Effort(
        True, f"It trains {counted(len(left), 'run')}{when}; whoever does this lesson later finds them trained."
    )


def begin(lesson: Lesson) -> None:
    """Train what is missing, for this visitor."""
    left = missing(lesson)
    if left and not nothing_trains():
        with told_in_passing():
            runs().start_all(left, visitor())


def results(lesson: Lesson) -> dict[str, Run] | None:
    """The finished runs of a lesson by name; where one is not finished, draw what there is instead, and return None."""
    found = {name: runs().find(config.key) for name, config in lesson.runs.items()}
    if missing(lesson):
        _offer(lesson)
        return None
    there = {name: run for name, run in found.items() if run is not None}
    live = {name: run for name, run in there.items() if run.live}
    if live:
        _watch(lesson, there)
        return None
    failed = {name: run for name, run in there.items() if run.status != "done"}
    for name, run in failed.items():
        st.error(f"{_called(lesson, name)}: {plain(run.error)}", icon=":material/error:")
        st.page_link(
            "pages/train.py",
            label="**To this run on Train**",
            icon=":material/arrow_forward:",
            query_params={"run": run.key},
        )
    return None if failed else there


def _called(lesson: Lesson, name: str) -> str:
    words = lesson.called.format(name)
    return plain(words[0].upper() + words[1:])


def _offer(lesson: Lesson) -> None:
    st.info(nothing_trains() or f"Your prediction is recorded. {effort(lesson).words}", icon=":material/science:")
    st.button(
        "Run the experiment",
        key="run_experiment",
        type="primary",
        icon=":material/play_arrow:",
        on_click=begin,
        args=(lesson,),
        **unless(nothing_trains()),
    )


def _watch(lesson: Lesson, there: dict[str, Run]) -> None:
    """Draw how far each run is, until all are over."""
    pace = Pace(SECONDS_BETWEEN_LOOKS)

    @st.fragment(run_every=pace.seconds)
    def view() -> None:
        for name, run in there.items():
            run.watch(tab())
            said = "done" if run.status == "done" else progress_words(run)
            st.progress(run.share, f"**{_called(lesson, name)}**: {said}")
        if not any(run.live for run in there.values()) or pace.is_out_of_step():
            st.rerun()

    view()
    st.caption(
        "The prediction is recorded; what came of it is shown as soon as every run is done. Stay, or come back later."
    )
