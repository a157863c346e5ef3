"""What there is to start or to stop of a comparison, and how long it will take."""

from collections.abc import Sequence

import streamlit as st

from core.config import Config
from core.runs import Run
from core.words import counted, soon
from ui.search.found import find
from ui.shared import runs, told_in_passing
from ui.visitors import asker, may_change, nothing_trains, tab, unless, visitor


def order(configs: Sequence[Config], name: str, further: str) -> None:
    """What there is to start or to stop, and how long it will take. The keys of the buttons begin with `name`; where all is trained,
    `further` says what else there is to do.
    """
    found = {config: find(config) for config in configs}
    missing = [config for config, run in found.items() if run is None or run.status == "stopped"]
    live = [run for run in found.values() if run is not None and run.live]
    failed = [run for run in found.values() if run is not None and run.status == "failed"]
    recorded = [config for config, run in found.items() if run is not None and run.recorded]
    with st.container(horizontal=True, vertical_alignment="center"):
        if missing:
            begun = any(found[config] is not None for config in missing)
            many = counted(len(missing), "run")
            st.button(
                f"Train {many} to the end" if begun else f"Train {len(missing)} missing {many.split()[1]}",
                type="primary",
                icon=":material/play_arrow:",
                key=f"{name}_start",
                on_click=_start,
                args=(missing,),
                **unless(nothing_trains()),
            )
            left = [_seconds_left(config, found[config]) for config in missing]
            seconds = [one for one in left if one is not None]
            if len(seconds) == len(missing):
                together = max(sum(seconds) / runs().workers, max(seconds))
                st.caption(f"done {soon(together)}, {at_a_time(runs().workers)}", width="content")
            long = list(filter(None, map(runs().too_long, missing)))
            if long:
                each = "" if len(long) == 1 == len(missing) else f"{len(long)} of {counted(len(missing), 'run')}: "
                st.caption(f":material/timer: {each}{long[0]}")
        elif failed and not live:
            done = len(found) - len(failed)
            st.caption(
                f"{done} of {len(found)} runs {'is' if done == 1 else 'are'} done, and {len(failed)} did not finish: see below "
                "why."
            )
        elif not live:
            st.caption(f"{_there(recorded)} {further}")
        if recorded:
            _train_recorded(recorded, name)
        if live:
            st.button("Stop these runs", icon=":material/stop:", key=f"{name}_stop", on_click=_stop, args=(live,))


def _there(recorded: list[Config]) -> str:
    """That nothing is missing."""
    if not recorded:
        return "Everything here is trained."
    many = counted(len(recorded), "run comes", "runs come")
    return f"Everything is there: {many} recorded with the project, without the weights; their times are those of a busy machine."


def _train_recorded(configs: list[Config], name: str) -> None:
    """Say that what is known of some runs came with the project, and offer to train them here."""
    many = counted(len(configs), "recorded run")
    st.button(
        f"Train {many} here",
        icon=":material/model_training:",
        key=f"{name}_here",
        on_click=_start,
        args=(configs,),
        **unless(
            nothing_trains(),
            "Trained here, each of them can be looked into.",
        ),
    )


def _seconds_left(config: Config, run: Run | None) -> float | None:
    """How long a run that is not done will take, where it is known."""
    estimate = runs().estimate(config)
    begun = len(run.history) / config.epochs if run else 0
    return estimate and estimate.seconds * (1 - begun)


def at_a_time(workers: int) -> str:
    """How many of several runs are trained at once, in words."""
    return "one after the other" if workers == 1 else f"up to {workers} at a time"


def _start(configs: list[Config]) -> None:
    with told_in_passing():
        runs().start_all(configs, visitor())


def _stop(live: list[Run]) -> None:
    """Stop those that are this visitor's to stop; where none is, it is said once why."""
    own = [run for run in live if may_change(run)]
    with told_in_passing():
        if not own:
            runs().require_change(live[0], asker())
        for run in own:
            runs().leave(run.key, tab())
