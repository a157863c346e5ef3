"""The shelf of runs on a page: the filters, the table, and what is ticked in it.

What is ticked is kept as settings by key, `st.session_state.chosen`. A table knows only the numbers of its rows, and these
shift when a run comes or goes: a click is turned into keys at once, and keys into rows whenever the table is drawn.
"""

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from core import charts, checkpoints, shelf
from core.checkpoints import CheckpointError
from core.config import NAMES, PRESETS, Config, describe, label, preset_name, to_query
from core.runs import Run
from core.shelf import MOST_RUNS, Label, LabelError
from ui import deletion, links
from ui.run_view import progress_words, seconds_words, title
from ui.shared import plain, runs, visitor

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_BETWEEN_CURVES = 2.0  # a Plotly chart is built anew each time
MEGABYTES = 12  # of an upload; the largest run that there can be takes 10

LIVE = ("queued", "training")
STATUSES = {"live": "Live", "done": "Done", "stopped": "Stopped", "failed": "Failed"}
MEASURES = {"accuracy": charts.ACCURACY, "loss": charts.LOSS}
LINES = {"both": charts.SERIES, "training": ["training"], "validation": ["validation"]}
# What the page's controls can be set to, by name; the first is what they are set to when nobody has touched them.
CONTROLS = {
    "network": [None, *NAMES],
    "status": [None, *STATUSES],
    "measure": list(MEASURES),
    "lines": list(LINES),
}


def read_link() -> None:
    """Take over the runs, the filters and the view that the page's address brings, and note what could not be taken."""
    query = links.arriving("runs")
    if query is None:
        for name, words in CONTROLS.items():  # a control that is not drawn, or a page that is come back to
            st.session_state.setdefault(f"runs_{name}", words[0])
        st.session_state.setdefault("runs_find", "")
        return
    tokens = query.get("runs", [])
    found, notices = shelf.parse_run_tokens([tokens] if isinstance(tokens, str) else tokens)
    st.session_state.chosen = {}
    for key, config in found.items():
        run = runs().find(key)
        if run is not None or config is not None:
            st.session_state.chosen[key] = run.config if run else config
        else:
            missing = f"The run {key} is not trained here, and the link does not carry its settings."
            notices.append(runs().damaged.get(key, missing))
    st.session_state.runs_notices = notices
    for name, words in CONTROLS.items():
        st.session_state[f"runs_{name}"] = query.get(name) if query.get(name) in words else words[0]
    text = query.get("find", "")
    st.session_state.runs_find = text[:60] if isinstance(text, str) else ""


def write_link() -> None:
    """Make the page's address one that brings anybody else to what is ticked, and to how it is shown."""
    link: links.Link = {name: st.session_state[f"runs_{name}"] for name in CONTROLS}
    link = {name: word for name, word in link.items() if word != CONTROLS[name][0]}
    if st.session_state.runs_find:
        link["find"] = st.session_state.runs_find
    if st.session_state.chosen:
        link["runs"] = [shelf.run_token(config) for config in st.session_state.chosen.values()]
    links.write("runs", link)


def show_notices() -> None:
    """Say once what could not be taken over from the address."""
    links.show_notices(st.session_state.pop("runs_notices", []))


def filters() -> list[Run]:
    """Draw the filters and the upload, and return the runs that they let through: pinned, newest, then the report's."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        st.segmented_control("Network", list(NAMES), format_func=NAMES.get, key="runs_network", persist_state="session")
        st.segmented_control(
            "Status", list(STATUSES), format_func=STATUSES.get, key="runs_status", persist_state="session"
        )
        st.text_input(
            "Find",
            key="runs_find",
            max_chars=60,
            placeholder="a name, tanh, batch 256 …",
            icon=":material/search:",
            width=260,
            persist_state="session",
        )
        st.space("stretch")
        _upload_form()
    given = shelf.labels(runs().folder)
    there = [run for run in runs().all() if _passes(run, given.get(run.key, Label()))]
    places = {config.key: place for place, config in enumerate(PRESETS.values())}
    return sorted(
        there,
        key=lambda run: (not given.get(run.key, Label()).pinned, places.get(run.key, -1), -run.asked),
    )


def table(listed: list[Run]) -> None:
    """The runs as a table in which any can be ticked. Its numbers stand still: what is live tells its own in `live`."""
    given = shelf.labels(runs().folder)
    rows = [_row(run, given.get(run.key, Label())) for run in listed]
    st.session_state.drawn = {run.key: run.config for run in listed}
    _tick_the_chosen(rows)
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        on_select=_ticked,
        selection_mode="multi-row",
        key=_table_key(),
        placeholder="",
        column_config=_columns(),
        alt="All runs, with their settings and results",
    )


def live() -> None:
    """How far the runs are that are going on, for as long as there are any. Draws the page anew when one comes or goes."""
    known = _known()

    @st.fragment(run_every=SECONDS_BETWEEN_LOOKS if any(status in LIVE for _, status in known[0]) else None)
    def view() -> None:
        if _known() != known:
            st.rerun()
        training = [run for run in runs().all() if run.status == "training"]
        waiting = sum(status == "queued" for _, status in known[0])
        for run in training:
            words = f"**{NAMES[run.config.network]}** · {describe(run.config)} · {progress_words(run)}"
            st.progress(run.steps_done / (run.config.epochs * run.config.steps_per_epoch), words)
        if waiting:
            st.caption(f"{waiting} more {'waits' if waiting == 1 else 'wait'} in line." if training else "Starting …")

    view()


def clear() -> None:
    """Untick everything."""
    st.session_state.chosen = {}


def chosen_runs() -> tuple[list[Run], list[Config]]:
    """Of what is ticked: the runs that are here, and the settings that are not trained here."""
    found = {key: runs().find(key) for key in st.session_state.chosen}
    missing = [config for key, config in st.session_state.chosen.items() if found[key] is None]
    return [run for run in found.values() if run is not None], missing


def not_trained(config: Config) -> None:
    """Settings that a link brought, and the button that trains them here."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"missing_{config.key}"):
        expected = runs().estimate(config)
        time = f" It takes about {seconds_words(expected.seconds)}." if expected else ""
        st.markdown(f"**{NAMES[config.network]}** · {describe(config)}  \nNot trained here yet.{time}")
        st.button(
            "Train",
            key=f"train_{config.key}",
            type="primary",
            icon=":material/play_arrow:",
            on_click=runs().start,
            args=(config, visitor()),
        )
        st.button("Leave out", key=f"leave_{config.key}", type="tertiary", on_click=_untick, args=(config.key,))


def one_run(run: Run) -> None:
    """What can be done with the one run that is ticked."""
    given = shelf.labels(runs().folder).get(run.key, Label())
    st.markdown(f"#### {title(run.config)}")
    if run.status == "failed":
        st.error(plain(run.error), icon=":material/error:")
    with st.container(horizontal=True, vertical_alignment="center", key="run_actions"):
        st.page_link(
            "pages/train.py",
            label="**Open**",
            icon=":material/open_in_new:",
            query_params={"run": run.key} | to_query(run.config),
        )
        _rename_form(run, given)
        st.button(
            "Unpin" if given.pinned else "Pin",
            key="pin",
            icon=":material/keep_off:" if given.pinned else ":material/keep:",
            on_click=_relabel,
            args=(run.key, Label(given.name, not given.pinned)),
            help=None if given.pinned else "Keeps it at the top of the table, for everybody.",
        )
        path = checkpoints.path_of(run.key, runs().folder)
        if path.exists():
            st.download_button(
                "Run (npz)",
                path.read_bytes,
                path.name,
                "application/octet-stream",
                key="download_run",
                icon=":material/download:",
                on_click="ignore",
                help="The whole run in one file. Upload it here or on another Digit Lab to have it there.",
            )
        if run.history:
            st.download_button(
                "History (CSV)",
                lambda: shelf.history_csv(run.history),
                f"{run.key}.csv",
                "text/csv",
                key="download_history",
                icon=":material/table:",
                on_click="ignore",
                help="Loss, accuracy and time of every epoch.",
            )
        _delete_button([run])


def several_runs(chosen: list[Run]) -> None:
    """What can be done with the runs that are ticked."""
    st.markdown(f"#### {len(chosen)} runs side by side")
    with st.container(horizontal=True, vertical_alignment="center", key="run_actions"):
        st.button("Untick all", key="untick", icon=":material/remove_done:", on_click=clear)
        _delete_button(chosen)


def overlay(chosen: list[Run]) -> None:
    """The curves of the runs that are ticked, in one chart that grows for as long as one of them is live."""
    with st.container(horizontal=True, key="overlay_controls"):
        st.segmented_control(
            "Show",
            list(MEASURES),
            format_func=str.capitalize,
            required=True,
            key="runs_measure",
            persist_state="session",
            label_visibility="collapsed",
        )
        st.segmented_control(
            "Lines",
            list(LINES),
            format_func=str.capitalize,
            required=True,
            key="runs_lines",
            persist_state="session",
            label_visibility="collapsed",
        )
    measure, lines = MEASURES[st.session_state.runs_measure], LINES[st.session_state.runs_lines]
    given = shelf.labels(runs().folder)
    differences = shelf.line_names([run.config for run in chosen])
    names = [
        f"{given[run.key].name}: {words}" if run.key in given and given[run.key].name else words
        for run, words in zip(chosen, differences, strict=True)
    ]

    @st.fragment(run_every=SECONDS_BETWEEN_CURVES if any(run.live for run in chosen) else None)
    def view() -> None:
        histories = {name: run.history for name, run in zip(names, chosen, strict=True)}
        if not any(histories.values()):
            st.info("No epoch is over yet: the curves begin with the first one.")
            return
        figure = charts.overlay(measure, histories, _colours(), lines)
        st.plotly_chart(figure, key="overlay", config={"displaylogo": False})

    with st.container(key="overlay_chart"):
        view()
    if lines == charts.SERIES:
        st.caption("Solid: on the images that each network learned from. Dashed: on 10,000 that it never learned from.")


def differences(chosen: list[Run]) -> None:
    """A table of the settings in which runs differ, and of no others."""
    given = shelf.labels(runs().folder)
    names = [given.get(run.key, Label()).name or preset_name(run.config) or "" for run in chosen]
    differ = shelf.settings_that_differ([run.config for run in chosen])
    columns = {"Run": names} if any(names) else {}
    columns |= {label(name): [_say(name, value) for value in values] for name, values in differ.items()}
    st.markdown("**Where they differ**")
    st.dataframe(pd.DataFrame(columns), hide_index=True, width="content", key="differences")


def _passes(run: Run, given: Label) -> bool:
    """Whether the filters let a run through."""
    network, status = st.session_state.runs_network, st.session_state.runs_status
    if network and run.config.network != network:
        return False
    if status and status != ("live" if run.live else run.status):
        return False
    words = " ".join(
        [given.name, NAMES[run.config.network], preset_name(run.config) or "", describe(run.config), run.key]
    )
    return all(word in words.lower() for word in st.session_state.runs_find.lower().split())


def _row(run: Run, given: Label) -> dict:
    """A run as a row of the table; one that is live has no results yet."""
    history, summary = ([], None) if run.live else (run.history, run.summary)
    last = history[-1] if history else None
    return {
        "★": "★" if given.pinned else "",
        "Name": given.name or preset_name(run.config) or "",
        "Network": NAMES[run.config.network],
        "Images": run.config.train_size,
        "Status": _status(run),
        "Test": summary and summary.test_accuracy,
        "Validation": last and last.val_accuracy,
        "Best": max((event.val_accuracy for event in history), default=None),
        "Gap": last and round((last.train_accuracy - last.val_accuracy) * 100, 2),
        "Seconds": summary and summary.seconds,
        "When": _when(run),
        "Settings": describe(run.config).partition(", ")[2],  # the images have a column of their own
    }


def _columns() -> dict:
    config = st.column_config
    return {
        "★": config.TextColumn(width=30, help="Pinned: stays at the top."),
        "Name": config.TextColumn(width=140, help="The name that somebody gave it, else the report's."),
        "Images": config.NumberColumn(format="localized", help="How many it learned from."),
        "Test": config.NumberColumn(format="percent", help="Accuracy on the 10,000 test images."),
        "Validation": config.NumberColumn(format="percent", help="Accuracy after the last epoch, on 10,000 images."),
        "Best": config.NumberColumn(format="percent", help="The highest validation accuracy after any epoch."),
        "Gap": config.NumberColumn(format="%.1f", help="Training minus validation accuracy, in points."),
        "Seconds": config.NumberColumn(format="%.1f", help="How long it has trained."),
        "When": config.DatetimeColumn(format="distance", help="When it was saved last."),
    }


def _status(run: Run) -> str:
    return f"stopped, {len(run.history)} of {run.config.epochs}" if run.status == "stopped" else run.status


def _when(run: Run) -> datetime:
    """When a run was saved, or asked for where it has not been saved yet."""
    if run.live or run.summary is None:
        return datetime.fromtimestamp(run.asked, UTC)
    return datetime.fromisoformat(run.summary.about["saved"])


def _known() -> tuple:
    """What a change of calls for more than new numbers in the table: which runs there are, their statuses and labels."""
    return [(run.key, run.status) for run in runs().all()], shelf.labels(runs().folder)


def _table_key() -> str:
    return f"runs_table_{st.session_state.get('tables', 0)}"


def _ticked() -> None:
    """Turn the rows that are ticked into keys. What the filters hide stays ticked."""
    drawn = st.session_state.drawn
    ticked = [list(drawn)[row] for row in st.session_state[_table_key()]["selection"]["rows"] if row < len(drawn)]
    kept = {key: config for key, config in st.session_state.chosen.items() if key in ticked or key not in drawn}
    chosen = kept | {key: drawn[key] for key in ticked}
    if len(chosen) > MOST_RUNS:
        st.toast(f"At most {MOST_RUNS} runs fit side by side.")
    st.session_state.chosen = dict(list(chosen.items())[:MOST_RUNS])


def _tick_the_chosen(rows: list[dict]) -> None:
    """Tick the rows of the runs that are chosen, where the table in the browser may show others.

    A browser whose visitor has sorted the table keeps the ticks where they stand on the screen when the table's contents
    change, so after any change they have to be told again, and in other words than the last time. One tick has no other
    words: then there is a new table, unsorted.
    """
    state = st.session_state
    ticks = [row for row, key in enumerate(state.drawn) if key in state.chosen]
    shown = sorted(state[_table_key()]["selection"]["rows"]) if _table_key() in state else []
    changed, state.drawn_rows = rows != state.get("drawn_rows", rows), rows
    if ticks == shown and not (changed and ticks):
        state.told = None
        return
    if ticks == state.get("told"):
        ticks.reverse()
    if ticks == state.get("told"):
        state.tables = state.get("tables", 0) + 1
    state.told = ticks
    state[_table_key()] = {"selection": {"rows": ticks, "columns": [], "cells": []}}


def _untick(key: str) -> None:
    st.session_state.chosen = {other: config for other, config in st.session_state.chosen.items() if other != key}


def _relabel(key: str, given: Label) -> None:
    shelf.put(key, given, runs().folder)


def _rename_form(run: Run, given: Label) -> None:
    with (
        st.popover("Rename", icon=":material/edit:", key="rename", on_change="rerun"),
        st.form("rename_form", border=False),
    ):
        st.text_input(
            "Name",
            given.name,
            key=f"name_{run.key}",
            max_chars=shelf.LONGEST_NAME,
            placeholder=preset_name(run.config) or "what it was for",
            help="Everybody sees it. Leave it empty to take the name away.",
        )
        st.form_submit_button("Save", type="primary", on_click=_rename, args=(run.key, given.pinned))


def _rename(key: str, pinned: bool) -> None:
    try:
        _relabel(key, Label(st.session_state[f"name_{key}"], pinned))
    except LabelError as error:
        st.toast(str(error))
    st.session_state.rename = False  # closes the form


def _delete_button(chosen: list[Run]) -> None:
    can = [run.key for run in chosen if not run.live and (not run.committed or run.status == "failed")]
    some = f"Delete {len(can)} of {len(chosen)}" if can else "Delete"
    stays = "The report's runs stay, and so does a run that is still going on."
    st.button(
        "Delete" if len(chosen) == 1 else f"Delete all {len(can)}" if len(can) == len(chosen) else some,
        key="delete",
        icon=":material/delete:",
        disabled=not can,
        on_click=_delete,
        args=(can,),
        help=None if len(can) == len(chosen) else stays,
    )


def _delete(keys: list[str]) -> None:
    deletion.delete(keys)
    for key in keys:
        if runs().find(key) is None:
            _untick(key)


def _upload_form() -> None:
    with st.popover("Upload a run", icon=":material/upload:", key="upload_popover"):
        file = st.file_uploader(
            "A run that was downloaded from a Digit Lab",
            "npz",
            key=f"upload_{st.session_state.get('uploads', 0)}",
            max_upload_size=MEGABYTES,
            on_change=_upload,
        )
        if file is not None and st.session_state.get("upload_error"):
            st.error(st.session_state.upload_error)


def _upload() -> None:
    """Put the file that was chosen on the shelf, or say what is wrong with it."""
    st.session_state.upload_error = None
    number = st.session_state.get("uploads", 0)
    file = st.session_state[f"upload_{number}"]
    if file is None:
        return
    there = {run.key: run for run in runs().all()}
    try:
        run = runs().restore(file.getvalue())
    except CheckpointError as error:
        st.session_state.upload_error = f"This file is no run that can be used: {plain(str(error)[:200])}."
        return
    st.session_state.uploads = number + 1  # an empty form for the next file
    st.session_state.chosen = {run.key: run.config}
    words = f"{NAMES[run.config.network]}, {describe(run.config)}"
    before = there.get(run.key)
    st.toast(
        f"Added: {words}." if before is None else f"Already here: {words}." if before is run else f"Finished: {words}."
    )


def _colours() -> list[str]:
    """The theme's colours for lines."""
    return st.get_option(f"theme.{st.context.theme.type or 'light'}.chartCategoricalColors")


def _say(name: str, value) -> str:
    """A setting's value as a cell of a table."""
    if value is None:
        return "–"
    return NAMES[value] if name == "network" else value if isinstance(value, str) else f"{value:,}"
