"""A run that was downloaded from a Digit Lab, brought back to the shelf."""

import streamlit as st

from core import labels, naming
from core.files.archive import CheckpointError
from core.files.folder import FolderError
from core.runs import RunError
from ui.runs.state import STATE
from ui.shared import VANISHED, has_vanished, plain, runs
from ui.visitors import nothing_trains, unless, visitor

MEGABYTES = 12  # of an upload; the largest run that there can be takes 10


def form() -> None:
    """Draw the form that takes a file, and what was wrong with the last one."""
    with st.popover(
        "Upload a run",
        icon=":material/upload:",
        key="upload_popover",
        **unless(nothing_trains()),
    ):
        st.file_uploader(  # the callback has the file
            "A run that was downloaded from a Digit Lab",
            "npz",
            key=f"upload_{st.session_state.get('uploads', 0)}",
            max_upload_size=MEGABYTES,
            on_change=_upload,
        )
        if st.session_state.get("upload_error"):
            st.error(st.session_state.upload_error)


def _upload() -> None:
    """Put the file that was chosen on the shelf, or say what is wrong with it."""
    st.session_state.upload_error = None
    number = st.session_state.get("uploads", 0)
    file = st.session_state[f"upload_{number}"]
    if file is None:
        return
    if has_vanished(file):
        st.session_state.upload_error = VANISHED
        return
    there = {run.key: run for run in runs().all()}
    data = file.getvalue()
    try:
        runs().uploads.admit(visitor(), len(data), runs().hosting)
        run = runs().upload(data, visitor())
    except RunError as error:
        st.session_state.upload_error = str(error)
        return
    except CheckpointError as error:
        st.session_state.upload_error = f"This file is no run that can be used: {plain(str(error)[:200])}."
        return
    except FolderError as error:
        st.session_state.upload_error = plain(str(error))
        return
    st.session_state.uploads = number + 1  # an empty form for the next file
    STATE.put(runs=(run.config,))
    words = plain(naming.name(run.config, labels.read(runs().folder)))
    before = there.get(run.key)
    if before is run and run.status in ("stopped", "failed") and not run.origin:
        st.toast(f"Already here: {words}. It was trained here, and an upload does not take its place: delete it first.")
    elif before is run:
        st.toast(f"Already here: {words}.")
    else:
        st.toast(f"Added: {words}." if before is None else f"Finished: {words}.")
