"""What the page Search shows of a search over all settings: its history, its runs across all that was searched, and what they say."""

import pandas as pd
import streamlit as st

from core.charts import study as charts
from core.charts.sent import sent
from core.kinds import SettingsError, label
from core.search.grid import value_words
from core.search.importance import FEWEST, Importance, importances
from core.search.study import Study
from core.search.study_reading import importance_words, study_reading
from core.search.trials import TOP, Found, Trial, rows
from ui.looks import Pace
from ui.pictures import colours, palette
from ui.search import at_last
from ui.search.panels import SECONDS_BETWEEN_LOOKS, find, open_runs
from ui.search.searches import searches
from ui.search.state import STATE, Wanted
from ui.search.study_across import study_across
from ui.search.study_form import study_form
from ui.search.study_order import progress, study_order
from ui.shared import plain
from ui.visitors import tab
from ui.words import linked

STEP = 5  # finished runs after which it is found out anew what matters, while a search goes on
INTERVALS = (
    "An interval is what 10,000 validation images leave open (95%, Wilson's); it holds neither what another seed would change nor that the "
    "highest of many is one that had luck."
)
MATTERS = (
    "How much of what differs between the finished runs a setting alone explains, by a random forest (fANOVA). The line is what the forest "
    "says of the middle 90% of twenty draws of these runs, with replacement. It is about what was searched: within other limits it may be otherwise."
)


def study_page(wanted: Wanted) -> None:
    """All of it: the form, what there is to press, and what came of it."""
    study_form(wanted)
    try:
        study = wanted.study.study(wanted.rest)
    except SettingsError as error:
        st.info(plain(str(error)), icon=":material/touch_app:")
        return
    STATE.write(wanted.unsaid())
    state = searches().state(study)
    study_order(study, state, at_last.looked(study, state.found))
    watching, pace = state.live, Pace(SECONDS_BETWEEN_LOOKS)

    @st.fragment(run_every=pace.seconds if watching else None)
    def view() -> None:
        now = searches().state(study)
        if now.live:
            progress(study, now)
            _watch(now.found)
        _shown(study, now.found, now.live)
        if watching and (not now.live or pace.is_out_of_step()):
            st.rerun()

    view()
    if not state.live:
        at_last.at_last(study, state.found)


def _watch(found: Found) -> None:
    for trial in found.of("open"):
        run = find(trial.config)
        if run is not None and run.live:
            run.watch(tab())


def _shown(study: Study, found: Found, live: bool) -> None:
    if not any(trial.accuracies for trial in found.trials):
        if live:
            st.info("It has begun. There is something to see as soon as the first epoch of a run is over.")
        elif not found.trials:
            st.info(
                "Nothing of this search is trained here yet. Press **Search** and its runs appear one by one; what is on the shelf already "
                "counts at once."
            )
        return
    _said(study, found)
    st.markdown(linked("**Validation accuracy of each run, in the order in which they were asked for**"))
    table = charts.history_table(study, found)
    spec = charts.history(study.runs, charts.states(found), charts.ends(found), palette(), colours())
    with st.container(key="study_history"):
        st.vega_lite_chart(sent(table), spec, key="study_history_chart")
    st.caption(linked(_history_words(found)))
    study_across(study, found)
    _best(study, found)
    _matters(study, found, live)  # the last one: the forests take seconds


def _history_words(found: Found) -> str:
    words = "The line is the highest of the finished runs so far."
    without = [trial for trial in found.trials if not trial.accuracies or trial.state in ("diverged", "failed")]
    return f"{words} Runs without a number, or that did not finish, are left out." if without else words


def _said(study: Study, found: Found) -> None:
    sentences = study_reading(study, found)
    if sentences:
        with st.container(border=True, key="reading"):
            st.markdown(linked(" ".join(sentences)))


def _matters(study: Study, found: Found, live: bool) -> None:
    """Which settings matter, of the finished runs; while more come, of the first five, ten, and so on."""
    finished = tuple(sorted(found.of("done")))
    counted = finished[: len(finished) // STEP * STEP] if live else finished
    if not finished:
        return
    st.header("Which settings matter", anchor=False)
    matter = _importances(study, counted)
    if matter:
        st.vega_lite_chart(
            sent(charts.importance_table(matter)),
            charts.importance(len(matter), palette(), colours()),
            key="study_importance",
        )
    st.markdown(linked(importance_words(matter, len(counted) if matter else len(finished))))
    if matter:
        st.caption(linked(MATTERS))


@st.cache_data(max_entries=64, show_spinner="Growing the forests …")
def _importances(study: Study, finished: tuple[Trial, ...]) -> list[Importance]:
    return importances(study, finished) if len(finished) >= FEWEST else []


def _best(study: Study, found: Found) -> None:
    """The best ten, and all of them as a file."""
    ranked = found.ranked()
    if ranked:
        st.header(f"The best {min(TOP, len(ranked))}" if len(ranked) > 1 else "The one that finished", anchor=False)
        table = pd.DataFrame(rows(study, ranked[:TOP])).drop(columns=["State", "Key"])
        with st.container(key="best_runs"):
            st.dataframe(_styled(study, table), hide_index=True)
        st.caption(linked(INTERVALS))
    with st.container(horizontal=True):
        st.download_button(
            "Download all runs",
            lambda: pd.DataFrame(rows(study, found.trials)).to_csv(index=False),  # made when it is asked for
            f"{study.key}.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="study_csv",
        )
        shown = ranked[:TOP] or list(found.trials[:TOP])
        open_runs([find(trial.config) for trial in shown])


def _styled(study: Study, table: pd.DataFrame) -> object:
    """The table with two decimals where 10,000 images bear them, and the settings as they are written elsewhere."""
    percent = [name for name in table if name.endswith("%")]
    values = [label(name) for name in study.searched]
    return table.style.format("{:.2f}", subset=percent).format(value_words, subset=values)
