"""What is ticked, and what can be done with it: train, open, name, pin, download, delete."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from core import checkpoints, labels, naming
from core.config import Config, describe, to_query
from core.labels import MOST_RUNS, Label
from core.runs import Run
from core.search.groups import grouped, settings_of
from core.words import seconds_words
from ui import deletion
from ui.origin import offer_check, tell_origin
from ui.runs.rows import group_name
from ui.runs.state import STATE, untick
from ui.shared import plain, runs, told_in_passing
from ui.train.result import start
from ui.train.view import heading
from ui.unsaved import tell_unsaved
from ui.visitors import asker, may_change, nothing_trains, refusal, unless


def chosen_runs(ticked: Sequence[Config]) -> tuple[list[Run], list[Config]]:
    """Of what is ticked: the runs that are here, and the settings that are not trained here."""
    found = {config: runs().find(config.key) for config in ticked}
    missing = [config for config, run in found.items() if run is None]
    return [run for run in found.values() if run is not None], missing


def not_trained(config: Config) -> None:
    """Settings that a link brought, and the button that trains them here."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"missing_{config.key}"):
        expected = runs().estimate(config)
        time = f" It takes about {seconds_words(max(expected.seconds, 0.1))}." if expected else ""
        long = runs().too_long(config)
        time += f"  \n{long}" if long else ""
        st.markdown(f"**{naming.own_name(config)}** · {describe(config)}  \nNot trained here yet.{time}")
        st.button(
            "Train",
            key=f"train_{config.key}",
            type="primary",
            icon=":material/play_arrow:",
            on_click=start,
            args=(config,),
            **unless(nothing_trains()),
        )
        st.button("Leave out", key=f"leave_{config.key}", type="tertiary", on_click=untick, args=(config.key,))


def one_run(run: Run) -> None:
    """What can be done with the one run that is ticked."""
    given, refused = labels.read(runs().folder).get(run.key, Label()), refusal(run)
    heading(run.config)
    tell_origin(run)
    offer_check(run)
    tell_unsaved(run)
    if run.status == "failed":
        st.error(plain(run.error), icon=":material/error:")
    if run.status == "stopped" and run.notice:
        st.info(plain(run.notice), icon=":material/timer:")
    with st.container(horizontal=True, vertical_alignment="center", key="run_actions"):
        st.page_link(
            "pages/train.py",
            label="**Open**",
            icon=":material/open_in_new:",
            query_params={"run": run.key} | to_query(run.config),
        )
        _rename_form(run, given, refused)
        st.button(
            "Unpin" if given.pinned else "Pin",
            key="pin",
            icon=":material/keep_off:" if given.pinned else ":material/keep:",
            on_click=_relabel,
            args=(run, replace(given, pinned=not given.pinned)),
            **unless(refused, None if given.pinned else "Keeps it at the top of the table, for everybody."),
        )
        file = _file(run)
        if file:
            st.download_button(
                "Run (npz)",
                lambda: file,  # in hand, should somebody delete the run before it is downloaded
                f"{run.key}.npz",
                "application/octet-stream",
                key="download_run",
                icon=":material/download:",
                on_click="ignore",
                help="The whole run in one file. Upload it here or on another Digit Lab to have it there.",
            )
        if run.history:
            st.download_button(
                "History (CSV)",
                lambda: labels.history_csv(run.history),
                f"{run.key}.csv",
                "text/csv",
                key="download_history",
                icon=":material/table:",
                on_click="ignore",
                help="Loss, accuracy and time of every epoch.",
            )
        _delete_button([run])


def _file(run: Run) -> bytes:
    """The bytes of a run's newest state; none where there are none, or where it was deleted a moment ago."""
    if run.live or run.unsaved:
        return run.state
    try:
        return _bytes(run.key, run.state_id)
    except OSError:
        return b""


@st.cache_resource(max_entries=8, show_spinner=False)
def _bytes(key: str, state_id: str) -> bytes:
    """A run's file, read once for everybody who may download it. Raises OSError where it is not there in this state."""
    data = checkpoints.read_bytes(key, runs().folder)
    if checkpoints.state_id(data) != state_id:
        raise FileNotFoundError(f"{key} is in another state.")
    return data


def several_runs(chosen: list[Run]) -> None:
    """What can be done with the runs that are ticked."""
    groups = grouped(chosen)
    alone = len(groups) == 1
    st.markdown(f"## {plain(group_name(chosen))}" if alone else f"## {len(chosen)} runs side by side")
    with st.container(horizontal=True, vertical_alignment="center", key="run_actions"):
        st.button("Untick all", key="untick", icon=":material/remove_done:", on_click=untick)
        if STATE.now().grouped and any(len(group) > 1 for group in groups):
            _open_button([settings_of(group[0].config).key for group in groups if len(group) > 1])
        _delete_button(chosen)


def _open_button(keys: list[str]) -> None:
    """What the buttons in the table do, for whoever has no pointer: these cannot be pressed by keyboard."""
    opened = STATE.now().opened
    shut = [key for key in keys if key not in opened]
    st.button(
        "Show each seed" if shut else "Seeds as one row",
        key="open_seeds",
        icon=":material/expand_more:" if shut else ":material/expand_less:",
        on_click=STATE.put,
        kwargs={"opened": (*opened, *shut)[-MOST_RUNS:] if shut else tuple(key for key in opened if key not in keys)},
    )


def _relabel(run: Run, given: Label) -> None:
    with told_in_passing():
        runs().require_change(run, asker())
        labels.put(run.key, given, runs().folder)


def _rename_form(run: Run, given: Label, refused: str | None) -> None:
    with (
        st.popover(
            "Rename",
            icon=":material/edit:",
            key=f"rename_{st.session_state.get('renamed', 0)}",  # after a name is saved it is another one, which is shut
            on_change="rerun",
            **unless(refused),
        ),
        st.form("rename_form", border=False),
    ):
        st.text_input(
            "Name",
            given.name,
            key=f"name_{run.key}",
            placeholder=naming.own_name(run.config),
            help="Everybody sees it. Leave it empty to take the name away.",
        )
        st.form_submit_button("Save", type="primary", on_click=_rename, args=(run, given))


def _rename(run: Run, given: Label) -> None:
    with told_in_passing():
        _relabel(run, replace(given, name=st.session_state[f"name_{run.key}"]))
    st.session_state.renamed = st.session_state.get("renamed", 0) + 1


def _delete_button(chosen: list[Run]) -> None:
    can = [
        run.key for run in chosen if not run.live and (not run.committed or run.status == "failed") and may_change(run)
    ]
    some = f"Delete {len(can)} of {len(chosen)}" if can else "Delete"
    stays = "The runs that come with the project stay, and so does one that is still going on, or is somebody else's."
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
            untick(key)
