"""The end of a search over all settings: its best settings learn from all images, and meet the test images once."""

from collections.abc import Sequence

import streamlit as st

from core.config import Config, to_query
from core.runs import Run
from core.search.study import SEEDS_AT_LAST, Study
from core.search.study_reading import at_last_words
from core.search.trials import Found
from core.words import soon
from ui.search.order import at_a_time
from ui.search.panels import find, watched
from ui.shared import runs, told_in_passing
from ui.visitors import nothing_trains, unless, visitor
from ui.words import linked

WHY = (
    "A search chooses by the validation images, and the highest of many runs looks better on them than it is: some of what put it first was "
    "luck. The **test images** have had no part in that, as long as nobody chooses by them. So they are looked at **once**, when everything "
    "is chosen: whoever looked, went on searching and looked again would choose by them as well, and nothing would be left to judge by."
)


def looked(study: Study, found: Found) -> bool:
    """Whether the best settings of a search have met the test images."""
    return any(run is not None and run.status == "done" for run in map(find, _configs(study, found)))


def _configs(study: Study, found: Found) -> list[Config]:
    return study.at_last(found.best.config) if found.best is not None else []


def at_last(study: Study, found: Found) -> None:
    """Draw it, below a search that does not go on."""
    configs = _configs(study, found)
    if not configs or found.best is None:
        return
    st.header("The test images, once", anchor=False)
    st.markdown(linked(WHY))
    _order(configs, found.best.number)

    def shown(there: dict[tuple[str], list[Run | None]]) -> None:
        _result(configs, there[study.network,])

    watched({(study.network,): configs}, shown)


def _order(configs: Sequence[Config], number: int) -> None:
    there = [find(config) for config in configs]
    missing = [config for config, run in zip(configs, there, strict=True) if run is None or run.status == "stopped"]
    if not missing:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Train run {number}'s settings on all images, with {SEEDS_AT_LAST} seeds",
            type="primary",
            icon=":material/flag:",
            key="study_last",
            on_click=_start,
            args=(missing,),
            **unless(nothing_trains()),
        )
        expected = runs().estimate(missing[0])
        if expected is not None:
            seconds = max(len(missing) / runs().workers, 1) * expected.seconds
            st.caption(f"done {soon(seconds)}, {at_a_time(runs().workers)}")


def _start(configs: list[Config]) -> None:
    with told_in_passing():
        runs().start_all(configs, visitor())


def _result(configs: Sequence[Config], there: Sequence[Run | None]) -> None:
    """The test accuracies, once all are at their end; before that none of them."""
    ended = [run for run in there if run is not None and run.status == "done"]
    failed = [run for run in there if run is not None and run.status == "failed"]
    if len(ended) + len(failed) == len(configs):
        accuracies = [run.saved.test_accuracy or 0.0 for run in ended]
        if accuracies:
            st.markdown(linked(at_last_words(accuracies)))
        if failed:
            st.caption(linked(f"{len(failed)} of {len(configs)} did not finish, or diverged."))
    elif any(there):
        st.caption(f"What they read of the test images is shown when all {len(configs)} are at their end.")
    with st.container(horizontal=True, key="last_runs"):
        for config, run in zip(configs, there, strict=True):
            if run is not None:
                query = {"run": config.key} | to_query(config)
                st.page_link(
                    "pages/train.py", label=f"Seed {config.seed}", query_params=query, icon=":material/open_in_new:"
                )
