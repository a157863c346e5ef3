"""The curves of what is compared, side by side on the same axes, and how far it has come: for every page that compares runs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from core.analysis.verdict import LOSS_WORDS
from core.charts import curves
from core.charts.curves import Measure
from core.charts.panels import domain_of, panel, panel_table
from core.charts.sent import sent
from core.config import Config, to_query
from core.history import EpochEnd
from core.runs import Run
from core.search.along import elapsed
from core.search.grid import Place
from core.search.outcome import Attempt, Outcome, outcome, states
from core.search.overfitting_reading import gap_words, training_words, validation_words
from core.words import seconds_words, soon
from ui.looks import Pace
from ui.pictures import palette
from ui.search.found import find
from ui.shared import plain, run_names, runs
from ui.visitors import tab
from ui.words import linked

MEASURES = {"Accuracy": curves.ACCURACY, "Loss": curves.LOSS}
WIDE = 3  # panels side by side
SECONDS_BETWEEN_LOOKS = 1.0


@dataclass(frozen=True)
class Panel:
    """The runs of some settings, one for each seed, as far as they are there."""

    heading: str
    key: str  # of its chart
    config: Config  # of one of its runs
    found: list[Run | None]

    @cached_property
    def attempts(self) -> list[Attempt]:
        return [
            Attempt(run.history, run.status, plain(run.error)) if run else Attempt([], "missing") for run in self.found
        ]

    @property
    def begun(self) -> bool:
        """Whether there is anything to see of it: an epoch of any run, or why one failed."""
        return any(attempt.history or attempt.status == "failed" for attempt in self.attempts)

    @property
    def histories(self) -> list[list[EpochEnd]]:
        return [attempt.history for attempt in self.attempts if attempt.history]


def progress(configs: Sequence[Config], found: Sequence[Run | None]) -> None:
    """How far all of it has come; nothing where none of it goes on. `found` are the runs of these settings, in any order."""
    live = [run for run in found if run is not None and run.live]
    if not live:
        return
    steps = sum(config.steps for config in configs)
    done = sum(run.share * run.config.steps for run in found if run is not None)
    training = sum(run.status == "training" for run in live)
    words = f"**{training} training**, {len(live) - training} waiting"
    over = sum(run is not None and not run.live for run in found)
    words += "".join(f", {n} {word}" for n, word in ((over, "over"), (len(found) - len(live) - over, "not begun")) if n)
    starts = runs().starts()
    waits = [starts[run.key] for run in live if run.key in starts]
    if waits:
        words += f" · the next starts {soon(min(waits))}"
    st.progress(min(done / steps, 1.0), words)


def watched(panels: Mapping[Place, Sequence[Config]], shown: Callable[[dict[Place, list[Run | None]]], None]) -> None:
    """How far these runs have come, and what `shown` draws of them by their places; looked at again while any of them is live."""
    configs = [config for panel in panels.values() for config in panel]
    watching = any(run is not None and run.live for run in map(find, configs))
    pace = Pace(SECONDS_BETWEEN_LOOKS)

    @st.fragment(run_every=pace.seconds if watching else None)
    def view() -> None:
        found = {place: [find(config) for config in panel] for place, panel in panels.items()}
        every = [run for panel in found.values() for run in panel]
        live = [run for run in every if run is not None and run.live]
        for run in live:
            run.watch(tab())
        progress(configs, every)
        shown(found)
        if watching and (not live or pace.is_out_of_step()):
            st.rerun()

    view()


def side_by_side(rows: Sequence[Sequence[Panel]], name: str, along: str = "epochs") -> None:
    """The curves of each panel against epochs, steps or seconds, a row of panels after the other, or what to do where there is nothing
    yet. The keys of the controls begin with `name`.
    """
    panels = [one for row in rows for one in row]
    histories = [history for one in panels for history in one.histories]
    if not any(one.begun for one in panels):
        st.info(empty_words(panels, "Press **Train** and the curves grow side by side."))
        return
    measure, late = _controls(name)
    domain = domain_of(measure, histories, late)
    end = max(_end(one, along) for one in panels)
    for row in rows:
        wide = min(len(row), WIDE)
        for start in range(0, len(row), wide):
            for column, one in zip(st.columns(wide), row[start : start + wide], strict=False):
                with column:
                    _draw(one, measure, domain, late, end, along)
    _legend(measure, any(len(one.histories) > 1 for one in panels), along)


def _end(one: Panel, along: str) -> float:
    """How long the axis of a panel has to be, as far as it is known."""
    if along == "seconds":
        return max([*elapsed(one.histories, one.config.steps_per_epoch, along), 1])
    return one.config.epochs if along == "epochs" else one.config.steps


def empty_words(panels: Sequence[Panel], then: str) -> str:
    """What is said where there is nothing to see yet: what to do, or that it has begun."""
    if any(run is not None and run.live for one in panels for run in one.found):
        return "It has begun. There is something to see as soon as the first epoch of a run is over."
    return f"Nothing of this is trained yet. {then}"


def _controls(name: str) -> tuple[Measure, bool]:
    with st.container(horizontal=True, vertical_alignment="center", key=f"{name}_view"):
        st.segmented_control(
            "Measure",
            list(MEASURES),
            default="Accuracy",
            required=True,
            key=f"{name}_measure",
            label_visibility="collapsed",
        )
        late = st.toggle(
            "Zoom in on the later epochs",
            key=f"{name}_late",
            help="The axes then hold what comes after the first tenth of the epochs, and cut off what lies outside.",
        )
    return MEASURES[st.session_state[f"{name}_measure"]], late


def _legend(measure: Measure, band: bool, along: str) -> None:
    words = "Solid: images that the network learns from. Dashed: 10,000 that it never learns from (validation)."
    if measure is curves.ACCURACY:
        words += " The gap is how far the solid line ends above the dashed one."
    else:
        words += (
            f" Loss: {LOSS_WORDS}. The training loss is taken while the network learns, the other after each epoch."
        )
    if band:
        words += " Lines are the mean of the seeds, and bands reach from the least to the most of them."
    if along == "seconds":
        words += " Seconds are those of the machine that trained the run."
    st.caption(linked(words))


def _draw(one: Panel, measure: Measure, domain: tuple[float, float], late: bool, end: float, along: str) -> None:
    """One panel and the numbers below it; its axis ends where the longest run of all panels does."""
    st.markdown(f"**{one.heading}**")
    histories, own = one.histories, one.config.epochs
    if histories:
        band, dots = len(histories) > 1, max(map(len, histories)) <= 2
        table = panel_table(measure, histories, band, one.config.steps_per_epoch, along)
        spec = panel(measure, end, domain, palette(), band, dots, late, along)
        with st.container(key=f"panel_{one.key}"):
            st.vega_lite_chart(sent(table), spec, key=f"chart_{one.key}")
    result = outcome(one.config, one.attempts)
    at_the_end = (
        "At the end: " if along != "epochs" and result and result.finished else ""
    )  # and not where it is compared
    words = [at_the_end + outcome_words(result)] if result else []
    found = states(one.attempts, own)
    if found:
        words.append(", ".join(found))
    lengths = sorted({len(history) for history in histories})
    if len(lengths) > 1:
        words.append(f"from epoch {lengths[0] + 1} on, the lines are of fewer seeds")
    uploaded = sum(run is not None and bool(run.origin) for run in one.found)
    words += [f"{uploaded} of {len(one.attempts)} uploaded"] * bool(uploaded)
    words += dict.fromkeys(linked(attempt.error) for attempt in one.attempts if attempt.status == "failed")
    st.caption(" · ".join(words))


def outcome_words(outcome: Outcome) -> str:
    """The numbers below a panel."""
    words = f"training **{training_words(outcome)}**, validation **{validation_words(outcome)}**, "
    words += f"gap **{gap_words(outcome)}** points, {seconds_words(outcome.seconds.mean)}"
    if outcome.seeds > 1:
        words += f" (means of {outcome.seeds} seeds)"
    if not outcome.finished:
        words = f"After epoch {outcome.epoch} of {outcome.epochs}: {words}"
    if outcome.chance:
        words += ", **like chance**" if outcome.seeds == 1 else f", **{outcome.chance} like chance**"
    return words


def open_runs(found: Sequence[Run | None], label: str = "Open one of these runs") -> None:
    """A way to each run's own page."""
    there = [run.config for run in found if run is not None and not run.recorded]
    if not there:
        return
    names = run_names(there)
    with st.popover(label, icon=":material/open_in_new:"):
        for config in there:
            query = {"run": config.key} | to_query(config)
            st.page_link("pages/train.py", label=plain(names[config.key]), query_params=query)
